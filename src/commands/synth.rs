//! `tierwire synth`

use std::path::PathBuf;

use ::synth::Target;

use crate::output::{print, write_text};
use crate::profiles::{Choice, ProfileParser, target_parser};
use measure::chip::{BuildOptions, Chip};
use measure::text;

/// What to put on which chip.
#[derive(clap::Args)]
#[command(before_help = "Example: tierwire synth --profile nano --target hx1k")]
pub struct Arguments {
    /// Profile to build.
    #[arg(long, value_name = "NAME|FILE", value_parser = ProfileParser)]
    profile: Choice,
    /// Chip and board to build it for.
    #[arg(long, value_name = "NAME", value_parser = target_parser())]
    target: &'static Target,
    /// Clock frequency to reach; without it, one clock per sample: channels times sampling rate.
    #[arg(long, value_name = "MHZ")]
    clock: Option<f64>,
    /// Number of placements, each from another random start; the fastest becomes the bitstream.
    #[arg(long, value_name = "NUMBER", default_value_t = 5, value_parser = clap::value_parser!(u32).range(1..=100))]
    seeds: u32,
    /// Build the core alone between two shift registers, not on the board's pins.
    #[arg(long)]
    shell: bool,
    /// Folder for the results, which go into its subfolder PROFILE-TARGET.
    #[arg(short, long, value_name = "DIR", default_value = "build")]
    output: PathBuf,
    /// Print the figures as JSON.
    #[arg(long)]
    json: bool,
}

impl Arguments {
    /// Builds.
    pub fn run(self) -> anyhow::Result<()> {
        let profile = self.profile.load()?;
        let options = BuildOptions { mhz: self.clock, seeds: self.seeds, shell: self.shell };
        let chip = Chip::build(&profile, self.target, options)?;
        let folder = self.output.join(format!("{}-{}", chip.profile, chip.target));
        chip.copy_to(&folder)?;
        let json = format!("{}\n", serde_json::to_string_pretty(&chip)?);
        write_text(&folder.join("figures.json"), &json)?;
        if self.json {
            print(&json)?;
        } else {
            print(&format!("{}files          {}\n", text::chip(&chip), folder.display()))?;
        }
        Ok(chip.check_clocks()?)
    }
}
