//! `tierwire simulate`

use std::io::Write;
use std::path::{Path, PathBuf};

use anyhow::{Context, bail};
use golden_model::recordings::{find, is_folder_of};
use hdl::Profile;
use serde::Serialize;
use testbench::Stalls;
use testbench::runs::{Checked, Engine, run_files};

use crate::output::{Output, print, write_text};
use crate::profiles::{Choice, ProfileParser, engine_parser};
use crate::recordings::RawArguments;

/// What to simulate.
#[derive(clap::Args)]
#[command(
    before_help = "Example: tierwire simulate recording.wav --profile bigram-128 --engine verilog"
)]
pub struct Arguments {
    /// WAV files with the profile's channels, and folders of them; folders of as many mono WAV files
    /// as the profile has channels; with --channels, raw files. Each is a packet of its own, or a
    /// stream of frames. To a profile with frames mono recordings are dealt out as its channels.
    #[arg(required = true, value_name = "RECORDING")]
    inputs: Vec<PathBuf>,
    #[command(flatten)]
    raw: RawArguments,
    /// Profile whose hardware is simulated.
    #[arg(long, value_name = "NAME|FILE", value_parser = ProfileParser)]
    profile: Choice,
    /// Simulator.
    #[arg(long, value_name = "ENGINE", value_parser = engine_parser())]
    engine: Engine,
    /// Of 100 clocks, those at which the source offers no new sample.
    #[arg(long, value_name = "PERCENT", default_value_t = 0, value_parser = clap::value_parser!(u8).range(0..100))]
    source_idle: u8,
    /// Of 100 clocks, those at which the sink takes no word.
    #[arg(long, value_name = "PERCENT", default_value_t = 0, value_parser = clap::value_parser!(u8).range(0..100))]
    sink_busy: u8,
    /// Seed of those stalls.
    #[arg(long, default_value_t = 1)]
    seed: u64,
    /// File for the words as the hardware sent them, most significant byte first, one recording
    /// after the other; - for standard output.
    #[arg(short, long, value_name = "WORDS")]
    output: Option<PathBuf>,
    /// File for the figures; - for standard output.
    #[arg(long, value_name = "FILE")]
    json: Option<PathBuf>,
}

/// The figures of a run.
#[derive(Serialize)]
struct Figures {
    profile: String,
    table_set: String,
    engine: &'static str,
    recordings: usize,
    samples: u64,
    /// Clocks from reset to the last word.
    cycles: u64,
    words: u64,
    /// Packets or frames that differ from the golden model's.
    mismatches: u64,
    /// Recordings that the host decoder did not restore byte for byte.
    not_given_back: u64,
    /// Frames that the hardware dropped and marked because the sink was busy.
    lost_frames: u64,
    seconds: f64,
    samples_per_s: f64,
    /// All simulators' time on their processors; not known of rust-hdl, which shares this program's.
    cpu_seconds: Option<f64>,
    samples_per_cpu_s: Option<f64>,
}

impl Arguments {
    /// Simulates.
    pub fn run(self) -> anyhow::Result<()> {
        let profile = self.profile.load()?;
        let mut files = Vec::new();
        for input in &self.inputs {
            let channels = profile.channels();
            let one = !input.is_dir() || channels > 1 && is_folder_of(input, channels);
            match one {
                true => files.push(input.clone()),
                false => files.extend(find(input)?),
            }
        }
        let stalls =
            Stalls { source_idle: self.source_idle, sink_busy: self.sink_busy, seed: self.seed };
        let checked = run_files(self.engine, &profile, &files, self.raw.format(), stalls)?;
        if let Some(path) = &self.output {
            let mut output = Output::create(path)?;
            let name = output.name.clone();
            for word in checked.packets.iter().flat_map(|packet| &packet.words) {
                let written = output.write_all(&word.to_be_bytes());
                written.with_context(|| format!("{name}: cannot be written"))?;
            }
            output.finish()?;
        }
        let figures = Figures::new(&profile, self.engine, files.len(), &checked);
        let json = format!("{}\n", serde_json::to_string_pretty(&figures)?);
        let streams = [&self.output, &self.json].map(|p| p.as_deref() == Some(Path::new("-")));
        if let Some(path) = &self.json {
            write_text(path, &json)?;
        }
        if !streams.contains(&true) {
            print(&figures.text())?;
        }
        if !checked.right() {
            bail!(
                "{} in {}: of {} recordings, {} packets or frames with other words than the golden \
                 model's, {} recordings not restored",
                figures.profile,
                figures.engine,
                figures.recordings,
                figures.mismatches,
                figures.not_given_back
            );
        }
        Ok(())
    }
}

impl Figures {
    fn new(profile: &Profile, engine: Engine, recordings: usize, checked: &Checked) -> Figures {
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

    fn text(&self) -> String {
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
