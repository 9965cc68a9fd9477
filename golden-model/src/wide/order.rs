//! **Order** in which channels are coded: like ones after each other.
//!
//! Recorders number channels by their sockets; on the probe, neighbours may be far apart. What is alike is
//! found by the correlation of the channels' differences, and each place goes to the channel that is most
//! like those placed just before, which are its neighbours in the predictor.

use super::predictor::Width;

/// Rounds that are looked at.
const ROUNDS: usize = 2048;
/// Channels, beyond which their own order is kept: the search takes their square.
const MOST_CHANNELS: usize = 1024;
/// Places before a channel's that count.
const BEFORE: usize = 5;

/// The order for tokens in rounds; `None`: their own.
pub fn by_likeness<T: Width>(tokens: &[T], channels: usize) -> Option<Vec<u16>> {
    if !(3..=MOST_CHANNELS).contains(&channels) {
        return None;
    }
    let rounds = tokens.len() / channels;
    let from = rounds.saturating_sub(ROUNDS) / 2 * channels;
    let tokens = &tokens[from..(from + ROUNDS * channels).min(rounds * channels)];
    let signals: Vec<Vec<f32>> = (0..channels).map(|c| differences(tokens, channels, c)).collect();
    let likeness = |a: usize, b: usize| -> f32 {
        signals[a].iter().zip(&signals[b]).map(|(a, b)| a * b).sum::<f32>().powi(2)
    };
    let mut likenesses = vec![0.0; channels * channels];
    for a in 0..channels {
        for b in 0..a {
            likenesses[a * channels + b] = likeness(a, b);
            likenesses[b * channels + a] = likenesses[a * channels + b];
        }
    }
    let mut order = vec![0u16];
    let mut left: Vec<usize> = (1..channels).collect();
    while !left.is_empty() {
        let score = |&channel: &usize| -> f32 {
            let before = order.iter().rev().take(BEFORE);
            before.map(|&placed| likenesses[channel * channels + usize::from(placed)]).sum()
        };
        // The first of equally good ones.
        let best = (0..left.len()).fold((0, -1.0), |best, at| {
            let score = score(&left[at]);
            if score > best.1 { (at, score) } else { best }
        });
        order.push(left.remove(best.0) as u16);
    }
    let is_natural = order.windows(2).all(|two| two[0] < two[1]);
    (!is_natural).then_some(order)
}

/// A channel's differences, their energy made one.
fn differences<T: Width>(tokens: &[T], channels: usize, channel: usize) -> Vec<f32> {
    let its: Vec<i64> =
        tokens.iter().skip(channel).step_by(channels).map(|token| token.number()).collect();
    let steps: Vec<f32> = its.windows(2).map(|two| (two[1] - two[0]) as f32).collect();
    let energy: f32 = steps.iter().map(|step| step * step).sum();
    let factor = if energy > 0.0 { energy.sqrt().recip() } else { 0.0 };
    steps.into_iter().map(|step| step * factor).collect()
}

#[cfg(test)]
mod tests {
    use super::*;

    /// Four channels that follow one noise, and four that follow another, by turns.
    #[test]
    fn channels_of_one_kind_come_together() {
        let mut x = 5u32;
        let mut random = |below: u32| {
            x = x.wrapping_mul(1_664_525).wrapping_add(1_013_904_223);
            ((x >> 16) % below) as i16
        };
        let mut tokens = Vec::new();
        for _ in 0..500 {
            let kinds = [random(100), random(100)];
            tokens.extend((0..8).map(|channel| kinds[channel % 2] + random(30)));
        }
        let order = by_likeness(&tokens, 8).unwrap();
        assert!(order[..4].iter().all(|channel| channel % 2 == 0), "{order:?}");
        let mut sorted = order.clone();
        sorted.sort_unstable();
        assert_eq!(sorted, [0, 1, 2, 3, 4, 5, 6, 7]);
        assert_eq!(by_likeness(&[0i16; 800], 8), None);
        assert_eq!(by_likeness(&[0i16; 3], 3), None);
    }
}
