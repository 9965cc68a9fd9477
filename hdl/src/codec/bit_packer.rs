//! # BitPacker
//!
//! ## Purpose
//! Collects codes of 1 to 27 bits into words of 32 bits, most significant bit first, and fills the last
//! word of each packet with zeros. Twin of [`golden_model::bit_packer`].
//!
//! ## Ports
//! | port | direction | bits | meaning |
//! |---|---|---|---|
//! | `clock`, `aresetn` | in | 1 | reset drops every bit held |
//! | `valid`, `last` | in | 1 | a code is there; it ends its packet |
//! | `code`, `length` | in | 27, 5 | the code, right-aligned with zeros above, and its number of bits |
//! | `word_valid`, `word_last` | out | 1 | a word is there; it ends its packet |
//! | `word` | out | 32 | the word, the first bit sent at bit 31; zeros while no bit is held |
//! | `word_bytes` | out | 2 | number of bytes with code bits, minus one |
//!
//! ## Latency and throughput
//! Two clocks; one code per clock. **The clock after a packet's last code must have no code**: the
//! last code may complete one word and begin another, which leaves in this gap.
//!
//! ## How it works
//! ```text
//! stage 5  place    count = (held + length) mod 32; held + length >= 32 completes a word
//! stage 6  rotate   right by count: the code's last bit moves to its place in the word, and bits that
//!                   do not fit wrap around to the top, where the next word begins
//! stage 7  merge    residue | rotated, divided in two; the word leaves, the rest is the residue
//! ```
//! One 32-bit rotator between registers replaces a 64-bit shifter. When a word is completed, the top
//! `count` bits of the rotated code belong to the next word. A code leaves at least five of 32 bits free,
//! directly below these. So the division may be at the next lower multiple of four, which takes seven LUTs.
//! Without a code the rotated bits are zeros.
//!
//! ## Waveform
//! ```text
#![doc = include_str!("../../waveforms/bit_packer.txt")]
//! ```
//!
//! ## Proofs
//! `testbench/proofs/bit_packer.sv`, for any codes, gaps, packets and resets: each bit is output once,
//! as bit `n mod 32` of word `n / 32` if it is number `n` of its packet, and no later than three clocks
//! after its word was filled; a packet has exactly the words that its bits need, the last one filled
//! with zeros; the residue stays under 32 bits, with zeros after it. It assumes what is proved of the tier
//! coder and the pipelines: lengths of 1 to 27 with zeros above, and a gap after the last code.
//!
//! `testbench/tests/bit_packer.rs`: random codes, gaps and packet lengths; every pair of fill level
//! and length, with and without a flush.

use crate::block::{block, comment};
use rust_hdl::prelude::*;

/// Clocks from a code to the word that it completes.
pub const LATENCY: usize = 2;

block! {
    /// Codes to words.
    pub struct BitPacker {
        /// The clock.
        pub clock: Signal<In, Clock>,
        /// Low: drop every bit held.
        pub aresetn: Signal<In, Bit>,
        /// A code is there.
        pub valid: Signal<In, Bit>,
        /// It ends its packet; the next clock brings no code.
        pub last: Signal<In, Bit>,
        /// The code, right-aligned with zeros above.
        pub code: Signal<In, Bits<27>>,
        /// Bits of the code, 1..=27.
        pub length: Signal<In, Bits<5>>,

        /// A word is there.
        pub word_valid: Signal<Out, Bit>,
        /// It ends its packet.
        pub word_last: Signal<Out, Bit>,
        /// The word, its first bit at bit 31.
        pub word: Signal<Out, Bits<32>>,
        /// Bytes that hold code bits, less one.
        pub word_bytes: Signal<Out, Bits<2>>,

        held: DFF<Bits<5>>,
        s6_valid: DFF<Bit>,
        s6_last: DFF<Bit>,
        s6_code: DFF<Bits<27>>,
        s6_completes: DFF<Bit>,
        s7_valid: DFF<Bit>,
        s7_last: DFF<Bit>,
        s7_rotated: DFF<Bits<32>>,
        s7_count: DFF<Bits<5>>,
        s7_completes: DFF<Bit>,
        residue: DFF<Bits<32>>,
        flushing: DFF<Bit>,

        all_ones: Constant<Bits<32>> = Constant::new(Bits::<32>::mask()),
        top_cut: Constant<Bits<32>> = Constant::new(0x0fff_ffff.into()),
        filled: Signal<Local, Bits<6>>,
        count: Signal<Local, Bits<5>>,
        r0: Signal<Local, Bits<32>>,
        r1: Signal<Local, Bits<32>>,
        r2: Signal<Local, Bits<32>>,
        r3: Signal<Local, Bits<32>>,
        r4: Signal<Local, Bits<32>>,
        r5: Signal<Local, Bits<32>>,
        cut: Signal<Local, Bits<5>>,
        this_side: Signal<Local, Bits<32>>,
        next_side: Signal<Local, Bits<32>>,
        this_word: Signal<Local, Bits<32>>,
        next_word: Signal<Local, Bits<32>>,
        merged: Signal<Local, Bits<32>>,
        overflows: Signal<Local, Bit>,
        count_less_one: Signal<Local, Bits<5>>,
    }
}

impl Logic for BitPacker {
    #[hdl_gen]
    fn update(&mut self) {
        dff_setup!(self, clock, held, residue, flushing);
        dff_setup!(self, clock, s6_valid, s6_last, s6_code, s6_completes);
        dff_setup!(self, clock, s7_valid, s7_last, s7_rotated, s7_count, s7_completes);

        comment!("Stage 5: where the code goes.");
        self.filled.next =
            bit_cast::<6, 5>(self.held.q.val()) + bit_cast::<6, 5>(self.length.val());
        self.count.next = bit_cast::<5, 6>(self.filled.val());
        self.s6_valid.d.next = self.valid.val() & self.aresetn.val();
        if self.valid.val() {
            self.s6_last.d.next = self.last.val();
            self.s6_code.d.next = self.code.val();
            self.s6_completes.d.next = self.filled.val().get_bit(5);
            self.held.d.next = self.count.val();
        } else if self.s6_last.q.val() {
            comment!("The gap behind a packet: its count has been used.");
            self.held.d.next = 0.into();
        }

        comment!("Stage 6: rotate right by the count, one bit of it after the other.");
        self.r0.next = bit_cast::<32, 27>(self.s6_code.q.val());
        self.r1.next = self.r0.val();
        if self.held.q.val().get_bit(0) {
            self.r1.next =
                ((self.r0.val().index() >> 1) | ((self.r0.val().index() & 0x1) << 31)).to_bits();
        }
        self.r2.next = self.r1.val();
        if self.held.q.val().get_bit(1) {
            self.r2.next =
                ((self.r1.val().index() >> 2) | ((self.r1.val().index() & 0x3) << 30)).to_bits();
        }
        self.r3.next = self.r2.val();
        if self.held.q.val().get_bit(2) {
            self.r3.next =
                ((self.r2.val().index() >> 4) | ((self.r2.val().index() & 0xf) << 28)).to_bits();
        }
        self.r4.next = self.r3.val();
        if self.held.q.val().get_bit(3) {
            self.r4.next =
                ((self.r3.val().index() >> 8) | ((self.r3.val().index() & 0xff) << 24)).to_bits();
        }
        self.r5.next = self.r4.val();
        if self.held.q.val().get_bit(4) {
            self.r5.next = ((self.r4.val().index() >> 16)
                | ((self.r4.val().index() & 0xffff) << 16))
                .to_bits();
        }
        self.s7_valid.d.next = self.s6_valid.q.val() & self.aresetn.val();
        self.s7_rotated.d.next = 0.into();
        if self.s6_valid.q.val() & self.aresetn.val() {
            self.s7_rotated.d.next = self.r5.val();
        }
        if self.s6_valid.q.val() {
            self.s7_last.d.next = self.s6_last.q.val();
            self.s7_count.d.next = self.held.q.val();
            self.s7_completes.d.next = self.s6_completes.q.val();
        }

        comment!("Stage 7: merge. The cut is below the next word's bits, at a multiple of four.");
        self.cut.next = self.s7_count.q.val() & 28;
        self.this_side.next = (self.top_cut.val().index() >> self.cut.val().index()).to_bits();
        if !self.s7_completes.q.val() {
            self.this_side.next = self.all_ones.val();
        }
        self.next_side.next = !self.this_side.val();
        self.this_word.next = self.s7_rotated.q.val() & self.this_side.val();
        self.next_word.next = self.s7_rotated.q.val() & self.next_side.val();
        self.merged.next = self.residue.q.val() | self.this_word.val();
        self.overflows.next = self.s7_completes.q.val() & (self.s7_count.q.val() != 0);

        self.word.next = self.merged.val();
        self.word_valid.next = self.flushing.q.val()
            | (self.s7_valid.q.val() & (self.s7_completes.q.val() | self.s7_last.q.val()));
        self.word_last.next = self.flushing.q.val()
            | (self.s7_valid.q.val() & self.s7_last.q.val() & !self.overflows.val());
        comment!("Bytes of the last word: (count - 1) / 8 + 1, where a count of 0 is a full word.");
        self.count_less_one.next = self.s7_count.q.val() - 1;
        self.word_bytes.next = 3.into();
        if self.word_last.val() {
            self.word_bytes.next = (self.count_less_one.val().index() >> 3).to_bits();
        }

        self.flushing.d.next = false;
        if self.flushing.q.val() {
            self.residue.d.next = 0.into();
        }
        if self.s7_valid.q.val() {
            self.residue.d.next = self.merged.val();
            if self.s7_completes.q.val() {
                self.residue.d.next = self.next_word.val();
            }
            if self.s7_last.q.val() {
                self.flushing.d.next = self.overflows.val();
                if !self.overflows.val() {
                    self.residue.d.next = 0.into();
                }
            }
        }
        if !self.aresetn.val() {
            self.held.d.next = 0.into();
            self.residue.d.next = 0.into();
            self.flushing.d.next = false;
        }
    }
}
