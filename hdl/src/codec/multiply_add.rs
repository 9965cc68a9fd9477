//! # MultiplyAdd
//!
//! ## Purpose
//! A product of two signed numbers plus an addend, both registered. Synthesis maps all of it to one DSP
//! block where there are any.
//!
//! ## Ports
//! | port | direction | bits | meaning |
//! |---|---|---|---|
//! | `clock` | in | 1 | |
//! | `weight` | in | 14 | one factor, two's complement |
//! | `feature` | in | `FEATURE` | the other factor, two's complement |
//! | `addend` | in | `SUM` | the addend, two's complement, one clock after the factors; no wider than the product |
//! | `sum` | out | `SUM` | the sum one clock later, two's complement, modulo `2^SUM` |
//!
//! ## Latency and throughput
//! One clock for the product and one for the sum; one sum per clock.
//!
//! ## How it works
//! As in [`multiplier`](crate::codec::multiplier), this is written directly in Verilog:
//! `$signed(exact) + $signed(addend)`, where `exact` is as wide as the product needs.
//!
//! The other products are not summed in their blocks, for two reasons. nextpnr does not time a sum that
//! continues in the next block's adder in the same clock. And yosys 0.70 loses a register between two
//! blocks: it packs it into the second one and forgets the first (the netlist simulations catch it). It also
//! loses the top bits of a sum that is wider than it can become, so the sum's register is one bit wider than
//! the product's, and the sign is extended behind it by a choice.
//!
//! ## Waveform
//! Three sums, each two clocks after its factors and one after its addend:
//! ```text
#![doc = include_str!("../../waveforms/multiply_add.txt")]
//! ```
//!
//! ## Proofs
//! `testbench/tests/lms_predictor.rs`: the extremes and random numbers.

use crate::codec::multiplier::{low_bits, widened, with_sign};
use crate::shape::WEIGHT;
use rust_hdl::prelude::*;

/// A product of numbers with a sign, and what is added to it.
#[derive(LogicBlock, Default)]
pub struct MultiplyAdd<const FEATURE: usize, const SUM: usize> {
    /// The clock.
    pub clock: Signal<In, Clock>,
    /// A factor.
    pub weight: Signal<In, Bits<WEIGHT>>,
    /// The other factor.
    pub feature: Signal<In, Bits<FEATURE>>,
    /// What is added to the product of one clock ago.
    pub addend: Signal<In, Bits<SUM>>,
    /// The sum, one clock later.
    pub sum: Signal<Out, Bits<SUM>>,
    product: Signal<Local, Bits<SUM>>,
}

impl<const FEATURE: usize, const SUM: usize> Logic for MultiplyAdd<FEATURE, SUM> {
    fn update(&mut self) {
        if self.clock.pos_edge() {
            let sum = with_sign(self.product.val()) + with_sign(self.addend.val());
            let product = with_sign(self.weight.val()) * with_sign(self.feature.val());
            self.product.next = low_bits(product);
            self.sum.next = low_bits(sum);
        }
    }

    fn connect(&mut self) {
        self.product.connect();
        self.sum.connect();
    }

    fn hdl(&self) -> Verilog {
        let width = WEIGHT + FEATURE;
        let (top, more) = (width - 1, SUM - width);
        if more > 1 {
            return Verilog::Custom(format!(
                "\
reg [{top}:0] exact;
reg [{width}:0] exact_sum;
always @(posedge clock) begin
   exact <= $signed(weight) * $signed(feature);
   exact_sum <= $signed(exact) + $signed(addend[{width}:0]);
end
always @(*) begin
{sum}
   product = {{{{{wide}{{exact[{top}]}}}}, exact}};
end
wire unused = &{{1'b0, product, addend[{last}:{first}]}};",
                sum = widened("sum", "exact_sum", width, more - 1),
                wide = more,
                first = width + 1,
                last = SUM - 1,
            ));
        }
        Verilog::Custom(format!(
            "\
reg [{top}:0] exact;
always @(posedge clock) begin
   exact <= $signed(weight) * $signed(feature);
   sum <= $signed(exact) + $signed(addend);
end
// The same as wide as the sum, for a look at it in a simulation.
always @(*) begin
   product = {{{{{more}{{exact[{top}]}}}}, exact}};
end
wire unused = &{{1'b0, product}};"
        ))
    }

    fn timing(&self) -> Vec<TimingInfo> {
        vec![TimingInfo {
            name: "multiply_add".into(),
            clock: "clock".into(),
            inputs: vec!["weight".into(), "feature".into(), "addend".into()],
            outputs: vec!["sum".into()],
        }]
    }
}
