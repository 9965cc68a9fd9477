//! # CarryPacker
//!
//! ## Purpose
//! Collects codes of 0 to 31 bits, which may carry into the bits before, into words of 32 bits. Twin of
//! [`golden_model::range_coder::CarryPacker`].
//!
//! ## Ports
//! | port | direction | bits | meaning |
//! |---|---|---|---|
//! | `clock`, `aresetn` | in | 1 | reset drops every bit held |
//! | `valid`, `last` | in | 1 | a code is there; it ends its packet |
//! | `code`, `length` | in | 32, 5 | the code, right-aligned with zeros above its carry, and its number of bits; bit `length` is the carry |
//! | `word_valid`, `word_last` | out | 1 | a word is there; it ends its packet |
//! | `word` | out | 32 | the word, the first bit sent at bit 31; zeros when there is none |
//! | `word_bytes` | out | 2 | 3: every word counts whole |
//!
//! ## Latency and throughput
//! One clock; one code per clock. A word leaves when the next one is complete, the last two in the two clocks
//! behind the packet's last code. These may have the codes of the next packet: its first code fills no word, and its
//! second none that has to leave at once.
//!
//! ## How it works
//! ```text
//! rotate   right by held + length: the code goes on behind the bits held, and its carry meets the last of
//!          them; bits that do not fit wrap around to the top, where the next word begins
//! add      residue + what belongs to this word; its carry goes into the word that waits
//! fill     32 bits: the word that waited leaves, this one waits
//! ```
//! A word that waits takes a carry as long as it is not all ones. So behind a word of all ones the next one begins
//! with a zero that is no bit of the stream, which takes the carry. It is put in when the word becomes all ones:
//! when it is complete, or later, by a carry. In both cases all bits behind it move by one place. A carry that
//! makes a word all ones came through a residue of ones, which are zeros now: so this word is not all ones too.
//!
//! The golden model waits for 32 bits of the stream where here the zero counts too: words are the same, and may
//! come one code sooner.
//!
//! ## Waveform
//! A carry makes the word that waits all ones, so a zero is put in behind it; the tail leaves last:
//! ```text
#![doc = include_str!("../../../waveforms/packer.txt")]
//! ```
//!
//! ## Proofs
//! `testbench/proofs/packer.sv`, for any codes, gaps and packets: the words are those of a packer that keeps the
//! whole stream as one number; no carry is lost, none goes further than the word that waits; behind a packet
//! nothing is left.
//!
//! `testbench/tests/range_coder.rs`: random codes and carries.

use crate::block::{block, comment};
use rust_hdl::prelude::*;

/// Clocks from a code to the word that it sends on.
pub const LATENCY: usize = 1;

block! {
    /// Codes with carries to words.
    pub struct CarryPacker {
        /// The clock.
        pub clock: Signal<In, Clock>,
        /// Low: drop every bit held.
        pub aresetn: Signal<In, Bit>,
        /// A code is there.
        pub valid: Signal<In, Bit>,
        /// It ends its packet; no code follows at the next clock.
        pub last: Signal<In, Bit>,
        /// The code, right-aligned, its carry above.
        pub code: Signal<In, Bits<32>>,
        /// Bits of the code, 0..=31.
        pub length: Signal<In, Bits<5>>,

        /// A word is there.
        pub word_valid: Signal<Out, Bit>,
        /// It ends its packet.
        pub word_last: Signal<Out, Bit>,
        /// The word, its first bit at bit 31.
        pub word: Signal<Out, Bits<32>>,
        /// Bytes that count, less one.
        pub word_bytes: Signal<Out, Bits<2>>,

        rotator: Rotator,
        held: DFF<Bits<5>>,
        residue: DFF<Bits<32>>,
        waiting: DFF<Bits<32>>,
        has_waiting: DFF<Bit>,
        tail: DFF<Bits<32>>,
        has_tail: DFF<Bit>,
        ending: DFF<Bit>,
        tail_waits: DFF<Bit>,
        sent: DFF<Bits<32>>,
        sent_valid: DFF<Bit>,
        sent_last: DFF<Bit>,

        all_ones: Constant<Bits<32>> = Constant::new(Bits::<32>::mask()),
        all_but_one: Constant<Bits<32>> = Constant::new(0xffff_fffe.into()),
        filled: Signal<Local, Bits<6>>,
        count: Signal<Local, Bits<5>>,
        empty: Signal<Local, Bit>,
        first_bit: Signal<Local, Bits<32>>,
        placed: Signal<Local, Bits<32>>,
        this_side: Signal<Local, Bits<32>>,
        next_side: Signal<Local, Bits<32>>,
        this_word: Signal<Local, Bits<32>>,
        next_word: Signal<Local, Bits<32>>,
        low_held: Signal<Local, Bits<17>>,
        low_added: Signal<Local, Bits<17>>,
        low_sum: Signal<Local, Bits<17>>,
        high_held: Signal<Local, Bits<18>>,
        high_added: Signal<Local, Bits<18>>,
        high_sum: Signal<Local, Bits<18>>,
        high_placed: Signal<Local, Bits<32>>,
        sum: Signal<Local, Bits<32>>,
        carry: Signal<Local, Bits<32>>,
        carries: Signal<Local, Bit>,
        carried: Signal<Local, Bits<32>>,
        becomes_ones: Signal<Local, Bit>,
        is_ones: Signal<Local, Bit>,
        one_more: Signal<Local, Bits<5>>,
        is_full: Signal<Local, Bit>,
        ends_at_31: Signal<Local, Bit>,
        completes: Signal<Local, Bit>,
        this_sum: Signal<Local, Bits<32>>,
        next_held: Signal<Local, Bits<32>>,
        is_exact: Signal<Local, Bit>,
        next_residue: Signal<Local, Bits<32>>,
        next_count: Signal<Local, Bits<5>>,
        sends: Signal<Local, Bit>,
    }
}

/// Rotates right.
#[derive(LogicBlock, Default)]
struct Rotator {
    code: Signal<In, Bits<32>>,
    count: Signal<In, Bits<5>>,
    rotated: Signal<Out, Bits<32>>,
}

impl Logic for Rotator {
    fn update(&mut self) {
        let rotated = self.code.val().to_u32().rotate_right(self.count.val().to_u32());
        self.rotated.next = u64::from(rotated).into();
    }

    fn connect(&mut self) {
        self.rotated.connect();
    }

    fn hdl(&self) -> Verilog {
        let mut text = String::new();
        let mut from = "code".to_owned();
        for step in 0..5 {
            let (by, to) = (1 << step, format!("by_{step}"));
            let (low, high) = (by - 1, by);
            text += &format!(
                "wire [31:0] {to} = count[{step}] ? {{{from}[{low}:0], {from}[31:{high}]}} : {from};\n"
            );
            from = to;
        }
        Verilog::Custom(format!(
            "{text}// Kept: yosys would merge it with what follows, into wider LUTs.\n\
             (* keep *) wire [31:0] kept = {from};\n\
             always @(*) begin\n   rotated = kept;\nend"
        ))
    }
}

impl Logic for CarryPacker {
    #[hdl_gen]
    fn update(&mut self) {
        dff_setup!(self, clock, held, residue, waiting, has_waiting, tail, has_tail);
        dff_setup!(self, clock, ending, tail_waits, sent, sent_valid, sent_last);

        comment!("The code goes to its place.");
        self.filled.next =
            bit_cast::<6, 5>(self.held.q.val()) + bit_cast::<6, 5>(self.length.val());
        self.count.next = bit_cast::<5, 6>(self.filled.val());
        self.rotator.code.next = self.code.val();
        self.rotator.count.next = self.count.val();

        comment!(
            "With no bit held, the carry has gone around to the last place: it is the waiting word's."
        );
        self.empty.next = self.held.q.val() == 0;
        self.first_bit.next = self.rotator.rotated.val() & 1;
        self.placed.next = self.rotator.rotated.val();
        if self.empty.val() {
            self.placed.next = self.rotator.rotated.val() & self.all_but_one.val();
        }

        comment!("What belongs to this word is added to the bits held, in two halves.");
        self.this_side.next = (self.all_ones.val().index() >> self.count.val().index()).to_bits();
        if !self.filled.val().get_bit(5) {
            self.this_side.next = self.all_ones.val();
        }
        self.next_side.next = !self.this_side.val();
        self.this_word.next = self.placed.val() & self.this_side.val();
        self.next_word.next = self.placed.val() & self.next_side.val();
        self.low_held.next = (self.residue.q.val().index() & 0xffff).to_bits();
        self.low_added.next = (self.this_word.val().index() & 0xffff).to_bits();
        self.low_sum.next = self.low_held.val() + self.low_added.val();
        self.high_held.next = ((self.residue.q.val().index() >> 16) << 1).to_bits();
        self.high_added.next = ((self.this_word.val().index() >> 16) << 1).to_bits();
        if self.low_sum.val().get_bit(16) {
            self.high_held.next = (((self.residue.q.val().index() >> 16) << 1) | 1).to_bits();
            self.high_added.next = (((self.this_word.val().index() >> 16) << 1) | 1).to_bits();
        }
        self.high_sum.next = self.high_held.val() + self.high_added.val();
        self.high_placed.next = (((self.high_sum.val().index() >> 1) & 0xffff) << 16).to_bits();
        self.sum.next = self.high_placed.val() | (bit_cast::<32, 17>(self.low_sum.val()) & 0xffff);

        comment!("The carry goes into the word that waits.");
        self.carries.next = self.valid.val()
            & self.has_waiting.q.val()
            & (self.high_sum.val().get_bit(17) | (self.empty.val() & (self.first_bit.val() != 0)));
        self.carry.next = 0.into();
        if self.carries.val() {
            self.carry.next = 1.into();
        }
        self.carried.next = self.waiting.q.val() + self.carry.val();
        self.becomes_ones.next =
            self.carries.val() & (self.waiting.q.val() == self.all_but_one.val());

        comment!(
            "Behind a word of all ones, everything moves by a place: the one that waits, or this one, never both."
        );
        self.ends_at_31.next = self.becomes_ones.val() & (self.count.val() == 31);
        self.is_full.next = self.filled.val().get_bit(5) | self.ends_at_31.val();
        self.completes.next = self.valid.val() & self.is_full.val();
        self.is_exact.next =
            self.ends_at_31.val() | (!self.becomes_ones.val() & (self.count.val() == 0));
        self.is_ones.next = !self.becomes_ones.val() & (self.sum.val() == self.all_ones.val());
        self.this_sum.next = self.sum.val();
        self.one_more.next = 0.into();
        self.next_held.next = self.next_word.val();
        if self.is_ones.val() {
            self.one_more.next = 1.into();
            self.next_held.next = (self.next_word.val().index() >> 1).to_bits();
        }
        if self.becomes_ones.val() {
            self.one_more.next = 1.into();
            self.this_sum.next = (self.sum.val().index() >> 1).to_bits();
            self.next_held.next = ((self.next_word.val().index() >> 1)
                | ((self.sum.val().index() & 0x1) << 31))
                .to_bits();
        }
        self.next_count.next = self.count.val() + self.one_more.val();

        comment!("The word is complete, or its bits are held.");
        self.next_residue.next = self.this_sum.val();
        if self.is_full.val() {
            self.next_residue.next = self.next_held.val();
        }
        self.waiting.d.next = self.carried.val();
        if self.ending.q.val() {
            self.waiting.d.next = self.tail.q.val();
            self.has_waiting.d.next = false;
        }
        if self.completes.val() {
            self.waiting.d.next = self.this_sum.val();
            self.has_waiting.d.next = true;
        }
        if self.valid.val() {
            self.residue.d.next = self.next_residue.val();
            self.held.d.next = self.next_count.val();
            if self.last.val() {
                self.residue.d.next = 0.into();
                self.held.d.next = 0.into();
                self.tail.d.next = self.next_residue.val();
                self.has_tail.d.next = !self.completes.val() | !self.is_exact.val();
            }
        }

        comment!(
            "What leaves: the word that waited, behind a packet's last code the one that waits, and the tail."
        );
        self.ending.d.next = self.valid.val() & self.last.val() & self.aresetn.val();
        self.tail_waits.d.next = self.ending.q.val() & self.has_tail.q.val() & self.aresetn.val();
        self.sends.next = self.aresetn.val()
            & (self.tail_waits.q.val()
                | (self.has_waiting.q.val() & (self.completes.val() | self.ending.q.val())));
        self.sent_valid.d.next = self.sends.val();
        self.sent_last.d.next =
            self.tail_waits.q.val() | (self.ending.q.val() & !self.has_tail.q.val());
        self.sent.d.next = 0.into();
        if self.sends.val() {
            self.sent.d.next = self.carried.val();
        }
        if !self.aresetn.val() {
            self.held.d.next = 0.into();
            self.residue.d.next = 0.into();
            self.has_waiting.d.next = false;
        }
        self.word_valid.next = self.sent_valid.q.val();
        self.word_last.next = self.sent_last.q.val();
        self.word.next = self.sent.q.val();
        self.word_bytes.next = 3.into();
    }
}
