//! Stretches for tests.

use super::{Exception, Hold, Stretch};
use crate::wide::predictor::Width;

/// Channels that wander together, with spikes, holes and holds.
pub fn stretch<T: Width>(channels: usize, rounds: usize, seed: u64, largest: i64) -> Stretch<T> {
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
pub fn without_what_is_held<T: Width>(mut stretch: Stretch<T>) -> Stretch<T> {
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
pub fn samples<T: Width>(stretch: &Stretch<T>) -> Vec<i32> {
    let mut samples: Vec<i32> = stretch.tokens.iter().map(|t| t.number() as i32).collect();
    for exception in &stretch.exceptions {
        samples[exception.index] = exception.sample;
    }
    samples
}
