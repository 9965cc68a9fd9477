//! `tierwire cat`

use std::fs::File;
use std::io::BufReader;
use std::path::PathBuf;

use anyhow::{Context, anyhow};
use recorders::cut::{ChannelList, Cut, CutError};
use recorders::restore::RestoreError;

use crate::output::Output;

/// What to write out.
#[derive(clap::Args)]
#[command(
    before_help = "Example: tierwire cat run.twr --from 10 --to 12.5 --channels 3,7-9 -o piece.raw"
)]
pub struct Arguments {
    /// File to read from, of version 3: as `compress` writes it without --codec and --tables.
    input: PathBuf,
    /// Where to begin, in seconds.
    #[arg(long, value_name = "SECONDS", default_value_t = 0.0, value_parser = seconds)]
    from: f64,
    /// Where to end; without it, at the end.
    #[arg(long, value_name = "SECONDS", value_parser = seconds)]
    to: Option<f64>,
    /// Which channels, in this order, counted from 0: such as 3,7-9. Without it, all.
    #[arg(long, value_name = "LIST")]
    channels: Option<ChannelList>,
    /// Which group of channels: `info` lists them. Without it, the first.
    #[arg(long, value_name = "N", default_value_t = 0)]
    group: usize,
    /// File to write; - for standard output. Raw samples, one of each channel, then again: little
    /// endian, 16 bits, or 32 where the recording has more.
    #[arg(short, long, value_name = "OUT", default_value = "-")]
    output: PathBuf,
}

impl Arguments {
    /// Writes the samples.
    pub fn run(self) -> anyhow::Result<()> {
        let name = self.input.display().to_string();
        let file = File::open(&self.input).with_context(|| name.clone())?;
        let mut output = Output::create(&self.output)?;
        let Arguments { group, channels, from, to, .. } = self;
        let cut = Cut { group, channels, from, to };
        match cut.write(BufReader::new(file), &mut output) {
            Ok(()) => Ok(output.finish()?),
            Err(CutError::Archive(error)) => {
                Err(RestoreError::of(error, &name, &output.name).into())
            }
            Err(error) => Err(anyhow!("{name}: {error}")),
        }
    }
}

/// A time that is no less than zero.
fn seconds(text: &str) -> Result<f64, String> {
    match text.parse::<f64>() {
        Ok(seconds) if seconds >= 0.0 && seconds.is_finite() => Ok(seconds),
        _ => Err("not a time in seconds".into()),
    }
}
