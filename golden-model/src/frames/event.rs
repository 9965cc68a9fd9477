//! **Event**: what became of a frame, as the deframer tells it.

use core::ops::Range;

/// The fate of a frame.
#[derive(Clone, Debug, PartialEq, Eq)]
pub enum Event<'a> {
    /// A frame's samples, every one right.
    Samples {
        /// Its number.
        frame: u64,
        /// Its rounds, one after the other.
        samples: &'a [i16],
    },
    /// Frames whose samples are lost.
    Missing {
        /// Their numbers.
        frames: Range<u64>,
        /// The reason, as far as it is known.
        why: Loss,
    },
    /// Input that gave no samples.
    Refused(Refusal),
}

/// Why frames are missing.
#[derive(Clone, Copy, Debug, PartialEq, Eq)]
pub enum Loss {
    /// Nothing arrived instead.
    Lost,
    /// Damaged frames arrived, which may have been these.
    Damaged,
    /// Frames of another table set or another sender arrived instead.
    Foreign,
    /// The sender dropped the frame.
    Broken,
    /// They follow a lost frame and cannot be decoded, whether they arrived or not, until a
    /// keyframe comes.
    AwaitingKeyframe,
}

/// Why an input gave no samples.
#[derive(Clone, Copy, Debug, PartialEq, Eq)]
pub enum Refusal {
    /// Shorter or longer than any frame of this layout.
    Length {
        /// Its words.
        words: usize,
    },
    /// The CRC is not right.
    Damaged,
    /// The CRC is right, but there is no header of this format version.
    NoHeader,
    /// A keyframe of another table set.
    ForeignTables {
        /// The digest of its tables.
        digest: u32,
    },
    /// Dropped by the sender.
    Broken {
        /// Its number.
        frame: u64,
    },
    /// Repeated, later than its successor, or after a gap that is too long to identify it.
    Late {
        /// Its sequence number.
        sequence: u16,
    },
    /// A good frame, but the one before it is missing.
    AwaitingKeyframe {
        /// Its number.
        frame: u64,
    },
    /// The CRC is right, but the payload is not a frame of this layout: it is from another sender.
    Undecodable {
        /// Its number, if it belonged to this stream.
        frame: u64,
    },
    /// Bytes of a stream that belong to no frame.
    Skipped {
        /// How many.
        bytes: u64,
    },
}
