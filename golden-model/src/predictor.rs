//! **Predictor**: the token expected next, from the channel's past.
//!
//! Order 0 is the plain bigram: the next token is expected near the last one, and the rank table
//! knows how it moves from there. The others add a sign-sign LMS, all in integers: a weighted sum
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
//! Features, the token's distance from its prediction, and what a mean moves by have 16 bits at most: with a
//! converter of 16 bits they go around the circle of tokens, and so do the means.
//!
//! The first token after a reset only initialises the state: differences are zero, means are set to
//! the token. One difference and the deviations from two means (of 8 and 64 tokens) predict these
//! recordings better than sixteen differences do, with three multipliers.

use crate::converter::{Converter, Token};

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

/// Which features a predictor has.
#[derive(Clone, Copy, Debug, PartialEq, Eq)]
pub enum Shape {
    /// None: the last token is the prediction.
    Bigram,
    /// Four differences.
    Lms4,
    /// Eight differences.
    Lms8,
    /// One difference and the deviations from two means.
    Means,
}

/// No predictor has these features.
#[derive(Clone, Copy, Debug, PartialEq, Eq, thiserror::Error)]
#[error("no predictor has {differences} differences and {means} means")]
pub struct NoSuchShape {
    /// Past differences.
    pub differences: u8,
    /// Leaky means.
    pub means: u8,
}

impl Shape {
    /// The shape with this number of differences and means.
    ///
    /// # Errors
    /// [`NoSuchShape`], when there is none.
    pub fn new(differences: u8, means: u8) -> Result<Shape, NoSuchShape> {
        match (differences, means) {
            (0, 0) => Ok(Shape::Bigram),
            (4, 0) => Ok(Shape::Lms4),
            (8, 0) => Ok(Shape::Lms8),
            (1, 2) => Ok(Shape::Means),
            _ => Err(NoSuchShape { differences, means }),
        }
    }

    /// Past differences among the features.
    pub fn differences(self) -> u8 {
        match self {
            Shape::Bigram => 0,
            Shape::Lms4 => 4,
            Shape::Lms8 => 8,
            Shape::Means => 1,
        }
    }

    /// Leaky means among the features.
    pub fn means(self) -> u8 {
        if self == Shape::Means { 2 } else { 0 }
    }

    /// All features.
    pub fn features(self) -> usize {
        usize::from(self.differences() + self.means())
    }
}

/// Calls a function that is generic over the number of differences and means, for a shape known
/// only at run time: the loops inside are then of fixed length.
macro_rules! with_shape {
    ($shape:expr, |$d:ident, $m:ident| $call:expr) => {
        match $shape {
            $crate::predictor::Shape::Bigram => {
                const $d: usize = 0;
                const $m: usize = 0;
                $call
            }
            $crate::predictor::Shape::Lms4 => {
                const $d: usize = 4;
                const $m: usize = 0;
                $call
            }
            $crate::predictor::Shape::Lms8 => {
                const $d: usize = 8;
                const $m: usize = 0;
                $call
            }
            $crate::predictor::Shape::Means => {
                const $d: usize = 1;
                const $m: usize = 2;
                $call
            }
        }
    };
}
pub(crate) use with_shape;

/// Bits of a feature of tokens of so many bits: a difference needs one more, up to 16.
pub const fn feature_bits(token_bits: u32) -> u32 {
    if token_bits < u16::BITS { token_bits + 1 } else { u16::BITS }
}

/// The predictor's state of a channel.
#[derive(Clone, Copy, Debug, PartialEq, Eq)]
pub struct Past {
    /// The last token.
    pub last: Token,
    /// Whether there was none yet.
    pub fresh: bool,
    /// Past differences, the latest first.
    pub differences: [i16; MAX_FEATURES],
    /// Leaky means, times two to the power of their shift.
    pub means: [i32; MAX_MEANS],
    /// Weights of the differences, then of the means, times 4096.
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
            means: MEAN_SHIFTS.map(|shift| middle << shift),
            weights,
        }
    }

    /// Bits that hardware holds per channel.
    pub fn bits(converter: &Converter, shape: Shape) -> u32 {
        let token = converter.token_bits();
        let means: u32 = MEAN_SHIFTS.iter().take(shape.means().into()).map(|s| token + s).sum();
        let learns = if shape == Shape::Bigram { 0 } else { 1 };
        let differences = u32::from(shape.differences());
        token
            + learns
            + differences * feature_bits(token)
            + means
            + shape.features() as u32 * WEIGHT_BITS
    }

    /// The prediction from `D` differences and `M` means.
    #[inline(always)]
    pub fn predict<const D: usize, const M: usize>(&self, converter: &Converter) -> Prediction {
        let last = i32::from(self.last.number());
        let mut rounded = [0; MAX_MEANS];
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
        // A shift to the right rounds down; adding half a step first rounds to the nearest.
        let step = sum.wrapping_add(1 << (WEIGHT_FRACTION - 1)) >> WEIGHT_FRACTION;
        let token = (last + step).clamp(0, converter.last_token().number().into());
        Prediction { token: Token::new(token as u16), rounded }
    }

    /// Updates the state with the current token.
    #[inline(always)]
    pub fn learn<const D: usize, const M: usize>(&mut self, predicted: Prediction, token: Token) {
        let [last, now, expected] = [self.last, token, predicted.token].map(|t| t.number() as i16);
        self.last = token;
        if D + M == 0 {
            return;
        }
        if self.fresh {
            self.fresh = false;
            self.means = MEAN_SHIFTS.map(|shift| i32::from(token.number()) << shift);
            return;
        }
        let toward = WEIGHT_STEP * now.wrapping_sub(expected).signum();
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
    }

    impl Plain {
        fn step(&mut self, token: f64) -> f64 {
            let nearest = |x: f64| (x + 0.5).floor();
            let around = |x: f64| (x + 32768.0).rem_euclid(65536.0) - 32768.0;
            let Some(last) = self.last.replace(token) else {
                self.means.fill(token);
                return self.tokens / 2.0;
            };
            let rounded: Vec<f64> = self.means.iter().map(|&m| nearest(m)).collect();
            let deviations = rounded.iter().map(|r| around(last - r));
            let features: Vec<f64> = self.differences.iter().copied().chain(deviations).collect();
            let sum: f64 = features.iter().zip(&self.weights).map(|(x, w)| x * w).sum();
            let prediction = (last + nearest(sum)).clamp(0.0, self.tokens - 1.0);
            for (weight, x) in self.weights.iter_mut().zip(&features) {
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
            prediction
        }
    }

    fn follows_the_formulas<const D: usize, const M: usize>(
        converter: &Converter,
        tokens: &[u16],
        start: i16,
    ) {
        let middle = f64::from(converter.middle().number());
        let mut past = Past::new(converter, [start; MAX_FEATURES]);
        let mut plain = Plain {
            differences: vec![0.0; D],
            means: vec![middle; M],
            weights: vec![f64::from(start) / 4096.0; D + M],
            last: None,
            tokens: 2.0 * middle,
        };
        for &token in tokens {
            let predicted = past.predict::<D, M>(converter);
            past.learn::<D, M>(predicted, Token::new(token));
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
            follows_the_formulas::<4, 0>(&challenge, &tokens, start);
            follows_the_formulas::<8, 0>(&challenge, &tokens, start);
            follows_the_formulas::<1, 2>(&challenge, &tokens, start);
        }

        #[test]
        fn features_of_16_bits_go_around_the_circle(
            tokens in prop::collection::vec(any::<u16>(), 1..300),
            start in -8192i16..8192,
        ) {
            let widest = Converter::new(ConverterParts { kind: Kind::Direct, bits: 16 }).unwrap();
            follows_the_formulas::<4, 0>(&widest, &tokens, start);
            follows_the_formulas::<1, 2>(&widest, &tokens, start);
        }
    }

    #[test]
    fn the_stated_widths_hold_at_the_extremes() {
        // Largest features with largest weights: the sum stays far inside 32 bits, and the
        // prediction inside the alphabet.
        let converter = Converter::challenge();
        let extremes = [0u16, 1023];
        for pattern in 0..1u32 << 12 {
            for start in [-8192, 8191] {
                let mut past = Past::new(&converter, [start; MAX_FEATURES]);
                for i in 0..12 {
                    let predicted = past.predict::<8, 0>(&converter);
                    past.learn::<8, 0>(
                        predicted,
                        Token::new(extremes[(pattern >> i & 1) as usize]),
                    );
                    assert!(past.weights.iter().all(|w| (-8192..=8191).contains(w)));
                    assert!(past.differences.iter().all(|d| (-1023..=1023).contains(d)));
                }
                let mut past = Past::new(&converter, [start; MAX_FEATURES]);
                for i in 0..200 {
                    let predicted = past.predict::<1, 2>(&converter);
                    let token = Token::new(extremes[(pattern >> (i % 12) & 1) as usize]);
                    past.learn::<1, 2>(predicted, token);
                    for (mean, shift) in past.means.iter().zip(MEAN_SHIFTS) {
                        assert!((0..1 << (10 + shift)).contains(mean), "{mean} at shift {shift}");
                    }
                }
            }
        }
    }
}
