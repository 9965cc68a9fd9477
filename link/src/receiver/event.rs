//! What a receiver finds out.

use core::ops::Range;

use golden_model::frames::Loss;

/// What the receiver found out. Rounds are counted from the first one of the recording; samples and
/// missing rounds follow each other without gap or overlap.
#[derive(Clone, Debug, PartialEq)]
pub enum Event<'a> {
    /// Rounds, one after the other, every sample right.
    Samples {
        /// The first one.
        round: u64,
        /// One sample of every channel in turn.
        samples: &'a [i16],
    },
    /// Rounds that are missing.
    Missing(Missing),
    /// The sender began anew; how long it was silent is not known, and time goes on where it was.
    Restarted {
        /// The first round after it.
        round: u64,
    },
}

/// Rounds that are missing.
#[derive(Clone, Debug, PartialEq, Eq)]
pub struct Missing {
    /// Which.
    pub rounds: Range<u64>,
    /// Of which frames, as their sender counts them.
    pub frames: Range<u64>,
    /// The reason, as far as it is known.
    pub why: Why,
}

/// Why rounds are missing.
#[derive(Clone, Copy, Debug, PartialEq, Eq, serde::Serialize)]
#[serde(rename_all = "kebab-case")]
pub enum Why {
    /// Nothing arrived instead.
    Lost,
    /// Something damaged arrived instead.
    Damaged,
    /// Something of another sender arrived instead.
    Foreign,
    /// The sender dropped the frame.
    Broken,
    /// They follow a missing frame, and cannot be decoded before the next keyframe.
    AwaitingKeyframe,
}

impl From<Loss> for Why {
    fn from(loss: Loss) -> Why {
        match loss {
            Loss::Lost => Why::Lost,
            Loss::Damaged => Why::Damaged,
            Loss::Foreign => Why::Foreign,
            Loss::Broken => Why::Broken,
            Loss::AwaitingKeyframe => Why::AwaitingKeyframe,
        }
    }
}
