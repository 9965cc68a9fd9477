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
//! | `feature` | in | 11 | the other factor, two's complement |
//! | `product` | out | 25 | their product, two's complement, one clock later |
//!
//! ## Latency and throughput
//! One clock; one product per clock. Both factors come from registers in
//! [`lms_predictor`](crate::codec::lms_predictor).
//!
//! ## How it works
//! rust-hdl multiplies unsigned numbers and widens signed ones wrongly, so this block is written directly
//! in Verilog: `$signed(weight) * $signed(feature)`.
//!
//! ## Waveform
//! Three products, each one clock after its factors:
//! ```text
#![doc = include_str!("../../waveforms/multiplier.txt")]
//! ```
//!
//! ## Proofs
//! `testbench/tests/lms_predictor.rs`: the extremes and random factors.

use rust_hdl::prelude::*;

/// A registered product of numbers with a sign.
#[derive(LogicBlock, Default)]
pub struct Multiplier {
    /// The clock.
    pub clock: Signal<In, Clock>,
    /// A factor.
    pub weight: Signal<In, Bits<14>>,
    /// The other factor.
    pub feature: Signal<In, Bits<11>>,
    /// Their product, one clock later.
    pub product: Signal<Out, Bits<25>>,
}

/// A number of `bits` bits in two's complement.
pub(crate) fn with_sign(number: u64, bits: u32) -> i64 {
    (number << (64 - bits)) as i64 >> (64 - bits)
}

impl Logic for Multiplier {
    fn update(&mut self) {
        if self.clock.pos_edge() {
            let weight = with_sign(self.weight.val().to_u64(), 14);
            let feature = with_sign(self.feature.val().to_u64(), 11);
            self.product.next = ((weight * feature) as u64 & ((1 << 25) - 1)).into();
        }
    }

    fn connect(&mut self) {
        self.product.connect();
    }

    fn hdl(&self) -> Verilog {
        Verilog::Custom(
            "\
always @(posedge clock) begin
   product <= $signed(weight) * $signed(feature);
end"
            .into(),
        )
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
