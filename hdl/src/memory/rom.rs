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
//! The contents determine how many bits of `high` are needed: a table with one context needs none. The
//! Verilog addresses with those bits only, so that a small table does not take a large memory.
//!
//! ## Waveform
//! As [`ram`](crate::memory::ram): the word is at `data` in the clock after `enable`.
//!
//! ## Proofs
//! `testbench/tests/rank_table.rs` and `testbench/tests/tier_coder.rs`: every word of every table;
//! `testbench/tests/netlist.rs`: as block RAM.

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
    contents: Contents,
}

/// The words of a [`Rom`], in the order of their addresses. A block of its own, without signals,
/// since every field of a block has to be one.
#[derive(Clone, Debug, Default)]
struct Contents(Vec<u32>);

impl Logic for Contents {
    fn update(&mut self) {}
}

impl Block for Contents {
    fn connect_all(&mut self) {}
    fn update_all(&mut self) {}
    fn has_changed(&self) -> bool {
        false
    }
    fn accept(&self, _name: &str, _probe: &mut dyn Probe) {}
}

impl<const HIGH: usize, const LOW: usize, const DATA: usize> Rom<HIGH, LOW, DATA> {
    /// A ROM of rows of `2^LOW` words each, at most `2^HIGH` of them; missing rows are zeros.
    ///
    /// # Panics
    /// When the contents do not fit.
    pub fn new(contents: Vec<u32>) -> Self {
        let rows = contents.len().div_ceil(1 << LOW).next_power_of_two();
        assert!(rows <= 1 << HIGH, "{} words: over {HIGH}+{LOW} bits", contents.len());
        assert!(
            contents.iter().all(|&word| u64::from(word) >> DATA == 0),
            "a word over {DATA} bits"
        );
        let mut contents = contents;
        contents.resize(rows << LOW, 0);
        Self { contents: Contents(contents), ..Self::default() }
    }

    /// Bits of `high` that select a row.
    fn row_bits(&self) -> usize {
        (self.contents.0.len() >> LOW).ilog2() as usize
    }
}

impl<const HIGH: usize, const LOW: usize, const DATA: usize> Logic for Rom<HIGH, LOW, DATA> {
    fn update(&mut self) {
        if self.clock.pos_edge() && self.enable.val() {
            let row = self.high.val().index() & ((1 << self.row_bits()) - 1);
            let word = self.contents.0[row << LOW | self.low.val().index()];
            self.data.next = u64::from(word).into();
        }
    }

    fn connect(&mut self) {
        self.data.connect();
    }

    fn hdl(&self) -> Verilog {
        let address = match self.row_bits() {
            0 => "low".to_string(),
            bits => format!("{{high[{}:0], low}}", bits - 1),
        };
        // Verilator passes over a signal of this name.
        let unused = match self.row_bits() {
            bits if bits == HIGH => String::new(),
            bits => format!(
                "\n\n// The table has fewer rows: these bits are always zero.\n\
                 wire unused = &{{1'b0, high[{}:{bits}]}};",
                HIGH - 1
            ),
        };
        let words = self.contents.0.iter().enumerate();
        let initial: Vec<String> =
            words.map(|(a, word)| format!("   mem[{a}] = {DATA}'h{word:x};")).collect();
        Verilog::Custom(format!(
            "\
reg [{top}:0] mem [0:{last}];

initial begin
{initial}
end

always @(posedge clock) begin
   if (enable) begin
      data <= mem[{address}];
   end
end{unused}",
            top = DATA - 1,
            last = self.contents.0.len() - 1,
            initial = initial.join("\n"),
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
