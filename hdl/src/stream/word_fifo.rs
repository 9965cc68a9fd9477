//! # WordFifo
//!
//! ## Purpose
//! Stores words until the sink takes them, and signals early enough when it is full, so that the pipeline
//! never has to stall. Its output is an AXI4-Stream.
//!
//! ## Ports
//! | port | direction | bits | meaning |
//! |---|---|---|---|
//! | `clock`, `aresetn` | in | 1 | reset drops every word |
//! | `write` | in | 1 | store a word |
//! | `word`, `word_bytes`, `word_last` | in | 32, 2, 1 | from the bit packer |
//! | `room` | out | 1 | it holds fewer words than the threshold it was made with |
//! | `m_axis_tdata` | out | 32 | the word; byte lane 0 is its most significant byte |
//! | `m_axis_tkeep` | out | 4 | byte lanes that hold code bits |
//! | `m_axis_tlast` | out | 1 | the word ends its packet |
//! | `m_axis_tvalid`, `m_axis_tready` | out, in | 1 | the handshake |
//!
//! ## Latency and throughput
//! Two clocks from `write` to `m_axis_tvalid`; one word per clock.
//!
//! ## How it works
//! A memory whose read register is the output. It never holds more than `2^N - 1` words, so their number
//! has `N` bits. `room` depends on registers only, so there is no combinational path from `m_axis_tready`
//! to the pipeline's input. The writer chooses the threshold:
//!
//! | stream | `room` falls at | what may still come |
//! |---|---|---|
//! | packets | `2^(N-1)` words | the samples in the pipeline: at most 12 words |
//! | frames | `2^N - 4` words | the end of a frame: at most 3 words, see [`framer`](crate::stream::framer) |
//!
//! The byte lanes are swapped, so a DMA engine that writes lane 0 to the lowest address stores the bytes
//! of the stream in order.
//!
//! ## Waveform
//! ```text
#![doc = include_str!("../../waveforms/word_fifo.txt")]
//! ```
//!
//! ## Proofs
//! `testbench/proofs/word_fifo.sv`, for any words, sink and resets and each size in use: each word
//! is output once, in order, with its flags; an offered word stays, unchanged, until it is taken; no word
//! waits without need. It assumes that nobody writes into a full FIFO, which is proved of the pipelines.
//!
//! `testbench/tests/word_fifo.rs`: random bursts and back-pressure; order, fill and the handshake
//! rules; no overflow if writes stop in time after `room` fell, for packets and for frames.

use crate::block::{block, comment};
use crate::memory::word_memory::WordMemory;
use rust_hdl::prelude::*;

/// Clocks from a word to its offer to the sink, when no other waits.
pub const LATENCY: usize = 2;
/// Words of a FIFO that are kept free for what ends a frame: header, digest, trailer, and the
/// number that `N` bits cannot hold.
pub const FRAME_RESERVE: usize = 4;

block! {
    /// A FIFO of at most `2^N - 1` words, and one more at its AXI4-Stream output.
    pub struct WordFifo<const N: usize> {
        /// The clock.
        pub clock: Signal<In, Clock>,
        /// Low: drop every word.
        pub aresetn: Signal<In, Bit>,
        /// A word is there.
        pub write: Signal<In, Bit>,
        /// The word.
        pub word: Signal<In, Bits<32>>,
        /// Bytes that hold code bits, less one.
        pub word_bytes: Signal<In, Bits<2>>,
        /// The word ends its packet.
        pub word_last: Signal<In, Bit>,
        /// There is room.
        pub room: Signal<Out, Bit>,

        /// The word, its most significant byte in lane 0.
        pub m_axis_tdata: Signal<Out, Bits<32>>,
        /// Byte lanes that hold code bits.
        pub m_axis_tkeep: Signal<Out, Bits<4>>,
        /// The word ends its packet.
        pub m_axis_tlast: Signal<Out, Bit>,
        /// A word is offered.
        pub m_axis_tvalid: Signal<Out, Bit>,
        /// The sink takes it.
        pub m_axis_tready: Signal<In, Bit>,

        memory: WordMemory<N> = WordMemory::new(address_bits),
        write_address: DFF<Bits<N>>,
        read_address: DFF<Bits<N>>,
        occupancy: DFF<Bits<N>>,
        output_valid: DFF<Bit>,

        last_address: Constant<Bits<N>> = Constant::new(((1_usize << address_bits) - 1).to_bits()),
        full_at: Constant<Bits<N>> = Constant::new(full_at.to_bits()),
        one_less: Constant<Bits<N>> = Constant::new(Bits::mask()),
        next_write: Signal<Local, Bits<N>>,
        next_read: Signal<Local, Bits<N>>,
        change: Signal<Local, Bits<N>>,
        next_occupancy: Signal<Local, Bits<N>>,
        flag_bits: Signal<Local, Bits<3>>,
        output_free: Signal<Local, Bit>,
        read: Signal<Local, Bit>,
        output_flags: Signal<Local, Bits<3>>,
        byte_0: Signal<Local, Bits<32>>,
        byte_1: Signal<Local, Bits<32>>,
        byte_2: Signal<Local, Bits<32>>,
        byte_3: Signal<Local, Bits<32>>,
    }

    fn new(address_bits: usize, full_at: usize) -> Self {}
}

impl<const N: usize> WordFifo<N> {
    /// A FIFO of `2^address_bits - 1` words for packets: `room` falls when half of the words wait.
    pub fn of_packets(address_bits: usize) -> Self {
        Self::new(address_bits, 1 << (address_bits - 1))
    }

    /// A FIFO of `2^address_bits - 1` words for frames: `room` falls when only the words that end a
    /// frame are free.
    pub fn of_frames(address_bits: usize) -> Self {
        Self::new(address_bits, (1 << address_bits) - FRAME_RESERVE)
    }
}

impl<const N: usize> Logic for WordFifo<N> {
    #[hdl_gen]
    fn update(&mut self) {
        dff_setup!(self, clock, write_address, read_address, occupancy, output_valid);
        clock!(self, clock, memory);

        self.flag_bits.next = bit_cast::<3, 2>(self.word_bytes.val());
        if self.word_last.val() {
            self.flag_bits.next = self.flag_bits.val() | 4;
        }
        self.memory.write.next = self.write.val();
        self.memory.write_address.next = self.write_address.q.val();
        self.memory.write_word.next = self.word.val();
        self.memory.write_flags.next = self.flag_bits.val();

        comment!(
            "A word moves to the output when the output is free or being freed. What is written at"
        );
        comment!("this clock counts from the next one on: never a read of what is being written.");
        self.output_free.next = !self.output_valid.q.val() | self.m_axis_tready.val();
        self.read.next = self.output_free.val() & (self.occupancy.q.val() != 0);
        self.memory.read.next = self.read.val();
        self.memory.read_address.next = self.read_address.q.val();
        self.output_valid.d.next = self.read.val() | !self.output_free.val();

        comment!("One adder counts up and down.");
        self.change.next = 0.into();
        self.next_write.next = self.write_address.q.val() + 1;
        self.next_read.next = self.read_address.q.val() + 1;
        if self.write.val() {
            self.write_address.d.next = self.next_write.val() & self.last_address.val();
            if !self.read.val() {
                self.change.next = 1.into();
            }
        }
        if self.read.val() {
            self.read_address.d.next = self.next_read.val() & self.last_address.val();
            if !self.write.val() {
                self.change.next = self.one_less.val();
            }
        }
        self.next_occupancy.next = self.occupancy.q.val() + self.change.val();
        self.occupancy.d.next = self.next_occupancy.val() & self.last_address.val();
        if !self.aresetn.val() {
            self.write_address.d.next = 0.into();
            self.read_address.d.next = 0.into();
            self.occupancy.d.next = 0.into();
            self.output_valid.d.next = false;
        }
        self.room.next = self.occupancy.q.val() < self.full_at.val();

        comment!("The byte lanes, swapped.");
        self.byte_0.next = (self.memory.word.val().index() >> 24).to_bits();
        self.byte_1.next = ((self.memory.word.val().index() >> 8) & 0xff00).to_bits();
        self.byte_2.next = ((self.memory.word.val().index() & 0xff00) << 8).to_bits();
        self.byte_3.next = ((self.memory.word.val().index() & 0xff) << 24).to_bits();
        self.m_axis_tdata.next =
            self.byte_0.val() | self.byte_1.val() | self.byte_2.val() | self.byte_3.val();
        self.output_flags.next = self.memory.flags.val();
        self.m_axis_tkeep.next = 15.into();
        if !self.output_flags.val().get_bit(1) {
            self.m_axis_tkeep.next = 3.into();
            if !self.output_flags.val().get_bit(0) {
                self.m_axis_tkeep.next = 1.into();
            }
        } else if !self.output_flags.val().get_bit(0) {
            self.m_axis_tkeep.next = 7.into();
        }
        self.m_axis_tlast.next = self.output_flags.val().get_bit(2);
        self.m_axis_tvalid.next = self.output_valid.q.val();
    }
}
