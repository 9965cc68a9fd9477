//! # MeanModel
//!
//! ## Purpose
//! From a sample to what the tier coder needs, for many channels and one leaky mean: converter, channel
//! state in memory, predictor, activity and rank table.
//!
//! ## Ports
//! Those of [`bigram_model`](crate::codec::bigram_model). Of a sample on the lattice, `valid_sample` has
//! the bits that are its token's; the others do not count.
//!
//! ## Latency and throughput
//! Three clocks; one sample per clock. A channel may come again after [`STATE_LOOP`] clocks.
//!
//! ## How it works
//! ```text
//! input    the channel's state is read
//! stage 1  sample -> token; offset; leak of the running mean; or the initial state for a fresh channel
//! stage 2  the ROMs of ranks and contexts are addressed; running mean
//! stage 3  running mean -> memory
//! stage 4  the new prediction
//! stage 5  prediction and lag -> memory
//! ```
//! The state is two words of at most 16 bits: the token expected and the lag in one, the running mean in the
//! other. A sample off the lattice changes nothing and is therefore not written, except for a new channel,
//! whose initial state is.
//!
//! Channels come in order, so a written word's address is the one before it plus one. Counters say it, which a
//! channel's number through the stages would cost ten registers each.
//!
//! Behind stage 1 the sample is its token and, off the lattice only, the rest of its bits.
//!
//! ## Waveform
//! A round of six channels, in their initial state, and two samples of the next round, the last one
//! off the lattice:
//! ```text
#![doc = include_str!("../../waveforms/mean_model.txt")]
//! ```
//!
//! ## Proofs
//! `testbench/tests/pipeline.rs` and `testbench/tests/verilog.rs`, as the front of a pipeline.

use crate::block::comment;
use crate::codec::converter::{Converter, Input, unused_bits};
use crate::codec::mean_predictor::MeanPredictor;
use crate::codec::model::model;
use crate::codec::rank_table::RankTable;
use crate::codec::running_mean::RunningMean;
use crate::memory::ram::Ram;
use crate::shape::{CHANNEL, MEAN, SAMPLE, Shape, expected_word_bits};
use crate::tables::table::{HasTables, LOAD_AT, LOAD_WORD, Table};
use golden_model::TableSet;
use rust_hdl::prelude::*;

/// Clocks from a sample to its rank.
pub const LATENCY: usize = 3;
/// Clocks from reading a channel's state until it can be read again.
pub const STATE_LOOP: usize = 6;
/// Clocks from reading a channel's state to writing its two memories: odd, so that a memory of one port can do
/// both.
pub const WRITES: [usize; 2] = [3, 5];

/// Bits of the widest token with a lag.
const WORD: usize = 2 * SAMPLE;

model! {
    /// Sample to rank and context, with one leaky mean.
    pub struct MeanModel<const TOKEN: usize>
    {
        /// The token expected, whose low bits are the row of the rank table.
        pub row: Signal<Out, Bits<TOKEN>>,
        converter: Converter<TOKEN> = Converter::new(set.converter(), input),
        words: Ram<CHANNEL, WORD> = state(channel, expected_word_bits(TOKEN, set.window()), shape),
        means: Ram<CHANNEL, MEAN> = state(channel, shape.mean, shape),
        predictor: MeanPredictor<TOKEN> = MeanPredictor::new(set.window()),
        running_mean: RunningMean<TOKEN> = RunningMean::new(set.activity(), set.window()),
        rank_table: RankTable<TOKEN> = RankTable::by_token(set.rank_table()),

        s1_valid: DFF<Bit>,
        s1_last: DFF<Bit>,
        s1_sample: DFF<Bits<SAMPLE>>,
        s1_first: DFF<Bit>,
        s1_fresh: DFF<Bit>,
        s2_valid: DFF<Bit>,
        s2_last: DFF<Bit>,
        s2_off_lattice: DFF<Bit>,
        s2_rest: DFF<Bits<SAMPLE>>,
        s2_first: DFF<Bit>,
        s2_writes: DFF<Bit>,
        s3_valid: DFF<Bit>,
        s3_last: DFF<Bit>,
        s3_off_lattice: DFF<Bit>,
        s3_rest: DFF<Bits<SAMPLE>>,
        s3_first: DFF<Bit>,
        s3_writes: DFF<Bit>,
        s3_place: DFF<Bits<CHANNEL>>,
        s3_row: DFF<Bits<TOKEN>>,
        s4_valid: DFF<Bit>,
        s4_off_lattice: DFF<Bit>,
        s4_rest: DFF<Bits<SAMPLE>>,
        s4_first: DFF<Bit>,
        s4_writes: DFF<Bit>,
        s5_writes: DFF<Bit>,
        s5_place: DFF<Bits<CHANNEL>>,

        token_bits: Constant<Bits<5>> = Constant::new(TOKEN.to_bits()),
        unused_bits: Constant<Bits<4>> = Constant::new(unused.to_bits()),
        rest_bits: Constant<Bits<SAMPLE>> = Constant::new((0xffff & !token_mask).to_bits()),
        middle: Constant<Bits<TOKEN>> = Constant::new((1_usize << (TOKEN - 1)).to_bits()),
        word: Signal<Local, Bits<WORD>>,
        lag: Signal<Local, Bits<WORD>>,
        counted: Signal<Local, Bits<TOKEN>>,
        counted_wide: Signal<Local, Bits<SAMPLE>>,
        counted_placed: Signal<Local, Bits<SAMPLE>>,
        new_lag: Signal<Local, Bits<WORD>>,
        new_lag_placed: Signal<Local, Bits<WORD>>,
    }

    /// The hardware of a table set, in this shape.
    ///
    /// # Panics
    /// When it is not the set's, or of one channel; [`Profile`](crate::profile::Profile) checks it.
    pub fn new(set: &TableSet, input: Input, shape: Shape) -> Self {
        let channel = shape.channel.expect("many channels");
        let unused = unused_bits(&input.converter(set.converter()));
        let token_mask = ((1_usize << TOKEN) - 1) << unused;
    }
}

/// A memory of the channels' state.
fn state<const DATA: usize>(channel: usize, bits: usize, shape: Shape) -> Ram<CHANNEL, DATA> {
    match shape.one_port {
        true => Ram::one_port(channel, bits),
        false => Ram::banked(channel, bits),
    }
}

impl<const TOKEN: usize> HasTables for MeanModel<TOKEN> {
    fn tables(&mut self, visit: &mut dyn FnMut(&mut dyn Table)) {
        self.rank_table.tables(visit);
        self.running_mean.tables(visit);
    }
}

impl<const TOKEN: usize> Logic for MeanModel<TOKEN> {
    #[hdl_gen]
    fn update(&mut self) {
        dff_setup!(self, clock, s1_valid, s1_last, s1_sample, s1_first, s1_fresh);
        dff_setup!(self, clock, s2_valid, s2_last, s2_off_lattice, s2_rest, s2_first, s2_writes);
        dff_setup!(self, clock, s3_valid, s3_last, s3_off_lattice, s3_rest, s3_first, s3_writes);
        dff_setup!(
            self,
            clock,
            s3_place,
            s3_row,
            s4_valid,
            s4_off_lattice,
            s4_rest,
            s4_first,
            s4_writes
        );
        dff_setup!(self, clock, s5_writes, s5_place);
        clock!(self, clock, words, means, predictor, running_mean, rank_table);
        self.running_mean.load_at.next = self.load_at.val();
        self.running_mean.load_word.next = self.load_word.val();
        self.rank_table.load_at.next = self.load_at.val();
        self.rank_table.load_word.next = self.load_word.val();

        comment!("Input: read the channel's state, unless it starts anew.");
        self.words.read.next = self.accept.val() & !self.fresh.val();
        self.words.read_address.next = self.channel.val();
        self.means.read.next = self.accept.val() & !self.fresh.val();
        self.means.read_address.next = self.channel.val();
        self.s1_valid.d.next = self.accept.val() & self.aresetn.val();
        if self.accept.val() {
            self.s1_last.d.next = self.last.val();
            self.s1_sample.d.next = self.sample.val();
            self.s1_first.d.next = self.channel.val() == 0;
            self.s1_fresh.d.next = self.fresh.val();
        }

        comment!("Stage 1: sample to token, and its offset.");
        self.converter.sample.next = self.s1_sample.q.val();
        self.word.next = self.words.data.val();
        self.lag.next = (self.word.val().index() >> self.token_bits.val().index()).to_bits();
        self.predictor.token.next = self.converter.token.val();
        self.predictor.fresh.next = self.s1_fresh.q.val();
        self.predictor.expected.next = bit_cast::<TOKEN, WORD>(self.word.val());
        self.predictor.lag.next = bit_cast::<TOKEN, WORD>(self.lag.val());
        self.running_mean.mean.next = self.means.data.val();
        self.running_mean.fresh.next = self.s1_fresh.q.val();
        self.s2_valid.d.next = self.s1_valid.q.val() & self.aresetn.val();
        self.s2_last.d.next = self.s1_last.q.val();
        self.s2_off_lattice.d.next = !self.converter.on_lattice.val();
        if !self.converter.on_lattice.val() {
            self.s2_rest.d.next = self.s1_sample.q.val();
        }
        self.s2_first.d.next = self.s1_first.q.val();
        self.s2_writes.d.next =
            self.s1_valid.q.val() & (self.converter.on_lattice.val() | self.s1_fresh.q.val());

        comment!("Stage 2: the ROMs are addressed; the running mean.");
        self.rank_table.enable.next = self.s2_valid.q.val();
        self.rank_table.row.next = self.predictor.next_token.val();
        self.rank_table.offset.next = self.predictor.offset.val();
        self.running_mean.enable.next = self.s2_valid.q.val();
        self.running_mean.offset.next = self.predictor.offset.val();
        self.running_mean.blank.next = self.s2_off_lattice.q.val();
        self.s3_valid.d.next = self.s2_valid.q.val() & self.aresetn.val();
        self.s3_last.d.next = self.s2_last.q.val();
        self.s3_off_lattice.d.next = self.s2_off_lattice.q.val();
        if self.s2_off_lattice.q.val() {
            self.s3_rest.d.next = self.s2_rest.q.val();
        }
        self.s3_first.d.next = self.s2_first.q.val();
        self.s3_writes.d.next = self.s2_writes.q.val();
        self.s3_row.d.next = self.predictor.next_token.val() - self.predictor.offset.val();
        self.row.next = self.s3_row.q.val();
        if self.s2_valid.q.val() {
            self.s3_place.d.next = self.s3_place.q.val() + 1;
            if self.s2_first.q.val() {
                self.s3_place.d.next = 0.into();
            }
        }

        comment!("Stage 3: the running mean is written; the rest belongs to the tier coder.");
        self.means.write.next = self.s3_writes.q.val();
        self.means.write_address.next = self.s3_place.q.val();
        self.means.write_data.next = self.running_mean.new_mean.val();
        self.valid.next = self.s3_valid.q.val();
        self.valid_last.next = self.s3_last.q.val();
        self.activity_context.next = self.running_mean.activity_context.val();
        self.rank.next = self.rank_table.rank.val();
        self.in_window.next = self.rank_table.in_window.val();
        self.on_lattice.next = !self.s3_off_lattice.q.val();
        self.s4_valid.d.next = self.s3_valid.q.val() & self.aresetn.val();
        self.s4_off_lattice.d.next = self.s3_off_lattice.q.val();
        if self.s3_off_lattice.q.val() {
            self.s4_rest.d.next = self.s3_rest.q.val();
        }
        self.s4_first.d.next = self.s3_first.q.val();
        self.s4_writes.d.next = self.s3_writes.q.val();

        comment!("Stage 4: the sample again, of its token and the rest; the new prediction.");
        self.counted.next = self.predictor.due_token.val() ^ self.middle.val();
        self.counted_wide.next = bit_cast::<SAMPLE, TOKEN>(self.counted.val());
        self.counted_placed.next =
            (self.counted_wide.val().index() << self.unused_bits.val().index()).to_bits();
        // Until a first sample off the lattice, what is kept of one may be anything.
        self.valid_sample.next =
            self.counted_placed.val() | (self.s4_rest.q.val() & self.rest_bits.val());
        self.predictor.blank.next = self.s4_off_lattice.q.val();
        self.s5_writes.d.next = self.s4_writes.q.val();
        if self.s4_valid.q.val() {
            self.s5_place.d.next = self.s5_place.q.val() + 1;
            if self.s4_first.q.val() {
                self.s5_place.d.next = 0.into();
            }
        }

        comment!("Stage 5: prediction and lag are written.");
        self.new_lag.next = bit_cast::<WORD, TOKEN>(self.predictor.new_lag.val());
        self.new_lag_placed.next =
            (self.new_lag.val().index() << self.token_bits.val().index()).to_bits();
        self.words.write.next = self.s5_writes.q.val();
        self.words.write_address.next = self.s5_place.q.val();
        self.words.write_data.next =
            self.new_lag_placed.val() | bit_cast::<WORD, TOKEN>(self.predictor.new_expected.val());
    }
}
