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
//! | `feature` | in | 11 | the other factor, two's complement |
//! | `addend` | in | 26 | the addend, two's complement, one clock after the factors |
//! | `sum` | out | 26 | the sum one clock later, two's complement, modulo 2^26 |
//!
//! ## Latency and throughput
//! One clock for the product and one for the sum; one sum per clock.
//!
//! ## How it works
//! As in [`multiplier`](crate::codec::multiplier), this is written directly in Verilog:
//! `$signed(product) + $signed(addend)`.
//!
//! The other products are not summed in their blocks, for two reasons. nextpnr does not time a sum that
//! continues in the next block's adder in the same clock. And yosys 0.70 loses a register between two
//! blocks: it packs it into the second one and forgets the first (the netlist simulations catch it).
//!
//! ## Waveform
//! Three sums, each two clocks after its factors and one after its addend:
//! ```text
#![doc = include_str!("../../waveforms/multiply_add.txt")]
//! ```
//!
//! ## Proofs
//! `testbench/tests/lms_predictor.rs`: the extremes and random numbers.

use crate::codec::multiplier::with_sign;
use rust_hdl::prelude::*;

/// A product of numbers with a sign, and what is added to it.
#[derive(LogicBlock, Default)]
pub struct MultiplyAdd {
    /// The clock.
    pub clock: Signal<In, Clock>,
    /// A factor.
    pub weight: Signal<In, Bits<14>>,
    /// The other factor.
    pub feature: Signal<In, Bits<11>>,
    /// What is added to the product of one clock ago.
    pub addend: Signal<In, Bits<26>>,
    /// The sum, one clock later.
    pub sum: Signal<Out, Bits<26>>,
    product: Signal<Local, Bits<25>>,
}

impl Logic for MultiplyAdd {
    fn update(&mut self) {
        if self.clock.pos_edge() {
            let weight = with_sign(self.weight.val().to_u64(), 14);
            let feature = with_sign(self.feature.val().to_u64(), 11);
            let product = with_sign(self.product.val().to_u64(), 25) as u64;
            let sum = product.wrapping_add(self.addend.val().to_u64());
            self.product.next = ((weight * feature) as u64 & ((1 << 25) - 1)).into();
            self.sum.next = (sum & ((1 << 26) - 1)).into();
        }
    }

    fn connect(&mut self) {
        self.product.connect();
        self.sum.connect();
    }

    fn hdl(&self) -> Verilog {
        Verilog::Custom(
            "\
always @(posedge clock) begin
   product <= $signed(weight) * $signed(feature);
   sum <= $signed(product) + $signed(addend);
end"
            .into(),
        )
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
