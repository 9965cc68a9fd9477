//! `tierwire compare`

use std::path::PathBuf;

use anyhow::{anyhow, bail};

use crate::given::Given;
use crate::output::{Json, write_text};
use crate::recordings::RawArguments;
use crate::{recordings, say};
use study::comparison::{self, plot, tables};
use study::marked::Page;

/// What to compare on.
#[derive(clap::Args)]
#[command(before_help = "Example: tierwire compare recordings --svg comparison.svg")]
pub struct Arguments {
    /// Folder of recordings: of the 10-bit converter, all WAV files in it and in its subfolders, taken
    /// together; of other recorders, each file or folder in it, side by side. Or one such recording.
    folder: PathBuf,
    #[command(flatten)]
    raw: RawArguments,
    /// Use only the first N recordings, in the order of their names.
    #[arg(long, value_name = "N", value_parser = clap::value_parser!(u64).range(1..))]
    first: Option<u64>,
    #[command(flatten)]
    json: Json,
    /// File for the figures as CSV.
    #[arg(long, value_name = "FILE")]
    csv: Option<PathBuf>,
    /// File for the printed table, as Markdown.
    #[arg(long, value_name = "FILE")]
    markdown: Option<PathBuf>,
    /// File for a plot of ratio over speed; of recordings of the 10-bit converter.
    #[arg(long, value_name = "FILE")]
    svg: Option<PathBuf>,
    /// Page whose short table of ratios is written: README.md, docs/recorders.md.
    #[arg(long, value_name = "FILE")]
    page: Option<PathBuf>,
    /// Write no page; fail if its table is not current.
    #[arg(long, requires = "page")]
    check: bool,
}

const BEGIN: &str = "<!-- begin: cargo run --release -- compare DIR --page README.md -->\n";
const RECORDERS_BEGIN: &str = "<!-- begin: cargo run --release -- compare DIR --channels 4 --rate 15000 --page docs/recorders.md -->\n";

impl Arguments {
    /// Compares.
    pub fn run(self) -> anyhow::Result<()> {
        let first = self.first.map_or(usize::MAX, |first| first as usize);
        match Given::at(&self.folder, self.raw)? {
            Given::OfTheChallenge(mut files) => {
                files.truncate(first);
                self.together(&files)
            }
            Given::Others(mut all) => {
                all.truncate(first);
                self.side_by_side(&all)
            }
        }
    }

    fn together(&self, files: &[PathBuf]) -> anyhow::Result<()> {
        let page = self.page(BEGIN)?;
        let bar = recordings::progress(files.len());
        let done = || bar.inc(1);
        let comparison = comparison::compare(files, done, |note| bar.suspend(|| say(note)))?;
        bar.finish_and_clear();
        let table = tables::markdown(&comparison);
        self.write(&table, &comparison, || tables::csv(&comparison))?;
        if let Some(path) = &self.svg {
            write_text(path, &plot::svg(&comparison))?;
        }
        self.all_restored(comparison.mismatches())?;
        let Some(page) = page else { return Ok(()) };
        let ratios = tables::ratios(&comparison)
            .map_err(|name| anyhow!("{name} was not measured, but the page has a row for it"))?;
        Ok(page.replace(&ratios, self.check)?)
    }

    fn side_by_side(&self, all: &[(String, ::recorders::Recording)]) -> anyhow::Result<()> {
        if self.svg.is_some() {
            bail!("--svg: only of recordings of the 10-bit converter, which are measured together");
        }
        let page = self.page(RECORDERS_BEGIN)?;
        let bar = recordings::progress(all.len());
        let note = |note: &str| bar.suspend(|| say(note));
        let comparison = comparison::recorders::compare(all, || bar.inc(1), note)?;
        bar.finish_and_clear();
        self.write(&comparison.text(), &comparison, || comparison.csv())?;
        self.all_restored(comparison.mismatches)?;
        Ok(page.map_or(Ok(()), |page| page.replace(&comparison.table(), self.check))?)
    }

    fn page(&self, begin: &'static str) -> anyhow::Result<Option<Page<'_>>> {
        Ok(self.page.as_deref().map(|path| Page::read(path, begin)).transpose()?)
    }

    fn write(
        &self,
        text: &str,
        figures: &impl serde::Serialize,
        csv: impl Fn() -> String,
    ) -> anyhow::Result<()> {
        self.json.show(text, figures)?;
        self.csv.as_ref().map_or(Ok(()), |path| write_text(path, &csv()))?;
        Ok(self.markdown.as_ref().map_or(Ok(()), |path| write_text(path, text))?)
    }

    fn all_restored(&self, mismatches: u64) -> anyhow::Result<()> {
        match mismatches {
            0 => Ok(()),
            n => bail!("{}: {n} times a recording was not restored", self.folder.display()),
        }
    }
}
