//! # NeighbourModel
//!
//! ## Purpose
//! As [`means_model`](crate::codec::means_model), with the neighbours: from a sample to what the tier coder
//! needs, for many channels that are predicted from their own past and from the channels before them.
//!
//! ## Ports
//! Those of [`bigram_model`](crate::codec::bigram_model).
//!
//! ## Latency and throughput
//! Seven clocks; one sample per clock. A channel may come again after [`STATE_LOOP`] clocks.
//!
//! ## How it works
//! ```text
//! input    as in the MeansModel up to stage 4, which has the channel's own prediction
//! stage 2  the neighbours' weights are read
//! stage 3  their update
//! stage 4  products of all neighbours but the nearest; the sample is read
//! stage 5  prediction, offset; the residual -> the round's registers; error and weights -> memory;
//!          the running mean is read          (stages 3 to 5 of the Neighbours)
//! stage 6  running mean -> memory; the ROMs of ranks and contexts are addressed
//! ```
//! The residual has a clock for itself, because the next channel waits for it. What depends on the offset
//! comes a clock later, but the state that is read with a sample is written no later than without
//! neighbours: the loop has as many clocks.
//!
//! ## Waveform
//! As that of the means model, but for one clock:
//! ```text
#![doc = include_str!("../../waveforms/neighbour_model.txt")]
//! ```
//!
//! ## Proofs
//! `testbench/tests/pipeline.rs`, `testbench/tests/channels.rs` and `testbench/tests/verilog.rs`, as the
//! front of a pipeline.

use crate::block::comment;
use crate::codec::activity::Activity;
use crate::codec::converter::{Candidate, Converter, Input};
use crate::codec::lms_model::lms_model;
use crate::codec::lms_predictor::LmsPredictor;
use crate::codec::neighbours::Neighbours;
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
pub const LATENCY: usize = 7;
/// Clocks from reading a channel's state until it can be read again.
pub const STATE_LOOP: usize = 6;

/// Bits of the widest last token with its two flags: bit 0, there was one; bit 1, there were two.
const LAST_WORD: usize = last_word_bits(SAMPLE);

lms_model! {
    /// Sample to rank and context, with the sign-sign LMS and neighbours.
    pub struct NeighbourModel with neighbours {
        neighbour_weights_0: Ram<CHANNEL, WEIGHT_WORD> =
            Ram::narrow(shape.channel.expect("many channels"), WEIGHT_WORD),
        neighbour_weights_1: Ram<CHANNEL, WEIGHT_WORD> =
            Ram::narrow(shape.channel.expect("many channels"), WEIGHT_WORD),
        neighbour_weights_2: Ram<CHANNEL, WEIGHT_WORD> =
            Ram::narrow(shape.channel.expect("many channels"), WEIGHT_WORD),
        neighbours: Neighbours<TOKEN, FEATURE, LEAKY, SUM> = Neighbours::new(set),

        s2_fresh: DFF<Bit>,
        s2_error: DFF<Bits<ERROR>>,
        s3_fresh: DFF<Bit>,
        s3_error: DFF<Bits<ERROR>>,
        s6_channel: DFF<Bits<CHANNEL>>,
        s6_initial: DFF<Bit>,
        s6_prediction: DFF<Bits<TOKEN>>,
        s6_offset: DFF<Bits<TOKEN>>,
        s7_valid: DFF<Bit>,
        s7_last: DFF<Bit>,
        s7_on_lattice: DFF<Bit>,
        s8_sample: DFF<Bits<SAMPLE>>,
    }

    /// The hardware of a table set with neighbours, in this shape.
    ///
    /// # Panics
    /// When it is not the set's, or of one channel; [`Profile`](crate::profile::Profile) checks it.
    pub fn new(set: &TableSet, input: Input, shape: Shape) -> Self {}

    #[hdl_gen]
    fn update(&mut self) {
        dff_setup!(self, clock, s2_fresh, s2_error, s3_fresh, s3_error);
        dff_setup!(self, clock, s6_channel, s6_initial, s6_prediction, s6_offset);
        dff_setup!(self, clock, s7_valid, s7_last, s7_on_lattice, s8_sample);
        clock!(self, clock, neighbour_weights_0, neighbour_weights_1, neighbour_weights_2);
        clock!(self, clock, neighbours);
        self.neighbours.load_at.next = self.load_at.val();
        self.neighbours.load_word.next = self.load_word.val();

        comment!("Stages 2 and 3: the neighbours' weights are read and updated.");
        self.s2_fresh.d.next = self.s1_fresh.q.val();
        self.s2_error.d.next = self.errors.data.val();
        self.s3_fresh.d.next = self.s2_fresh.q.val();
        self.s3_error.d.next = self.s2_error.q.val();
        self.neighbour_weights_0.read.next = self.s2_valid.q.val() & !self.s2_fresh.q.val();
        self.neighbour_weights_0.read_address.next = self.s2_channel.q.val();
        self.neighbour_weights_1.read.next = self.s2_valid.q.val() & !self.s2_fresh.q.val();
        self.neighbour_weights_1.read_address.next = self.s2_channel.q.val();
        self.neighbour_weights_2.read.next = self.s2_valid.q.val() & !self.s2_fresh.q.val();
        self.neighbour_weights_2.read_address.next = self.s2_channel.q.val();
        self.neighbours.weight_0.next = self.neighbour_weights_0.data.val();
        self.neighbours.weight_1.next = self.neighbour_weights_1.data.val();
        self.neighbours.weight_2.next = self.neighbour_weights_2.data.val();
        self.neighbours.error.next = self.s3_error.q.val();
        self.neighbours.fresh.next = self.s3_fresh.q.val();

        comment!("Stage 4: a round begins with channel 0; the sample is read.");
        self.neighbours.begins.next = self.s4_valid.q.val() & (self.s4_channel.q.val() == 0);
        self.samples.read.next = self.s4_valid.q.val();

        comment!("Stage 5: the token meets its prediction; the running mean is read.");
        self.candidate.sample.next = self.samples.data.val();
        self.predictor.due_token.next = self.candidate.token.val();
        self.predictor.due_learns.next = false;
        self.neighbours.valid.next = self.s5_valid.q.val();
        self.neighbours.own_prediction.next = self.predictor.prediction.val();
        self.neighbours.token.next = self.candidate.token.val();
        self.neighbours.on_lattice.next = self.s5_on_lattice.q.val();
        self.neighbours.learns.next = self.s5_on_lattice.q.val() & !self.s5_initial.q.val();
        self.errors.write.next = self.s5_valid.q.val();
        self.errors.write_address.next = self.s5_channel.q.val();
        self.errors.write_data.next = self.neighbours.new_error.val();
        self.neighbour_weights_0.write.next = self.s5_valid.q.val();
        self.neighbour_weights_0.write_address.next = self.s5_channel.q.val();
        self.neighbour_weights_0.write_data.next = self.neighbours.new_weight_0.val();
        self.neighbour_weights_1.write.next = self.s5_valid.q.val();
        self.neighbour_weights_1.write_address.next = self.s5_channel.q.val();
        self.neighbour_weights_1.write_data.next = self.neighbours.new_weight_1.val();
        self.neighbour_weights_2.write.next = self.s5_valid.q.val();
        self.neighbour_weights_2.write_address.next = self.s5_channel.q.val();
        self.neighbour_weights_2.write_data.next = self.neighbours.new_weight_2.val();
        self.means.read.next = self.s5_valid.q.val() & !self.s5_initial.q.val();
        self.means.read_address.next = self.s5_channel.q.val();
        self.s6_valid.d.next = self.s5_valid.q.val() & self.aresetn.val();
        self.s6_last.d.next = self.s5_last.q.val();
        self.s6_on_lattice.d.next = self.s5_on_lattice.q.val();
        self.s6_channel.d.next = self.s5_channel.q.val();
        self.s6_initial.d.next = self.s5_initial.q.val();
        self.s6_prediction.d.next = self.neighbours.prediction.val();
        self.s6_offset.d.next = self.neighbours.offset.val();

        comment!("Stage 6: the running mean is written back.");
        self.mean.next = self.means.data.val();
        if self.s6_initial.q.val() {
            self.mean.next = self.initial_mean.value.val();
        }
        self.activity.enable.next = self.s6_valid.q.val();
        self.activity.mean.next = self.mean.val();
        self.activity.offset.next = self.s6_offset.q.val();
        self.rank_table.enable.next = self.s6_valid.q.val();
        self.rank_table.row.next = self.s6_prediction.q.val();
        self.rank_table.offset.next = self.s6_offset.q.val();
        self.means.write.next = self.s6_valid.q.val() & self.s6_on_lattice.q.val();
        self.means.write_address.next = self.s6_channel.q.val();
        self.means.write_data.next = self.activity.next_mean.val();
        self.s7_valid.d.next = self.s6_valid.q.val() & self.aresetn.val();
        self.s7_last.d.next = self.s6_last.q.val();
        self.s7_on_lattice.d.next = self.s6_on_lattice.q.val();

        comment!("Stage 7 belongs to the tier coder.");
        self.valid.next = self.s7_valid.q.val();
        self.valid_last.next = self.s7_last.q.val();
        self.activity_context.next = self.activity.activity_context.val();
        self.rank.next = self.rank_table.rank.val();
        self.in_window.next = self.rank_table.in_window.val();
        self.on_lattice.next = self.s7_on_lattice.q.val();
        self.samples.read_late.next = self.s6_valid.q.val();
        self.s8_sample.d.next = self.samples.late_data.val();
        self.valid_sample.next = self.s8_sample.q.val();
    }
}
