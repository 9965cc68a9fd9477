//! **Predictor**: the token expected next, from the channel's past.
//!
//! Order 0 is the plain bigram: the next token is expected near the last one, and the rank table
//! knows how it moves from there. [`Shape::Mean`] draws it a [fixed way](mean) towards the mean of the
//! latest tokens. The others add a sign-sign LMS, all in integers: a weighted sum
//! of *features* of the past, whose weights move one step after each token in the direction that
//! reduces the error.
//!
//! ```text
//! features    x[i]  the last D differences of tokens, then for each of M leaky means how far the
//!                   last token lies from it: last - round(mean)
//! prediction  clamp(last + round(sum of w[i] * x[i] / 4096), first token, last token)
//! weights     w[i] += 2 * sign(token - prediction) * sign(x[i]), held within 14 bits
//! means       mean += token - round(mean), kept times 2^s with s fraction bits
//! ```
//!
//! With [neighbours](crate::neighbours), the same sum over their features corrects this prediction, and
//! their weights move as the others do:
//!
//! ```text
//! prediction  clamp(prediction + round(sum of w[j] * y[j] / 4096), first token, last token)
//! ```
//!
//! Features, the token's distance from its prediction, and what a mean moves by have 16 bits at most: with a
//! converter of 16 bits they go around the circle of tokens, and so do the means.
//!
//! The first token after a reset only initialises the state: differences are zero, means are set to
//! the token. One difference and the deviations from two means (of 8 and 64 tokens) predict these
//! recordings better than sixteen differences do, with three multipliers.

pub mod mean;
mod shape;

pub(crate) use shape::with_shape;
pub use shape::{NoSuchShape, Shape};

use crate::converter::{Converter, Token};
use crate::neighbours::{NEIGHBOUR_FEATURES, Round};

/// Most features of a predictor.
pub const MAX_FEATURES: usize = 8;
/// Most leaky means.
pub const MAX_MEANS: usize = 2;
/// Fraction bits of a weight.
pub const WEIGHT_FRACTION: u32 = 12;
/// Bits of a weight: -8192..=8191, which is -2..2.
pub const WEIGHT_BITS: u32 = 14;
/// The step of a weight.
pub const WEIGHT_STEP: i16 = 2;
/// Shifts of the leaky means: over 8 and over 64 tokens.
pub const MEAN_SHIFTS: [u32; MAX_MEANS] = [3, 6];

/// Bits of a feature of tokens of so many bits: a difference needs one more, up to 16.
pub const fn feature_bits(token_bits: u32) -> u32 {
    if token_bits < u16::BITS { token_bits + 1 } else { u16::BITS }
}

/// The predictor's state of a channel.
#[derive(Clone, Copy, Debug, PartialEq, Eq)]
pub struct Past {
    /// The last token; of [`Shape::Mean`], the token expected next.
    pub last: Token,
    /// Whether there was none yet.
    pub fresh: bool,
    /// Past differences, the latest first.
    pub differences: [i16; MAX_FEATURES],
    /// Of [`Shape::Mean`]: how far the leaky mean lies above the token expected next.
    pub lag: i16,
    /// Leaky means, times two to the power of their shift.
    pub means: [i32; MAX_MEANS],
    /// Weights of the differences, then of the means and of the neighbours, times 4096.
    pub weights: [i16; MAX_FEATURES],
}

impl Past {
    /// Before the first token.
    pub fn new(converter: &Converter, weights: [i16; MAX_FEATURES]) -> Past {
        let middle = i32::from(converter.middle().number());
        Past {
            last: converter.middle(),
            fresh: true,
            differences: [0; MAX_FEATURES],
            lag: 0,
            means: MEAN_SHIFTS.map(|shift| middle << shift),
            weights,
        }
    }

    /// Bits that hardware holds per channel, for offsets within `±window`.
    pub fn bits(converter: &Converter, shape: Shape, window: u16) -> u32 {
        let token = converter.token_bits();
        if shape == Shape::Mean {
            return token + mean::lag_bits(window);
        }
        let means: u32 = MEAN_SHIFTS.iter().take(shape.means().into()).map(|s| token + s).sum();
        let learns = if shape == Shape::Bigram { 0 } else { 1 };
        let differences = u32::from(shape.differences());
        token
            + learns
            + differences * feature_bits(token)
            + means
            + shape.features() as u32 * WEIGHT_BITS
    }

    /// The prediction from `D` differences, `M` means and `N` neighbours, which are those of `round`.
    #[inline(always)]
    pub fn predict<const D: usize, const M: usize, const N: usize>(
        &self,
        converter: &Converter,
        round: &Round,
    ) -> Prediction {
        let mut rounded = [0; MAX_MEANS];
        if D == 0 {
            return Prediction { token: self.last, rounded, neighbours: [0; NEIGHBOUR_FEATURES] };
        }
        let last = i32::from(self.last.number());
        let mut sum = 0;
        for i in 0..D {
            let product = i32::from(self.weights[i]) * i32::from(self.differences[i]);
            sum = i32::wrapping_add(sum, product);
        }
        for j in 0..M {
            rounded[j] = (self.means[j] + (1 << (MEAN_SHIFTS[j] - 1))) >> MEAN_SHIFTS[j];
            // Around the circle, where tokens have 16 bits.
            sum += i32::from(self.weights[D + j]) * i32::from((last - rounded[j]) as i16);
        }
        let moved = |from: i32, sum: i32| {
            // A shift to the right rounds down; adding half a step first rounds to the nearest.
            let step = sum.wrapping_add(1 << (WEIGHT_FRACTION - 1)) >> WEIGHT_FRACTION;
            (from + step).clamp(0, converter.last_token().number().into())
        };
        let mut token = moved(last, sum);
        let mut neighbours = [0; NEIGHBOUR_FEATURES];
        if N > 0 {
            neighbours = round.features();
            let weights = &self.weights[D + M..];
            let products =
                neighbours.iter().zip(weights).map(|(&y, &w)| i32::from(w) * i32::from(y));
            token = moved(token, products.sum());
        }
        Prediction { token: Token::new(token as u16), rounded, neighbours }
    }

    /// Updates the state with the current token, and the round with its residual. Offsets count up to
    /// `±window` for [`Shape::Mean`].
    #[inline(always)]
    pub fn learn<const D: usize, const M: usize, const N: usize>(
        &mut self,
        converter: &Converter,
        window: u16,
        round: &mut Round,
        predicted: Prediction,
        token: Token,
    ) {
        if D == 0 {
            self.last = token;
            if M > 0 {
                let offset = converter.offset(token, predicted.token);
                let pull;
                (pull, self.lag) = mean::step(self.lag, offset, window);
                self.last = converter.at_offset(token, pull);
            }
            return;
        }
        let [last, now, expected] = [self.last, token, predicted.token].map(|t| t.number() as i16);
        self.last = token;
        let residual = now.wrapping_sub(expected);
        if N > 0 {
            round.add(residual);
        }
        if self.fresh {
            self.fresh = false;
            self.means = MEAN_SHIFTS.map(|shift| i32::from(token.number()) << shift);
            return;
        }
        let toward = WEIGHT_STEP * residual.signum();
        let limit = 1 << (WEIGHT_BITS - 1);
        let moved = |weight: i16, feature: i16| {
            (weight + toward * feature.signum()).clamp(-limit, limit - 1)
        };
        for i in 0..D {
            self.weights[i] = moved(self.weights[i], self.differences[i]);
        }
        for (j, shift) in MEAN_SHIFTS.into_iter().enumerate().take(M) {
            let rounded = predicted.rounded[j];
            self.weights[D + j] = moved(self.weights[D + j], last.wrapping_sub(rounded as i16));
            let change = i32::from(now.wrapping_sub(rounded as i16));
            self.means[j] = (self.means[j] + change) & ((1 << (u16::BITS + shift)) - 1);
        }
        if N > 0 {
            for (weight, &feature) in self.weights[D + M..].iter_mut().zip(&predicted.neighbours) {
                *weight = moved(*weight, feature);
            }
        }
        if D > 0 {
            self.differences.copy_within(0..D - 1, 1);
            self.differences[0] = now.wrapping_sub(last);
        }
    }
}

/// The expected token, and what [`Past::learn`] needs.
#[derive(Clone, Copy, Debug, PartialEq, Eq)]
pub struct Prediction {
    /// The token.
    pub token: Token,
    rounded: [i32; MAX_MEANS],
    neighbours: [i16; NEIGHBOUR_FEATURES],
}

#[cfg(test)]
mod tests {
    use super::*;
    use crate::converter::{ConverterParts, Kind};
    use proptest::prelude::*;

    /// The same in plain words: floating point, no bit tricks.
    struct Plain {
        differences: Vec<f64>,
        means: Vec<f64>,
        weights: Vec<f64>,
        last: Option<f64>,
        tokens: f64,
        /// With neighbours: the residuals so far, the nearest first, and their mean.
        residuals: Option<(Vec<f64>, f64)>,
    }

    impl Plain {
        fn step(&mut self, token: f64) -> f64 {
            let nearest = |x: f64| (x + 0.5).floor();
            let around = |x: f64| (x + 32768.0).rem_euclid(65536.0) - 32768.0;
            let Some(last) = self.last.replace(token) else {
                self.means.fill(token);
                self.add(around(token - self.tokens / 2.0));
                return self.tokens / 2.0;
            };
            let rounded: Vec<f64> = self.means.iter().map(|&m| nearest(m)).collect();
            let deviations = rounded.iter().map(|r| around(last - r));
            let features: Vec<f64> = self.differences.iter().copied().chain(deviations).collect();
            let neighbours = self.residuals.as_ref().map_or(Vec::new(), |(residuals, mean)| {
                vec![residuals[0], residuals[1], nearest(*mean)]
            });
            let (own, others) = self.weights.split_at(features.len());
            let sum = |x: &[f64], w: &[f64]| x.iter().zip(w).map(|(x, w)| x * w).sum::<f64>();
            let within = |x: f64| x.clamp(0.0, self.tokens - 1.0);
            let prediction = within(last + nearest(sum(&features, own)));
            let prediction = within(prediction + nearest(sum(&neighbours, others)));
            for (weight, x) in self.weights.iter_mut().zip(features.iter().chain(&neighbours)) {
                let sign = |x: f64| if x == 0.0 { 0.0 } else { x.signum() };
                *weight += 2.0 / 4096.0 * sign(around(token - prediction)) * sign(*x);
                *weight = weight.clamp(-2.0, 2.0 - 1.0 / 4096.0);
            }
            for ((mean, r), shift) in self.means.iter_mut().zip(rounded).zip([8.0, 64.0]) {
                *mean = (*mean + around(token - r) / shift).rem_euclid(65536.0);
            }
            if !self.differences.is_empty() {
                self.differences.rotate_right(1);
                self.differences[0] = around(token - last);
            }
            self.add(around(token - prediction));
            prediction
        }

        fn add(&mut self, residual: f64) {
            if let Some((residuals, mean)) = &mut self.residuals {
                *mean += (residuals[0] - (*mean + 0.5).floor()) / 8.0;
                residuals.insert(0, residual);
            }
        }
    }

    fn follows_the_formulas<const D: usize, const M: usize, const N: usize>(
        converter: &Converter,
        tokens: &[u16],
        start: i16,
    ) {
        let middle = f64::from(converter.middle().number());
        let mut past = Past::new(converter, [start; MAX_FEATURES]);
        let mut plain = Plain {
            differences: vec![0.0; D],
            means: vec![middle; M],
            weights: vec![f64::from(start) / 4096.0; D + M + if N > 0 { 3 } else { 0 }],
            last: None,
            tokens: 2.0 * middle,
            residuals: (N > 0).then(|| (vec![0.0; 2], 0.0)),
        };
        let mut round = Round::default();
        for &token in tokens {
            let predicted = past.predict::<D, M, N>(converter, &round);
            past.learn::<D, M, N>(converter, 32, &mut round, predicted, Token::new(token));
            assert_eq!(f64::from(predicted.token.number()), plain.step(f64::from(token)));
        }
    }

    proptest! {
        #[test]
        fn integers_do_what_the_formulas_say(
            tokens in prop::collection::vec(0u16..1024, 1..300),
            start in -8192i16..8192,
        ) {
            let challenge = Converter::challenge();
            follows_the_formulas::<4, 0, 0>(&challenge, &tokens, start);
            follows_the_formulas::<8, 0, 0>(&challenge, &tokens, start);
            follows_the_formulas::<1, 2, 0>(&challenge, &tokens, start);
            follows_the_formulas::<1, 2, 2>(&challenge, &tokens, start);
        }

        #[test]
        fn features_of_16_bits_go_around_the_circle(
            tokens in prop::collection::vec(any::<u16>(), 1..300),
            start in -8192i16..8192,
        ) {
            let widest = Converter::new(ConverterParts { kind: Kind::Direct, bits: 16 }).unwrap();
            follows_the_formulas::<4, 0, 0>(&widest, &tokens, start);
            follows_the_formulas::<1, 2, 0>(&widest, &tokens, start);
            follows_the_formulas::<1, 2, 2>(&widest, &tokens, start);
        }
    }

    #[test]
    fn the_stated_widths_hold_at_the_extremes() {
        // Largest features with largest weights: the sum stays far inside 32 bits, and the
        // prediction inside the alphabet.
        let converter = Converter::challenge();
        let alone = &mut Round::default();
        let extremes = [0u16, 1023];
        for pattern in 0..1u32 << 12 {
            for start in [-8192, 8191] {
                let mut past = Past::new(&converter, [start; MAX_FEATURES]);
                for i in 0..12 {
                    let predicted = past.predict::<8, 0, 0>(&converter, alone);
                    let token = Token::new(extremes[(pattern >> i & 1) as usize]);
                    past.learn::<8, 0, 0>(&converter, 32, alone, predicted, token);
                    assert!(past.weights.iter().all(|w| (-8192..=8191).contains(w)));
                    assert!(past.differences.iter().all(|d| (-1023..=1023).contains(d)));
                }
                let mut past = Past::new(&converter, [start; MAX_FEATURES]);
                for i in 0..200 {
                    let predicted = past.predict::<1, 2, 0>(&converter, alone);
                    let token = Token::new(extremes[(pattern >> (i % 12) & 1) as usize]);
                    past.learn::<1, 2, 0>(&converter, 32, alone, predicted, token);
                    for (mean, shift) in past.means.iter().zip(MEAN_SHIFTS) {
                        assert!((0..1 << (10 + shift)).contains(mean), "{mean} at shift {shift}");
                    }
                }
            }
        }
    }
}
