//! **Predictor** for wide tokens: sign-sign LMS on the channel's past and its neighbours.
//!
//! ```text
//! features    x[i]  D past differences, the last token's distance from two leaky means (of 8 and of
//!                   64 tokens); with neighbours: a leaky mean of this round's residuals, and the
//!                   residuals of the last K channels in this round, the nearest first
//! prediction  clamp(base + round(sum of w[i] * x[i] / 4096), smallest token, largest token)
//! residual    token - prediction, around the circle of tokens
//! weights     w[i] += step * sign(residual) * sign(x[i]), held within 14 bits
//! ```
//!
//! The base is the last token, or the prediction of a [`Filter`]; a difference is that of a token and its
//! base. Behind a filter, 16 differences do without the means, which are 0.
//!
//! The step is 8 in the first 512 rounds of a stretch, 4 up to round 2048, then 2: a stretch begins with
//! the set's start weights, and each channel finds its own quickly. All arithmetic wraps at the feature's
//! width, so no input is out of range.
//!
//! Tokens of up to 16 bits are [`i16`]: sixteen features are two vector registers. Wider ones are
//! [`i32`] with sums of 64 bits.

use simd::{i16x8, i32x4};

use super::decisions::FRACTION;
use super::filter::Filter;

/// Fraction bits of a weight.
pub const WEIGHT_FRACTION: u32 = 12;
/// The largest weight is one less: -2..2 with 12 fraction bits.
pub const WEIGHT_LIMIT: i16 = 1 << 13;
/// Shifts of the leaky means.
pub const MEAN_SHIFTS: [u32; 2] = [3, 6];
/// Shift of the leaky mean over a round's residuals.
pub const ROUND_SHIFT: u32 = 3;

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
    /// What sums are held in: no wider than needed, since vector units add few wide numbers at once.
    type Sum: Copy + Default + Into<i64>;
    /// The sum of weights times features.
    fn sum<const F: usize>(weights: &[i16; F], features: &[Self; F]) -> Self::Sum;
    /// Two sums' sum.
    fn plus(one: Self::Sum, other: Self::Sum) -> Self::Sum;
    /// Moves the weights by `toward` (a step, its negative, or zero) times the features' signs.
    fn learn<const F: usize>(weights: &mut [i16; F], features: &[Self; F], toward: i16);
}

impl Width for i16 {
    const BITS: u32 = 16;
    type Sum = i32;

    #[inline(always)]
    fn wrapped(number: i64) -> i16 {
        number as i16
    }

    #[inline(always)]
    fn number(self) -> i64 {
        self.into()
    }

    #[inline(always)]
    fn plus(one: i32, other: i32) -> i32 {
        one.wrapping_add(other)
    }

    #[inline(always)]
    fn sum<const F: usize>(weights: &[i16; F], features: &[i16; F]) -> i32 {
        let ((weights, weights_left), (features, left)) =
            (weights.as_chunks(), features.as_chunks());
        let mut sums = i32x4::ZERO;
        for (weights, features) in weights.iter().zip(features) {
            // Products, two and two of them added: four sums.
            sums += i16x8::new(*weights).dot(i16x8::new(*features));
        }
        let left = weights_left.iter().zip(left);
        left.fold(sums.reduce_add(), |sum, (&w, &f)| sum.wrapping_add(i32::from(w) * i32::from(f)))
    }

    #[inline(always)]
    fn learn<const F: usize>(weights: &mut [i16; F], features: &[i16; F], toward: i16) {
        let ((weights, weights_left), (features, left)) =
            (weights.as_chunks_mut(), features.as_chunks());
        let [low, high] = [-WEIGHT_LIMIT, WEIGHT_LIMIT - 1];
        for (weights, features) in weights.iter_mut().zip(features) {
            // Plain form: toward * signum(feature); a vector unit has masks.
            let features = i16x8::new(*features);
            let up = features.simd_gt(i16x8::ZERO) & i16x8::splat(toward);
            let down = features.simd_lt(i16x8::ZERO) & i16x8::splat(toward);
            let moved = i16x8::new(*weights) + up - down;
            *weights = moved.max(i16x8::splat(low)).min(i16x8::splat(high)).to_array();
        }
        for (weight, feature) in weights_left.iter_mut().zip(left) {
            *weight = (*weight + toward * feature.signum()).clamp(low, high);
        }
    }
}

impl Width for i32 {
    const BITS: u32 = 32;
    type Sum = i64;

    #[inline(always)]
    fn wrapped(number: i64) -> i32 {
        number as i32
    }

    #[inline(always)]
    fn number(self) -> i64 {
        self.into()
    }

    #[inline(always)]
    fn plus(one: i64, other: i64) -> i64 {
        one + other
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
    /// Whether a [`Filter`] goes before it.
    pub filtered: bool,
}

impl Shape {
    /// All shapes, the cheapest first.
    pub const ALL: [Shape; 11] = {
        const fn plain(differences: u8, neighbours: u8) -> Shape {
            Shape { differences, neighbours, filtered: false }
        }
        const fn filtered(differences: u8, neighbours: u8) -> Shape {
            Shape { differences, neighbours, filtered: true }
        }
        [
            plain(8, 0),
            plain(16, 0),
            plain(32, 0),
            filtered(8, 0),
            filtered(16, 0),
            plain(8, 5),
            plain(16, 5),
            filtered(8, 5),
            filtered(16, 5),
            plain(8, 13),
            filtered(8, 13),
        ]
    };

    /// All features.
    pub fn features(self) -> usize {
        let neighbours = if self.neighbours > 0 { self.neighbours + 1 } else { 0 };
        usize::from(self.differences + neighbours) + MEAN_SHIFTS.len()
    }
}

/// Calls a function that is generic over differences and other features, for a shape known at run time.
macro_rules! with_wide_shape {
    ($shape:expr, |$d:ident, $n:ident, $w:ident| $call:expr) => {{
        use $crate::wide::predictor::with_wide_shape as with;
        let shape = $shape;
        match (shape.differences, shape.neighbours, shape.filtered) {
            (8, 0, false) => with!(8, 2, 0, $d, $n, $w, $call),
            (16, 0, false) => with!(16, 2, 0, $d, $n, $w, $call),
            (32, 0, false) => with!(32, 2, 0, $d, $n, $w, $call),
            (8, 0, true) => with!(8, 2, 32, $d, $n, $w, $call),
            (16, 0, true) => with!(16, 2, 32, $d, $n, $w, $call),
            (8, 5, false) => with!(8, 8, 0, $d, $n, $w, $call),
            (16, 5, false) => with!(16, 8, 0, $d, $n, $w, $call),
            (8, 5, true) => with!(8, 8, 32, $d, $n, $w, $call),
            (16, 5, true) => with!(16, 8, 32, $d, $n, $w, $call),
            (8, 13, false) => with!(8, 16, 0, $d, $n, $w, $call),
            (8, 13, true) => with!(8, 16, 32, $d, $n, $w, $call),
            _ => unreachable!("no predictor has shape {shape:?}"),
        }
    }};
    ($dv:literal, $nv:literal, $wv:literal, $d:ident, $n:ident, $w:ident, $call:expr) => {{
        const $d: usize = $dv;
        const $n: usize = $nv;
        const $w: usize = $wv;
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

/// What a channel remembers between its samples: of `D` differences, `N` other features, and `W` steps
/// that the filter looks at.
#[derive(Clone, Copy, Debug, PartialEq)]
pub struct Past<T, const D: usize, const N: usize, const W: usize> {
    /// Past differences of token and base, the latest first.
    differences: [T; D],
    /// Past differences of tokens, the latest first.
    steps: [T; W],
    /// Weights of the differences.
    past_weights: [i16; D],
    /// Weights of the two means, of the round's mean, and of the neighbours.
    other_weights: [i16; N],
    /// The last token.
    last: T,
    /// Leaky means, times two to the power of their shift.
    means: [i64; 2],
}

/// A channel's turn: what was made of its past.
#[derive(Clone, Copy, Debug)]
pub struct Turn<T, const N: usize> {
    /// The expected token.
    pub expected: i64,
    /// What the prediction starts from: the last token, or what the filter makes of the past.
    base: i64,
    /// Weights times features, times 4096.
    sum: i64,
    /// The features other than differences.
    other: [T; N],
}

impl<T: Width, const N: usize> Turn<T, N> {
    /// What is expected, 16 times as fine; and the same by base and short mean alone.
    #[inline(always)]
    pub fn fine(&self, tokens: Tokens) -> [i64; 2] {
        let base = self.base << FRACTION;
        // 7/32 of the way to the mean.
        let to_mean = (7 * self.other[0].number()) >> (5 - FRACTION);
        let largest = tokens.largest() << FRACTION;
        [base + (self.sum >> (WEIGHT_FRACTION - FRACTION)), base - to_mean]
            .map(|e| e.clamp(-largest, largest))
    }
}

impl<T: Width, const D: usize, const N: usize, const W: usize> Past<T, D, N, W> {
    /// After a channel's first token.
    pub fn after(first: T, start_weights: &[i16]) -> Past<T, D, N, W> {
        let (mut past_weights, mut other_weights) = ([0; D], [0; N]);
        let (past, other) = start_weights.split_at(D);
        past_weights.copy_from_slice(past);
        other_weights.copy_from_slice(other);
        let means = MEAN_SHIFTS.map(|shift| first.number() << shift);
        let (differences, steps) = ([T::default(); D], [T::default(); W]);
        Past { differences, steps, past_weights, other_weights, last: first, means }
    }

    /// Its weights, in the order of the features.
    pub fn weights(&self) -> impl Iterator<Item = i16> {
        self.past_weights.into_iter().chain(self.other_weights)
    }

    /// What is expected, after the channels of the round before.
    #[inline(always)]
    pub fn predict(&self, filter: &Filter, round: &Round<T, N>, tokens: Tokens) -> Turn<T, N> {
        let last = self.last.number();
        let mut other = round.features;
        // Where these are large, the steps of their weights are as well, and a filter sees far enough.
        let means = if W > 0 && D > 8 { 0 } else { 2 };
        for j in 0..means {
            other[j] = T::wrapped(last - rounded(self.means[j], MEAN_SHIFTS[j]));
        }
        let base = match W {
            0 => last,
            _ => last + rounded(filter.sum(&self.steps).into(), filter.fraction()),
        };
        let past = T::sum(&self.past_weights, &self.differences);
        let sum = T::plus(past, T::sum(&self.other_weights, &other)).into();
        let expected = base + rounded(sum, WEIGHT_FRACTION);
        let expected = expected.clamp(-tokens.largest() - 1, tokens.largest());
        Turn { expected, base, sum, other }
    }

    /// Moves on to `token`, whose residual was `residual`.
    #[inline(always)]
    pub fn learn(&mut self, turn: &Turn<T, N>, token: T, residual: i64, step: i16) {
        let toward = step * residual.signum() as i16;
        T::learn(&mut self.past_weights, &self.differences, toward);
        T::learn(&mut self.other_weights, &turn.other, toward);
        for (mean, shift) in self.means.iter_mut().zip(MEAN_SHIFTS) {
            *mean += token.number() - rounded(*mean, shift);
        }
        self.differences.copy_within(0..D - 1, 1);
        self.differences[0] = T::wrapped(token.number() - turn.base);
        if W > 0 {
            self.steps.copy_within(0..W - 1, 1);
            self.steps[0] = T::wrapped(token.number() - self.last.number());
        }
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
