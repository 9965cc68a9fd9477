//! Rounds to mono WAV files.

use std::fs::File;
use std::io::{self, Write};
use std::path::{Path, PathBuf};

use super::folder::rounds_at_once;
use crate::twr::{self, ChannelFile, Manifest};
use crate::wav::HEAD_LIMIT;

/// Takes the manifest, the samples and the tails of a folder, and writes its files.
#[derive(Debug)]
pub struct ChannelWriter {
    folder: PathBuf,
    rate: u32,
    channels: u16,
    stage: Stage,
    /// Bytes that have come and are not used yet.
    pending: Vec<u8>,
    fault: Option<NoFolder>,
}

/// Why bytes are not those of a folder.
#[derive(Debug, thiserror::Error)]
#[non_exhaustive]
pub enum NoFolder {
    /// The manifest is invalid.
    #[error(transparent)]
    Manifest(#[from] twr::Error),
    /// Bytes follow the last file.
    #[error("more comes than its files hold")]
    TooLong,
}

/// What comes next.
#[derive(Debug)]
enum Stage {
    Manifest,
    Samples { manifest: Manifest, rounds_left: u64 },
    Tails { manifest: Manifest, file: usize, left: u64 },
}

impl ChannelWriter {
    /// Writes the files of this many channels into an empty folder.
    pub fn new(folder: &Path, rate: u32, channels: u16) -> ChannelWriter {
        let (folder, stage, pending) = (folder.to_owned(), Stage::Manifest, Vec::new());
        ChannelWriter { folder, rate, channels, stage, pending, fault: None }
    }

    /// Why the input is not a valid folder, as opposed to an error of the disk.
    pub fn fault(&self) -> Option<&NoFolder> {
        self.fault.as_ref()
    }

    /// Whether the folder is complete.
    pub fn is_complete(&self) -> bool {
        matches!(&self.stage, Stage::Tails { manifest, file, .. } if *file == manifest.files().len())
    }

    /// Waits until the files are on the disk.
    ///
    /// # Errors
    /// What the disk says.
    pub fn sync(&self) -> io::Result<()> {
        if let Stage::Tails { manifest, .. } = &self.stage {
            for file in manifest.files() {
                File::open(self.folder.join(&file.name))?.sync_all()?;
            }
        }
        Ok(())
    }

    /// Uses pending bytes; returns whether more can be used.
    fn step(&mut self) -> io::Result<bool> {
        match &mut self.stage {
            Stage::Manifest => self.manifest(),
            Stage::Samples { manifest, rounds_left } => {
                let round = 2 * manifest.files().len();
                let run =
                    (rounds_at_once(manifest.files().len()) as u64).min(*rounds_left) as usize;
                if self.pending.len() < run * round {
                    return Ok(false);
                }
                let rest = self.pending.split_off(run * round);
                split(&self.folder, manifest.files(), &self.pending)?;
                self.pending = rest;
                *rounds_left -= run as u64;
                if *rounds_left == 0 {
                    let (file, left) = (0, manifest.files()[0].tail);
                    self.stage = Stage::Tails { manifest: manifest.clone(), file, left };
                }
                Ok(true)
            }
            Stage::Tails { manifest, file, left } => {
                let Some(channel) = manifest.files().get(*file) else {
                    return match self.pending.is_empty() {
                        true => Ok(false),
                        false => Err(self.refuse(NoFolder::TooLong)),
                    };
                };
                let some = self.pending.len().min(usize::try_from(*left).unwrap_or(usize::MAX));
                append(&self.folder, channel, &self.pending[..some])?;
                self.pending.drain(..some);
                *left -= some as u64;
                if *left > 0 {
                    return Ok(false);
                }
                *file += 1;
                *left = manifest.files().get(*file).map_or(0, |next| next.tail);
                Ok(true)
            }
        }
    }

    fn manifest(&mut self) -> io::Result<bool> {
        let Some(length) = self.pending.first_chunk() else { return Ok(false) };
        let length = u32::from_le_bytes(*length) as usize;
        // Longer ones are invalid, and `read` says so.
        if length as u64 <= HEAD_LIMIT && self.pending.len() < 4 + length {
            return Ok(false);
        }
        let mut pending = &self.pending[..];
        let manifest = match Manifest::read(&mut pending, self.rate, self.channels) {
            Ok(manifest) => manifest,
            Err(error) => return Err(self.refuse(error.into())),
        };
        self.pending = pending.to_vec();
        for file in manifest.files() {
            let path = self.folder.join(&file.name);
            File::create_new(path)
                .and_then(|mut created| created.write_all(&file.head))
                .map_err(|error| io::Error::new(error.kind(), format!("{}: {error}", file.name)))?;
        }
        let (rounds_left, tail) = (manifest.rounds(), manifest.files()[0].tail);
        self.stage = match rounds_left {
            0 => Stage::Tails { manifest, file: 0, left: tail },
            _ => Stage::Samples { manifest, rounds_left },
        };
        Ok(true)
    }

    fn refuse(&mut self, why: NoFolder) -> io::Error {
        let said = why.to_string();
        self.fault = Some(why);
        io::Error::other(said)
    }
}

/// Appends to each file its samples of these rounds.
fn split(folder: &Path, files: &[ChannelFile], rounds: &[u8]) -> io::Result<()> {
    let mut own = Vec::with_capacity(rounds.len() / files.len());
    for (channel, file) in files.iter().enumerate() {
        own.clear();
        for round in rounds.chunks_exact(2 * files.len()) {
            own.extend(&round[2 * channel..2 * channel + 2]);
        }
        append(folder, file, &own)?;
    }
    Ok(())
}

fn append(folder: &Path, file: &ChannelFile, bytes: &[u8]) -> io::Result<()> {
    if bytes.is_empty() {
        return Ok(());
    }
    File::options().append(true).open(folder.join(&file.name))?.write_all(bytes)
}

impl Write for ChannelWriter {
    fn write(&mut self, bytes: &[u8]) -> io::Result<usize> {
        self.pending.extend(bytes);
        while self.step()? {}
        Ok(bytes.len())
    }

    fn flush(&mut self) -> io::Result<()> {
        Ok(())
    }
}
