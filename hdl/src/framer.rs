//! # Framer
//!
//! ## Purpose
//! Puts header and trailer around the words of each frame, so that a receiver can tell which frame
//! it has and whether it is whole. Without frames, words pass as they are.
//!
//! ## Ports
//! | port | direction | bits | meaning |
//! |---|---|---|---|
//! | `clock`, `aresetn` | in | 1 | reset: the next frame is number 0 and a keyframe |
//! | `code_valid` | in | 1 | the packer takes a code at this clock |
//! | `word_valid`, `word`, `word_bytes`, `word_last` | in | 1, 32, 2, 1 | as the packer gives them |
//! | `write`, `frame_word`, `frame_word_bytes`, `frame_word_last` | out | 1, 32, 2, 1 | for the FIFO |
//! | `frames` | out | 32 | frames sent whole since reset |
//!
//! ## Latency and throughput
//! None: a word passes in the clock in which it comes. **After a frame's last code, four clocks
//! must bring none**: its last words and the trailer go out then.
//!
//! ## How it works
//! ```text
//! header    {A5C, keyframe, version 1, sequence number of 16 bits}    with the frame's first code
//! tables    the table set's digest, in keyframes                      one clock later
//! payload   the packer's words, the last one filled with zeros        two clocks later at the least
//! trailer   CRC-32 of all words before it                             right after the last one
//! ```
//! A first code never completes a word by itself, and a word takes two clocks through the packer;
//! so header and digest need no place to wait.
//!
//! ## Waveform
//! A keyframe and the next frame, of one word each:
//! ```text
#![doc = include_str!("../waveforms/framer.txt")]
//! ```
//!
//! ## Proofs
//! `testbench/tests/framer.rs`: behind the packer, random frames and gaps against the format as it
//! is written above; `testbench/tests/frames.rs`: in the pipeline, in both simulators.

use crate::crc::Crc;
use rust_hdl::prelude::*;

/// What every header begins with.
pub const SYNC: u64 = 0xa5c;
/// The format version.
pub const VERSION: u64 = 1;

/// How a stream is cut into frames.
#[derive(Clone, Copy, Debug, PartialEq, Eq)]
pub struct Frames {
    /// Rounds of a frame, 1 to 256.
    pub rounds: usize,
    /// Frames from one keyframe to the next, 1 to 16384.
    pub keyframe_interval: usize,
}

impl Frames {
    /// Most rounds of a frame.
    pub const MAX_ROUNDS: usize = 256;
    /// Most frames from one keyframe to the next.
    pub const MAX_KEYFRAME_INTERVAL: usize = 1 << 14;

    /// Whether the hardware can count them.
    pub fn fit(self) -> bool {
        (1..=Self::MAX_ROUNDS).contains(&self.rounds)
            && (1..=Self::MAX_KEYFRAME_INTERVAL).contains(&self.keyframe_interval)
    }
}

/// Header and trailer around words.
#[derive(LogicBlock)]
pub struct Framer {
    /// The clock.
    pub clock: Signal<In, Clock>,
    /// Low: the next frame is number 0 and a keyframe.
    pub aresetn: Signal<In, Bit>,
    /// The packer takes a code.
    pub code_valid: Signal<In, Bit>,
    /// A word is there.
    pub word_valid: Signal<In, Bit>,
    /// The word.
    pub word: Signal<In, Bits<32>>,
    /// Bytes of it that hold code bits, less one.
    pub word_bytes: Signal<In, Bits<2>>,
    /// It ends its frame's payload, or its packet.
    pub word_last: Signal<In, Bit>,

    /// A word is there for the FIFO.
    pub write: Signal<Out, Bit>,
    /// The word.
    pub frame_word: Signal<Out, Bits<32>>,
    /// Bytes of it that count, less one.
    pub frame_word_bytes: Signal<Out, Bits<2>>,
    /// It ends its frame or its packet.
    pub frame_word_last: Signal<Out, Bit>,
    /// Frames sent whole since reset.
    pub frames: Signal<Out, Bits<32>>,

    crc: Crc,
    open: DFF<Bit>,
    digest_due: DFF<Bit>,
    trailer_due: DFF<Bit>,
    frame_number: DFF<Bits<32>>,
    since_keyframe: DFF<Bits<14>>,

    framed: Constant<Bit>,
    digest: Constant<Bits<32>>,
    last_since_keyframe: Constant<Bits<14>>,
    header_start: Constant<Bits<32>>,
    begins: Signal<Local, Bit>,
    is_keyframe: Signal<Local, Bit>,
    sequence_number: Signal<Local, Bits<32>>,
    header: Signal<Local, Bits<32>>,
    sent: Signal<Local, Bits<32>>,
}

impl Framer {
    /// The framer of a table set with this digest; without frames, words pass as they are.
    pub fn new(digest: u32, frames: Option<Frames>) -> Self {
        let interval = frames.map_or(1, |frames| frames.keyframe_interval);
        Self {
            clock: Default::default(),
            aresetn: Default::default(),
            code_valid: Default::default(),
            word_valid: Default::default(),
            word: Default::default(),
            word_bytes: Default::default(),
            word_last: Default::default(),
            write: Default::default(),
            frame_word: Default::default(),
            frame_word_bytes: Default::default(),
            frame_word_last: Default::default(),
            frames: Default::default(),
            crc: Default::default(),
            open: Default::default(),
            digest_due: Default::default(),
            trailer_due: Default::default(),
            frame_number: Default::default(),
            since_keyframe: Default::default(),
            framed: Constant::new(frames.is_some()),
            digest: Constant::new(u64::from(digest).into()),
            last_since_keyframe: Constant::new((interval - 1).to_bits()),
            header_start: Constant::new((SYNC << 20 | VERSION << 16).into()),
            begins: Default::default(),
            is_keyframe: Default::default(),
            sequence_number: Default::default(),
            header: Default::default(),
            sent: Default::default(),
        }
    }
}

impl Logic for Framer {
    #[hdl_gen]
    fn update(&mut self) {
        dff_setup!(self, clock, open, digest_due, trailer_due, frame_number, since_keyframe);
        clock!(self, clock, crc);

        self.begins.next = self.framed.val() & self.code_valid.val() & !self.open.q.val();
        self.is_keyframe.next = self.since_keyframe.q.val() == 0;
        self.sequence_number.next = (self.frame_number.q.val().index() & 0xffff).to_bits();
        self.header.next = self.header_start.val() | self.sequence_number.val();
        if self.is_keyframe.val() {
            self.header.next = self.header_start.val() | self.sequence_number.val() | 0x8_0000;
        }

        // At most one of these at a clock.
        self.sent.next = self.word.val();
        if self.begins.val() {
            self.sent.next = self.header.val();
        }
        if self.digest_due.q.val() {
            self.sent.next = self.digest.val();
        }
        self.crc.word.next = self.sent.val();
        self.crc.start.next = self.begins.val();
        self.crc.enable.next = self.framed.val()
            & (self.begins.val() | self.digest_due.q.val() | self.word_valid.val());
        self.frame_word.next = self.sent.val();
        if self.trailer_due.q.val() {
            self.frame_word.next = self.crc.crc.val();
        }
        self.write.next = self.word_valid.val()
            | self.begins.val()
            | self.digest_due.q.val()
            | self.trailer_due.q.val();
        self.frame_word_bytes.next = self.word_bytes.val();
        self.frame_word_last.next = self.word_last.val();
        if self.framed.val() {
            self.frame_word_bytes.next = 3.into();
            self.frame_word_last.next = self.trailer_due.q.val();
        }

        self.digest_due.d.next = self.begins.val() & self.is_keyframe.val();
        self.trailer_due.d.next = self.framed.val() & self.word_valid.val() & self.word_last.val();
        if self.begins.val() {
            self.open.d.next = true;
        }
        if self.trailer_due.q.val() {
            self.open.d.next = false;
            self.frame_number.d.next = self.frame_number.q.val() + 1;
            self.since_keyframe.d.next = self.since_keyframe.q.val() + 1;
            if self.since_keyframe.q.val() == self.last_since_keyframe.val() {
                self.since_keyframe.d.next = 0.into();
            }
        }
        if !self.aresetn.val() {
            self.open.d.next = false;
            self.digest_due.d.next = false;
            self.trailer_due.d.next = false;
            self.frame_number.d.next = 0.into();
            self.since_keyframe.d.next = 0.into();
        }
        self.frames.next = self.frame_number.q.val();
    }
}
