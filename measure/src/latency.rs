//! Latency: from a sample's arrival at the input until the word with the last bit of its code
//! leaves.

use hdl::{Bounds, Frames, Profile};
use serde::Serialize;
use synth::Tools;
use testbench::probe::{Probe, Run};
use testbench::waits::word_of_each;

use crate::Error;
use crate::consumption::needed_mhz;
use crate::loads::{Load, frames_of};

/// Bits of a word.
const WORD: u64 = 32;

/// Of all samples, in clocks.
#[derive(Clone, Debug, Serialize)]
pub struct OfLoad {
    /// `quiet`, `typical` or `busy`.
    pub load: &'static str,
    /// The shortest.
    pub min: u32,
    /// The one in the middle.
    pub median: u32,
    /// The 99th percentile.
    pub p99: u32,
    /// The longest.
    pub max: u32,
    /// The longest time from a frame's first sample until its checksum leaves.
    pub frame: u32,
    /// How many samples took 0, 1, 2, ... clocks.
    pub histogram: Vec<u64>,
    /// Bits sent for each frame, including header, padding and checksum.
    pub bits_per_frame: Vec<u64>,
}

/// The latency of a profile.
#[derive(Clone, Debug, Serialize)]
pub struct Latency {
    /// The profile.
    pub profile: String,
    /// Frames of each load.
    pub frames: usize,
    /// Megahertz: as slow as the channels allow.
    pub mhz: f64,
    /// The duration of a frame, in microseconds.
    pub frame_us: f64,
    /// The bound in clocks, if the sink takes every word at once.
    pub bound: u64,
    /// The parts of the bound.
    pub derivation: String,
    /// Quiet, typical, busy.
    pub loads: Vec<OfLoad>,
}

impl Latency {
    /// Measures in Verilator, on the exported Verilog.
    ///
    /// # Errors
    /// When a tool fails, when a sample takes longer than the bound, or if a frame's time and the
    /// pipeline's latency together exceed 1 ms from the arrival of a sample until its code has
    /// left.
    pub fn measure(profile: &Profile, loads: &[Load], frames: usize) -> Result<Latency, Error> {
        let kind = frames_of(profile)?;
        let verilog = hdl::verilog::export::verilog(profile);
        let probe = Probe::new(&Tools::locate().verilator()?, profile, &verilog, false)?;
        let clocks_per_frame = probe.clocks_per_frame(&loads[0].samples)?;
        let (bound, derivation) = bound(profile, kind, clocks_per_frame);
        let mut measured = Vec::new();
        for load in loads {
            let run = probe.run(&load.samples, clocks_per_frame)?;
            measured.push(of_load(load.name, profile, kind, &load.samples, &run)?);
        }
        let latency = Latency {
            profile: profile.name().into(),
            frames,
            mhz: needed_mhz(profile, clocks_per_frame, kind),
            frame_us: kind.rounds as f64 / profile.samples_per_s() * 1e6,
            bound,
            derivation,
            loads: measured,
        };
        let longest = latency.loads.iter().map(|load| u64::from(load.max)).max().unwrap_or(0);
        if longest > bound {
            return Err(Error::Late(longest, bound));
        }
        if latency.us(bound as f64) >= 1000.0 {
            return Err(Error::TooLong(bound));
        }
        Ok(latency)
    }

    /// Clocks as microseconds.
    pub fn us(&self, clocks: f64) -> f64 {
        clocks / self.mhz
    }
}

fn of_load(
    load: &'static str,
    profile: &Profile,
    kind: Frames,
    samples: &[i16],
    run: &Run,
) -> Result<OfLoad, Error> {
    let frame_samples = kind.rounds * profile.channels();
    let ends = word_of_each(profile, samples);
    let mut bits_per_frame = Vec::new();
    let (mut latencies, mut longest_frame) = (Vec::with_capacity(samples.len()), 0);
    let mut words = run.words.split_inclusive(|word| word.last);
    for (seen, ends) in run.samples.chunks(frame_samples).zip(ends.chunks(frame_samples)) {
        let words = words.next().ok_or(Error::Frames("a frame is missing"))?;
        for (sample, &end) in seen.iter().zip(ends) {
            let word = words.get(end).ok_or(Error::Frames("a frame is too short"))?;
            latencies.push(word.clock - sample.arrived);
        }
        bits_per_frame.push(WORD * words.len() as u64);
        let end = words.last().ok_or(Error::Frames("a frame has no words"))?;
        longest_frame = longest_frame.max(end.clock - seen[0].arrived);
    }
    let mut histogram = vec![0; latencies.iter().max().map_or(0, |&max| max as usize + 1)];
    latencies.iter().for_each(|&clocks| histogram[clocks as usize] += 1);
    latencies.sort_unstable();
    let at = |share: f64| latencies[((latencies.len() - 1) as f64 * share).round() as usize];
    Ok(OfLoad {
        load,
        min: at(0.0),
        median: at(0.5),
        p99: at(0.99),
        max: at(1.0),
        frame: longest_frame,
        histogram,
        bits_per_frame,
    })
}

/// The bound and its parts.
fn bound(profile: &Profile, kind: Frames, clocks_per_frame: u64) -> (u64, String) {
    let bounds = Bounds::of(profile);
    let wait = bounds.gap_clocks as u64 - 1;
    let through = bounds.sample_clocks as u64;
    // `Bounds` has a sample at every clock; these arrive a little more slowly, and a word may have
    // to wait for as many more as it has bits but one.
    let samples = (kind.rounds * profile.channels()) as u64;
    let spread = ((WORD - 1) * clocks_per_frame).div_ceil(samples) - (WORD - 1);
    let text = format!(
        "{wait} at the input while the last frame is closed, {through} through the pipeline and until \
         the shortest codes behind it have filled the word (tierwire bounds), {spread} since samples \
         arrive a little more slowly than one a clock"
    );
    (wait + through + spread, text)
}
