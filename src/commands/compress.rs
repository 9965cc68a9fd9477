//! `tierwire compress`

use std::io::{self, Cursor, IsTerminal, Read, stderr, stdin};
use std::path::{Path, PathBuf};

use anyhow::{Context, bail};
use clap::builder::{PossibleValuesParser, TypedValueParser};
use golden_model::layout::{Channel, Group, Layout, SampleFormat};
use golden_model::near_lossless::{self, MaxError};
use golden_model::recordings::{Input, Source, survey};
use golden_model::wav::Head;
use golden_model::{TableSet, twr};
use recorders::challenge::{is_made_by_the_challenge, is_of_the_challenge};
use recorders::restore::RestoreError;
use recorders::{Fault, Kept, Kind, Recording};

use crate::archives;
use crate::messages::say;
use crate::output::{Output, blame};
use crate::recordings::{self, RawArguments};
use crate::tables::{Choice, default_set};

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
    tables: Choice,
    /// Largest error of a sample, in steps of the recording's own converter; 0 is lossless.
    #[arg(long, value_name = "STEPS", default_value_t = 0,
          value_parser = clap::value_parser!(u16).range(0..=i64::from(near_lossless::MAX_ERROR)))]
    max_error: u16,
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
        let recording = match self.raw.channels.zip(self.raw.rate) {
            Some((channels, rate)) => {
                recorders::open_raw(&self.input, 0, self.format, channels, rate)
            }
            None => recorders::open(&self.input),
        };
        // What a table set's file can carry at all.
        let fits = match (&recording, self.input.is_dir()) {
            (Ok(recording), true) => self.are_channels(recording)?,
            _ => self.is_whole_rate(),
        };
        match recording {
            Ok(recording) if fits && is_of_the_challenge(&recording)? => self.with_default_set(),
            Ok(recording) => self.archived(&recording),
            // A WAV file that is broken is said to be so in the words of its own reader.
            Err(error) if matches!(error.fault, Fault::Wav(_)) || self.is_meant_as_wav() => {
                self.with_default_set()
            }
            Err(error) => Err(error.into()),
        }
    }

    /// Whether a folder is the channels of one recording. One with mono WAV files, or with no
    /// recordings, is so or an error; others are kept file by file.
    fn are_channels(&self, recording: &Recording) -> anyhow::Result<bool> {
        let layouts = || recording.files.iter().filter_map(|part| part.layout.as_ref());
        let is_mono = |layout: &Layout| {
            matches!(&layout.groups[..], [group]
                if group.format == SampleFormat::I16 && group.channels.len() == 1)
        };
        let are_meant = recording.kind == Kind::Wav && layouts().any(is_mono);
        match survey(&self.input) {
            Ok(_) => Ok(true),
            Err(error) if are_meant => Err(error.into()),
            Err(_) if layouts().next().is_none() => {
                Err(recorders::Error { path: self.input.clone(), fault: Fault::NoRecording }.into())
            }
            Err(_) => Ok(false),
        }
    }

    /// By its name; or it is empty, and could be anything.
    fn is_meant_as_wav(&self) -> bool {
        self.input.extension().is_some_and(|kind| kind.eq_ignore_ascii_case("wav"))
            || self.input.metadata().is_ok_and(|file| file.len() == 0)
    }

    /// Whether a table set's file can carry the rate: it has no room for fractions.
    fn is_whole_rate(&self) -> bool {
        self.raw.format().is_ok()
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
        say_uncoded(name, kept.files.iter().map(|file| file.uncoded_bytes).sum(), before);
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
            Layout::interleaved(0, Group { format: self.format, rate, channels })
        });
        let layout = match raw {
            Some(layout) => Some(layout),
            None => {
                let head = Head::read(&mut &start[..], None).ok();
                head.and_then(|head| recorders::wav::layout(&head).ok())
            }
        };
        let archived = layout.filter(|layout| {
            let samples = start.get(layout.head as usize..).unwrap_or_default();
            let made = is_made_by_the_challenge(layout, samples);
            !(self.is_whole_rate() && made.expect("memory can be read"))
        });
        let mut input = Cursor::new(start).chain(input);
        let Some(layout) = archived else {
            // Also what is no WAV file at all: its reader says so.
            let mut source = recordings::open(&self.input, self.raw.format()?)?;
            source.input = Input::new(name.into(), input);
            return self.with_table_set(&default_set()?, source);
        };
        let mut output = Output::create(&self.output)?;
        let error = self.max_error.into();
        let kept =
            recorders::keep_stream("recording", &layout, &mut input, &mut output, error, |_| ());
        let kept = kept.map_err(|error| RestoreError::of(error, name, &output.name))?;
        self.finish_archive(kept, name, output)
    }

    /// As a file of version 1 or 2, with the default table set.
    fn with_default_set(&self) -> anyhow::Result<()> {
        let source = recordings::open(&self.input, self.raw.format()?)?;
        self.with_table_set(&default_set()?, source)
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
