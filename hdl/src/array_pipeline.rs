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
use crate::tables::axi_lite::BYTE_ADDRESS;
use crate::tables::image::layout_digest;
use crate::tables::table::{HasTables, Table, TableLayout};
use crate::tables::table_port::TablePort;
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

                /// Loaded tables: where to write.
                pub s_axil_awaddr: Signal<In, Bits<BYTE_ADDRESS>>,
                /// It is there.
                pub s_axil_awvalid: Signal<In, Bit>,
                /// What to write.
                pub s_axil_wdata: Signal<In, Bits<32>>,
                /// Which bytes of it.
                pub s_axil_wstrb: Signal<In, Bits<4>>,
                /// It is there.
                pub s_axil_wvalid: Signal<In, Bit>,
                /// The end of the write is taken.
                pub s_axil_bready: Signal<In, Bit>,
                /// Where to read.
                pub s_axil_araddr: Signal<In, Bits<BYTE_ADDRESS>>,
                /// It is there.
                pub s_axil_arvalid: Signal<In, Bit>,
                /// What was read is taken.
                pub s_axil_rready: Signal<In, Bit>,
                /// The address of a write is taken.
                pub s_axil_awready: Signal<Out, Bit>,
                /// Its data are taken.
                pub s_axil_wready: Signal<Out, Bit>,
                /// How it ended.
                pub s_axil_bresp: Signal<Out, Bits<2>>,
                /// That is there.
                pub s_axil_bvalid: Signal<Out, Bit>,
                /// The address of a read is taken.
                pub s_axil_arready: Signal<Out, Bit>,
                /// What was read.
                pub s_axil_rdata: Signal<Out, Bits<32>>,
                /// How that ended.
                pub s_axil_rresp: Signal<Out, Bits<2>>,
                /// That is there.
                pub s_axil_rvalid: Signal<Out, Bit>,

                table_port: TablePort = TablePort::new(set.digest(), crc_start),
                rounds: Rounds<CHANNEL> = {
                    let rounds = Rounds::new(channels, $state_loop, frames);
                    if shape.one_port { rounds.with_one_port() } else { rounds }
                },
                model: $model<$($width),+> = $model::new(set, input, shape),
                $coder: $Coder<TOKEN> = $Coder::new(set, input),
                $packer: $Packer,
                framer: Framer = Framer::new(frames),
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

        impl<$(const $width: usize),+> HasTables for $name<$($width),+> {
            fn tables(&mut self, visit: &mut dyn FnMut(&mut dyn Table)) {
                self.model.tables(visit);
                self.$coder.tables(visit);
            }
        }

        impl<$(const $width: usize),+> $name<$($width),+> {
            /// From now on its tables are loaded at run time; of an image's layout, this is what is
            /// not its tables'.
            pub(crate) fn load_tables(&mut self, structure: &[u32]) {
                let mut tables: Vec<TableLayout> = Vec::new();
                self.tables(&mut |table| {
                    table.load_as(tables.len() as u8);
                    tables.push(table.layout());
                });
                let lengths: Vec<usize> = tables.iter().map(|table| table.words).collect();
                self.table_port.load(layout_digest(structure, &tables), &lengths);
            }
        }

        impl<$(const $width: usize),+> Logic for $name<$($width),+> {
            #[hdl_gen]
            fn update(&mut self) {
                clock!(self, aclk, rounds, model, $coder, $packer);
                clock!(self, aclk, framer, word_fifo, table_port);
                self.table_port.aresetn.next = self.aresetn.val();
                self.rounds.aresetn.next = self.table_port.core_aresetn.val();
                self.model.aresetn.next = self.table_port.core_aresetn.val();
                self.$coder.aresetn.next = self.table_port.core_aresetn.val();
                self.$packer.aresetn.next = self.table_port.core_aresetn.val();
                self.framer.aresetn.next = self.table_port.core_aresetn.val();
                self.word_fifo.aresetn.next = self.table_port.core_aresetn.val();

                comment!("The tables.");
                self.table_port.s_axil_awaddr.next = self.s_axil_awaddr.val();
                self.table_port.s_axil_awvalid.next = self.s_axil_awvalid.val();
                self.table_port.s_axil_wdata.next = self.s_axil_wdata.val();
                self.table_port.s_axil_wstrb.next = self.s_axil_wstrb.val();
                self.table_port.s_axil_wvalid.next = self.s_axil_wvalid.val();
                self.table_port.s_axil_bready.next = self.s_axil_bready.val();
                self.table_port.s_axil_araddr.next = self.s_axil_araddr.val();
                self.table_port.s_axil_arvalid.next = self.s_axil_arvalid.val();
                self.table_port.s_axil_rready.next = self.s_axil_rready.val();
                self.s_axil_awready.next = self.table_port.s_axil_awready.val();
                self.s_axil_wready.next = self.table_port.s_axil_wready.val();
                self.s_axil_bresp.next = self.table_port.s_axil_bresp.val();
                self.s_axil_bvalid.next = self.table_port.s_axil_bvalid.val();
                self.s_axil_arready.next = self.table_port.s_axil_arready.val();
                self.s_axil_rdata.next = self.table_port.s_axil_rdata.val();
                self.s_axil_rresp.next = self.table_port.s_axil_rresp.val();
                self.s_axil_rvalid.next = self.table_port.s_axil_rvalid.val();
                self.table_port.frame_over.next = self.framer.frame_over.val();
                self.table_port.keyframe.next = self.framer.keyframe.val();
                self.table_port.frames.next = self.framer.frames.val();
                self.table_port.broken_frames.next = self.framer.broken_frames.val();
                self.table_port.overruns.next = self.framer.overruns.val();
                self.table_port.misaligned.next = self.rounds.misaligned.val();
                self.framer.digest.next = self.table_port.digest.val();
                self.framer.crc_start.next = self.table_port.crc_start.val();
                self.model.load_at.next = self.table_port.load_at.val();
                self.model.load_word.next = self.table_port.load_word.val();
                self.$coder.load_at.next = self.table_port.load_at.val();
                self.$coder.load_word.next = self.table_port.load_word.val();

                comment!("The input.");
                self.rounds.s_axis_tvalid.next = self.s_axis_tvalid.val() & !self.table_port.waits.val();
                self.rounds.s_axis_tlast.next = self.s_axis_tlast.val();
                self.rounds.room.next = self.word_fifo.room.val();
                self.rounds.keyframe.next = self.framer.keyframe.val();
                self.rounds.frame_over.next = self.framer.frame_over.val();
                self.s_axis_tready.next = self.rounds.s_axis_tready.val() & !self.table_port.waits.val();

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
