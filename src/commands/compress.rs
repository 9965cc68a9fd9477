//! `tierwire compress`

use std::io::{self, Cursor, IsTerminal, Read, stderr, stdin};
use std::path::{Path, PathBuf};

use anyhow::{Context, anyhow, bail};
use clap::ValueEnum;
use golden_model::layout::{Channel, Group, Layout, SampleFormat};
use golden_model::near_lossless::{self, MaxError};
use golden_model::recordings::{Input, Source, survey};
use golden_model::shipped::DEFAULT;
use golden_model::wav::Head;
use golden_model::{TableSet, shipped, twr};
use recorders::{Fault, Kept, Recording};

use crate::archives::{self, are_of_the_challenge, is_of_the_challenge};
use crate::messages::say;
use crate::output::{Output, blame};
use crate::recordings::{self, RawArguments};
use crate::tables::Choice;

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
    /// How a raw file holds a sample.
    #[arg(long, requires = "channels", default_value = "i16")]
    format: RawSample,
    /// File to write; - for standard output.
    #[arg(short, long, value_name = "OUT.twr")]
    output: PathBuf,
    #[command(flatten)]
    tables: Choice,
    /// Largest error of a sample, in steps of the recording's own converter; 0 is lossless.
    #[arg(long, value_name = "STEPS", default_value_t = 0,
          value_parser = clap::value_parser!(u16).range(0..=i64::from(near_lossless::MAX_ERROR)))]
    max_error: u16,
    /// Does not read back what was written.
    #[arg(long)]
    no_verify: bool,
}

/// How a raw file holds a sample; all little endian.
#[derive(Clone, Copy, ValueEnum)]
enum RawSample {
    I8,
    U8,
    I16,
    U16,
    I24,
    I32,
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
        let recording = match self.raw.channels.zip(self.raw.rate) {
            Some((channels, rate)) => {
                recorders::open_raw(&self.input, 0, self.sample_format(), channels, rate)
            }
            None => recorders::open(&self.input),
        };
        let set = shipped(DEFAULT).context("no default table set")?;
        if self.input.is_dir() && survey(&self.input).is_ok() {
            let source = recordings::open(&self.input, None)?;
            if self.is_of_the_challenge(recording?)? {
                return self.with_table_set(&set, source);
            }
            return self.archived(&recorders::open(&self.input)?);
        }
        match recording {
            Ok(recording) if is_of_the_challenge(&recording)? && self.is_whole_rate() => {
                let source = recordings::open(&self.input, self.raw.format()?)?;
                self.with_table_set(&set, source)
            }
            Ok(recording)
                if recording.files.iter().all(|part| part.layout.is_none())
                    && self.input.is_dir() =>
            {
                bail!("{}: no recordings in it", self.input.display())
            }
            Ok(recording) => self.archived(&recording),
            // A WAV file that is broken is said to be so in the words of its own reader.
            Err(error) if matches!(error.fault, Fault::Wav(_)) || self.is_named_wav() => {
                let source = recordings::open(&self.input, None)?;
                self.with_table_set(&set, source)
            }
            Err(error) => Err(error.into()),
        }
    }

    fn sample_format(&self) -> SampleFormat {
        match self.format {
            RawSample::I8 => SampleFormat::I8,
            RawSample::U8 => SampleFormat::U8,
            RawSample::I16 => SampleFormat::I16,
            RawSample::U16 => SampleFormat::U16,
            RawSample::I24 => SampleFormat::I24,
            RawSample::I32 => SampleFormat::I32,
        }
    }

    fn is_named_wav(&self) -> bool {
        self.input.extension().is_some_and(|kind| kind.eq_ignore_ascii_case("wav"))
    }

    /// Whether a table set's file can carry the rate: it has no room for fractions.
    fn is_whole_rate(&self) -> bool {
        self.raw.format().is_ok()
    }

    /// Whether each file of a folder is of the challenge.
    fn is_of_the_challenge(&self, recording: Recording) -> anyhow::Result<bool> {
        let Recording { kind, folder, files, .. } = recording;
        for part in files.into_iter().filter(|part| part.layout.is_some()) {
            let alone = Recording {
                kind,
                folder: folder.clone(),
                files: vec![part],
                sidecars: Vec::new(),
                remarks: Vec::new(),
            };
            if !is_of_the_challenge(&alone)? {
                return Ok(false);
            }
        }
        Ok(true)
    }

    /// As a file of version 3.
    fn archived(&self, recording: &Recording) -> anyhow::Result<()> {
        let mut output = Output::create(&self.output)?;
        let kept = archives::compress(recording, &mut output, self.max_error.into())?;
        self.finish_archive(kept, &self.input.display().to_string(), output)
    }

    fn finish_archive(&self, kept: Kept, name: &str, mut output: Output) -> anyhow::Result<()> {
        if !self.no_verify {
            archives::check(output.written()?, &output.name)?;
        }
        output.finish()?;
        let (before, after) = (kept.original_bytes(), kept.compressed_bytes);
        let squared: f64 = kept.files.iter().map(|file| file.squared_error).sum();
        if self.max_error > 0 && squared > 0.0 {
            let samples: u64 = kept.files.iter().map(|file| file.samples).sum();
            let error = (squared / samples.max(1) as f64).sqrt();
            say(&format!(
                "{name}: note: NOT lossless: samples within {} steps, {error:.2} on average (rms)",
                self.max_error
            ));
        }
        self.say_ratio(name, before, after);
        if after as f64 > 0.98 * before as f64 && before > 1000 {
            say(&format!("{name}: note: hardly smaller: its samples are noise, or no samples"));
        }
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
        let raw = self.raw.channels.zip(self.raw.rate).map(|(channels, rate)| {
            let channels = vec![Channel::default(); channels.into()];
            Layout::interleaved(0, Group { format: self.sample_format(), rate, channels })
        });
        let layout = match raw {
            Some(layout) => Some(layout),
            None => {
                let head = Head::read(&mut &start[..], None).ok();
                head.and_then(|head| recorders::wav::layout(&head).ok())
            }
        };
        let is_of_the_challenge = layout.as_ref().is_none_or(|layout| {
            let samples = start.get(layout.head as usize..).unwrap_or_default();
            let round = layout.record_bytes();
            let most = layout.records.unwrap_or(u64::MAX).saturating_mul(round as u64);
            let samples =
                &samples[..samples.len().min(usize::try_from(most).unwrap_or(usize::MAX))];
            recorders::is_interleaved_i16(layout)
                && are_of_the_challenge(&samples[..samples.len() / round * round])
                && self.is_whole_rate()
        });
        let mut input = Cursor::new(start).chain(input);
        match layout.filter(|_| !is_of_the_challenge) {
            // Also what is no WAV file at all: its reader says so.
            None => {
                let set = shipped(DEFAULT).context("no default table set")?;
                let mut source = recordings::open(&self.input, self.raw.format()?)?;
                source.input = Input::new(name.into(), input);
                self.with_table_set(&set, source)
            }
            Some(layout) => {
                let mut output = Output::create(&self.output)?;
                let error = self.max_error.into();
                let kept = recorders::keep_stream(
                    "recording",
                    &layout,
                    &mut input,
                    &mut output,
                    error,
                    |_| (),
                );
                let kept = kept.map_err(|error| match error {
                    error @ golden_model::archive::Error::Write(_) => {
                        anyhow!("{}: {error}", output.name)
                    }
                    error => anyhow!("{name}: {error}"),
                })?;
                self.finish_archive(kept, name, output)
            }
        }
    }

    /// As a file of version 1 or 2, with a table set that it names.
    fn with_table_set(&self, set: &TableSet, source: Source) -> anyhow::Result<()> {
        let max_error = MaxError::new(self.max_error);
        let Source { mut input, kind, length, .. } = source;
        let mut output = Output::create(&self.output)?;
        let options = twr::Options {
            original: kind.original(),
            max_error,
            input_length: length,
            ..twr::Options::new(set)
        };
        let summary = twr::compress(&mut input, &mut output, &options)
            .map_err(|error| blame(error, &input.name, &output.name))?;
        if !self.no_verify
            && let Some(written) = output.written()?
        {
            let known = Some(std::borrow::Cow::Borrowed(set));
            let checked =
                twr::decompress(io::BufReader::new(written), io::sink(), |_| known.clone());
            if let Err(error) = checked {
                bail!("{}: not written as it should be: {error}", output.name);
            }
        }
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
        } else {
            self.say_ratio(&input.name, before, after);
        }
        Ok(())
    }
}

/// Bytes of standard input that are looked at first.
const LOOKED_AT: u64 = 1 << 16;
