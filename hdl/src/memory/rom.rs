//! # Rom
//!
//! ## Purpose
//! A table that the pipeline only reads: a read-only memory that synthesis maps to block RAM, or RAM that is loaded
//! at run time. Its address has two parts, because every
//! table here is addressed by a pair (row and column, context and rank, context and tier).
//!
//! ## Ports
//! | port | direction | bits | meaning |
//! |---|---|---|---|
//! | `clock` | in | 1 | |
//! | `enable` | in | 1 | read; otherwise the data stays and the memory is idle |
//! | `high`, `low` | in | `HIGH`, `LOW` | the address `{high, low}` |
//! | `load_at`, `load_word` | in | 22, 32 | from the [loader](crate::tables::loader); a ROM has no such ports in Verilog |
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
//! A ROM by class (`Rom::by_class`) has no word for each value of `low` but one for each
//! class of them ([`golden_model::rank_class`]): the place of the leading one and the four bits behind it.
//!
//! A table that is loaded is two memories, the banks: the one in use is read, and the loader writes the other one. So
//! neither is read and written at the same clock.
//!
//! ## Waveform
//! As [`ram`](crate::memory::ram): the word is at `data` in the clock after `enable`.
//!
//! ## Proofs
//! `testbench/tests/rank_table.rs` and `testbench/tests/tier_coder.rs`: every word of every table;
//! `testbench/tests/netlist.rs`: as block RAM.

use crate::memory::cells::Held;
use crate::memory::words::Words;
use crate::tables::table::{LOAD_AT, LOAD_WORD, Table, TableLayout};
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
    /// From the loader: where to.
    pub load_at: Signal<In, Bits<LOAD_AT>>,
    /// From the loader: the word.
    pub load_word: Signal<In, Bits<LOAD_WORD>>,
    /// The word read.
    pub data: Signal<Out, Bits<DATA>>,
    contents: Held<Words>,
}

impl<const HIGH: usize, const LOW: usize, const DATA: usize> Rom<HIGH, LOW, DATA> {
    /// A ROM of these rows, each of as many words: a power of two. Missing rows are zeros.
    ///
    /// # Panics
    /// When the contents do not fit the ports.
    pub fn new(rows: impl IntoIterator<Item = Vec<u32>>) -> Self {
        Self::of(Words::new(rows))
    }

    /// A ROM of as many rows as these, and not one more: for a table that a block RAM less makes worth it.
    ///
    /// # Panics
    /// When the contents do not fit the ports.
    pub fn exact(rows: impl IntoIterator<Item = Vec<u32>>) -> Self {
        Self::of(Words::exact(rows))
    }

    /// A ROM of these rows, each of a word for every class of `low`.
    ///
    /// # Panics
    /// When the contents do not fit the ports.
    pub fn by_class(rows: impl IntoIterator<Item = Vec<u32>>) -> Self {
        Self::of(Words::by_class(rows))
    }

    /// Whether it is RAM.
    pub(crate) fn is_loaded(&self) -> bool {
        self.contents.0.is_loaded()
    }

    fn of(contents: Words) -> Self {
        contents.assert_fit([HIGH, LOW, DATA]);
        Self { contents: Held(contents), ..Self::default() }
    }
}

impl<const HIGH: usize, const LOW: usize, const DATA: usize> Table for Rom<HIGH, LOW, DATA> {
    fn layout(&self) -> TableLayout {
        self.contents.0.layout_of(DATA)
    }

    fn words(&self) -> Vec<u32> {
        self.contents.0.fixed()
    }

    fn load_as(&mut self, number: u8) {
        self.contents.0.load(number, DATA);
    }
}

impl<const HIGH: usize, const LOW: usize, const DATA: usize> Logic for Rom<HIGH, LOW, DATA> {
    fn update(&mut self) {
        let rises = self.clock.pos_edge();
        if !rises && !self.is_loaded() {
            return;
        }
        let read = (self.high.val().index(), self.low.val().index());
        let word = self.contents.0.clock(
            rises,
            self.enable.val().then_some(read),
            self.load_at.val().index(),
            self.load_word.val().to_u32(),
        );
        if let Some(word) = word {
            self.data.next = u64::from(word).into();
        }
    }

    fn connect(&mut self) {
        self.data.connect();
    }

    fn hdl(&self) -> Verilog {
        Verilog::Custom(self.contents.0.verilog([HIGH, LOW, DATA]))
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
