//! `tierwire train`

use std::path::PathBuf;

use crate::output::write_text;
use crate::recordings::{Selection, train};
use crate::tables;

/// What to train, and on what.
#[derive(clap::Args)]
#[command(before_help = "Example: tierwire train recordings --codec means-128 -o my-tables.toml")]
pub struct Arguments {
    #[command(flatten)]
    recordings: Selection,
    /// Table set whose form is used: predictor, rows and contexts stay, the tables are trained anew.
    #[arg(long, value_name = "NAME", value_parser = tables::names())]
    codec: String,
    /// File to write; - for standard output.
    #[arg(short, long, value_name = "FILE")]
    output: PathBuf,
}

impl Arguments {
    /// Trains.
    pub fn run(self) -> anyhow::Result<()> {
        let set = train(&self.codec, &self.recordings.find()?)?;
        Ok(write_text(&self.output, &set.to_toml())?)
    }
}
