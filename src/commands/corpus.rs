//! `tierwire corpus`

use std::path::{Path, PathBuf};

use anyhow::bail;

use crate::output::{print, write_text};
use crate::recordings::{Selection, round_trips};
use crate::tables::Choice;

/// What to measure.
#[derive(clap::Args)]
#[command(before_help = "Example: tierwire corpus recordings")]
pub struct Arguments {
    #[command(flatten)]
    recordings: Selection,
    #[command(flatten)]
    tables: Choice,
    /// File for the figures as JSON; - for standard output.
    #[arg(long, value_name = "FILE")]
    json: Option<PathBuf>,
}

impl Arguments {
    /// Measures.
    pub fn run(self) -> anyhow::Result<()> {
        let set = self.tables.load()?;
        let files = self.recordings.find()?;
        let outcome = round_trips(&files, &set);
        let figures = outcome.figures();
        let json = format!("{}\n", serde_json::to_string_pretty(&figures)?);
        match &self.json {
            Some(path) if path == Path::new("-") => print(&json)?,
            Some(path) => {
                write_text(path, &json)?;
                print(&figures.text())?;
            }
            None => print(&figures.text())?,
        }
        if !outcome.is_whole() {
            bail!(
                "{}: of {} recordings, {} could not be compressed and {} were not restored",
                self.recordings.folder().display(),
                files.len(),
                outcome.failures,
                outcome.mismatches
            );
        }
        Ok(())
    }
}
