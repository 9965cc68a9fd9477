//! # Lattice
//!
//! ## Purpose
//! The sample of a token. Twin of [`golden_model::Converter::sample`].
//!
//! ## Ports
//! | port | direction | bits | meaning |
//! |---|---|---|---|
//! | `token` | in | `TOKEN` | a token, or the converter's code, which is the same |
//! | `sample` | out | 16 | its sample, two's complement |
//!
//! ## Latency and throughput
//! Combinational: no clock.
//!
//! ## How it works
//! Of a direct converter: the token with the first bit inverted, as a number with a sign.
//!
//! Of the challenge's: the upper ten bits are the token with the first bit inverted. The six low ones are the fraction of
//! the challenge's converter:
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
//! None: it has no clock. [`converter`](crate::codec::converter) shows its values.
//!
//! ## Proofs
//! `testbench/tests/converter.rs`: all 1024 tokens, and all 65,536 samples through the
//! [converter](crate::codec::converter), against the golden model.

use crate::block::{block, comment};
use crate::memory::cells::Held;
use crate::shape::{CHALLENGE, SAMPLE};
use golden_model::converter::{Converter, Kind};
use rust_hdl::prelude::*;

/// Bits of a sample below those that are the token's.
const LOW: usize = SAMPLE - CHALLENGE;

block! {
    /// The sample of each token.
    pub struct Lattice<const TOKEN: usize> {
        /// The token.
        pub token: Signal<In, Bits<TOKEN>>,

        /// Its sample, two's complement.
        pub sample: Signal<Out, Bits<SAMPLE>>,

        unused_bits: Constant<Bits<4>> = Constant::new((SAMPLE - TOKEN).to_bits()),
        middle: Constant<Bits<TOKEN>> = Constant::new(converter.middle().number().to_bits()),
        code: Signal<Local, Bits<CHALLENGE>>,
        high: Signal<Local, Bits<LOW>>,
        low: Signal<Local, Bits<4>>,
        fifths: Signal<Local, Bits<LOW>>,
        whole: Signal<Local, Bit>,
        low_wide: Signal<Local, Bits<LOW>>,
        low_4: Signal<Local, Bits<LOW>>,
        balance: Signal<Local, Bits<LOW>>,
        fraction_is_positive: Signal<Local, Bit>,
        fraction_is_negative: Signal<Local, Bit>,
        step: Signal<Local, Bits<LOW>>,
        remainder: Signal<Local, Bits<LOW>>,
        upper: Signal<Local, Bits<TOKEN>>,
        upper_wide: Signal<Local, Bits<SAMPLE>>,
        upper_bits: Signal<Local, Bits<SAMPLE>>,
        sign_fill: Constant<Bits<SAMPLE>> = Constant::new((0xffff_usize << TOKEN & 0xffff).to_bits()),
        is_direct: Held<bool> = Held(converter.parts().kind == Kind::Direct),
    }

    /// The hardware of this converter.
    ///
    /// # Panics
    /// When it has tokens of another width.
    pub fn new(converter: &Converter) -> Self {
        assert_eq!(converter.token_bits() as usize, TOKEN, "bits of a token");
    }
}

/// The codes themselves.
struct Direct;
/// The challenge's.
struct Stretched;

impl<const TOKEN: usize> Logic for Lattice<TOKEN> {
    fn update(&mut self) {
        match self.is_direct.0 {
            true => crate::block::Kernel::<Direct>::update(self),
            false => crate::block::Kernel::<Stretched>::update(self),
        }
    }

    fn connect(&mut self) {
        // The signals of the other one are dropped from the Verilog.
        crate::block::Kernel::<Direct>::connect(self);
        crate::block::Kernel::<Stretched>::connect(self);
    }

    fn hdl(&self) -> Verilog {
        match self.is_direct.0 {
            true => crate::block::Kernel::<Direct>::hdl(self),
            false => crate::block::Kernel::<Stretched>::hdl(self),
        }
    }
}

impl<const TOKEN: usize> crate::block::Kernel<Direct> for Lattice<TOKEN> {
    #[hdl_gen]
    fn update(&mut self) {
        comment!("The code counted from the middle: its sign is repeated above it.");
        self.upper.next = self.token.val() ^ self.middle.val();
        self.upper_wide.next = bit_cast::<SAMPLE, TOKEN>(self.upper.val());
        self.sample.next = self.upper_wide.val();
        if (self.upper.val() & self.middle.val()) != 0 {
            self.sample.next = self.upper_wide.val() | self.sign_fill.val();
        }
    }
}

impl<const TOKEN: usize> crate::block::Kernel<Stretched> for Lattice<TOKEN> {
    #[hdl_gen]
    fn update(&mut self) {
        self.code.next = bit_cast::<CHALLENGE, TOKEN>(self.token.val());
        self.high.next = (self.code.val().index() >> 4).to_bits();
        self.low.next = bit_cast::<4, CHALLENGE>(self.code.val());
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
        self.low_wide.next = bit_cast::<LOW, 4>(self.low.val());
        self.low_4.next = (self.low_wide.val().index() << 2).to_bits();
        self.balance.next = self.low_4.val() | self.fifths.val();
        self.fraction_is_negative.next = self.high.val() > self.balance.val();
        self.fraction_is_positive.next = !self.fraction_is_negative.val()
            & (!self.whole.val() | (self.high.val() != self.balance.val()));

        self.step.next = 0.into();
        if (self.token.val() & self.middle.val()) != 0 {
            if self.fraction_is_negative.val() {
                self.step.next = 63.into();
            }
        } else if self.fraction_is_positive.val() {
            self.step.next = 1.into();
        }
        self.remainder.next = self.high.val() + self.step.val();

        comment!("The upper bits are the token's, with the first one inverted.");
        self.upper.next = self.token.val() ^ self.middle.val();
        self.upper_wide.next = bit_cast::<SAMPLE, TOKEN>(self.upper.val());
        self.upper_bits.next =
            (self.upper_wide.val().index() << self.unused_bits.val().index()).to_bits();
        self.sample.next = self.upper_bits.val() | bit_cast::<SAMPLE, LOW>(self.remainder.val());
    }
}
