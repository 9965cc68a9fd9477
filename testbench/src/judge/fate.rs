//! What a pipeline with frames was given, and what became of each frame.

/// The stream that a pipeline with frames was given.
pub trait Given {
    /// Frames of it.
    fn frames(&self) -> u64;

    /// Appends the samples of a frame; of one with misaligned rounds those up to the sample that
    /// reveals the first of them. Gives back how many rounds are misaligned.
    fn frame(&self, number: u64, samples: &mut Vec<i16>) -> usize;
}

/// The fate of a frame.
#[derive(Clone, Copy, Debug, PartialEq, Eq)]
pub enum Fate {
    /// Sent complete.
    Whole,
    /// Dropped after its header, with the broken mark.
    Broken,
    /// Dropped before its header.
    Unsent,
    /// Sent with something that it must not have.
    Wrong,
}
