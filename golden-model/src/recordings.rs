//! **Recordings**, found and read: a WAV file of any channels, a folder of mono WAV files as the
//! channels of one recording, or a raw file of interleaved 16-bit samples.

mod channel_reader;
mod folder;

pub use channel_reader::ChannelReader;
pub use folder::{Survey, rounds_at_once, survey};

use crate::twr::{Manifest, Original};
use crate::wav::{self, Head, Recording, to_bytes, to_samples};
use std::fs::{self, File};
use std::io::{self, Read};
use std::path::{Path, PathBuf};

/// A recording that cannot be found or read.
#[derive(Debug, thiserror::Error)]
#[error("{name}: {fault}")]
pub struct Error {
    /// The file or folder.
    pub name: String,
    /// What is wrong with it.
    pub fault: Fault,
}

/// What is wrong with a recording.
#[derive(Debug, thiserror::Error)]
#[non_exhaustive]
pub enum Fault {
    /// The system does not give it.
    #[error("{0}")]
    Io(io::Error),
    /// No WAV file that is understood.
    #[error("{0}")]
    Wav(wav::Error),
    /// A folder without recordings.
    #[error("no WAV files in it")]
    NoWavFiles,
    /// A folder given as a raw file.
    #[error("is a folder; --channels and --rate are for raw files")]
    FolderAsRaw,
    /// A channel's file name that no `.twr` file can carry.
    #[error("its name is not UTF-8")]
    Name,
    /// A channel's file with more than one channel.
    #[error("{0} channels, not 1")]
    NotMono(u16),
    /// Channels of different rates.
    #[error("{rate} samples per second, {other} has {its}")]
    Rates {
        /// Of this file.
        rate: u32,
        /// The first file.
        other: String,
        /// Its rate.
        its: u32,
    },
    /// Channels of different lengths.
    #[error("{rounds} samples, {other} has {its}; channels of one recording have as many")]
    Lengths {
        /// Of this file.
        rounds: u64,
        /// The first file.
        other: String,
        /// Its length.
        its: u64,
    },
    /// A folder that no `.twr` file can carry.
    #[error("{0}")]
    Manifest(String),
}

impl Fault {
    /// The error of a file or folder.
    fn of(self, path: &Path) -> Error {
        Error { name: path.display().to_string(), fault: self }
    }
}

/// The recordings in `folder` and the folders in it, in the order of their names.
///
/// # Errors
/// When a folder cannot be read, or there are none.
pub fn find(folder: &Path) -> Result<Vec<PathBuf>, Error> {
    let mut found = Vec::new();
    let mut folders = vec![folder.to_owned()];
    while let Some(folder) = folders.pop() {
        for entry in fs::read_dir(&folder).map_err(|error| Fault::Io(error).of(&folder))? {
            let entry = entry.map_err(|error| Fault::Io(error).of(&folder))?;
            let path = entry.path();
            // A link to a folder may form a circle.
            if entry.file_type().map_err(|error| Fault::Io(error).of(&path))?.is_dir() {
                folders.push(path);
            } else if is_recording(&path) {
                found.push(path);
            }
        }
    }
    if found.is_empty() {
        return Err(Fault::NoWavFiles.of(folder));
    }
    found.sort();
    Ok(found)
}

/// Whether a path counts as a recording in a folder. Files whose names begin with `._` are notes
/// that macOS leaves on other systems' disks.
pub fn is_recording(path: &Path) -> bool {
    let hidden = path.file_name().is_some_and(|n| n.as_encoded_bytes().starts_with(b"._"));
    let wav = path.extension().is_some_and(|e| e.eq_ignore_ascii_case("wav"));
    wav && !hidden && !path.is_dir()
}

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

    /// Reads a WAV file.
    ///
    /// # Errors
    /// When it cannot be read, is none, or its samples do not have 16 bits.
    pub fn read_wav(path: &Path) -> Result<RecordingFile, Error> {
        let bytes = fs::read(path).map_err(|error| Fault::Io(error).of(path))?;
        RecordingFile::of_wav(path.display().to_string(), bytes)
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

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn recordings_are_found_in_folders_whatever_the_case_of_their_names() {
        let folder = tempfile::tempdir().unwrap();
        let names = ["a.wav", "b.WAV", "inner/c.wav", "._a.wav", "d.txt", "e.wav/f.Wav"];
        for name in names {
            let path = folder.path().join(name);
            fs::create_dir_all(path.parent().unwrap()).unwrap();
            fs::write(path, "").unwrap();
        }
        let found = find(folder.path()).unwrap();
        let found: Vec<_> = found.iter().map(|p| p.strip_prefix(folder.path()).unwrap()).collect();
        let expected = ["a.wav", "b.WAV", "e.wav/f.Wav", "inner/c.wav"].map(Path::new);
        assert_eq!(found, expected);
        for name in names {
            fs::remove_file(folder.path().join(name)).unwrap();
        }
        let error = find(folder.path()).unwrap_err();
        assert!(matches!(error.fault, Fault::NoWavFiles), "{error}");
    }
}
