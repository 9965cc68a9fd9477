//! # RangeCoder
//!
//! ## Purpose
//! Maps a rank to its part of the interval, a token or a sample to an escape, and narrows the interval to it. Twin of
//! [`golden_model::range_coder`].
//!
//! ## Ports
//! Those of [`tier_coder`](crate::codec::tier_coder), but for these:
//!
//! | port | direction | bits | meaning |
//! |---|---|---|---|
//! | `row` | in | `TOKEN` | the row of the rank table is its low bits |
//! | `load_at`, `load_word` | in | 22, 32 | from the [loader](crate::tables::loader), if tables are loaded |
//! | `code` | out | 32 | the code, right-aligned; bit `length` is a carry into the bits before |
//!
//! A code may have no bits. In the clock behind a packet's last sample a code of 16 bits follows, and `code_last` is
//! with that one.
//!
//! ## Latency and throughput
//! Six clocks; one code per clock.
//!
//! ## How it works
//! ```text
//! stage 3  class ROM    {context, row} -> class
//! stage 4  place ROMs   {class, rank} -> where ranks begin, the even ones and the odd ones in a ROM each;
//!                       class -> where rank 0 begins
//! stage 5  part         begin and end: of the rank, of the token escape where it has no width, or of the sample
//!                       escape
//! stages 6 to 8         the encoder: range, low, code
//! ```
//! A rank ends where the next one begins, so the rank and its end are always in different ROMs, and a part takes one
//! clock. An end of 2^15 is stored as 0, which no rank begins at. The token escape lies between the sample escape,
//! which is the first of 2^15 parts, and rank 0. A rank has no width where it begins where the next one does; behind the
//! last rank with a place all of them do.
//!
//! ## Waveform
//! Four samples of a context, the third one outside the window, the fourth off the lattice and the last of its packet:
//! ```text
#![doc = include_str!("../../waveforms/range_coder.txt")]
//! ```
//!
//! ## Proofs
//! `testbench/tests/range_coder.rs`: every part of every class and both escapes, against the golden model.

pub mod encoder;
pub mod packer;

use crate::block::{block, comment};
use crate::codec::converter::{Candidate, Input};
use crate::memory::rom::Rom;
use crate::shape::SAMPLE;
use crate::tables::table::{HasTables, LOAD_AT, LOAD_WORD, Table};
use encoder::{PLACE, RangeEncoder};
use golden_model::TableSet;
use golden_model::range_coder::{RangeCode, TOTAL};
use rust_hdl::prelude::*;

/// Clocks from a rank to its code.
pub const LATENCY: usize = 3 + encoder::LATENCY;
/// Bits of a class.
const CLASS: usize = 8;

block! {
    /// Rank, token or sample to code.
    pub struct RangeCoder<const TOKEN: usize> {
        /// The clock.
        pub clock: Signal<In, Clock>,
        /// Low: drop what is inside.
        pub aresetn: Signal<In, Bit>,
        /// A sample is there.
        pub valid: Signal<In, Bit>,
        /// It ends its packet.
        pub last: Signal<In, Bit>,
        /// Its activity context.
        pub activity_context: Signal<In, Bits<4>>,
        /// Its row of the rank table.
        pub row: Signal<In, Bits<TOKEN>>,
        /// The token's rank.
        pub rank: Signal<In, Bits<TOKEN>>,
        /// Whether it has one.
        pub in_window: Signal<In, Bit>,
        /// Whether the sample is its token's.
        pub on_lattice: Signal<In, Bit>,
        /// The sample, one clock after the rest.
        pub sample: Signal<In, Bits<SAMPLE>>,
        /// From the loader: where to.
        pub load_at: Signal<In, Bits<LOAD_AT>>,
        /// From the loader: the word.
        pub load_word: Signal<In, Bits<LOAD_WORD>>,

        /// A code is there.
        pub code_valid: Signal<Out, Bit>,
        /// It ends its packet.
        pub code_last: Signal<Out, Bit>,
        /// The code, right-aligned, its carry above.
        pub code: Signal<Out, Bits<32>>,
        /// Bits of the code.
        pub length: Signal<Out, Bits<5>>,

        candidate: Candidate<TOKEN> = Candidate::new(&input.converter(set.converter())),
        class_rom: Rom<4, TOKEN, CLASS> = Rom::new(classes),
        even_rom: Rom<CLASS, TOKEN, PLACE> = Rom::exact(places.iter().map(|row| half(row, 0))),
        odd_rom: Rom<CLASS, TOKEN, PLACE> = Rom::exact(places.iter().map(|row| half(row, 1))),
        escape_rom: Rom<4, CLASS, PLACE> = Rom::exact(escapes),
        encoder: RangeEncoder<TOKEN>,

        s4_valid: DFF<Bit>,
        s4_last: DFF<Bit>,
        s4_rank: DFF<Bits<TOKEN>>,
        s4_in_window: DFF<Bit>,
        s4_off_lattice: DFF<Bit>,
        s5_valid: DFF<Bit>,
        s5_last: DFF<Bit>,
        s5_is_odd: DFF<Bit>,
        s5_is_last_rank: DFF<Bit>,
        s5_in_window: DFF<Bit>,
        s5_off_lattice: DFF<Bit>,
        s5_sample: DFF<Bits<SAMPLE>>,
        s6_valid: DFF<Bit>,
        s6_last: DFF<Bit>,
        s6_begin: DFF<Bits<PLACE>>,
        s6_end: DFF<Bits<PLACE>>,
        s6_token_escape: DFF<Bit>,
        s6_sample_escape: DFF<Bit>,
        s6_raw: DFF<Bits<SAMPLE>>,

        last_rank: Constant<Bits<TOKEN>> = Constant::new((set.rank_table().width() - 1).to_bits()),
        next_rank: Signal<Local, Bits<TOKEN>>,
        even_place: Signal<Local, Bits<PLACE>>,
        rank_begin: Signal<Local, Bits<PLACE>>,
        rank_end: Signal<Local, Bits<PLACE>>,
        part_begin: Signal<Local, Bits<PLACE>>,
        part_end: Signal<Local, Bits<PLACE>>,
        escapes: Signal<Local, Bit>,
        raw: Signal<Local, Bits<SAMPLE>>,
    }

    /// The hardware of a set's range code.
    ///
    /// # Panics
    /// When the set has none, or ranks by nearness; [`Profile`](crate::profile::Profile) checks it.
    pub fn new(set: &TableSet, input: Input) -> Self {
        let range = set.range_code().expect("a set with a range coder");
        let classes = classes(set, range);
        let places: Vec<Vec<u32>> = places(range, set.rank_table().width()).collect();
        // In rows of 16.
        let mut escapes: Vec<u32> = places.iter().map(|row| row[0]).collect();
        escapes.resize(escapes.len().next_multiple_of(16), 0);
        let escapes = escapes.chunks(16).map(<[u32]>::to_vec);
    }
}

/// The class of each row, of each context.
fn classes(set: &TableSet, range: &RangeCode) -> Vec<Vec<u32>> {
    let class = |context, row| range.class(context, row) as u32;
    let rows = 0..usize::from(set.rank_table().fold());
    let contexts = 0..set.activity().contexts();
    contexts.map(|context| rows.clone().map(|row| class(context, row)).collect()).collect()
}

/// Where each rank of a class begins, of all classes; [`TOTAL`] is 0.
fn places(range: &RangeCode, ranks: usize) -> impl Iterator<Item = Vec<u32>> {
    let shape = range.shape();
    shape.widths.into_iter().map(move |widths| {
        // Behind the sample escape, and the token escape, whose width is the first.
        let mut place = 1;
        let mut widths = widths.into_iter().chain(std::iter::repeat(0));
        let begins = std::iter::from_fn(|| {
            place += u32::from(widths.next()?);
            Some(place % u32::from(TOTAL))
        });
        begins.take(ranks).collect()
    })
}

/// The even or the odd ranks.
fn half(row: &[u32], odd: usize) -> Vec<u32> {
    row.iter().copied().skip(odd).step_by(2).collect()
}

impl<const TOKEN: usize> HasTables for RangeCoder<TOKEN> {
    fn tables(&mut self, visit: &mut dyn FnMut(&mut dyn Table)) {
        visit(&mut self.class_rom);
        visit(&mut self.even_rom);
        visit(&mut self.odd_rom);
        visit(&mut self.escape_rom);
    }
}

impl<const TOKEN: usize> Logic for RangeCoder<TOKEN> {
    #[hdl_gen]
    fn update(&mut self) {
        dff_setup!(self, clock, s4_valid, s4_last, s4_rank, s4_in_window, s4_off_lattice);
        dff_setup!(self, clock, s5_valid, s5_last, s5_is_odd, s5_is_last_rank, s5_in_window);
        dff_setup!(self, clock, s5_off_lattice, s5_sample);
        dff_setup!(self, clock, s6_valid, s6_last, s6_begin, s6_end);
        dff_setup!(self, clock, s6_token_escape, s6_sample_escape, s6_raw);
        clock!(self, clock, class_rom, even_rom, odd_rom, escape_rom, encoder);

        comment!("Stage 3: the class is looked up; all else is delayed to match.");
        self.class_rom.load_at.next = self.load_at.val();
        self.class_rom.load_word.next = self.load_word.val();
        self.even_rom.load_at.next = self.load_at.val();
        self.even_rom.load_word.next = self.load_word.val();
        self.odd_rom.load_at.next = self.load_at.val();
        self.odd_rom.load_word.next = self.load_word.val();
        self.escape_rom.load_at.next = self.load_at.val();
        self.escape_rom.load_word.next = self.load_word.val();
        self.class_rom.enable.next = self.valid.val();
        self.class_rom.high.next = self.activity_context.val();
        self.class_rom.low.next = self.row.val();
        self.s4_valid.d.next = self.valid.val() & self.aresetn.val();
        if self.valid.val() {
            self.s4_last.d.next = self.last.val();
            self.s4_rank.d.next = self.rank.val();
            self.s4_in_window.d.next = self.in_window.val();
            self.s4_off_lattice.d.next = !self.on_lattice.val();
        }

        comment!("Stage 4: where the rank begins, and the one behind it.");
        self.next_rank.next = self.s4_rank.q.val() + 1;
        self.even_rom.enable.next = self.s4_valid.q.val();
        self.even_rom.high.next = self.class_rom.data.val();
        self.even_rom.low.next = (self.next_rank.val().index() >> 1).to_bits();
        self.odd_rom.enable.next = self.s4_valid.q.val();
        self.odd_rom.high.next = self.class_rom.data.val();
        self.odd_rom.low.next = (self.s4_rank.q.val().index() >> 1).to_bits();
        self.escape_rom.enable.next = self.s4_valid.q.val();
        self.escape_rom.high.next = (self.class_rom.data.val().index() >> 4).to_bits();
        self.escape_rom.low.next = self.class_rom.data.val();
        self.s5_valid.d.next = self.s4_valid.q.val() & self.aresetn.val();
        if self.s4_valid.q.val() {
            self.s5_last.d.next = self.s4_last.q.val();
            self.s5_is_odd.d.next = self.s4_rank.q.val().get_bit(0);
            self.s5_is_last_rank.d.next = self.s4_rank.q.val() == self.last_rank.val();
            self.s5_in_window.d.next = self.s4_in_window.q.val();
            self.s5_off_lattice.d.next = self.s4_off_lattice.q.val();
            self.s5_sample.d.next = self.sample.val();
        }

        comment!("Stage 5: the part. Behind the last rank nothing begins.");
        self.even_place.next = self.even_rom.data.val();
        if self.s5_is_last_rank.q.val() {
            self.even_place.next = 0.into();
        }
        self.rank_begin.next = self.even_rom.data.val();
        self.rank_end.next = self.odd_rom.data.val();
        if self.s5_is_odd.q.val() {
            self.rank_begin.next = self.odd_rom.data.val();
            self.rank_end.next = self.even_place.val();
        }
        self.escapes.next =
            !self.s5_in_window.q.val() | (self.rank_begin.val() == self.rank_end.val());
        self.candidate.sample.next = self.s5_sample.q.val();
        self.part_begin.next = self.rank_begin.val();
        self.part_end.next = self.rank_end.val();
        self.raw.next = 0.into();
        if self.escapes.val() {
            self.part_begin.next = 1.into();
            self.part_end.next = self.escape_rom.data.val();
            self.raw.next = bit_cast::<SAMPLE, TOKEN>(self.candidate.token.val());
        }
        if self.s5_off_lattice.q.val() {
            self.part_begin.next = 0.into();
            self.part_end.next = 1.into();
            self.raw.next = self.s5_sample.q.val();
        }
        self.s6_valid.d.next = self.s5_valid.q.val() & self.aresetn.val();
        if self.s5_valid.q.val() {
            self.s6_last.d.next = self.s5_last.q.val();
            self.s6_begin.d.next = self.part_begin.val();
            self.s6_end.d.next = self.part_end.val();
            self.s6_token_escape.d.next = self.escapes.val() & !self.s5_off_lattice.q.val();
            self.s6_sample_escape.d.next = self.s5_off_lattice.q.val();
            self.s6_raw.d.next = self.raw.val();
        }

        self.encoder.aresetn.next = self.aresetn.val();
        self.encoder.valid.next = self.s6_valid.q.val();
        self.encoder.last.next = self.s6_last.q.val();
        self.encoder.part_begin.next = self.s6_begin.q.val();
        self.encoder.part_end.next = self.s6_end.q.val();
        self.encoder.token_escape.next = self.s6_token_escape.q.val();
        self.encoder.sample_escape.next = self.s6_sample_escape.q.val();
        self.encoder.raw.next = self.s6_raw.q.val();
        self.code_valid.next = self.encoder.code_valid.val();
        self.code_last.next = self.encoder.code_last.val();
        self.code.next = self.encoder.code.val();
        self.length.next = self.encoder.length.val();
    }
}
