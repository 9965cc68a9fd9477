//! # ParallelPort
//!
//! ## Purpose
//! Takes the codes of a converter or recorder, one at each rising edge of its own strobe, and
//! outputs them as samples in the system's clock. For rates too high for a serial line: 256 channels at
//! 19531 samples per second are 5 million codes per second.
//!
//! ## Ports
//! | port | direction | bits | meaning |
//! |---|---|---|---|
//! | `strobe` | in | 1 | a code is taken at each rising edge |
//! | `code` | in | `TOKEN` | the converter's code, straight binary: 0 is the most negative sample |
//! | `round_end` | in | 1 | the code is that of the last channel |
//! | `clock`, `aresetn` | in | 1 | the system's; reset drops all waiting codes |
//! | `m_axis_tdata` | out | 16 | the code's sample |
//! | `m_axis_tlast` | out | 1 | it ends its round |
//! | `m_axis_tvalid`, `m_axis_tready` | out, in | 1 | the handshake |
//! | `lost` | out | 6 | codes lost since reset, modulo 64 |
//!
//! ## Latency and throughput
//! Four to five clocks. The strobe may be at any frequency up to that of the clock and in any phase;
//! 24 codes may wait.
//!
//! ## How it works
//! A FIFO between two clocks. The strobe writes a memory and increments a Gray-code counter. One bit
//! of it changes at a time, so the clock's side can read it through two registers at any moment. The
//! strobe's side has no reset, because its only clock is the strobe; after a reset, the reader skips
//! what was written.
//!
//! The source cannot wait. If 24 codes wait for the pipeline, the next one is dropped and counted. Its
//! round is then too short, which the pipeline detects by `m_axis_tlast`, and it drops the frame.
//!
//! ## Waveform
//! A round of three codes, a strobe every other clock, a pipeline that takes a sample every third:
//! ```text
#![doc = include_str!("../../waveforms/parallel_port.txt")]
//! ```
//!
//! ## Proofs
//! `testbench/tests/parallel_port.rs`: every code; random strobes in any phase, stalls and resets
//! against a queue.

use crate::block::{block, comment};
use crate::codec::lattice::Lattice;
use crate::memory::dual_clock_memory::DualClockMemory;
use crate::shape::SAMPLE;
use golden_model::Converter;
use rust_hdl::prelude::*;

block! {
    /// Codes in, one at each strobe.
    pub struct ParallelPort<const TOKEN: usize> {
        /// A code is taken at each rising edge.
        pub strobe: Signal<In, Clock>,
        /// The code.
        pub code: Signal<In, Bits<TOKEN>>,
        /// It is that of the last channel.
        pub round_end: Signal<In, Bit>,

        /// The clock.
        pub clock: Signal<In, Clock>,
        /// Low: drop what waits.
        pub aresetn: Signal<In, Bit>,
        /// The sample, two's complement.
        pub m_axis_tdata: Signal<Out, Bits<SAMPLE>>,
        /// It ends its round.
        pub m_axis_tlast: Signal<Out, Bit>,
        /// A sample is offered.
        pub m_axis_tvalid: Signal<Out, Bit>,
        /// The pipeline takes it.
        pub m_axis_tready: Signal<In, Bit>,
        /// Codes lost, modulo 64.
        pub lost: Signal<Out, Bits<6>>,

        memory: DualClockMemory<5, RECORD> = DualClockMemory::new(TOKEN + 1),
        lattice: Lattice<TOKEN> = Lattice::new(converter),

        // Of the strobe.
        write_address: DFF<Bits<5>>,
        write_gray: DFF<Bits<5>>,

        // Of the clock.
        gray_1: DFF<Bits<5>>,
        gray_2: DFF<Bits<5>>,
        read_address: DFF<Bits<5>>,
        output_valid: DFF<Bit>,
        lost_codes: DFF<Bits<6>>,

        most_waiting: Constant<Bits<5>> = Constant::new(MOST_WAITING.to_bits()),
        code_wide: Signal<Local, Bits<RECORD>>,
        code_placed: Signal<Local, Bits<RECORD>>,
        written: Signal<Local, Bits<RECORD>>,
        next_address: Signal<Local, Bits<5>>,
        next_half: Signal<Local, Bits<5>>,
        gray_half: Signal<Local, Bits<5>>,
        gray_quarter: Signal<Local, Bits<5>>,
        gray_eighth: Signal<Local, Bits<5>>,
        gray_sixteenth: Signal<Local, Bits<5>>,
        end_address: Signal<Local, Bits<5>>,
        waiting: Signal<Local, Bits<5>>,
        output_free: Signal<Local, Bit>,
        read: Signal<Local, Bit>,
        drop_one: Signal<Local, Bit>,
        record: Signal<Local, Bits<RECORD>>,
        record_code: Signal<Local, Bits<RECORD>>,
    }

    /// The port of this converter's codes.
    ///
    /// # Panics
    /// When they are of another width.
    pub fn new(converter: &Converter) -> Self {}
}

/// Codes that wait before one is dropped: the memory's, less those that come before it is seen.
const MOST_WAITING: u32 = 24;

/// Bits of the widest code with, in bit 0, whether it ends its round.
const RECORD: usize = SAMPLE + 1;

impl<const TOKEN: usize> Logic for ParallelPort<TOKEN> {
    #[hdl_gen]
    fn update(&mut self) {
        dff_setup!(self, strobe, write_address, write_gray);
        dff_setup!(self, clock, gray_1, gray_2, read_address, output_valid, lost_codes);
        clock!(self, clock, memory);

        comment!("The strobe's side: every edge writes.");
        self.code_wide.next = bit_cast::<RECORD, TOKEN>(self.code.val());
        self.code_placed.next = (self.code_wide.val().index() << 1).to_bits();
        self.written.next = self.code_placed.val();
        if self.round_end.val() {
            self.written.next = self.code_placed.val() | 1;
        }
        self.memory.write_clock.next = self.strobe.val();
        self.memory.write_address.next = self.write_address.q.val();
        self.memory.write_data.next = self.written.val();
        self.next_address.next = self.write_address.q.val() + 1;
        self.next_half.next = (self.next_address.val().index() >> 1).to_bits();
        self.write_address.d.next = self.next_address.val();
        self.write_gray.d.next = self.next_address.val() ^ self.next_half.val();

        comment!("The write address, as the clock's side sees it.");
        self.gray_1.d.next = self.write_gray.q.val();
        self.gray_2.d.next = self.gray_1.q.val();
        self.gray_half.next = (self.gray_2.q.val().index() >> 1).to_bits();
        self.gray_quarter.next = (self.gray_2.q.val().index() >> 2).to_bits();
        self.gray_eighth.next = (self.gray_2.q.val().index() >> 3).to_bits();
        self.gray_sixteenth.next = (self.gray_2.q.val().index() >> 4).to_bits();
        self.end_address.next = self.gray_2.q.val()
            ^ self.gray_half.val()
            ^ self.gray_quarter.val()
            ^ self.gray_eighth.val()
            ^ self.gray_sixteenth.val();
        self.waiting.next = self.end_address.val() - self.read_address.q.val();

        comment!(
            "A code moves to the output when that is free or being freed. If too many wait, one is dropped."
        );
        self.output_free.next = !self.output_valid.q.val() | self.m_axis_tready.val();
        self.read.next = self.output_free.val() & (self.waiting.val() != 0);
        self.drop_one.next =
            !self.output_free.val() & (self.waiting.val() >= self.most_waiting.val());
        self.memory.read.next = self.read.val();
        self.memory.read_address.next = self.read_address.q.val();
        self.output_valid.d.next = self.read.val() | !self.output_free.val();
        if self.read.val() | self.drop_one.val() {
            self.read_address.d.next = self.read_address.q.val() + 1;
        }
        if self.drop_one.val() {
            self.lost_codes.d.next = self.lost_codes.q.val() + 1;
        }
        if !self.aresetn.val() {
            self.read_address.d.next = self.end_address.val();
            self.output_valid.d.next = false;
            self.lost_codes.d.next = 0.into();
        }

        comment!("Code to sample.");
        self.record.next = self.memory.data.val();
        self.record_code.next = (self.record.val().index() >> 1).to_bits();
        self.lattice.token.next = bit_cast::<TOKEN, RECORD>(self.record_code.val());
        self.m_axis_tdata.next = self.lattice.sample.val();
        self.m_axis_tlast.next = self.record.val().get_bit(0);
        self.m_axis_tvalid.next = self.output_valid.q.val();
        self.lost.next = self.lost_codes.q.val();
    }
}
