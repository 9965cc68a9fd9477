//! What is kept of a channel while its stretch is coded.

use crate::wide::activity;
use crate::wide::predictor::{Past, Turn, Width};
use crate::wide::set::WideSet;

/// The state of a channel.
#[derive(Clone, Debug)]
pub(super) struct Channel<T, const D: usize, const N: usize, const W: usize> {
    pub past: Past<T, D, N, W>,
    pub activity: u32,
    /// The level of the activity: known before the channel's turn comes.
    pub level: usize,
    /// Before its first token.
    pub fresh: bool,
}

impl<T: Width, const D: usize, const N: usize, const W: usize> Channel<T, D, N, W> {
    pub fn new(set: &WideSet) -> Channel<T, D, N, W> {
        let past = Past::after(T::default(), set.start_weights());
        Channel { past, activity: 0, level: set.first_level(), fresh: true }
    }

    pub fn begin(&mut self, set: &WideSet, first: T) {
        self.past = Past::after(first, set.start_weights());
        self.activity = activity::middle(set.start_level());
        self.level = set.start_level();
        self.fresh = false;
    }

    #[inline(always)]
    pub fn learn(&mut self, turn: &Turn<T, N>, token: T, residual: i64, step: i16) {
        self.past.learn(turn, token, residual, step);
        self.activity = activity::next(self.activity, residual.unsigned_abs() as u32);
        self.level = activity::level(self.activity);
    }
}

/// Residuals by nearness: 0, -1, 1, -2, 2 ...
#[inline(always)]
pub fn rank_of(residual: i64) -> u32 {
    // Plain form: 2 r for r >= 0, else -2 r - 1.
    (residual << 1 ^ residual >> 63) as u32
}

/// The residual of a rank.
#[inline(always)]
pub fn residual_of(rank: u32) -> i64 {
    i64::from(rank >> 1) ^ -i64::from(rank & 1)
}
