//! **Neighbours**: what the channels of a round tell those that come after them.
//!
//! Channels of a probe hear much the same, so how wrong the predictions of the two channels before were
//! says how wrong this one is going to be. A table set with neighbours adds three features to the
//! [predictor](crate::predictor)'s own:
//!
//! ```text
//! features    y[0], y[1]  the residuals of the nearest and of the next channel before, in this round
//!             y[2]        round(mean), a leaky mean of the residuals before the nearest
//! residual    token - prediction; 0 of a sample off the lattice
//! mean        mean += y[0] - round(mean) with each residual, kept times 8 with 3 fraction bits
//! ```
//!
//! A round begins with zeros: its first channel has no neighbour, its second one has one. The mean leaves
//! the nearest residual out, which has a weight of its own. So hardware that takes a sample per clock
//! waits for one product, that of the nearest residual; all else is there a clock before.

/// Residuals among the features.
pub const NEIGHBOURS: usize = 2;
/// Features: the residuals and their mean.
pub const NEIGHBOUR_FEATURES: usize = NEIGHBOURS + 1;
/// Shift of the leaky mean: over 8 channels.
pub const NEIGHBOUR_SHIFT: u32 = 3;

/// The channels of a round so far.
#[derive(Clone, Copy, Debug, Default, PartialEq, Eq)]
pub struct Round {
    /// The latest residuals, the nearest first.
    residuals: [i16; NEIGHBOURS],
    /// The leaky mean of those before the nearest, times 8.
    mean: i32,
}

impl Round {
    /// The features of the next channel.
    #[inline(always)]
    pub fn features(&self) -> [i16; NEIGHBOUR_FEATURES] {
        let [nearest, next] = self.residuals;
        [nearest, next, self.rounded_mean() as i16]
    }

    /// Takes the next channel's residual.
    #[inline(always)]
    pub fn add(&mut self, residual: i16) {
        let [nearest, _] = self.residuals;
        self.mean += i32::from(nearest) - self.rounded_mean();
        self.residuals = [residual, nearest];
    }

    fn rounded_mean(&self) -> i32 {
        (self.mean + (1 << (NEIGHBOUR_SHIFT - 1))) >> NEIGHBOUR_SHIFT
    }
}

#[cfg(test)]
mod tests {
    use super::*;
    use proptest::prelude::*;

    proptest! {
        #[test]
        fn the_mean_is_that_of_the_formula_and_stays_within_16_bits(
            residuals in prop::collection::vec(
                prop_oneof![any::<i16>(), Just(i16::MIN), Just(i16::MAX), -20i16..20],
                0..200,
            ),
        ) {
            let nearest = |x: f64| (x + 0.5).floor();
            let (mut round, mut mean) = (Round::default(), 0.0);
            let mut before = [0, 0];
            for residual in residuals {
                let features = [before[0], before[1], nearest(mean) as i16];
                prop_assert!((-32768.0..=32767.0).contains(&nearest(mean)));
                prop_assert_eq!(round.features(), features);
                mean += (f64::from(before[0]) - nearest(mean)) / 8.0;
                before = [residual, before[0]];
                round.add(residual);
            }
        }
    }
}
