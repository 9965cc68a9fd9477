//! # WordPort
//!
//! ## Purpose
//! Stores words until the host reads them over SPI, with the host's own clock, and tells it how
//! many there are and what was lost. The host is the master.
//!
//! ## Ports
//! | port | direction | bits | meaning |
//! |---|---|---|---|
//! | `clock`, `aresetn` | in | 1 | the system's; reset drops all waiting words |
//! | `s_axis_tdata`, `s_axis_tlast` | in | 32, 1 | a word, its first byte in bits 7:0; it ends its frame |
//! | `s_axis_tvalid`, `s_axis_tready` | in, out | 1 | the handshake |
//! | `lost`, `broken_frames`, `overruns`, `misaligned` | in | 6 | counters for the status word |
//! | `cs_n` | in | 1 | the host's chip select |
//! | `sclk` | in | 1 | the host's clock, low when idle |
//! | `miso` | out | `LANES` | the bits, the most significant one first, in the highest lane |
//! | `ready` | out | 1 | the end of a frame is available, or 64 words |
//!
//! ## Latency and throughput
//! A word takes `32 / LANES` periods of `sclk`, which must last seven clocks or longer:
//! one lane carries up to 4.5 bits per clock. 255 words may wait.
//!
//! ## How it works
//! SPI mode 1: a bit is output at the rising edge of `sclk`, and the host samples it at the falling
//! one. So `miso` comes straight from a register.
//!
//! ```text
//! cs_n  ▔▔▔▔╲▁▁▁▁▁▁▁▁▁▁▁▁▁▁▁▁▁▁▁▁▁▁▁▁▁▁▁▁▁▁╱▔▔▔▔
//! miso        status   word 1   word 2   ...
//!
//! status  31:24  words that this transaction may read
//!         23:18  samples lost at the port                    \
//!         17:12  frames dropped after their header            > since reset, modulo 64
//!         11:6   frames dropped before any of it was sent    /
//!          5:0   rounds of the wrong length                 /
//! ```
//! Words beyond that number are zeros. `cs_n` may rise after any whole word; unread words stay for the
//! next transaction. The host keeps `cs_n` high for at least eight clocks, and waits as long between its
//! fall and the first edge of `sclk`, until the status is stable.
//!
//! The two clocks meet at two places. `hold` has the word that the host's side takes next; it changes
//! only while that side does not read it. `turn` marks the next bit as a transaction's first: it is set to
//! differ from `turn_seen` while `cs_n` is high. So the host's side needs no reset, and is right again after
//! a transaction that broke off within a word.
//!
//! ## Waveform
//! One word, after its status, on eight lanes so that it can be drawn:
//! ```text
#![doc = include_str!("../../waveforms/word_port.txt")]
//! ```
//!
//! ## Proofs
//! `testbench/tests/word_port.rs`: a host of any speed, phase and delay against a queue.

use crate::block::{block, comment};
use crate::memory::ram::Ram;
use rust_hdl::prelude::*;

/// Words that make `ready` rise when no frame ends among them.
const MANY: u32 = 64;

block! {
    /// Words out over SPI, on `LANES` lanes.
    pub struct WordPort<const LANES: usize> {
        /// The clock.
        pub clock: Signal<In, Clock>,
        /// Low: drop what waits.
        pub aresetn: Signal<In, Bit>,
        /// The word, its first byte in bits 7:0.
        pub s_axis_tdata: Signal<In, Bits<32>>,
        /// It ends its frame.
        pub s_axis_tlast: Signal<In, Bit>,
        /// A word is offered.
        pub s_axis_tvalid: Signal<In, Bit>,
        /// It is taken.
        pub s_axis_tready: Signal<Out, Bit>,
        /// Samples lost, modulo 64.
        pub lost: Signal<In, Bits<6>>,
        /// Frames dropped after their header, modulo 64.
        pub broken_frames: Signal<In, Bits<6>>,
        /// Frames dropped before any of it was sent, modulo 64.
        pub overruns: Signal<In, Bits<6>>,
        /// Rounds of the wrong length, modulo 64.
        pub misaligned: Signal<In, Bits<6>>,

        /// The host's chip select.
        pub cs_n: Signal<In, Bit>,
        /// The host's clock.
        pub sclk: Signal<In, Clock>,
        /// The bits.
        pub miso: Signal<Out, Bits<LANES>>,
        /// A frame's end waits, or many words.
        pub ready: Signal<Out, Bit>,

        memory: Ram<8, 32> = Ram::new(),

        // Of the host's clock.
        shift: DFF<Bits<32>>,
        position: DFF<Bits<5>>,
        turn_seen: DFF<Bit>,
        taken: DFF<Bit>,

        // Of the clock.
        cs_1: DFF<Bit>,
        cs_2: DFF<Bit>,
        seen_1: DFF<Bit>,
        seen_2: DFF<Bit>,
        turn: DFF<Bit>,
        taken_1: DFF<Bit>,
        taken_2: DFF<Bit>,
        taken_3: DFF<Bit>,
        hold: DFF<Bits<32>>,
        status_held: DFF<Bit>,
        read_due: DFF<Bit>,
        hold_due: DFF<Bit>,
        promised_end: DFF<Bits<8>>,
        write_address: DFF<Bits<8>>,
        read_address: DFF<Bits<8>>,
        frame_end: DFF<Bits<8>>,
        frame_ends: DFF<Bit>,
        ready_out: DFF<Bit>,

        full: Constant<Bits<8>> = Constant::new(Bits::mask()),
        many: Constant<Bits<8>> = Constant::new(MANY.to_bits()),
        lanes: Constant<Bits<5>> = Constant::new(LANES.to_bits()),
        lanes_below: Constant<Bits<5>> = Constant::new((32 - LANES).to_bits()),
        kept: Constant<Bits<32>> = Constant::new((u64::from(u32::MAX) >> LANES).into()),
        begins: Signal<Local, Bit>,
        load: Signal<Local, Bit>,
        shifted: Signal<Local, Bits<32>>,
        stepped: Signal<Local, Bit>,
        pop: Signal<Local, Bit>,
        some_left: Signal<Local, Bit>,
        waiting: Signal<Local, Bits<8>>,
        write: Signal<Local, Bit>,
        byte_0: Signal<Local, Bits<32>>,
        byte_1: Signal<Local, Bits<32>>,
        byte_2: Signal<Local, Bits<32>>,
        byte_3: Signal<Local, Bits<32>>,
        waiting_32: Signal<Local, Bits<32>>,
        lost_32: Signal<Local, Bits<32>>,
        broken_32: Signal<Local, Bits<32>>,
        overruns_32: Signal<Local, Bits<32>>,
        misaligned_32: Signal<Local, Bits<32>>,
    }
}

impl<const LANES: usize> Logic for WordPort<LANES> {
    #[hdl_gen]
    fn update(&mut self) {
        dff_setup!(self, sclk, shift, position, turn_seen, taken);
        dff_setup!(self, clock, cs_1, cs_2, seen_1, seen_2, turn, taken_1, taken_2, taken_3);
        dff_setup!(self, clock, hold, status_held, read_due, hold_due, promised_end);
        dff_setup!(self, clock, write_address, read_address, frame_end, frame_ends, ready_out);
        clock!(self, clock, memory);

        comment!("The host's side: a word is taken with its first bit, the others follow.");
        self.begins.next = self.turn.q.val() ^ self.turn_seen.q.val();
        self.load.next = self.begins.val() | (self.position.q.val() == 0);
        self.shifted.next = ((self.shift.q.val().index() & self.kept.val().index())
            << self.lanes.val().index())
        .to_bits();
        self.turn_seen.d.next = self.turn.q.val();
        if self.load.val() {
            self.shift.d.next = self.hold.q.val();
            self.taken.d.next = !self.taken.q.val();
            self.position.d.next = self.lanes.val();
        } else {
            self.shift.d.next = self.shifted.val();
            self.position.d.next = self.position.q.val() + self.lanes.val();
        }
        self.miso.next = (self.shift.q.val().index() >> self.lanes_below.val().index()).to_bits();

        comment!("The same, as the clock's side sees it.");
        self.cs_1.d.next = self.cs_n.val();
        self.cs_2.d.next = self.cs_1.q.val();
        self.seen_1.d.next = self.turn_seen.q.val();
        self.seen_2.d.next = self.seen_1.q.val();
        self.taken_1.d.next = self.taken.q.val();
        self.taken_2.d.next = self.taken_1.q.val();
        self.taken_3.d.next = self.taken_2.q.val();
        self.stepped.next = self.taken_2.q.val() ^ self.taken_3.q.val();

        comment!(
            "A word taken leaves the memory, and the next one goes to `hold` three clocks later."
        );
        self.some_left.next = self.read_address.q.val() != self.promised_end.q.val();
        self.pop.next = self.stepped.val() & !self.status_held.q.val() & self.some_left.val();
        self.read_due.d.next = self.stepped.val();
        self.hold_due.d.next = self.read_due.q.val();
        self.memory.read.next = self.read_due.q.val() & self.some_left.val();
        self.memory.read_address.next = self.read_address.q.val();
        if self.stepped.val() {
            self.status_held.d.next = false;
        }
        if self.pop.val() {
            self.read_address.d.next = self.read_address.q.val() + 1;
        }
        if self.hold_due.q.val() {
            self.hold.d.next = 0.into();
            if self.some_left.val() {
                self.hold.d.next = self.memory.data.val();
            }
        }

        comment!("Words come in, their first byte in the highest place.");
        self.waiting.next = self.write_address.q.val() - self.read_address.q.val();
        self.s_axis_tready.next = self.waiting.val() != self.full.val();
        self.write.next = self.s_axis_tvalid.val() & (self.waiting.val() != self.full.val());
        self.byte_0.next = (self.s_axis_tdata.val().index() >> 24).to_bits();
        self.byte_1.next = ((self.s_axis_tdata.val().index() >> 8) & 0xff00).to_bits();
        self.byte_2.next = ((self.s_axis_tdata.val().index() & 0xff00) << 8).to_bits();
        self.byte_3.next = ((self.s_axis_tdata.val().index() & 0xff) << 24).to_bits();
        self.memory.write.next = self.write.val();
        self.memory.write_address.next = self.write_address.q.val();
        self.memory.write_data.next =
            self.byte_0.val() | self.byte_1.val() | self.byte_2.val() | self.byte_3.val();
        if self.write.val() {
            self.write_address.d.next = self.write_address.q.val() + 1;
        }

        comment!("Whether a frame's end waits, and where the last one is.");
        if self.pop.val() & (self.read_address.q.val() == self.frame_end.q.val()) {
            self.frame_ends.d.next = false;
        }
        if self.write.val() & self.s_axis_tlast.val() {
            self.frame_end.d.next = self.write_address.q.val();
            self.frame_ends.d.next = true;
        }
        self.ready_out.d.next = self.frame_ends.q.val() | (self.waiting.val() >= self.many.val());
        self.ready.next = self.ready_out.q.val();

        comment!("Between transactions: the status.");
        self.waiting_32.next = bit_cast::<32, 8>(self.waiting.val());
        self.lost_32.next = bit_cast::<32, 6>(self.lost.val());
        self.broken_32.next = bit_cast::<32, 6>(self.broken_frames.val());
        self.overruns_32.next = bit_cast::<32, 6>(self.overruns.val());
        self.misaligned_32.next = bit_cast::<32, 6>(self.misaligned.val());
        if self.cs_2.q.val() {
            self.turn.d.next = !self.seen_2.q.val();
            self.status_held.d.next = true;
            self.promised_end.d.next = self.write_address.q.val();
            self.hold.d.next = ((self.waiting_32.val().index() << 24)
                | (self.lost_32.val().index() << 18)
                | (self.broken_32.val().index() << 12)
                | (self.overruns_32.val().index() << 6)
                | self.misaligned_32.val().index())
            .to_bits();
        }
        if !self.aresetn.val() {
            self.write_address.d.next = 0.into();
            self.read_address.d.next = 0.into();
            self.promised_end.d.next = 0.into();
            self.frame_ends.d.next = false;
        }
    }
}
