//! # Pipeline
//!
//! ## Purpose
//! The whole compressor of one channel: samples in, words out, both as AXI4-Streams. Twin of
//! [`golden_model::Encoder`].
//!
//! ## Ports
//! | port | direction | bits | meaning |
//! |---|---|---|---|
//! | `aclk` | in | 1 | the clock; all registers use its rising edge |
//! | `aresetn` | in | 1 | synchronous reset, active low: back to the initial state, everything inside is dropped |
//! | `s_axis_tdata` | in | 16 | the sample, two's complement |
//! | `s_axis_tlast` | in | 1 | the sample ends its packet |
//! | `s_axis_tvalid`, `s_axis_tready` | in, out | 1 | a sample is transferred when both are high |
//! | `m_axis_tdata` | out | 32 | four bytes of the stream, the first one in bits 7:0 |
//! | `m_axis_tkeep` | out | 4 | byte lanes that hold code bits: all, except in a packet's last word |
//! | `m_axis_tlast` | out | 1 | the word ends its packet |
//! | `m_axis_tvalid`, `m_axis_tready` | out, in | 1 | a word is transferred when both are high |
//!
//! Each packet is coded independently: its first sample starts from the initial state, and zeros fill
//! its last word.
//!
//! ## Latency and throughput
//! One sample per clock, except for one clock after a packet's last sample. Nine clocks from the
//! sample that completes a word to that word's `m_axis_tvalid`.
//!
//! ## How it works
//! ```text
//! stage 1  Converter      sample -> token
//! stage 2  ChannelState   read, used, written back
//!          Predictor      token -> prediction, offset
//!          Activity       mean -> new mean, level; the ROM of contexts is addressed
//!          RankTable      the ROM of ranks is addressed
//! stage 3  TierCoder      rank -> tier
//! stage 4                 tier -> length, addend
//! stage 5                 addend + payload -> code
//!          BitPacker      place
//! stage 6                 rotate
//! stage 7                 merge -> word
//!          WordFifo       words wait for the sink
//! ```
//! Nothing inside stalls. A sample is let in only when the FIFO has room for all that is under way,
//! so `s_axis_tready` depends on registers alone. A stage without a sample keeps its registers and
//! leaves its ROM asleep.
//!
//! ## Waveform
//! ```text
#![doc = include_str!("../waveforms/pipeline.txt")]
//! ```
//!
//! ## Proofs
//! `testbench/proofs/packets.sv`, for any samples, tables, sink and resets: each accepted sample becomes
//! one code, and the packet's end stays with it; an offered word stays until it is taken; the FIFO never
//! overflows; the input is ready again in time while the sink takes words.
//!
//! `testbench/tests/pipeline.rs`: bit-exact against the golden model for each profile, with random
//! stalls on both sides, resets in mid-stream and real recordings.

use crate::block::{block, comment};
use crate::codec::activity::Activity;
use crate::codec::bit_packer::BitPacker;
use crate::codec::channel_state::ChannelState;
use crate::codec::converter::{Candidate, Converter, Input};
use crate::codec::predictor::Predictor;
use crate::codec::rank_table::RankTable;
use crate::codec::tier_coder::TierCoder;
use crate::shape::{FIFO, SAMPLE, Shape};
use crate::stream::word_fifo::WordFifo;
use golden_model::TableSet;
use rust_hdl::prelude::*;

block! {
    /// The compressor of one channel with tokens of `TOKEN` bits.
    pub struct Pipeline<const TOKEN: usize> {
        /// The clock.
        pub aclk: Signal<In, Clock>,
        /// Low at a clock: back to the initial state.
        pub aresetn: Signal<In, Bit>,

        /// The sample, two's complement.
        pub s_axis_tdata: Signal<In, Bits<SAMPLE>>,
        /// The sample ends its packet.
        pub s_axis_tlast: Signal<In, Bit>,
        /// A sample is offered.
        pub s_axis_tvalid: Signal<In, Bit>,
        /// The pipeline takes it.
        pub s_axis_tready: Signal<Out, Bit>,

        /// Four bytes of the stream, the first one in bits 7:0.
        pub m_axis_tdata: Signal<Out, Bits<32>>,
        /// Byte lanes that hold code bits.
        pub m_axis_tkeep: Signal<Out, Bits<4>>,
        /// The word ends its packet.
        pub m_axis_tlast: Signal<Out, Bit>,
        /// A word is offered.
        pub m_axis_tvalid: Signal<Out, Bit>,
        /// The sink takes it.
        pub m_axis_tready: Signal<In, Bit>,

        converter: Converter<TOKEN> = Converter::new(set.converter(), Input::Samples),
        candidate: Candidate<TOKEN> = Candidate::new(set.converter()),
        channel_state: ChannelState<TOKEN> = ChannelState::new(&golden_model::ChannelState::initial(set)),
        predictor: Predictor<TOKEN>,
        rank_table: RankTable<TOKEN> = RankTable::new(set.rank_table()),
        activity: Activity<TOKEN> = Activity::new(set.activity(), set.window()),
        tier_coder: TierCoder<TOKEN> = TierCoder::new(set, Input::Samples),
        bit_packer: BitPacker,
        word_fifo: WordFifo<FIFO> = WordFifo::of_packets(shape.fifo),

        packet_gap: DFF<Bit>,
        s1_valid: DFF<Bit>,
        s1_last: DFF<Bit>,
        s1_sample: DFF<Bits<SAMPLE>>,
        s2_valid: DFF<Bit>,
        s2_last: DFF<Bit>,
        s2_sample: DFF<Bits<SAMPLE>>,
        s2_on_lattice: DFF<Bit>,
        s3_valid: DFF<Bit>,
        s3_last: DFF<Bit>,
        s3_sample: DFF<Bits<SAMPLE>>,
        s3_on_lattice: DFF<Bit>,
        s4_sample: DFF<Bits<SAMPLE>>,

        ready: Signal<Local, Bit>,
        accept: Signal<Local, Bit>,
    }

    /// The hardware of a table set, in this shape.
    ///
    /// # Panics
    /// When it is not the set's; [`Profile`](crate::profile::Profile) checks it.
    pub fn new(set: &TableSet, shape: Shape) -> Self {}
}

impl<const TOKEN: usize> Logic for Pipeline<TOKEN> {
    #[hdl_gen]
    fn update(&mut self) {
        dff_setup!(self, aclk, packet_gap, s1_valid, s1_last, s1_sample);
        dff_setup!(self, aclk, s2_valid, s2_last, s2_sample, s2_on_lattice);
        dff_setup!(self, aclk, s3_valid, s3_last, s3_sample, s3_on_lattice, s4_sample);
        clock!(self, aclk, channel_state, activity, rank_table, tier_coder, bit_packer, word_fifo);
        comment!("Its tables are fixed.");
        self.activity.load_at.next = 0.into();
        self.activity.load_word.next = 0.into();
        self.rank_table.load_at.next = 0.into();
        self.rank_table.load_word.next = 0.into();
        self.tier_coder.load_at.next = 0.into();
        self.tier_coder.load_word.next = 0.into();
        self.channel_state.aresetn.next = self.aresetn.val();
        self.tier_coder.aresetn.next = self.aresetn.val();
        self.bit_packer.aresetn.next = self.aresetn.val();
        self.word_fifo.aresetn.next = self.aresetn.val();

        comment!(
            "The input: a gap after a packet's end leaves the packer a clock for its second word."
        );
        self.ready.next = self.word_fifo.room.val() & !self.packet_gap.q.val() & self.aresetn.val();
        self.accept.next = self.ready.val() & self.s_axis_tvalid.val();
        self.s_axis_tready.next = self.ready.val();
        self.packet_gap.d.next = self.accept.val() & self.s_axis_tlast.val();
        self.s1_valid.d.next = self.accept.val();
        if self.accept.val() {
            self.s1_last.d.next = self.s_axis_tlast.val();
            self.s1_sample.d.next = self.s_axis_tdata.val();
        }

        comment!("Stage 1: sample to token.");
        self.converter.sample.next = self.s1_sample.q.val();
        self.s2_valid.d.next = self.s1_valid.q.val() & self.aresetn.val();
        if self.s1_valid.q.val() {
            self.s2_last.d.next = self.s1_last.q.val();
            self.s2_sample.d.next = self.s1_sample.q.val();
            self.s2_on_lattice.d.next = self.converter.on_lattice.val();
        }

        comment!("Stage 2: the channel's state is read, used and written back.");
        self.predictor.last.next = self.channel_state.last.val();
        self.candidate.sample.next = self.s2_sample.q.val();
        self.predictor.token.next = self.candidate.token.val();
        self.activity.enable.next = self.s2_valid.q.val();
        self.activity.mean.next = self.channel_state.mean.val();
        self.activity.offset.next = self.predictor.offset.val();
        self.channel_state.new_last.next = self.candidate.token.val();
        self.channel_state.new_mean.next = self.activity.next_mean.val();
        self.channel_state.write.next = self.s2_valid.q.val() & self.s2_on_lattice.q.val();
        self.channel_state.restart.next = self.s2_valid.q.val() & self.s2_last.q.val();
        self.rank_table.enable.next = self.s2_valid.q.val();
        self.rank_table.row.next = self.predictor.prediction.val();
        self.rank_table.offset.next = self.predictor.offset.val();
        self.s3_valid.d.next = self.s2_valid.q.val() & self.aresetn.val();
        if self.s2_valid.q.val() {
            self.s3_last.d.next = self.s2_last.q.val();
            self.s3_sample.d.next = self.s2_sample.q.val();
            self.s3_on_lattice.d.next = self.s2_on_lattice.q.val();
        }

        comment!("Stages 3 to 5: rank to code.");
        self.tier_coder.valid.next = self.s3_valid.q.val();
        self.tier_coder.last.next = self.s3_last.q.val();
        self.tier_coder.activity_context.next = self.activity.activity_context.val();
        self.tier_coder.rank.next = self.rank_table.rank.val();
        self.tier_coder.in_window.next = self.rank_table.in_window.val();
        self.tier_coder.on_lattice.next = self.s3_on_lattice.q.val();
        if self.s3_valid.q.val() {
            self.s4_sample.d.next = self.s3_sample.q.val();
        }
        self.tier_coder.sample.next = self.s4_sample.q.val();

        comment!("Stages 5 to 7: codes to words.");
        self.bit_packer.valid.next = self.tier_coder.code_valid.val();
        self.bit_packer.last.next = self.tier_coder.code_last.val();
        self.bit_packer.code.next = self.tier_coder.code.val();
        self.bit_packer.length.next = self.tier_coder.length.val();

        comment!("The output.");
        self.word_fifo.write.next = self.bit_packer.word_valid.val();
        self.word_fifo.word.next = self.bit_packer.word.val();
        self.word_fifo.word_bytes.next = self.bit_packer.word_bytes.val();
        self.word_fifo.word_last.next = self.bit_packer.word_last.val();
        self.word_fifo.m_axis_tready.next = self.m_axis_tready.val();
        self.m_axis_tdata.next = self.word_fifo.m_axis_tdata.val();
        self.m_axis_tkeep.next = self.word_fifo.m_axis_tkeep.val();
        self.m_axis_tlast.next = self.word_fifo.m_axis_tlast.val();
        self.m_axis_tvalid.next = self.word_fifo.m_axis_tvalid.val();
    }
}
