//! # BigramModel
//!
//! ## Purpose
//! From a sample to what the tier coder needs, for many channels and the plain bigram: converter,
//! channel state in memory, predictor, activity and rank table.
//!
//! ## Ports
//! | port | direction | bits | meaning |
//! |---|---|---|---|
//! | `clock`, `aresetn` | in | 1 | reset drops what is inside |
//! | `accept`, `channel`, `fresh` | in | 1, 10, 1 | from [`rounds`](crate::stream::rounds) |
//! | `sample`, `last` | in | 16, 1 | the sample; it ends its packet |
//! | `load_at`, `load_word` | in | 22, 32 | from the [loader](crate::tables::loader), if tables are loaded |
//! | `valid`, `valid_last` | out | 1 | the outputs are valid; the sample ends its packet |
//! | `activity_context`, `rank`, `in_window` | out | 4, `TOKEN`, 1 | for the tier coder |
//! | `on_lattice`, `valid_sample` | out | 1, 16 | whether the sample is its token's; the sample, one clock after the rest |
//!
//! ## Latency and throughput
//! Three clocks; one sample per clock. A channel may come again after [`STATE_LOOP`] clocks.
//!
//! ## How it works
//! ```text
//! input    the channel's state is read
//! stage 1  sample -> token; the state, or the initial one for a fresh channel
//! stage 2  offset, new state -> memory; the ROMs of ranks and contexts are addressed
//! ```
//! Every sample writes the state back, even one off the lattice, which does not change it: the state may be
//! the initial one, which is not in memory yet.
//!
//! ## Waveform
//! A round of six channels, in their initial state, and two samples of the next round, the last one
//! off the lattice:
//! ```text
#![doc = include_str!("../../waveforms/bigram_model.txt")]
//! ```
//!
//! ## Proofs
//! `testbench/tests/pipeline.rs` and `testbench/tests/verilog.rs`, as the front of a pipeline.

use crate::block::comment;
use crate::codec::activity::Activity;
use crate::codec::converter::{Candidate, Converter, Input};
use crate::codec::model::model;
use crate::codec::predictor::Predictor;
use crate::codec::rank_table::RankTable;
use crate::memory::ram::Ram;
use crate::shape::{CHANNEL, MEAN, SAMPLE, Shape};
use crate::tables::start_value::StartValue;
use crate::tables::table::{HasTables, LOAD_AT, LOAD_WORD, Table};
use golden_model::TableSet;
use rust_hdl::prelude::*;

/// Clocks from a sample to its rank.
pub const LATENCY: usize = 3;
/// Clocks from reading a channel's state until it can be read again.
pub const STATE_LOOP: usize = 3;

model! {
    /// Sample to rank and context, with the plain bigram.
    pub struct BigramModel<const TOKEN: usize>
    {
        converter: Converter<TOKEN> = Converter::new(set.converter(), input),
        candidate: Candidate<TOKEN> = Candidate::new(&input.converter(set.converter())),
        last_tokens: Ram<CHANNEL, TOKEN> = Ram::narrow(channel, TOKEN),
        means: Ram<CHANNEL, MEAN> = Ram::narrow(channel, shape.mean),
        predictor: Predictor<TOKEN>,
        rank_table: RankTable<TOKEN> = RankTable::new(set.rank_table()),
        activity: Activity<TOKEN> = Activity::new(set.activity(), set.window()),

        s1_valid: DFF<Bit>,
        s1_last: DFF<Bit>,
        s1_sample: DFF<Bits<SAMPLE>>,
        s1_channel: DFF<Bits<CHANNEL>>,
        s1_fresh: DFF<Bit>,
        s2_valid: DFF<Bit>,
        s2_last: DFF<Bit>,
        s2_sample: DFF<Bits<SAMPLE>>,
        s2_on_lattice: DFF<Bit>,
        s2_channel: DFF<Bits<CHANNEL>>,
        s2_last_token: DFF<Bits<TOKEN>>,
        s2_mean: DFF<Bits<MEAN>>,
        s3_valid: DFF<Bit>,
        s3_last: DFF<Bit>,
        s3_sample: DFF<Bits<SAMPLE>>,
        s3_on_lattice: DFF<Bit>,
        s4_sample: DFF<Bits<SAMPLE>>,

        initial_last: Constant<Bits<TOKEN>> = Constant::new(initial.past.last.number().to_bits()),
        initial_mean: StartValue<MEAN> = StartValue::new(initial.mean.into()),
    }

    /// The hardware of a table set, in this shape.
    ///
    /// # Panics
    /// When it is not the set's, or of one channel; [`Profile`](crate::profile::Profile) checks it.
    pub fn new(set: &TableSet, input: Input, shape: Shape) -> Self {
        let channel = shape.channel.expect("many channels");
        let initial = golden_model::ChannelState::initial(set);
    }
}

impl<const TOKEN: usize> HasTables for BigramModel<TOKEN> {
    fn tables(&mut self, visit: &mut dyn FnMut(&mut dyn Table)) {
        self.rank_table.tables(visit);
        self.activity.tables(visit);
        visit(&mut self.initial_mean);
    }
}

impl<const TOKEN: usize> Logic for BigramModel<TOKEN> {
    #[hdl_gen]
    fn update(&mut self) {
        dff_setup!(self, clock, s1_valid, s1_last, s1_sample, s1_channel, s1_fresh);
        dff_setup!(self, clock, s2_valid, s2_last, s2_sample, s2_on_lattice);
        dff_setup!(self, clock, s2_channel, s2_last_token, s2_mean);
        dff_setup!(self, clock, s3_valid, s3_last, s3_sample, s3_on_lattice, s4_sample);
        clock!(self, clock, last_tokens, means, activity, rank_table, initial_mean);
        self.activity.load_at.next = self.load_at.val();
        self.activity.load_word.next = self.load_word.val();
        self.rank_table.load_at.next = self.load_at.val();
        self.rank_table.load_word.next = self.load_word.val();
        self.initial_mean.load_at.next = self.load_at.val();
        self.initial_mean.load_word.next = self.load_word.val();

        comment!("Input: read the channel's state, unless it starts anew.");
        self.last_tokens.read.next = self.accept.val() & !self.fresh.val();
        self.last_tokens.read_address.next = self.channel.val();
        self.means.read.next = self.accept.val() & !self.fresh.val();
        self.means.read_address.next = self.channel.val();
        self.s1_valid.d.next = self.accept.val() & self.aresetn.val();
        if self.accept.val() {
            self.s1_last.d.next = self.last.val();
            self.s1_sample.d.next = self.sample.val();
            self.s1_channel.d.next = self.channel.val();
            self.s1_fresh.d.next = self.fresh.val();
        }

        comment!("Stage 1: sample to token.");
        self.converter.sample.next = self.s1_sample.q.val();
        self.s2_valid.d.next = self.s1_valid.q.val() & self.aresetn.val();
        if self.s1_valid.q.val() {
            self.s2_last.d.next = self.s1_last.q.val();
            self.s2_sample.d.next = self.s1_sample.q.val();
            self.s2_on_lattice.d.next = self.converter.on_lattice.val();
            self.s2_channel.d.next = self.s1_channel.q.val();
            self.s2_last_token.d.next = self.last_tokens.data.val();
            self.s2_mean.d.next = self.means.data.val();
            if self.s1_fresh.q.val() {
                self.s2_last_token.d.next = self.initial_last.val();
                self.s2_mean.d.next = self.initial_mean.value.val();
            }
        }

        comment!("Stage 2: the state is used and written back.");
        self.predictor.last.next = self.s2_last_token.q.val();
        self.candidate.sample.next = self.s2_sample.q.val();
        self.predictor.token.next = self.candidate.token.val();
        self.activity.enable.next = self.s2_valid.q.val();
        self.activity.mean.next = self.s2_mean.q.val();
        self.activity.offset.next = self.predictor.offset.val();
        self.rank_table.enable.next = self.s2_valid.q.val();
        self.rank_table.row.next = self.predictor.prediction.val();
        self.rank_table.offset.next = self.predictor.offset.val();
        self.last_tokens.write.next = self.s2_valid.q.val();
        self.last_tokens.write_address.next = self.s2_channel.q.val();
        self.last_tokens.write_data.next = self.s2_last_token.q.val();
        self.means.write.next = self.s2_valid.q.val();
        self.means.write_address.next = self.s2_channel.q.val();
        self.means.write_data.next = self.s2_mean.q.val();
        if self.s2_on_lattice.q.val() {
            self.last_tokens.write_data.next = self.candidate.token.val();
            self.means.write_data.next = self.activity.next_mean.val();
        }
        self.s3_valid.d.next = self.s2_valid.q.val() & self.aresetn.val();
        if self.s2_valid.q.val() {
            self.s3_last.d.next = self.s2_last.q.val();
            self.s3_sample.d.next = self.s2_sample.q.val();
            self.s3_on_lattice.d.next = self.s2_on_lattice.q.val();
        }

        comment!("Stage 3 belongs to the tier coder.");
        self.valid.next = self.s3_valid.q.val();
        self.valid_last.next = self.s3_last.q.val();
        self.activity_context.next = self.activity.activity_context.val();
        self.rank.next = self.rank_table.rank.val();
        self.in_window.next = self.rank_table.in_window.val();
        self.on_lattice.next = self.s3_on_lattice.q.val();
        if self.s3_valid.q.val() {
            self.s4_sample.d.next = self.s3_sample.q.val();
        }
        self.valid_sample.next = self.s4_sample.q.val();
    }
}
