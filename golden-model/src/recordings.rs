//! **Recordings**, found and read: a WAV file of any channels, a folder of mono WAV files as the
//! channels of one recording, or a raw file of interleaved 16-bit samples.

mod channel_reader;
mod channel_samples;
mod channel_writer;
mod error;
mod find;
mod folder;

pub use channel_reader::ChannelReader;
pub use channel_samples::{ChannelSamples, digest};
pub use channel_writer::{ChannelWriter, NoFolder};
pub use error::{Error, Fault};
pub use find::{Found, find, is_recording};
pub use folder::{Survey, rounds_at_once, survey};

use crate::twr::{Manifest, Original};
use crate::wav::{Head, Recording, to_bytes, to_samples};
use std::fs::{self, File};
use std::io::{self, Read};
use std::path::Path;

/// How a raw file is to be understood: only 16-bit samples, little endian, one of each channel, then
/// again.
#[derive(Clone, Copy, Debug, PartialEq, Eq)]
pub struct RawFormat {
    /// Channels, 1 to 32767.
    pub channels: u16,
    /// Samples per second of each channel.
    pub rate: u32,
}

/// An open file, or standard input, and its name.
pub struct Input {
    /// Its name in messages.
    pub name: String,
    /// Its bytes.
    pub reader: Box<dyn Read>,
}

impl Input {
    /// An input of this name.
    pub fn new(name: String, reader: impl Read + 'static) -> Input {
        Input { name, reader: Box::new(reader) }
    }

    /// Opens `path`, or standard input for `-`.
    ///
    /// # Errors
    /// When the file cannot be opened.
    pub fn open(path: &Path) -> Result<Input, Error> {
        if path == Path::new("-") {
            return Ok(Input::new("standard input".into(), io::stdin()));
        }
        let file = File::open(path).map_err(|error| Fault::Io(error).of(path))?;
        let reader = io::BufReader::with_capacity(1 << 16, file);
        Ok(Input::new(path.display().to_string(), reader))
    }
}

impl Read for Input {
    fn read(&mut self, buffer: &mut [u8]) -> io::Result<usize> {
        self.reader.read(buffer)
    }
}

/// An open recording.
pub struct Source {
    /// Its bytes, and its name.
    pub input: Input,
    /// What it is.
    pub kind: Kind,
    /// Bytes of the input, where they are known: of a file.
    pub length: Option<u64>,
    /// What of a folder is no WAV file, and is not read: names, in order.
    pub left_out: Vec<String>,
}

/// What a recording is.
pub enum Kind {
    /// A WAV file.
    Wav,
    /// A raw file.
    Raw(RawFormat),
    /// A folder of mono WAV files.
    Folder(Manifest),
}

impl Source {
    /// Opens `path`, or standard input for `-`; `raw` if it is a raw file.
    ///
    /// # Errors
    /// When it cannot be opened, or is a folder whose files are not the channels of one recording.
    pub fn open(path: &Path, raw: Option<RawFormat>) -> Result<Source, Error> {
        if path.is_dir() {
            if raw.is_some() {
                return Err(Fault::FolderAsRaw.of(path));
            }
            let Survey { manifest, left_out } = survey(path)?;
            let reader = ChannelReader::new(path, manifest.clone());
            let input = Input::new(path.display().to_string(), reader);
            return Ok(Source { input, kind: Kind::Folder(manifest), length: None, left_out });
        }
        let kind = raw.map_or(Kind::Wav, Kind::Raw);
        let length = fs::metadata(path).ok().filter(fs::Metadata::is_file).map(|file| file.len());
        Ok(Source { input: Input::open(path)?, kind, length, left_out: Vec::new() })
    }

    /// All bytes that a `.twr` file of it restores.
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
pub struct RecordingFile {
    /// Its name in messages.
    pub name: String,
    /// All bytes that a `.twr` file of it restores.
    pub bytes: Vec<u8>,
    /// The bytes before the samples.
    pub head: usize,
    /// Its samples.
    pub recording: Recording,
}

impl RecordingFile {
    /// Reads all of `path`; `raw` if it is a raw file.
    ///
    /// # Errors
    /// As [`Source::open`], and when the samples do not have 16 bits.
    pub fn read(path: &Path, raw: Option<RawFormat>) -> Result<RecordingFile, Error> {
        let source = Source::open(path, raw)?;
        let (layout, length) = match &source.kind {
            Kind::Wav => (None, 0),
            Kind::Raw(raw) => (Some((raw.rate, raw.channels, 0)), usize::MAX),
            Kind::Folder(manifest) => {
                let head = manifest.to_bytes().len();
                let layout = (manifest.rate(), manifest.channels(), head);
                (Some(layout), manifest.data_length() as usize)
            }
        };
        let mut input = source.whole();
        let (mut bytes, mut samples) = (Vec::new(), Vec::new());
        if let Err(error) = input.read_to_end(&mut bytes) {
            return Err(Error { name: input.name, fault: Fault::Io(error) });
        }
        let Some((rate, channels, head)) = layout else {
            return RecordingFile::of_wav(input.name, bytes);
        };
        let round = 2 * usize::from(channels);
        let data = (bytes.len() - head).min(length) / round * round;
        to_samples(&bytes[head..head + data], &mut samples);
        let recording = Recording { rate, channels, samples };
        Ok(RecordingFile { name: input.name, bytes, head, recording })
    }

    /// Takes a WAV file in memory.
    ///
    /// # Errors
    /// When it is none, or its samples do not have 16 bits.
    pub fn of_wav(name: String, bytes: Vec<u8>) -> Result<RecordingFile, Error> {
        let wrong = |error| Error { name: name.clone(), fault: Fault::Wav(error) };
        let head = Head::read(&mut &bytes[..], Some(bytes.len() as u64)).map_err(wrong)?;
        let (recording, head) =
            (Recording::after(&head, &bytes[head.bytes.len()..]), head.bytes.len());
        let recording = recording.map_err(wrong)?;
        Ok(RecordingFile { name, bytes, head, recording })
    }

    /// Whether it equals its own header, these samples, and its own tail.
    pub fn is_restored_by(&self, samples: &[i16]) -> bool {
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
    /// As a `.twr` file names it.
    pub fn original(&self) -> Original<'_> {
        match self {
            Kind::Wav => Original::Wav,
            &Kind::Raw(RawFormat { channels, rate }) => Original::Raw { rate, channels },
            Kind::Folder(manifest) => Original::Folder(manifest),
        }
    }
}
