//! Outputs of commands.

use std::path::Path;

use golden_model::twr;
pub use recorders::output::{Output, RestoredFolder, write_text};
use serde::Serialize;

/// Writes `figures` as JSON, as [`write_text`] writes text.
pub fn write_json(path: &Path, figures: &impl Serialize) -> anyhow::Result<()> {
    Ok(write_text(path, &(serde_json::to_string_pretty(figures)? + "\n"))?)
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
