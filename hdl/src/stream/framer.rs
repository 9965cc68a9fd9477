//! # Framer
//!
//! ## Purpose
//! Puts header and trailer around the words of each frame, so that a receiver can identify a frame and
//! check that it is whole. Drops a frame for which the output has no room, or whose samples are
//! misaligned. Without frames, words pass unchanged.
//!
//! ## Ports
//! | port | direction | bits | meaning |
//! |---|---|---|---|
//! | `clock`, `aresetn` | in | 1 | reset: the next frame is number 0 and a keyframe |
//! | `code_valid` | in | 1 | the packer takes a code at this clock |
//! | `misaligned_round` | in | 1 | drop the current frame, see [`rounds`](crate::stream::rounds) |
//! | `word_valid`, `word`, `word_bytes`, `word_last` | in | 1, 32, 2, 1 | from the packer; `word` is zero when a frame begins and at the next clock |
//! | `room` | in | 1 | the FIFO has room for this word and three more |
//! | `digest`, `crc_start` | in | 32 | of the table set: what a keyframe says, and where CRCs start; they stand while a frame is under way |
//! | `write`, `frame_word`, `frame_word_bytes`, `frame_word_last` | out | 1, 32, 2, 1 | to the FIFO |
//! | `keyframe` | out | 1 | the current frame, or the next one, is a keyframe |
//! | `frame_over` | out | 1 | its last word is there; the next frame may begin |
//! | `frames` | out | 16 | frames completed or dropped since reset, modulo 65536: the next sequence number |
//! | `broken_frames` | out | 16 | frames dropped after their header, modulo 65536 |
//! | `overruns` | out | 16 | frames dropped before any of it was sent, modulo 65536 |
//!
//! ## Latency and throughput
//! One clock, trailer and mark two. After a frame's last code there must be no code until `frame_over`.
//!
//! ## How it works
//! ```text
//! header    {A5C, keyframe, version 1, sequence number of 16 bits}    with the frame's first code
//! tables    the table set's digest, in keyframes                      one clock later
//! payload   the packer's words, the last one filled with zeros        two clocks later at the least
//! trailer   CRC-32 of all words before it                             two clocks after the last one
//! ```
//! A first code never completes a word by itself, and a word takes two clocks through the packer, so
//! header and digest need no buffer. The packer's word is zero at that time, so they need no multiplexer
//! either. What goes out waits a clock in a register, so FIFO and CRC see each word once, and not the
//! packer's residue at every clock.
//!
//! A frame never waits for room. It begins, and continues by a word, only if the FIFO has four free
//! words, so there is always one for the trailer.
//!
//! | when | what happens | counted in |
//! |---|---|---|
//! | no room for the next word, or `misaligned_round` | the trailer is sent now, inverted: the *broken mark*; the rest of the frame is discarded | `broken_frames` |
//! | no room at the frame's first code | the whole frame is discarded | `overruns` |
//!
//! The frame after either is a keyframe, so the loss ends with the first frame that has room. The
//! CRC starts with the digest of the table set and the layout ([`golden_model::frames::Layout::bound`]).
//!
//! ## Waveform
//! A keyframe and the next frame, of one word each:
//! ```text
#![doc = include_str!("../../waveforms/framer.txt")]
//! ```
//! A keyframe without room for its word, and the next frame, which is therefore a keyframe:
//! ```text
#![doc = include_str!("../../waveforms/framer_gives_up.txt")]
//! ```
//!
//! ## Proofs
//! `testbench/proofs/frames.sv`, in the pipelines of the shipped profiles and a small one, for any
//! samples, sink and resets: a frame that is begun ends once, with its CRC if all its words went into
//! the FIFO and all its rounds had the right length, with the broken mark otherwise; no word of a frame
//! follows its mark; a frame after a loss is a keyframe; every loss is counted; the FIFO never overflows.
//!
//! `testbench/tests/framer.rs`: after the packer, random frames, gaps and room against the format as
//! written above; `testbench/tests/frames.rs`: in the pipeline, in both simulators.

use crate::block::{block, comment};
use crate::stream::crc::Crc;
use golden_model::frames::{self, Layout, SYNC, VERSION};
use rust_hdl::prelude::*;

/// Clocks from a word to the FIFO.
pub const LATENCY: usize = 1;

/// How a stream is cut into frames.
#[derive(Clone, Copy, Debug, PartialEq, Eq)]
pub struct Frames {
    /// Rounds of a frame, 1 to 256.
    pub rounds: usize,
    /// Frames from one keyframe to the next, a power of two from 1 to 16384: so the sequence number
    /// alone says when one is due.
    pub keyframe_interval: usize,
}

impl Frames {
    /// Most rounds of a frame.
    pub const MAX_ROUNDS: usize = 256;
    /// Most frames from one keyframe to the next.
    pub const MAX_KEYFRAME_INTERVAL: usize = frames::MAX_KEYFRAME_INTERVAL as usize;

    /// Whether the hardware can count them.
    pub fn fit(self) -> bool {
        (1..=Self::MAX_ROUNDS).contains(&self.rounds)
            && (1..=Self::MAX_KEYFRAME_INTERVAL).contains(&self.keyframe_interval)
            && self.keyframe_interval.is_power_of_two()
    }

    /// What a receiver has to know: its CRCs are bound to table set and layout.
    ///
    /// # Panics
    /// Unless these frames fit and there are 1 to 1024 channels.
    pub fn layout(self, channels: usize) -> Layout {
        let layout = Layout::new(channels, self.rounds, self.keyframe_interval as u64);
        layout.expect("frames that fit have a layout").bound()
    }
}

block! {
    /// Header and trailer around words.
    pub struct Framer {
        /// The clock.
        pub clock: Signal<In, Clock>,
        /// Low: the next frame is number 0 and a keyframe.
        pub aresetn: Signal<In, Bit>,
        /// The packer takes a code.
        pub code_valid: Signal<In, Bit>,
        /// The current frame must be dropped.
        pub misaligned_round: Signal<In, Bit>,
        /// A word is there.
        pub word_valid: Signal<In, Bit>,
        /// The word.
        pub word: Signal<In, Bits<32>>,
        /// Bytes of it that hold code bits, less one.
        pub word_bytes: Signal<In, Bits<2>>,
        /// It ends its frame's payload, or its packet.
        pub word_last: Signal<In, Bit>,
        /// The FIFO takes this word and three more.
        pub room: Signal<In, Bit>,
        /// Digest of the table set.
        pub digest: Signal<In, Bits<32>>,
        /// Where the CRC of a frame starts, as [`start_of`](crate::stream::crc::start_of) makes it.
        pub crc_start: Signal<In, Bits<32>>,

        /// A word is there for the FIFO.
        pub write: Signal<Out, Bit>,
        /// The word.
        pub frame_word: Signal<Out, Bits<32>>,
        /// Bytes of it that count, less one.
        pub frame_word_bytes: Signal<Out, Bits<2>>,
        /// It ends its frame or its packet.
        pub frame_word_last: Signal<Out, Bit>,
        /// The frame under way, or the next one, is a keyframe.
        pub keyframe: Signal<Out, Bit>,
        /// The last word of the frame under way is there.
        pub frame_over: Signal<Out, Bit>,
        /// Frames that are over since reset, modulo 65536.
        pub frames: Signal<Out, Bits<16>>,
        /// Those dropped after their header.
        pub broken_frames: Signal<Out, Bits<16>>,
        /// Those dropped before any of it was sent.
        pub overruns: Signal<Out, Bits<16>>,

        crc: Crc,
        open: DFF<Bit>,
        dropping: DFF<Bit>,
        condemned: DFF<Bit>,
        was_lost: DFF<Bit>,
        digest_due: DFF<Bit>,
        trailer_due: DFF<Bit>,
        frame_number: DFF<Bits<16>>,
        broken_count: DFF<Bits<16>>,
        overrun_count: DFF<Bits<16>>,
        sent: DFF<Bits<32>>,
        sent_bytes: DFF<Bits<2>>,
        sent_last: DFF<Bit>,
        goes: DFF<Bit>,
        closes: DFF<Bit>,
        marks: DFF<Bit>,
        closed: DFF<Bit>,

        framed: Constant<Bit> = Constant::new(frames.is_some()),
        keyframe_mask: Constant<Bits<16>> = Constant::new((interval - 1).to_bits()),
        header_start: Constant<Bits<32>> = Constant::new(u64::from(SYNC << 20 | VERSION << 16).into()),
        since_keyframe: Signal<Local, Bits<16>>,
        is_keyframe: Signal<Local, Bit>,
        begins: Signal<Local, Bit>,
        header_goes: Signal<Local, Bit>,
        word_goes: Signal<Local, Bit>,
        mark_goes: Signal<Local, Bit>,
        over: Signal<Local, Bit>,
        sequence_number: Signal<Local, Bits<32>>,
        header: Signal<Local, Bits<32>>,
        tables: Signal<Local, Bits<32>>,
        sends: Signal<Local, Bit>,
        ends: Signal<Local, Bit>,
    }

    /// The framer; without frames, words pass as they are.
    pub fn new(frames: Option<Frames>) -> Self {
        let interval = frames.map_or(1, |frames| frames.keyframe_interval);
    }
}

impl Logic for Framer {
    #[hdl_gen]
    fn update(&mut self) {
        dff_setup!(self, clock, open, dropping, condemned, was_lost, digest_due, trailer_due);
        dff_setup!(self, clock, frame_number, broken_count, overrun_count);
        dff_setup!(self, clock, sent, sent_bytes, sent_last, goes, closes, marks, closed);
        clock!(self, clock, crc);

        comment!("What is to go out: at most one of header, digest, word, trailer and mark.");
        self.begins.next =
            self.framed.val() & self.code_valid.val() & !self.open.q.val() & !self.dropping.q.val();
        self.header_goes.next = self.begins.val() & self.room.val();
        self.mark_goes.next = self.open.q.val()
            & !self.digest_due.q.val()
            & (self.condemned.q.val() | (self.word_valid.val() & !self.room.val()));
        self.word_goes.next = self.word_valid.val()
            & (!self.framed.val() | (self.open.q.val() & !self.mark_goes.val()));
        self.over.next = self.framed.val() & self.word_valid.val() & self.word_last.val();
        self.sends.next = self.header_goes.val() | self.digest_due.q.val() | self.word_goes.val();
        self.ends.next = self.trailer_due.q.val() | self.mark_goes.val();

        self.since_keyframe.next = self.frame_number.q.val() & self.keyframe_mask.val();
        self.is_keyframe.next = (self.since_keyframe.val() == 0) | self.was_lost.q.val();
        comment!("The packer's word is zero while header or digest goes out.");
        self.sequence_number.next = bit_cast::<32, 16>(self.frame_number.q.val());
        self.header.next = 0.into();
        if self.begins.val() {
            self.header.next = self.header_start.val() | self.sequence_number.val();
            if self.is_keyframe.val() {
                self.header.next = self.header_start.val() | self.sequence_number.val() | 0x8_0000;
            }
        }
        self.tables.next = 0.into();
        if self.digest_due.q.val() {
            self.tables.next = self.digest.val();
        }
        if self.sends.val() {
            self.sent.d.next = self.word.val() | self.header.val() | self.tables.val();
            self.sent_bytes.d.next = self.word_bytes.val();
            self.sent_last.d.next = self.word_last.val();
        } else if self.ends.val() {
            self.sent.d.next = 0.into();
        }
        self.goes.d.next = (self.sends.val() | self.ends.val()) & self.aresetn.val();
        self.closes.d.next = self.ends.val() & self.aresetn.val();
        if self.ends.val() {
            self.marks.d.next = self.mark_goes.val();
        }

        comment!(
            "It goes out a clock later; trailer and mark one more, behind the zero that the CRC wants."
        );
        self.crc.word.next = self.sent.q.val();
        self.crc.enable.next = self.goes.q.val();
        self.crc.restart.next = self.begins.val();
        self.crc.from.next = self.crc_start.val();
        self.closed.d.next = self.closes.q.val() & self.aresetn.val();
        self.write.next = (self.goes.q.val() & !self.closes.q.val()) | self.closed.q.val();
        self.frame_word.next = self.sent.q.val();
        if self.closed.q.val() {
            self.frame_word.next = self.crc.crc.val();
            if self.marks.q.val() {
                self.frame_word.next = !self.crc.crc.val();
            }
        }
        self.frame_word_bytes.next = self.sent_bytes.q.val();
        self.frame_word_last.next = self.sent_last.q.val();
        if self.framed.val() {
            self.frame_word_bytes.next = 3.into();
            self.frame_word_last.next = self.closed.q.val();
        }

        comment!("How the frame ends.");
        self.digest_due.d.next = self.header_goes.val() & self.is_keyframe.val();
        self.trailer_due.d.next = self.framed.val() & self.word_goes.val() & self.word_last.val();
        if self.begins.val() {
            self.open.d.next = self.room.val();
            self.dropping.d.next = !self.room.val();
            if !self.room.val() {
                self.overrun_count.d.next = self.overrun_count.q.val() + 1;
            }
        }
        if self.mark_goes.val() {
            self.open.d.next = false;
            self.dropping.d.next = true;
            self.broken_count.d.next = self.broken_count.q.val() + 1;
        }
        if self.over.val() {
            self.open.d.next = false;
            self.dropping.d.next = false;
            self.was_lost.d.next = !self.word_goes.val();
            self.frame_number.d.next = self.frame_number.q.val() + 1;
        }
        if self.misaligned_round.val() {
            self.condemned.d.next = true;
        }
        if self.over.val() {
            self.condemned.d.next = false;
        }
        if !self.aresetn.val() {
            self.open.d.next = false;
            self.dropping.d.next = false;
            self.condemned.d.next = false;
            self.was_lost.d.next = false;
            self.digest_due.d.next = false;
            self.trailer_due.d.next = false;
            self.frame_number.d.next = 0.into();
            self.broken_count.d.next = 0.into();
            self.overrun_count.d.next = 0.into();
        }
        self.keyframe.next = self.is_keyframe.val();
        self.frame_over.next = self.over.val();
        self.frames.next = self.frame_number.q.val();
        self.broken_frames.next = self.broken_count.q.val();
        self.overruns.next = self.overrun_count.q.val();
    }
}
