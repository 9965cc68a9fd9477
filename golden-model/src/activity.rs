//! **Activity**: how busy a channel is, as a context for the tier coder.
//!
//! A running mean of the distance between token and prediction,
//! `m += min(|offset|, W) - (m >> shift)`, holds `2^shift` times the mean distance. In eighths of
//! a token (or coarser parts, for converters of more bits), and at most 255 of them, it is the *level*;
//! thresholds cut the levels into contexts.
//!
//! Why the distance and not the rank: it predicts as well (measured: the same ratio or a little
//! better), and it is known one memory access earlier. Why thresholds and not logarithmic steps:
//! training places them where they help most (measured: 0.003 in ratio), and hardware needs one
//! small ROM instead of a leading-one detector.

use alloc::vec::Vec;

/// The levels that a running mean is reduced to.
pub const LEVELS: usize = 256;
/// Fraction bits of a level where a table set does not say otherwise: the most there may be.
pub const LEVEL_FRACTION: u8 = 3;

/// Allowed shifts: a level keeps its fraction bits, and the mean fits 16 bits.
const SHIFTS: core::ops::RangeInclusive<u8> = LEVEL_FRACTION..=8;

/// Why an [`Activity`] is invalid.
#[derive(Clone, Copy, Debug, PartialEq, Eq, thiserror::Error)]
#[non_exhaustive]
pub enum ActivityError {
    /// The shift is too small for the fraction bits of a level, or the mean needs over 16 bits.
    #[error("activity shift {0} is not in 3..=8, or needs a mean of over 16 bits")]
    Shift(u8),
    /// The start is above the largest mean.
    #[error("activity start {start} above {ceiling}")]
    Start {
        /// The start.
        start: u16,
        /// The largest mean.
        ceiling: u16,
    },
    /// More fraction bits of a level than there may be.
    #[error("activity fraction {0} is not in 0..={LEVEL_FRACTION}")]
    Fraction(u8),
    /// The thresholds do not rise, or the first is 0.
    #[error("activity thresholds do not rise from 1")]
    Thresholds,
}

/// How the running mean is computed, and how it selects a context.
#[derive(Clone, Debug, PartialEq, Eq)]
pub struct Activity {
    /// The mean's memory is `2^shift` samples, 3..=8.
    pub shift: u8,
    /// The mean before a channel's first sample.
    pub start: u16,
    /// Context `k` begins at level `thresholds[k - 1]`; they rise, from 1 to 255.
    pub thresholds: Vec<u8>,
    /// Fraction bits of a level, 0..=3: a level is `1 / 2^fraction` of a token.
    pub fraction: u8,
}

impl Activity {
    /// Checks the ranges against a window of `±window`.
    ///
    /// # Errors
    /// [`ActivityError`], when a field is out of range.
    pub fn validate(&self, window: u16) -> Result<(), ActivityError> {
        if !SHIFTS.contains(&self.shift) || (u32::from(window) + 1) << self.shift > 1 << u16::BITS {
            return Err(ActivityError::Shift(self.shift));
        }
        if self.start > self.ceiling(window) {
            let ceiling = self.ceiling(window);
            return Err(ActivityError::Start { start: self.start, ceiling });
        }
        if self.fraction > LEVEL_FRACTION {
            return Err(ActivityError::Fraction(self.fraction));
        }
        if self.thresholds.first() == Some(&0) || !self.thresholds.is_sorted_by(|a, b| a < b) {
            return Err(ActivityError::Thresholds);
        }
        Ok(())
    }

    /// Contexts: one more than thresholds.
    pub fn contexts(&self) -> usize {
        self.thresholds.len() + 1
    }

    /// The largest mean that can occur: at `m >> shift == window` it no longer grows.
    pub fn ceiling(&self, window: u16) -> u16 {
        (((u32::from(window) + 1) << self.shift) - 1) as u16
    }

    /// The mean after a sample at `offset` from its prediction.
    #[inline]
    pub fn next(&self, mean: u16, offset: i16, window: u16) -> u16 {
        mean + offset.unsigned_abs().min(window) - (mean >> self.shift)
    }

    /// The level of a running mean: its parts of a token, 255 at most.
    #[inline]
    pub fn level(&self, mean: u16) -> u8 {
        (mean >> (self.shift - self.fraction)).min(LEVELS as u16 - 1) as u8
    }

    /// The context of every level.
    pub fn contexts_by_level(&self) -> [u8; LEVELS] {
        core::array::from_fn(|level| {
            self.thresholds.partition_point(|&begin| usize::from(begin) <= level) as u8
        })
    }
}

#[cfg(test)]
mod tests {
    use super::*;

    fn activity(shift: u8, thresholds: &[u8]) -> Activity {
        let thresholds = thresholds.to_vec();
        Activity { shift, start: 0, thresholds, fraction: LEVEL_FRACTION }
    }

    #[test]
    fn the_mean_stays_between_zero_and_its_ceiling() {
        for (shift, window) in [(3, 1), (6, 32), (7, 64), (6, 512), (4, 100)] {
            let activity = activity(shift, &[]);
            let ceiling = activity.ceiling(window);
            for mean in 0..=ceiling {
                assert!(activity.next(mean, 511, window) <= ceiling);
                assert!(activity.next(mean, -512, window) <= ceiling);
                activity.next(mean, 0, window);
            }
        }
    }

    #[test]
    fn a_level_is_the_mean_in_eighths() {
        assert_eq!(activity(6, &[]).level(64 * 5 + 8), 41);
        assert_eq!(activity(3, &[]).level(77), 77);
        assert_eq!(activity(6, &[]).level(u16::MAX), 255);
        let coarse = Activity { fraction: 0, ..activity(6, &[]) };
        assert_eq!((coarse.level(64 * 5 + 8), coarse.level(64 * 200)), (5, 200));
    }

    #[test]
    fn a_context_begins_at_its_threshold() {
        let contexts = activity(6, &[1, 20, 255]).contexts_by_level();
        assert_eq!([0, 1, 19, 20, 254, 255].map(|level| contexts[level]), [0, 1, 1, 2, 2, 3]);
        assert_eq!(activity(6, &[]).contexts_by_level(), [0; LEVELS]);
    }

    #[test]
    fn values_out_of_range_are_refused() {
        use ActivityError::{Fraction, Shift, Start, Thresholds};
        assert_eq!(activity(6, &[3, 3]).validate(32), Err(Thresholds));
        assert_eq!(activity(6, &[0]).validate(32), Err(Thresholds));
        assert_eq!(activity(2, &[]).validate(32), Err(Shift(2)));
        assert_eq!(activity(8, &[]).validate(512), Err(Shift(8)));
        let fine = Activity { fraction: 4, ..activity(6, &[]) };
        assert_eq!(fine.validate(32), Err(Fraction(4)));
        let start = Activity { start: 64 * 33, ..activity(6, &[]) };
        assert_eq!(start.validate(32), Err(Start { start: 64 * 33, ceiling: 64 * 33 - 1 }));
        assert_eq!(activity(6, &[1, 2, 255]).validate(32), Ok(()));
    }
}
