//! What goes in: a WAV file of any channels, a folder of mono WAV files as the channels of one
//! recording, or a raw file of interleaved 16-bit samples.

use std::io::{self, Read};
use std::path::Path;

use anyhow::{anyhow, bail};
use golden_model::twr::{Manifest, Original};
use golden_model::wav::{Head, Recording, to_bytes, to_samples};

use crate::channel_files::{ChannelReader, Survey, survey};
use crate::input::Input;
use crate::say;

/// How a raw file is to be understood; without, an input is no raw file.
#[derive(clap::Args, Clone, Copy, Default)]
pub struct RawFormat {
    /// The input is a raw file: nothing but 16-bit samples, little endian, one of each of N
    /// channels, then again.
    #[arg(long, value_name = "N", requires = "rate",
          value_parser = clap::value_parser!(u16).range(1..=32767))]
    channels: Option<u16>,
    /// Samples per second of each channel of a raw file.
    #[arg(long, value_name = "HZ", requires = "channels",
          value_parser = clap::value_parser!(u32).range(1..))]
    rate: Option<u32>,
}

/// An open recording.
pub struct Source {
    /// What comes out of it, and its name.
    pub input: Input,
    /// What it is.
    pub kind: Kind,
}

/// What a recording is.
pub enum Kind {
    Wav,
    Raw { rate: u32, channels: u16 },
    Folder(Manifest),
}

impl Source {
    /// Opens `path`, or standard input for `-`.
    pub fn open(path: &Path, raw: RawFormat) -> anyhow::Result<Source> {
        let raw = raw.channels.zip(raw.rate);
        if path.is_dir() {
            let name = path.display().to_string();
            if raw.is_some() {
                bail!("{name}: is a folder; --channels and --rate are for raw files");
            }
            let Survey { manifest, others } = survey(path)?;
            if others > 0 {
                say(&format!("{name}: note: left out, since no WAV files: {others}"));
            }
            let reader = ChannelReader::new(path, manifest.clone());
            return Ok(Source { input: Input::new(name, reader), kind: Kind::Folder(manifest) });
        }
        let kind = raw.map_or(Kind::Wav, |(channels, rate)| Kind::Raw { rate, channels });
        Ok(Source { input: Input::open(path)?, kind })
    }

    /// All that a `.twr` file of it gives back.
    pub fn whole(self) -> Input {
        match self.kind {
            Kind::Folder(manifest) => {
                let Input { name, reader } = self.input;
                Input::new(name, io::Cursor::new(manifest.to_bytes()).chain(reader))
            }
            _ => self.input,
        }
    }
}

/// A recording in memory.
pub struct Whole {
    /// As messages call it.
    pub name: String,
    /// All that a `.twr` file of it gives back.
    pub bytes: Vec<u8>,
    /// Of these, the ones before the samples.
    pub head: usize,
    /// Its samples.
    pub recording: Recording,
}

impl Whole {
    /// Reads all of `path`; samples of other than 16 bits are refused.
    pub fn read(path: &Path, raw: RawFormat) -> anyhow::Result<Whole> {
        let source = Source::open(path, raw)?;
        let (layout, length) = match &source.kind {
            Kind::Wav => (None, 0),
            Kind::Raw { rate, channels } => (Some((*rate, *channels, 0)), usize::MAX),
            Kind::Folder(manifest) => {
                let head = manifest.to_bytes().len();
                let layout = (manifest.rate(), manifest.channels(), head);
                (Some(layout), manifest.data_length() as usize)
            }
        };
        let mut input = source.whole();
        let (mut bytes, mut samples) = (Vec::new(), Vec::new());
        input.read_to_end(&mut bytes).map_err(|error| anyhow!("{}: {error}", input.name))?;
        let Some((rate, channels, head)) = layout else {
            return Whole::of_wav(input.name, bytes);
        };
        let round = 2 * usize::from(channels);
        let data = (bytes.len() - head).min(length) / round * round;
        to_samples(&bytes[head..head + data], &mut samples);
        let recording = Recording { rate, channels, samples };
        Ok(Whole { name: input.name, bytes, head, recording })
    }

    /// Takes a WAV file in memory.
    pub fn of_wav(name: String, bytes: Vec<u8>) -> anyhow::Result<Whole> {
        let wrong = |error| anyhow!("{name}: {error}");
        let head = Head::read(&mut &bytes[..]).map_err(wrong)?.bytes.len();
        let recording = Recording::read(&bytes[..]).map_err(wrong)?;
        Ok(Whole { name, bytes, head, recording })
    }

    /// Whether it is its own head, these samples, and its own tail.
    pub fn is_given_back_by(&self, samples: &[i16]) -> bool {
        let mut back = self.bytes[..self.head].to_vec();
        to_bytes(samples, &mut back);
        back.extend_from_slice(self.bytes.get(back.len()..).unwrap_or_default());
        back == self.bytes
    }
}

/// Whether `path` is a folder of mono WAV files that are so many channels of one recording.
pub fn is_folder_of(path: &Path, channels: usize) -> bool {
    path.is_dir()
        && survey(path).is_ok_and(|found| usize::from(found.manifest.channels()) == channels)
}

impl Kind {
    /// As the container calls it.
    pub fn original(&self) -> Original<'_> {
        match self {
            Kind::Wav => Original::Wav,
            Kind::Raw { rate, channels } => Original::Raw { rate: *rate, channels: *channels },
            Kind::Folder(manifest) => Original::Folder(manifest),
        }
    }
}
