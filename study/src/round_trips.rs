//! Compresses and restores recordings, and measures ratio and speed.

use std::fs::{self, File};
use std::io::{self, BufReader, BufWriter, Seek};
use std::path::{Path, PathBuf};
use std::time::Duration;

use golden_model::TableSet;
use golden_model::twr;
use rayon::prelude::*;
use serde::Serialize;

use crate::against_original::AgainstOriginal;

/// The results for a folder.
#[derive(Serialize)]
pub struct Figures {
    /// Recordings that were compressed.
    files: u64,
    /// Their samples.
    samples: u64,
    original_bytes: u64,
    compressed_bytes: u64,
    /// Original bytes per compressed byte, over all files together.
    pub ratio: f64,
    /// Files that were not restored byte for byte.
    mismatches: u64,
    /// Samples per second of one core inside the encoder: samples to words, without reading,
    /// writing, headers and checksums. By the clock: other work on the machine lowers it. None where
    /// nothing was coded.
    encode_samples_per_s: Option<f64>,
    /// The same inside the decoder: words to samples.
    decode_samples_per_s: Option<f64>,
}

/// Compressed files up to this size stay in memory.
const IN_MEMORY: usize = 1 << 26;

/// Files, there and back.
#[derive(Default)]
pub struct Outcome {
    files: u64,
    samples: u64,
    original_bytes: u64,
    compressed_bytes: u64,
    encode_time: Duration,
    decode_time: Duration,
    /// Files that were not restored byte for byte.
    pub mismatches: u64,
    /// Files that could not be compressed.
    pub failures: u64,
}

/// Compresses each file, for the best ratio or with the set's codes, and restores it, on all cores at once. `note` gets what goes wrong, `done` is
/// called after each file.
pub fn measure(
    files: &[PathBuf],
    set: &TableSet,
    best: bool,
    done: impl Fn() + Sync,
    note: impl Fn(&str) + Sync,
) -> Outcome {
    let round_trip = |path: &PathBuf| {
        let outcome = there_and_back(path, set, best, &note).unwrap_or_else(|error| {
            note(&error);
            Outcome { failures: 1, ..Outcome::default() }
        });
        done();
        outcome
    };
    files.par_iter().map(round_trip).reduce(Outcome::default, Outcome::add)
}

fn there_and_back(
    path: &Path,
    set: &TableSet,
    best: bool,
    note: &impl Fn(&str),
) -> Result<Outcome, String> {
    let name = path.display();
    let open = || File::open(path).map(BufReader::new).map_err(|error| format!("{name}: {error}"));
    let kept = |error: io::Error| format!("{name}: its compressed form cannot be kept: {error}");
    let mut file = BufWriter::new(tempfile::spooled_tempfile(IN_MEMORY));
    let input_length = fs::metadata(path).ok().map(|file| file.len());
    let options = twr::Options { input_length, best, ..twr::Options::new(set) };
    let there =
        twr::compress(open()?, &mut file, &options).map_err(|error| format!("{name}: {error}"))?;
    let mut file = file.into_inner().map_err(|error| kept(error.into_error()))?;
    file.rewind().map_err(kept)?;
    if let Some(short) = there.cut_short {
        note(&format!("{name}: note: {short}"));
    }
    let mut compare = AgainstOriginal::new(open()?);
    let lookup = |_: &twr::Identity| Some(std::borrow::Cow::Borrowed(set));
    let back = twr::decompress(file, &mut compare, lookup);
    let wrong = match &back {
        Ok(_) => compare.finish().map(|difference| difference.to_string()),
        Err(twr::Error::Write(_)) => compare.difference().map(|d| d.to_string()),
        Err(error) => Some(error.to_string()),
    };
    if let Some(why) = &wrong {
        note(&format!("{name}: is not restored: {why}"));
    }
    Ok(Outcome {
        files: 1,
        samples: there.samples,
        original_bytes: there.original_bytes,
        compressed_bytes: there.compressed_bytes,
        encode_time: there.codec_time,
        decode_time: back.map(|back| back.codec_time).unwrap_or_default(),
        mismatches: wrong.is_some().into(),
        failures: 0,
    })
}

impl Outcome {
    fn add(self, other: Outcome) -> Outcome {
        Outcome {
            files: self.files + other.files,
            samples: self.samples + other.samples,
            original_bytes: self.original_bytes + other.original_bytes,
            compressed_bytes: self.compressed_bytes + other.compressed_bytes,
            encode_time: self.encode_time + other.encode_time,
            decode_time: self.decode_time + other.decode_time,
            mismatches: self.mismatches + other.mismatches,
            failures: self.failures + other.failures,
        }
    }

    /// Whether every file was restored.
    pub fn is_whole(&self) -> bool {
        self.failures + self.mismatches == 0
    }

    /// The figures.
    pub fn figures(&self) -> Figures {
        let coded = |time: Duration| (!time.is_zero()).then_some(time.as_secs_f64());
        let per_second = |time| Some(self.samples as f64 / coded(time)?);
        Figures {
            files: self.files,
            samples: self.samples,
            original_bytes: self.original_bytes,
            compressed_bytes: self.compressed_bytes,
            ratio: self.original_bytes as f64 / self.compressed_bytes.max(1) as f64,
            mismatches: self.mismatches,
            encode_samples_per_s: per_second(self.encode_time),
            decode_samples_per_s: per_second(self.decode_time),
        }
    }
}

impl Figures {
    /// A line for each, as the terminal shows them.
    pub fn text(&self) -> String {
        let speed =
            |per_s: Option<f64>| per_s.map_or("none".into(), |per_s| format!("{per_s:.3e}"));
        format!(
            "files                {}\nsamples              {}\noriginal_bytes       {}\n\
             compressed_bytes     {}\nratio                {:.4}\nmismatches           {}\n\
             encode_samples_per_s {}\ndecode_samples_per_s {}\n",
            self.files,
            self.samples,
            self.original_bytes,
            self.compressed_bytes,
            self.ratio,
            self.mismatches,
            speed(self.encode_samples_per_s),
            speed(self.decode_samples_per_s),
        )
    }
}
