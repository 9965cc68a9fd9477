//! # Multiplier
//!
//! ## Purpose
//! The product of two signed numbers, registered. Synthesis maps it to a DSP block where there are any.
//!
//! ## Ports
//! | port | direction | bits | meaning |
//! |---|---|---|---|
//! | `clock` | in | 1 | |
//! | `weight` | in | 14 | one factor, two's complement |
//! | `feature` | in | `FEATURE` | the other factor, two's complement |
//! | `product` | out | `SUM` | their product, two's complement, one clock later |
//!
//! ## Latency and throughput
//! One clock; one product per clock. Both factors come from registers in
//! [`lms_predictor`](crate::codec::lms_predictor).
//!
//! ## How it works
//! rust-hdl multiplies unsigned numbers and widens signed ones wrongly, so this block is written directly
//! in Verilog: `$signed(weight) * $signed(feature)`. Its register is as wide as the exact product, and the sign
//! is extended behind it by a choice of two constants. Yosys 0.70 packs a plain extension into the DSP block
//! of whoever adds two products, and loses a register on the way: the words of `tile256`'s iCE40 netlist were
//! wrong, which `testbench/tests/netlist.rs` finds.
//!
//! ## Waveform
//! Three products, each one clock after its factors:
//! ```text
#![doc = include_str!("../../waveforms/multiplier.txt")]
//! ```
//!
//! ## Proofs
//! `testbench/tests/lms_predictor.rs`: the extremes and random factors.

use crate::shape::WEIGHT;
use rust_hdl::prelude::*;

/// A registered product of numbers with a sign.
#[derive(LogicBlock, Default)]
pub struct Multiplier<const FEATURE: usize, const SUM: usize> {
    /// The clock.
    pub clock: Signal<In, Clock>,
    /// A factor.
    pub weight: Signal<In, Bits<WEIGHT>>,
    /// The other factor.
    pub feature: Signal<In, Bits<FEATURE>>,
    /// Their product, one clock later.
    pub product: Signal<Out, Bits<SUM>>,
}

/// What bits in two's complement are worth.
pub(crate) fn with_sign<const N: usize>(bits: Bits<N>) -> i64 {
    (bits.to_u64() << (64 - N)) as i64 >> (64 - N)
}

/// The low bits of a number, in two's complement.
pub(crate) fn low_bits<const N: usize>(number: i64) -> Bits<N> {
    (number as u64 & (u64::MAX >> (64 - N))).into()
}

/// Verilog that gives `to` the number `from`, whose sign is bit `top`, with so many bits more.
pub(crate) fn widened(to: &str, from: &str, top: usize, more: usize) -> String {
    let ones = (1_u64 << more) - 1;
    format!(
        "   {to} = {{{more}'h0, {from}}};
   if ({from}[{top}]) begin
      {to} = {{{more}'h{ones:x}, {from}}};
   end"
    )
}

impl<const FEATURE: usize, const SUM: usize> Logic for Multiplier<FEATURE, SUM> {
    fn update(&mut self) {
        if self.clock.pos_edge() {
            let product = with_sign(self.weight.val()) * with_sign(self.feature.val());
            self.product.next = low_bits(product);
        }
    }

    fn connect(&mut self) {
        self.product.connect();
    }

    fn hdl(&self) -> Verilog {
        let width = WEIGHT + FEATURE;
        let top = width - 1;
        Verilog::Custom(format!(
            "\
reg [{top}:0] exact;
always @(posedge clock) begin
   exact <= $signed(weight) * $signed(feature);
end
// The sign as a choice: yosys would pack a plain extension, and the sum of two products, into one DSP block.
always @(*) begin
{product}
end",
            product = widened("product", "exact", top, SUM - width),
        ))
    }

    fn timing(&self) -> Vec<TimingInfo> {
        vec![TimingInfo {
            name: "multiplier".into(),
            clock: "clock".into(),
            inputs: vec!["weight".into(), "feature".into()],
            outputs: vec!["product".into()],
        }]
    }
}
