//! # Lattice
//!
//! ## Purpose
//! The six low bits of a token's sample; its ten upper ones are the token with the first bit
//! inverted. Twin of [`golden_model::Converter::sample`].
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
//! toward zero rounds the lower half (negative samples) up and the upper half down.
//!
//! ```text
//! 21 low < 5 high    is    high > 21 low / 5 = 4 low + low / 5
//! ```
//! `low / 5`, rounded down, is at most 3. So `high` is compared with the bits of `low` followed by two more,
//! without an addition. A comparison and a small addition replace a table of 1024 entries.
//!
//! ## Waveform
//! None: it has no clock. [`tokenizer`](crate::codec::tokenizer) shows its values.
//!
//! ## Proofs
//! `testbench/tests/tokenizer.rs`: all 1024 tokens, and all 65,536 samples through the
//! [tokenizer](crate::codec::tokenizer), against the golden model.

use crate::block::comment;
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
    fifths: Signal<Local, Bits<6>>,
    whole: Signal<Local, Bit>,
    low_wide: Signal<Local, Bits<6>>,
    low_4: Signal<Local, Bits<6>>,
    balance: Signal<Local, Bits<6>>,
    fraction_is_positive: Signal<Local, Bit>,
    fraction_is_negative: Signal<Local, Bit>,
    step: Signal<Local, Bits<6>>,
    expected: Signal<Local, Bits<6>>,
}

impl Logic for Lattice {
    #[hdl_gen]
    fn update(&mut self) {
        self.high.next = (self.token.val().index() >> 4).to_bits();
        self.low.next = bit_cast::<4, 10>(self.token.val());
        comment!("`low / 5`, and whether that is a whole number.");
        self.fifths.next = 0.into();
        if self.low.val() >= 5 {
            self.fifths.next = 1.into();
        }
        if self.low.val() >= 10 {
            self.fifths.next = 2.into();
        }
        if self.low.val() == 15 {
            self.fifths.next = 3.into();
        }
        self.whole.next = (self.low.val() == 0)
            | (self.low.val() == 5)
            | (self.low.val() == 10)
            | (self.low.val() == 15);
        self.low_wide.next = bit_cast::<6, 4>(self.low.val());
        self.low_4.next = (self.low_wide.val().index() << 2).to_bits();
        self.balance.next = self.low_4.val() | self.fifths.val();
        self.fraction_is_negative.next = self.high.val() > self.balance.val();
        self.fraction_is_positive.next = !self.fraction_is_negative.val()
            & (!self.whole.val() | (self.high.val() != self.balance.val()));

        self.step.next = 0.into();
        if self.token.val().get_bit(9) {
            if self.fraction_is_negative.val() {
                self.step.next = 63.into();
            }
        } else if self.fraction_is_positive.val() {
            self.step.next = 1.into();
        }
        self.expected.next = self.high.val() + self.step.val();
        self.remainder.next = self.expected.val();
    }
}
