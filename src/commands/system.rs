//! `tierwire system`

use std::path::PathBuf;

use crate::output::{Json, write_text};
use crate::profiles::{Choice, MEASURED, ProfileParser};
use crate::recordings::find_for;
use measure::consumption::Consumption;
use measure::system::View;
use study::plot::standalone;

/// What to look at.
#[derive(clap::Args)]
#[command(before_help = "Example: tierwire system recordings --profile tile256 --target up5k")]
pub struct Arguments {
    /// Folder of recordings: all WAV files in it and in its subfolders; for a profile of another
    /// recorder, its file or folder.
    folder: PathBuf,
    /// Profile of the compressor.
    #[arg(long, value_name = "NAME|FILE", value_parser = ProfileParser, default_value = MEASURED)]
    profile: Choice,
    /// Chip: up5k, hx8k or hx1k.
    #[arg(long, value_name = "NAME", default_value = "up5k")]
    target: String,
    /// Number of frames of 1 ms to measure, for each of quiet, typical and busy signals.
    #[arg(long, value_name = "NUMBER", default_value_t = 50,
          value_parser = clap::value_parser!(u16).range(3..=1000))]
    frames: u16,
    #[command(flatten)]
    json: Json,
    /// File for a plot of power over the radio's energy per bit.
    #[arg(long, value_name = "FILE")]
    svg: Option<PathBuf>,
}

impl Arguments {
    /// Looks.
    pub fn run(self) -> anyhow::Result<()> {
        let frames = self.frames.into();
        let profile = self.profile.load()?;
        let files = find_for(&profile, &self.folder)?;
        let consumption = Consumption::of_files(&profile, &self.target, &files, frames)?;
        let view = View::new(&consumption);
        if let Some(path) = &self.svg {
            write_text(path, &standalone(&view.picture()))?;
        }
        let megabits =
            [view.system.raw_bits_per_s, view.system.compressed_bits_per_s].map(|b| b / 1e6);
        let text = format!(
            "ESTIMATE: {} on {}, {:.1} Mb/s raw, {:.1} Mb/s compressed\n\n{}\n{}\n",
            consumption.profile,
            consumption.target,
            megabits[0],
            megabits[1],
            view.markdown(),
            view.summary()
        );
        self.json.show(&text, &view)
    }
}
