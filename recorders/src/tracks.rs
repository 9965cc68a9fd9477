//! **Tracks**: the samples that a recording was made for, read into memory.

use std::fs::File;
use std::io::{Read, Seek, SeekFrom};
use std::path::PathBuf;

use golden_model::layout::{Group, Layout, Parts, Samples};

use crate::{Error, Fault, Recording};

/// A group of channels in a file.
#[derive(Debug)]
pub struct Track<'r> {
    path: PathBuf,
    layout: &'r Layout,
    group: usize,
    rounds: u64,
}

/// Bytes that are read and taken apart at a time.
const BATCH: usize = 1 << 22;

impl Recording {
    /// The channels that it was made for: the group with the most samples, of those in microvolts if there
    /// are any, and the group of the same format and rate of each other file. What is sampled otherwise
    /// (auxiliary inputs, sync lines, time stamps) is left out.
    ///
    /// # Errors
    /// [`Error`]: a file is not there.
    pub fn tracks(&self) -> Result<Vec<Track<'_>>, Error> {
        let all = self.tracks_of_files()?;
        // The first of several that are equally large.
        let key = |track: &&Track| (track.is_in_microvolts(), track.bytes());
        let largest = all.iter().flatten().rev().max_by_key(key);
        let Some(like) = largest.map(|track| (track.group().format, track.group().rate)) else {
            return Ok(Vec::new());
        };
        let fits = |track: &Track| (track.group().format, track.group().rate) == like;
        let of_files = all
            .into_iter()
            .filter_map(|tracks| tracks.into_iter().rev().filter(fits).max_by_key(Track::bytes));
        Ok(of_files.collect())
    }

    /// Every group of channels, file by file.
    ///
    /// # Errors
    /// [`Error`]: a file is not there.
    pub fn all_tracks(&self) -> Result<Vec<Track<'_>>, Error> {
        Ok(self.tracks_of_files()?.into_iter().flatten().collect())
    }

    /// `[file with samples][group] -> track`
    fn tracks_of_files(&self) -> Result<Vec<Vec<Track<'_>>>, Error> {
        let coded = self.files.iter().filter_map(|part| Some((&part.path, part.layout.as_ref()?)));
        coded
            .map(|(path, layout)| {
                let path = self.folder.join(path);
                let there = path.metadata().map_err(|error| Fault::Io(error).of(&path))?;
                let records = layout.records_in(there.len());
                let track = |group| {
                    let rounds = records * u64::from(layout.rounds(group));
                    Track { path: path.clone(), layout, group, rounds }
                };
                Ok((0..layout.groups.len()).map(track).collect())
            })
            .collect()
    }
}

impl Track<'_> {
    /// Its channels, and how they are stored.
    pub fn group(&self) -> &Group {
        &self.layout.groups[self.group]
    }

    /// Whether its recorder says what a step of a channel is worth: of electrodes, not of time stamps.
    fn is_in_microvolts(&self) -> bool {
        self.group().channels.iter().any(|channel| channel.microvolts.is_some())
    }

    /// Samples of each channel.
    pub fn rounds(&self) -> u64 {
        self.rounds
    }

    /// Bytes of its samples in the file.
    pub fn bytes(&self) -> u64 {
        let group = self.group();
        self.rounds * (group.channels.len() * group.format.bytes()) as u64
    }

    /// Reads the samples, one of every channel in turn: those of the first records that hold `rounds`.
    ///
    /// # Errors
    /// [`Error`]: the file cannot be read.
    pub fn read(&self, rounds: u64) -> Result<Samples, Error> {
        self.read_first(rounds.min(self.rounds)).map_err(|error| Fault::Io(error).of(&self.path))
    }

    fn read_first(&self, rounds: u64) -> std::io::Result<Samples> {
        let record = self.layout.record_bytes();
        let mut file = File::open(&self.path)?;
        file.seek(SeekFrom::Start(self.layout.head))?;
        let records = rounds.div_ceil(u64::from(self.layout.rounds(self.group)).max(1));
        let mut file = file.take(records * record as u64);
        let batch = (BATCH / record).max(1) * record;
        let (mut bytes, mut parts) = (Vec::new(), Parts::default());
        let mut all = Samples::of(self.group().format);
        loop {
            bytes.clear();
            file.by_ref().take(batch as u64).read_to_end(&mut bytes)?;
            bytes.truncate(bytes.len() / record * record);
            if bytes.is_empty() {
                return Ok(all);
            }
            self.layout.split(&bytes, &mut parts);
            match (&mut all, &parts.groups[self.group]) {
                (Samples::I16(all), Samples::I16(more)) => all.extend(more),
                (Samples::I32(all), Samples::I32(more)) => all.extend(more),
                _ => unreachable!("a group has one format"),
            }
        }
    }
}
