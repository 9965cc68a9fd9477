//! Outputs of commands.

use std::path::{Path, PathBuf};

use golden_model::twr;
pub use recorders::output::{Output, RestoredFolder, write_text};
use serde::Serialize;

/// Writes `figures` as JSON, as [`write_text`] writes text.
pub fn write_json(path: &Path, figures: &impl Serialize) -> anyhow::Result<()> {
    Ok(write_text(path, &(serde_json::to_string_pretty(figures)? + "\n"))?)
}

/// `--json FILE`
#[derive(clap::Args)]
pub struct Json {
    /// File for the figures as JSON; - for standard output, which gets nothing else then.
    #[arg(long, value_name = "FILE")]
    json: Option<PathBuf>,
}

impl Json {
    /// Prints `text`, and writes `figures` if a file for them was given.
    pub fn show(&self, text: &str, figures: &impl Serialize) -> anyhow::Result<()> {
        self.write(figures)?;
        self.print(text)
    }

    /// Prints `text`, unless standard output is for the figures.
    pub fn print(&self, text: &str) -> anyhow::Result<()> {
        if self.json.as_deref() == Some(Path::new("-")) { Ok(()) } else { print(text) }
    }

    /// Writes `figures` if a file for them was given.
    pub fn write(&self, figures: &impl Serialize) -> anyhow::Result<()> {
        self.json.as_deref().map_or(Ok(()), |path| write_json(path, figures))
    }
}

/// Writes `text` to standard output.
pub fn print(text: &str) -> anyhow::Result<()> {
    Ok(write_text(Path::new("-"), text)?)
}

/// The error with the name of the file: the output's, when it is one of writing.
pub fn blame(error: twr::Error, input: &str, output: &str) -> anyhow::Error {
    let name = if matches!(error, twr::Error::Write(_)) { output } else { input };
    // Its message tells its source already.
    anyhow::anyhow!("{name}: {error}")
}
