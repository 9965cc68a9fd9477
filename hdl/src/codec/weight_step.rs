//! # WeightStep
//!
//! ## Purpose
//! Moves one weight of the sign-sign LMS a step in the direction that reduces the error. Twin of the
//! weights' half of [`Past::learn`](golden_model::predictor::Past::learn).
//!
//! ## Ports
//! | port | direction | bits | meaning |
//! |---|---|---|---|
//! | `weight` | in | 14 | before, two's complement |
//! | `up`, `down` | in | 1 | the direction; neither: the weight stays |
//! | `new_weight` | out | 14 | after |
//!
//! ## Latency and throughput
//! Combinational: no clock.
//!
//! ## How it works
//! Saturates at -8192 and 8191. A step is 2, so the weight's lowest bit stays, and 1, -1 or 0 is added to
//! the bits above it. If these are at their limit already, they stay, and the lowest bit moves to the limit.
//! This is detected before the addition, not after it, so that the sum goes straight into a register.
//!
//! ## Waveform
//! A step up, one down, none, and one that saturates:
//! ```text
#![doc = include_str!("../../waveforms/weight_step.txt")]
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

    sign: Signal<Local, Bit>,
    upper: Signal<Local, Bits<13>>,
    body: Signal<Local, Bits<12>>,
    outward: Signal<Local, Bits<12>>,
    held: Signal<Local, Bit>,
    step: Signal<Local, Bits<13>>,
    moved: Signal<Local, Bits<13>>,
    lowest: Signal<Local, Bits<14>>,
}

impl Logic for WeightStep {
    #[hdl_gen]
    fn update(&mut self) {
        self.sign.next = self.weight.val().get_bit(13);
        self.upper.next = (self.weight.val().index() >> 1).to_bits();
        self.body.next = bit_cast::<12, 13>(self.upper.val());
        self.outward.next = self.body.val();
        if self.sign.val() {
            self.outward.next = !self.body.val();
        }
        self.held.next = (self.outward.val() == 0xfff)
            & ((self.up.val() & !self.sign.val()) | (self.down.val() & self.sign.val()));

        self.step.next = 0.into();
        if self.up.val() & !self.held.val() {
            self.step.next = 1.into();
        }
        if self.down.val() & !self.held.val() {
            self.step.next = 0x1fff.into();
        }
        self.moved.next = self.upper.val() + self.step.val();
        self.lowest.next = self.weight.val() & 1;
        if self.held.val() {
            self.lowest.next = 0.into();
            if !self.sign.val() {
                self.lowest.next = 1.into();
            }
        }
        self.new_weight.next = ((bit_cast::<14, 13>(self.moved.val()).index() << 1)
            | self.lowest.val().index())
        .to_bits();
    }
}
