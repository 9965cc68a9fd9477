//! # SerialPort
//!
//! ## Purpose
//! Takes samples of 16 bits over SPI, with the recorder's own clock, and outputs them in the system's
//! clock. The recorder is the master. For up to about 32 channels: 32 channels at 19531 samples per
//! second are 10 Mbit/s.
//!
//! ## Ports
//! | port | direction | bits | meaning |
//! |---|---|---|---|
//! | `cs_n` | in | 1 | the recorder's chip select: low for a round, one sample of every channel |
//! | `sclk` | in | 1 | the recorder's clock, low when idle |
//! | `mosi` | in | 1 | the bits of the samples, two's complement, the most significant one first |
//! | `clock`, `aresetn` | in | 1 | the system's; reset drops all waiting samples |
//! | `m_axis_tdata`, `m_axis_tlast` | out | 16, 1 | the sample; it ends its round |
//! | `m_axis_tvalid`, `m_axis_tready` | out, in | 1 | the handshake |
//! | `lost` | out | 6 | samples lost since reset, modulo 64 |
//!
//! ## Latency and throughput
//! A sample is output when the next one is complete or `cs_n` has risen. `sclk` may be as fast
//! as the clock: a sample then takes 16 clocks. Six samples may wait.
//!
//! ## How it works
//! SPI mode 0: a bit is taken at the rising edge of `sclk`. The bits received so far are written into a
//! memory at every edge; with the sixteenth, the sample is complete and the address moves on. The
//! address is a Gray-code counter, so the clock's side can read it through two registers at any moment.
//!
//! ```text
//! cs_n  ▔▔▔▔╲▁▁▁▁▁▁▁▁▁▁▁▁▁▁▁▁▁▁▁▁▁▁▁▁▁▁▁▁▁▁╱▔▔▔▔
//! mosi       channel 0  channel 1  ...  channel 31
//! ```
//! `cs_n` is high for at least eight clocks between two rounds. When this is detected, `turn` is set
//! to differ from `turn_seen`, so that the next bit counts as the first one of a sample, whatever came
//! before.
//!
//! Only the rise of `cs_n` shows that a sample was the last one of its round. So the last sample received is
//! held back until then. `cs_n` passes two more registers than the address, so it cannot overtake a
//! sample.
//!
//! The source cannot wait. If six samples wait for the pipeline, one is dropped and counted. Its
//! round is then too short, which the pipeline detects by `m_axis_tlast`, and it drops the frame.
//!
//! ## Waveform
//! A round of two samples, 5 and -2, without the bits in the middle of each:
//! ```text
#![doc = include_str!("../../waveforms/serial_port.txt")]
//! ```
//!
//! ## Proofs
//! `testbench/tests/serial_port.rs`: a recorder of any speed and phase, rounds that break off within
//! a sample, stalls and resets against a queue.

use crate::block::{block, comment};
use crate::memory::dual_clock_memory::DualClockMemory;
use crate::shape::SAMPLE;
use rust_hdl::prelude::*;

/// Samples that wait before one is dropped.
const MOST_WAITING: u32 = 6;

block! {
    /// Samples in over SPI.
    pub struct SerialPort {
        /// The recorder's chip select.
        pub cs_n: Signal<In, Bit>,
        /// The recorder's clock.
        pub sclk: Signal<In, Clock>,
        /// The recorder's bits.
        pub mosi: Signal<In, Bit>,

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
        /// Samples lost, modulo 64.
        pub lost: Signal<Out, Bits<6>>,

        memory: DualClockMemory<3, SAMPLE> = DualClockMemory::new(SAMPLE),

        // Of the recorder's clock.
        shift: DFF<Bits<15>>,
        position: DFF<Bits<4>>,
        turn_seen: DFF<Bit>,
        write_address: DFF<Bits<3>>,
        write_gray: DFF<Bits<3>>,

        // Of the clock.
        cs_1: DFF<Bit>,
        cs_2: DFF<Bit>,
        cs_3: DFF<Bit>,
        cs_4: DFF<Bit>,
        cs_5: DFF<Bit>,
        seen_1: DFF<Bit>,
        seen_2: DFF<Bit>,
        turn: DFF<Bit>,
        gray_1: DFF<Bits<3>>,
        gray_2: DFF<Bits<3>>,
        read_address: DFF<Bits<3>>,
        last_address: DFF<Bits<3>>,
        ending: DFF<Bit>,
        output_valid: DFF<Bit>,
        output_last: DFF<Bit>,
        lost_samples: DFF<Bits<6>>,

        most_waiting: Constant<Bits<3>> = Constant::new(MOST_WAITING.to_bits()),
        place: Signal<Local, Bits<4>>,
        shifted: Signal<Local, Bits<SAMPLE>>,
        next_address: Signal<Local, Bits<3>>,
        next_half: Signal<Local, Bits<3>>,
        gray_half: Signal<Local, Bits<3>>,
        gray_quarter: Signal<Local, Bits<3>>,
        end_address: Signal<Local, Bits<3>>,
        waiting: Signal<Local, Bits<3>>,
        round_over: Signal<Local, Bit>,
        output_free: Signal<Local, Bit>,
        can_go: Signal<Local, Bit>,
        read: Signal<Local, Bit>,
        drop_one: Signal<Local, Bit>,
        is_last: Signal<Local, Bit>,
    }
}

impl Logic for SerialPort {
    #[hdl_gen]
    fn update(&mut self) {
        dff_setup!(self, sclk, shift, position, turn_seen, write_address, write_gray);
        dff_setup!(self, clock, cs_1, cs_2, cs_3, cs_4, cs_5, seen_1, seen_2, turn);
        dff_setup!(self, clock, gray_1, gray_2, read_address, last_address, ending);
        dff_setup!(self, clock, output_valid, output_last, lost_samples);
        clock!(self, clock, memory);

        comment!("The recorder's side.");
        self.place.next = self.position.q.val();
        if self.turn.q.val() ^ self.turn_seen.q.val() {
            self.place.next = 0.into();
        }
        self.turn_seen.d.next = self.turn.q.val();
        self.position.d.next = self.place.val() + 1;
        self.shifted.next = (self.shift.q.val().index() << 1).to_bits();
        if self.mosi.val() {
            self.shifted.next = self.shifted.val() | 1;
        }
        self.shift.d.next = bit_cast::<15, 16>(self.shifted.val());
        self.memory.write_clock.next = self.sclk.val();
        self.memory.write_address.next = self.write_address.q.val();
        self.memory.write_data.next = self.shifted.val();
        self.next_address.next = self.write_address.q.val() + 1;
        self.next_half.next = (self.next_address.val().index() >> 1).to_bits();
        if self.place.val() == 15 {
            self.write_address.d.next = self.next_address.val();
            self.write_gray.d.next = self.next_address.val() ^ self.next_half.val();
        }

        comment!("The same, as the clock's side sees it.");
        self.cs_1.d.next = self.cs_n.val();
        self.cs_2.d.next = self.cs_1.q.val();
        self.cs_3.d.next = self.cs_2.q.val();
        self.cs_4.d.next = self.cs_3.q.val();
        self.cs_5.d.next = self.cs_4.q.val();
        self.seen_1.d.next = self.turn_seen.q.val();
        self.seen_2.d.next = self.seen_1.q.val();
        self.gray_1.d.next = self.write_gray.q.val();
        self.gray_2.d.next = self.gray_1.q.val();
        self.gray_half.next = (self.gray_2.q.val().index() >> 1).to_bits();
        self.gray_quarter.next = (self.gray_2.q.val().index() >> 2).to_bits();
        self.end_address.next =
            self.gray_2.q.val() ^ self.gray_half.val() ^ self.gray_quarter.val();
        self.waiting.next = self.end_address.val() - self.read_address.q.val();
        self.round_over.next = self.cs_4.q.val() & !self.cs_5.q.val();

        comment!(
            "The first waiting sample moves to the output once it is known whether it is the last one of"
        );
        comment!("its round. If too many wait, one is dropped.");
        self.output_free.next = !self.output_valid.q.val() | self.m_axis_tready.val();
        self.is_last.next =
            self.ending.q.val() & (self.read_address.q.val() == self.last_address.q.val());
        self.can_go.next = (self.waiting.val() > 1) | self.is_last.val();
        self.read.next = self.output_free.val() & self.can_go.val();
        self.drop_one.next =
            !self.output_free.val() & (self.waiting.val() >= self.most_waiting.val());
        self.memory.read.next = self.read.val();
        self.memory.read_address.next = self.read_address.q.val();
        self.output_valid.d.next = self.read.val() | !self.output_free.val();
        if self.read.val() {
            self.output_last.d.next = self.is_last.val();
        }
        if self.read.val() | self.drop_one.val() {
            self.read_address.d.next = self.read_address.q.val() + 1;
            if self.is_last.val() {
                self.ending.d.next = false;
            }
        }
        if self.drop_one.val() {
            self.lost_samples.d.next = self.lost_samples.q.val() + 1;
        }
        if self.round_over.val() {
            self.turn.d.next = !self.seen_2.q.val();
            self.last_address.d.next = self.end_address.val() - 1;
            self.ending.d.next = self.waiting.val() != 0;
        }
        if !self.aresetn.val() {
            self.read_address.d.next = self.end_address.val();
            self.ending.d.next = false;
            self.output_valid.d.next = false;
            self.lost_samples.d.next = 0.into();
        }
        self.m_axis_tdata.next = self.memory.data.val();
        self.m_axis_tlast.next = self.output_last.q.val();
        self.m_axis_tvalid.next = self.output_valid.q.val();
        self.lost.next = self.lost_samples.q.val();
    }
}
