//! Rounds to mono WAV files.

use std::fs::{self, File};
use std::io::{self, Write};
use std::path::{Path, PathBuf};

use anyhow::{Context, bail};
use golden_model::twr::{ChannelFile, Manifest};
use golden_model::wav::HEAD_LIMIT;

use crate::temporary::{Temporary, sync_folder};
use golden_model::recordings::rounds_at_once;

/// Takes the manifest, the samples and the tails of a folder, and writes its files.
///
/// The folder appears under its name when all of its files are complete and synced, and not before.
pub struct ChannelWriter {
    /// Its name in messages.
    pub name: String,
    path: PathBuf,
    temporary: Temporary,
    rate: u32,
    channels: u16,
    stage: Stage,
    /// Bytes that have come and are not used yet.
    pending: Vec<u8>,
    /// Why the input is not a valid folder.
    fault: Option<String>,
}

/// What comes next.
enum Stage {
    Manifest,
    Samples { manifest: Manifest, rounds_left: u64 },
    Tails { manifest: Manifest, file: usize, left: u64 },
}

impl ChannelWriter {
    /// An empty folder of this many channels.
    pub fn create(path: &Path, rate: u32, channels: u16) -> anyhow::Result<ChannelWriter> {
        let name = path.display().to_string();
        let create = || {
            if path == Path::new("-") {
                bail!("a folder was compressed, and no pipe holds one");
            }
            match fs::read_dir(path).map(|mut entries| entries.next().is_some()) {
                Ok(false) => {}
                Ok(true) => bail!("is there already, with files in it"),
                Err(error) if error.kind() == io::ErrorKind::NotFound => {}
                Err(error) => return Err(error.into()),
            }
            Ok(Temporary::folder(path)?)
        };
        let temporary = create().with_context(|| name.clone())?;
        let (stage, path) = (Stage::Manifest, path.to_owned());
        let pending = Vec::new();
        Ok(ChannelWriter { name, path, temporary, rate, channels, stage, pending, fault: None })
    }

    /// Why the input is not a valid folder, as opposed to an error of the disk.
    pub fn fault(&self) -> Option<&str> {
        self.fault.as_deref()
    }

    /// Gives the complete folder its name.
    pub fn finish(self) -> anyhow::Result<()> {
        let name = self.name.clone();
        self.close().with_context(|| format!("{name}: cannot be written"))
    }

    /// Whether the folder is complete.
    pub fn is_complete(&self) -> bool {
        matches!(&self.stage, Stage::Tails { manifest, file, .. } if *file == manifest.files().len())
    }

    fn close(self) -> io::Result<()> {
        if let Stage::Tails { manifest, .. } = &self.stage {
            for file in manifest.files() {
                File::open(self.temporary.path().join(&file.name))?.sync_all()?;
            }
        }
        sync_folder(self.temporary.path());
        self.temporary.rename(&self.path)
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
                split(self.temporary.path(), manifest.files(), &self.pending)?;
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
                        false => Err(self.refuse("more comes than its files hold".into())),
                    };
                };
                let some = self.pending.len().min(usize::try_from(*left).unwrap_or(usize::MAX));
                append(self.temporary.path(), channel, &self.pending[..some])?;
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
            Err(error) => return Err(self.refuse(error.to_string())),
        };
        self.pending = pending.to_vec();
        for file in manifest.files() {
            let path = self.temporary.path().join(&file.name);
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

    fn refuse(&mut self, why: String) -> io::Error {
        self.fault = Some(why.clone());
        io::Error::other(why)
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
