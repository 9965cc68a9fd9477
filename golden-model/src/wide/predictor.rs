//! **Predictor** for wide tokens: sign-sign LMS on the channel's past and its neighbours.
//!
//! ```text
//! features    x[i]  D past differences, the last token's distance from two leaky means (of 8 and of
//!                   64 tokens); with neighbours: a leaky mean of this round's residuals, and the
//!                   residuals of the last K channels in this round, the nearest first
//! prediction  clamp(last + round(sum of w[i] * x[i] / 4096), smallest token, largest token)
//! residual    token - prediction, around the circle of tokens
//! weights     w[i] += step * sign(residual) * sign(x[i]), held within 14 bits
//! ```
//!
//! The step is 8 in the first 512 rounds of a stretch, 4 up to round 2048, then 2: a stretch begins
//! with the set's start weights, and each channel finds its own quickly. All arithmetic wraps at the
//! feature's width, so no input is out of range.
//!
//! Tokens of up to 16 bits are [`i16`]: sixteen features are two vector registers. Wider ones are
//! [`i32`] with sums of 64 bits.

/// Fraction bits of a weight.
pub const WEIGHT_FRACTION: u32 = 12;
/// The largest weight is one less: -2..2 with 12 fraction bits.
pub const WEIGHT_LIMIT: i16 = 1 << 13;
/// Shifts of the leaky means.
pub const MEAN_SHIFTS: [u32; 2] = [3, 6];
/// Shift of the leaky mean over a round's residuals.
const ROUND_SHIFT: u32 = 3;

/// The step of the weights in this round of a stretch.
#[inline]
pub fn step(round: usize) -> i16 {
    match round {
        0..512 => 8,
        512..2048 => 4,
        _ => 2,
    }
}

/// What a token and a feature are held in.
pub trait Width: Copy + Default + PartialEq + core::fmt::Debug + Send + Sync + 'static {
    /// Bits.
    const BITS: u32;
    /// The low bits of `number`.
    fn wrapped(number: i64) -> Self;
    /// As a number.
    fn number(self) -> i64;
    /// The sum of weights times features.
    fn sum<const F: usize>(weights: &[i16; F], features: &[Self; F]) -> i64;
    /// Moves the weights by `toward` (a step, its negative, or zero) times the features' signs.
    fn learn<const F: usize>(weights: &mut [i16; F], features: &[Self; F], toward: i16);
}

impl Width for i16 {
    const BITS: u32 = 16;

    #[inline(always)]
    fn wrapped(number: i64) -> i16 {
        number as i16
    }

    #[inline(always)]
    fn number(self) -> i64 {
        self.into()
    }

    #[inline(always)]
    fn sum<const F: usize>(weights: &[i16; F], features: &[i16; F]) -> i64 {
        let mut sum = 0i32;
        for i in 0..F {
            sum = sum.wrapping_add(i32::from(weights[i]) * i32::from(features[i]));
        }
        sum.into()
    }

    #[inline(always)]
    fn learn<const F: usize>(weights: &mut [i16; F], features: &[i16; F], toward: i16) {
        for i in 0..F {
            // Plain form: toward * signum(feature); masks, which a vector unit has.
            let up = if features[i] > 0 { toward } else { 0 };
            let down = if features[i] < 0 { toward } else { 0 };
            weights[i] = (weights[i] + up - down).clamp(-WEIGHT_LIMIT, WEIGHT_LIMIT - 1);
        }
    }
}

impl Width for i32 {
    const BITS: u32 = 32;

    #[inline(always)]
    fn wrapped(number: i64) -> i32 {
        number as i32
    }

    #[inline(always)]
    fn number(self) -> i64 {
        self.into()
    }

    #[inline(always)]
    fn sum<const F: usize>(weights: &[i16; F], features: &[i32; F]) -> i64 {
        (0..F).map(|i| i64::from(weights[i]) * i64::from(features[i])).sum()
    }

    #[inline(always)]
    fn learn<const F: usize>(weights: &mut [i16; F], features: &[i32; F], toward: i16) {
        for i in 0..F {
            let moved = weights[i] + toward * features[i].signum() as i16;
            weights[i] = moved.clamp(-WEIGHT_LIMIT, WEIGHT_LIMIT - 1);
        }
    }
}

/// How many features of each kind a predictor has.
#[derive(Clone, Copy, Debug, PartialEq, Eq, Hash)]
pub struct Shape {
    /// Past differences: 8, 16 or 32.
    pub differences: u8,
    /// Neighbours: 0, 5 or 13.
    pub neighbours: u8,
}

impl Shape {
    /// All shapes, the cheapest first.
    pub const ALL: [Shape; 6] = {
        const fn shape(differences: u8, neighbours: u8) -> Shape {
            Shape { differences, neighbours }
        }
        [shape(8, 0), shape(16, 0), shape(32, 0), shape(8, 5), shape(16, 5), shape(8, 13)]
    };

    /// All features.
    pub fn features(self) -> usize {
        let neighbours = if self.neighbours > 0 { self.neighbours + 1 } else { 0 };
        usize::from(self.differences + neighbours) + MEAN_SHIFTS.len()
    }
}

/// Calls a function that is generic over differences and features, for a shape known at run time.
macro_rules! with_wide_shape {
    ($shape:expr, |$d:ident, $f:ident| $call:expr) => {{
        let shape = $shape;
        match (shape.differences, shape.neighbours) {
            (8, 0) => $crate::wide::predictor::with_wide_shape!(8, 10, $d, $f, $call),
            (16, 0) => $crate::wide::predictor::with_wide_shape!(16, 18, $d, $f, $call),
            (32, 0) => $crate::wide::predictor::with_wide_shape!(32, 34, $d, $f, $call),
            (8, 5) => $crate::wide::predictor::with_wide_shape!(8, 16, $d, $f, $call),
            (16, 5) => $crate::wide::predictor::with_wide_shape!(16, 24, $d, $f, $call),
            (8, 13) => $crate::wide::predictor::with_wide_shape!(8, 24, $d, $f, $call),
            _ => unreachable!("no predictor has shape {shape:?}"),
        }
    }};
    ($dv:literal, $fv:literal, $d:ident, $f:ident, $call:expr) => {{
        const $d: usize = $dv;
        const $f: usize = $fv;
        $call
    }};
}
pub(crate) use with_wide_shape;

/// The range of tokens.
#[derive(Clone, Copy, Debug)]
pub struct Tokens {
    /// Bits of a token.
    pub bits: u32,
}

impl Tokens {
    /// The largest token.
    #[inline(always)]
    pub fn largest(self) -> i64 {
        (1 << (self.bits - 1)) - 1
    }

    /// `number` around the circle of tokens: its low bits, the highest of them the sign.
    #[inline(always)]
    pub fn wrapped(self, number: i64) -> i64 {
        number << (64 - self.bits) >> (64 - self.bits)
    }
}

/// What a channel remembers between its samples.
#[derive(Clone, Copy, Debug, PartialEq)]
pub struct Past<T, const D: usize, const F: usize> {
    /// The last token.
    last: T,
    /// Past differences, the latest first.
    differences: [T; D],
    /// Leaky means, times two to the power of their shift.
    means: [i64; 2],
    weights: [i16; F],
}

impl<T: Width, const D: usize, const F: usize> Past<T, D, F> {
    /// After a channel's first token.
    pub fn after(first: T, start_weights: &[i16]) -> Past<T, D, F> {
        let mut weights = [0; F];
        weights.copy_from_slice(start_weights);
        let means = MEAN_SHIFTS.map(|shift| first.number() << shift);
        Past { last: first, differences: [T::default(); D], means, weights }
    }

    /// Its weights.
    pub fn weights(&self) -> &[i16; F] {
        &self.weights
    }

    /// The last token.
    pub fn last(&self) -> T {
        self.last
    }

    /// The expected token, and the features that it is made of.
    #[inline(always)]
    pub fn predict(&self, round: &Round<T>, tokens: Tokens) -> (i64, [T; F]) {
        let last = self.last.number();
        let mut features = [T::default(); F];
        features[..D].copy_from_slice(&self.differences);
        for j in 0..2 {
            features[D + j] = T::wrapped(last - rounded(self.means[j], MEAN_SHIFTS[j]));
        }
        if F > D + 2 {
            features[D + 2] = T::wrapped(rounded(round.mean, ROUND_SHIFT));
            features[D + 3..].copy_from_slice(&round.residuals[..F - D - 3]);
        }
        let sum = T::sum(&self.weights, &features);
        let expected = last + rounded(sum, WEIGHT_FRACTION);
        (expected.clamp(-tokens.largest() - 1, tokens.largest()), features)
    }

    /// Moves on to `token`, whose residual was `residual`.
    #[inline(always)]
    pub fn learn(&mut self, features: &[T; F], token: T, residual: i64, step: i16) {
        T::learn(&mut self.weights, features, step * residual.signum() as i16);
        for (mean, shift) in self.means.iter_mut().zip(MEAN_SHIFTS) {
            *mean += token.number() - rounded(*mean, shift);
        }
        self.differences.copy_within(0..D - 1, 1);
        self.differences[0] = T::wrapped(token.number() - self.last.number());
        self.last = token;
    }
}

/// `number / 2^shift`, to the nearest.
#[inline(always)]
fn rounded(number: i64, shift: u32) -> i64 {
    (number + (1 << (shift - 1))) >> shift
}

/// Most neighbours of a predictor.
const MAX_NEIGHBOURS: usize = 13;

/// What the channels of a round tell those that come after them.
#[derive(Clone, Copy, Debug, Default, PartialEq)]
pub struct Round<T> {
    /// Of the channels before, the nearest first.
    residuals: [T; MAX_NEIGHBOURS],
    /// The leaky mean of residuals, times 8.
    mean: i64,
}

impl<T: Width> Round<T> {
    /// Takes the next channel's residual.
    #[inline(always)]
    pub fn add<const D: usize, const F: usize>(&mut self, residual: i64) {
        if F > D + 2 {
            let neighbours = F - D - 3;
            self.residuals.copy_within(0..neighbours - 1, 1);
            self.residuals[0] = T::wrapped(residual);
            self.mean += residual - rounded(self.mean, ROUND_SHIFT);
        }
    }
}
