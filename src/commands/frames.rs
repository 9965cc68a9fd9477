//! `tierwire frames`

use std::path::PathBuf;

use crate::output::{Json, write_text};
use crate::recordings::{self, Selection};
use crate::tables::Choice;
use study::frame_costs::{Array, Costs, FRAME_ROUNDS, KEYFRAME_INTERVALS, plot};

/// What to measure.
#[derive(clap::Args)]
#[command(before_help = "Example: tierwire frames recordings --channels 256")]
pub struct Arguments {
    #[command(flatten)]
    recordings: Selection,
    #[command(flatten)]
    tables: Choice,
    /// Number of channels; each channel is made of several recordings.
    #[arg(long, value_name = "N", default_value_t = 256,
          value_parser = clap::value_parser!(u16).range(1..=1024))]
    channels: u16,
    #[command(flatten)]
    json: Json,
    /// File for the printed table, as Markdown.
    #[arg(long, value_name = "FILE")]
    markdown: Option<PathBuf>,
    /// File for a plot of ratio over the time between keyframes.
    #[arg(long, value_name = "FILE")]
    svg: Option<PathBuf>,
}

impl Arguments {
    /// Measures.
    pub fn run(self) -> anyhow::Result<()> {
        let set = self.tables.load()?;
        let array = Array::deal(&self.recordings.find()?, self.channels.into())?;
        let bar = recordings::progress(KEYFRAME_INTERVALS.len() * FRAME_ROUNDS.len());
        let costs = Costs::measure(&array, &set, || bar.inc(1))?;
        bar.finish_and_clear();
        let table = costs.markdown();
        self.json.show(&table, &costs)?;
        if let Some(path) = &self.markdown {
            write_text(path, &table)?;
        }
        if let Some(path) = &self.svg {
            write_text(path, &plot::svg(&costs))?;
        }
        Ok(())
    }
}
