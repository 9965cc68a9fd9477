//! `tierwire corpus`

use anyhow::bail;

use crate::given::Given;
use crate::messages::say;
use crate::output::Json;
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
    #[command(flatten)]
    json: Json,
    /// For the best ratio, as `tierwire compress --best`.
    #[arg(long)]
    best: bool,
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
                let corpus = archived::measure(&all, self.best, || bar.inc(1), note);
                bar.finish_and_clear();
                self.json.show(&corpus.text(), &corpus)?;
                (all.len(), corpus.failures, corpus.all.mismatches)
            }
            Given::OfTheChallenge(files) => {
                let set = chosen.map_or_else(default_set, Ok)?;
                let files = self.recordings.select(files)?;
                let outcome = round_trips(&files, &set, self.best);
                let figures = outcome.figures();
                self.json.show(&figures.text(), &figures)?;
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
}
