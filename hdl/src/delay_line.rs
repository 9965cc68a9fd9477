//! # DelayLine
//!
//! ## Purpose
//! Gives each sample back four clocks later, when its prediction is there: a block RAM in the place of
//! four stages of registers.
//!
//! ## Ports
//! | port | direction | bits | meaning |
//! |---|---|---|---|
//! | `clock`, `aresetn` | in | 1 | |
//! | `write`, `write_data` | in | 1, 16 | a sample is there |
//! | `read` | in | 1 | three clocks later: it is wanted at the next clock |
//! | `data` | out | 16 | the sample of four clocks ago; held until the next read |
//!
//! ## Latency and throughput
//! Four clocks; one sample per clock.
//!
//! ## How it works
//! A ring of four words and a counter that never rests: what is written at its place is read three
//! clocks later, when the counter stands one short of it. So reads and writes never meet.
//!
//! ## Waveform
//! Two samples in a row, and one after a pause:
//! ```text
#![doc = include_str!("../waveforms/delay_line.txt")]
//! ```
//!
//! ## Proofs
//! `testbench/tests/ram.rs`: random samples and pauses.

use crate::ram::Ram;
use rust_hdl::prelude::*;

/// Samples, four clocks later.
#[derive(LogicBlock)]
pub struct DelayLine {
    /// The clock.
    pub clock: Signal<In, Clock>,
    /// Low: the ring starts at its first word.
    pub aresetn: Signal<In, Bit>,
    /// A sample is there.
    pub write: Signal<In, Bit>,
    /// The sample.
    pub write_data: Signal<In, Bits<16>>,
    /// The sample of three clocks ago is wanted.
    pub read: Signal<In, Bit>,
    /// It, one clock later.
    pub data: Signal<Out, Bits<16>>,

    ring: Ram<2, 16>,
    place: DFF<Bits<2>>,
}

impl Default for DelayLine {
    fn default() -> Self {
        Self {
            clock: Default::default(),
            aresetn: Default::default(),
            write: Default::default(),
            write_data: Default::default(),
            read: Default::default(),
            data: Default::default(),
            ring: Ram::new(),
            place: Default::default(),
        }
    }
}

impl Logic for DelayLine {
    #[hdl_gen]
    fn update(&mut self) {
        dff_setup!(self, clock, place);
        clock!(self, clock, ring);
        self.place.d.next = self.place.q.val() + 1;
        if !self.aresetn.val() {
            self.place.d.next = 0.into();
        }
        self.ring.write.next = self.write.val();
        self.ring.write_address.next = self.place.q.val();
        self.ring.write_data.next = self.write_data.val();
        self.ring.read.next = self.read.val();
        self.ring.read_address.next = self.place.q.val() + 1;
        self.data.next = self.ring.data.val();
    }
}
