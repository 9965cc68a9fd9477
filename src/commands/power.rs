//! `tierwire power`

use std::path::PathBuf;

use ::synth::{Target, Tools};
use measure::text;

use crate::output::Json;
use crate::profiles::{Choice, MEASURED, ProfileParser};
use crate::recordings::find_for;
use measure::backtest;
use measure::consumption::Consumption;
use measure::power::Device;
use measure::toggles::Toggles;

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
    /// Chip: up5k, hx8k or hx1k. Of ecp5-25f and ecp5-85f only toggles are counted: there is no power model.
    #[arg(long, value_name = "NAME", default_value = "up5k")]
    target: String,
    /// Number of frames of 1 ms to measure, for each of quiet, typical and busy signals.
    #[arg(long, value_name = "NUMBER", default_value_t = 50,
          value_parser = clap::value_parser!(u16).range(3..=1000))]
    frames: u16,
    /// Compare the model with published measurements of other designs.
    #[arg(long)]
    backtest: bool,
    #[command(flatten)]
    json: Json,
}

impl Arguments {
    /// Estimates, or counts.
    pub fn run(self) -> anyhow::Result<()> {
        let Some(folder) = self.folder.as_ref().filter(|_| !self.backtest) else {
            let rows = backtest::rows(&Tools::locate())?;
            return self.json.show(&backtest::markdown(&rows), &rows);
        };
        let frames = self.frames.into();
        let profile = self.profile.load()?;
        let files = find_for(&profile, folder)?;
        match Target::named(&self.target) {
            Some(target) if Device::named(target.name).is_none() => {
                let toggles = Toggles::of_files(&profile, target, &files, frames)?;
                self.json.show(&toggles.text(), &toggles)
            }
            _ => {
                let consumption = Consumption::of_files(&profile, &self.target, &files, frames)?;
                self.json.show(&text::power(&consumption), &consumption)
            }
        }
    }
}
