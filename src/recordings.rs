//! All recordings of a folder.

use std::fs;
use std::path::{Path, PathBuf};

use anyhow::{Context, bail};
use indicatif::{ProgressBar, ProgressStyle};

/// Which recordings of a folder.
#[derive(clap::Args)]
pub struct Selection {
    /// Folder of recordings; folders in it count as well.
    folder: PathBuf,
    /// Only every other recording, in the order of their names: those of even or of odd number,
    /// the first being number 0. To train on one half and measure on the other.
    #[arg(long, value_enum)]
    only: Option<Half>,
}

/// One half of the recordings.
#[derive(Clone, Copy, clap::ValueEnum)]
enum Half {
    Even,
    Odd,
}

impl Selection {
    /// The WAV files selected.
    pub fn find(&self) -> anyhow::Result<Vec<PathBuf>> {
        let files = find(&self.folder)?;
        let start = match self.only {
            None => return Ok(files),
            Some(Half::Even) => 0,
            Some(Half::Odd) => 1,
        };
        let half: Vec<PathBuf> = files.into_iter().skip(start).step_by(2).collect();
        if half.is_empty() {
            bail!("{}: only one recording in it", self.folder.display());
        }
        Ok(half)
    }

    /// The folder, for messages.
    pub fn folder(&self) -> &Path {
        &self.folder
    }
}

/// The WAV files in `folder` and the folders in it, in the order of their names.
pub fn find(folder: &Path) -> anyhow::Result<Vec<PathBuf>> {
    let mut found = Vec::new();
    let mut folders = vec![folder.to_owned()];
    while let Some(folder) = folders.pop() {
        let name = || folder.display().to_string();
        for entry in fs::read_dir(&folder).with_context(name)? {
            let entry = entry.with_context(name)?;
            let path = entry.path();
            // A link to a folder might lead round in a circle.
            if entry.file_type().with_context(name)?.is_dir() {
                folders.push(path);
            } else if path.extension().is_some_and(|e| e.eq_ignore_ascii_case("wav"))
                && !path.is_dir()
            {
                found.push(path);
            }
        }
    }
    if found.is_empty() {
        bail!("{}: no WAV files in it", folder.display());
    }
    found.sort();
    Ok(found)
}

/// A bar over `files` on stderr; none when that is not a terminal.
pub fn progress(files: usize) -> ProgressBar {
    let style = ProgressStyle::with_template("{wide_bar} {pos}/{len} files, {eta} left");
    ProgressBar::new(files as u64).with_style(style.unwrap_or(ProgressStyle::default_bar()))
}
