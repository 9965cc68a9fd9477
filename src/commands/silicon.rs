//! `tierwire silicon`

use std::path::PathBuf;

use ::synth::Tools;
use clap::builder::{PossibleValuesParser, TypedValueParser};
use hdl::Profile;
use hdl::verilog::macros::MemoryMacros;
use measure::silicon::{Corner, Options, PROFILES, Process, Silicon, table};
use study::marked::Page;

use crate::output::Json;
use crate::profiles::{Choice, ProfileParser};
use crate::recordings::find_for;

/// What to estimate.
#[derive(clap::Args)]
#[command(
    before_help = "Example: tierwire silicon --profile chip256 --pdk pdk --recordings recordings"
)]
pub struct Arguments {
    /// Profile to estimate.
    #[arg(long, value_name = "NAME|FILE", value_parser = ProfileParser, default_value = PROFILES[0])]
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
    /// Corner whose supply and temperature the energy is for: the slow one has the lowest supply.
    #[arg(long, value_name = "NAME", value_parser = corner_parser(), default_value = "typical")]
    energy_corner: Corner,
    /// Leave every register's clock running.
    #[arg(long)]
    no_clock_gates: bool,
    /// Folder for what LibreLane begins with: configuration, constraints, Verilog, floorplan; created if
    /// it is missing.
    #[arg(long, value_name = "DIR", conflicts_with = "page")]
    flow: Option<PathBuf>,
    /// Page whose table of the profiles for silicon is written; with --check: only compared.
    #[arg(long, value_name = "FILE", requires = "recordings", conflicts_with = "profile")]
    page: Option<PathBuf>,
    /// Write nothing; fail if the page's table is not current.
    #[arg(long, requires = "page")]
    check: bool,
    #[command(flatten)]
    json: Json,
}

fn corner_parser() -> impl TypedValueParser<Value = Corner> {
    let named = |name: String| Corner::ALL.into_iter().find(|corner| corner.name() == name);
    PossibleValuesParser::new(Corner::ALL.map(Corner::name))
        .map(move |name| named(name).expect("clap lets through names of corners only"))
}

const BEGIN: &str =
    "<!-- begin: cargo run --release -- silicon --pdk DIR --recordings DIR --page FILE -->\n";

impl Arguments {
    /// Estimates.
    pub fn run(self) -> anyhow::Result<()> {
        let pdk = self.pdk.clone().or_else(|| std::env::var_os("PDK_ROOT").map(PathBuf::from));
        let process = match (&self.liberty, &pdk) {
            (Some(file), _) => Process::of_file(file),
            (None, Some(folder)) => Process::in_folder(folder)?,
            (None, None) => Process::osu018(&Tools::locate())?,
        };
        let memories = self.memories.as_deref().map(MemoryMacros::from_file).transpose()?;
        let estimate = |profile: &Profile| -> anyhow::Result<Silicon> {
            let find = |folder: &PathBuf| find_for(profile, folder);
            let recordings = self.recordings.as_ref().map(find).transpose()?.unwrap_or_default();
            let options = Options {
                process: &process,
                memories: memories.as_ref(),
                recordings: &recordings,
                frames: self.frames.into(),
                energy_at: self.energy_corner,
                clock_gates: !self.no_clock_gates,
                flow: self.flow.as_deref(),
            };
            Ok(Silicon::estimate(profile, options)?)
        };
        if let Some(path) = &self.page {
            let page = Page::read(path, BEGIN)?;
            let profiles = PROFILES.iter().filter_map(|name| Profile::named(name));
            let all = profiles.map(|p| estimate(&p)).collect::<anyhow::Result<Vec<_>>>()?;
            return Ok(page.replace(&table(&all), self.check)?);
        }
        let silicon = estimate(&self.profile.load()?)?;
        self.json.show(&silicon.text(), &silicon)
    }
}
