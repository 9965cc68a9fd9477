//! # RankTable
//!
//! ## Purpose
//! Looks up the rank of a successor: how likely this offset was after this prediction. Twin of
//! [`golden_model::rank_table`].
//!
//! ## Ports
//! | port | direction | bits | meaning |
//! |---|---|---|---|
//! | `clock` | in | 1 | |
//! | `enable` | in | 1 | look a token up |
//! | `row` | in | `TOKEN` | the expected token; of a table by token, the token that came |
//! | `offset` | in | `TOKEN` | token minus prediction, modulo `2^TOKEN` |
//! | `load_at`, `load_word` | in | 22, 32 | from the [loader](crate::tables::loader), if ranks are loaded |
//! | `rank` | out | `TOKEN` | the rank; undefined outside the window |
//! | `in_window` | out | 1 | whether the offset has a rank |
//!
//! ## Latency and throughput
//! One clock; one token per clock.
//!
//! ## How it works
//! The row is the prediction modulo the fold, and the window `±W` has `2 W` offsets. Both are powers of
//! two, so both are bit slices: the ROM looks at as many low bits as it has rows and columns. The column is the offset modulo `2 W` instead of
//! `offset + W`: the same ROM in another order, without an adder before the memory.
//!
//! A token and its offset say what was expected, so a table *by token* has the same ranks in other places:
//! where the token is at hand in a register anyway, the prediction needs none.
//!
//! A table of several block RAMs of an iCE40 is in banks, of which one is enabled for each slice of the rank.
//!
//! Ranks by nearness need no ROM: they are the offset shifted left by one and, where it is negative,
//! inverted. Every offset has one.
//!
//! ## Waveform
//! ```text
#![doc = include_str!("../../waveforms/rank_table.txt")]
//! ```
//!
//! ## Proofs
//! `testbench/tests/rank_table.rs`: every prediction with every offset, for each profile.

use crate::block::{block, comment};
use crate::memory::cells::Held;
use crate::memory::words::Words;
use crate::tables::table::{HasTables, LOAD_AT, LOAD_WORD, Table, TableLayout};
use golden_model::rank_table;
use rust_hdl::prelude::*;

block! {
    /// The rank of an offset in the row of a prediction.
    pub struct RankTable<const TOKEN: usize> {
        /// The clock.
        pub clock: Signal<In, Clock>,
        /// A token is there to be looked up.
        pub enable: Signal<In, Bit>,
        /// The token that was expected; by token, the one that came.
        pub row: Signal<In, Bits<TOKEN>>,
        /// `token - prediction`, modulo `2^TOKEN`.
        pub offset: Signal<In, Bits<TOKEN>>,
        /// From the loader: where to.
        pub load_at: Signal<In, Bits<LOAD_AT>>,
        /// From the loader: the word.
        pub load_word: Signal<In, Bits<LOAD_WORD>>,

        /// The rank, one clock later.
        pub rank: Signal<Out, Bits<TOKEN>>,
        /// Whether the offset has a rank, one clock later.
        pub in_window: Signal<Out, Bit>,

        rom: Ranks<TOKEN> = Ranks::new(rows),
        s3_in_window: DFF<Bit>,

        beyond: Constant<Bits<TOKEN>> = Constant::new(((1 << TOKEN) - window as usize).to_bits()),
        sign: Signal<Local, Bits<TOKEN>>,
    }

    fn of(table: &rank_table::RankTable, row_of: fn(usize, i32) -> usize) -> Self {
        let by_row = !table.is_by_nearness();
        let window = i32::from(table.window());
        // Column to offset: the upper half of the columns are the negative offsets.
        let offsets = || (0..window).chain(-window..0);
        let fold = usize::from(table.fold());
        let rank = |row: usize, offset: i32| {
            let row = row_of(row, offset) % fold;
            table.rank(row, offset as i16).expect("inside the window").into()
        };
        let rows = (0..usize::from(table.fold()))
            .map(|row| offsets().map(|offset| rank(row, offset)).collect());
        let rows = by_row.then(|| Words::new(rows));
    }
}

impl<const TOKEN: usize> RankTable<TOKEN> {
    /// The hardware of a rank table.
    ///
    /// # Panics
    /// When fold or window is no power of two; [`Profile`](crate::profile::Profile) checks it.
    pub fn new(table: &rank_table::RankTable) -> Self {
        Self::of(table, |row, _| row)
    }

    /// The same by token.
    ///
    /// # Panics
    /// As [`new`](Self::new), and when there are more rows than offsets.
    pub fn by_token(table: &rank_table::RankTable) -> Self {
        assert!(usize::from(table.fold()) <= table.width(), "an offset tells rows apart");
        Self::of(table, |token, offset| (token as i32 - offset).rem_euclid(1 << TOKEN) as usize)
    }
}

/// The ranks: a ROM with a row for each class of predictions, or by nearness.
#[derive(LogicBlock, Default)]
struct Ranks<const TOKEN: usize> {
    clock: Signal<In, Clock>,
    enable: Signal<In, Bit>,
    high: Signal<In, Bits<TOKEN>>,
    low: Signal<In, Bits<TOKEN>>,
    load_at: Signal<In, Bits<LOAD_AT>>,
    load_word: Signal<In, Bits<LOAD_WORD>>,
    data: Signal<Out, Bits<TOKEN>>,
    rows: Held<Option<Words>>,
}

impl<const TOKEN: usize> Ranks<TOKEN> {
    fn new(rows: Option<Words>) -> Self {
        Self { rows: Held(rows), ..Self::default() }
    }
}

impl<const TOKEN: usize> HasTables for RankTable<TOKEN> {
    fn tables(&mut self, visit: &mut dyn FnMut(&mut dyn Table)) {
        if let Some(rows) = &mut self.rom.rows.0 {
            visit(rows);
        }
    }
}

/// A rank has as many bits as a row has ranks.
impl Table for Words {
    fn layout(&self) -> TableLayout {
        self.layout_of(self.low_bits())
    }

    fn words(&self) -> Vec<u32> {
        self.fixed()
    }

    fn load_as(&mut self, number: u8) {
        self.load(number, self.low_bits());
    }
}

impl<const TOKEN: usize> Logic for Ranks<TOKEN> {
    fn update(&mut self) {
        let rises = self.clock.pos_edge();
        if !rises && !self.rows.0.as_ref().is_some_and(Words::is_loaded) {
            return;
        }
        let read = self.enable.val().then(|| (self.high.val().index(), self.low.val().index()));
        let rank = match (&mut self.rows.0, read) {
            (Some(rows), read) => {
                let (at, word) = (self.load_at.val().index(), self.load_word.val().to_u32());
                rows.clock(rises, read, at, word)
            }
            (None, Some((_, offset))) if rises => Some(match offset >> (TOKEN - 1) {
                0 => (offset << 1) as u32,
                _ => (!(offset << 1)) as u32 & (u32::MAX >> (32 - TOKEN)),
            }),
            _ => None,
        };
        if let Some(rank) = rank {
            self.data.next = u64::from(rank).into();
        }
    }

    fn connect(&mut self) {
        self.data.connect();
    }

    fn hdl(&self) -> Verilog {
        Verilog::Custom(match &self.rows.0 {
            Some(rows) => rows.banked_verilog([TOKEN; 3]),
            None => format!(
                "\
always @(posedge clock) begin
   if (enable) begin
      data <= {{low[{below}:0], 1'b0}} ^ {{{TOKEN}{{low[{sign}]}}}};
   end
end
wire unused = &{{1'b0, high}};",
                below = TOKEN - 2,
                sign = TOKEN - 1,
            ),
        })
    }

    fn timing(&self) -> Vec<TimingInfo> {
        vec![TimingInfo {
            name: "ranks".into(),
            clock: "clock".into(),
            inputs: vec!["enable".into(), "high".into(), "low".into()],
            outputs: vec!["data".into()],
        }]
    }
}

impl<const TOKEN: usize> Logic for RankTable<TOKEN> {
    #[hdl_gen]
    fn update(&mut self) {
        dff_setup!(self, clock, s3_in_window);
        clock!(self, clock, rom);
        self.rom.load_at.next = self.load_at.val();
        self.rom.load_word.next = self.load_word.val();
        self.rom.enable.next = self.enable.val();
        self.rom.high.next = self.row.val();
        self.rom.low.next = self.offset.val();
        self.rank.next = self.rom.data.val();

        comment!("From the window's bit upwards, an offset inside repeats its sign.");
        self.sign.next = self.offset.val() & self.beyond.val();
        if self.enable.val() {
            self.s3_in_window.d.next =
                (self.sign.val() == 0) | (self.sign.val() == self.beyond.val());
        }
        self.in_window.next = self.s3_in_window.q.val();
    }
}
