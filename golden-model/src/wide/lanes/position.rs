//! What the channels at one position of all lanes remember: the [predictor](crate::wide::predictor)'s past and
//! the [activity](crate::wide::activity), as vectors.

use bytemuck::cast;

use super::numbers::{LANES, Numbers, Pairs, magnitudes, moved, of, pair, pairs, rounded, signed};
use super::round::Window;
use crate::wide::activity;
use crate::wide::filter::Filter;
use crate::wide::predictor::{MEAN_SHIFTS, Tokens, WEIGHT_FRACTION, WEIGHT_LIMIT};
use crate::wide::set::WideSet;

/// The channels' state: of `D` pairs of differences, `N` of other features and `W` of steps.
#[derive(Clone, Debug)]
pub struct Position<const D: usize, const N: usize, const W: usize> {
    /// As of one channel; see the predictor.
    differences: [Pairs; D],
    steps: [Pairs; W],
    past_weights: [Pairs; D],
    other_weights: [Pairs; N],
    last: Numbers,
    means: [Numbers; 2],
    activity: Numbers,
    /// The levels of the activity.
    levels: Numbers,
}

/// A filter, the same in all lanes.
pub struct Taps<const W: usize> {
    coefficients: [Pairs; W],
    fraction: u32,
}

impl<const W: usize> Taps<W> {
    /// The filter's first coefficients.
    pub fn of(filter: &Filter) -> Taps<W> {
        let two = filter.coefficients().as_chunks().0;
        let coefficients = std::array::from_fn(|number| pair(two[number]));
        Taps { coefficients, fraction: filter.fraction() }
    }
}

/// The channels' turn.
pub struct Turn {
    /// The expected tokens.
    pub expected: Numbers,
    /// What the prediction starts from.
    base: Numbers,
    /// The distances from the two means; the round's mean and the nearest residual.
    near: [Pairs; 2],
}

impl<const D: usize, const N: usize, const W: usize> Position<D, N, W> {
    /// Before the channels' first tokens.
    pub fn new(set: &WideSet) -> Position<D, N, W> {
        let (past, other) = set.start_weights().split_at(2 * D);
        Position {
            differences: [Pairs::ZERO; D],
            steps: [Pairs::ZERO; W],
            past_weights: same_in_all(past),
            other_weights: same_in_all(other),
            last: Numbers::ZERO,
            means: [Numbers::ZERO; 2],
            activity: Numbers::ZERO,
            levels: Numbers::splat(set.first_level() as i32),
        }
    }

    /// Levels of the channels' activity.
    #[inline(always)]
    pub fn levels(&self) -> [i32; LANES] {
        self.levels.to_array()
    }

    /// A lane's weights, in the order of the features, and its activity.
    pub fn of_lane(&self, lane: usize) -> (impl Iterator<Item = i16>, u32) {
        let weights = self.past_weights.into_iter().chain(self.other_weights);
        let two = move |pairs| [of(pairs, lane) as i16, (of(pairs, lane) >> 16) as i16];
        (weights.flat_map(two), of(self.activity, lane) as u32)
    }

    /// What is expected, after the channels of the round before.
    #[inline(always)]
    pub fn predict(
        &self,
        filter: &Taps<W>,
        nearest: Pairs,
        window: Window<'_>,
        tokens: Tokens,
    ) -> Turn {
        let mut near = [Pairs::ZERO, nearest];
        // Where these are large, the steps of their weights are as well, and a filter sees far enough.
        if W == 0 || D <= 4 {
            let distance = |j: usize| self.last - rounded(self.means[j], MEAN_SHIFTS[j]);
            near[0] = pairs(distance(0), distance(1));
        }
        let mut base = self.last;
        if W > 0 {
            let mut sums = Numbers::ZERO;
            for (coefficients, steps) in filter.coefficients.iter().zip(&self.steps) {
                sums += coefficients.dot(*steps);
            }
            base += rounded(sums, filter.fraction);
        }
        let mut sums = Numbers::ZERO;
        for (weights, features) in self.past_weights.iter().zip(&self.differences) {
            sums += weights.dot(*features);
        }
        for (number, weights) in self.other_weights.iter().enumerate() {
            sums += weights.dot(other(near, window, number));
        }
        let largest = tokens.largest() as i32;
        let expected = base + rounded(sums, WEIGHT_FRACTION);
        let expected = expected.max(Numbers::splat(-largest - 1)).min(Numbers::splat(largest));
        Turn { expected, base, near }
    }

    /// Moves on to `tokens`, whose residuals were `residuals`.
    #[inline(always)]
    pub fn learn(
        &mut self,
        turn: &Turn,
        window: Window<'_>,
        tokens: Numbers,
        residuals: Numbers,
        steps: Numbers,
    ) {
        let toward = signed(steps, residuals);
        let toward = pairs(toward, toward);
        for (weights, features) in self.past_weights.iter_mut().zip(&self.differences) {
            learn(weights, *features, toward);
        }
        for (number, weights) in self.other_weights.iter_mut().enumerate() {
            learn(weights, other(turn.near, window, number), toward);
        }
        for (mean, shift) in self.means.iter_mut().zip(MEAN_SHIFTS) {
            *mean += tokens - rounded(*mean, shift);
        }
        push(&mut self.differences, tokens - turn.base);
        push(&mut self.steps, tokens - self.last);
        self.last = tokens;
        self.activity = activity::vector::next(self.activity, magnitudes(residuals));
        self.levels = activity::vector::level(self.activity);
    }

    /// Behind the channels' first tokens.
    pub fn after(first: Numbers, set: &WideSet) -> Position<D, N, W> {
        let level = set.start_level();
        Position {
            last: first,
            means: MEAN_SHIFTS.map(|shift| first << shift),
            activity: Numbers::splat(activity::middle(level) as i32),
            levels: Numbers::splat(level as i32),
            ..Position::new(set)
        }
    }

    /// Takes over the state of `other` in the lanes of a mask.
    pub fn take(&mut self, lanes: Numbers, other: &Position<D, N, W>) {
        let pairs = [
            (&mut self.differences[..], &other.differences[..]),
            (&mut self.steps[..], &other.steps[..]),
            (&mut self.past_weights[..], &other.past_weights[..]),
            (&mut self.other_weights[..], &other.other_weights[..]),
        ];
        for (mine, others) in pairs {
            let pairs_of_lanes: Pairs = cast(lanes);
            let both = mine.iter_mut().zip(others);
            both.for_each(|(mine, other)| *mine = pairs_of_lanes.select(*other, *mine));
        }
        let [short, long] = &mut self.means;
        let numbers = [
            (&mut self.last, other.last),
            (short, other.means[0]),
            (long, other.means[1]),
            (&mut self.activity, other.activity),
            (&mut self.levels, other.levels),
        ];
        numbers.into_iter().for_each(|(mine, other)| *mine = lanes.select(other, *mine));
    }
}

/// The same weights in all lanes, two and two of them in pairs.
fn same_in_all<const F: usize>(weights: &[i16]) -> [Pairs; F] {
    let two = weights.as_chunks::<2>().0;
    std::array::from_fn(|number| pair(two[number]))
}

/// Pairs of the features other than differences.
#[inline(always)]
fn other(near: [Pairs; 2], window: Window<'_>, number: usize) -> Pairs {
    if number < 2 { near[number] } else { window.pairs(number - 2) }
}

/// Moves weights by `toward` times the features' signs.
#[inline(always)]
fn learn(weights: &mut Pairs, features: Pairs, toward: Pairs) {
    let signs = features.max(Pairs::splat(-1)).min(Pairs::splat(1));
    let moved = *weights + toward * signs;
    *weights = moved.max(Pairs::splat(-WEIGHT_LIMIT)).min(Pairs::splat(WEIGHT_LIMIT - 1));
}

/// Puts the latest numbers before all others, of which the oldest go.
#[inline(always)]
fn push<const F: usize>(features: &mut [Pairs; F], latest: Numbers) {
    // The latest stand where the second of a pair before the first would.
    let mut newer = pairs(Numbers::ZERO, latest);
    for pair in features {
        let older = *pair;
        *pair = moved(newer, older);
        newer = older;
    }
}
