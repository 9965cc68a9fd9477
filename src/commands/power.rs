//! `tierwire power`

use std::path::PathBuf;

use ::synth::Tools;
use measure::text;

use crate::output::{print, write_text};
use crate::profiles::{Choice, MEASURED, ProfileParser};
use crate::recordings::find_for;
use measure::backtest;
use measure::consumption::Consumption;

/// What to estimate.
#[derive(clap::Args)]
#[command(before_help = "Example: tierwire power recordings --profile tile256 --target up5k")]
pub struct Arguments {
    /// Folder of recordings: all WAV files in it and in its subfolders; for a profile of another
    /// recorder, its file or folder.
    #[arg(required_unless_present = "backtest")]
    folder: Option<PathBuf>,
    /// Profile to estimate.
    #[arg(long, value_name = "NAME|FILE", value_parser = ProfileParser, default_value = MEASURED)]
    profile: Choice,
    /// Chip: up5k, hx8k or hx1k. There is no power model of the ECP5.
    #[arg(long, value_name = "NAME", default_value = "up5k")]
    target: String,
    /// Number of frames of 1 ms to measure, for each of quiet, typical and busy signals.
    #[arg(long, value_name = "NUMBER", default_value_t = 50,
          value_parser = clap::value_parser!(u16).range(3..=1000))]
    frames: u16,
    /// Compare the model with published measurements of other designs.
    #[arg(long)]
    backtest: bool,
    /// File for the figures as JSON.
    #[arg(long, value_name = "FILE")]
    json: Option<PathBuf>,
}

impl Arguments {
    /// Estimates.
    pub fn run(self) -> anyhow::Result<()> {
        let (text, json) = match &self.folder {
            Some(folder) if !self.backtest => {
                let frames = self.frames.into();
                let profile = self.profile.load()?;
                let files = find_for(&profile, folder)?;
                let consumption = Consumption::of_files(&profile, &self.target, &files, frames)?;
                (text::power(&consumption), serde_json::to_string_pretty(&consumption)?)
            }
            _ => {
                let rows = backtest::rows(&Tools::locate())?;
                (backtest::markdown(&rows), serde_json::to_string_pretty(&rows)?)
            }
        };
        if let Some(path) = &self.json {
            write_text(path, &(json + "\n"))?;
            if path.as_os_str() == "-" {
                return Ok(());
            }
        }
        print(&text)
    }
}
