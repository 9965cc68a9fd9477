//! # ParallelBoard
//!
//! ## Purpose
//! The top of a board whose samples come over a parallel port: pins on one side, the compressor for
//! many channels on the other. [`ParallelBigramBoard`] has the plain bigram, [`ParallelMeansBoard`]
//! the sign-sign LMS.
//!
//! ## Ports
//! | port | direction | bits | meaning |
//! |---|---|---|---|
//! | `clock` | in | 1 | the board's oscillator |
//! | `sample_strobe`, `sample_code`, `round_end` | in | 1, 10, 1 | the [parallel port](crate::ports::parallel_port) |
//! | `host_cs_n`, `host_sclk`, `host_miso`, `host_ready` | in, in, out, out | 1, 1, `LANES`, 1 | the [word port](crate::ports::word_port) |
//!
//! ## Latency and throughput
//! Those of the [pipeline](crate::array_pipeline), plus five clocks in the port.
//!
//! ## How it works
//! ```text
//! ParallelPort -> BigramArray or MeansArray -> WordPort        all reset by PowerOnReset
//! ```
//! The pipeline's own FIFO has 32 words; words wait for the host in the word port.
//!
//! ## Waveform
//! At the pins: [`parallel_port`](crate::ports::parallel_port) and [`word_port`](crate::ports::word_port).
//!
//! ## Proofs
//! `testbench/tests/board.rs`: in both simulators, from recorder to host, decoded to the recording.

use crate::array_pipeline::{BigramArray, MeansArray};
use crate::block::{block, comment};
use crate::ports::parallel_port::ParallelPort;
use crate::ports::power_on_reset::PowerOnReset;
use crate::ports::word_port::WordPort;
use crate::stream::framer::Frames;
use golden_model::TableSet;
use rust_hdl::prelude::*;

/// A top around a pipeline: rust-hdl has no blocks that are generic over blocks.
macro_rules! parallel_board {
    ($(#[$doc:meta])* $name:ident, $array:ident) => {
        block! {
            $(#[$doc])*
            pub struct $name<
                const CHANNEL: usize,
                const ROW: usize,
                const RANK: usize,
                const MEAN: usize,
                const LANES: usize,
            > {
                /// The board's oscillator.
                pub clock: Signal<In, Clock>,
                /// A code is taken at each rising edge.
                pub sample_strobe: Signal<In, Clock>,
                /// The code.
                pub sample_code: Signal<In, Bits<10>>,
                /// It is that of the last channel.
                pub round_end: Signal<In, Bit>,
                /// The host's chip select.
                pub host_cs_n: Signal<In, Bit>,
                /// The host's clock.
                pub host_sclk: Signal<In, Clock>,
                /// The bits for the host.
                pub host_miso: Signal<Out, Bits<LANES>>,
                /// Words wait for the host.
                pub host_ready: Signal<Out, Bit>,

                power_on_reset: PowerOnReset,
                parallel_port: ParallelPort,
                pipeline: $array<CHANNEL, ROW, RANK, MEAN, 5> =
                    $array::new(set, channels, Some(frames)),
                word_port: WordPort<LANES>,

                broken_frames: Signal<Local, Bits<16>>,
                overruns: Signal<Local, Bits<16>>,
                misaligned: Signal<Local, Bits<16>>,
            }

            /// The top around this pipeline.
            ///
            /// # Panics
            /// When the shape is another; [`Board`](crate::boards::board::Board) checks it.
            pub fn new(set: &TableSet, channels: usize, frames: Frames) -> Self {}
        }

        impl<
            const CHANNEL: usize,
            const ROW: usize,
            const RANK: usize,
            const MEAN: usize,
            const LANES: usize,
        > Logic for $name<CHANNEL, ROW, RANK, MEAN, LANES>
        {
            #[hdl_gen]
            fn update(&mut self) {
                clock!(self, clock, power_on_reset, parallel_port, word_port);
                self.pipeline.aclk.next = self.clock.val();
                self.parallel_port.aresetn.next = self.power_on_reset.aresetn.val();
                self.pipeline.aresetn.next = self.power_on_reset.aresetn.val();
                self.word_port.aresetn.next = self.power_on_reset.aresetn.val();

                comment!("Codes to samples.");
                self.parallel_port.strobe.next = self.sample_strobe.val();
                self.parallel_port.code.next = self.sample_code.val();
                self.parallel_port.round_end.next = self.round_end.val();
                self.parallel_port.m_axis_tready.next = self.pipeline.s_axis_tready.val();

                comment!("Samples to words.");
                self.pipeline.s_axis_tdata.next = self.parallel_port.m_axis_tdata.val();
                self.pipeline.s_axis_tlast.next = self.parallel_port.m_axis_tlast.val();
                self.pipeline.s_axis_tvalid.next = self.parallel_port.m_axis_tvalid.val();
                self.pipeline.m_axis_tready.next = self.word_port.s_axis_tready.val();

                comment!("Words to the host.");
                self.word_port.s_axis_tdata.next = self.pipeline.m_axis_tdata.val();
                self.word_port.s_axis_tlast.next = self.pipeline.m_axis_tlast.val();
                self.word_port.s_axis_tvalid.next = self.pipeline.m_axis_tvalid.val();
                self.word_port.lost.next = self.parallel_port.lost.val();
                self.broken_frames.next = self.pipeline.broken_frames.val();
                self.overruns.next = self.pipeline.overruns.val();
                self.misaligned.next = self.pipeline.misaligned.val();
                self.word_port.broken_frames.next = bit_cast::<6, 16>(self.broken_frames.val());
                self.word_port.overruns.next = bit_cast::<6, 16>(self.overruns.val());
                self.word_port.misaligned.next = bit_cast::<6, 16>(self.misaligned.val());
                self.word_port.cs_n.next = self.host_cs_n.val();
                self.word_port.sclk.next = self.host_sclk.val();
                self.host_miso.next = self.word_port.miso.val();
                self.host_ready.next = self.word_port.ready.val();
            }
        }
    };
}

parallel_board! {
    /// A board with the plain bigram.
    ParallelBigramBoard, BigramArray
}

parallel_board! {
    /// A board with the sign-sign LMS.
    ParallelMeansBoard, MeansArray
}
