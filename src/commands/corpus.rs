//! `tierwire corpus`

use std::path::{Path, PathBuf};

use anyhow::bail;
use serde::Serialize;

use crate::given::Given;
use crate::messages::say;
use crate::output::{print, write_json};
use crate::recordings::{self, RawArguments, Selection, round_trips};
use crate::tables::{Choice, default_set};
use study::archived;

/// What to measure.
#[derive(clap::Args)]
#[command(before_help = "Example: tierwire corpus recordings")]
pub struct Arguments {
    #[command(flatten)]
    recordings: Selection,
    #[command(flatten)]
    raw: RawArguments,
    #[command(flatten)]
    tables: Choice,
    /// File for the figures as JSON; - for standard output.
    #[arg(long, value_name = "FILE")]
    json: Option<PathBuf>,
}

impl Arguments {
    /// Measures.
    pub fn run(self) -> anyhow::Result<()> {
        let chosen = self.tables.chosen()?;
        let given = match chosen {
            None => Given::at(self.recordings.folder(), self.raw)?,
            Some(_) => Given::OfTheChallenge(recordings::find(self.recordings.folder())?),
        };
        let (count, failures, mismatches) = match given {
            Given::Others(all) => {
                let all = self.recordings.select(all)?;
                let bar = recordings::progress(all.len());
                let note = |text: &str| bar.suspend(|| say(text));
                let corpus = archived::measure(&all, || bar.inc(1), note);
                bar.finish_and_clear();
                self.write(&corpus, &corpus.text())?;
                (all.len(), corpus.failures, corpus.all.mismatches)
            }
            Given::OfTheChallenge(files) => {
                let set = chosen.map_or_else(default_set, Ok)?;
                let files = self.recordings.select(files)?;
                let outcome = round_trips(&files, &set);
                let figures = outcome.figures();
                self.write(&figures, &figures.text())?;
                (files.len(), outcome.failures, outcome.mismatches)
            }
        };
        if failures + mismatches > 0 {
            bail!(
                "{}: of {count} recordings, {failures} could not be compressed and {mismatches} were \
                 not restored",
                self.recordings.folder().display(),
            );
        }
        Ok(())
    }

    fn write(&self, figures: &impl Serialize, text: &str) -> anyhow::Result<()> {
        if let Some(path) = &self.json {
            write_json(path, figures)?;
            if path == Path::new("-") {
                return Ok(());
            }
        }
        print(text)
    }
}
