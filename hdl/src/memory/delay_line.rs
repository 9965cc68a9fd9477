//! # DelayLine
//!
//! ## Purpose
//! Delays each sample by four clocks, when its prediction is ready, and by six, when its code is formed.
//! Block RAM instead of six stages of registers.
//!
//! ## Ports
//! | port | direction | bits | meaning |
//! |---|---|---|---|
//! | `clock`, `aresetn` | in | 1 | |
//! | `write`, `write_data` | in | 1, 16 | store a sample |
//! | `read`, `read_late` | in | 1 | three and five clocks later: output it at the next clock |
//! | `data`, `late_data` | out | 16 | the sample of four and of six clocks ago; held until the next read |
//!
//! ## Latency and throughput
//! Four and six clocks; one sample per clock.
//!
//! ## How it works
//! Two rings of eight words with the same samples, one for each reader, and a counter that always
//! runs. The first reader reads at the counter's address, so a sample is written three addresses ahead
//! of it, and the second reader is two behind. A read never meets a write at the same address.
//!
//! ## Waveform
//! Two samples in a row, and one after a pause:
//! ```text
#![doc = include_str!("../../waveforms/delay_line.txt")]
//! ```
//!
//! ## Proofs
//! `testbench/tests/ram.rs`: random samples and pauses.

use crate::block::block;
use crate::memory::ram::Ram;
use crate::shape::SAMPLE;
use rust_hdl::prelude::*;

block! {
    /// Samples, four and six clocks later.
    pub struct DelayLine {
        /// The clock.
        pub clock: Signal<In, Clock>,
        /// Low: the ring starts at its first word.
        pub aresetn: Signal<In, Bit>,
        /// A sample is there.
        pub write: Signal<In, Bit>,
        /// The sample.
        pub write_data: Signal<In, Bits<SAMPLE>>,
        /// The sample of three clocks ago is wanted.
        pub read: Signal<In, Bit>,
        /// It, one clock later.
        pub data: Signal<Out, Bits<SAMPLE>>,
        /// The sample of five clocks ago is wanted.
        pub read_late: Signal<In, Bit>,
        /// It, one clock later.
        pub late_data: Signal<Out, Bits<SAMPLE>>,

        ring: Ram<3, SAMPLE> = Ram::new(),
        late_ring: Ram<3, SAMPLE> = Ram::new(),
        place: DFF<Bits<3>>,
        ahead: Signal<Local, Bits<3>>,
    }
}

impl Logic for DelayLine {
    #[hdl_gen]
    fn update(&mut self) {
        dff_setup!(self, clock, place);
        clock!(self, clock, ring, late_ring);
        self.place.d.next = self.place.q.val() + 1;
        if !self.aresetn.val() {
            self.place.d.next = 0.into();
        }
        self.ahead.next = self.place.q.val() + 3;
        self.ring.write.next = self.write.val();
        self.ring.write_address.next = self.ahead.val();
        self.ring.write_data.next = self.write_data.val();
        self.late_ring.write.next = self.write.val();
        self.late_ring.write_address.next = self.ahead.val();
        self.late_ring.write_data.next = self.write_data.val();
        self.ring.read.next = self.read.val();
        self.ring.read_address.next = self.place.q.val();
        self.data.next = self.ring.data.val();
        self.late_ring.read.next = self.read_late.val();
        self.late_ring.read_address.next = self.place.q.val() - 2;
        self.late_data.next = self.late_ring.data.val();
    }
}
