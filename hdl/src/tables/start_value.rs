//! # StartValue
//!
//! ## Purpose
//! A number of a channel's initial state that the table set says: fixed, or loaded at run time.
//!
//! ## Ports
//! | port | direction | bits | meaning |
//! |---|---|---|---|
//! | `clock` | in | 1 | |
//! | `load_at`, `load_word` | in | 22, 32 | from the loader |
//! | `value` | out | `N` | the number |
//!
//! ## Latency and throughput
//! It stands from the first clock on, or from the clock after its bank came into use.
//!
//! ## How it works
//! Two registers, one for each bank. A fixed one is a register that takes its number at every clock: synthesis
//! makes a constant of it.
//!
//! ## Waveform
//! None: it does not change while a frame is under way.
//!
//! ## Proofs
//! `testbench/tests/loaded.rs`, as a part of a pipeline.

use super::table::{LOAD_AT, LOAD_WORD, LoadAt, Table, TableLayout};
use crate::memory::cells::Held;
use rust_hdl::prelude::*;

/// A number that the table set says.
#[derive(LogicBlock, Default)]
pub struct StartValue<const N: usize> {
    /// The clock.
    pub clock: Signal<In, Clock>,
    /// From the loader: where to.
    pub load_at: Signal<In, Bits<LOAD_AT>>,
    /// From the loader: the word.
    pub load_word: Signal<In, Bits<LOAD_WORD>>,
    /// The number.
    pub value: Signal<Out, Bits<N>>,
    /// The number of the table set that the block was made of.
    fixed: Held<u32>,
    /// The table's number, and its two banks.
    loaded: Held<Option<(u8, [u32; 2])>>,
}

impl<const N: usize> StartValue<N> {
    /// This number, of at most `N` bits.
    pub fn new(value: u32) -> Self {
        Self { fixed: Held(value), ..Self::default() }
    }
}

impl<const N: usize> Table for StartValue<N> {
    fn layout(&self) -> TableLayout {
        TableLayout { row: 1, words: 1, bits: N }
    }

    fn words(&self) -> Vec<u32> {
        vec![self.fixed.0]
    }

    fn load_as(&mut self, number: u8) {
        self.loaded = Held(Some((number, [0; 2])));
    }
}

impl<const N: usize> Logic for StartValue<N> {
    fn update(&mut self) {
        let at = LoadAt::of(self.load_at.val().index());
        let mut value = self.fixed.0;
        if let Some((number, banks)) = &mut self.loaded.0 {
            if self.clock.pos_edge() && at.write && at.table == *number {
                banks[1 - at.bank] = self.load_word.val().to_u32() & (u32::MAX >> (LOAD_WORD - N));
            }
            value = banks[at.bank];
        }
        self.value.next = u64::from(value).into();
    }

    fn connect(&mut self) {
        self.value.connect();
    }

    fn hdl(&self) -> Verilog {
        let top = N - 1;
        Verilog::Custom(match self.loaded.0 {
            None => {
                let value = self.fixed.0;
                format!("always @(posedge clock) begin\n   value <= {N}'h{value:x};\nend")
            }
            Some((number, _)) => {
                let bank = |bank: usize| {
                    let comes = LoadAt::comes(number, bank);
                    format!(
                        "\
reg [{top}:0] value_{bank};

always @(posedge clock) begin
   if ({comes}) begin
      value_{bank} <= load_word[{top}:0];
   end
end

"
                    )
                };
                let unused_word = match N {
                    LOAD_WORD => String::new(),
                    _ => format!(", load_word[{}:{N}]", LOAD_WORD - 1),
                };
                format!(
                    "\
{}{}always @(*) begin
   value = {} ? value_1 : value_0;
end

// A table of one word has no addresses.
wire unused = &{{1'b0, load_at[{}:0]{unused_word}}};",
                    bank(0),
                    bank(1),
                    LoadAt::bank_1(),
                    super::table::ADDRESS - 1,
                )
            }
        })
    }

    fn timing(&self) -> Vec<TimingInfo> {
        vec![TimingInfo {
            name: "start_value".into(),
            clock: "clock".into(),
            inputs: vec!["load_at".into(), "load_word".into()],
            outputs: vec!["value".into()],
        }]
    }
}
