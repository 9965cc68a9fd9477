use super::*;
use crate::wide::filter::Filter;
use crate::wide::predictor::Shape;
use proptest::prelude::*;

/// Channels that wander together, with spikes, holes and holds.
fn stretch<T: Width>(channels: usize, rounds: usize, seed: u64, largest: i64) -> Stretch<T> {
    let mut x = seed | 1;
    let mut random = move |below: i64| {
        x ^= x << 13;
        x ^= x >> 7;
        x ^= x << 17;
        (x >> 11) as i64 % below
    };
    let mut at = vec![0i64; channels];
    let mut tokens = Vec::new();
    let mut exceptions = Vec::new();
    for index in 0..channels * rounds {
        let channel = &mut at[index % channels];
        let spike = if random(50) == 0 { largest / 2 } else { largest / 500 + 3 };
        *channel = (*channel + random(2 * spike + 1) - spike).clamp(-largest - 1, largest);
        tokens.push(T::wrapped(*channel));
        if random(40) == 0 {
            let sample =
                if random(2) == 0 { 0 } else { T::wrapped(random(1 << 40)).number() as i32 };
            let must = random(2) == 0;
            tokens[index] = if must { T::default() } else { T::wrapped(sample.into()) };
            exceptions.push(Exception { index, sample, must });
        }
    }
    let mut holds: Vec<Hold> = (0..channels)
        .step_by(2)
        .flat_map(|channel| {
            let from = random(rounds as i64 / 2) as usize;
            let len = random((rounds - from) as i64) as usize + 1;
            let next = from + len;
            let first = Hold { channel, from, rounds: len, sample: 7 };
            let second = Hold { channel, from: next, rounds: rounds - next, sample: -7 };
            [first, second].into_iter().filter(|hold| hold.rounds > 0)
        })
        .collect();
    holds.sort_by_key(|hold| (hold.from, hold.channel));
    let stretch = Stretch { channels, tokens, exceptions, holds };
    without_what_is_held(stretch)
}

fn is_held<T: Width>(stretch: &Stretch<T>, index: usize) -> bool {
    let (round, channel) = (index / stretch.channels, index % stretch.channels);
    stretch
        .holds
        .iter()
        .any(|h| h.channel == channel && (h.from..h.from + h.rounds).contains(&round))
}

/// What is not coded comes back as zero.
fn without_what_is_held<T: Width>(mut stretch: Stretch<T>) -> Stretch<T> {
    for index in 0..stretch.tokens.len() {
        if is_held(&stretch, index) {
            stretch.tokens[index] = T::default();
        }
    }
    let held: Vec<bool> = stretch.exceptions.iter().map(|e| is_held(&stretch, e.index)).collect();
    let mut held = held.into_iter();
    stretch.exceptions.retain(|_| !held.next().unwrap());
    stretch
}

/// Every sample of the stretch, whether token or exception.
fn samples<T: Width>(stretch: &Stretch<T>) -> Vec<i32> {
    let mut samples: Vec<i32> = stretch.tokens.iter().map(|t| t.number() as i32).collect();
    for exception in &stretch.exceptions {
        samples[exception.index] = exception.sample;
    }
    samples
}

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
