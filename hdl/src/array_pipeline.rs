//! # ArrayPipeline
//!
//! ## Purpose
//! The whole compressor of many channels that share it in time: samples in channel order in, words
//! out, both as AXI4-Streams. Twin of [`golden_model::Encoder`]. [`BigramArray`] uses the plain
//! bigram, [`MeanArray`] one mean, [`MeansArray`] the sign-sign LMS, [`NeighbourArray`] the sign-sign LMS with neighbours;
//! [`MeanRangeArray`] and [`MeansRangeArray`] have a range coder.
//!
//! ## Ports
//! Those of the [one-channel pipeline](crate::pipeline). Samples come in rounds: one of every
//! channel, in channel order. A packet starts with channel 0, every channel in its initial state.
//!
//! With [`Frames`] there are no packets: `s_axis_tlast` ends a round, the pipeline counts rounds and
//! divides the stream into frames, `m_axis_tlast` ends a frame, and every word has four bytes. Four more
//! output ports of 16 bits count since reset, modulo 65536. Without frames they stay 0.
//!
//! | port | counts |
//! |---|---|
//! | `frames` | frames completed or dropped: the next sequence number |
//! | `broken_frames` | frames dropped after their header; they end with the broken mark |
//! | `overruns` | frames dropped before any of it was sent |
//! | `misaligned` | rounds with too few or too many samples |
//!
//! # Errors
//! In packets, the input waits as long as the sink does, and nothing is ever lost. Frames are for
//! sources that cannot wait:
//! - A sink that is slower than the samples for longer than the FIFO can bridge costs the frames that
//!   have no room. Each is cut off with the broken mark, or not begun, and is counted.
//! - A round that does not have one sample of every channel costs its frame. `s_axis_tlast` still ends
//!   the round, so the next frame is at its right place in time.
//! - If `s_axis_tlast` never comes, one broken frame is sent, `misaligned` is 1, and nothing more
//!   follows: without the ends of rounds there are no frames.
//! - A reset ends the current frame; the next one is frame 0.
//!
//! The first frame with room after a loss is a keyframe.
//!
//! ## Latency and throughput
//! | | bigram | one mean | LMS | with neighbours |
//! |---|---|---|---|---|
//! | clocks from a sample to its code at the packer | 5 | 5 | 8 | 9 |
//! | the same with the range coder | | 9 | 12 | |
//! | clocks after which a channel may come again | 3 | 6 | 6 | 6 |
//!
//! With at least that many channels, one sample per clock, with two exceptions: one clock after a packet's
//! last sample, and 7 or 8 clocks (LMS: 10 or 11, with neighbours 11 or 12; with the range coder 4 or 5 more) after a frame's last sample, until it is known whether
//! the whole frame was sent. With fewer channels the input waits.
//!
//! ## How it works
//! ```text
//! Rounds           which channel, fresh or not; the interlock
//! the model        state read, token, prediction, offset, rank, context; state written back: BigramModel,
//!                  MeanModel, MeansModel or NeighbourModel
//! TierCoder        rank -> code                       or RangeCoder
//! BitPacker        codes -> words                     or CarryPacker
//! Framer           header, trailer, broken mark; inactive in packets
//! WordFifo         words wait for the sink
//! ```
//! As in the one-channel pipeline, nothing inside stalls. In packets, a sample is accepted only when the
//! FIFO has room for everything in the pipeline; in frames, the framer drops a frame that has no room.
//!
//! ## Waveform
//! Two rounds of three channels, plain bigram:
//! ```text
#![doc = include_str!("../waveforms/array_pipeline.txt")]
//! ```
//!
//! ## Proofs
//! `testbench/proofs/packets.sv` as for the one-channel pipeline. `testbench/proofs/frames.sv`: no word
//! is lost without the broken mark, see [`framer`](crate::stream::framer), and the input waits only for the end
//! of a frame or for a channel's own state.
//!
//! `testbench/tests/pipeline.rs`, `testbench/tests/channels.rs`, `testbench/tests/frames.rs` and
//! `testbench/tests/verilog.rs`:
//! bit-exact against the golden model for each profile and for few channels, with random stalls on
//! both sides, resets in mid-stream and real recordings.

use crate::block::{block, comment};
use crate::codec::bigram_model::{self, BigramModel};
use crate::codec::bit_packer::BitPacker;
use crate::codec::converter::Input;
use crate::codec::mean_model::{self, MeanModel};
use crate::codec::means_model::{self, MeansModel};
use crate::codec::neighbour_model::{self, NeighbourModel};
use crate::codec::range_coder::RangeCoder;
use crate::codec::range_coder::packer::CarryPacker;
use crate::codec::tier_coder::TierCoder;
use crate::shape::{CHANNEL, FIFO, SAMPLE, Shape};
use crate::stream::framer::{Framer, Frames};
use crate::stream::rounds::Rounds;
use crate::stream::word_fifo::WordFifo;
use golden_model::TableSet;
use rust_hdl::prelude::*;

/// A pipeline around a model: they differ in nothing else, and rust-hdl has no blocks that are
/// generic over blocks.
macro_rules! array_pipeline {
    (
        $(#[$doc:meta])* $name:ident<$($width:ident),+>, $model:ident, $state_loop:expr,
        $coder:ident: $Coder:ident, $packer:ident: $Packer:ident $(, $row:ident)?
    ) => {
        block! {
            $(#[$doc])*
            pub struct $name<$(const $width: usize),+> {
                /// The clock.
                pub aclk: Signal<In, Clock>,
                /// Low at a clock: back to the initial state.
                pub aresetn: Signal<In, Bit>,

                /// The sample, two's complement.
                pub s_axis_tdata: Signal<In, Bits<SAMPLE>>,
                /// The sample ends its packet, or its round.
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

                /// Frames that are over since reset, modulo 65536.
                pub frames: Signal<Out, Bits<16>>,
                /// Those dropped after their header.
                pub broken_frames: Signal<Out, Bits<16>>,
                /// Those dropped before any of it was sent.
                pub overruns: Signal<Out, Bits<16>>,
                /// Rounds that had a sample too few or too many.
                pub misaligned: Signal<Out, Bits<16>>,

                rounds: Rounds<CHANNEL> = Rounds::new(channels, $state_loop, frames),
                model: $model<$($width),+> = $model::new(set, input, shape),
                $coder: $Coder<TOKEN> = $Coder::new(set, input),
                $packer: $Packer,
                framer: Framer = Framer::new(set.digest(), crc_start, frames),
                word_fifo: WordFifo<FIFO> = match frames {
                    Some(_) => WordFifo::of_frames(shape.fifo),
                    None => WordFifo::of_packets(shape.fifo),
                },
            }

            /// The hardware of this many channels with a table set, in this shape, in packets or in
            /// frames.
            ///
            /// # Panics
            /// When the shape is not theirs; [`Profile`](crate::profile::Profile) checks it.
            pub fn new(
                set: &TableSet,
                input: Input,
                shape: Shape,
                channels: usize,
                frames: Option<Frames>,
            ) -> Self {
                let crc_start = frames.map_or(0, |f| f.layout(channels).crc_start(set));
            }
        }

        impl<$(const $width: usize),+> Logic for $name<$($width),+> {
            #[hdl_gen]
            fn update(&mut self) {
                clock!(self, aclk, rounds, model, $coder, $packer);
                clock!(self, aclk, framer, word_fifo);
                self.rounds.aresetn.next = self.aresetn.val();
                self.model.aresetn.next = self.aresetn.val();
                self.$coder.aresetn.next = self.aresetn.val();
                self.$packer.aresetn.next = self.aresetn.val();
                self.framer.aresetn.next = self.aresetn.val();
                self.word_fifo.aresetn.next = self.aresetn.val();

                comment!("The input.");
                self.rounds.s_axis_tvalid.next = self.s_axis_tvalid.val();
                self.rounds.s_axis_tlast.next = self.s_axis_tlast.val();
                self.rounds.room.next = self.word_fifo.room.val();
                self.rounds.keyframe.next = self.framer.keyframe.val();
                self.rounds.frame_over.next = self.framer.frame_over.val();
                self.s_axis_tready.next = self.rounds.s_axis_tready.val();

                comment!("Sample to rank and context.");
                self.model.accept.next = self.rounds.accept.val();
                self.model.channel.next = self.rounds.channel.val();
                self.model.fresh.next = self.rounds.fresh.val();
                self.model.sample.next = self.s_axis_tdata.val();
                self.model.last.next = self.rounds.last.val();

                comment!("Rank to code.");
                self.$coder.valid.next = self.model.valid.val();
                self.$coder.last.next = self.model.valid_last.val();
                self.$coder.activity_context.next = self.model.activity_context.val();
                $(self.$coder.$row.next = self.model.$row.val();)?
                self.$coder.rank.next = self.model.rank.val();
                self.$coder.in_window.next = self.model.in_window.val();
                self.$coder.on_lattice.next = self.model.on_lattice.val();
                self.$coder.sample.next = self.model.valid_sample.val();

                comment!("Codes to words.");
                self.$packer.valid.next = self.$coder.code_valid.val();
                self.$packer.last.next = self.$coder.code_last.val();
                self.$packer.code.next = self.$coder.code.val();
                self.$packer.length.next = self.$coder.length.val();

                comment!("Words to frames.");
                self.framer.code_valid.next = self.$coder.code_valid.val();
                self.framer.misaligned_round.next = self.rounds.misaligned_round.val();
                self.framer.room.next = self.word_fifo.room.val();
                self.framer.word_valid.next = self.$packer.word_valid.val();
                self.framer.word.next = self.$packer.word.val();
                self.framer.word_bytes.next = self.$packer.word_bytes.val();
                self.framer.word_last.next = self.$packer.word_last.val();

                comment!("The output.");
                self.word_fifo.write.next = self.framer.write.val();
                self.word_fifo.word.next = self.framer.frame_word.val();
                self.word_fifo.word_bytes.next = self.framer.frame_word_bytes.val();
                self.word_fifo.word_last.next = self.framer.frame_word_last.val();
                self.word_fifo.m_axis_tready.next = self.m_axis_tready.val();
                self.m_axis_tdata.next = self.word_fifo.m_axis_tdata.val();
                self.m_axis_tkeep.next = self.word_fifo.m_axis_tkeep.val();
                self.m_axis_tlast.next = self.word_fifo.m_axis_tlast.val();
                self.m_axis_tvalid.next = self.word_fifo.m_axis_tvalid.val();

                comment!("The counters.");
                self.frames.next = self.framer.frames.val();
                self.broken_frames.next = self.framer.broken_frames.val();
                self.overruns.next = self.framer.overruns.val();
                self.misaligned.next = self.rounds.misaligned.val();
            }
        }
    };
}

array_pipeline! {
    /// The compressor of many channels with the plain bigram.
    BigramArray<TOKEN>, BigramModel, bigram_model::STATE_LOOP,
    tier_coder: TierCoder, bit_packer: BitPacker
}

array_pipeline! {
    /// The compressor of many channels with one leaky mean.
    MeanArray<TOKEN>, MeanModel, mean_model::STATE_LOOP,
    tier_coder: TierCoder, bit_packer: BitPacker
}

array_pipeline! {
    /// The compressor of many channels with the sign-sign LMS.
    MeansArray<TOKEN, FEATURE, LEAKY, SUM>, MeansModel, means_model::STATE_LOOP,
    tier_coder: TierCoder, bit_packer: BitPacker
}

array_pipeline! {
    /// The compressor of many channels with the sign-sign LMS and neighbours.
    NeighbourArray<TOKEN, FEATURE, LEAKY, SUM>, NeighbourModel, neighbour_model::STATE_LOOP,
    tier_coder: TierCoder, bit_packer: BitPacker
}

array_pipeline! {
    /// The compressor of many channels with one leaky mean and the range coder.
    MeanRangeArray<TOKEN>, MeanModel, mean_model::STATE_LOOP,
    range_coder: RangeCoder, carry_packer: CarryPacker, row
}

array_pipeline! {
    /// The compressor of many channels with the sign-sign LMS and the range coder.
    MeansRangeArray<TOKEN, FEATURE, LEAKY, SUM>, MeansModel, means_model::STATE_LOOP,
    range_coder: RangeCoder, carry_packer: CarryPacker, row
}
