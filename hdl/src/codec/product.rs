//! # Product
//!
//! ## Purpose
//! The product of two signed numbers, at once. Synthesis maps it to a DSP block where there are any.
//!
//! ## Ports
//! | port | direction | bits | meaning |
//! |---|---|---|---|
//! | `weight` | in | 14 | one factor, two's complement |
//! | `feature` | in | `FEATURE` | the other factor, two's complement |
//! | `product` | out | `SUM` | their product, two's complement |
//!
//! ## Latency and throughput
//! Combinational: no clock. [`neighbours`](crate::codec::neighbours) has a loop of one clock, which a product
//! in a register would not fit into.
//!
//! ## How it works
//! As [`multiplier`](crate::codec::multiplier), without the register.
//!
//! ## Waveform
//! ```text
#![doc = include_str!("../../waveforms/product.txt")]
//! ```
//!
//! ## Proofs
//! `testbench/tests/lms_predictor.rs`: the extremes and random factors.

use crate::codec::multiplier::{low_bits, widened, with_sign};
use crate::shape::WEIGHT;
use rust_hdl::prelude::*;

/// The product of numbers with a sign.
#[derive(LogicBlock, Default)]
pub struct Product<const FEATURE: usize, const SUM: usize> {
    /// A factor.
    pub weight: Signal<In, Bits<WEIGHT>>,
    /// The other factor.
    pub feature: Signal<In, Bits<FEATURE>>,
    /// Their product.
    pub product: Signal<Out, Bits<SUM>>,
}

impl<const FEATURE: usize, const SUM: usize> Logic for Product<FEATURE, SUM> {
    fn update(&mut self) {
        self.product.next = low_bits(with_sign(self.weight.val()) * with_sign(self.feature.val()));
    }

    fn connect(&mut self) {
        self.product.connect();
    }

    fn hdl(&self) -> Verilog {
        let width = WEIGHT + FEATURE;
        let top = width - 1;
        Verilog::Custom(format!(
            "\
wire [{top}:0] exact = $signed(weight) * $signed(feature);
// The sign as a choice, as in the registered multiplier.
always @(*) begin
{product}
end",
            product = widened("product", "exact", top, SUM - width),
        ))
    }
}
