//! `tierwire compress`

use std::io::{IsTerminal, stderr};
use std::path::PathBuf;

use golden_model::twr;

use crate::input::Input;
use crate::output::{Output, blame};
use crate::say;
use crate::tables::Choice;

/// What to compress, and how.
#[derive(clap::Args)]
pub struct Arguments {
    /// WAV file; - for standard input.
    input: PathBuf,
    /// File to write; - for standard output.
    #[arg(short, long, value_name = "OUT.twr")]
    output: PathBuf,
    #[command(flatten)]
    tables: Choice,
}

impl Arguments {
    /// Compresses.
    pub fn run(self) -> anyhow::Result<()> {
        let set = self.tables.load()?;
        let mut input = Input::open(&self.input)?;
        let mut output = Output::create(&self.output)?.unless_input(&self.input)?;
        let summary = twr::compress(&mut input, &mut output, &set)
            .map_err(|error| blame(error, &input.name, &output.name))?;
        output.finish()?;
        let (before, after) = (summary.original_bytes, summary.compressed_bytes);
        if let Some(why) = summary.verbatim {
            say(&format!("{}: note: stored verbatim: {why}", input.name));
        } else if stderr().is_terminal() {
            let ratio = before as f64 / after as f64;
            say(&format!("{}: {before} bytes to {after}, ratio {ratio:.3}", input.name));
        }
        Ok(())
    }
}
