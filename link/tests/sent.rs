//! What is sent in the tests: a short stream, and what it was made of.

use golden_model::frames::Layout;
use golden_model::shipped;
use golden_model::synthetic::Synthetic;
use link::{StreamFormat, encode};

/// Channels, rounds of a frame, frames to a keyframe.
const LAYOUT: (usize, usize, u64) = (4, 5, 8);

pub fn format() -> StreamFormat {
    let (channels, rounds, interval) = LAYOUT;
    StreamFormat {
        profile: "test".into(),
        set: shipped("bigram-32").unwrap(),
        others: vec![],
        layout: Layout::new(channels, rounds, interval).unwrap().bound(),
        samples_per_s: 20_000.0,
    }
}

/// Samples of so many frames.
pub fn samples(frames: usize) -> Vec<i16> {
    let rounds = frames * LAYOUT.1;
    Synthetic::default().rounds(3, LAYOUT.0, rounds)
}

/// The frames as bytes.
pub fn frames(format: &StreamFormat, samples: &[i16]) -> Vec<Vec<u8>> {
    let bytes = |frame: Vec<u32>| frame.iter().flat_map(|word| word.to_be_bytes()).collect();
    encode(format, samples.iter().copied()).map(bytes).collect()
}
