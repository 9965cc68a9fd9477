//! # Lattice
//!
//! ## Purpose
//! The six low bits of a token's sample; its ten upper ones are the token with the first bit
//! inverted. Twin of [`golden_model::tokenizer::sample`].
//!
//! ## Ports
//! | port | direction | bits | meaning |
//! |---|---|---|---|
//! | `token` | in | 10 | a token, or the converter's code, which is the same |
//! | `remainder` | out | 6 | the low bits of its sample |
//!
//! ## Latency and throughput
//! Combinational: no clock.
//!
//! ## How it works
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
//! None: it has no clock. [`tokenizer`](crate::tokenizer) shows its values.
//!
//! ## Proofs
//! `testbench/tests/tokenizer.rs`: all 1024 tokens, and all 65,536 samples through the
//! [tokenizer](crate::tokenizer), against the golden model.

use rust_hdl::prelude::*;

/// The low bits of each token's sample.
#[derive(LogicBlock, Default)]
pub struct Lattice {
    /// The token.
    pub token: Signal<In, Bits<10>>,

    /// The low bits of its sample.
    pub remainder: Signal<Out, Bits<6>>,

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

impl Logic for Lattice {
    #[hdl_gen]
    fn update(&mut self) {
        self.high.next = (self.token.val().index() >> 4).to_bits();
        self.low.next = bit_cast::<4, 10>(self.token.val());
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

        self.upper_half.next = self.token.val().get_bit(9);
        self.expected.next = self.high.val();
        if self.upper_half.val() {
            if self.fraction_is_negative.val() {
                self.expected.next = self.high.val() - 1;
            }
        } else if self.fraction_is_positive.val() {
            self.expected.next = self.high.val() + 1;
        }
        self.remainder.next = self.expected.val();
    }
}
