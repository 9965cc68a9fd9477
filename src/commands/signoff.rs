//! `tierwire signoff`

use std::path::PathBuf;

use anyhow::bail;
use serde::Serialize;

use crate::output::Json;
use crate::profiles::{Choice, ProfileParser};
use crate::recordings::{SampleBar, find_for};
use testbench::ladder::{Extent, Ladder, Rung, heading, synthetic_recordings};

/// What to sign off.
#[derive(clap::Args)]
#[command(before_help = "Example: tierwire signoff --profile nano --quick")]
pub struct Arguments {
    /// Profile to check.
    #[arg(long, value_name = "NAME|FILE", value_parser = ProfileParser)]
    profile: Choice,
    /// Folder of mono recordings, or a file or folder of the profile's recorder; without it, synthetic recordings are used.
    #[arg(long, value_name = "DIR")]
    recordings: Option<PathBuf>,
    /// Use at most this many of the recordings.
    #[arg(long, value_name = "NUMBER", value_parser = clap::value_parser!(u32).range(1..))]
    first: Option<u32>,
    /// Number of random samples sent through Verilator, with random stalls on both sides.
    #[arg(long, value_name = "NUMBER", default_value_t = 100_000_000)]
    random_samples: u64,
    /// A quick check: a fiftieth of the random tests.
    #[arg(long)]
    quick: bool,
    /// Seed of all random tests.
    #[arg(long, default_value_t = 1)]
    seed: u64,
    #[command(flatten)]
    json: Json,
}

/// Synthetic recordings, where there are no others: as many samples as a netlist has to stand.
const SYNTHETIC: usize = 24;

/// The figures of all rungs.
#[derive(Serialize)]
struct Figures {
    profile: String,
    table_set: String,
    recordings: usize,
    synthetic: bool,
    holds: bool,
    rungs: Vec<Rung>,
}

impl Arguments {
    /// Runs the ladder and prints a line for each rung.
    pub fn run(self) -> anyhow::Result<()> {
        let profile = self.profile.load()?;
        let folder = tempfile::tempdir()?;
        let mut files = match &self.recordings {
            Some(recordings) => find_for(&profile, recordings)?,
            None => synthetic_recordings(&profile, folder.path(), SYNTHETIC, self.seed)?,
        };
        files.truncate(self.first.map_or(usize::MAX, |first| first as usize));
        let part = if self.quick { 50 } else { 1 };
        let extent = Extent {
            random: self.random_samples / part,
            rust_hdl: 200_000 / part,
            netlist: 2_000_000 / part,
            streams: 1000 / part as usize,
        };
        let ladder = Ladder { profile, files, extent, seed: self.seed };
        self.json.print(&format!("{}\n", heading()))?;
        let line = |rung: &Rung| self.json.print(&format!("{}\n", rung.line()));
        let rungs = ladder.climb(&SampleBar::new(), line)?;
        let failed = rungs.iter().filter(|rung| !rung.holds()).count();
        let figures = Figures {
            profile: ladder.profile.name().into(),
            table_set: ladder.profile.table_set().name().into(),
            recordings: ladder.files.len(),
            synthetic: self.recordings.is_none(),
            holds: failed == 0,
            rungs,
        };
        self.json.write(&figures)?;
        if failed > 0 {
            bail!("{}: {failed} of {} rungs do not hold", figures.profile, figures.rungs.len());
        }
        self.json.print(&format!("{}: every rung holds\n", figures.profile))
    }
}
