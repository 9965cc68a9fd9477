//! What the channels of a round tell those that come after them, in each lane.

use bytemuck::cast;

use super::deal::Deal;
use super::vectors::{LANES, Vectors, array};
use crate::wide::predictor::ROUND_SHIFT;

/// Pairs of residuals that a channel looks back at, beside the nearest one.
const BEFORE: usize = 12;

/// The residuals of a round, and what else goes from channel to channel. `N`: pairs of features other
/// than differences.
pub struct Round<V: Vectors, const N: usize> {
    /// Residuals at a position and at the one before it; the first `BEFORE` are of the lane before.
    residuals: Vec<V::Pairs>,
    /// The last residuals.
    nearest: V::Numbers,
    /// The leaky mean of residuals, times 8.
    mean: V::Numbers,
    /// The last tokens.
    pub last: V::Numbers,
}

impl<V: Vectors, const N: usize> Round<V, N> {
    /// For lanes of so many positions.
    pub fn new(v: V, positions: usize) -> Round<V, N> {
        let residuals = vec![v.pair([0, 0]); BEFORE + positions];
        let nothing = v.splat(0);
        Round { residuals, nearest: nothing, mean: nothing, last: nothing }
    }

    /// Each lane goes on where the one before it has ended; the first begins a round.
    pub fn carry(&mut self, deal: &Deal) {
        for to in [&mut self.nearest, &mut self.mean, &mut self.last] {
            let from = array(*to);
            let shifted = |lane: usize| lane.checked_sub(1).map_or(0, |before| from[before]);
            *to = cast::<[i32; LANES], _>(std::array::from_fn(shifted));
        }
        if N == 1 {
            return;
        }
        let mut ends = [[0i32; LANES]; BEFORE + 1];
        let tail = self.residuals.len() - (BEFORE + 1);
        for (end, pairs) in ends.iter_mut().zip(&self.residuals[tail..]) {
            *end = cast(*pairs);
        }
        // Where a lane leaves out its first position, what is before it stands one further.
        for (at, pairs) in self.residuals[..=BEFORE].iter_mut().enumerate() {
            let mut begin: [i32; LANES] = cast(*pairs);
            begin[0] = 0;
            for lane in 1..LANES {
                let skips = usize::from(deal.skips(lane));
                if at < BEFORE + skips {
                    begin[lane] = ends[at + 1 - skips][lane - 1];
                }
            }
            *pairs = cast(begin);
        }
    }

    /// The mean of residuals, and the last ones.
    #[inline(always)]
    pub fn nearest(&self, v: V) -> V::Pairs {
        v.pairs(v.rounded(self.mean, ROUND_SHIFT), self.nearest)
    }

    /// The residuals before the nearest one of the channels `at` a position.
    #[inline(always)]
    pub fn window(&self, at: usize) -> Window<'_, V> {
        Window(self.residuals[at..].first_chunk().expect("there are so many before the first"))
    }

    /// Takes the residuals `at` a position.
    #[inline(always)]
    pub fn add(&mut self, v: V, at: usize, [tokens, residuals]: [V::Numbers; 2]) {
        self.last = tokens;
        if N > 1 {
            let moved = v.sub(residuals, v.rounded(self.mean, ROUND_SHIFT));
            self.mean = v.add(self.mean, moved);
            self.residuals[BEFORE + at] = v.pairs(residuals, self.nearest);
            self.nearest = residuals;
        }
    }

    /// As [`add`](Self::add), but lanes that leave out this first position stay as they are.
    #[inline(always)]
    pub fn add_first(&mut self, v: V, deal: &Deal, both: [V::Numbers; 2]) {
        let (first, nearest, mean) = (self.residuals[BEFORE], self.nearest, self.mean);
        self.add(v, 0, both);
        let skipping = v.mask(deal.skipping());
        self.residuals[BEFORE] = v.select(skipping, first, self.residuals[BEFORE]);
        self.nearest = v.select(skipping, nearest, self.nearest);
        self.mean = v.select(skipping, mean, self.mean);
    }
}

/// Residuals before a position.
pub struct Window<'r, V: Vectors>(&'r [V::Pairs; BEFORE]);

impl<V: Vectors> Clone for Window<'_, V> {
    fn clone(&self) -> Self {
        *self
    }
}

impl<V: Vectors> Copy for Window<'_, V> {}

impl<V: Vectors> Window<'_, V> {
    /// The `number`th pair behind the nearest residual.
    #[inline(always)]
    pub fn pairs(self, number: usize) -> V::Pairs {
        self.0[BEFORE - 2 - 2 * number]
    }
}
