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
//! 1       trailer    31:0    CRC-32 (IEEE) of all words before it; inverted: the frame was dropped
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
//! use tierwire_codec::frames::{Deframer, Event, Framer, Layout};
//!
//! let set = tierwire_codec::shipped("bigram-32").unwrap();
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
//! # Ok::<(), tierwire_codec::frames::LayoutError>(())
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
mod event;
mod framer;
mod header;
mod layout;
mod stream;

pub use deframer::Deframer;
pub use event::{Event, Loss, Refusal};
pub use framer::Framer;
pub use header::{Header, SYNC, VERSION, crc};
pub use layout::{Layout, LayoutError, MAX_KEYFRAME_INTERVAL, MAX_SAMPLES};
pub use stream::Reader;
