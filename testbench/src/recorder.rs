//! A recorder at a board's sample port: puts a recording's rounds on the pins.
//!
//! Times are in picoseconds. [`Recorder::act`] does the next thing and says when the one after it is
//! due, so that a test can let the recorder, the board's oscillator and the
//! [host](crate::spi_host) run at their own paces.

use crate::seed::generator;
use golden_model::Converter;
use hdl::boards::board::SamplePort;
use hdl::boards::board_circuit::BoardInputs;
use rand::RngExt as _;
use rand::rngs::StdRng;

/// How fast a recorder is, and how regular.
#[derive(Clone, Copy, Debug)]
pub struct Pace {
    /// Half a period of its strobe or its clock.
    pub half_period: u64,
    /// From one round to the next: how long chip select is high.
    pub between_rounds: u64,
    /// At most this much longer, at random, between two samples.
    pub jitter: u64,
    /// Seed of the jitter.
    pub seed: u64,
}

/// A recorder with a recording.
#[derive(Debug)]
pub struct Recorder<'a> {
    port: SamplePort,
    converter: &'a Converter,
    samples: &'a [i16],
    channels: usize,
    pace: Pace,
    random: StdRng,
    /// The sample on the pins.
    at: usize,
    step: Step,
}

/// What comes next.
#[derive(Clone, Copy, Debug, PartialEq, Eq)]
enum Step {
    Begin,
    /// The clock or the strobe rises; for SPI with this bit.
    Rise(u32),
    Fall(u32),
    EndRound,
}

impl<'a> Recorder<'a> {
    /// A recorder before its first round.
    pub fn new(
        port: SamplePort,
        converter: &'a Converter,
        samples: &'a [i16],
        channels: usize,
        pace: Pace,
    ) -> Recorder<'a> {
        let random = generator(pace.seed);
        Recorder { port, converter, samples, channels, pace, random, at: 0, step: Step::Begin }
    }

    /// Whether the whole recording is out.
    pub fn is_done(&self) -> bool {
        self.at == self.samples.len() && self.step == Step::Begin
    }

    /// Does the next thing; gives back how long until the one after it.
    ///
    /// # Panics
    /// If a sample for a parallel port is not one of the converter's.
    pub fn act(&mut self, pins: &mut BoardInputs) -> u64 {
        match self.port {
            SamplePort::Parallel => self.act_parallel(pins),
            SamplePort::Serial => self.act_serial(pins),
        }
    }

    fn act_parallel(&mut self, pins: &mut BoardInputs) -> u64 {
        let Some(&sample) = self.samples.get(self.at) else {
            self.step = Step::Begin;
            pins.sample_strobe = false;
            return self.pace.half_period;
        };
        if self.step == Step::Begin {
            let code = self.converter.token(sample).expect("a sample of the converter");
            pins.sample_strobe = false;
            pins.sample_code = code.number();
            pins.round_end = (self.at + 1).is_multiple_of(self.channels);
            self.step = Step::Rise(0);
            self.pace.half_period + self.jitter()
        } else {
            pins.sample_strobe = true;
            self.at += 1;
            self.step = Step::Begin;
            self.pace.half_period
        }
    }

    fn act_serial(&mut self, pins: &mut BoardInputs) -> u64 {
        let half = self.pace.half_period;
        match self.step {
            Step::Begin => {
                pins.sample_cs_n = self.is_done();
                self.step = if self.is_done() { Step::Begin } else { Step::Fall(0) };
                half
            }
            Step::Fall(bit) => {
                pins.sample_sclk = false;
                pins.sample_mosi = self.samples[self.at] as u16 >> (15 - bit) & 1 == 1;
                self.step = Step::Rise(bit);
                if bit == 0 { half + self.jitter() } else { half }
            }
            Step::Rise(bit) => {
                pins.sample_sclk = true;
                self.step = Step::Fall(bit + 1);
                if bit == 15 {
                    self.at += 1;
                    let round_over = self.at.is_multiple_of(self.channels);
                    self.step = if round_over { Step::EndRound } else { Step::Fall(0) };
                }
                half
            }
            Step::EndRound if pins.sample_sclk => {
                pins.sample_sclk = false;
                half
            }
            Step::EndRound => {
                pins.sample_cs_n = true;
                self.step = Step::Begin;
                self.pace.between_rounds
            }
        }
    }

    fn jitter(&mut self) -> u64 {
        match self.pace.jitter {
            0 => 0,
            most => self.random.random_range(0..=most),
        }
    }
}
