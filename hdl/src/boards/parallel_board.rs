//! # ParallelBoard
//!
//! ## Purpose
//! The top of a board whose samples come over a parallel port: pins on one side, the compressor for
//! many channels on the other. [`ParallelBigramBoard`] has the plain bigram, [`ParallelMeanBoard`]
//! one mean, [`ParallelMeansBoard`] the sign-sign LMS, [`ParallelNeighbourBoard`] the sign-sign LMS with neighbours.
//!
//! ## Ports
//! | port | direction | bits | meaning |
//! |---|---|---|---|
//! | `clock` | in | 1 | the board's oscillator |
//! | `sample_strobe`, `sample_code`, `round_end` | in | 1, `TOKEN`, 1 | the [parallel port](crate::ports::parallel_port) |
//! | `host_cs_n`, `host_sclk`, `host_miso`, `host_ready` | in, in, out, out | 1, 1, `LANES`, 1 | the [word port](crate::ports::word_port) |
//!
//! ## Latency and throughput
//! Those of the [pipeline](crate::array_pipeline), plus five clocks in the port.
//!
//! ## How it works
//! ```text
//! ParallelPort -> BigramArray, MeanArray, MeansArray, NeighbourArray or one with the range coder -> WordPort        all reset by PowerOnReset
//! ```
//! The pipeline gets the codes themselves, counted from the middle, not the samples that they stand for: every one is a token, so
//! nothing has to be looked up in the converter's lattice. Its own FIFO has 32 words; words wait for the host in the word port.
//!
//! ## Waveform
//! At the pins: [`parallel_port`](crate::ports::parallel_port) and [`word_port`](crate::ports::word_port).
//!
//! ## Proofs
//! `testbench/tests/board.rs`: in both simulators, from recorder to host, decoded to the recording.

use crate::array_pipeline::{
    BigramArray, MeanArray, MeanRangeArray, MeansArray, MeansRangeArray, NeighbourArray,
};
use crate::block::comment;
use crate::boards::board_top::board_top;
use crate::codec::converter::Input;
use crate::ports::parallel_port::ParallelPort;
use crate::ports::power_on_reset::PowerOnReset;
use crate::ports::word_port::WordPort;
use crate::shape::{SMALL_FIFO, Shape};
use crate::stream::framer::Frames;
use golden_model::TableSet;
use rust_hdl::prelude::*;

macro_rules! parallel_board {
    ($(#[$doc:meta])* $name:ident, $array:ident<$($width:ident),+>) => {
        board_top! {
            $(#[$doc])*
            pub struct $name<$($width),+> {
                pipeline: $array<$($width),+>,
                parallel_port: ParallelPort<TOKEN> = |set: &TableSet| {
                    ParallelPort::new(&Input::Codes.converter(set.converter()))
                } => Input::Codes,
                /// A code is taken at each rising edge.
                sample_strobe: Signal<In, Clock> => strobe,
                /// The code.
                sample_code: Signal<In, Bits<TOKEN>> => code,
                /// It is that of the last channel.
                round_end: Signal<In, Bit> => round_end,
            }
        }
    };
}

parallel_board! {
    /// A board with the plain bigram.
    ParallelBigramBoard, BigramArray<TOKEN>
}

parallel_board! {
    /// A board with one leaky mean.
    ParallelMeanBoard, MeanArray<TOKEN>
}

parallel_board! {
    /// A board with the sign-sign LMS.
    ParallelMeansBoard, MeansArray<TOKEN, FEATURE, LEAKY, SUM>
}

parallel_board! {
    /// A board with the sign-sign LMS and neighbours.
    ParallelNeighbourBoard, NeighbourArray<TOKEN, FEATURE, LEAKY, SUM>
}

parallel_board! {
    /// A board with one leaky mean and the range coder.
    ParallelMeanRangeBoard, MeanRangeArray<TOKEN>
}

parallel_board! {
    /// A board with the sign-sign LMS and the range coder.
    ParallelMeansRangeBoard, MeansRangeArray<TOKEN, FEATURE, LEAKY, SUM>
}
