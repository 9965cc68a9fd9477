//! # WeightStep
//!
//! ## Purpose
//! Moves one weight of the sign-sign LMS a step toward what would have been right. Twin of the
//! weights' half of [`Past::learn`](golden_model::predictor::Past::learn).
//!
//! ## Ports
//! | port | direction | bits | meaning |
//! |---|---|---|---|
//! | `weight` | in | 14 | before, two's complement |
//! | `up`, `down` | in | 1 | which way; neither: it stays |
//! | `new_weight` | out | 14 | after |
//!
//! ## Latency and throughput
//! Combinational: no clock.
//!
//! ## How it works
//! One adder: 2, -2 or 0 is added. A result whose sign is not the weight's any more, after a step
//! away from zero, is held at the limit.
//!
//! ## Waveform
//! A step up, one down, none, and one that is held at the limit:
//! ```text
#![doc = include_str!("../waveforms/weight_step.txt")]
//! ```
//!
//! ## Proofs
//! `testbench/tests/lms_predictor.rs`: every weight, up, down and not at all.

use rust_hdl::prelude::*;

/// One weight, moved.
#[derive(LogicBlock, Default)]
pub struct WeightStep {
    /// The weight before.
    pub weight: Signal<In, Bits<14>>,
    /// Up.
    pub up: Signal<In, Bit>,
    /// Down.
    pub down: Signal<In, Bit>,
    /// The weight after.
    pub new_weight: Signal<Out, Bits<14>>,

    step: Signal<Local, Bits<14>>,
    moved: Signal<Local, Bits<14>>,
}

impl Logic for WeightStep {
    #[hdl_gen]
    fn update(&mut self) {
        self.step.next = 0.into();
        if self.up.val() {
            self.step.next = 2.into();
        }
        if self.down.val() {
            self.step.next = 0x3ffe.into();
        }
        self.moved.next = self.weight.val() + self.step.val();
        self.new_weight.next = self.moved.val();
        if self.up.val() & !self.weight.val().get_bit(13) & self.moved.val().get_bit(13) {
            self.new_weight.next = 0x1fff.into();
        }
        if self.down.val() & self.weight.val().get_bit(13) & !self.moved.val().get_bit(13) {
            self.new_weight.next = 0x2000.into();
        }
    }
}
