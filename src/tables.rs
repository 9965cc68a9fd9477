//! The table set: a shipped one, or the user's own.

use std::fs;
use std::path::{Path, PathBuf};

use anyhow::Context;
use clap::builder::PossibleValuesParser;
use golden_model::shipped::DEFAULT;
use golden_model::{SHIPPED, TableSet, shipped};

/// The table set to compress with, or none: what suits the recording.
#[derive(clap::Args)]
pub struct Choice {
    /// Table set to compress with, for recordings of the 10-bit converter that it was trained on.
    /// Without it, the recording is looked at, and what suits it is chosen and stored in the file.
    #[arg(long, value_name = "NAME", value_parser = names())]
    codec: Option<String>,
    /// The same, or a file with your own table set, as `tierwire train` writes it.
    #[arg(long, value_name = "NAME|FILE", conflicts_with = "codec")]
    tables: Option<PathBuf>,
}

impl Choice {
    /// Reads it, if there is one.
    pub fn chosen(&self) -> anyhow::Result<Option<TableSet>> {
        let known = |name: &str| shipped(name).with_context(|| format!("no codec {name:?}"));
        match (&self.codec, &self.tables) {
            (Some(name), _) => known(name).map(Some),
            (None, Some(path)) => named(path).map(Some),
            (None, None) => Ok(None),
        }
    }

    /// Reads it, or else the default one.
    pub fn load(&self) -> anyhow::Result<TableSet> {
        self.chosen()?.map_or_else(default_set, Ok)
    }
}

/// A shipped set by its name, or the user's own in a file.
pub fn named(path: &Path) -> anyhow::Result<TableSet> {
    match path.to_str().and_then(shipped) {
        Some(set) if !path.exists() => Ok(set),
        _ => read(path),
    }
}

/// The default table set.
pub fn default_set() -> anyhow::Result<TableSet> {
    shipped(DEFAULT).context("no default table set")
}

/// The table sets available when decompressing.
#[derive(clap::Args)]
pub struct AtHand {
    /// File with your own table set, if the recording was compressed with it.
    #[arg(long, value_name = "FILE")]
    tables: Option<PathBuf>,
}

impl AtHand {
    /// Reads the user's own.
    pub fn load(&self) -> anyhow::Result<Option<TableSet>> {
        self.tables.as_deref().map(read).transpose()
    }
}

/// Names of the shipped table sets, as clap lists them.
pub fn names() -> PossibleValuesParser {
    let name = |set: &golden_model::shipped::Shipped| {
        clap::builder::PossibleValue::new(set.name).help(set.summary)
    };
    PossibleValuesParser::new(SHIPPED.iter().map(name))
}

fn read(path: &Path) -> anyhow::Result<TableSet> {
    let text = fs::read_to_string(path).with_context(|| path.display().to_string())?;
    TableSet::from_toml(&text).with_context(|| path.display().to_string())
}
