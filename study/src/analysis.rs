//! Statistics of a folder of recordings: everything that `tierwire analyze` reports.

mod channels;
mod converters;
mod counts;
mod entropy;
mod lattice;
pub mod page;
mod source;
mod successors;
mod summary;
mod widths;

use rayon::prelude::*;
use serde::Serialize;

use channels::Channels;
use converters::Converters;
use counts::{Counts, Histogram};
pub use entropy::Entropy;
use entropy::{Entropies, TopRanks};
use lattice::Lattice;
pub use source::{From, Source};
use successors::Successors;
use widths::{Sparse, Widths};

use crate::Error;

/// The whole analysis.
#[derive(Serialize)]
pub struct Analysis {
    /// What files were compressed with.
    pub codec: String,
    /// Files that were read.
    pub files: usize,
    /// Their samples, over all channels.
    pub samples: u64,
    /// Bytes of the files.
    pub original_bytes: u64,
    /// Bytes of the same as .twr files.
    pub compressed_bytes: u64,
    /// Original bytes per compressed byte.
    pub ratio: f64,
    /// Different values among the 65,536.
    pub unique_values: usize,
    /// Smallest difference between two values that came.
    pub smallest_step: Option<i32>,
    /// Percentiles of the sample values.
    pub percentiles: Vec<Percentile>,
    /// Where the values lie.
    pub lattice: Lattice,
    /// How wide the converter's codes are.
    pub code_widths: Widths,
    /// How predictable a sample is from those before it.
    pub entropies: Option<Entropies>,
    /// The mean over files of the entropy of a sample by itself within its file, in bits, corrected; none
    /// where a file has few samples.
    pub order_0_within_files: Option<f64>,
    /// The share of samples within the most likely successors.
    pub successors_in_top_ranks: Vec<TopRanks>,
    /// Every value that occurs, with its count.
    pub histogram: Vec<(i16, u64)>,
    /// Counts of successor pairs around the median.
    pub successors: Successors,
    /// File by file.
    pub recordings: Vec<File>,
    /// What could not be analysed, with the reasons.
    pub skipped: Vec<String>,
}

/// A percentile of all samples.
#[derive(Serialize)]
pub struct Percentile {
    /// Per cent of all samples.
    pub percent: f64,
    /// The value that they do not exceed.
    pub value: i16,
    /// Its code.
    pub code: i32,
}

/// One recording.
#[derive(Serialize)]
pub struct File {
    /// Its name within the folder.
    pub name: String,
    /// Channels.
    pub channels: u16,
    /// Rounds per second.
    pub rate: u32,
    /// Samples of all channels.
    pub samples: u64,
    /// Which samples its converter gives, by channel where they differ.
    pub converter: String,
    /// Lowest and highest value: codes, where channels have phases of their own.
    pub range: Option<(i16, i16)>,
    /// Different values.
    pub unique_values: usize,
    /// Entropy of a sample by itself, as counted in this file, in bits; none of few samples.
    pub order_0: Option<Entropy>,
    /// Bytes of the file.
    pub original_bytes: u64,
    /// Bytes of the same as a .twr file.
    pub compressed_bytes: u64,
    /// Original bytes per compressed byte.
    pub ratio: f64,
    /// What its channels have in common, if there are several.
    pub between_channels: Option<Channels>,
    #[serde(skip)]
    values: Sparse,
}

/// Per cents whose values are stated.
const PERCENTS: [f64; 11] = [0.0, 0.1, 1.0, 5.0, 25.0, 50.0, 75.0, 95.0, 99.0, 99.9, 100.0];

impl Analysis {
    /// Analyses these recordings, compressed with `codec`, all cores at once; `done` is called after each.
    pub fn new(sources: &[Source], codec: &str, done: impl Fn() + Sync) -> Self {
        // Long runs of files, because each run needs large tables.
        let run = sources.len().div_ceil(4 * rayon::current_num_threads()).max(1);
        let runs = sources.par_chunks(run).map(|sources| {
            let mut counts = Counts::default();
            let outcomes = sources.iter().map(|source| {
                let file = File::new(source, &mut counts);
                done();
                file.map_err(|error| error.to_string())
            });
            let outcomes: Vec<_> = outcomes.collect();
            (counts, outcomes)
        });
        let runs: Vec<_> = runs.collect();
        let (mut counts, mut recordings, mut skipped) = (Counts::default(), vec![], vec![]);
        for (part, outcomes) in runs {
            counts = counts.merge(part);
            for outcome in outcomes {
                match outcome {
                    Ok((file, note)) => {
                        recordings.push(file);
                        skipped.extend(note);
                    }
                    Err(why) => skipped.push(why),
                }
            }
        }
        Analysis::of(&counts, recordings, skipped, codec)
    }

    fn of(counts: &Counts, recordings: Vec<File>, skipped: Vec<String>, codec: &str) -> Self {
        let values = &counts.values;
        let lattice = Lattice::detect(values);
        let histogram: Vec<(i16, u64)> = values.present().collect();
        let steps = histogram.windows(2).map(|pair| i32::from(pair[1].0) - i32::from(pair[0].0));
        let percentile = |percent: f64| {
            let value = values.quantile(percent / 100.0)?;
            Some(Percentile { percent, value, code: lattice.code(value) })
        };
        let (original_bytes, compressed_bytes) = recordings
            .iter()
            .fold((0, 0), |sum, f| (sum.0 + f.original_bytes, sum.1 + f.compressed_bytes));
        let samples = values.samples();
        let within = recordings.iter().map(|f| Some(f.order_0?.corrected * f.samples as f64));
        let within: Option<f64> = within.sum();
        Analysis {
            codec: codec.into(),
            files: recordings.len(),
            samples,
            original_bytes,
            compressed_bytes,
            ratio: ratio(original_bytes, compressed_bytes),
            unique_values: histogram.len(),
            smallest_step: steps.min(),
            percentiles: PERCENTS.into_iter().filter_map(percentile).collect(),
            code_widths: Widths::new(recordings.iter().map(|f| &f.values), &lattice),
            entropies: entropy::entropies(counts),
            order_0_within_files: within.map(|within| within / samples.max(1) as f64),
            successors_in_top_ranks: entropy::top_ranks(counts),
            successors: Successors::new(counts, &lattice),
            lattice,
            histogram,
            recordings,
            skipped,
        }
    }
}

impl File {
    /// A recording, and what of it is not analysed.
    fn new(source: &Source, all: &mut Counts) -> Result<(File, Option<String>), Error> {
        let source::Read { recording, original_bytes, compressed_bytes, note } = source.read()?;
        let converters = Converters::of(&recording);
        let recording = converters.codes(recording);
        let between_channels = Channels::new(&recording);
        all.add(&recording);
        let mut values = Histogram::default();
        recording.samples.iter().for_each(|&sample| values.add(sample));
        let order_0 = entropy::of_values(&values);
        let values: Sparse = values.present().collect();
        let file = File {
            name: source.name.clone(),
            channels: recording.channels,
            rate: recording.rate,
            samples: recording.samples.len() as u64,
            converter: converters.describe(),
            range: values.first().zip(values.last()).map(|(low, high)| (low.0, high.0)),
            unique_values: values.len(),
            order_0,
            original_bytes,
            compressed_bytes,
            ratio: ratio(original_bytes, compressed_bytes),
            between_channels,
            values,
        };
        Ok((file, note))
    }
}

fn ratio(original: u64, compressed: u64) -> f64 {
    original as f64 / compressed.max(1) as f64
}

#[cfg(test)]
mod tests {
    use std::fs;

    use super::*;
    use golden_model::synthetic::Synthetic;
    use golden_model::wav::Recording;

    fn analyse(recordings: &[(&str, u16, Vec<i16>)], others: &[(&str, &[u8])]) -> Analysis {
        let folder = tempfile::tempdir().unwrap();
        let mut paths = Vec::new();
        for (name, channels, samples) in recordings {
            let recording =
                Recording { rate: 19531, channels: *channels, samples: samples.clone() };
            paths.push(folder.path().join(name));
            recording.write(fs::File::create(paths.last().unwrap()).unwrap()).unwrap();
        }
        for (name, bytes) in others {
            paths.push(folder.path().join(name));
            fs::write(paths.last().unwrap(), bytes).unwrap();
        }
        let set = golden_model::shipped(golden_model::shipped::DEFAULT).unwrap();
        let sources = paths.iter().map(|path| Source {
            name: path.file_name().unwrap().display().to_string(),
            from: From::Wav(path, &set),
        });
        Analysis::new(&sources.collect::<Vec<_>>(), set.name(), || ())
    }

    #[test]
    fn recordings_of_one_and_of_many_channels_are_analysed_together() {
        let synthetic = Synthetic::default();
        let one = synthetic.rounds(1, 1, 20_000);
        let analysis = analyse(
            &[("<one>.wav", 1, one.clone()), ("three.wav", 3, synthetic.rounds(1, 3, 5000))],
            &[("broken.wav", b"RIFF")],
        );
        assert_eq!((analysis.files, analysis.samples), (2, 35_000));
        assert_eq!(analysis.lattice.samples_off, 0);
        assert!(analysis.ratio > 2.0);
        assert_eq!(analysis.skipped.len(), 1);
        let channels = analysis.recordings[1].between_channels.as_ref().unwrap();
        assert!(channels.correlation[0][1].abs() < 0.5 && channels.overlap[0][1] > 0.3);
        let page = page::html(&analysis);
        for wanted in ["&lt;one&gt;.wav", "Between channels", "broken.wav", "code * 65535 / 1023"] {
            assert!(page.contains(wanted), "{wanted}");
        }
        for unwanted in ["NaN", ">inf", "http", "<script", "<one>"] {
            assert!(!page.contains(unwanted), "{unwanted}");
        }
        let json = serde_json::to_string(&analysis).unwrap();
        assert!(json.contains("\"unique_values\""));
    }

    #[test]
    fn any_16_bit_recording_makes_a_page() {
        let ramp: Vec<i16> = (0..70_000).map(|n: i32| n as i16).collect();
        for samples in [vec![], vec![7], vec![0; 500], vec![i16::MIN, i16::MAX], ramp] {
            let analysis = analyse(&[("a.wav", 1, samples.clone())], &[]);
            assert_eq!(analysis.samples, samples.len() as u64);
            let page = page::html(&analysis);
            assert!(!page.contains("NaN") && !page.contains(">inf"), "{page}");
            assert!(!serde_json::to_string(&analysis).unwrap().contains("NaN"));
        }
    }
}
