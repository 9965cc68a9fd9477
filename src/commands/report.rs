//! `tierwire report`

use std::fs;
use std::path::PathBuf;

use ::synth::Target;
use anyhow::Context;

use crate::output::{print, write_json, write_text};
use crate::profiles::{Choice, ProfileParser, target_parser};
use crate::recordings::find_for;
use measure::report::{Report, ReportRequest, page};

/// What to report on.
#[derive(clap::Args)]
#[command(
    before_help = "Example: tierwire report --profile nano --target hx1k --recordings recordings -o report"
)]
pub struct Arguments {
    /// Profile to report on.
    #[arg(long, value_name = "NAME|FILE", value_parser = ProfileParser)]
    profile: Choice,
    /// Chip and board that it is built for.
    #[arg(long, value_name = "NAME", value_parser = target_parser())]
    target: &'static Target,
    /// Folder of recordings: all WAV files in it and in its subfolders; for a profile of another
    /// recorder, its file or folder.
    #[arg(long, value_name = "DIR")]
    recordings: PathBuf,
    /// Folder for report.html and report.json; created if it is missing.
    #[arg(short, long, value_name = "DIR")]
    output: PathBuf,
    /// Number of frames of 1 ms to measure, for each of quiet, typical and busy signals.
    #[arg(long, value_name = "NUMBER", default_value_t = 50,
          value_parser = clap::value_parser!(u16).range(3..=1000))]
    frames: u16,
    /// Number of placements, each from another random start.
    #[arg(long, value_name = "NUMBER", default_value_t = 5, value_parser = clap::value_parser!(u32).range(1..=100))]
    seeds: u32,
    /// Folder of an open PDK: adds what the same core takes in silicon.
    #[arg(long, value_name = "DIR")]
    pdk: Option<PathBuf>,
    /// File that `tierwire signoff --json` wrote, to include its results.
    #[arg(long, value_name = "FILE")]
    signoff: Option<PathBuf>,
}

impl Arguments {
    /// Reports.
    pub fn run(self) -> anyhow::Result<()> {
        let profile = self.profile.load()?;
        let files = find_for(&profile, &self.recordings)?;
        let signoff = match &self.signoff {
            Some(path) => {
                let name = || path.display().to_string();
                let text = fs::read_to_string(path).with_context(name)?;
                Some(serde_json::from_str(&text).with_context(name)?)
            }
            None => None,
        };
        let report = Report::make(ReportRequest {
            profile: &profile,
            target: self.target,
            folder: &self.recordings,
            files: &files,
            frames: self.frames.into(),
            seeds: self.seeds,
            pdk: self.pdk.as_deref(),
            signoff,
        })?;
        fs::create_dir_all(&self.output).with_context(|| self.output.display().to_string())?;
        let place = self.output.join("report.html");
        write_text(&place, &page::html(&report))?;
        write_json(&self.output.join("report.json"), &report)?;
        print(&format!("{}\n", place.display()))
    }
}
