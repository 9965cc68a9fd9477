//! Recordings as archives: what `tierwire compress` writes by default, restored and compared.

use std::io::{BufReader, BufWriter, Seek};
use std::path::PathBuf;
use std::time::{Duration, Instant};

use golden_model::archive::FileHeader;
use recorders::{Aim, Recording};
use serde::Serialize;

use crate::Error;
use crate::verify::{self, Unverified};

/// Archives up to this size stay in memory.
const IN_MEMORY: usize = 1 << 26;

/// A recording, there and back.
#[derive(Clone, Debug, Default)]
pub struct Archived {
    /// Samples that were coded.
    pub samples: u64,
    /// Bytes of all its files.
    pub original_bytes: u64,
    /// Bytes of the archive.
    pub compressed_bytes: u64,
    /// By the clock, on all cores, reading and writing included.
    pub encode_time: Duration,
    /// The same back.
    pub decode_time: Duration,
    /// Why it is not restored byte for byte, if it is not.
    pub wrong: Option<String>,
}

/// Compresses a recording, for the best ratio or quickly, restores it and compares every file.
///
/// # Errors
/// [`Error`]: a file cannot be read, or the archive cannot be written.
pub fn there_and_back(name: &str, recording: &Recording, best: bool) -> Result<Archived, Error> {
    let own = |error| Error::File { path: PathBuf::from(name), source: error };
    let start = Instant::now();
    let mut output = BufWriter::new(tempfile::spooled_tempfile(IN_MEMORY));
    let kept = recorders::keep(recording, &mut output, Aim { best, ..Aim::default() }, |_| ())?;
    let encode_time = start.elapsed();
    let mut file = output.into_inner().map_err(|error| own(error.into_error()))?;
    file.rewind().map_err(own)?;
    let start = Instant::now();
    let of = |file: &FileHeader| recording.folder.join(&file.name);
    let wrong = match verify::archived(name, BufReader::new(file), of) {
        Ok(restored) if restored.len() == kept.files.len() => None,
        Ok(restored) => Some(format!("{} of {} files", restored.len(), kept.files.len())),
        Err(Unverified::Differs { original, difference, .. }) => {
            Some(format!("{original}: {difference}"))
        }
        Err(error) => return Err(error.into()),
    };
    Ok(Archived {
        samples: kept.files.iter().map(|file| file.samples).sum(),
        original_bytes: kept.original_bytes(),
        compressed_bytes: kept.compressed_bytes,
        encode_time,
        decode_time: start.elapsed(),
        wrong,
    })
}

/// The results for several recordings.
#[derive(Clone, Debug, Default, Serialize)]
pub struct Corpus {
    /// Each with its figures.
    pub recordings: Vec<Figures>,
    /// All together.
    pub all: Figures,
    /// Recordings that could not be compressed.
    pub failures: u64,
}

/// The figures of one recording, or of all.
#[derive(Clone, Debug, Default, Serialize)]
pub struct Figures {
    /// Its name.
    pub name: String,
    /// Samples that were coded.
    pub samples: u64,
    /// Bytes of all files.
    pub original_bytes: u64,
    /// Bytes of the archive.
    pub compressed_bytes: u64,
    /// Original bytes per compressed byte.
    pub ratio: f64,
    /// Samples per second of all cores, reading and writing included, by the clock.
    pub encode_samples_per_s: f64,
    /// The same back.
    pub decode_samples_per_s: f64,
    /// Recordings that were not restored byte for byte.
    pub mismatches: u64,
}

/// Compresses and restores recordings, one after the other. `done` is called after each, `note` gets
/// what goes wrong.
pub fn measure(
    recordings: &[(String, Recording)],
    best: bool,
    done: impl Fn(),
    note: impl Fn(&str),
) -> Corpus {
    let mut corpus = Corpus::default();
    let (mut sum, mut mismatches) = (Archived::default(), 0);
    for (name, recording) in recordings {
        match there_and_back(name, recording, best) {
            Ok(archived) => {
                if let Some(why) = &archived.wrong {
                    note(&format!("{name}: is not restored: {why}"));
                    mismatches += 1;
                }
                sum.samples += archived.samples;
                sum.original_bytes += archived.original_bytes;
                sum.compressed_bytes += archived.compressed_bytes;
                sum.encode_time += archived.encode_time;
                sum.decode_time += archived.decode_time;
                let wrong = archived.wrong.is_some().into();
                corpus.recordings.push(Figures::new(name, &archived, wrong));
            }
            Err(error) => {
                note(&error.to_string());
                corpus.failures += 1;
            }
        }
        done();
    }
    corpus.all = Figures::new("all", &sum, mismatches);
    corpus
}

impl Figures {
    fn new(name: &str, archived: &Archived, mismatches: u64) -> Figures {
        // Avoids dividing by zero.
        let per_second = |time: Duration| archived.samples as f64 / time.as_secs_f64().max(1e-9);
        Figures {
            name: name.into(),
            samples: archived.samples,
            original_bytes: archived.original_bytes,
            compressed_bytes: archived.compressed_bytes,
            ratio: archived.original_bytes as f64 / archived.compressed_bytes.max(1) as f64,
            encode_samples_per_s: per_second(archived.encode_time),
            decode_samples_per_s: per_second(archived.decode_time),
            mismatches,
        }
    }
}

impl Corpus {
    /// Whether every recording was restored.
    pub fn is_whole(&self) -> bool {
        self.failures + self.all.mismatches == 0
    }

    /// A line for each recording, and one for all.
    pub fn text(&self) -> String {
        let head = ["recording", "samples", "original", "compressed", "ratio", "mismatches"];
        let mut rows = vec![head.map(String::from).to_vec()];
        rows.extend(self.recordings.iter().chain([&self.all]).map(|figures| {
            let bytes = [figures.samples, figures.original_bytes, figures.compressed_bytes];
            let mut row = vec![figures.name.clone()];
            row.extend(bytes.map(|count| count.to_string()));
            row.extend([format!("{:.4}", figures.ratio), figures.mismatches.to_string()]);
            row
        }));
        let [encode, decode] = [self.all.encode_samples_per_s, self.all.decode_samples_per_s];
        let table = crate::comparison::tables::aligned(rows, |column| column == 0);
        format!("{table}\nencode_samples_per_s {encode:.3e}\ndecode_samples_per_s {decode:.3e}\n")
    }
}
