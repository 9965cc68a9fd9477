//! `tierwire tables`

use std::path::PathBuf;

use anyhow::Context;
use clap::builder::{PossibleValuesParser, TypedValueParser};
use hdl::tables::{Format, image};

use crate::output::write_text;
use crate::profiles::{Choice, ProfileParser};
use crate::tables::named;

/// What to write.
#[derive(clap::Args)]
#[command(
    before_help = "Example: tierwire tables mean-32 --profile chip256-loaded --format c -o tables.h"
)]
pub struct Arguments {
    /// Table set: a shipped one, or a file as `tierwire train` writes it.
    #[arg(value_name = "NAME|FILE")]
    set: PathBuf,
    /// Profile with `tables = "loaded"`.
    #[arg(long, value_name = "NAME|FILE", value_parser = ProfileParser)]
    profile: Choice,
    /// axi: addresses and words; spi: messages; hex: words; c: an array.
    #[arg(long, value_parser = format_parser())]
    format: Format,
    /// File to write; - for standard output.
    #[arg(short, long, value_name = "FILE", default_value = "-")]
    output: PathBuf,
}

impl Arguments {
    /// Writes it.
    pub fn run(self) -> anyhow::Result<()> {
        let (profile, set) = (self.profile.load()?, named(&self.set)?);
        let image = image(&profile, &set).with_context(|| self.set.display().to_string())?;
        Ok(write_text(&self.output, &self.format.text(&image, set.name(), profile.name()))?)
    }
}

fn format_parser() -> impl TypedValueParser<Value = Format> {
    PossibleValuesParser::new(Format::ALL.map(|(name, _)| name)).map(|name| {
        let known = Format::ALL.into_iter().find(|(known, _)| *known == name);
        known.expect("clap lets through names of formats only").1
    })
}
