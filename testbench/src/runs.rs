//! Sends recordings through the hardware in a simulator and compares with the golden model.

use std::path::PathBuf;
use std::time::Instant;

use golden_model::recordings::RecordingFile;
use golden_model::{Decoder, TableSet};
use hdl::Profile;
use rand::RngExt as _;
use rayon::prelude::*;
use serde::Serialize;

use crate::codes::Reading;
use crate::dealing::Deal;
use crate::engine::Engine;
use crate::error::Error;
use crate::judge::{Given as _, judge};
use crate::packets::{anything, expected};
use crate::seed::generator;
use crate::simulator::{PacketWords, Simulator};
use crate::stimulus::{Stalls, Stimulus};

/// Hears how far runs are, from all of their simulators.
pub trait Progress: Sync {
    /// So many samples will be sent.
    fn begin(&self, samples: u64);

    /// So many more samples were sent.
    fn advance(&self, samples: u64);

    /// All is done, or something went wrong.
    fn end(&self);
}

/// Nobody hears of it.
impl Progress for () {
    fn begin(&self, _: u64) {}

    fn advance(&self, _: u64) {}

    fn end(&self) {}
}

/// A recording that has the channels of a profile, to be sent as one packet.
///
/// # Errors
/// When it has others, or no samples.
pub fn packet_for(profile: &Profile, whole: RecordingFile) -> Result<RecordingFile, Error> {
    let (name, found) = (whole.name.clone(), whole.recording.channels);
    if usize::from(found) != profile.channels() {
        let (takes, profile) = (profile.channels().to_string(), profile.name().into());
        return Err(Error::Channels { name, found, profile, takes });
    }
    if whole.recording.samples.is_empty() {
        return Err(Error::Empty { name });
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
    /// Packets that differ from the golden model's, and findings in frames.
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
///
/// # Errors
/// When one cannot be read or does not fit the profile, or the simulation fails.
pub fn run_files(
    engine: Engine,
    profile: &Profile,
    files: &[PathBuf],
    reading: &Reading,
    stalls: Stalls,
    progress: &dyn Progress,
) -> Result<Checked, Error> {
    if profile.frames().is_some() {
        let deals = Deal::read(files, reading, profile, rayon::current_num_threads())?;
        return run_deals(engine, profile, &deals, stalls, progress);
    }
    let recordings = files.iter().map(|file| packet_for(profile, reading.read(file)?));
    run(engine, profile, &recordings.collect::<Result<Vec<_>, Error>>()?, stalls, progress)
}

/// Sends each recording as a packet through a profile's hardware and checks what comes out. There
/// are as many simulators as processors, each with a part of the packets.
///
/// # Errors
/// When the simulation fails.
pub fn run(
    engine: Engine,
    profile: &Profile,
    recordings: &[RecordingFile],
    stalls: Stalls,
    progress: &dyn Progress,
) -> Result<Checked, Error> {
    let simulator = engine.simulator(profile)?;
    let samples = |whole: &RecordingFile| whole.recording.samples.len() as u64;
    progress.begin(recordings.iter().map(samples).sum());
    let part = recordings.len().div_ceil(rayon::current_num_threads()).max(1);
    let parts: Vec<&[RecordingFile]> = recordings.chunks(part).collect();
    all_at_once(&parts, stalls, progress, |part, stalls, progress| {
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
) -> Result<Checked, Error> {
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
    progress: &dyn Progress,
) -> Result<Checked, Error> {
    let simulator = engine.simulator(profile)?;
    progress.begin(deals.iter().map(|deal| deal.samples() as u64).sum());
    all_at_once(deals, stalls, progress, |deal, stalls, progress| {
        check_deal(&*simulator, profile, deal, stalls, progress)
    })
}

fn check_deal(
    simulator: &dyn Simulator,
    profile: &Profile,
    deal: &Deal,
    stalls: Stalls,
    progress: &mut (dyn FnMut(u64) + Send),
) -> Result<Checked, Error> {
    let simulation =
        simulator.stream(Stimulus::samples(deal.stream()).stalled(stalls).watched(progress))?;
    let mut received = vec![0; deal.samples()];
    let judgement = judge(profile, deal, &simulation.packets, |frame, samples| {
        if frame < deal.frames() {
            deal.put(frame, samples, &mut received);
        }
    });
    Ok(Checked {
        samples: deal.samples() as u64,
        cycles: simulation.cycles,
        words: judgement.words,
        wrong_words: judgement.findings.len() as u64,
        not_back: deal.not_restored(&received)?,
        lost_frames: judgement.lost() as u64,
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
///
/// # Errors
/// When the simulation fails.
pub fn run_random(
    simulator: &dyn Simulator,
    profile: &Profile,
    samples: u64,
    seed: u64,
    progress: &dyn Progress,
) -> Result<Checked, Error> {
    progress.begin(samples);
    let runs: Vec<u64> = (0..samples.div_ceil(RANDOM_AT_ONCE)).collect();
    let stalls = Stalls { seed, ..Stalls::NONE };
    all_at_once(&runs, stalls, progress, |&number, stalls, progress| {
        let mut random = generator(stalls.seed);
        let (source_idle, sink_busy) = RANDOM_STALLS[number as usize % RANDOM_STALLS.len()];
        let stalls = Stalls { source_idle, sink_busy, ..stalls };
        let left = (samples - number * RANDOM_AT_ONCE).min(RANDOM_AT_ONCE) as usize;
        match profile.layout() {
            Some(layout) => {
                let frames = left.div_ceil(layout.frame_samples());
                let samples = anything(profile, frames * layout.frame_samples(), &mut random);
                let deal = Deal::of_rounds(layout, samples);
                check_deal(simulator, profile, &deal, stalls, progress)
            }
            None => {
                let mut packets = Vec::new();
                let mut sent = 0;
                while sent < left {
                    packets.push(anything(
                        profile,
                        random.random_range(1..=left - sent),
                        &mut random,
                    ));
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
    progress: &dyn Progress,
    run: impl Fn(&T, Stalls, &mut (dyn FnMut(u64) + Send)) -> Result<Checked, Error> + Sync,
) -> Result<Checked, Error> {
    let start = Instant::now();
    let parts = parts.par_iter().enumerate().map(|(number, part)| {
        let mut before = 0;
        let mut sent = |samples| {
            progress.advance(samples - before);
            before = samples;
        };
        let seed = stalls.seed.wrapping_add(number as u64);
        run(part, Stalls { seed, ..stalls }, &mut sent)
    });
    let parts: Result<Vec<Checked>, Error> = parts.collect();
    progress.end();
    let parts = parts?;
    let mut checked = Checked::default();
    parts.into_iter().for_each(|part| checked.add(part));
    checked.seconds = start.elapsed().as_secs_f64();
    Ok(checked)
}

/// The figures of a run.
#[derive(Clone, Debug, Serialize)]
pub struct Figures {
    /// The profile.
    pub profile: String,
    /// Its table set.
    pub table_set: String,
    /// The engine.
    pub engine: &'static str,
    /// Recordings that were sent.
    pub recordings: usize,
    /// Their samples.
    pub samples: u64,
    /// Clocks from reset to the last word.
    pub cycles: u64,
    /// Words that came.
    pub words: u64,
    /// Packets or frames that differ from the golden model's.
    pub mismatches: u64,
    /// Recordings that the host decoder did not restore byte for byte.
    pub not_given_back: u64,
    /// Frames that the hardware dropped and marked because the sink was busy.
    pub lost_frames: u64,
    /// Elapsed time, without building the simulator.
    pub seconds: f64,
    /// Samples in a second of it.
    pub samples_per_s: f64,
    /// All simulators' time on their processors; not known of rust-hdl, which shares this program's.
    pub cpu_seconds: Option<f64>,
    /// Samples in a second of a processor.
    pub samples_per_cpu_s: Option<f64>,
}

impl Figures {
    /// Of what was checked.
    pub fn new(profile: &Profile, engine: Engine, recordings: usize, checked: &Checked) -> Figures {
        let samples = checked.samples as f64;
        let cpu_seconds = Some(checked.cpu_seconds).filter(|&seconds| seconds > 0.0);
        Figures {
            profile: profile.name().into(),
            table_set: profile.table_set().name().into(),
            engine: engine.name(),
            recordings,
            samples: checked.samples,
            cycles: checked.cycles,
            words: checked.words,
            mismatches: checked.wrong_words,
            not_given_back: checked.not_back,
            lost_frames: checked.lost_frames,
            seconds: checked.seconds,
            samples_per_s: samples / checked.seconds,
            cpu_seconds,
            samples_per_cpu_s: cpu_seconds.map(|seconds| samples / seconds),
        }
    }

    /// For a person to read.
    pub fn text(&self) -> String {
        let on_a_processor =
            self.samples_per_cpu_s.map(|speed| format!("; {speed:.3e} each second on a processor"));
        format!(
            "profile        {} (table set {})\nengine         {}\nrecordings     {}\n\
             samples        {}\ncycles         {} ({:.4} per sample)\nwords          {}\n\
             mismatches     {} against the golden model\n\
             not_given_back {} by the host decoder\n\
             lost_frames    {} dropped for a busy sink\n\
             speed          {:.3e} samples/s{}\n",
            self.profile,
            self.table_set,
            self.engine,
            self.recordings,
            self.samples,
            self.cycles,
            self.cycles as f64 / self.samples as f64,
            self.words,
            self.mismatches,
            self.not_given_back,
            self.lost_frames,
            self.samples_per_s,
            on_a_processor.unwrap_or_default(),
        )
    }
}
