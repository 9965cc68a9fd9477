//! `tierwire compress`

use std::io::{Cursor, IsTerminal, Read, stderr, stdin};
use std::path::{Path, PathBuf};

use anyhow::Context;
use clap::builder::{PossibleValuesParser, TypedValueParser};
use golden_model::layout::SampleFormat;
use golden_model::near_lossless::{self, MaxError};
use golden_model::recordings::{Input, Source};
use golden_model::{TableSet, twr};
use indicatif::ProgressBar;
use recorders::choose::{Choice, choose, choose_for_stream};
use recorders::restore::RestoreError;
use recorders::{Aim, Kept, Recording};

use crate::messages::say;
use crate::output::{Output, blame};
use crate::recordings::{self, RawArguments, styled};
use crate::tables::{self, default_set};

/// What to compress, and how.
#[derive(clap::Args)]
#[command(before_help = "Example: tierwire compress run.ap.bin -o run.twr")]
pub struct Arguments {
    /// A recording: SpikeGLX (.bin), Open Ephys (folder), Intan (.rhd, .rhs), EDF, BDF, BrainVision
    /// (.vhdr), Neuralynx (.ncs), WAV; a folder of any of them; with --channels raw samples; - for
    /// standard input (WAV or raw).
    input: PathBuf,
    #[command(flatten)]
    raw: RawArguments,
    /// How a raw file holds a sample; all little endian.
    #[arg(long, requires = "channels", default_value = "i16", value_parser = formats())]
    format: SampleFormat,
    /// File to write; - for standard output.
    #[arg(short, long, value_name = "OUT.twr")]
    output: PathBuf,
    #[command(flatten)]
    tables: tables::Choice,
    /// Largest error of a sample, in steps of the recording's own converter; 0 is lossless.
    #[arg(long, value_name = "STEPS", default_value_t = 0,
          value_parser = clap::value_parser!(u16).range(0..=i64::from(near_lossless::MAX_ERROR)))]
    max_error: u16,
    /// For the best ratio: several times slower, there and back.
    #[arg(long, conflicts_with_all = ["codec", "tables"])]
    best: bool,
    /// Does not read back what was written.
    #[arg(long)]
    no_verify: bool,
}

/// The sample formats by their names.
fn formats() -> impl TypedValueParser<Value = SampleFormat> {
    let named = |name: String| SampleFormat::ALL.into_iter().find(|format| format.name() == name);
    PossibleValuesParser::new(SampleFormat::ALL.map(SampleFormat::name))
        .try_map(move |name| named(name).ok_or("no such format"))
}

impl Arguments {
    /// Compresses.
    pub fn run(self) -> anyhow::Result<()> {
        if let Some(set) = self.tables.chosen()? {
            let source = recordings::open(&self.input, self.raw.format()?)?;
            return self.with_table_set(&set, source);
        }
        if self.input == Path::new("-") {
            return self.stream();
        }
        let recording = match self.raw.form(self.format) {
            Some(form) => recorders::open_raw(&self.input, 0, form),
            None => recorders::open(&self.input),
        };
        // A table set's file has no room for fractions of a rate.
        match choose(&self.input, recording, self.raw.format().is_ok())? {
            Choice::TableSet => self.with_default_set(),
            Choice::Archive(recording) => self.archived(&recording),
        }
    }

    /// As a file of version 3 or 4.
    fn archived(&self, recording: &Recording) -> anyhow::Result<()> {
        recording.remarks.iter().for_each(|remark| say(&format!("note: {remark}")));
        let mut output = Output::create(&self.output)?;
        let bar = ProgressBar::new(recording.bytes());
        let bar = styled(bar, "{wide_bar} {bytes}/{total_bytes}, {bytes_per_sec}, {eta} left");
        let aim = Aim { max_error: self.max_error.into(), best: self.best };
        let kept = recorders::keep(recording, &mut output, aim, |more| bar.inc(more));
        bar.finish_and_clear();
        let kept = kept.map_err(|failed| failed.named(&output.name))?;
        self.finish_archive(kept, &self.input.display().to_string(), output)
    }

    fn finish_archive(&self, kept: Kept, name: &str, mut output: Output) -> anyhow::Result<()> {
        if !self.no_verify {
            recorders::check(&mut output)?;
        }
        output.finish()?;
        let (before, after) = (kept.original_bytes(), kept.compressed_bytes);
        if self.max_error > 0 && kept.rms_error() > 0.0 {
            say(&format!(
                "{name}: note: NOT lossless: samples within {} steps, {:.2} on average (rms)",
                self.max_error,
                kept.rms_error()
            ));
        }
        self.say_ratio(name, before, after);
        say_uncoded(name, kept.uncoded_bytes(), before);
        Ok(())
    }

    fn say_ratio(&self, name: &str, before: u64, after: u64) {
        if stderr().is_terminal() {
            let ratio = before as f64 / after as f64;
            say(&format!("{name}: {before} bytes to {after}, ratio {ratio:.3}"));
        }
    }

    /// Standard input: what it is shows in its first bytes.
    fn stream(&self) -> anyhow::Result<()> {
        let name = "standard input";
        let mut start = Vec::new();
        let mut input = stdin().lock();
        let read = input.by_ref().take(LOOKED_AT).read_to_end(&mut start);
        read.with_context(|| format!("{name}: cannot be read"))?;
        let archived =
            choose_for_stream(&start, self.raw.form(self.format), self.raw.format().is_ok());
        let mut input = Cursor::new(start).chain(input);
        let Some(layout) = archived else {
            // Also what is no WAV file at all: its reader says so.
            let mut source = recordings::open(&self.input, self.raw.format()?)?;
            source.input = Input::new(name.into(), input);
            return self.with_table_set(&default_set()?, source);
        };
        let mut output = Output::create(&self.output)?;
        let aim = Aim { max_error: self.max_error.into(), best: self.best };
        let kept =
            recorders::keep_stream("recording", &layout, &mut input, &mut output, aim, |_| ());
        let kept = kept.map_err(|error| RestoreError::of(error, name, &output.name))?;
        self.finish_archive(kept, name, output)
    }

    /// As a file of version 1, 2 or 5, with the default table set.
    fn with_default_set(&self) -> anyhow::Result<()> {
        let source = recordings::open(&self.input, self.raw.format()?)?;
        self.with_table_set(&default_set()?, source)
    }

    /// As a file of version 1 or 2, with a table set that it names.
    fn with_table_set(&self, set: &TableSet, source: Source) -> anyhow::Result<()> {
        let Source { mut input, kind, length, .. } = source;
        let mut output = Output::create(&self.output)?;
        let max_error = MaxError::new(self.max_error);
        let options = twr::Options {
            original: kind.original(),
            max_error,
            input_length: length,
            best: self.best,
            ..twr::Options::new(set)
        };
        let summary = twr::compress(&mut input, &mut output, &options)
            .map_err(|error| blame(error, &input.name, &output.name))?;
        if !self.no_verify {
            recorders::check_with(&mut output, set)?;
        }
        output.finish()?;
        let (before, after) = (summary.original_bytes, summary.compressed_bytes);
        if let Some(short) = summary.cut_short {
            say(&format!("{}: note: {short}", input.name));
        }
        if summary.verbatim.is_none() {
            say_uncoded(&input.name, summary.uncoded_bytes, before);
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
        } else {
            self.say_ratio(&input.name, before, after);
        }
        Ok(())
    }
}

/// Says when a large part of a recording is stored as it is. Some bytes after the samples are usual and
/// need no word.
fn say_uncoded(name: &str, uncoded: u64, all: u64) {
    if 2 * uncoded > all {
        say(&format!("{name}: note: {uncoded} of {all} bytes are stored as they are"));
    }
}

/// Bytes of standard input that are looked at first.
const LOOKED_AT: u64 = 1 << 16;
