//! # Rom
//!
//! ## Purpose
//! A read-only memory that synthesis maps to block RAM. Its address has two parts, because every
//! table here is addressed by a pair (row and column, context and rank, context and tier).
//!
//! ## Ports
//! | port | direction | bits | meaning |
//! |---|---|---|---|
//! | `clock` | in | 1 | |
//! | `enable` | in | 1 | read; otherwise the data stays and the memory is idle |
//! | `high`, `low` | in | `HIGH`, `LOW` | the address `{high, low}` |
//! | `data` | out | `DATA` | the word, one clock later |
//!
//! ## Latency and throughput
//! One clock; one word per clock.
//!
//! ## How it works
//! The contents determine the memory: as many bits of `high` as there are rows to select (a table with
//! one context needs none), as many bits of `low` as a row has words, and words as wide as the largest
//! one. The other address bits are not looked at, and the other bits of `data` are zeros.
//!
//! ## Waveform
//! As [`ram`](crate::memory::ram): the word is at `data` in the clock after `enable`.
//!
//! ## Proofs
//! `testbench/tests/rank_table.rs` and `testbench/tests/tier_coder.rs`: every word of every table;
//! `testbench/tests/netlist.rs`: as block RAM.

use crate::memory::cells::{Held, filled_up, low_bits, unused};
use rust_hdl::prelude::*;

/// A synchronous ROM with the address `{high, low}`.
#[derive(LogicBlock, Default)]
pub struct Rom<const HIGH: usize, const LOW: usize, const DATA: usize> {
    /// The clock.
    pub clock: Signal<In, Clock>,
    /// Read at this clock.
    pub enable: Signal<In, Bit>,
    /// The upper part of the address.
    pub high: Signal<In, Bits<HIGH>>,
    /// The lower part of the address.
    pub low: Signal<In, Bits<LOW>>,
    /// The word read.
    pub data: Signal<Out, Bits<DATA>>,
    contents: Held<Contents>,
}

/// The words of a [`Rom`], in the order of their addresses.
#[derive(Clone, Debug, Default)]
struct Contents {
    words: Vec<u32>,
    /// Bits of `high` that select a row.
    high_bits: usize,
    /// Bits of `low` that select a word of it.
    low_bits: usize,
    /// Bits of a word.
    bits: usize,
}

impl<const HIGH: usize, const LOW: usize, const DATA: usize> Rom<HIGH, LOW, DATA> {
    /// A ROM of these rows, each of as many words: a power of two. Missing rows are zeros.
    ///
    /// # Panics
    /// When the contents do not fit the ports.
    pub fn new(rows: impl IntoIterator<Item = Vec<u32>>) -> Self {
        let mut rows = rows.into_iter().peekable();
        let length = rows.peek().map_or(0, Vec::len);
        assert!(length.is_power_of_two() && length <= 1 << LOW, "rows of {length} words");
        let mut words = Vec::new();
        for row in rows {
            assert_eq!(row.len(), length, "all rows are of one length");
            words.extend(row);
        }
        let low_bits = length.ilog2() as usize;
        let high_bits = (words.len() / length).next_power_of_two().ilog2() as usize;
        assert!(high_bits <= HIGH, "{} words: over {HIGH}+{LOW} bits", words.len());
        words.resize(length << high_bits, 0);
        let largest = words.iter().max().map_or(0, |word| word.checked_ilog2().unwrap_or(0));
        let bits = largest as usize + 1;
        assert!(bits <= DATA, "a word over {DATA} bits");
        let contents = Contents { words, high_bits, low_bits, bits };
        Self { contents: Held(contents), ..Self::default() }
    }
}

impl<const HIGH: usize, const LOW: usize, const DATA: usize> Logic for Rom<HIGH, LOW, DATA> {
    fn update(&mut self) {
        if self.clock.pos_edge() && self.enable.val() {
            let Contents { words, high_bits, low_bits, .. } = &self.contents.0;
            let row = self.high.val().index() & ((1 << high_bits) - 1);
            let column = self.low.val().index() & ((1 << low_bits) - 1);
            self.data.next = u64::from(words[row << low_bits | column]).into();
        }
    }

    fn connect(&mut self) {
        self.data.connect();
    }

    fn hdl(&self) -> Verilog {
        let Contents { words, high_bits, low_bits: columns, bits } = &self.contents.0;
        let low = low_bits("low", LOW, *columns);
        let address = match high_bits {
            0 => low,
            bits => format!("{{{}, {low}}}", low_bits("high", HIGH, *bits)),
        };
        let initial: Vec<String> = words
            .iter()
            .enumerate()
            .map(|(address, word)| format!("   mem[{address}] = {bits}'h{word:x};"))
            .collect();
        Verilog::Custom(format!(
            "\
reg [{top}:0] mem [0:{last}];

initial begin
{initial}
end

always @(posedge clock) begin
   if (enable) begin
      data <= {word};
   end
end{unused}",
            top = bits - 1,
            last = words.len() - 1,
            initial = initial.join("\n"),
            word = filled_up(&format!("mem[{address}]"), DATA, *bits),
            unused = unused(&[("high", HIGH, *high_bits), ("low", LOW, *columns)]),
        ))
    }

    fn timing(&self) -> Vec<TimingInfo> {
        vec![TimingInfo {
            name: "rom".into(),
            clock: "clock".into(),
            inputs: vec!["enable".into(), "high".into(), "low".into()],
            outputs: vec!["data".into()],
        }]
    }
}
