//! What is analysed: WAV files with a table set, or recordings of any recorder with what suits them.

use std::path::Path;

use golden_model::layout::Samples;
use golden_model::wav::Recording;
use golden_model::{TableSet, twr};

use crate::{Error, archived};

/// A recording that is analysed.
pub struct Source<'a> {
    /// Its name on the page.
    pub name: String,
    /// Where it is.
    pub from: From<'a>,
}

/// Where a recording is.
pub enum From<'a> {
    /// A WAV file of 16-bit samples, compressed with this table set.
    Wav(&'a Path, &'a TableSet),
    /// A recorder's file or folder.
    Recorder(&'a recorders::Recording),
}

/// A recording in memory.
pub(super) struct Read {
    pub recording: Recording,
    pub original_bytes: u64,
    pub compressed_bytes: u64,
    /// What of it is not analysed.
    pub note: Option<String>,
}

/// Samples that are analysed, of a longer recording the first ones.
const MOST: u64 = 1 << 27;

impl Source<'_> {
    pub(super) fn read(&self) -> Result<Read, Error> {
        match self.from {
            From::Wav(path, set) => wav(path, set),
            From::Recorder(recording) => of_recorder(&self.name, recording),
        }
    }
}

fn wav(path: &Path, set: &TableSet) -> Result<Read, Error> {
    let bytes = std::fs::read(path).map_err(Error::file(path))?;
    let recording = Recording::read(&bytes[..]).map_err(Error::recording(path))?;
    let summary = twr::compress(&bytes[..], std::io::sink(), &twr::Options::new(set))
        .map_err(|source| Error::Compress { path: path.to_owned(), source })?;
    let (original_bytes, compressed_bytes) = (summary.original_bytes, summary.compressed_bytes);
    Ok(Read { recording, original_bytes, compressed_bytes, note: None })
}

/// The channels that it was made for, those of several files beside one another.
fn of_recorder(name: &str, recording: &recorders::Recording) -> Result<Read, Error> {
    let tracks = recording.tracks()?;
    let Some(first) = tracks.first() else { return Err(Error::NoRecordings) };
    let channels: usize = tracks.iter().map(|track| track.group().channels.len()).sum();
    let whole = tracks.iter().map(|track| track.rounds()).min().unwrap_or(0);
    let rounds = whole.min(MOST / channels as u64);
    let mut samples = vec![0; rounds as usize * channels];
    let mut place = 0;
    for track in &tracks {
        let Samples::I16(of_track) = track.read(rounds)? else {
            return Err(Error::TooWide {
                name: name.into(),
                bits: 8 * first.group().format.bytes(),
            });
        };
        let width = track.group().channels.len();
        for (round, part) in samples.chunks_mut(channels).zip(of_track.chunks(width)) {
            round[place..place + width].copy_from_slice(part);
        }
        place += width;
    }
    let all = archived::there_and_back(name, recording, false)?;
    let rate = first.group().rate.as_f64().round() as u32;
    let note = format!("{name}: only its first {rounds} of {whole} rounds are analysed");
    Ok(Read {
        recording: Recording { rate, channels: channels as u16, samples },
        original_bytes: all.original_bytes,
        compressed_bytes: all.compressed_bytes,
        note: (rounds < whole).then_some(note),
    })
}
