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
use crate::block::{block, comment};
use crate::ports::power_on_reset::PowerOnReset;
use crate::ports::serial_port::SerialPort;
use crate::ports::word_port::WordPort;
use crate::stream::framer::Frames;
use golden_model::TableSet;
use rust_hdl::prelude::*;

block! {
    /// A board with the plain bigram.
    pub struct SerialBoard<
        const CHANNEL: usize,
        const ROW: usize,
        const RANK: usize,
        const MEAN: usize,
        const LANES: usize,
    > {
        /// The board's oscillator.
        pub clock: Signal<In, Clock>,
        /// The recorder's chip select: low for a round.
        pub sample_cs_n: Signal<In, Bit>,
        /// The recorder's clock.
        pub sample_sclk: Signal<In, Clock>,
        /// The recorder's bits.
        pub sample_mosi: Signal<In, Bit>,
        /// The host's chip select.
        pub host_cs_n: Signal<In, Bit>,
        /// The host's clock.
        pub host_sclk: Signal<In, Clock>,
        /// The bits for the host.
        pub host_miso: Signal<Out, Bits<LANES>>,
        /// Words wait for the host.
        pub host_ready: Signal<Out, Bit>,

        power_on_reset: PowerOnReset,
        serial_port: SerialPort,
        pipeline: BigramArray<CHANNEL, ROW, RANK, MEAN, 5> =
            BigramArray::new(set, channels, Some(frames)),
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
> Logic for SerialBoard<CHANNEL, ROW, RANK, MEAN, LANES>
{
    #[hdl_gen]
    fn update(&mut self) {
        clock!(self, clock, power_on_reset, serial_port, word_port);
        self.pipeline.aclk.next = self.clock.val();
        self.serial_port.aresetn.next = self.power_on_reset.aresetn.val();
        self.pipeline.aresetn.next = self.power_on_reset.aresetn.val();
        self.word_port.aresetn.next = self.power_on_reset.aresetn.val();

        comment!("Bits to samples.");
        self.serial_port.cs_n.next = self.sample_cs_n.val();
        self.serial_port.sclk.next = self.sample_sclk.val();
        self.serial_port.mosi.next = self.sample_mosi.val();
        self.serial_port.m_axis_tready.next = self.pipeline.s_axis_tready.val();

        comment!("Samples to words.");
        self.pipeline.s_axis_tdata.next = self.serial_port.m_axis_tdata.val();
        self.pipeline.s_axis_tlast.next = self.serial_port.m_axis_tlast.val();
        self.pipeline.s_axis_tvalid.next = self.serial_port.m_axis_tvalid.val();
        self.pipeline.m_axis_tready.next = self.word_port.s_axis_tready.val();

        comment!("Words to the host.");
        self.word_port.s_axis_tdata.next = self.pipeline.m_axis_tdata.val();
        self.word_port.s_axis_tlast.next = self.pipeline.m_axis_tlast.val();
        self.word_port.s_axis_tvalid.next = self.pipeline.m_axis_tvalid.val();
        self.word_port.lost.next = self.serial_port.lost.val();
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
