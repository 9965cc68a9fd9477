//! Recordings through the hardware, in one simulator or another, held against the golden model.

use std::path::{Path, PathBuf};
use std::time::Instant;

use anyhow::{Context, bail};
use clap::builder::PossibleValuesParser;
use golden_model::wav::to_bytes;
use golden_model::{Decoder, TableSet};
use hdl::Profile;
use indicatif::{ProgressBar, ProgressStyle};
use synth::{Family, Tools};
use testbench::verilator_engine::VerilatorEngine;
use testbench::{PacketWords, Simulation, Stalls, expected, rust_hdl_engine};

use crate::sources::{RawFormat, Whole};

/// A simulator of the hardware.
#[derive(Clone, Copy, Debug, PartialEq, Eq, clap::ValueEnum)]
pub enum Engine {
    /// The rust-hdl simulator, on the design as it is written.
    RustHdl,
    /// Verilator, on the exported Verilog.
    Verilog,
    /// Verilator, on the netlist of iCE40 cells that yosys makes of it.
    #[value(name = "netlist-ice40", alias = "netlist")]
    NetlistIce40,
    /// Verilator, on the netlist of ECP5 cells.
    NetlistEcp5,
}

impl Engine {
    /// As the command line calls it.
    pub fn name(self) -> &'static str {
        match self {
            Engine::RustHdl => "rust-hdl",
            Engine::Verilog => "verilog",
            Engine::NetlistIce40 => "netlist-ice40",
            Engine::NetlistEcp5 => "netlist-ecp5",
        }
    }
}

/// Names of the profiles, as clap lists them.
pub fn profile_names() -> PossibleValuesParser {
    PossibleValuesParser::new(hdl::profile::PROFILES.map(|profile| profile.name))
}

/// The profile of this name, in packets: each recording is one.
pub fn profile(name: &str) -> anyhow::Result<Profile> {
    Profile::named(name).map(Profile::in_packets).with_context(|| format!("no profile {name:?}"))
}

/// A recording, with the file that it came from.
pub struct Source {
    /// As messages call it.
    pub name: String,
    /// Its samples, a packet for the hardware: rounds of one of every channel.
    pub samples: Vec<i16>,
    /// How many channels it has.
    pub channels: usize,
    /// All bytes of it, to be compared with.
    pub file: Vec<u8>,
    /// Of these, the ones before the samples.
    head: usize,
}

impl Source {
    /// Reads a recording that has the channels of a profile.
    pub fn read(path: &Path, raw: RawFormat, profile: &Profile) -> anyhow::Result<Source> {
        Source::of(Whole::read(path, raw)?, profile)
    }

    /// Takes a WAV file in memory.
    pub fn new(name: String, file: Vec<u8>, profile: &Profile) -> anyhow::Result<Source> {
        Source::of(Whole::of_wav(name, file)?, profile)
    }

    fn of(whole: Whole, profile: &Profile) -> anyhow::Result<Source> {
        let Whole { name, bytes, head, recording } = whole;
        let channels = profile.channels();
        if usize::from(recording.channels) != channels {
            let found = recording.channels;
            bail!("{name}: channels: {found}; profile {} takes {channels}", profile.name());
        }
        if recording.samples.is_empty() {
            bail!("{name}: no samples to send");
        }
        Ok(Source { name, samples: recording.samples, channels, file: bytes, head })
    }

    /// Whether the words of the hardware give the recording back, byte for byte.
    pub fn comes_back(&self, set: &TableSet, sent: &PacketWords) -> bool {
        let mut samples = vec![0; self.samples.len()];
        if Decoder::new(set, self.channels).fill(&sent.words, &mut samples).is_err() {
            return false;
        }
        let mut back = self.file[..self.head].to_vec();
        to_bytes(&samples, &mut back);
        back.extend_from_slice(self.file.get(back.len()..).unwrap_or_default());
        back == self.file
    }
}

/// What a run showed.
pub struct Checked {
    /// What came out of the hardware.
    pub simulation: Simulation,
    /// Samples that went in.
    pub samples: u64,
    /// Words that came out.
    pub words: u64,
    /// Recordings whose words are not the golden model's.
    pub wrong_words: u64,
    /// Recordings that the host decoder did not give back byte for byte.
    pub not_back: u64,
    /// How long the simulation took, without building the simulator.
    pub seconds: f64,
}

/// Sends each recording as a packet through a profile's hardware and checks what comes out.
pub fn run(
    engine: Engine,
    profile: &Profile,
    sources: &[Source],
    stalls: Stalls,
) -> anyhow::Result<Checked> {
    let packets: Vec<Vec<i16>> = sources.iter().map(|source| source.samples.clone()).collect();
    let samples = packets.iter().map(|packet| packet.len() as u64).sum();
    let tools = Tools::locate();
    let netlist = |family| VerilatorEngine::of_netlist(&tools, profile, family);
    let simulator = match engine {
        Engine::RustHdl => None,
        Engine::Verilog => Some(VerilatorEngine::new(&tools.verilator()?, profile)?),
        Engine::NetlistIce40 => Some(netlist(Family::Ice40)?),
        Engine::NetlistEcp5 => Some(netlist(Family::Ecp5)?),
    };
    let bar = progress(samples);
    let start = Instant::now();
    let simulation = match simulator {
        None => {
            rust_hdl_engine::simulate(profile, &packets, stalls, |taken| bar.set_position(taken))?
        }
        Some(engine) => engine.simulate(&packets, stalls, |taken| bar.set_position(taken))?,
    };
    let seconds = start.elapsed().as_secs_f64();
    bar.finish_and_clear();

    let set = profile.table_set();
    let (mut words, mut wrong_words, mut not_back) = (0, 0, 0);
    let expected = expected(profile, &packets);
    for ((source, sent), expected) in sources.iter().zip(&simulation.packets).zip(&expected) {
        words += sent.words.len() as u64;
        wrong_words += u64::from(sent != expected);
        not_back += u64::from(!source.comes_back(set, sent));
    }
    Ok(Checked { simulation, samples, words, wrong_words, not_back, seconds })
}

/// A bar over samples on stderr; none when that is not a terminal.
fn progress(samples: u64) -> ProgressBar {
    let style =
        ProgressStyle::with_template("{wide_bar} {human_pos}/{human_len} samples, {eta} left");
    ProgressBar::new(samples).with_style(style.unwrap_or(ProgressStyle::default_bar()))
}

/// Where a profile's Verilog goes: `FOLDER/tierwire_bigram_32.v`.
pub fn verilog_path(folder: &Path, profile: &Profile) -> PathBuf {
    folder.join(hdl::export::top_name(profile)).with_extension("v")
}
