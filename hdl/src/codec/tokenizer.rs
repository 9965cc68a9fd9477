//! # Tokenizer
//!
//! ## Purpose
//! Determines the token of a 16-bit sample, or that the sample is off the converter's lattice. Twin of
//! [`golden_model::converter`].
//!
//! ## Ports
//! | port | direction | bits | meaning |
//! |---|---|---|---|
//! | `sample` | in | 16 | the sample, two's complement |
//! | `token` | out | 10 | its only possible token |
//! | `on_lattice` | out | 1 | whether the sample is that token's sample |
//!
//! ## Latency and throughput
//! Combinational: no clock.
//!
//! ## How it works
//! The lattice is `s = trunc(c * 65535 / 1023 - 32768)`. The token `c = (s >> 6) + 512` is the
//! sample's upper ten bits with the first inverted. The sample is on the lattice if its six low bits
//! are those that the [lattice](crate::codec::lattice) has for the token.
//!
//! ## Waveform
//! ```text
#![doc = include_str!("../../waveforms/tokenizer.txt")]
//! ```
//!
//! ## Proofs
//! `testbench/tests/tokenizer.rs`: all 65,536 samples against the golden model.

use crate::codec::lattice::Lattice;
use rust_hdl::prelude::*;

/// A sample's token, or that it has none.
#[derive(LogicBlock, Default)]
pub struct Tokenizer {
    /// The sample, two's complement.
    pub sample: Signal<In, Bits<16>>,

    /// The one candidate for its token.
    pub token: Signal<Out, Bits<10>>,
    /// Whether the sample is that token's sample.
    pub on_lattice: Signal<Out, Bit>,

    lattice: Lattice,
    upper: Signal<Local, Bits<10>>,
    lower: Signal<Local, Bits<6>>,
    candidate: Signal<Local, Bits<10>>,
}

impl Logic for Tokenizer {
    #[hdl_gen]
    fn update(&mut self) {
        self.upper.next = (self.sample.val().index() >> 6).to_bits();
        self.lower.next = bit_cast::<6, 16>(self.sample.val());
        self.candidate.next = self.upper.val() ^ 512;

        self.lattice.token.next = self.candidate.val();
        self.token.next = self.candidate.val();
        self.on_lattice.next = self.lower.val() == self.lattice.remainder.val();
    }
}
