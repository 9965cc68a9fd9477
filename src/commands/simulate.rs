//! `tierwire simulate`

use std::io::Write;
use std::path::{Path, PathBuf};

use anyhow::{Context, bail};
use testbench::Stalls;
use testbench::codes::Reading;
use testbench::engine::Engine;
use testbench::runs::{Figures, run_files};

use crate::output::{Output, print, write_text};
use crate::profiles::{Choice, ProfileParser, engine_parser};
use crate::recordings::{RawArguments, SampleBar, files_for};

/// What to simulate.
#[derive(clap::Args)]
#[command(
    before_help = "Example: tierwire simulate recording.wav --profile bigram-128 --engine verilog"
)]
pub struct Arguments {
    /// WAV files with as many channels as the profile, or folders of them; folders with one mono WAV
    /// file per channel; with --channels and --rate, raw files. If the profile has frames, mono
    /// recordings become its channels. For a profile of another converter than the challenge's: files
    /// or folders of any recorder, with as many channels or a number that divides them.
    #[arg(required = true, value_name = "RECORDING")]
    inputs: Vec<PathBuf>,
    #[command(flatten)]
    raw: RawArguments,
    /// Profile whose hardware is simulated.
    #[arg(long, value_name = "NAME|FILE", value_parser = ProfileParser)]
    profile: Choice,
    /// Simulator to use.
    #[arg(long, value_name = "ENGINE", value_parser = engine_parser())]
    engine: Engine,
    /// Percentage of clocks at which the source offers no sample.
    #[arg(long, value_name = "PERCENT", default_value_t = 0, value_parser = clap::value_parser!(u8).range(0..100))]
    source_idle: u8,
    /// Percentage of clocks at which the sink takes no word.
    #[arg(long, value_name = "PERCENT", default_value_t = 0, value_parser = clap::value_parser!(u8).range(0..100))]
    sink_busy: u8,
    /// Seed of these random stalls.
    #[arg(long, default_value_t = 1)]
    seed: u64,
    /// File for the words that the hardware sent, most significant byte first, one recording after
    /// the other; - for standard output.
    #[arg(short, long, value_name = "WORDS")]
    output: Option<PathBuf>,
    /// File for the figures as JSON; - for standard output.
    #[arg(long, value_name = "FILE")]
    json: Option<PathBuf>,
}

impl Arguments {
    /// Simulates.
    pub fn run(self) -> anyhow::Result<()> {
        let profile = self.profile.load()?;
        let files = files_for(&profile, &self.inputs)?;
        let stalls =
            Stalls { source_idle: self.source_idle, sink_busy: self.sink_busy, seed: self.seed };
        let reading = Reading::whole(&profile, self.raw.format()?);
        let bar = SampleBar::new();
        let checked = run_files(self.engine, &profile, &files, &reading, stalls, &bar)?;
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
