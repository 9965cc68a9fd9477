//! Every method on recordings of any recorder: a column for each recording.
//!
//! The methods get the same: the samples of the channels that a recording was made for
//! ([`tracks`](::recorders::Recording::tracks)), as a WAV file with a head of 44 bytes. Beside them stands
//! what `tierwire compress` makes of the whole recording, with all that its recorder wrote.

use ::recorders::{Recording, Track};
use golden_model::layout::Samples;
use rayon::prelude::*;
use serde::Serialize;

use super::archive::Archive;
use super::halves::Halves;
use super::tables::aligned;
use super::{Sum, available, there_and_back};
use crate::baselines::wav::file_of;
use crate::baselines::{self, Facts, Method, recorder_methods};
use crate::{Error, archived};

/// The results.
#[derive(Clone, Debug, Serialize)]
pub struct Comparison {
    /// The recordings.
    pub recordings: Vec<Column>,
    /// The methods, by what they reach on those that all of them take; the best first.
    pub methods: Vec<Row>,
    /// Times that a method did not restore a recording.
    pub mismatches: u64,
}

/// A recording.
#[derive(Clone, Debug, Serialize)]
pub struct Column {
    /// Its name.
    pub name: String,
    /// Channels that were compared.
    pub channels: usize,
    /// Samples of all of them.
    pub samples: u64,
    /// Bytes of these samples, as a WAV file.
    pub original_bytes: u64,
    /// Bytes of the whole recording.
    pub whole_bytes: u64,
    /// Bytes of the archive of the whole recording.
    pub archive_bytes: u64,
    /// Whether that restored every file byte for byte.
    pub restored: bool,
}

/// A method.
#[derive(Clone, Debug, Serialize)]
pub struct Row {
    /// Its description.
    #[serde(flatten)]
    pub facts: Facts,
    /// Whether it could be measured at all.
    pub installed: bool,
    /// Compressed bytes of each recording, by column; `None`: it takes no such samples.
    pub compressed_bytes: Vec<Option<u64>>,
}

/// Most bytes of samples in one file; all of them are held in memory, many times.
const LARGEST: u64 = 1 << 30;

/// Runs every method on every recording. `done` is called after each, `note` for each problem.
///
/// # Errors
/// [`Error`]: no recording can be compared.
pub fn compare(
    recordings: &[(String, Recording)],
    done: impl Fn(),
    note: impl Fn(&str) + Sync,
) -> Result<Comparison, Error> {
    let mut methods: Vec<Box<dyn Method>> =
        vec![Box::new(Archive::new(false)), Box::new(Archive::new(true)), Box::new(Halves::new())];
    methods.extend(recorder_methods());
    let (methods, missing) = available(methods, &note);
    let row = |method: &dyn Method, installed| {
        let facts = method.facts().clone();
        Row { facts, installed, compressed_bytes: Vec::new() }
    };
    let mut rows: Vec<Row> = methods.iter().map(|method| row(&**method, true)).collect();
    let (mut columns, mut mismatches) = (Vec::new(), 0);
    for (name, recording) in recordings {
        match column(name, recording, &methods, &note) {
            Ok((column, sums)) => {
                mismatches += u64::from(!column.restored);
                columns.push(column);
                for (row, sum) in rows.iter_mut().zip(sums) {
                    mismatches += sum.map_or(0, |sum| sum.mismatches);
                    row.compressed_bytes.push(sum.map(|sum| sum.compressed_bytes));
                }
            }
            Err(error) => note(&format!("{name}: left out: {error}")),
        }
        done();
    }
    if columns.is_empty() {
        return Err(Error::NoRecordings);
    }
    let taken: Vec<bool> = (0..columns.len())
        .map(|column| rows.iter().all(|row| row.compressed_bytes[column].is_some()))
        .collect();
    // The logarithm of the geometric mean of ratios, but for what is the same for all.
    let size = |row: &Row| -> f64 {
        let taken = row.compressed_bytes.iter().zip(&taken).filter(|(_, taken)| **taken);
        taken.filter_map(|(bytes, _)| bytes.map(|bytes| (bytes as f64).ln())).sum()
    };
    rows.sort_by(|a, b| size(a).total_cmp(&size(b)));
    rows.extend(missing.iter().map(|method| Row {
        compressed_bytes: vec![None; columns.len()],
        ..row(&**method, false)
    }));
    Ok(Comparison { recordings: columns, methods: rows, mismatches })
}

/// One recording through every method; no sum of those that do not take it.
fn column(
    name: &str,
    recording: &Recording,
    methods: &[Box<dyn Method>],
    note: &(impl Fn(&str) + Sync),
) -> Result<(Column, Vec<Option<Sum>>), Error> {
    let tracks = recording.tracks()?;
    if tracks.is_empty() {
        return Err(Error::NoRecordings);
    }
    let whole = archived::there_and_back(name, recording, false)?;
    if let Some(why) = &whole.wrong {
        note(&format!("{name}: IS NOT RESTORED: {why}"));
    }
    let mut column = Column {
        name: name.into(),
        channels: tracks.iter().map(|track| track.group().channels.len()).sum(),
        samples: 0,
        original_bytes: 0,
        whole_bytes: whole.original_bytes,
        archive_bytes: whole.compressed_bytes,
        restored: whole.wrong.is_none(),
    };
    let mut sums = vec![Some(Sum::default()); methods.len()];
    for track in &tracks {
        let wav = wav(track)?;
        column.samples += track.rounds() * track.group().channels.len() as u64;
        column.original_bytes += wav.len() as u64;
        sums = methods
            .par_iter()
            .zip(sums)
            .map(|(method, sum)| match there_and_back(&**method, &wav, name, note) {
                Ok(more) => Ok(sum.map(|sum| sum.add(&more))),
                Err(baselines::Error::Wav(_)) => Ok(None),
                Err(source) => {
                    let method = method.facts().name.clone();
                    Err(Error::Method { path: name.into(), method, source })
                }
            })
            .collect::<Result<_, _>>()?;
    }
    Ok((column, sums))
}

/// A track as a WAV file.
pub(super) fn wav(track: &Track) -> Result<Vec<u8>, Error> {
    let group = track.group();
    let width = group.format.bytes();
    let not = |why| Error::NotTaken {
        path: group.format.name().into(),
        source: baselines::Error::Wav(why),
    };
    if width == 1 {
        return Err(not("samples of 8 bits are not compared"));
    }
    if track.bytes() > LARGEST {
        return Err(not("more than 1 GiB of samples"));
    }
    let bytes: Vec<u8> = match track.read(track.rounds())? {
        Samples::I16(samples) => samples.into_iter().flat_map(i16::to_le_bytes).collect(),
        Samples::I32(samples) => {
            samples.into_iter().flat_map(|s| s.to_le_bytes().into_iter().take(width)).collect()
        }
    };
    let rate = group.rate.as_f64().round() as u32;
    let file = file_of(rate.max(1), group.channels.len() as u16, width as u16, &bytes);
    file.ok_or_else(|| not("more channels than a WAV file holds"))
}

impl Comparison {
    /// The table: a row for each method, a column for each recording.
    pub fn table(&self) -> String {
        let head = self.recordings.iter().map(|column| column.name.clone());
        let mut rows = vec![std::iter::once("method".into()).chain(head).collect::<Vec<_>>()];
        let ratio = |before: u64, after: u64| format!("{:.3}", before as f64 / after as f64);
        for row in &self.methods {
            let cells = row.compressed_bytes.iter().zip(&self.recordings);
            let cells = cells.map(|(bytes, column)| match bytes {
                Some(bytes) => ratio(column.original_bytes, *bytes),
                None if row.installed => "-".into(),
                None => "not installed".into(),
            });
            rows.push(std::iter::once(row.facts.name.clone()).chain(cells).collect());
        }
        let whole = self.recordings.iter().map(|c| ratio(c.whole_bytes, c.archive_bytes));
        rows.push(std::iter::once("tierwire, whole recording".into()).chain(whole).collect());
        aligned(rows, |column| column == 0)
    }

    /// The table and what it means.
    pub fn text(&self) -> String {
        let samples: u64 = self.recordings.iter().map(|column| column.samples).sum();
        let mut text = format!(
            "{} recordings, {samples} samples.\n\n{}\n\
             Ratio: bytes of the samples, as a WAV file, / compressed bytes, all bytes counted. The samples\n\
             are those of the channels that a recording was made for; whole recording: all its files, with\n\
             heads, other channels and what lies beside them.\n\
             Tables of the other half: chosen and trained on one half of a recording, measured on the other.\n\
             - : a method for 16-bit samples, which has not been given others.\n\n",
            self.recordings.len(),
            self.table(),
        );
        text += &match self.mismatches {
            0 => "Every method measured restored every recording, byte for byte.\n".to_owned(),
            n => format!("WRONG: {n} times a recording was not restored.\n"),
        };
        text
    }

    /// A line for each method and recording.
    pub fn csv(&self) -> String {
        let mut text = "method,recording,original_bytes,compressed_bytes,ratio\n".to_owned();
        let quoted = |text: &str| format!("\"{}\"", text.replace('"', "\"\""));
        let mut line = |method: &str, recording: &str, before: u64, after: Option<u64>| {
            let after = after.map_or("-,-".into(), |after| {
                format!("{after},{:.6}", before as f64 / after as f64)
            });
            text += &format!("{},{},{before},{after}\n", quoted(method), quoted(recording));
        };
        for column in &self.recordings {
            let after = Some(column.archive_bytes);
            line("tierwire, whole recording", &column.name, column.whole_bytes, after);
        }
        for row in &self.methods {
            for (column, &after) in self.recordings.iter().zip(&row.compressed_bytes) {
                line(&row.facts.name, &column.name, column.original_bytes, after);
            }
        }
        text
    }
}
