//! # SerialPort
//!
//! ## Purpose
//! Takes samples of 16 bits over SPI, with the recorder's own clock, and hands them on in the
//! system's clock. The recorder is the master. For up to 32 channels or so: 32 channels of 19531
//! samples per second are 10 Mbit/s.
//!
//! ## Ports
//! | port | direction | bits | meaning |
//! |---|---|---|---|
//! | `cs_n` | in | 1 | the recorder's chip select: low for a round, one sample of every channel |
//! | `sclk` | in | 1 | the recorder's clock, low when idle |
//! | `mosi` | in | 1 | the bits of the samples, two's complement, the most significant one first |
//! | `clock`, `aresetn` | in | 1 | the system's; reset drops what waits |
//! | `m_axis_tdata`, `m_axis_tlast` | out | 16, 1 | the sample; it ends its round |
//! | `m_axis_tvalid`, `m_axis_tready` | out, in | 1 | the handshake |
//! | `lost` | out | 8 | samples lost since reset, modulo 256 |
//!
//! ## Latency and throughput
//! A sample is handed on when the next one is complete, or `cs_n` has risen. `sclk` may be as fast
//! as the clock: a sample then takes 16 clocks.
//!
//! ## How it works
//! SPI mode 0: a bit is taken at the rising edge of `sclk`. The sixteenth puts the sample into a
//! register of its own, where it stands still for the next fifteen, and turns `arrived` over, which
//! the clock's side sees through two registers.
//!
//! ```text
//! cs_n  ▔▔▔▔╲▁▁▁▁▁▁▁▁▁▁▁▁▁▁▁▁▁▁▁▁▁▁▁▁▁▁▁▁▁▁╱▔▔▔▔
//! mosi       channel 0  channel 1  ...  channel 31
//! ```
//! `cs_n` is high for at least eight clocks between two rounds. When that is seen, `turn` is set
//! against `turn_seen`, so that the next bit counts as the first one of a sample, whatever came
//! before.
//!
//! Only when `cs_n` rises is it known that a sample was the last one of its round. So one is kept
//! back. `cs_n` takes two registers more than `arrived`, so that it cannot overtake a sample.
//!
//! The source cannot wait. A sample that finds the output taken is lost and counted, and its round
//! is short, which the pipeline sees by `m_axis_tlast`: it gives the frame up.
//!
//! ## Waveform
//! A round of two samples:
//! ```text
#![doc = include_str!("../waveforms/serial_port.txt")]
//! ```
//!
//! ## Proofs
//! `testbench/tests/serial_port.rs`: a recorder of any speed and phase, rounds that break off within
//! a sample, stalls and resets against a queue.

use rust_hdl::prelude::*;

/// Samples in over SPI.
#[derive(LogicBlock, Default)]
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
    pub m_axis_tdata: Signal<Out, Bits<16>>,
    /// It ends its round.
    pub m_axis_tlast: Signal<Out, Bit>,
    /// A sample is offered.
    pub m_axis_tvalid: Signal<Out, Bit>,
    /// The pipeline takes it.
    pub m_axis_tready: Signal<In, Bit>,
    /// Samples lost, modulo 256.
    pub lost: Signal<Out, Bits<8>>,

    // Of the recorder's clock.
    shift: DFF<Bits<16>>,
    position: DFF<Bits<4>>,
    turn_seen: DFF<Bit>,
    sample: DFF<Bits<16>>,
    arrived: DFF<Bit>,

    // Of the clock.
    cs_1: DFF<Bit>,
    cs_2: DFF<Bit>,
    cs_3: DFF<Bit>,
    cs_4: DFF<Bit>,
    cs_5: DFF<Bit>,
    seen_1: DFF<Bit>,
    seen_2: DFF<Bit>,
    turn: DFF<Bit>,
    arrived_1: DFF<Bit>,
    arrived_2: DFF<Bit>,
    arrived_3: DFF<Bit>,
    kept: DFF<Bits<16>>,
    kept_valid: DFF<Bit>,
    ending: DFF<Bit>,
    offered: DFF<Bits<16>>,
    offered_last: DFF<Bit>,
    offered_valid: DFF<Bit>,
    lost_samples: DFF<Bits<8>>,

    place: Signal<Local, Bits<4>>,
    shifted: Signal<Local, Bits<16>>,
    arrives: Signal<Local, Bit>,
    round_over: Signal<Local, Bit>,
    ends: Signal<Local, Bit>,
    hand_on: Signal<Local, Bit>,
    output_free: Signal<Local, Bit>,
}

impl Logic for SerialPort {
    #[hdl_gen]
    fn update(&mut self) {
        dff_setup!(self, sclk, shift, position, turn_seen, sample, arrived);
        dff_setup!(self, clock, cs_1, cs_2, cs_3, cs_4, cs_5, seen_1, seen_2, turn);
        dff_setup!(self, clock, arrived_1, arrived_2, arrived_3, kept, kept_valid, ending);
        dff_setup!(self, clock, offered, offered_last, offered_valid, lost_samples);

        // The recorder's side.
        self.place.next = self.position.q.val();
        if self.turn.q.val() ^ self.turn_seen.q.val() {
            self.place.next = 0.into();
        }
        self.turn_seen.d.next = self.turn.q.val();
        self.shifted.next = ((self.shift.q.val().index() & 0x7fff) << 1).to_bits();
        if self.mosi.val() {
            self.shifted.next = self.shifted.val() | 1;
        }
        self.shift.d.next = self.shifted.val();
        self.position.d.next = self.place.val() + 1;
        if self.place.val() == 15 {
            self.sample.d.next = self.shifted.val();
            self.arrived.d.next = !self.arrived.q.val();
        }

        // What the clock's side sees of it.
        self.cs_1.d.next = self.cs_n.val();
        self.cs_2.d.next = self.cs_1.q.val();
        self.cs_3.d.next = self.cs_2.q.val();
        self.cs_4.d.next = self.cs_3.q.val();
        self.cs_5.d.next = self.cs_4.q.val();
        self.seen_1.d.next = self.turn_seen.q.val();
        self.seen_2.d.next = self.seen_1.q.val();
        self.arrived_1.d.next = self.arrived.q.val();
        self.arrived_2.d.next = self.arrived_1.q.val();
        self.arrived_3.d.next = self.arrived_2.q.val();
        self.arrives.next = self.arrived_2.q.val() ^ self.arrived_3.q.val();
        self.round_over.next = self.cs_4.q.val() & !self.cs_5.q.val();
        if self.round_over.val() {
            self.turn.d.next = !self.seen_2.q.val();
        }

        // The sample kept back moves to the output when the next one comes, or its round is over;
        // the last one has time until the next round.
        self.ends.next = self.round_over.val() | self.ending.q.val();
        self.hand_on.next = self.kept_valid.q.val() & (self.arrives.val() | self.ends.val());
        self.output_free.next = !self.offered_valid.q.val() | self.m_axis_tready.val();
        self.offered_valid.d.next = !self.output_free.val();
        self.ending.d.next = self.kept_valid.q.val()
            & self.ends.val()
            & !self.arrives.val()
            & !self.output_free.val();
        if self.hand_on.val() & self.output_free.val() {
            self.offered.d.next = self.kept.q.val();
            self.offered_last.d.next = self.ends.val();
            self.offered_valid.d.next = true;
            self.kept_valid.d.next = false;
        }
        if self.arrives.val() {
            self.kept.d.next = self.sample.q.val();
            self.kept_valid.d.next = true;
            if self.kept_valid.q.val() & !self.output_free.val() {
                self.lost_samples.d.next = self.lost_samples.q.val() + 1;
            }
        }
        if !self.aresetn.val() {
            self.kept_valid.d.next = false;
            self.ending.d.next = false;
            self.offered_valid.d.next = false;
            self.lost_samples.d.next = 0.into();
        }
        self.m_axis_tdata.next = self.offered.q.val();
        self.m_axis_tlast.next = self.offered_last.q.val();
        self.m_axis_tvalid.next = self.offered_valid.q.val();
        self.lost.next = self.lost_samples.q.val();
    }
}
