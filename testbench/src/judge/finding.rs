//! What can be wrong with frames.

use golden_model::frames::Loss;
use hdl::Status;

/// Something that is wrong.
#[derive(Clone, Debug, PartialEq, Eq, thiserror::Error)]
pub enum Finding {
    /// A frame, at the first word that differs from the golden model's.
    #[error("frame {frame}, word {at}: {sent:x?} instead of {right:x?}")]
    OtherWord {
        /// The frame.
        frame: u64,
        /// The place in it.
        at: usize,
        /// The word; none if the frame ends before it.
        sent: Option<u32>,
        /// The golden model's.
        right: Option<u32>,
    },
    /// A frame's last word.
    #[error("frame {frame}: {bytes} bytes in its last word")]
    ShortWord {
        /// The frame.
        frame: u64,
        /// Bytes that `tkeep` selects.
        bytes: u8,
    },
    /// More words than the bound.
    #[error("frame {frame}: {words} words")]
    TooLong {
        /// The frame.
        frame: u64,
        /// Its words.
        words: usize,
    },
    /// A frame that nobody expects.
    #[error("a frame too many, of {words} words")]
    Unexpected {
        /// Its words.
        words: usize,
    },
    /// The last word is not the last one of a frame.
    #[error("the last frame has no end")]
    NoEnd,
    /// A receiver got other samples than were sent.
    #[error("frame {frame}: wrong samples were received")]
    WrongSamples {
        /// The frame.
        frame: u64,
    },
    /// A receiver got frames out of turn, or twice.
    #[error("frame {frame}: received when it was the turn of {due}")]
    OutOfTurn {
        /// The frame.
        frame: u64,
        /// The frame to be accounted for next.
        due: u64,
    },
    /// A receiver did not get a frame without need.
    #[error("frame {frame}: missing without need ({why:?})")]
    Withheld {
        /// The frame.
        frame: u64,
        /// What the receiver says of it.
        why: Option<Loss>,
    },
    /// A receiver got the samples of a frame that was dropped.
    #[error("frame {frame}: received, though it was dropped")]
    Accepted {
        /// The frame.
        frame: u64,
    },
    /// A receiver did not account for the last frames.
    #[error("frames from {from} on are not accounted for")]
    Unaccounted {
        /// The first of them.
        from: u64,
    },
    /// The input stopped.
    #[error("{taken} samples of {offered} were taken")]
    NotTaken {
        /// Samples taken.
        taken: usize,
        /// Samples offered.
        offered: usize,
    },
    /// The counters.
    #[error("{shown:?} instead of {right:?}")]
    Counters {
        /// As the hardware shows them.
        shown: Status,
        /// As they are right.
        right: Status,
    },
}
