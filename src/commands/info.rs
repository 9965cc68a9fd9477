//! `tierwire info`

use std::path::PathBuf;

use anyhow::{anyhow, bail};
use golden_model::archive::Description;
use golden_model::recordings::Input;
use golden_model::twr;
use recorders::restore::is_archive;

use crate::output::print;

/// What to look at.
#[derive(clap::Args)]
#[command(before_help = "Example: tierwire info recording.twr")]
pub struct Arguments {
    /// The .twr file; - for standard input.
    input: PathBuf,
}

impl Arguments {
    /// Says what the file holds.
    pub fn run(self) -> anyhow::Result<()> {
        let (is_archive, mut input) = is_archive(Input::open(&self.input)?)?;
        if is_archive {
            let Input { name, reader } = input;
            let description =
                Description::of(reader).map_err(|error| anyhow!("{name}: {error}"))?;
            return print(&description.to_string());
        }
        match twr::inspect(&mut input) {
            Ok(report) => print(&report.to_string()),
            Err(error) => bail!("{}: {error}", input.name),
        }
    }
}
