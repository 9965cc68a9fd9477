//! `tierwire readme`

use std::path::PathBuf;

use measure::table_sets::table;
use study::marked::Page;

use crate::recordings::{find, ratio, train};

/// Which page, made from what.
#[derive(clap::Args)]
#[command(before_help = "Example: tierwire readme recordings --check")]
pub struct Arguments {
    /// Folder of recordings: all WAV files in it and in its subfolders.
    folder: PathBuf,
    /// The page whose table is written.
    #[arg(long, value_name = "FILE", default_value = "docs/tables.md")]
    page: PathBuf,
    /// Write nothing; fail if the table is not current.
    #[arg(long)]
    check: bool,
}

const BEGIN: &str = "<!-- begin: cargo run --release -- readme DIR -->\n";

impl Arguments {
    /// Measures every shipped table set and writes the table.
    pub fn run(self) -> anyhow::Result<()> {
        let page = Page::read(&self.page, BEGIN)?;
        Ok(page.replace(&table(&find(&self.folder)?, ratio, train)?, self.check)?)
    }
}
