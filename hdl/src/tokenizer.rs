//! # Tokenizer
//!
//! ## Purpose
//! Tells which token of the converter's lattice a 16-bit sample is, or that it lies off the
//! lattice. Twin of [`golden_model::tokenizer`].
//!
//! ## Ports
//! | port | direction | bits | meaning |
//! |---|---|---|---|
//! | `sample` | in | 16 | the sample, two's complement |
//! | `token` | out | 10 | the one candidate for its token |
//! | `remainder` | out | 6 | the sample's low bits; with the token they give the sample back |
//! | `on_lattice` | out | 1 | whether the sample is that token's sample |
//!
//! ## Latency and throughput
//! Combinational: no clock.
//!
//! ## How it works
//! The lattice is `s = trunc(c * 65535 / 1023 - 32768)`. The token `c = (s >> 6) + 512` is the
//! sample's upper ten bits with the first inverted. What is left is to compute the six low bits
//! that token `c` should have:
//!
//! ```text
//! c * 65535 / 1023 = 64 c + 21 c / 341            low bits: 21 c / 341, rounded
//! 21 (16 high + low) / 341 = high + (21 low - 5 high) / 341,   c = 16 high + low
//! ```
//! Neither product exceeds 315, so the fraction lies between -1 and 1: rounding down subtracts one
//! from `high` when `21 low < 5 high`, rounding up adds one when `21 low > 5 high`. Truncation
//! toward zero rounds the lower half (negative samples) up and the upper half down. Two small
//! additions and one comparison replace a table of 1024 entries.
//!
//! ## Waveform
//! ```text
#![doc = include_str!("../waveforms/tokenizer.txt")]
//! ```
//!
//! ## Proofs
//! `testbench/tests/tokenizer.rs`: all 65,536 samples against the golden model.

use rust_hdl::prelude::*;

/// A sample's token, or that it has none.
#[derive(LogicBlock, Default)]
pub struct Tokenizer {
    /// The sample, two's complement.
    pub sample: Signal<In, Bits<16>>,

    /// The one candidate for its token.
    pub token: Signal<Out, Bits<10>>,
    /// The sample's low bits.
    pub remainder: Signal<Out, Bits<6>>,
    /// Whether the sample is that token's sample.
    pub on_lattice: Signal<Out, Bit>,

    upper: Signal<Local, Bits<10>>,
    lower: Signal<Local, Bits<6>>,
    candidate: Signal<Local, Bits<10>>,
    high: Signal<Local, Bits<6>>,
    low: Signal<Local, Bits<4>>,
    high_1: Signal<Local, Bits<9>>,
    high_4: Signal<Local, Bits<9>>,
    high_5: Signal<Local, Bits<9>>,
    low_1: Signal<Local, Bits<9>>,
    low_4: Signal<Local, Bits<9>>,
    low_5: Signal<Local, Bits<9>>,
    low_16: Signal<Local, Bits<9>>,
    low_21: Signal<Local, Bits<9>>,
    fraction_is_positive: Signal<Local, Bit>,
    fraction_is_negative: Signal<Local, Bit>,
    upper_half: Signal<Local, Bit>,
    expected: Signal<Local, Bits<6>>,
}

impl Logic for Tokenizer {
    #[hdl_gen]
    fn update(&mut self) {
        self.upper.next = (self.sample.val().index() >> 6).to_bits();
        self.lower.next = bit_cast::<6, 16>(self.sample.val());
        self.candidate.next = self.upper.val() ^ 512;

        self.high.next = (self.candidate.val().index() >> 4).to_bits();
        self.low.next = bit_cast::<4, 10>(self.candidate.val());
        self.high_1.next = bit_cast::<9, 6>(self.high.val());
        self.high_4.next = (self.high_1.val().index() << 2).to_bits();
        self.high_5.next = self.high_4.val() + self.high_1.val();
        self.low_1.next = bit_cast::<9, 4>(self.low.val());
        self.low_4.next = (self.low_1.val().index() << 2).to_bits();
        self.low_5.next = self.low_4.val() + self.low_1.val();
        self.low_16.next = (self.low_1.val().index() << 4).to_bits();
        self.low_21.next = self.low_16.val() + self.low_5.val();
        self.fraction_is_positive.next = self.low_21.val() > self.high_5.val();
        self.fraction_is_negative.next = self.low_21.val() < self.high_5.val();

        self.upper_half.next = self.candidate.val().get_bit(9);
        self.expected.next = self.high.val();
        if self.upper_half.val() {
            if self.fraction_is_negative.val() {
                self.expected.next = self.high.val() - 1;
            }
        } else if self.fraction_is_positive.val() {
            self.expected.next = self.high.val() + 1;
        }

        self.token.next = self.candidate.val();
        self.remainder.next = self.lower.val();
        self.on_lattice.next = self.lower.val() == self.expected.val();
    }
}
