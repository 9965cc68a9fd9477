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
//! | `prediction` | in | 10 | the expected token |
//! | `offset` | in | 10 | token minus prediction, modulo 1024 |
//! | `rank` | out | `RANK` | the rank; undefined outside the window |
//! | `in_window` | out | 1 | whether the offset has a rank |
//!
//! ## Latency and throughput
//! One clock; one token per clock.
//!
//! ## How it works
//! The row is the prediction modulo the fold, and the window `±W` has `2 W = 2^RANK` offsets. Both are
//! powers of two, so both are bit slices. The column is the offset modulo `2 W` instead of
//! `offset + W`: the same ROM in another order, without an adder before the memory.
//!
//! ## Waveform
//! ```text
#![doc = include_str!("../../waveforms/rank_table.txt")]
//! ```
//!
//! ## Proofs
//! `testbench/tests/rank_table.rs`: every prediction with every offset, for each profile.

use crate::block::{block, comment};
use crate::memory::rom::Rom;
use golden_model::rank_table;
use rust_hdl::prelude::*;

block! {
    /// The rank of an offset in the row of a prediction: `2^ROW` rows of `2^RANK` offsets.
    pub struct RankTable<const ROW: usize, const RANK: usize> {
        /// The clock.
        pub clock: Signal<In, Clock>,
        /// A token is there to be looked up.
        pub enable: Signal<In, Bit>,
        /// The token that was expected.
        pub prediction: Signal<In, Bits<10>>,
        /// `token - prediction`, modulo 1024.
        pub offset: Signal<In, Bits<10>>,

        /// The rank, one clock later.
        pub rank: Signal<Out, Bits<RANK>>,
        /// Whether the offset has a rank, one clock later.
        pub in_window: Signal<Out, Bit>,

        rom: Rom<ROW, RANK, RANK> = Rom::new(ranks),
        s3_in_window: DFF<Bit>,

        beyond: Constant<Bits<10>> = Constant::new((1024 - usize::from(table.window())).to_bits()),
        sign: Signal<Local, Bits<10>>,
    }

    /// The hardware of a rank table with this shape.
    ///
    /// # Panics
    /// When the shape is another; [`Profile`](crate::profile::Profile) checks it.
    pub fn new(table: &rank_table::RankTable) -> Self {
        assert_eq!(usize::from(table.fold()), 1 << ROW, "rows");
        assert_eq!(table.width(), 1 << RANK, "ranks");
        let mut ranks = Vec::with_capacity(1 << (ROW + RANK));
        for row in 0..1 << ROW {
            for column in 0..table.width() as i32 {
                // Column to offset: the upper half of the columns are the negative offsets.
                let offset = if column < i32::from(table.window()) {
                    column
                } else {
                    column - table.width() as i32
                };
                let rank = table.rank(row, offset as i16).expect("inside the window");
                ranks.push(u32::from(rank));
            }
        }
    }
}

impl<const ROW: usize, const RANK: usize> Logic for RankTable<ROW, RANK> {
    #[hdl_gen]
    fn update(&mut self) {
        dff_setup!(self, clock, s3_in_window);
        clock!(self, clock, rom);
        self.rom.enable.next = self.enable.val();
        self.rom.high.next = bit_cast::<ROW, 10>(self.prediction.val());
        self.rom.low.next = bit_cast::<RANK, 10>(self.offset.val());
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
