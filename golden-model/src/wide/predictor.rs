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
    /// A sum of two sums, as wide as sums are.
    fn narrowed(sum: i64) -> i64;
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
    fn narrowed(sum: i64) -> i64 {
        (sum as i32).into()
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
    fn narrowed(sum: i64) -> i64 {
        sum
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

/// Calls a function that is generic over differences and other features, for a shape known at run time.
macro_rules! with_wide_shape {
    ($shape:expr, |$d:ident, $n:ident| $call:expr) => {{
        let shape = $shape;
        match (shape.differences, shape.neighbours) {
            (8, 0) => $crate::wide::predictor::with_wide_shape!(8, 2, $d, $n, $call),
            (16, 0) => $crate::wide::predictor::with_wide_shape!(16, 2, $d, $n, $call),
            (32, 0) => $crate::wide::predictor::with_wide_shape!(32, 2, $d, $n, $call),
            (8, 5) => $crate::wide::predictor::with_wide_shape!(8, 8, $d, $n, $call),
            (16, 5) => $crate::wide::predictor::with_wide_shape!(16, 8, $d, $n, $call),
            (8, 13) => $crate::wide::predictor::with_wide_shape!(8, 16, $d, $n, $call),
            _ => unreachable!("no predictor has shape {shape:?}"),
        }
    }};
    ($dv:literal, $nv:literal, $d:ident, $n:ident, $call:expr) => {{
        const $d: usize = $dv;
        const $n: usize = $nv;
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

/// What a channel remembers between its samples: of `D` differences and `N` other features.
#[derive(Clone, Copy, Debug, PartialEq)]
pub struct Past<T, const D: usize, const N: usize> {
    /// Past differences, the latest first.
    differences: [T; D],
    /// Weights of the differences.
    past_weights: [i16; D],
    /// Weights of the two means, of the round's mean, and of the neighbours.
    other_weights: [i16; N],
    /// The last token.
    last: T,
    /// Leaky means, times two to the power of their shift.
    means: [i64; 2],
}

impl<T: Width, const D: usize, const N: usize> Past<T, D, N> {
    /// After a channel's first token.
    pub fn after(first: T, start_weights: &[i16]) -> Past<T, D, N> {
        let (mut past_weights, mut other_weights) = ([0; D], [0; N]);
        let (past, other) = start_weights.split_at(D);
        past_weights.copy_from_slice(past);
        other_weights.copy_from_slice(other);
        let means = MEAN_SHIFTS.map(|shift| first.number() << shift);
        let differences = [T::default(); D];
        Past { differences, past_weights, other_weights, last: first, means }
    }

    /// Its weights, in the order of the features.
    pub fn weights(&self) -> impl Iterator<Item = i16> {
        self.past_weights.into_iter().chain(self.other_weights)
    }

    /// The expected token, and the features other than differences.
    #[inline(always)]
    pub fn predict(&self, round: &Round<T, N>, tokens: Tokens) -> (i64, [T; N]) {
        let last = self.last.number();
        let mut other = round.features;
        for j in 0..2 {
            other[j] = T::wrapped(last - rounded(self.means[j], MEAN_SHIFTS[j]));
        }
        let sum =
            T::sum(&self.past_weights, &self.differences) + T::sum(&self.other_weights, &other);
        let expected = last + rounded(T::narrowed(sum), WEIGHT_FRACTION);
        (expected.clamp(-tokens.largest() - 1, tokens.largest()), other)
    }

    /// Moves on to `token`, whose residual was `residual`.
    #[inline(always)]
    pub fn learn(&mut self, other: &[T; N], token: T, residual: i64, step: i16) {
        let toward = step * residual.signum() as i16;
        T::learn(&mut self.past_weights, &self.differences, toward);
        T::learn(&mut self.other_weights, other, toward);
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

/// What the channels of a round tell those that come after them.
#[derive(Clone, Copy, Debug, PartialEq)]
pub struct Round<T, const N: usize> {
    /// Room for the two means of a channel; with neighbours, the mean of residuals, and the residuals
    /// of the channels before, the nearest first.
    features: [T; N],
    /// The leaky mean of residuals, times 8.
    mean: i64,
}

impl<T: Width, const N: usize> Default for Round<T, N> {
    /// Before the first channel.
    fn default() -> Round<T, N> {
        Round { features: [T::default(); N], mean: 0 }
    }
}

impl<T: Width, const N: usize> Round<T, N> {
    /// Takes the next channel's residual.
    #[inline(always)]
    pub fn add(&mut self, residual: i64) {
        if N > 2 {
            self.mean += residual - rounded(self.mean, ROUND_SHIFT);
            self.features.copy_within(3..N - 1, 4);
            self.features[2] = T::wrapped(rounded(self.mean, ROUND_SHIFT));
            self.features[3] = T::wrapped(residual);
        }
    }
}
