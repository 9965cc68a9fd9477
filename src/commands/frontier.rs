//! `tierwire frontier`

use std::path::PathBuf;

use ::synth::{TARGETS, ToolError};
use anyhow::ensure;
use golden_model::TableSet;
use golden_model::converter::ConverterParts;
use hdl::Profile;
use measure::Error;
use measure::frontier::{self, Row, short_table, svg, table};
use study::marked::Page;

use crate::messages::say;
use crate::output::{Json, write_text};
use crate::profiles::{Choice, ProfileParser};
use crate::recordings::{find, ratio};

/// The ratio of a table set on recordings of the challenge, if it is for their converter.
fn ratio_of(files: &[PathBuf], set: &TableSet) -> anyhow::Result<Option<f64>> {
    let fits = set.converter().parts() == ConverterParts::CHALLENGE;
    fits.then(|| ratio(files, set)).transpose()
}

/// Which table, made from what.
#[derive(clap::Args)]
#[command(before_help = "Example: tierwire frontier recordings --check")]
pub struct Arguments {
    /// Folder of recordings, for the ratios: all WAV files in it and in its subfolders.
    folder: PathBuf,
    /// Print the table of this profile on every chip that it fits, and write no page. With --check:
    /// compare the rows of this profile alone, which takes minutes less.
    #[arg(long, value_name = "NAME|FILE", value_parser = ProfileParser)]
    profile: Option<Choice>,
    /// Page for the whole table.
    #[arg(long, value_name = "FILE", default_value = "docs/tables.md")]
    page: PathBuf,
    /// Page for the short table.
    #[arg(long, value_name = "FILE", default_value = "README.md")]
    short: PathBuf,
    #[command(flatten)]
    json: Json,
    /// File for a plot: ratio against energy, and against logic cells.
    #[arg(long, value_name = "FILE")]
    svg: Option<PathBuf>,
    /// Write no page; fail if a table is not current.
    #[arg(long)]
    check: bool,
}

const BEGIN: &str = "<!-- begin: cargo run --release -- frontier DIR -->\n";

impl Arguments {
    /// Builds all of them and writes the tables.
    pub fn run(self) -> anyhow::Result<()> {
        let only = match &self.profile {
            Some(choice) if !self.check => return self.print_own(choice),
            choice => choice.as_ref().map(Choice::load).transpose()?,
        };
        let only = only.as_ref().map(Profile::name);
        let page = Page::read(&self.page, BEGIN)?;
        let short = Page::read(&self.short, BEGIN)?;
        let files = find(&self.folder)?;
        let rows = frontier::shipped(&files, only, |set| ratio_of(&files, set))?;
        self.write_figures(&rows)?;
        if let Some(name) = only {
            ensure!(!rows.is_empty(), "{name}: the tables have no row of it");
            page.check_lines(&table(&rows))?;
            return Ok(short.check_lines(&short_table(&rows))?);
        }
        page.replace(&table(&rows), self.check)?;
        Ok(short.replace(&short_table(&rows), self.check)?)
    }

    /// Builds one profile for every chip that it fits.
    fn print_own(&self, choice: &Choice) -> anyhow::Result<()> {
        let profile = choice.load()?;
        let files = find(&self.folder)?;
        let ratio = ratio_of(&files, profile.table_set())?;
        let mut rows = Vec::new();
        for target in &TARGETS {
            match frontier::row(&profile, target, &files, ratio) {
                Ok(row) => rows.push(row),
                Err(Error::Tool(error @ ToolError::DoesNotFit { .. })) => say(&error.to_string()),
                Err(error) => return Err(error.into()),
            }
        }
        self.write_figures(&rows)?;
        self.json.print(&table(&rows))
    }

    fn write_figures(&self, rows: &[Row]) -> anyhow::Result<()> {
        self.svg.as_deref().map_or(Ok(()), |path| write_text(path, &svg(rows)))?;
        self.json.write(&rows)
    }
}
