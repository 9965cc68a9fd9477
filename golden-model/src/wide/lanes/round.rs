//! What the channels of a round tell those that come after them, in each lane.

use bytemuck::cast;

use super::deal::Deal;
use super::numbers::{LANES, Numbers, Pairs, mask, pairs, rounded};
use crate::wide::predictor::ROUND_SHIFT;

/// Pairs of residuals that a channel looks back at, beside the nearest one.
const BEFORE: usize = 12;

/// The residuals of a round, and what else goes from channel to channel. `N`: pairs of features other
/// than differences.
pub struct Round<const N: usize> {
    /// Residuals at a position and at the one before it; the first `BEFORE` are of the lane before.
    residuals: Vec<Pairs>,
    /// The last residuals.
    nearest: Numbers,
    /// The leaky mean of residuals, times 8.
    mean: Numbers,
    /// The last tokens.
    pub last: Numbers,
}

impl<const N: usize> Round<N> {
    /// For lanes of so many positions.
    pub fn new(positions: usize) -> Round<N> {
        let residuals = vec![Pairs::ZERO; BEFORE + positions];
        let nothing = Numbers::ZERO;
        Round { residuals, nearest: nothing, mean: nothing, last: nothing }
    }

    /// Each lane goes on where the one before it has ended; the first begins a round.
    pub fn carry(&mut self, deal: &Deal) {
        for to in [&mut self.nearest, &mut self.mean, &mut self.last] {
            let from = to.to_array();
            *to = Numbers::new(std::array::from_fn(
                |lane| if lane == 0 { 0 } else { from[lane - 1] },
            ));
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
    pub fn nearest(&self) -> Pairs {
        pairs(rounded(self.mean, ROUND_SHIFT), self.nearest)
    }

    /// The residuals before the nearest one of the channels `at` a position.
    #[inline(always)]
    pub fn window(&self, at: usize) -> Window<'_> {
        // There is always a window: the slice only tells the compiler.
        Window(self.residuals[at..].first_chunk().unwrap_or(&[Pairs::ZERO; BEFORE]))
    }

    /// Takes the residuals `at` a position.
    #[inline(always)]
    pub fn add(&mut self, at: usize, residuals: Numbers, tokens: Numbers) {
        self.last = tokens;
        if N > 1 {
            self.mean += residuals - rounded(self.mean, ROUND_SHIFT);
            self.residuals[BEFORE + at] = pairs(residuals, self.nearest);
            self.nearest = residuals;
        }
    }

    /// As [`add`](Self::add), but lanes that leave out this first position stay as they are.
    pub fn add_first(&mut self, deal: &Deal, residuals: Numbers, tokens: Numbers) {
        let (first, nearest, mean) = (self.residuals[BEFORE], self.nearest, self.mean);
        self.add(0, residuals, tokens);
        let skipping = mask(deal.skipping());
        self.residuals[BEFORE] = cast::<_, Pairs>(skipping).select(first, self.residuals[BEFORE]);
        self.nearest = skipping.select(nearest, self.nearest);
        self.mean = skipping.select(mean, self.mean);
    }
}

/// Residuals before a position.
#[derive(Clone, Copy)]
pub struct Window<'r>(&'r [Pairs; BEFORE]);

impl Window<'_> {
    /// The `number`th pair behind the nearest residual.
    #[inline(always)]
    pub fn pairs(self, number: usize) -> Pairs {
        self.0[BEFORE - 2 - 2 * number]
    }
}
