//! **Activity**: how busy a channel is, as a context for the tier coder.
//!
//! A running mean of the distance between token and prediction,
//! `m += min(|offset|, W) - (m >> shift)`, holds `2^shift` times the mean distance. The context is
//! its logarithm in steps of 1, 1/2 or 1/4 octave, shifted and clamped to the number of contexts.
//!
//! Distance rather than rank: it tells as much of what comes next (measured: the same ratio or a
//! little better), and it is known one memory access earlier.

/// How a running mean is made, and how it selects a context.
#[derive(Clone, Copy, Debug, PartialEq, Eq)]
pub struct Activity {
    /// Contexts, 1..=64.
    pub contexts: u8,
    /// The mean's memory is `2^shift` samples, 1..=8.
    pub shift: u8,
    /// The logarithm's steps per octave are `2^octave_bits`, 0..=2.
    pub octave_bits: u8,
    /// The step that is context 0, together with all below it.
    pub first_step: u8,
    /// The mean before a channel's first sample.
    pub start: u16,
}

impl Activity {
    /// No context at all: every sample is coded alike.
    pub const NONE: Activity =
        Activity { contexts: 1, shift: 6, octave_bits: 2, first_step: 0, start: 0 };

    /// Checks the ranges against a window of `±window`.
    ///
    /// # Errors
    /// The reason, when a field is out of range.
    pub fn validate(&self, window: u16) -> Result<(), String> {
        if !(1..=64).contains(&self.contexts) {
            return Err(format!("{} contexts, not 1..=64", self.contexts));
        }
        if !(1..=8).contains(&self.shift) || (u32::from(window) + 1) << self.shift > 1 << 16 {
            return Err(format!("activity shift {} needs a mean of over 16 bits", self.shift));
        }
        if self.octave_bits > 2 {
            return Err(format!("octave bits {}, not 0..=2", self.octave_bits));
        }
        if self.start > self.ceiling(window) {
            return Err(format!("activity start {} above {}", self.start, self.ceiling(window)));
        }
        Ok(())
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

    /// The step of the logarithm: plain form, `floor(2^octave_bits * log2(mean))`, with straight
    /// lines between the octaves.
    pub fn step(&self, mean: u16) -> u8 {
        let mean = u32::from(mean.max(1));
        let octave = mean.ilog2();
        // The bits below the leading one say how far into the octave.
        let inside = ((mean << self.octave_bits) >> octave) - (1 << self.octave_bits);
        ((octave << self.octave_bits) + inside) as u8
    }

    /// The context of a running mean.
    pub fn context(&self, mean: u16) -> u8 {
        self.context_of_step(self.step(mean))
    }

    /// The context of a step of the logarithm.
    pub fn context_of_step(&self, step: u8) -> u8 {
        step.saturating_sub(self.first_step).min(self.contexts - 1)
    }
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn the_mean_stays_between_zero_and_its_ceiling() {
        for (shift, window) in [(1, 1), (6, 32), (6, 64), (6, 512), (4, 100)] {
            let activity = Activity { shift, ..Activity::NONE };
            let ceiling = activity.ceiling(window);
            for mean in 0..=ceiling {
                assert!(activity.next(mean, 511, window) <= ceiling);
                assert!(activity.next(mean, -512, window) <= ceiling);
                activity.next(mean, 0, window);
            }
        }
    }

    #[test]
    fn steps_rise_by_one_at_most_once_an_octave_is_wide_enough() {
        for octave_bits in 0..=2 {
            let activity = Activity { octave_bits, ..Activity::NONE };
            for mean in 1 << octave_bits..u16::MAX {
                let (here, next) = (activity.step(mean), activity.step(mean + 1));
                assert!(next == here || next == here + 1, "{mean}: {here} {next}");
            }
            assert_eq!(activity.step(0), 0);
            assert_eq!(activity.step(1024), 10 << octave_bits);
        }
    }

    #[test]
    fn contexts_are_clamped_on_both_sides() {
        let activity = Activity { contexts: 8, first_step: 20, ..Activity::NONE };
        assert_eq!(activity.context(0), 0);
        assert_eq!(activity.context(1 << 5), 0);
        assert_eq!(activity.context(5 << 3), 1);
        assert_eq!(activity.context(u16::MAX), 7);
    }
}
