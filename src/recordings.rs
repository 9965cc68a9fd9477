//! The recordings that commands are given.

use std::path::{Path, PathBuf};

use anyhow::bail;
use golden_model::converter::Kind;
use golden_model::layout::{Rate, SampleFormat};
use golden_model::recordings::{self, Found, RawFormat, Source};
use golden_model::{TableSet, folder_training};
use hdl::Profile;
use indicatif::{ProgressBar, ProgressDrawTarget, ProgressStyle};
use recorders::RawForm;
use study::round_trips::Outcome;
use testbench::runs::Progress;

use crate::messages::say;

/// Which recordings of a folder.
#[derive(clap::Args)]
pub struct Selection {
    /// Folder of recordings: all WAV files in it and in its subfolders.
    folder: PathBuf,
    /// Use every other recording only, in the order of their names: even is the first, third, and
    /// so on. This is for training on one half and measuring on the other.
    #[arg(long, value_enum)]
    only: Option<Half>,
}

/// One half of the recordings.
#[derive(Clone, Copy, clap::ValueEnum)]
enum Half {
    Even,
    Odd,
}

impl Selection {
    /// The WAV files selected.
    pub fn find(&self) -> anyhow::Result<Vec<PathBuf>> {
        self.select(find(&self.folder)?)
    }

    /// The half that is selected of all recordings.
    pub fn select<T>(&self, all: Vec<T>) -> anyhow::Result<Vec<T>> {
        let start = match self.only {
            None => return Ok(all),
            Some(Half::Even) => 0,
            Some(Half::Odd) => 1,
        };
        let half: Vec<T> = all.into_iter().skip(start).step_by(2).collect();
        if half.is_empty() {
            bail!("{}: only one recording in it", self.folder.display());
        }
        Ok(half)
    }

    /// The folder, for messages.
    pub fn folder(&self) -> &Path {
        &self.folder
    }
}

/// How a raw file is to be understood; without it, an input is no raw file.
#[derive(clap::Args, Clone, Copy)]
pub struct RawArguments {
    /// Number of channels of a raw file: samples, little endian, one of each channel in turn.
    #[arg(long, value_name = "N", requires = "rate",
          value_parser = clap::value_parser!(u16).range(1..=32767))]
    pub channels: Option<u16>,
    /// Sampling rate of a raw file, per channel, such as 30000 or 29999.4325.
    #[arg(long, value_name = "HZ", requires = "channels")]
    pub rate: Option<Rate>,
}

impl RawArguments {
    /// What the samples look like, if the input is a raw file.
    pub fn form(self, format: SampleFormat) -> Option<RawForm> {
        self.channels.zip(self.rate).map(|(channels, rate)| RawForm { format, channels, rate })
    }

    /// The format of 16-bit samples, if the input is a raw file.
    pub fn format(self) -> anyhow::Result<Option<RawFormat>> {
        let Some((channels, rate)) = self.channels.zip(self.rate) else { return Ok(None) };
        let whole = u32::try_from(rate.numerator()).ok().filter(|_| rate.denominator() == 1);
        let Some(rate) = whole else { bail!("--rate {rate}: only a whole number here") };
        Ok(Some(RawFormat { channels, rate }))
    }
}

/// The WAV files in a folder and the folders in it; says which of them are none.
pub fn find(folder: &Path) -> anyhow::Result<Vec<PathBuf>> {
    let Found { files, left_out } = recordings::find(folder)?;
    let inner = |path: &PathBuf| path.strip_prefix(folder).unwrap_or(path).display().to_string();
    let names: Vec<String> = left_out.iter().map(inner).collect();
    say_left_out(&folder.display().to_string(), &names);
    Ok(files)
}

/// The recordings in `path` for a profile's hardware: of the challenge's converter, the WAV files in a
/// folder; of others, one recorder's file or folder.
pub fn find_for(profile: &Profile, path: &Path) -> anyhow::Result<Vec<PathBuf>> {
    match profile.table_set().converter().parts().kind {
        Kind::Direct => Ok(vec![path.into()]),
        _ => find(path),
    }
}

/// The same of several files and folders; a folder with a mono WAV file for each channel is one recording.
pub fn files_for(profile: &Profile, inputs: &[PathBuf]) -> anyhow::Result<Vec<PathBuf>> {
    let channels = profile.channels();
    let mut files = Vec::new();
    for input in inputs {
        match !input.is_dir() || channels > 1 && recordings::is_folder_of(input, channels) {
            true => files.push(input.clone()),
            false => files.extend(find_for(profile, input)?),
        }
    }
    Ok(files)
}

/// Opens a recording, and says what of a folder is left out.
pub fn open(path: &Path, raw: Option<RawFormat>) -> anyhow::Result<Source> {
    let source = Source::open(path, raw)?;
    say_left_out(&source.input.name, &source.left_out);
    Ok(source)
}

fn say_left_out(folder: &str, names: &[String]) {
    if !names.is_empty() {
        say(&format!("{folder}: note: left out, since no WAV files: {}", names.join(", ")));
    }
}

/// Compresses and restores each file; what goes wrong is said on stderr.
pub fn round_trips(files: &[PathBuf], set: &TableSet, best: bool) -> Outcome {
    let bar = progress(files.len());
    let note = |text: &str| bar.suspend(|| say(text));
    let outcome = study::round_trips::measure(files, set, best, || bar.inc(1), note);
    bar.finish_and_clear();
    outcome
}

/// Ratio over all files; fails if one is not restored.
pub fn ratio(files: &[PathBuf], set: &TableSet) -> anyhow::Result<f64> {
    let outcome = round_trips(files, set, false);
    if !outcome.is_whole() {
        bail!("{}: not every recording was restored", set.name());
    }
    Ok(outcome.figures().ratio)
}

/// Trains the table set of this name on files.
pub fn train(codec: &str, files: &[PathBuf]) -> anyhow::Result<TableSet> {
    let bar = progress(2 * files.len());
    let set = folder_training::train(codec, files, || bar.inc(1));
    bar.finish_and_clear();
    Ok(set?)
}

/// A bar over samples on stderr; none when that is not a terminal.
pub struct SampleBar(ProgressBar);

impl SampleBar {
    pub fn new() -> SampleBar {
        let bar = ProgressBar::hidden();
        SampleBar(styled(bar, "{wide_bar} {human_pos}/{human_len} samples, {eta} left"))
    }
}

impl Progress for SampleBar {
    fn begin(&self, samples: u64) {
        self.0.reset();
        self.0.set_length(samples);
        self.0.set_draw_target(ProgressDrawTarget::stderr());
    }

    fn advance(&self, samples: u64) {
        self.0.inc(samples);
    }

    fn end(&self) {
        self.0.finish_and_clear();
    }
}

/// A bar over `files` on stderr; none when that is not a terminal.
pub fn progress(files: usize) -> ProgressBar {
    styled(ProgressBar::new(files as u64), "{wide_bar} {pos}/{len} files, {eta} left")
}

/// A bar that looks like this.
pub fn styled(bar: ProgressBar, template: &str) -> ProgressBar {
    let style = ProgressStyle::with_template(template);
    bar.with_style(style.unwrap_or(ProgressStyle::default_bar()))
}
