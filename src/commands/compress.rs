//! `tierwire compress`

use std::io::{IsTerminal, stderr};
use std::path::PathBuf;

use golden_model::near_lossless::{self, MaxError};
use golden_model::recordings::Source;
use golden_model::twr;

use crate::messages::say;
use crate::output::{Output, blame};
use crate::recordings::{self, RawArguments};
use crate::tables::Choice;

/// What to compress, and how.
#[derive(clap::Args)]
#[command(before_help = "Example: tierwire compress recording.wav -o recording.twr")]
pub struct Arguments {
    /// Recording: a WAV file, a folder with one mono WAV file per channel, or, with --channels and
    /// --rate, a raw file; - for standard input.
    input: PathBuf,
    #[command(flatten)]
    raw: RawArguments,
    /// File to write; - for standard output.
    #[arg(short, long, value_name = "OUT.twr")]
    output: PathBuf,
    #[command(flatten)]
    tables: Choice,
    /// Largest error of a sample, in steps of the 10-bit converter; 0 is lossless.
    #[arg(long, value_name = "TOKENS", default_value_t = 0,
          value_parser = clap::value_parser!(u16).range(0..=i64::from(near_lossless::MAX_ERROR)))]
    max_error: u16,
}

impl Arguments {
    /// Compresses.
    pub fn run(self) -> anyhow::Result<()> {
        let set = self.tables.load()?;
        let max_error = MaxError::new(self.max_error);
        let Source { mut input, kind, length, .. } =
            recordings::open(&self.input, self.raw.format())?;
        let mut output = Output::create(&self.output)?;
        let options = twr::Options {
            original: kind.original(),
            max_error,
            input_length: length,
            ..twr::Options::new(&set)
        };
        let summary = twr::compress(&mut input, &mut output, &options)
            .map_err(|error| blame(error, &input.name, &output.name))?;
        output.finish()?;
        let (before, after) = (summary.original_bytes, summary.compressed_bytes);
        if let Some(short) = summary.cut_short {
            say(&format!("{}: note: {short}", input.name));
        }
        // Some bytes behind the samples are usual and need no word.
        if summary.verbatim.is_none() && 2 * summary.uncoded_bytes > before {
            let uncoded = summary.uncoded_bytes;
            say(&format!(
                "{}: note: {uncoded} of {before} bytes are stored as they are",
                input.name
            ));
        }
        if let Some(why) = summary.verbatim {
            say(&format!("{}: note: stored verbatim: {why}", input.name));
        } else if max_error.is_some() {
            let decibels = summary.noise.signal_to_noise();
            let ratio = before as f64 / after as f64;
            say(&format!(
                "{}: note: NOT lossless: samples within {} tokens, signal to noise {decibels:.1} dB, ratio {ratio:.3}",
                input.name, self.max_error
            ));
        } else if stderr().is_terminal() {
            let ratio = before as f64 / after as f64;
            say(&format!("{}: {before} bytes to {after}, ratio {ratio:.3}", input.name));
        }
        Ok(())
    }
}
