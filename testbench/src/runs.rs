//! Sends recordings through the hardware in a simulator and compares with the golden model.

use std::path::PathBuf;
use std::time::Instant;

use anyhow::bail;
use golden_model::recordings::{RawFormat, RecordingFile};
use golden_model::{Decoder, TableSet};
use hdl::Profile;
use indicatif::{ProgressBar, ProgressStyle};
use rand::RngExt as _;
use rayon::prelude::*;
use synth::{Family, Tools};

use crate::dealing::Deal;
use crate::packets::anything;
use crate::rust_hdl_engine::RustHdl;
use crate::seed::generator;
use crate::simulator::{EngineError, PacketWords, Simulator};
use crate::stimulus::{Stalls, Stimulus};
use crate::verilator_engine::VerilatorEngine;
use crate::{expected, frame_stream};

/// A simulator of the hardware.
#[derive(Clone, Copy, Debug, PartialEq, Eq)]
pub enum Engine {
    /// The rust-hdl simulator, on the design as it is written.
    RustHdl,
    /// Verilator, on the exported Verilog.
    Verilog,
    /// Verilator, on the netlist of iCE40 cells that yosys makes of it.
    NetlistIce40,
    /// Verilator, on the netlist of ECP5 cells.
    NetlistEcp5,
}

impl Engine {
    /// All of them.
    pub const ALL: [Engine; 4] =
        [Engine::RustHdl, Engine::Verilog, Engine::NetlistIce40, Engine::NetlistEcp5];

    /// What it is, in a line.
    pub fn summary(self) -> &'static str {
        match self {
            Engine::RustHdl => "the rust-hdl simulator, on the design as it is written",
            Engine::Verilog => "Verilator, on the exported Verilog",
            Engine::NetlistIce40 => "Verilator, on the netlist of iCE40 cells that yosys makes",
            Engine::NetlistEcp5 => "Verilator, on the netlist of ECP5 cells",
        }
    }

    /// Of a profile, built or taken from the tools' cache.
    ///
    /// # Errors
    /// [`EngineError`].
    pub fn simulator(self, profile: &Profile) -> Result<Box<dyn Simulator>, EngineError> {
        let tools = Tools::locate();
        Ok(match self {
            Engine::RustHdl => Box::new(RustHdl::new(profile)),
            Engine::Verilog => Box::new(VerilatorEngine::new(&tools.verilator()?, profile)?),
            Engine::NetlistIce40 => {
                Box::new(VerilatorEngine::of_netlist(&tools, profile, Family::Ice40)?)
            }
            Engine::NetlistEcp5 => {
                Box::new(VerilatorEngine::of_netlist(&tools, profile, Family::Ecp5)?)
            }
        })
    }

    /// Its name on the command line.
    pub fn name(self) -> &'static str {
        match self {
            Engine::RustHdl => "rust-hdl",
            Engine::Verilog => "verilog",
            Engine::NetlistIce40 => "netlist-ice40",
            Engine::NetlistEcp5 => "netlist-ecp5",
        }
    }
}

/// A recording that has the channels of a profile, to be sent as one packet.
pub fn packet_for(profile: &Profile, whole: RecordingFile) -> anyhow::Result<RecordingFile> {
    let (name, found) = (&whole.name, whole.recording.channels);
    let channels = profile.channels();
    if usize::from(found) != channels {
        bail!("{name}: channels: {found}; profile {} takes {channels}", profile.name());
    }
    if whole.recording.samples.is_empty() {
        bail!("{name}: no samples to send");
    }
    Ok(whole)
}

/// Whether the hardware's words restore a recording byte for byte.
fn comes_back(set: &TableSet, sent: &PacketWords, whole: &RecordingFile) -> bool {
    let mut samples = vec![0; whole.recording.samples.len()];
    let mut decoder = Decoder::new(set, whole.recording.channels.into());
    decoder.fill(&sent.words, &mut samples).is_ok() && whole.is_restored_by(&samples)
}

/// The results of all runs.
#[derive(Default)]
pub struct Checked {
    /// Packets or frames from the hardware.
    pub packets: Vec<PacketWords>,
    /// Samples of the recordings.
    pub samples: u64,
    /// Clocks.
    pub cycles: u64,
    /// Words from the hardware.
    pub words: u64,
    /// Packets or frames that decode wrongly or are missing.
    pub wrong_words: u64,
    /// Recordings that the host decoder did not restore byte for byte.
    pub not_back: u64,
    /// Frames that the hardware dropped and reported.
    pub lost_frames: u64,
    /// CPU time of all simulators together, where it is known.
    pub cpu_seconds: f64,
    /// Elapsed time, without building the simulator.
    pub seconds: f64,
}

impl Checked {
    /// Whether every bit was right.
    pub fn right(&self) -> bool {
        self.wrong_words + self.not_back == 0
    }

    fn add(&mut self, other: Checked) {
        self.packets.extend(other.packets);
        self.samples += other.samples;
        self.cycles += other.cycles;
        self.words += other.words;
        self.wrong_words += other.wrong_words;
        self.not_back += other.not_back;
        self.lost_frames += other.lost_frames;
        self.cpu_seconds += other.cpu_seconds;
    }
}

/// Reads recordings and sends them: to a profile with frames as its channels, to others as packets.
pub fn run_files(
    engine: Engine,
    profile: &Profile,
    files: &[PathBuf],
    raw: Option<RawFormat>,
    stalls: Stalls,
) -> anyhow::Result<Checked> {
    if profile.frames().is_some() {
        let deals = Deal::read(files, raw, profile, rayon::current_num_threads())?;
        return run_deals(engine, profile, &deals, stalls);
    }
    let recordings = files.iter().map(|file| packet_for(profile, RecordingFile::read(file, raw)?));
    run(engine, profile, &recordings.collect::<anyhow::Result<Vec<_>>>()?, stalls)
}

/// Sends each recording as a packet through a profile's hardware and checks what comes out. There
/// are as many simulators as processors, each with a part of the packets.
pub fn run(
    engine: Engine,
    profile: &Profile,
    recordings: &[RecordingFile],
    stalls: Stalls,
) -> anyhow::Result<Checked> {
    let simulator = engine.simulator(profile)?;
    let samples = |whole: &RecordingFile| whole.recording.samples.len() as u64;
    let bar = progress(recordings.iter().map(samples).sum());
    let part = recordings.len().div_ceil(rayon::current_num_threads()).max(1);
    let parts: Vec<&[RecordingFile]> = recordings.chunks(part).collect();
    all_at_once(&parts, stalls, &bar, |part, stalls, progress| {
        let packets = part.iter().map(|whole| whole.recording.samples.clone()).collect();
        let mut checked = check_packets(&*simulator, profile, packets, stalls, progress)?;
        for (whole, sent) in part.iter().zip(&checked.packets) {
            checked.not_back += u64::from(!comes_back(profile.table_set(), sent, whole));
        }
        Ok(checked)
    })
}

fn check_packets(
    simulator: &dyn Simulator,
    profile: &Profile,
    packets: Vec<Vec<i16>>,
    stalls: Stalls,
    progress: &mut (dyn FnMut(u64) + Send),
) -> anyhow::Result<Checked> {
    let stimulus = Stimulus::packets(&packets, stalls).watched(progress);
    let simulation = simulator.stream(stimulus)?;
    let expected = expected(profile, &packets);
    let right = simulation.packets.iter().zip(&expected).filter(|(sent, right)| sent == right);
    let wrong = expected.len().max(simulation.packets.len()) - right.count();
    Ok(Checked {
        samples: packets.iter().map(|packet| packet.len() as u64).sum(),
        cycles: simulation.cycles,
        words: simulation.packets.iter().map(|packet| packet.words.len() as u64).sum(),
        wrong_words: wrong as u64,
        cpu_seconds: simulation.cpu_seconds,
        packets: simulation.packets,
        ..Checked::default()
    })
}

/// Sends recordings, dealt out as channels, through a profile's hardware and checks every frame
/// that comes out. Each stream has its own simulator.
fn run_deals(
    engine: Engine,
    profile: &Profile,
    deals: &[Deal],
    stalls: Stalls,
) -> anyhow::Result<Checked> {
    let simulator = engine.simulator(profile)?;
    let bar = progress(deals.iter().map(|deal| deal.samples() as u64).sum());
    all_at_once(deals, stalls, &bar, |deal, stalls, progress| {
        check_deal(&*simulator, profile, deal, stalls, progress)
    })
}

fn check_deal(
    simulator: &dyn Simulator,
    profile: &Profile,
    deal: &Deal,
    stalls: Stalls,
    progress: &mut (dyn FnMut(u64) + Send),
) -> anyhow::Result<Checked> {
    let simulation =
        simulator.stream(Stimulus::samples(deal.stream()).stalled(stalls).watched(progress))?;
    let mut received = vec![0; deal.samples()];
    let findings = frame_stream::check(profile, deal, &simulation.packets, |frame, samples| {
        deal.put(frame, samples, &mut received);
    });
    Ok(Checked {
        samples: deal.samples() as u64,
        cycles: simulation.cycles,
        words: findings.words,
        wrong_words: findings.mismatches + findings.wrong + findings.withheld,
        not_back: deal.not_restored(&received)?,
        lost_frames: findings.broken + findings.unsent,
        cpu_seconds: simulation.cpu_seconds,
        packets: simulation.packets,
        ..Checked::default()
    })
}

/// Samples of a random run: so that memory stays small however many runs there are.
const RANDOM_AT_ONCE: u64 = 2_000_000;
/// Stalls of random runs, in percent: the source's and the sink's. With the last one, an array in
/// frames must lose some.
const RANDOM_STALLS: [(u8, u8); 6] = [(0, 0), (30, 10), (10, 30), (70, 0), (50, 40), (0, 75)];

/// Sends random samples through a profile's hardware, with random stalls on both sides, in as many
/// runs as needed, each from reset.
pub fn run_random(
    simulator: &dyn Simulator,
    profile: &Profile,
    samples: u64,
    seed: u64,
) -> anyhow::Result<Checked> {
    let bar = progress(samples);
    let runs: Vec<u64> = (0..samples.div_ceil(RANDOM_AT_ONCE)).collect();
    let stalls = Stalls { seed, ..Stalls::NONE };
    all_at_once(&runs, stalls, &bar, |&number, stalls, progress| {
        let mut random = generator(stalls.seed);
        let (source_idle, sink_busy) = RANDOM_STALLS[number as usize % RANDOM_STALLS.len()];
        let stalls = Stalls { source_idle, sink_busy, ..stalls };
        let left = (samples - number * RANDOM_AT_ONCE).min(RANDOM_AT_ONCE) as usize;
        match profile.layout() {
            Some(layout) => {
                let frames = left.div_ceil(layout.frame_samples());
                let samples = anything(frames * layout.frame_samples(), &mut random);
                let deal = Deal::of_rounds(layout, samples);
                check_deal(simulator, profile, &deal, stalls, progress)
            }
            None => {
                let mut packets = Vec::new();
                let mut sent = 0;
                while sent < left {
                    packets.push(anything(random.random_range(1..=left - sent), &mut random));
                    sent += packets[packets.len() - 1].len();
                }
                check_packets(simulator, profile, packets, stalls, progress)
            }
        }
        // The words of all runs would fill the memory.
        .map(|checked| Checked { packets: Vec::new(), ..checked })
    })
}

/// Runs every part, as many at a time as there are processors, each with stalls of its own.
fn all_at_once<T: Sync>(
    parts: &[T],
    stalls: Stalls,
    bar: &ProgressBar,
    run: impl Fn(&T, Stalls, &mut (dyn FnMut(u64) + Send)) -> anyhow::Result<Checked> + Sync,
) -> anyhow::Result<Checked> {
    let start = Instant::now();
    let parts = parts.par_iter().enumerate().map(|(number, part)| {
        let mut before = 0;
        let mut progress = |taken| {
            bar.inc(taken - before);
            before = taken;
        };
        let seed = stalls.seed.wrapping_add(number as u64);
        run(part, Stalls { seed, ..stalls }, &mut progress)
    });
    let parts: Vec<Checked> = parts.collect::<anyhow::Result<_>>()?;
    let mut checked = Checked::default();
    parts.into_iter().for_each(|part| checked.add(part));
    checked.seconds = start.elapsed().as_secs_f64();
    bar.finish_and_clear();
    Ok(checked)
}

/// A bar over samples on stderr; none when that is not a terminal.
fn progress(samples: u64) -> ProgressBar {
    let style =
        ProgressStyle::with_template("{wide_bar} {human_pos}/{human_len} samples, {eta} left");
    ProgressBar::new(samples).with_style(style.unwrap_or(ProgressStyle::default_bar()))
}
