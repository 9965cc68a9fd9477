//! What the channels at one position of all lanes remember: the [predictor](crate::wide::predictor)'s past and
//! the [activity](crate::wide::activity), as vectors.

use super::round::Window;
use super::vectors::{LANES, Vectors, array};
use crate::wide::activity;
use crate::wide::filter::Filter;
use crate::wide::predictor::{MEAN_SHIFTS, Tokens, WEIGHT_FRACTION, WEIGHT_LIMIT};
use crate::wide::set::WideSet;

/// The channels' state: of `D` pairs of differences, `N` of other features, and `W` of steps that a
/// filter looks at.
#[derive(Clone, Debug)]
pub struct Position<V: Vectors, const D: usize, const N: usize, const W: usize> {
    /// As of one channel; see the predictor.
    differences: [V::Pairs; D],
    steps: [V::Pairs; W],
    past_weights: [V::Pairs; D],
    other_weights: [V::Pairs; N],
    last: V::Numbers,
    means: [V::Numbers; 2],
    activity: V::Numbers,
    /// The levels of the activity.
    levels: V::Numbers,
}

/// A filter, the same in all lanes.
pub struct Taps<V: Vectors, const W: usize> {
    coefficients: [V::Pairs; W],
    fraction: u32,
}

impl<V: Vectors, const W: usize> Taps<V, W> {
    /// As many of the filter's coefficients as there are steps.
    pub fn of(v: V, filter: &Filter) -> Taps<V, W> {
        let two = filter.coefficients().as_chunks().0;
        let coefficients = std::array::from_fn(|number| v.pair(two[number]));
        Taps { coefficients, fraction: filter.fraction() }
    }
}

/// The channels' turn.
pub struct Turn<V: Vectors> {
    /// The expected tokens.
    pub expected: V::Numbers,
    /// What the prediction starts from.
    base: V::Numbers,
    /// The distances from the two means; the round's mean and the nearest residual.
    near: [V::Pairs; 2],
}

impl<V: Vectors, const D: usize, const N: usize, const W: usize> Position<V, D, N, W> {
    /// Before the channels' first tokens.
    pub fn new(v: V, set: &WideSet) -> Position<V, D, N, W> {
        let (past, other) = set.start_weights().split_at(2 * D);
        let zero = v.splat(0);
        Position {
            differences: [v.pair([0, 0]); D],
            steps: [v.pair([0, 0]); W],
            past_weights: same_in_all(v, past),
            other_weights: same_in_all(v, other),
            last: zero,
            means: [zero; 2],
            activity: zero,
            levels: v.splat(set.first_level() as i32),
        }
    }

    /// Behind the channels' first tokens.
    pub fn after(v: V, first: V::Numbers, set: &WideSet) -> Position<V, D, N, W> {
        let level = set.start_level();
        Position {
            last: first,
            means: MEAN_SHIFTS.map(|shift| v.left(first, shift)),
            activity: v.splat(activity::middle(level) as i32),
            levels: v.splat(level as i32),
            ..Position::new(v, set)
        }
    }

    /// Levels of the channels' activity.
    #[inline(always)]
    pub fn levels(&self) -> [i32; LANES] {
        array(self.levels)
    }

    /// A lane's weights, in the order of the features, and its activity.
    pub fn of_lane(&self, lane: usize) -> (impl Iterator<Item = i16>, u32) {
        let weights = self.past_weights.into_iter().chain(self.other_weights);
        let two = move |pairs| [array(pairs)[lane] as i16, (array(pairs)[lane] >> 16) as i16];
        (weights.flat_map(two), array(self.activity)[lane] as u32)
    }

    /// What is expected, after the channels of the round before.
    #[inline(always)]
    pub fn predict(
        &self,
        v: V,
        filter: &Taps<V, W>,
        nearest: V::Pairs,
        window: Window<'_, V>,
        tokens: Tokens,
    ) -> Turn<V> {
        let distance = |j: usize| v.sub(self.last, v.rounded(self.means[j], MEAN_SHIFTS[j]));
        let near = [v.pairs(distance(0), distance(1)), nearest];
        let mut base = self.last;
        if W > 0 {
            let mut sums = v.splat(0);
            for (&coefficients, &steps) in filter.coefficients.iter().zip(&self.steps) {
                sums = v.add(sums, v.dot(coefficients, steps));
            }
            base = v.add(base, v.rounded(sums, filter.fraction));
        }
        let mut sums = v.splat(0);
        for (&weights, &features) in self.past_weights.iter().zip(&self.differences) {
            sums = v.add(sums, v.dot(weights, features));
        }
        for (number, &weights) in self.other_weights.iter().enumerate() {
            sums = v.add(sums, v.dot(weights, other(near, window, number)));
        }
        let largest = tokens.largest() as i32;
        let expected = v.add(base, v.rounded(sums, WEIGHT_FRACTION));
        let expected = v.min(v.max(expected, v.splat(-largest - 1)), v.splat(largest));
        Turn { expected, base, near }
    }

    /// Moves on to `tokens`, whose residuals were `residuals`.
    #[inline(always)]
    pub fn learn(
        &mut self,
        v: V,
        turn: &Turn<V>,
        window: Window<'_, V>,
        [tokens, residuals]: [V::Numbers; 2],
        steps: V::Numbers,
    ) {
        let toward = v.signed(steps, residuals);
        let toward = v.pairs(toward, toward);
        // Written out: what `map` calls is not compiled for the unit.
        let limits = [v.pair([-WEIGHT_LIMIT; 2]), v.pair([WEIGHT_LIMIT - 1; 2])];
        for (weights, &features) in self.past_weights.iter_mut().zip(&self.differences) {
            *weights = v.learned(*weights, features, toward, limits);
        }
        for (number, weights) in self.other_weights.iter_mut().enumerate() {
            let features = other(turn.near, window, number);
            *weights = v.learned(*weights, features, toward, limits);
        }
        for (mean, shift) in self.means.iter_mut().zip(MEAN_SHIFTS) {
            *mean = v.add(*mean, v.sub(tokens, v.rounded(*mean, shift)));
        }
        push(v, &mut self.differences, v.sub(tokens, turn.base));
        push(v, &mut self.steps, v.sub(tokens, self.last));
        self.last = tokens;
        self.activity = v.next_activity(self.activity, residuals);
        self.levels = v.level(self.activity);
    }

    /// Takes over the state of `other` in the lanes of a mask.
    #[inline(always)]
    pub fn take(&mut self, v: V, lanes: V::Numbers, other: &Position<V, D, N, W>) {
        let pairs = [
            (&mut self.differences[..], &other.differences[..]),
            (&mut self.steps[..], &other.steps[..]),
            (&mut self.past_weights[..], &other.past_weights[..]),
            (&mut self.other_weights[..], &other.other_weights[..]),
        ];
        for (mine, others) in pairs {
            for (mine, other) in mine.iter_mut().zip(others) {
                *mine = v.select(lanes, *other, *mine);
            }
        }
        let [short, long] = &mut self.means;
        let numbers = [
            (&mut self.last, other.last),
            (short, other.means[0]),
            (long, other.means[1]),
            (&mut self.activity, other.activity),
            (&mut self.levels, other.levels),
        ];
        for (mine, other) in numbers {
            *mine = v.select(lanes, other, *mine);
        }
    }
}

/// The same weights in all lanes, two and two of them in pairs.
fn same_in_all<V: Vectors, const F: usize>(v: V, weights: &[i16]) -> [V::Pairs; F] {
    let two = weights.as_chunks().0;
    std::array::from_fn(|number| v.pair(two[number]))
}

/// Pairs of the features other than differences.
#[inline(always)]
fn other<V: Vectors>(near: [V::Pairs; 2], window: Window<'_, V>, number: usize) -> V::Pairs {
    if number < 2 { near[number] } else { window.pairs(number - 2) }
}

/// Puts the latest numbers before all others, of which the oldest go.
#[inline(always)]
fn push<V: Vectors, const F: usize>(v: V, features: &mut [V::Pairs; F], latest: V::Numbers) {
    // The latest stand where the second of a pair before the first would.
    let mut newer = v.pairs(v.splat(0), latest);
    for pair in features {
        (newer, *pair) = (*pair, v.moved(newer, *pair));
    }
}
