//! Every method on the same recordings: ratio, speed, and whether every file was restored.

mod archive;
pub mod four_lengths;
mod halves;
pub mod plot;
pub mod recorders;
pub mod speed;
mod table_sets;
pub mod tables;

use std::fs;
use std::path::{Path, PathBuf};
use std::time::Duration;

use crate::baselines::successors::Counts;
use crate::baselines::wav::Wav;
use crate::baselines::{Clock, Facts, Method};
use four_lengths::FourLengths;
use rayon::prelude::*;
use serde::Serialize;

use crate::{Error, baselines};

/// The results.
#[derive(Clone, Debug, Serialize)]
pub struct Comparison {
    /// Number of recordings.
    pub files: u64,
    /// Files that are no recordings of 16-bit samples.
    pub left_out: u64,
    /// Samples of all recordings.
    pub samples: u64,
    /// Bytes of all recordings.
    pub original_bytes: u64,
    /// The methods, the smallest first; then what is not installed.
    pub methods: Vec<Row>,
    /// How often each of four lengths would be used.
    pub four_lengths: FourLengths,
}

/// A method and its figures.
#[derive(Clone, Debug, Serialize)]
pub struct Row {
    /// Its description.
    #[serde(flatten)]
    pub facts: Facts,
    /// What was measured; `None` if the method is not installed.
    pub figures: Option<Figures>,
}

/// What was measured of a method.
#[derive(Clone, Debug, Serialize)]
pub struct Figures {
    /// All that was written, headers included.
    pub compressed_bytes: u64,
    /// Original bytes per compressed byte, over all files together.
    pub ratio: f64,
    /// Compressed bits per sample.
    pub bits_per_sample: f64,
    /// Samples per second of one core.
    pub encode_samples_per_s: f64,
    /// The same back.
    pub decode_samples_per_s: f64,
    /// Recordings that were not restored byte for byte.
    pub mismatches: u64,
}

impl Comparison {
    /// Recordings that some method did not restore.
    pub fn mismatches(&self) -> u64 {
        self.methods.iter().filter_map(|row| row.figures.as_ref()).map(|f| f.mismatches).sum()
    }

    /// Methods that could not be measured.
    pub fn not_installed(&self) -> impl Iterator<Item = &str> {
        self.methods.iter().filter(|row| row.figures.is_none()).map(|row| &row.facts.name[..])
    }
}

/// Sums over all recordings of one method.
#[derive(Clone, Copy, Default)]
struct Sum {
    compressed_bytes: u64,
    encode: Duration,
    decode: Duration,
    mismatches: u64,
}

/// One recording, with the sums of each method; `None` where nothing could be measured.
struct Outcome {
    files: u64,
    samples: u64,
    original_bytes: u64,
    sums: Vec<Sum>,
}

/// Runs every method on every file, on all cores. `done` is called after each file, `note` for each
/// problem.
pub fn compare(
    files: &[PathBuf],
    done: impl Fn() + Sync,
    note: impl Fn(&str) + Sync,
) -> Result<Comparison, Error> {
    let mut methods = table_sets::methods();
    let (successors, four_lengths) = counts(files);
    methods.extend(crate::baselines::methods(successors.table(1)));
    let (methods, missing) = available(methods, &note);
    let nothing = || Outcome {
        files: 0,
        samples: 0,
        original_bytes: 0,
        sums: vec![Sum::default(); methods.len()],
    };
    let outcome = files
        .par_iter()
        .map(|path| {
            let outcome = one(path, &methods, &note).unwrap_or_else(|error| {
                note(&format!("{error}: left out"));
                nothing()
            });
            done();
            outcome
        })
        .reduce(nothing, Outcome::add);
    if outcome.files == 0 {
        return Err(Error::NoRecordings);
    }
    let measured = methods.iter().zip(&outcome.sums);
    let mut rows: Vec<Row> = measured
        .map(|(method, sum)| Row {
            facts: method.facts().clone(),
            figures: Some(sum.figures(outcome.samples, outcome.original_bytes)),
        })
        .collect();
    let size = |row: &Row| row.figures.as_ref().map(|figures| figures.compressed_bytes);
    rows.sort_by_key(size);
    rows.extend(missing.iter().map(|m| Row { facts: m.facts().clone(), figures: None }));
    Ok(Comparison {
        files: outcome.files,
        left_out: files.len() as u64 - outcome.files,
        samples: outcome.samples,
        original_bytes: outcome.original_bytes,
        methods: rows,
        four_lengths,
    })
}

/// Successor pairs and lengths in all recordings. Files that cannot be read are reported later.
fn counts(files: &[PathBuf]) -> (Counts, FourLengths) {
    let (mut successors, mut lengths) = (Counts::default(), FourLengths::default());
    let set = four_lengths::set();
    for path in files {
        if let Ok(wav) = fs::read(path).map_err(Into::into).and_then(|bytes| Wav::split(&bytes)) {
            wav.channels.iter().for_each(|channel| successors.add(channel));
            set.iter().for_each(|set| lengths.add(set, &wav));
        }
    }
    (successors, lengths)
}

/// One recording through every method and back.
fn one(path: &Path, methods: &[Box<dyn Method>], note: &dyn Fn(&str)) -> Result<Outcome, Error> {
    let name = path.display().to_string();
    let original = fs::read(path).map_err(Error::file(path))?;
    let wav = Wav::split(&original)
        .map_err(|source| Error::NotTaken { path: path.to_owned(), source })?;
    let sums = methods.iter().map(|method| {
        there_and_back(&**method, &original, &name, note).map_err(|source| Error::Method {
            path: path.to_owned(),
            method: method.facts().name.clone(),
            source,
        })
    });
    Ok(Outcome {
        files: 1,
        samples: (wav.rounds() * wav.channels.len()) as u64,
        original_bytes: original.len() as u64,
        sums: sums.collect::<Result<_, Error>>()?,
    })
}

/// A WAV file through a method and back.
fn there_and_back(
    method: &dyn Method,
    original: &[u8],
    name: &str,
    note: &dyn Fn(&str),
) -> Result<Sum, baselines::Error> {
    let (mut encode, mut decode) = (Clock::default(), Clock::default());
    let coded = method.encode(original, &mut encode)?;
    let wrong = match method.decode(&coded, &mut decode) {
        Ok(back) if back == original => None,
        Ok(_) => Some("other bytes come back".to_string()),
        Err(error) => Some(error.to_string()),
    };
    if let Some(why) = &wrong {
        let method = &method.facts().name;
        note(&format!("{name}: does not come back from {method}: {why}"));
    }
    Ok(Sum {
        compressed_bytes: coded.bytes.len() as u64,
        encode: encode.elapsed,
        decode: decode.elapsed,
        mismatches: wrong.is_some().into(),
    })
}

type Methods = Vec<Box<dyn Method>>;

/// Those that can be measured here, and the others, which are noted.
fn available(methods: Methods, note: &dyn Fn(&str)) -> (Methods, Methods) {
    methods.into_iter().partition(|method| {
        let available = method.available();
        if let Err(why) = &available {
            note(&format!("{}: NOT MEASURED: {why}", method.facts().name));
        }
        available.is_ok()
    })
}

impl Outcome {
    fn add(self, other: Outcome) -> Outcome {
        Outcome {
            files: self.files + other.files,
            samples: self.samples + other.samples,
            original_bytes: self.original_bytes + other.original_bytes,
            sums: self.sums.iter().zip(&other.sums).map(|(one, other)| one.add(other)).collect(),
        }
    }
}

impl Sum {
    fn add(&self, other: &Sum) -> Sum {
        Sum {
            compressed_bytes: self.compressed_bytes + other.compressed_bytes,
            encode: self.encode + other.encode,
            decode: self.decode + other.decode,
            mismatches: self.mismatches + other.mismatches,
        }
    }

    fn figures(&self, samples: u64, original_bytes: u64) -> Figures {
        // Avoids dividing by zero.
        let per_second = |time: Duration| samples as f64 / time.as_secs_f64().max(1e-9);
        Figures {
            compressed_bytes: self.compressed_bytes,
            ratio: original_bytes as f64 / self.compressed_bytes.max(1) as f64,
            bits_per_sample: 8.0 * self.compressed_bytes as f64 / samples.max(1) as f64,
            encode_samples_per_s: per_second(self.encode),
            decode_samples_per_s: per_second(self.decode),
            mismatches: self.mismatches,
        }
    }
}
