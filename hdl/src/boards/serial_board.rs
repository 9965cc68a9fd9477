//! # SerialBoard
//!
//! ## Purpose
//! The top of a board whose samples come over SPI: pins on one side, the compressor for up to 32
//! channels on the other. [`SerialBigramBoard`] has the plain bigram, [`SerialMeanBoard`] one mean.
//!
//! ## Ports
//! | port | direction | bits | meaning |
//! |---|---|---|---|
//! | `clock` | in | 1 | the board's oscillator |
//! | `sample_cs_n`, `sample_sclk`, `sample_mosi` | in | 1 | the [serial port](crate::ports::serial_port) |
//! | `host_cs_n`, `host_sclk`, `host_miso`, `host_ready` | in, in, out, out | 1, 1, `LANES`, 1 | the [word port](crate::ports::word_port) |
//!
//! ## Latency and throughput
//! Those of the [pipeline](crate::array_pipeline), plus one sample's time in the port.
//!
//! ## How it works
//! ```text
//! SerialPort -> BigramArray or MeanArray -> WordPort        all reset by PowerOnReset
//! ```
//! The pipeline's own FIFO has 32 words; words wait for the host in the word port.
//!
//! ## Waveform
//! At the pins: [`serial_port`](crate::ports::serial_port) and [`word_port`](crate::ports::word_port).
//!
//! ## Proofs
//! `testbench/tests/board.rs`: in both simulators, from recorder to host, decoded to the recording.

use crate::array_pipeline::{BigramArray, MeanArray};
use crate::block::comment;
use crate::boards::board_top::board_top;
use crate::codec::converter::Input;
use crate::ports::power_on_reset::PowerOnReset;
use crate::ports::serial_port::SerialPort;
use crate::ports::word_port::WordPort;
use crate::shape::{SMALL_FIFO, Shape};
use crate::stream::framer::Frames;
use golden_model::TableSet;
use rust_hdl::prelude::*;

macro_rules! serial_board {
    ($(#[$doc:meta])* $name:ident, $array:ident) => {
        board_top! {
            $(#[$doc])*
            pub struct $name<TOKEN> {
                pipeline: $array<TOKEN>,
                serial_port: SerialPort = |_| SerialPort::default() => Input::Samples,
                /// The recorder's chip select: low for a round.
                sample_cs_n: Signal<In, Bit> => cs_n,
                /// The recorder's clock.
                sample_sclk: Signal<In, Clock> => sclk,
                /// The recorder's bits.
                sample_mosi: Signal<In, Bit> => mosi,
            }
        }
    };
}

serial_board! {
    /// A board with the plain bigram.
    SerialBigramBoard, BigramArray
}

serial_board! {
    /// A board with one leaky mean.
    SerialMeanBoard, MeanArray
}
