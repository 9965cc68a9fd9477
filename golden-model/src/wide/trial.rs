//! **Trial**: what a run of the codec over a stretch saw, to choose and to train a set by.

use super::tiers::Counts;

/// What a run of the codec over a stretch saw.
#[derive(Clone, Debug)]
pub struct Trial {
    /// The weights, averaged over channels and time.
    pub weights: Vec<i16>,
    /// The level of the average activity.
    pub level: u8,
    /// The level of the first tokens' residuals.
    pub first_level: u8,
    /// Of each level.
    pub counts: Vec<Counts>,
}
