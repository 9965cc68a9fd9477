//! `tierwire compare`

use std::path::PathBuf;

use anyhow::{anyhow, bail};

use crate::marked::Page;
use crate::output::{print, write_text};
use crate::recordings::find;
use crate::{recordings, say};
use study::comparison::{compare, plot, tables};

/// What to compare on.
#[derive(clap::Args)]
#[command(before_help = "Example: tierwire compare recordings --svg comparison.svg")]
pub struct Arguments {
    /// Folder of recordings: all WAV files in it and in its subfolders.
    folder: PathBuf,
    /// Use only the first N files, in the order of their names.
    #[arg(long, value_name = "N", value_parser = clap::value_parser!(u64).range(1..))]
    first: Option<u64>,
    /// File for the figures as JSON.
    #[arg(long, value_name = "FILE")]
    json: Option<PathBuf>,
    /// File for the figures as CSV.
    #[arg(long, value_name = "FILE")]
    csv: Option<PathBuf>,
    /// File for the printed table, as Markdown.
    #[arg(long, value_name = "FILE")]
    markdown: Option<PathBuf>,
    /// File for a plot of ratio over speed.
    #[arg(long, value_name = "FILE")]
    svg: Option<PathBuf>,
    /// Page whose short table of ratios is written: README.md.
    #[arg(long, value_name = "FILE")]
    page: Option<PathBuf>,
    /// Write no page; fail if its table is not current.
    #[arg(long, requires = "page")]
    check: bool,
}

const BEGIN: &str = "<!-- begin: cargo run --release -- compare DIR --page README.md -->\n";

impl Arguments {
    /// Compares.
    pub fn run(self) -> anyhow::Result<()> {
        let page = self.page.as_deref().map(|path| Page::read(path, BEGIN)).transpose()?;
        let mut files = find(&self.folder)?;
        files.truncate(self.first.map_or(usize::MAX, |first| first as usize));
        let bar = recordings::progress(files.len());
        let comparison = compare(&files, || bar.inc(1), |note| bar.suspend(|| say(note)))?;
        bar.finish_and_clear();
        let table = tables::markdown(&comparison);
        print(&table)?;
        let json = || Ok::<_, anyhow::Error>(serde_json::to_string_pretty(&comparison)? + "\n");
        if let Some(path) = &self.json {
            write_text(path, &json()?)?;
        }
        if let Some(path) = &self.csv {
            write_text(path, &tables::csv(&comparison))?;
        }
        if let Some(path) = &self.markdown {
            write_text(path, &table)?;
        }
        if let Some(path) = &self.svg {
            write_text(path, &plot::svg(&comparison))?;
        }
        match comparison.mismatches() {
            0 => {}
            n => bail!("{}: {n} times a recording was not restored", self.folder.display()),
        }
        let Some(page) = page else { return Ok(()) };
        let ratios = tables::ratios(&comparison)
            .map_err(|name| anyhow!("{name} was not measured, but the page has a row for it"))?;
        page.replace(&ratios, self.check)
    }
}
