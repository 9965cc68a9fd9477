//! # SerialBoard
//!
//! ## Purpose
//! The top of a board whose samples come over SPI: pins on one side, the compressor for up to 32
//! channels with the plain bigram on the other.
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
//! SerialPort -> BigramArray -> WordPort        all reset by PowerOnReset
//! ```
//! The pipeline's own FIFO has 32 words; words wait for the host in the word port.
//!
//! ## Waveform
//! At the pins: [`serial_port`](crate::ports::serial_port) and [`word_port`](crate::ports::word_port).
//!
//! ## Proofs
//! `testbench/tests/board.rs`: in both simulators, from recorder to host, decoded to the recording.

use crate::array_pipeline::BigramArray;
use crate::block::comment;
use crate::boards::board_top::board_top;
use crate::ports::power_on_reset::PowerOnReset;
use crate::ports::serial_port::SerialPort;
use crate::ports::word_port::WordPort;
use crate::shape::{SMALL_FIFO, Shape};
use crate::stream::framer::Frames;
use golden_model::TableSet;
use rust_hdl::prelude::*;

board_top! {
    /// A board with the plain bigram.
    pub struct SerialBoard<TOKEN> {
        pipeline: BigramArray<TOKEN>,
        serial_port: SerialPort = |_| SerialPort::default(),
        /// The recorder's chip select: low for a round.
        sample_cs_n: Signal<In, Bit> => cs_n,
        /// The recorder's clock.
        sample_sclk: Signal<In, Clock> => sclk,
        /// The recorder's bits.
        sample_mosi: Signal<In, Bit> => mosi,
    }
}
