use super::active::check_holds;
use super::synthetic::{samples, stretch};
use super::*;
use crate::wide::filter::Filter;
use crate::wide::predictor::Shape;
use proptest::prelude::*;

fn comes_back<T: Width>(stretch: &Stretch<T>, set: &WideSet) {
    let bytes = stretch.encode(set);
    let (channels, rounds) = (stretch.channels, stretch.rounds());
    let decode =
        |bytes: &[u8]| Stretch::<T>::decode(set, channels, rounds, stretch.holds.clone(), bytes);
    assert_eq!(samples(&decode(&bytes).unwrap()), samples(stretch), "{:?}", set.shape());
    let mut longer = bytes.clone();
    longer.push(0x55);
    assert_eq!(decode(&longer), Err(StretchError::TooLong));
    if bytes.len() > 8 {
        assert!(decode(&bytes[..bytes.len() - 8]).is_err());
    }
    // A set that was trained on it, and went through its bytes.
    let trial = stretch.trial(set, stretch.rounds());
    let trained = set.clone().warmed(&trial).trained(&trial);
    let stored = trained.to_bytes();
    let mut rest = &stored[..];
    assert_eq!(WideSet::from_bytes(&mut rest), Ok(trained.clone()));
    assert!(rest.is_empty());
    let bytes = stretch.encode(&trained);
    let back = Stretch::<T>::decode(&trained, channels, rounds, stretch.holds.clone(), &bytes);
    assert_eq!(samples(&back.unwrap()), samples(stretch));
}

fn comes_back_from_decisions<T: Width>(stretch: &Stretch<T>, set: &WideSet) {
    let bytes = stretch.decide(set, false);
    let (channels, rounds) = (stretch.channels, stretch.rounds());
    let decided = |bytes: &[u8]| {
        let left_out = (stretch.holds.clone(), stretch.exceptions.clone());
        Stretch::<T>::decided(set, false, channels, rounds, left_out, bytes)
    };
    assert_eq!(samples(&decided(&bytes).unwrap()), samples(stretch), "{:?}", set.shape());
    assert_eq!(decided(&[&bytes[..], &[0]].concat()), Err(StretchError::TooLong));
    // Shorter, they name other samples at best.
    let shorter = decided(&bytes[..bytes.len().saturating_sub(1)]);
    assert!(bytes.is_empty() || !shorter.is_ok_and(|other| samples(&other) == samples(stretch)));
}

proptest! {
    #![proptest_config(ProptestConfig::with_cases(24))]

    #[test]
    fn every_stretch_comes_back(
        seed in any::<u64>(),
        channels in 1usize..20,
        rounds in 2usize..200,
        bits in 2u32..=16,
    ) {
        // Coefficients of any size, even such that sums wrap.
        let coefficients: Vec<u8> = (1..=64).map(|i| (seed % 251 * i) as u8).collect();
        let stored = [&[32, (seed % 14) as u8 + 1][..], &coefficients].concat();
        let filter = Filter::from_bytes(&mut &stored[..]).unwrap();
        for shape in Shape::ALL {
            let set = |bits| WideSet::parametric(bits, shape).with_filter(&filter);
            let largest = (1 << (bits - 1)) - 1;
            comes_back(&stretch::<i16>(channels, rounds, seed, largest), &set(bits.max(16)));
            let wide = stretch::<i32>(channels, rounds, seed, (largest << 16) | 0xffff);
            comes_back(&wide, &set(32));
        }
        let shape = Shape::ALL[seed as usize % Shape::ALL.len()];
        let set = |bits| WideSet::parametric(bits, shape).with_filter(&filter);
        let largest = (1 << (bits - 1)) - 1;
        comes_back_from_decisions(&stretch::<i16>(channels, rounds, seed, largest), &set(16));
        let wide = stretch::<i32>(channels, rounds, seed, (largest << 16) | 0xffff);
        comes_back_from_decisions(&wide, &set(32));
    }

    #[test]
    fn hostile_bytes_are_refused_or_decoded_but_never_panic(
        bytes in prop::collection::vec(any::<u8>(), 0..400),
        channels in 1usize..8,
        rounds in 1usize..60,
    ) {
        let set = WideSet::parametric(12, Shape::ALL[3]);
        let _ = Stretch::<i16>::decode(&set, channels, rounds, Vec::new(), &bytes);
        let nothing = || (Vec::new(), Vec::new());
        let _ = Stretch::<i16>::decided(&set, true, channels, rounds, nothing(), &bytes);
        let set = WideSet::parametric(32, Shape::ALL[5]);
        let _ = Stretch::<i32>::decided(&set, false, channels, rounds, nothing(), &bytes);
        let _ = WideSet::from_bytes(&mut &bytes[..]);
    }
}

#[test]
fn holds_that_cannot_be_are_refused() {
    let hold = |channel, from, rounds| Hold { channel, from, rounds, sample: 0 };
    let wrong: [&[Hold]; 6] = [
        &[hold(2, 0, 1)],
        &[hold(0, 0, 0)],
        &[hold(0, 3, 8)],
        &[hold(0, 1, usize::MAX)],
        &[hold(0, 0, 5), hold(0, 4, 1)],
        &[hold(0, 5, 1), hold(1, 4, 1)],
    ];
    for holds in wrong {
        assert_eq!(check_holds(2, 10, holds), Err(StretchError::Hold), "{holds:?}");
    }
    assert_eq!(check_holds(2, 10, &[hold(0, 0, 5), hold(0, 5, 5), hold(1, 5, 2)]), Ok(12));
}

#[test]
fn a_rank_is_a_residual_and_back() {
    for residual in (-1000..1000).chain([i64::from(i32::MIN), i64::from(i32::MAX)]) {
        assert_eq!(residual_of(rank_of(residual)), residual);
    }
    assert_eq!([0, -1, 1, -2, 2].map(rank_of), [0, 1, 2, 3, 4]);
}

#[test]
fn exceptions_that_cannot_be_are_refused() {
    let exception = |index| Exception { index, sample: 0, must: true };
    let set = WideSet::parametric(16, Shape::ALL[0]);
    let decided = |indexes: &[usize]| {
        let left_out = (Vec::new(), indexes.iter().copied().map(exception).collect());
        Stretch::<i16>::decided(&set, false, 2, 5, left_out, &[])
    };
    for wrong in [&[10][..], &[3, 3], &[4, 3]] {
        assert_eq!(decided(wrong), Err(StretchError::Exception), "{wrong:?}");
    }
    assert!(decided(&(0..10).collect::<Vec<_>>()).is_ok());
    assert_eq!(decided(&(0..9).collect::<Vec<_>>()), Err(StretchError::TooShort));
}
