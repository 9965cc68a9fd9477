//! # WordFifo
//!
//! ## Purpose
//! Keeps words until the sink takes them, and tells the input in time when to stop, so that
//! nothing inside the pipeline ever has to stall. Its output is an AXI4-Stream.
//!
//! ## Ports
//! | port | direction | bits | meaning |
//! |---|---|---|---|
//! | `clock`, `aresetn` | in | 1 | reset drops every word |
//! | `write` | in | 1 | a word is there |
//! | `word`, `word_bytes`, `word_last` | in | 32, 2, 1 | as the bit packer gives them |
//! | `room` | out | 1 | at least half of the words are free |
//! | `m_axis_tdata` | out | 32 | the word; byte lane 0 is its most significant byte |
//! | `m_axis_tkeep` | out | 4 | byte lanes that hold code bits |
//! | `m_axis_tlast` | out | 1 | the word ends its packet |
//! | `m_axis_tvalid`, `m_axis_tready` | out, in | 1 | the handshake |
//!
//! ## Latency and throughput
//! Two clocks from `write` to `m_axis_tvalid`; one word per clock.
//!
//! ## How it works
//! A memory of `2^N` words whose read register is the output. `room` depends on registers only, so
//! `m_axis_tready` never reaches the pipeline's input within a clock. It falls when half of the
//! words are taken; what is under way in the pipeline then (at most one word for each of its stages,
//! of which the LMS has ten, and one for a flush) still fits the other half.
//!
//! The byte lanes are swapped, so that a DMA engine that writes lane 0 to the lowest address puts
//! the bytes of the stream in order.
//!
//! ## Waveform
//! ```text
#![doc = include_str!("../waveforms/word_fifo.txt")]
//! ```
//!
//! ## Proofs
//! `testbench/tests/word_fifo.rs`: random bursts and back-pressure; order, fill and the handshake
//! rules; overflow never when writes stop within 12 words of `room` falling.

use crate::word_memory::WordMemory;
use rust_hdl::prelude::*;

/// A FIFO of `2^N` words with an AXI4-Stream output; `M` is `N + 1`.
#[derive(LogicBlock)]
pub struct WordFifo<const N: usize, const M: usize> {
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
    /// At least half of the words are free.
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

    memory: WordMemory<N>,
    write_address: DFF<Bits<N>>,
    read_address: DFF<Bits<N>>,
    occupancy: DFF<Bits<M>>,
    output_valid: DFF<Bit>,

    half: Constant<Bits<M>>,
    flag_bits: Signal<Local, Bits<3>>,
    output_free: Signal<Local, Bit>,
    read: Signal<Local, Bit>,
    output_flags: Signal<Local, Bits<3>>,
    byte_0: Signal<Local, Bits<32>>,
    byte_1: Signal<Local, Bits<32>>,
    byte_2: Signal<Local, Bits<32>>,
    byte_3: Signal<Local, Bits<32>>,
}

impl<const N: usize, const M: usize> Default for WordFifo<N, M> {
    fn default() -> Self {
        assert_eq!(N + 1, M, "a count of 2^N words takes N + 1 bits");
        Self {
            clock: Default::default(),
            aresetn: Default::default(),
            write: Default::default(),
            word: Default::default(),
            word_bytes: Default::default(),
            word_last: Default::default(),
            room: Default::default(),
            m_axis_tdata: Default::default(),
            m_axis_tkeep: Default::default(),
            m_axis_tlast: Default::default(),
            m_axis_tvalid: Default::default(),
            m_axis_tready: Default::default(),
            memory: WordMemory::new(),
            write_address: Default::default(),
            read_address: Default::default(),
            occupancy: Default::default(),
            output_valid: Default::default(),
            half: Constant::new((1_u32 << (N - 1)).to_bits()),
            flag_bits: Default::default(),
            output_free: Default::default(),
            read: Default::default(),
            output_flags: Default::default(),
            byte_0: Default::default(),
            byte_1: Default::default(),
            byte_2: Default::default(),
            byte_3: Default::default(),
        }
    }
}

impl<const N: usize, const M: usize> Logic for WordFifo<N, M> {
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

        // A word moves to the output when the output is free or being freed. What is written at
        // this clock counts from the next one on: never a read of what is being written.
        self.output_free.next = !self.output_valid.q.val() | self.m_axis_tready.val();
        self.read.next = self.output_free.val() & (self.occupancy.q.val() != 0);
        self.memory.read.next = self.read.val();
        self.memory.read_address.next = self.read_address.q.val();
        self.output_valid.d.next = self.read.val() | !self.output_free.val();

        if self.write.val() {
            self.write_address.d.next = self.write_address.q.val() + 1;
            if !self.read.val() {
                self.occupancy.d.next = self.occupancy.q.val() + 1;
            }
        }
        if self.read.val() {
            self.read_address.d.next = self.read_address.q.val() + 1;
            if !self.write.val() {
                self.occupancy.d.next = self.occupancy.q.val() - 1;
            }
        }
        if !self.aresetn.val() {
            self.write_address.d.next = 0.into();
            self.read_address.d.next = 0.into();
            self.occupancy.d.next = 0.into();
            self.output_valid.d.next = false;
        }
        self.room.next = self.occupancy.q.val() < self.half.val();

        // The byte lanes, swapped.
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
