//! `tierwire silicon`

use std::path::PathBuf;

use ::synth::Tools;
use hdl::verilog::macros::MemoryMacros;
use measure::silicon::{Options, Process, Silicon};

use crate::output::Json;
use crate::profiles::{Choice, MEASURED, ProfileParser};
use crate::recordings::find_for;

/// What to estimate.
#[derive(clap::Args)]
#[command(
    before_help = "Example: tierwire silicon --profile tile256 --pdk pdk --recordings recordings"
)]
pub struct Arguments {
    /// Profile to estimate.
    #[arg(long, value_name = "NAME|FILE", value_parser = ProfileParser, default_value = MEASURED)]
    profile: Choice,
    /// Folder of an open PDK, with libs.ref in it; by default $PDK_ROOT. Without either: OSU's cells for 180 nm, without macros.
    #[arg(long, value_name = "DIR", conflicts_with = "liberty")]
    pdk: Option<PathBuf>,
    /// Liberty file of any library of cells; its corner is taken as the typical one.
    #[arg(long, value_name = "FILE")]
    liberty: Option<PathBuf>,
    /// Description of the macros for the memories, as in memories/; by default those of the PDK.
    #[arg(long, value_name = "FILE")]
    memories: Option<PathBuf>,
    /// Folder of recordings for the energy; without it, area and timing alone.
    #[arg(long, value_name = "DIR")]
    recordings: Option<PathBuf>,
    /// Number of frames of 1 ms to measure, for each of quiet, typical and busy signals.
    #[arg(long, value_name = "NUMBER", default_value_t = 50,
          value_parser = clap::value_parser!(u16).range(3..=1000))]
    frames: u16,
    /// Leave every register's clock running.
    #[arg(long)]
    no_clock_gates: bool,
    #[command(flatten)]
    json: Json,
}

impl Arguments {
    /// Estimates.
    pub fn run(self) -> anyhow::Result<()> {
        let profile = self.profile.load()?;
        let pdk = self.pdk.or_else(|| std::env::var_os("PDK_ROOT").map(PathBuf::from));
        let process = match (&self.liberty, &pdk) {
            (Some(file), _) => Process::of_file(file),
            (None, Some(folder)) => Process::in_folder(folder)?,
            (None, None) => Process::osu018(&Tools::locate())?,
        };
        let memories = self.memories.as_deref().map(MemoryMacros::from_file).transpose()?;
        let find = |folder: &PathBuf| find_for(&profile, folder);
        let recordings = self.recordings.as_ref().map(find).transpose()?.unwrap_or_default();
        let silicon = Silicon::estimate(
            &profile,
            Options {
                process: &process,
                memories: memories.as_ref(),
                recordings: &recordings,
                frames: self.frames.into(),
                clock_gates: !self.no_clock_gates,
            },
        )?;
        self.json.show(&silicon.text(), &silicon)
    }
}
