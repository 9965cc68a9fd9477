//! # MeansModel
//!
//! ## Purpose
//! From a sample to what the tier coder needs, for many channels and the sign-sign LMS on one
//! difference and two leaky means: converter, channel state in memory, predictor, activity and rank
//! table.
//!
//! ## Ports
//! Those of [`bigram_model`](crate::codec::bigram_model).
//!
//! ## Latency and throughput
//! Six clocks; one sample per clock. A channel may come again after [`STATE_LOOP`] clocks.
//!
//! ## How it works
//! ```text
//! input    the channel's state is read
//! stage 1  sample -> token; features of the state, or of the initial one for a fresh channel; the last
//!          token's weight updates; last token -> memory
//! stage 2  products; difference, leaky means and weights -> memory      (stages 1 to 5 of the
//!          LmsPredictor)
//! stage 3  sums
//! stage 4  prediction; the running mean is read
//! stage 5  the sample leaves the delay line; offset; running mean and error -> memory; the
//!          ROMs of ranks and contexts are addressed
//! ```
//! Each field of the state has a memory of its own, no wider than a block RAM. A channel that starts
//! anew, or has had no token since, has the initial state, whatever its memory holds. A sample off the
//! lattice changes nothing and is therefore not written, with one exception. For a new channel, these are
//! written: that it has had no token, its weights, and that they need no update.
//!
//! The sample itself waits for its prediction, and for its code, in a delay line.
//!
//! ## Waveform
//! A round of six channels, in their initial state, and two samples of the next round, the last one
//! off the lattice:
//! ```text
#![doc = include_str!("../../waveforms/means_model.txt")]
//! ```
//!
//! ## Proofs
//! `testbench/tests/pipeline.rs` and `testbench/tests/verilog.rs`, as the front of a pipeline.

use crate::block::comment;
use crate::codec::activity::Activity;
use crate::codec::converter::{Candidate, Converter, Input};
use crate::codec::lms_model::lms_model;
use crate::codec::lms_predictor::LmsPredictor;
use crate::codec::rank_table::RankTable;
use crate::memory::delay_line::DelayLine;
use crate::memory::ram::Ram;
use crate::shape::{CHANNEL, ERROR, MEAN, SAMPLE, Shape, WEIGHT_WORD, last_word_bits};
use crate::tables::start_value::StartValue;
use crate::tables::table::{HasTables, LOAD_AT, LOAD_WORD, Table};
use golden_model::TableSet;
use golden_model::predictor::MEAN_SHIFTS;
use rust_hdl::prelude::*;

/// Clocks from a sample to its rank.
pub const LATENCY: usize = 6;
/// Clocks from reading a channel's state until it can be read again.
pub const STATE_LOOP: usize = 6;

/// Bits of the widest last token with its two flags: bit 0, there was one; bit 1, there were two.
const LAST_WORD: usize = last_word_bits(SAMPLE);

lms_model! {
    /// Sample to rank and context, with the sign-sign LMS.
    pub struct MeansModel {
        /// The token expected, whose low bits are the row of the rank table.
        pub row: Signal<Out, Bits<TOKEN>>,
        s6_row: DFF<Bits<TOKEN>>,
    }

    /// The hardware of a table set, in this shape.
    ///
    /// # Panics
    /// When it is not the set's, or of one channel; [`Profile`](crate::profile::Profile) checks it.
    pub fn new(set: &TableSet, input: Input, shape: Shape) -> Self {}

    #[hdl_gen]
    fn update(&mut self) {
        dff_setup!(self, clock, s6_row);
        comment!("Stage 4: the running mean and the sample are read.");
        self.means.read.next = self.s4_valid.q.val() & !self.s4_initial.q.val();
        self.means.read_address.next = self.s4_channel.q.val();
        self.samples.read.next = self.s4_valid.q.val();

        comment!(
            "Stage 5: the token meets its prediction; the rest of the new state is written back."
        );
        self.candidate.sample.next = self.samples.data.val();
        self.predictor.due_token.next = self.candidate.token.val();
        self.predictor.due_learns.next = self.s5_on_lattice.q.val() & !self.s5_initial.q.val();
        self.mean.next = self.means.data.val();
        if self.s5_initial.q.val() {
            self.mean.next = self.initial_mean.value.val();
        }
        self.activity.enable.next = self.s5_valid.q.val();
        self.activity.mean.next = self.mean.val();
        self.activity.offset.next = self.predictor.offset.val();
        self.rank_table.enable.next = self.s5_valid.q.val();
        self.rank_table.row.next = self.predictor.prediction.val();
        self.rank_table.offset.next = self.predictor.offset.val();
        self.errors.write.next = self.s5_valid.q.val();
        self.errors.write_address.next = self.s5_channel.q.val();
        self.errors.write_data.next = self.predictor.new_error.val();
        self.means.write.next = self.s5_valid.q.val() & self.s5_on_lattice.q.val();
        self.means.write_address.next = self.s5_channel.q.val();
        self.means.write_data.next = self.activity.next_mean.val();
        self.s6_valid.d.next = self.s5_valid.q.val() & self.aresetn.val();
        self.s6_last.d.next = self.s5_last.q.val();
        self.s6_on_lattice.d.next = self.s5_on_lattice.q.val();
        self.s6_row.d.next = self.predictor.prediction.val();
        self.row.next = self.s6_row.q.val();

        comment!("Stage 6 belongs to the tier coder.");
        self.valid.next = self.s6_valid.q.val();
        self.valid_last.next = self.s6_last.q.val();
        self.activity_context.next = self.activity.activity_context.val();
        self.rank.next = self.rank_table.rank.val();
        self.in_window.next = self.rank_table.in_window.val();
        self.on_lattice.next = self.s6_on_lattice.q.val();
        self.samples.read_late.next = self.s6_valid.q.val();
        self.valid_sample.next = self.samples.late_data.val();
    }
}
