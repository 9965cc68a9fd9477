//! **Frames**: the stream as it leaves an implant, so that no loss on the way makes a sample wrong.
//!
//! A *round* is one sample of every channel, in channel order; a *frame* is a fixed number of
//! rounds. At a *keyframe* every channel starts from its initial state. A frame is a sequence of
//! 32-bit words; as bytes, a word's most significant byte comes first.
//!
//! ```text
//! words   field      bits    meaning
//! 1       header     31:20   sync, 0xA5C
//!                    19      1: keyframe
//!                    18:16   format version, 1
//!                    15:0    sequence number: the frame's number modulo 65536
//! 1       tables     31:0    digest of the table set; keyframes only
//! 1..     payload            codes of the frame's rounds, first bit in bit 31; zeros fill the last word
//! 1       trailer    31:0    CRC-32 (IEEE) of all words before it; inverted: the frame was given up
//! ```
//!
//! Frame 0 is a keyframe, and so is every `keyframe_interval`-th after it. The sequence number
//! counts every frame, dropped ones too. A frame that the sender has to drop after its header (its
//! output was full) ends at once with all CRC bits inverted: the *broken mark*. It can never pass
//! for a good frame. A frame for whose header there was no room is not sent at all. The frame after
//! either is a keyframe, whatever its number; the regular keyframes stay where they are.
//!
//! # Example
//! Two channels, frames of two rounds, every second one a keyframe:
//!
//! ```
//! use golden_model::frames::{Deframer, Event, Framer, Layout};
//!
//! let set = golden_model::shipped("bigram-32").unwrap();
//! let layout = Layout::new(2, 2, 2)?;
//! let mut sent = Vec::new();
//! Framer::new(&set, layout).extend(&[159, -96, 95, -32, 287, -416, 95, -32], |frame| {
//!     sent.push(frame.to_vec());
//! });
//! //                    header       tables       payload      trailer
//! assert_eq!(sent[0], [0xa5c9_0000, 0xa2da_ff71, 0xa411_a000, 0xf723_3227]);
//! assert_eq!(sent[1], [0xa5c1_0001, /* none */  0x02cf_9800, 0x59e7_92ea]);
//!
//! let mut deframer = Deframer::new(&set, layout);
//! let mut received = Vec::new();
//! for frame in &sent {
//!     deframer.push(frame, |event| match event {
//!         Event::Samples { frame, samples } => received.push((frame, samples.to_vec())),
//!         other => panic!("{other:?}"),
//!     });
//! }
//! assert_eq!(received, [(0, vec![159, -96, 95, -32]), (1, vec![287, -416, 95, -32])]);
//! # Ok::<(), golden_model::frames::LayoutError>(())
//! ```
//!
//! # What can be known of a frame's time
//! The 16-bit sequence number identifies a frame only if fewer than 32,768 frames in a row were
//! silent (half a minute of frames of 1 ms). A dropped frame, or one that waits for a keyframe, is
//! not silent. After a longer gap the deframer takes a frame for a *late* one and refuses it until
//! the numbers come round; from 65,536 on it would be placed 65,536 frames too early. A receiver
//! that cannot rule out such a gap needs a clock, and tells the deframer with [`Deframer::expect`]
//! which frame to expect.
//!
//! # What can be known of a frame's origin
//! Only a keyframe names its tables, and no frame names its layout. A frame of another sender with
//! the expected sequence number, a right CRC and a payload that happens to be decodable cannot be
//! told from the true one; with small frames that is likely. [`Layout::bound`] closes that gap
//! without extra bits: the CRC then begins as if the digest of the table set, the number of
//! channels and the rounds of a frame had been sent before the header, three words, and a foreign
//! frame looks damaged. In hardware it is another reset value of the CRC register,
//! `!`[`Layout::crc_start`].

mod deframer;
mod framer;
mod stream;

pub use deframer::{Deframer, Event, Loss, Refusal};
pub use framer::Framer;
pub use stream::Reader;

use crate::table_set::TableSet;

/// The format version that is sent, and the only one that is accepted.
pub const VERSION: u32 = 1;
/// The first bits of every header.
pub const SYNC: u32 = 0xa5c;
/// Most samples in a frame: 256 rounds of 1024 channels.
pub const MAX_SAMPLES: usize = 1 << 18;
/// Most frames from one keyframe to the next, so that the one after a lost keyframe still has a
/// place in time.
pub const MAX_KEYFRAME_INTERVAL: u64 = 1 << 14;

/// Why a layout is invalid.
#[derive(Clone, Copy, Debug, PartialEq, Eq, thiserror::Error)]
pub enum LayoutError {
    /// No samples, or too many.
    #[error("a frame of {0} rounds of {1} channels does not hold 1 to {MAX_SAMPLES} samples")]
    Samples(usize, usize),
    /// No keyframes, or too rare.
    #[error("a keyframe every {0} frames is not every 1 to {MAX_KEYFRAME_INTERVAL}")]
    KeyframeInterval(u64),
}

/// What sender and receiver agree on, besides the table set.
#[derive(Clone, Copy, Debug, PartialEq, Eq)]
pub struct Layout {
    channels: usize,
    frame_rounds: usize,
    keyframe_interval: u64,
    bound: bool,
}

impl Layout {
    /// Frames of `frame_rounds` rounds of `channels` channels, every `keyframe_interval`-th a
    /// keyframe. 19 rounds take 1 ms at 19531 rounds per second.
    ///
    /// # Errors
    /// When a number is zero or too large.
    pub fn new(
        channels: usize,
        frame_rounds: usize,
        keyframe_interval: u64,
    ) -> Result<Layout, LayoutError> {
        let samples = channels.checked_mul(frame_rounds);
        if !samples.is_some_and(|samples| (1..=MAX_SAMPLES).contains(&samples)) {
            return Err(LayoutError::Samples(frame_rounds, channels));
        }
        if !(1..=MAX_KEYFRAME_INTERVAL).contains(&keyframe_interval) {
            return Err(LayoutError::KeyframeInterval(keyframe_interval));
        }
        Ok(Layout { channels, frame_rounds, keyframe_interval, bound: false })
    }

    /// The same, with every CRC bound to table set and layout: see [the module](self).
    pub fn bound(self) -> Layout {
        Layout { bound: true, ..self }
    }

    /// Channels of a round.
    pub fn channels(&self) -> usize {
        self.channels
    }

    /// Rounds of a frame.
    pub fn frame_rounds(&self) -> usize {
        self.frame_rounds
    }

    /// Frames from one keyframe to the next.
    pub fn keyframe_interval(&self) -> u64 {
        self.keyframe_interval
    }

    /// Samples of a frame.
    pub fn frame_samples(&self) -> usize {
        self.channels * self.frame_rounds
    }

    /// Whether this frame is a keyframe even if the one before it was sent whole.
    pub fn is_keyframe(&self, frame: u64) -> bool {
        frame.is_multiple_of(self.keyframe_interval)
    }

    /// Most words of a frame: a keyframe in which every sample takes the longest code.
    pub fn max_words(&self, set: &TableSet) -> usize {
        3 + (self.frame_samples() * usize::from(set.longest_code())).div_ceil(32)
    }

    /// The CRC before a frame's first word: of nothing, which is 0; of digest, channels and rounds
    /// when the layout is [`bound`](Self::bound).
    pub fn crc_start(&self, set: &TableSet) -> u32 {
        match self.bound {
            true => crc(0, &[set.digest(), self.channels as u32, self.frame_rounds as u32]),
            false => 0,
        }
    }
}

/// The first word of a frame.
#[derive(Clone, Copy, Debug, PartialEq, Eq)]
pub struct Header {
    /// Whether channels start from their initial state.
    pub keyframe: bool,
    /// The frame's number modulo 65536.
    pub sequence: u16,
}

impl Header {
    /// As it is sent.
    pub fn word(self) -> u32 {
        SYNC << 20 | u32::from(self.keyframe) << 19 | VERSION << 16 | u32::from(self.sequence)
    }

    /// Reads it; `None` for any other word.
    pub fn read(word: u32) -> Option<Header> {
        let keyframe = word >> 19 & 1 == 1;
        (word >> 20 == SYNC && word >> 16 & 7 == VERSION)
            .then_some(Header { keyframe, sequence: word as u16 })
    }
}

/// The CRC-32 of all that `start` is the CRC of, and `words` after it.
pub fn crc(start: u32, words: &[u32]) -> u32 {
    const AT_ONCE: usize = 64;
    let mut hasher = crc32fast::Hasher::new_with_initial(start);
    let mut bytes = [0; 4 * AT_ONCE];
    for words in words.chunks(AT_ONCE) {
        for (place, word) in bytes.chunks_exact_mut(4).zip(words) {
            place.copy_from_slice(&word.to_be_bytes());
        }
        hasher.update(&bytes[..4 * words.len()]);
    }
    hasher.finalize()
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn the_crc_is_that_of_the_bytes() {
        let words: Vec<u32> = (0..200).map(|n: u32| n.wrapping_mul(0x9e37_79b9)).collect();
        let bytes: Vec<u8> = words.iter().flat_map(|word| word.to_be_bytes()).collect();
        assert_eq!(crc(0, &words), crc32fast::hash(&bytes));
        assert_eq!(crc(crc(0, &words[..77]), &words[77..]), crc(0, &words));
        // "1234" and "5678" are bytes in their order; the check value is that of any CRC-32.
        assert_eq!(crc(0, &[0x3132_3334, 0x3536_3738]), crc32fast::hash(b"12345678"));
    }

    #[test]
    fn headers_are_told_from_other_words() {
        for keyframe in [false, true] {
            for sequence in [0, 1, 0x8000, 0xffff] {
                let header = Header { keyframe, sequence };
                assert_eq!(Header::read(header.word()), Some(header));
                for bit in 16..32 {
                    let other = Header::read(header.word() ^ 1 << bit);
                    assert_eq!(other.is_some(), bit == 19, "bit {bit}");
                }
            }
        }
        assert_eq!(Header { keyframe: true, sequence: 0x1234 }.word(), 0xa5c9_1234);
    }

    #[test]
    fn a_layout_has_limits() {
        assert!(Layout::new(1024, 256, MAX_KEYFRAME_INTERVAL).is_ok());
        assert_eq!(Layout::new(1024, 257, 1), Err(LayoutError::Samples(257, 1024)));
        for (channels, rounds) in [(0, 1), (1, 0), (usize::MAX, 2)] {
            assert_eq!(
                Layout::new(channels, rounds, 1),
                Err(LayoutError::Samples(rounds, channels))
            );
        }
        for interval in [0, MAX_KEYFRAME_INTERVAL + 1] {
            assert_eq!(Layout::new(1, 1, interval), Err(LayoutError::KeyframeInterval(interval)));
        }
    }

    #[test]
    fn a_bound_crc_distinguishes_table_sets_and_layouts() {
        let [one, other] = ["bigram-32", "bigram-128"].map(|n| crate::shipped(n).unwrap());
        let layout = |channels, rounds| Layout::new(channels, rounds, 4).unwrap();
        assert_eq!(layout(2, 6).crc_start(&one), 0);
        let start = layout(2, 6).bound().crc_start(&one);
        assert_ne!(start, layout(3, 4).bound().crc_start(&one));
        assert_ne!(start, layout(2, 6).bound().crc_start(&other));
        assert_eq!(start, crc(0, &[one.digest(), 2, 6]));
    }
}
