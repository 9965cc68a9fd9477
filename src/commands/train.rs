//! `tierwire train`

use std::path::PathBuf;

use golden_model::converter::Kind;
use golden_model::recipe::Recipe;

use crate::messages::say;
use crate::output::write_text;
use crate::recordings::{RoundsHalf, Selection, train, train_on_half};
use crate::tables;

/// What to train, and on what.
#[derive(clap::Args)]
#[command(before_help = "Example: tierwire train recordings --codec means-128 -o my-tables.toml")]
pub struct Arguments {
    #[command(flatten)]
    recordings: Selection,
    /// Table set whose form is used: predictor, rows and contexts stay, the tables are trained anew.
    /// One for other converters than the challenge's is trained on one recording of any recorder.
    #[arg(long, value_name = "NAME", value_parser = tables::names())]
    codec: String,
    /// Use one half of that recording's rounds only. The ratio on each half is printed.
    #[arg(long, value_enum, conflicts_with = "only")]
    half: Option<RoundsHalf>,
    /// File to write; - for standard output.
    #[arg(short, long, value_name = "FILE")]
    output: PathBuf,
}

impl Arguments {
    /// Trains.
    pub fn run(self) -> anyhow::Result<()> {
        let recipe = Recipe::of(&self.codec);
        let set = match recipe.is_some_and(|recipe| recipe.converter.parts().kind == Kind::Direct) {
            false => train(&self.codec, &self.recordings.find()?)?,
            true => {
                let path = self.recordings.folder();
                let (set, [first, second]) = train_on_half(&self.codec, path, self.half)?;
                let name = path.display();
                say(&format!(
                    "{name}: ratio {first:.3} on the first half, {second:.3} on the second"
                ));
                set
            }
        };
        Ok(write_text(&self.output, &set.to_toml())?)
    }
}
