use super::*;
use crate::wide::filter::Filter;
use crate::wide::predictor::Shape;
use crate::wide::stretch::synthetic::{samples, stretch, without_what_is_held};
use proptest::prelude::*;

const PORTABLE: Unit = Unit::Portable(Portable);

fn comes_back(stretch: &Stretch<i16>, set: &WideSet) {
    let bytes = encode::encode(PORTABLE, stretch, set);
    // The same on every unit.
    assert!(encode::encode(Unit::best(), stretch, set) == bytes, "{:?}", set.shape());
    let (channels, rounds) = (stretch.channels, stretch.rounds());
    let decoded_on = |unit: Unit, bytes: &[u8]| {
        decode::decode(unit, set, channels, rounds, stretch.holds.clone(), bytes)
    };
    assert!(decoded_on(PORTABLE, &bytes) == decoded_on(Unit::best(), &bytes));
    let decoded = |bytes: &[u8]| decoded_on(Unit::best(), bytes);
    assert_eq!(samples(&decoded(&bytes).unwrap()), samples(stretch), "{:?}", set.shape());
    let mut longer = bytes.clone();
    longer.push(0x55);
    assert_eq!(decoded(&longer), Err(StretchError::TooLong));
    if bytes.len() > 8 {
        assert!(decoded(&bytes[..bytes.len() - 8]).is_err());
    }
}

/// Bits of eight streams, their fillings left out, are those of one: what channels expect is the same.
fn sees_what_one_stream_sees(stretch: &Stretch<i16>, set: &WideSet) {
    let (in_lanes, in_one) = (
        encode::trial(Unit::best(), stretch, set, stretch.rounds()),
        stretch.trial(set, stretch.rounds()),
    );
    // Not printed: there are thousands of them.
    assert!(in_lanes.counts == in_one.counts, "{:?}", set.shape());
    assert_eq!(in_lanes.first_level, in_one.first_level);
}

fn fits(shape: &Shape) -> bool {
    fit::<i16>(&WideSet::parametric(16, *shape))
}

proptest! {
    #![proptest_config(ProptestConfig::with_cases(24))]

    #[test]
    fn every_stretch_comes_back(
        seed in any::<u64>(),
        channels in 1usize..60,
        rounds in 2usize..100,
        bits in 2u32..=16,
    ) {
        // Coefficients of any size, even such that sums wrap.
        let coefficients: Vec<u8> = (1..=64).map(|i| (seed % 251 * i) as u8).collect();
        let stored = [&[32, (seed % 14) as u8 + 1][..], &coefficients].concat();
        let filter = Filter::from_bytes(&mut &stored[..]).unwrap();
        for shape in Shape::ALL.into_iter().filter(fits) {
            let set = |bits| WideSet::parametric(bits, shape).with_filter(&filter);
            let mut stretch = stretch::<i16>(channels, rounds, seed, (1 << (bits - 1)) - 1);
            comes_back(&stretch, &set(16));
            // Only a channel that holds for all of a stretch is left out of lanes as of one stream.
            let hold = |channel| Hold { channel, from: 0, rounds, sample: 7 };
            stretch.holds = (0..channels).step_by(3).map(hold).collect();
            let mut stretch = without_what_is_held(stretch);
            sees_what_one_stream_sees(&stretch, &set(16));
            let tokens = Tokens { bits };
            stretch.tokens.iter_mut().for_each(|t| *t = tokens.wrapped((*t).into()) as i16);
            stretch.exceptions.retain(|exception| exception.must);
            comes_back(&stretch, &set(bits));
            sees_what_one_stream_sees(&stretch, &set(bits));
        }
    }

    #[test]
    fn hostile_bytes_are_refused_or_decoded_but_never_panic(
        bytes in prop::collection::vec(any::<u8>(), 0..400),
        channels in 1usize..30,
        rounds in 1usize..60,
    ) {
        for (bits, shape) in [(12, 0), (16, 9), (2, 5)] {
            let set = WideSet::parametric(bits, Shape::ALL[shape]);
            let _ = decode::<i16>(&set, channels, rounds, Vec::new(), &bytes);
        }
    }
}
