//! `tierwire train`

use std::path::PathBuf;

use clap::builder::{PossibleValuesParser, TypedValueParser};
use golden_model::converter::Kind;
use golden_model::folder_training::{Half, train_on_half};
use golden_model::recipe::Recipe;

use crate::messages::say;
use crate::output::write_text;
use crate::recordings::{Selection, train};
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
    #[arg(long, value_parser = halves(), conflicts_with = "only")]
    half: Option<Half>,
    /// File to write; - for standard output.
    #[arg(short, long, value_name = "FILE")]
    output: PathBuf,
}

impl Arguments {
    /// Trains.
    pub fn run(self) -> anyhow::Result<()> {
        let direct = Recipe::of(&self.codec)
            .map(|recipe| recipe.converter)
            .filter(|converter| converter.parts().kind == Kind::Direct);
        let Some(converter) = direct else {
            let set = train(&self.codec, &self.recordings.find()?)?;
            return Ok(write_text(&self.output, &set.to_toml())?);
        };
        let path = self.recordings.folder();
        let whole = testbench::codes::read(path, None, &converter, usize::MAX)?.recording;
        let (set, [first, second]) = train_on_half(&self.codec, &whole, self.half)?;
        let name = path.display();
        say(&format!("{name}: ratio {first:.3} on the first half, {second:.3} on the second"));
        Ok(write_text(&self.output, &set.to_toml())?)
    }
}

/// The halves by their names.
fn halves() -> impl TypedValueParser<Value = Half> {
    PossibleValuesParser::new(["first", "second"])
        .map(|name| if name == "first" { Half::First } else { Half::Second })
}
