//! # PowerOnReset
//!
//! ## Purpose
//! Holds everything in reset for the first 128 clocks after the FPGA has been configured. The block
//! RAMs of an iCE40 give no valid data in its first 3 us (36 clocks of 12 MHz).
//!
//! ## Ports
//! | port | direction | bits | meaning |
//! |---|---|---|---|
//! | `clock` | in | 1 | |
//! | `aresetn` | out | 1 | low for 128 clocks, then high |
//!
//! ## Latency and throughput
//! 127 clocks.
//!
//! ## How it works
//! A counter that starts at zero and stays at its last value.
//!
//! ## Waveform
//! `aresetn` rises once and stays high.
//!
//! ## Proofs
//! `testbench/tests/board.rs`: in every board.

use crate::block::block;
use rust_hdl::prelude::*;

block! {
    /// Reset after power-up.
    pub struct PowerOnReset {
        /// The clock.
        pub clock: Signal<In, Clock>,
        /// Low at first.
        pub aresetn: Signal<Out, Bit>,

        clocks: DFF<Bits<7>>,
        last: Constant<Bits<7>> = Constant::new(Bits::mask()),
        over: Signal<Local, Bit>,
    }
}

impl Logic for PowerOnReset {
    #[hdl_gen]
    fn update(&mut self) {
        dff_setup!(self, clock, clocks);
        self.over.next = self.clocks.q.val() == self.last.val();
        if !self.over.val() {
            self.clocks.d.next = self.clocks.q.val() + 1;
        }
        self.aresetn.next = self.over.val();
    }
}
