//! `tierwire decompress`

use std::path::PathBuf;

use golden_model::twr;

use crate::input::Input;
use crate::output::{Output, blame};
use crate::tables::AtHand;

/// What to give back.
#[derive(clap::Args)]
pub struct Arguments {
    /// File to give back; - for standard input.
    input: PathBuf,
    /// WAV file to write; - for standard output.
    #[arg(short, long, value_name = "OUT.wav")]
    output: PathBuf,
    #[command(flatten)]
    tables: AtHand,
}

impl Arguments {
    /// Decompresses.
    pub fn run(self) -> anyhow::Result<()> {
        let own = self.tables.load()?;
        let mut input = Input::open(&self.input)?;
        let mut output = Output::create(&self.output)?.unless_input(&self.input)?;
        twr::decompress(&mut input, &mut output, |wanted| own.find(wanted))
            .map_err(|error| blame(error, &input.name, &output.name))?;
        output.finish()
    }
}
