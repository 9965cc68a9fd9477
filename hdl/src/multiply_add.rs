//! # MultiplyAdd
//!
//! ## Purpose
//! A product of two numbers with a sign, and what is added to it: synthesis makes both one DSP block
//! where there are any.
//!
//! ## Ports
//! | port | direction | bits | meaning |
//! |---|---|---|---|
//! | `clock` | in | 1 | |
//! | `weight` | in | 14 | a factor, two's complement |
//! | `feature` | in | 11 | the other one, two's complement |
//! | `addend` | in | 26 | what is added, two's complement, one clock after the factors |
//! | `sum` | out | 26 | the sum at that clock, two's complement, modulo 2^26 |
//!
//! ## Latency and throughput
//! The product takes one clock, the addition none; one sum per clock.
//!
//! ## How it works
//! rust-hdl multiplies numbers without sign and widens those with one wrongly, so this block says
//! in Verilog what it means: `$signed(weight) * $signed(feature)`.
//!
//! Blocks in a chain must have no register between one's `sum` and the next one's `addend`: yosys
//! 0.70 takes such a register into the second DSP block and loses the first. The netlist
//! simulations see it.
//!
//! ## Waveform
//! Three sums, each one clock behind its factors:
//! ```text
#![doc = include_str!("../waveforms/multiply_add.txt")]
//! ```
//!
//! ## Proofs
//! `testbench/tests/lms_predictor.rs`: the extremes and random numbers.

use rust_hdl::prelude::*;

/// A registered product of numbers with a sign, and what is added to it.
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
    /// The sum.
    pub sum: Signal<Out, Bits<26>>,
    product: Signal<Local, Bits<25>>,
}

/// A number of `bits` bits in two's complement.
fn with_sign(number: u64, bits: u32) -> i64 {
    (number << (64 - bits)) as i64 >> (64 - bits)
}

impl Logic for MultiplyAdd {
    fn update(&mut self) {
        if self.clock.pos_edge() {
            let weight = with_sign(self.weight.val().to_u64(), 14);
            let feature = with_sign(self.feature.val().to_u64(), 11);
            self.product.next = ((weight * feature) as u64 & ((1 << 25) - 1)).into();
        }
        let product = with_sign(self.product.val().to_u64(), 25) as u64;
        let sum = product.wrapping_add(self.addend.val().to_u64());
        self.sum.next = (sum & ((1 << 26) - 1)).into();
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
end

always @(*) begin
   sum = $signed(product) + $signed(addend);
end"
            .into(),
        )
    }

    fn timing(&self) -> Vec<TimingInfo> {
        vec![TimingInfo {
            name: "multiply_add".into(),
            clock: "clock".into(),
            inputs: vec!["weight".into(), "feature".into()],
            outputs: vec!["product".into()],
        }]
    }
}
