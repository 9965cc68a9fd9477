//! `tierwire latency`

use std::path::PathBuf;

use crate::output::Json;
use crate::profiles::{Choice, MEASURED, ProfileParser};
use crate::recordings::find_for;
use measure::latency::Latency;
use measure::loads::loads;
use measure::text;

/// What to measure.
#[derive(clap::Args)]
#[command(before_help = "Example: tierwire latency recordings --profile tile256")]
pub struct Arguments {
    /// Folder of recordings: all WAV files in it and in its subfolders; for a profile of another
    /// recorder, its file or folder.
    folder: PathBuf,
    /// Profile to measure.
    #[arg(long, value_name = "NAME|FILE", value_parser = ProfileParser, default_value = MEASURED)]
    profile: Choice,
    /// Number of frames of 1 ms to measure, for each of quiet, typical and busy signals.
    #[arg(long, value_name = "NUMBER", default_value_t = 50,
          value_parser = clap::value_parser!(u16).range(3..=1000))]
    frames: u16,
    #[command(flatten)]
    json: Json,
}

impl Arguments {
    /// Measures.
    pub fn run(self) -> anyhow::Result<()> {
        let profile = self.profile.load()?;
        let files = find_for(&profile, &self.folder)?;
        let frames = self.frames.into();
        let latency = Latency::measure(&profile, &loads(&files, &profile, frames)?, frames)?;
        self.json.show(&text::latency(&latency), &latency)
    }
}
