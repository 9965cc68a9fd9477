//! Mono WAV files to rounds.

use std::fs::File;
use std::io::{self, Read, Seek, SeekFrom};
use std::path::{Path, PathBuf};

use super::folder::{RUN_BYTES, rounds_at_once};
use crate::twr::{ChannelFile, Manifest};

/// Reads the samples of all files in rounds, then their tails.
pub struct ChannelReader {
    folder: PathBuf,
    manifest: Manifest,
    /// Rounds read so far.
    round: u64,
    /// Files whose tails were read, and bytes read of the next one's.
    tails: usize,
    tail_at: u64,
    /// Bytes read but not yet returned.
    ready: io::Cursor<Vec<u8>>,
}

impl ChannelReader {
    /// Of the files of `folder` that the manifest names.
    pub fn new(folder: &Path, manifest: Manifest) -> ChannelReader {
        let ready = io::Cursor::default();
        ChannelReader { folder: folder.to_owned(), manifest, round: 0, tails: 0, tail_at: 0, ready }
    }

    /// The next rounds of all files.
    fn rounds(&mut self) -> io::Result<()> {
        let channels = self.manifest.files().len();
        let left = self.manifest.rounds() - self.round;
        let rounds = left.min(rounds_at_once(channels) as u64) as usize;
        let bytes = self.ready.get_mut();
        bytes.resize(rounds * 2 * channels, 0);
        let mut own = vec![0; 2 * rounds];
        for (channel, file) in self.manifest.files().iter().enumerate() {
            let start = file.head.len() as u64 + 2 * self.round;
            read_at(&self.folder, file, start, &mut own)?;
            let places = bytes.chunks_exact_mut(2 * channels);
            for (round, sample) in places.zip(own.chunks_exact(2)) {
                round[2 * channel..2 * channel + 2].copy_from_slice(sample);
            }
        }
        self.round += rounds as u64;
        Ok(())
    }

    /// More of the tail of the next file, which may be longer than memory.
    fn tail(&mut self) -> io::Result<()> {
        let file = &self.manifest.files()[self.tails];
        let bytes = self.ready.get_mut();
        let some = (file.tail - self.tail_at).min(RUN_BYTES as u64);
        bytes.resize(some as usize, 0);
        let start = file.head.len() as u64 + 2 * self.manifest.rounds() + self.tail_at;
        read_at(&self.folder, file, start, bytes)?;
        self.tail_at += some;
        if self.tail_at == file.tail {
            (self.tails, self.tail_at) = (self.tails + 1, 0);
        }
        Ok(())
    }
}

fn read_at(folder: &Path, file: &ChannelFile, start: u64, bytes: &mut [u8]) -> io::Result<()> {
    let path = folder.join(&file.name);
    let mut read = || {
        let mut file = File::open(&path)?;
        file.seek(SeekFrom::Start(start))?;
        file.read_exact(bytes)
    };
    read().map_err(|error| io::Error::new(error.kind(), format!("{}: {error}", path.display())))
}

impl Read for ChannelReader {
    fn read(&mut self, buffer: &mut [u8]) -> io::Result<usize> {
        loop {
            let got = self.ready.read(buffer)?;
            if got > 0 || buffer.is_empty() {
                return Ok(got);
            }
            self.ready.set_position(0);
            self.ready.get_mut().clear();
            if self.round < self.manifest.rounds() {
                self.rounds()?;
            } else if self.tails < self.manifest.files().len() {
                self.tail()?;
            } else {
                return Ok(0);
            }
        }
    }
}
