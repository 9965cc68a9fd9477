//! `tierwire cat`

use std::fs::File;
use std::io::{BufReader, Write};
use std::ops::Range;
use std::path::PathBuf;

use anyhow::{Context, anyhow, bail};
use golden_model::archive::{Error, Index};
use golden_model::layout::Samples;

use crate::output::{Output, blame_archive};

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
    channels: Option<String>,
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
        let wrong = |error: Error| anyhow!("{name}: {error}");
        let file = File::open(&self.input).with_context(|| name.clone())?;
        let mut input = BufReader::new(file);
        let index = Index::read(&mut input).map_err(wrong)?;
        // The groups of all files, one after the other, as `info` counts them.
        let mut groups = index.files.iter().enumerate().flat_map(|(file, (header, _))| {
            let layout = header.samples.as_ref().map(|(layout, _)| layout);
            let groups = layout.map_or(&[][..], |layout| &layout.groups);
            groups.iter().enumerate().map(move |(number, group)| (file, number, group))
        });
        let Some((file, number, group)) = groups.nth(self.group) else {
            bail!("{name}: has no group {} of channels", self.group);
        };
        let all = group.channels.len();
        let channels = match &self.channels {
            None => (0..all).collect(),
            Some(list) => channels(list, all).map_err(|why| anyhow!("{name}: {why}"))?,
        };
        let round = |seconds: f64| (seconds * group.rate.as_f64()).round() as u64;
        let rounds = index.rounds(file, number);
        let rounds: Range<u64> = round(self.from)..self.to.map_or(rounds, round).min(rounds);
        let mut output = Output::create(&self.output)?;
        let output_name = output.name.clone();
        index
            .samples(&mut input, file, number, rounds, |samples| {
                let mut bytes = Vec::new();
                match samples {
                    Samples::I16(samples) => {
                        let picked = pick(&samples, all, &channels);
                        bytes.extend(picked.flat_map(i16::to_le_bytes));
                    }
                    Samples::I32(samples) => {
                        let picked = pick(&samples, all, &channels);
                        bytes.extend(picked.flat_map(i32::to_le_bytes));
                    }
                }
                output.write_all(&bytes).map_err(Error::Write)
            })
            .map_err(|error| blame_archive(error, &name, &output_name))?;
        output.finish()
    }
}

/// Some channels of rounds of `all`.
fn pick<'s, T: Copy>(
    samples: &'s [T],
    all: usize,
    channels: &'s [usize],
) -> impl Iterator<Item = T> + 's {
    samples.chunks_exact(all).flat_map(move |round| channels.iter().map(|&channel| round[channel]))
}

/// A time that is no less than zero.
fn seconds(text: &str) -> Result<f64, String> {
    match text.parse::<f64>() {
        Ok(seconds) if seconds >= 0.0 && seconds.is_finite() => Ok(seconds),
        _ => Err("not a time in seconds".into()),
    }
}

/// The channels of a list such as `3,7-9`, of `all`.
fn channels(list: &str, all: usize) -> Result<Vec<usize>, String> {
    let wrong = || format!("--channels {list}: give numbers and ranges such as 3,7-9");
    let mut channels = Vec::new();
    for part in list.split(',') {
        let (first, last) = part.split_once('-').unwrap_or((part, part));
        let number = |text: &str| text.trim().parse::<usize>().map_err(|_| wrong());
        let (first, last) = (number(first)?, number(last)?);
        if first > last {
            return Err(wrong());
        }
        if last >= all {
            return Err(format!(
                "--channels {list}: there are {all} channels, the last is {}",
                all - 1
            ));
        }
        channels.extend(first..=last);
    }
    Ok(channels)
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn a_list_of_channels_is_numbers_and_ranges() {
        assert_eq!(channels("3,7-9,0", 10), Ok(vec![3, 7, 8, 9, 0]));
        for wrong in ["", "a", "3-", "9-7", "10", "1,,2", "-1"] {
            assert!(channels(wrong, 10).is_err(), "{wrong}");
        }
    }
}
