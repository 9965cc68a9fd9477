//! # WordMemory
//!
//! ## Purpose
//! The memory of [`WordFifo`](crate::stream::word_fifo::WordFifo): words with their flags, one write port,
//! one read port.
//!
//! ## Ports
//! | port | direction | bits | meaning |
//! |---|---|---|---|
//! | `clock` | in | 1 | |
//! | `write`, `write_address`, `write_word`, `write_flags` | in | 1, `N`, 32, 3 | the write port |
//! | `read`, `read_address` | in | 1, `N` | the read port |
//! | `word`, `flags` | out | 32, 3 | the word read, one clock later; held until the next read |
//!
//! ## Latency and throughput
//! One clock; one write and one read per clock.
//!
//! ## How it works
//! The FIFO never reads the address that it writes in the same clock, so the result of such a read does
//! not matter. `no_rw_check` says so and saves the logic that would define it.
//!
//! ## Waveform
//! See [`word_fifo`](crate::stream::word_fifo), which contains it.
//!
//! ## Proofs
//! `testbench/proofs/word_fifo.sv`: every word is output once, in order, through this memory.

use crate::memory::cells::{Held, low_bits, unused};
use rust_hdl::prelude::*;

/// A memory of words of 32 bits with three flags each, with ports for `2^N` of them.
#[derive(LogicBlock, Default)]
pub struct WordMemory<const N: usize> {
    /// The clock.
    pub clock: Signal<In, Clock>,
    /// Write at this clock.
    pub write: Signal<In, Bit>,
    /// Where to.
    pub write_address: Signal<In, Bits<N>>,
    /// The word to write.
    pub write_word: Signal<In, Bits<32>>,
    /// The flags to write.
    pub write_flags: Signal<In, Bits<3>>,
    /// Read at this clock.
    pub read: Signal<In, Bit>,
    /// Where from.
    pub read_address: Signal<In, Bits<N>>,
    /// The word read.
    pub word: Signal<Out, Bits<32>>,
    /// The flags read.
    pub flags: Signal<Out, Bits<3>>,
    cells: Held<Vec<(Bits<32>, Bits<3>)>>,
}

impl<const N: usize> WordMemory<N> {
    /// A memory of `2^address_bits` zeros.
    ///
    /// # Panics
    /// When the ports have fewer bits.
    pub fn new(address_bits: usize) -> Self {
        assert!((1..=N).contains(&address_bits), "addresses of {address_bits} bits");
        Self { cells: Held(vec![Default::default(); 1 << address_bits]), ..Self::default() }
    }
}

impl<const N: usize> Logic for WordMemory<N> {
    fn update(&mut self) {
        if self.clock.pos_edge() {
            let last = self.cells.0.len() - 1;
            if self.read.val() {
                let (word, flags) = self.cells.0[self.read_address.val().index() & last];
                self.word.next = word;
                self.flags.next = flags;
            }
            if self.write.val() {
                let word = (self.write_word.val(), self.write_flags.val());
                self.cells.0[self.write_address.val().index() & last] = word;
            }
        }
    }

    fn connect(&mut self) {
        self.word.connect();
        self.flags.connect();
    }

    fn hdl(&self) -> Verilog {
        let bits = self.cells.0.len().ilog2() as usize;
        // In block RAM even where LUTs hold memories: 32 words would take some 200 of them.
        // Nothing is read that was not written before; `word` and `flags` count only when valid.
        Verilog::Custom(format!(
            "\
(* no_rw_check, ram_style = \"block\" *)
reg [34:0] mem [0:{last}];

always @(posedge clock) begin
   if (write) begin
      mem[{write}] <= {{write_flags, write_word}};
   end
end

always @(posedge clock) begin
   if (read) begin
      {{flags, word}} <= mem[{read}];
   end
end{unused}",
            last = self.cells.0.len() - 1,
            write = low_bits("write_address", N, bits),
            read = low_bits("read_address", N, bits),
            unused = unused(&[("write_address", N, bits), ("read_address", N, bits)]),
        ))
    }

    fn timing(&self) -> Vec<TimingInfo> {
        let inputs =
            ["write", "write_address", "write_word", "write_flags", "read", "read_address"];
        vec![TimingInfo {
            name: "word_memory".into(),
            clock: "clock".into(),
            inputs: inputs.map(String::from).to_vec(),
            outputs: vec!["word".into(), "flags".into()],
        }]
    }
}
