//! # RangeEncoder
//!
//! ## Purpose
//! Narrows the interval to a part of it, and says which bits are settled by that. Twin of
//! [`golden_model::range_coder::RangeEncoder`].
//!
//! ## Ports
//! | port | direction | bits | meaning |
//! |---|---|---|---|
//! | `clock`, `aresetn` | in | 1 | reset: back to the whole interval |
//! | `valid`, `last` | in | 1 | a part is there; it ends its packet, and the next clock brings none |
//! | `part_begin`, `part_end` | in | 15 | where the part begins and ends, an end of 0 being `2^15` |
//! | `token_escape`, `sample_escape` | in | 1 | raw bits follow: those of a token, or of a sample |
//! | `raw` | in | 16 | they; zero where none follow |
//! | `code_valid`, `code_last` | out | 1 | a code is there; it ends its packet |
//! | `code`, `length` | out | 32, 5 | the code, right-aligned, its carry above, and its bits: 0 to 31 |
//!
//! ## Latency and throughput
//! Three clocks; one part per clock. In the clock behind a packet's last code the 16 bits of `low` follow as a code.
//!
//! ## How it works
//! ```text
//! stage 6  range    begin = range * begin >> 15, end likewise; their difference, shifted left until its top bit
//!                   is set, is the next range
//! stage 7  low      low + begin, shifted by as much: its 16 lower bits, or what an escape leaves of them, are
//!                   the next low
//! stage 8  code     the bits above, plus raw bits
//! ```
//! Only the range goes around the loop of stage 6. How far its difference is shifted is known nearly before the
//! products: `range` is between `2^15` and `2^16`, so the difference is between the part's width and twice that, and has
//! as many leading zeros as the width in 15 bits has, or one more. So the zeros of the width are counted beside the
//! products, and one bit of the difference says the rest.
//!
//! The bits behind an escape are added one place above the lowest bit of the code, where `low` has its 16 bits below:
//! the shift of `low` leaves a choice between three fixed places.
//!
//! nextpnr takes an iCE40's multiplier block for one with registers, so its Fmax there leaves the products out. The
//! 5 MHz of 256 channels have 200 ns for all of stage 6. On an ECP5 products are timed.
//!
//! ## Waveform
//! The middle half of the interval, its upper quarter twice, and a token escape, which ends the packet:
//! ```text
#![doc = include_str!("../../../waveforms/encoder.txt")]
//! ```
//!
//! ## Proofs
//! `testbench/proofs/encoder.sv`, for any parts of a class, gaps and packets: the range has its top bit set; the part
//! that is sent lies in the interval before it, so no carry goes further than the bits that were sent; a packet begins
//! with the whole interval.
//!
//! `testbench/tests/range_coder.rs`: behind the look-ups, every part of every class, and random streams.

use crate::block::{block, comment};
use crate::memory::register::Register;
use crate::shape::SAMPLE;
use golden_model::range_coder::{RANGE_BITS, TOTAL_BITS};
use rust_hdl::prelude::*;

/// Bits of a place in a class's table.
pub const PLACE: usize = TOTAL_BITS as usize;
/// Bits of range and low.
pub const RANGE: usize = RANGE_BITS as usize;
/// Clocks from a part to its code.
pub const LATENCY: usize = 3;

block! {
    /// Parts of the interval to codes.
    pub struct RangeEncoder<const TOKEN: usize> {
        /// The clock.
        pub clock: Signal<In, Clock>,
        /// Low: back to the whole interval.
        pub aresetn: Signal<In, Bit>,
        /// A part is there.
        pub valid: Signal<In, Bit>,
        /// It ends its packet.
        pub last: Signal<In, Bit>,
        /// Where it begins.
        pub part_begin: Signal<In, Bits<PLACE>>,
        /// Where it ends.
        pub part_end: Signal<In, Bits<PLACE>>,
        /// A token follows.
        pub token_escape: Signal<In, Bit>,
        /// A sample follows.
        pub sample_escape: Signal<In, Bit>,
        /// What follows.
        pub raw: Signal<In, Bits<SAMPLE>>,

        /// A code is there.
        pub code_valid: Signal<Out, Bit>,
        /// It ends its packet.
        pub code_last: Signal<Out, Bit>,
        /// The code, right-aligned, its carry above.
        pub code: Signal<Out, Bits<32>>,
        /// Bits of the code.
        pub length: Signal<Out, Bits<5>>,

        begin_share: Share,
        end_share: Share,
        range: Register<Bits<RANGE>> = Register::new(Bits::mask()),
        low: DFF<Bits<RANGE>>,
        s7_valid: DFF<Bit>,
        s7_last: DFF<Bit>,
        s7_begin: DFF<Bits<RANGE>>,
        s7_shift: DFF<Bits<4>>,
        s7_token_escape: DFF<Bit>,
        s7_sample_escape: DFF<Bit>,
        s7_raw: DFF<Bits<SAMPLE>>,
        s8_valid: DFF<Bit>,
        s8_ends: DFF<Bit>,
        s8_last: DFF<Bit>,
        s8_shifted: DFF<Bits<32>>,
        s8_token_escape: DFF<Bit>,
        s8_sample_escape: DFF<Bit>,
        s8_raw: DFF<Bits<SAMPLE>>,
        s8_length: DFF<Bits<5>>,
        s9_valid: DFF<Bit>,
        s9_last: DFF<Bit>,
        s9_code: DFF<Bits<32>>,
        s9_length: DFF<Bits<5>>,

        whole: Constant<Bits<RANGE>> = Constant::new(Bits::mask()),
        half: Constant<Bits<RANGE>> = Constant::new(0x8000.into()),
        token_bits: Constant<Bits<5>> = Constant::new(TOKEN.to_bits()),
        token_kept: Constant<Bits<32>> = Constant::new(((1_usize << (RANGE - TOKEN)) - 1).to_bits()),
        below_token: Constant<Bits<5>> = Constant::new((RANGE - 1 - TOKEN).to_bits()),
        above_token: Constant<Bits<5>> = Constant::new((32 - TOKEN).to_bits()),
        begin_factor: Signal<Local, Bits<RANGE>>,
        end_factor: Signal<Local, Bits<RANGE>>,
        difference: Signal<Local, Bits<RANGE>>,
        width: Signal<Local, Bits<PLACE>>,
        zeros: Signal<Local, Bits<4>>,
        w1: Signal<Local, Bits<PLACE>>,
        w2: Signal<Local, Bits<PLACE>>,
        w3: Signal<Local, Bits<PLACE>>,
        d1: Signal<Local, Bits<RANGE>>,
        d2: Signal<Local, Bits<RANGE>>,
        d3: Signal<Local, Bits<RANGE>>,
        d4: Signal<Local, Bits<RANGE>>,
        is_zero_8: Signal<Local, Bit>,
        is_zero_4: Signal<Local, Bit>,
        is_zero_2: Signal<Local, Bit>,
        is_zero_1: Signal<Local, Bit>,
        full: Signal<Local, Bits<RANGE>>,
        one_more: Signal<Local, Bit>,
        shift: Signal<Local, Bits<4>>,
        low_wide: Signal<Local, Bits<32>>,
        begin_wide: Signal<Local, Bits<32>>,
        reached: Signal<Local, Bits<32>>,
        shifted: Signal<Local, Bits<32>>,
        next_low: Signal<Local, Bits<RANGE>>,
        raw_top: Signal<Local, Bits<RANGE>>,
        raw_bits: Signal<Local, Bits<5>>,
        low_place: Signal<Local, Bits<18>>,
        high_place: Signal<Local, Bits<16>>,
        low_sum: Signal<Local, Bits<18>>,
        high_sum: Signal<Local, Bits<16>>,
        high_wide: Signal<Local, Bits<32>>,
        low_code: Signal<Local, Bits<32>>,
    }
}

block! {
    /// A part of the range: its `part / 2^15`.
    struct Share {
        range: Signal<In, Bits<RANGE>>,
        part: Signal<In, Bits<RANGE>>,
        place: Signal<Out, Bits<RANGE>>,
        product: Signal<Local, Bits<32>>,
    }
}

impl Logic for Share {
    #[hdl_gen]
    fn update(&mut self) {
        self.product.next = self.range.val() * self.part.val();
        self.place.next = ((self.product.val().index() >> 15) & 0xffff).to_bits();
    }
}

impl<const TOKEN: usize> Logic for RangeEncoder<TOKEN> {
    #[hdl_gen]
    fn update(&mut self) {
        dff_setup!(self, clock, low, s7_valid, s7_last, s7_begin, s7_shift);
        dff_setup!(self, clock, s7_token_escape, s7_sample_escape, s7_raw);
        dff_setup!(self, clock, s8_valid, s8_ends, s8_last, s8_shifted, s8_length);
        dff_setup!(self, clock, s8_token_escape, s8_sample_escape, s8_raw);
        dff_setup!(self, clock, s9_valid, s9_last, s9_code, s9_length);
        clock!(self, clock, range);

        comment!("Stage 6: the range. Where the part begins and ends in it.");
        self.begin_factor.next = bit_cast::<RANGE, PLACE>(self.part_begin.val());
        self.end_factor.next = bit_cast::<RANGE, PLACE>(self.part_end.val());
        if self.part_end.val() == 0 {
            self.end_factor.next = self.half.val();
        }
        self.begin_share.range.next = self.range.q.val();
        self.begin_share.part.next = self.begin_factor.val();
        self.end_share.range.next = self.range.q.val();
        self.end_share.part.next = self.end_factor.val();
        self.difference.next = self.end_share.place.val() - self.begin_share.place.val();

        comment!("The leading zeros of its width, and the difference shifted by as many.");
        self.width.next = self.part_end.val() - self.part_begin.val();
        self.is_zero_8.next = (self.width.val() & 0x7f80) == 0;
        self.w1.next = self.width.val();
        if self.is_zero_8.val() {
            self.w1.next = ((self.width.val().index() & 0x7f) << 8).to_bits();
        }
        self.is_zero_4.next = (self.w1.val() & 0x7800) == 0;
        self.w2.next = self.w1.val();
        if self.is_zero_4.val() {
            self.w2.next = ((self.w1.val().index() & 0x7ff) << 4).to_bits();
        }
        self.is_zero_2.next = (self.w2.val() & 0x6000) == 0;
        self.w3.next = self.w2.val();
        if self.is_zero_2.val() {
            self.w3.next = ((self.w2.val().index() & 0x1fff) << 2).to_bits();
        }
        self.is_zero_1.next = (self.w3.val() & 0x4000) == 0;
        self.d1.next = self.difference.val();
        self.zeros.next = 0.into();
        if self.is_zero_8.val() {
            self.d1.next = ((self.difference.val().index() & 0xff) << 8).to_bits();
            self.zeros.next = 8.into();
        }
        self.d2.next = self.d1.val();
        if self.is_zero_4.val() {
            self.d2.next = ((self.d1.val().index() & 0xfff) << 4).to_bits();
            self.zeros.next = self.zeros.val() | 4;
        }
        self.d3.next = self.d2.val();
        if self.is_zero_2.val() {
            self.d3.next = ((self.d2.val().index() & 0x3fff) << 2).to_bits();
            self.zeros.next = self.zeros.val() | 2;
        }
        self.d4.next = self.d3.val();
        if self.is_zero_1.val() {
            self.d4.next = ((self.d3.val().index() & 0x7fff) << 1).to_bits();
            self.zeros.next = self.zeros.val() | 1;
        }
        comment!("One place more, where the difference is not twice as wide.");
        self.one_more.next = (self.d4.val() & 0x8000) == 0;
        self.full.next = self.d4.val();
        self.shift.next = self.zeros.val();
        if self.one_more.val() {
            self.full.next = ((self.d4.val().index() & 0x7fff) << 1).to_bits();
            self.shift.next = self.zeros.val() + 1;
        }
        self.range.d.next = self.range.q.val();
        self.s7_valid.d.next = self.valid.val() & self.aresetn.val();
        if self.valid.val() {
            self.range.d.next = self.full.val();
            if self.token_escape.val() | self.sample_escape.val() {
                self.range.d.next = self.half.val();
            }
            if self.last.val() {
                self.range.d.next = self.whole.val();
            }
            self.s7_last.d.next = self.last.val();
            self.s7_begin.d.next = self.begin_share.place.val();
            self.s7_shift.d.next = self.shift.val();
            self.s7_token_escape.d.next = self.token_escape.val();
            self.s7_sample_escape.d.next = self.sample_escape.val();
            self.s7_raw.d.next = self.raw.val();
        }
        if !self.aresetn.val() {
            self.range.d.next = self.whole.val();
        }

        comment!("Stage 7: low. What an escape leaves of it is at the top of 16 bits.");
        self.low_wide.next = bit_cast::<32, RANGE>(self.low.q.val());
        self.begin_wide.next = bit_cast::<32, RANGE>(self.s7_begin.q.val());
        self.reached.next = self.low_wide.val() + self.begin_wide.val();
        self.shifted.next = (self.reached.val().index() << self.s7_shift.q.val().index()).to_bits();
        self.next_low.next = (self.shifted.val().index() & 0xffff).to_bits();
        self.raw_bits.next = 0.into();
        if self.s7_token_escape.q.val() {
            self.next_low.next = ((self.shifted.val().index() & self.token_kept.val().index())
                << self.token_bits.val().index())
            .to_bits();
            self.raw_bits.next = self.token_bits.val();
        }
        if self.s7_sample_escape.q.val() {
            self.next_low.next = 0.into();
            self.raw_bits.next = 16.into();
        }
        self.raw_top.next = ((self.s7_raw.q.val().index() & 0x1) << 15).to_bits();
        self.s8_valid.d.next = (self.s7_valid.q.val() | self.s8_ends.q.val()) & self.aresetn.val();
        self.s8_ends.d.next = self.s7_valid.q.val() & self.s7_last.q.val() & self.aresetn.val();
        self.s8_last.d.next = self.s8_ends.q.val();
        if self.s7_valid.q.val() {
            self.low.d.next = self.next_low.val() ^ self.raw_top.val();
            self.s8_shifted.d.next = self.shifted.val();
            self.s8_token_escape.d.next = self.s7_token_escape.q.val();
            self.s8_sample_escape.d.next = self.s7_sample_escape.q.val();
            self.s8_raw.d.next = self.s7_raw.q.val();
            self.s8_length.d.next = bit_cast::<5, 4>(self.s7_shift.q.val()) + self.raw_bits.val();
        }
        comment!("Behind a packet's last part: low itself.");
        if self.s8_ends.q.val() {
            self.low.d.next = 0.into();
            self.s8_shifted.d.next = (self.low_wide.val().index() << 16).to_bits();
            self.s8_token_escape.d.next = false;
            self.s8_sample_escape.d.next = false;
            self.s8_raw.d.next = 0.into();
            self.s8_length.d.next = 16.into();
        }
        if !self.aresetn.val() {
            self.low.d.next = 0.into();
        }

        comment!("Stage 8: the code, and below it one bit that stays in low.");
        self.low_place.next = ((self.s8_shifted.q.val().index() >> 15) & 0x1ffff).to_bits();
        self.high_place.next = 0.into();
        if self.s8_token_escape.q.val() {
            self.low_place.next =
                ((self.s8_shifted.q.val().index() >> self.below_token.val().index()) & 0x1ffff)
                    .to_bits();
            self.high_place.next =
                (self.s8_shifted.q.val().index() >> self.above_token.val().index()).to_bits();
        }
        if self.s8_sample_escape.q.val() {
            self.low_place.next = ((self.s8_shifted.q.val().index() & 0xffff) << 1).to_bits();
            self.high_place.next = (self.s8_shifted.q.val().index() >> 16).to_bits();
        }
        self.low_sum.next = self.low_place.val() + bit_cast::<18, SAMPLE>(self.s8_raw.q.val());
        self.high_sum.next = self.high_place.val();
        if self.low_sum.val().get_bit(17) {
            self.high_sum.next = self.high_place.val() + 1;
        }
        self.high_wide.next = bit_cast::<32, 16>(self.high_sum.val());
        self.low_code.next = ((self.low_sum.val().index() >> 1) & 0xffff).to_bits();
        self.s9_valid.d.next = self.s8_valid.q.val() & self.aresetn.val();
        if self.s8_valid.q.val() {
            self.s9_last.d.next = self.s8_last.q.val();
            self.s9_code.d.next =
                ((self.high_wide.val().index() << 16) | self.low_code.val().index()).to_bits();
            self.s9_length.d.next = self.s8_length.q.val();
        }
        self.code_valid.next = self.s9_valid.q.val();
        self.code_last.next = self.s9_last.q.val();
        self.code.next = self.s9_code.q.val();
        self.length.next = self.s9_length.q.val();
    }
}
