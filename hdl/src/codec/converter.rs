//! # Converter
//!
//! ## Purpose
//! Determines the token of a 16-bit sample, or that the sample is off the converter's lattice. Twin of
//! [`golden_model::converter`].
//!
//! ## Ports
//! | port | direction | bits | meaning |
//! |---|---|---|---|
//! | `sample` | in | 16 | the sample, two's complement |
//! | `token` | out | `TOKEN` | its only possible token |
//! | `on_lattice` | out | 1 | whether the sample is that token's sample |
//!
//! ## Latency and throughput
//! Combinational: no clock.
//!
//! ## How it works
//! Of a stretched converter, the sample's upper `TOKEN` bits, the first inverted, are the one candidate for
//! its token: two's complement counts from the middle of the tokens. Of a direct one, the lower bits are. The
//! [lattice](crate::codec::lattice) has the
//! candidate's sample, and the two are compared.
//!
//! Behind the first stages a pipeline keeps the sample and not its token, which would take registers of
//! its own. [`Candidate`] makes it from the sample again.
//!
//! A board's parallel port delivers the converter's codes alone ([`Input`]). Counted from the middle they are
//! samples of a direct converter, all of them on its lattice, and nothing is compared.
//!
//! ## Waveform
//! ```text
#![doc = include_str!("../../waveforms/converter.txt")]
//! ```
//!
//! ## Proofs
//! `testbench/tests/converter.rs`: all 65,536 samples against the golden model.

use crate::block::block;
use crate::codec::lattice::Lattice;
use crate::shape::SAMPLE;
use golden_model::converter::{self, ConverterParts, Kind};
use rust_hdl::prelude::*;

/// Whether these blocks are the twin of this converter.
pub fn has_hardware(converter: ConverterParts) -> bool {
    converter == ConverterParts::CHALLENGE || converter.kind == Kind::Direct
}

/// What comes to a pipeline.
#[derive(Clone, Copy, Debug, PartialEq, Eq)]
pub enum Input {
    /// Samples, of which some may not be the converter's.
    Samples,
    /// The converter's codes alone, counted from the middle: each is a token.
    Codes,
}

impl Input {
    /// The converter whose samples come in where a table set has this one.
    pub fn converter(self, converter: &converter::Converter) -> converter::Converter {
        match self {
            Input::Samples => converter.clone(),
            Input::Codes => {
                let parts = ConverterParts { kind: Kind::Direct, ..converter.parts() };
                converter::Converter::new(parts).expect("a code has 8 to 16 bits")
            }
        }
    }

    /// Bits of the longest payload: a sample, or a code.
    pub(crate) fn payload_bits(self, converter: &converter::Converter) -> usize {
        match self {
            Input::Samples => SAMPLE,
            Input::Codes => converter.token_bits() as usize,
        }
    }
}

/// Bits of a sample below those of its token.
pub fn unused_bits(converter: &converter::Converter) -> usize {
    match converter.parts().kind {
        Kind::Direct => 0,
        _ => SAMPLE - converter.token_bits() as usize,
    }
}

block! {
    /// A sample's token, or that it has none.
    pub struct Converter<const TOKEN: usize> {
        /// The sample, two's complement.
        pub sample: Signal<In, Bits<SAMPLE>>,

        /// The one candidate for its token.
        pub token: Signal<Out, Bits<TOKEN>>,
        /// Whether the sample is that token's sample.
        pub on_lattice: Signal<Out, Bit>,

        candidate: Candidate<TOKEN> = Candidate::new(&converter),
        lattice: Lattice<TOKEN> = Lattice::new(&converter),
        all_are_codes: Constant<Bit> = Constant::new(input == Input::Codes),
    }

    /// The hardware of this converter.
    ///
    /// # Panics
    /// When it [has none](has_hardware), or tokens of another width.
    pub fn new(converter: &converter::Converter, input: Input) -> Self {
        let converter = input.converter(converter);
    }
}

impl<const TOKEN: usize> Logic for Converter<TOKEN> {
    #[hdl_gen]
    fn update(&mut self) {
        self.candidate.sample.next = self.sample.val();
        self.lattice.token.next = self.candidate.token.val();
        self.token.next = self.candidate.token.val();
        self.on_lattice.next =
            self.all_are_codes.val() | (self.sample.val() == self.lattice.sample.val());
    }
}

block! {
    /// The one candidate for a sample's token: the token of every sample that is on the lattice.
    pub struct Candidate<const TOKEN: usize> {
        /// The sample, two's complement.
        pub sample: Signal<In, Bits<SAMPLE>>,

        /// The token.
        pub token: Signal<Out, Bits<TOKEN>>,

        unused_bits: Constant<Bits<4>> = Constant::new(unused_bits.to_bits()),
        middle: Constant<Bits<TOKEN>> = Constant::new(converter.middle().number().to_bits()),
        upper: Signal<Local, Bits<SAMPLE>>,
    }

    /// The hardware of this converter.
    ///
    /// # Panics
    /// When it [has none](has_hardware), or tokens of another width.
    pub fn new(converter: &converter::Converter) -> Self {
        assert!(has_hardware(converter.parts()), "{:?}", converter.parts());
        assert_eq!(converter.token_bits() as usize, TOKEN, "bits of a token");
        let unused_bits = unused_bits(converter);
    }
}

impl<const TOKEN: usize> Logic for Candidate<TOKEN> {
    #[hdl_gen]
    fn update(&mut self) {
        self.upper.next = (self.sample.val().index() >> self.unused_bits.val().index()).to_bits();
        self.token.next = bit_cast::<TOKEN, SAMPLE>(self.upper.val()) ^ self.middle.val();
    }
}
