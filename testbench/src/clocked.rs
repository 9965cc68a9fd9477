//! Runs that are scripted clock by clock: when the source offers, when the sink takes, when there
//! is a reset. The rust-hdl simulator and Verilator run the same script and must agree at every
//! clock. For pipelines with frames, which do not wait for their sink.

use std::fs;
use std::process::Command;

use hdl::{Inputs, Profile, Status};
use rand::RngExt as _;
use rand::rngs::StdRng;
use synth::{ModelSource, Verilator};

use crate::axi_stream::{Beat, Watch};
use crate::simulation::Fault;
use crate::verilator_engine::EngineError;

const HARNESS: &str = include_str!("clocked_harness.cpp");
/// Clocks of reset before the first one of a script.
const RESET_CLOCKS: usize = 2;
/// Clocks after the end of a script after which the hardware counts as stuck.
const PATIENCE: usize = 10_000_000;

/// What both ends of the pipeline do.
#[derive(Clone, Debug, Default)]
pub struct Script {
    /// Samples in order, each with its `s_axis_tlast`.
    pub samples: Vec<(i16, bool)>,
    /// What happens at each clock until all samples are taken. After the last entry the source
    /// always offers and the sink always takes.
    pub clocks: Vec<Clock>,
    /// Clocks after that, in which the sink takes the remaining words.
    pub drain: usize,
}

/// What both ends do at a clock.
#[derive(Clone, Copy, Debug, PartialEq, Eq)]
pub struct Clock {
    /// Reset is active. The offered sample, if any, is offered again after it.
    pub reset: bool,
    /// The source offers the next sample, if none is offered yet.
    pub offer: bool,
    /// The sink takes a word.
    pub take: bool,
}

/// How a sink behaves.
#[derive(Clone, Copy, Debug, PartialEq, Eq)]
pub enum Sink {
    /// It always takes the word.
    Ready,
    /// It takes nothing in this percentage of clocks, at random.
    Random(u32),
    /// It takes words for a number of clocks, then nothing for a number of clocks, and so on.
    Periodic(usize, usize),
    /// It alternates between taking words and taking nothing, each for a random number of clocks.
    Long(usize, usize),
    /// It takes nothing between two percentages of the shortest possible run.
    Dead(usize, usize),
}

/// What was seen.
#[derive(Clone, Debug, Default, PartialEq, Eq)]
pub struct Trace {
    /// The clock at which each sample was taken.
    pub taken: Vec<u32>,
    /// The words that were taken.
    pub words: Vec<TracedWord>,
    /// The counters after the last clock.
    pub status: Status,
}

/// A word that was taken.
#[derive(Clone, Copy, Debug, PartialEq, Eq)]
pub struct TracedWord {
    /// When.
    pub clock: u32,
    /// The word, the first bit sent at bit 31.
    pub word: u32,
    /// With `m_axis_tlast`.
    pub last: bool,
}

impl Script {
    /// Clocks for samples in these rounds, whatever their lengths: the source offers nothing at
    /// `idle` of 100 clocks, the sink behaves as it is said, and in the end takes all.
    pub fn new(
        profile: &Profile,
        rounds: &[Vec<i16>],
        idle: u32,
        sink: Sink,
        random: &mut StdRng,
    ) -> Script {
        let samples: Vec<(i16, bool)> = rounds
            .iter()
            .flat_map(|round| round.iter().enumerate().map(|(at, &s)| (s, at + 1 == round.len())))
            .collect();
        // The interlock accepts one sample of each channel per loop of at most six clocks; after a
        // frame the input waits for at most 11.
        let waits = 6_usize.div_ceil(profile.channels()) * 100 / (100 - idle as usize) + 1;
        let frames = rounds.len() / profile.layout().map_or(1, |layout| layout.frame_rounds());
        let count = samples.len() * waits + frames * 12;
        let clocks = sink
            .clocks(count, samples.len(), random)
            .into_iter()
            .map(|take| Clock { reset: false, offer: !random.random_ratio(idle, 100), take })
            .collect();
        Script { samples, clocks, drain: profile.burst() + 50 }
    }

    /// What happens at a clock, after this many samples were taken.
    fn at(&self, clock: usize, taken: usize) -> Clock {
        let on = self.clocks.get(clock).filter(|_| taken < self.samples.len());
        on.copied().unwrap_or(Clock { reset: false, offer: true, take: true })
    }

    /// Runs it in the rust-hdl simulator.
    ///
    /// # Errors
    /// A broken rule of the stream.
    pub fn in_rust_hdl(&self, profile: &Profile) -> Result<Trace, Fault> {
        let mut circuit = profile.circuit();
        for _ in 0..RESET_CLOCKS {
            circuit.settle(&Inputs::default());
            circuit.rise();
        }
        let mut trace = Trace::default();
        let mut watch = Watch::default();
        let mut offered = None;
        let mut left = self.drain;
        for number in 0_u32.. {
            let clock = self.at(number as usize, trace.taken.len());
            if trace.taken.len() == self.samples.len() {
                left -= 1;
            } else if number as usize > self.clocks.len() + PATIENCE {
                let (taken, packets) = (trace.taken.len() as u64, trace.frames().len());
                return Err(Fault::Stuck { cycle: number.into(), taken, packets });
            }
            if left == 0 {
                break;
            }
            if offered.is_none() && clock.offer {
                offered = self.samples.get(trace.taken.len());
            }
            let &(sample, last) = offered.unwrap_or(&(0, false));
            let inputs = Inputs {
                aresetn: !clock.reset,
                s_axis_tdata: sample,
                s_axis_tlast: last,
                s_axis_tvalid: offered.is_some(),
                m_axis_tready: clock.take,
            };
            let outputs = circuit.settle(&inputs);
            let beat = Beat {
                data: outputs.m_axis_tdata,
                keep: outputs.m_axis_tkeep,
                last: outputs.m_axis_tlast,
            };
            watch
                .clock(outputs.m_axis_tvalid.then_some(beat), clock.take, clock.reset)
                .map_err(|rule| Fault::Rule { cycle: number.into(), rule })?;
            if offered.is_some() && outputs.s_axis_tready {
                trace.taken.push(number);
                offered = None;
            }
            if outputs.m_axis_tvalid && clock.take {
                let word = beat.data.swap_bytes();
                trace.words.push(TracedWord { clock: number, word, last: beat.last });
            }
            circuit.rise();
        }
        trace.status = circuit.settle(&Inputs { aresetn: true, ..Inputs::default() }).status;
        Ok(trace)
    }

    /// The same in Verilator, on the exported Verilog.
    ///
    /// # Errors
    /// [`EngineError`].
    pub fn in_verilator(
        &self,
        verilator: &Verilator,
        profile: &Profile,
    ) -> Result<Trace, EngineError> {
        let program = verilator.build(&ModelSource {
            name: &format!("{}-clocked", profile.name()),
            verilog: &hdl::verilog::export::verilog(profile),
            top: &hdl::verilog::export::top_name(profile),
            harness: HARNESS,
            ..ModelSource::default()
        })?;
        let io = |source| EngineError::Io { profile: profile.name().into(), source };
        let folder = tempfile::tempdir().map_err(io)?;
        let [samples, clocks, trace] =
            ["samples", "clocks", "trace"].map(|n| folder.path().join(n));
        let word = |&(sample, last): &(i16, bool)| u32::from(sample as u16) | u32::from(last) << 16;
        let words = self.samples.iter().flat_map(|sample| word(sample).to_le_bytes());
        fs::write(&samples, words.collect::<Vec<u8>>()).map_err(io)?;
        let flags = |clock: &Clock| {
            u8::from(clock.offer) | u8::from(clock.take) << 1 | u8::from(clock.reset) << 2
        };
        fs::write(&clocks, self.clocks.iter().map(flags).collect::<Vec<u8>>()).map_err(io)?;
        let run = Command::new(program)
            .args([&samples, &clocks, &trace])
            .args([self.drain, PATIENCE].map(|clocks| clocks.to_string()))
            .output()
            .map_err(io)?;
        if !run.status.success() {
            let said = String::from_utf8_lossy(&run.stdout).trim().to_string();
            return Err(EngineError::Fault(format!("{said} ({})", run.status)));
        }
        Trace::read(&fs::read(&trace).map_err(io)?)
            .ok_or_else(|| EngineError::Fault("the trace is cut off".into()))
    }
}

impl Sink {
    /// Whether it takes a word, clock by clock.
    fn clocks(self, count: usize, samples: usize, random: &mut StdRng) -> Vec<bool> {
        match self {
            Sink::Ready => vec![true; count],
            Sink::Random(busy) => (0..count).map(|_| !random.random_ratio(busy, 100)).collect(),
            Sink::Periodic(ready, busy) => {
                (0..count).map(|at| at % (ready + busy) < ready).collect()
            }
            Sink::Long(ready, busy) => {
                let mut clocks = Vec::with_capacity(count + ready + busy);
                while clocks.len() < count {
                    let spell = |most: usize, random: &mut StdRng| random.random_range(1..=most);
                    clocks.resize(clocks.len() + spell(ready, random), true);
                    clocks.resize(clocks.len() + spell(busy, random), false);
                }
                clocks.truncate(count);
                clocks
            }
            Sink::Dead(from, to) => {
                (0..count).map(|at| !(from..to).contains(&(at * 100 / samples))).collect()
            }
        }
    }
}

impl Trace {
    /// The words, divided after each last one; the rest is a truncated frame.
    pub fn frames(&self) -> Vec<&[TracedWord]> {
        self.words.split_inclusive(|word| word.last).collect()
    }

    /// Reads what the program wrote.
    fn read(bytes: &[u8]) -> Option<Trace> {
        let (numbers, []) = bytes.as_chunks::<4>() else { return None };
        let mut numbers = numbers.iter().map(|n| u32::from_le_bytes(*n));
        let count = numbers.next()? as usize;
        let taken: Vec<u32> = numbers.by_ref().take(count).collect();
        let count = numbers.next()?;
        let mut words = Vec::new();
        for _ in 0..count {
            let [clock, word, last] = [numbers.next()?, numbers.next()?, numbers.next()?];
            words.push(TracedWord { clock, word: word.swap_bytes(), last: last == 1 });
        }
        let mut counter = || numbers.next().and_then(|n| u16::try_from(n).ok());
        let status = Status {
            frames: counter()?,
            broken_frames: counter()?,
            overruns: counter()?,
            misaligned: counter()?,
        };
        Some(Trace { taken, words, status })
    }
}
