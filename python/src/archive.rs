//! An archive whose stretches are decoded one by one.

use std::fs::File;
use std::io::{BufReader, Cursor, Read, Seek};
use std::ops::Range;
use std::path::PathBuf;
use std::{cmp, thread};

use golden_model::archive::{self, Index};
use golden_model::layout::{Channel, Group, Layout, Parts, Samples};
use pyo3::buffer::PyBuffer;
use pyo3::exceptions::PyIndexError;
use pyo3::prelude::*;
use pyo3::types::PyByteArray;

use crate::errors::of_archive;

/// An archive in a file or in memory. Many threads may read it: a file is opened for each reading.
#[pyclass(frozen)]
pub struct Archive {
    source: Source,
    index: Index,
    /// The file and the group in it of each group.
    groups: Vec<(usize, usize)>,
}

enum Source {
    File(PathBuf),
    Memory(Vec<u8>),
}

/// A group of channels: file, format, rate, names, microvolts per step, rounds in a record, and the
/// first round of each stretch with the end of the last one.
type Description = (String, &'static str, (u64, u64), Vec<String>, Vec<Option<f64>>, u32, Vec<u64>);

#[pymethods]
impl Archive {
    /// The archive in a file.
    #[staticmethod]
    fn open(py: Python<'_>, path: PathBuf) -> PyResult<Archive> {
        py.detach(|| Archive::new(Source::File(path)))
    }

    /// The archive in a buffer.
    #[staticmethod]
    fn of(py: Python<'_>, bytes: PyBuffer<u8>) -> PyResult<Archive> {
        let bytes = bytes.to_vec(py)?;
        py.detach(|| Archive::new(Source::Memory(bytes)))
    }

    /// Its groups of channels, file by file.
    fn groups(&self) -> Vec<Description> {
        (0..self.groups.len()).map(|group| self.describe(group)).collect()
    }

    /// Samples of a group: rounds from `start` to `stop` of all or of the named channels, as they are
    /// stored; those of 24 bits as 32.
    fn read<'py>(
        &self,
        py: Python<'py>,
        group: usize,
        start: u64,
        stop: u64,
        channels: Option<Vec<usize>>,
        threads: usize,
    ) -> PyResult<Bound<'py, PyByteArray>> {
        let &(file, number) = self.groups.get(group).ok_or_else(|| no("group", group))?;
        let width = self.layout(file).groups[number].channels.len();
        if let Some(&wrong) = channels.iter().flatten().find(|&&channel| channel >= width) {
            return Err(no("channel", wrong));
        }
        let rounds = start..stop.min(self.index.rounds(file, number));
        let pieces = py.detach(|| {
            let pieces = self.pieces(file, number, rounds, threads.max(1));
            let work = |rounds| self.piece(file, number, rounds, channels.as_deref());
            // One piece needs no thread of its own.
            if let [piece] = &pieces[..] {
                return Ok(vec![work(piece.clone())?]);
            }
            thread::scope(|scope| {
                let threads: Vec<_> =
                    pieces.into_iter().map(|piece| scope.spawn(|| work(piece))).collect();
                let results = threads.into_iter().map(|thread| {
                    thread.join().unwrap_or_else(|panic| std::panic::resume_unwind(panic))
                });
                results.collect::<Result<Vec<_>, _>>()
            })
        });
        let pieces: Vec<Vec<u8>> = pieces.map_err(|error| self.failed(&error))?;
        match &pieces[..] {
            [piece] => Ok(PyByteArray::new(py, piece)),
            pieces => Ok(PyByteArray::new(py, &pieces.concat())),
        }
    }
}

impl Archive {
    fn new(source: Source) -> PyResult<Archive> {
        let index = source.open().and_then(|mut input| Index::read(&mut input));
        let index = index.map_err(|error| of_archive(&error, &source.name()))?;
        let groups = index.files.iter().enumerate().flat_map(|(file, (header, _))| {
            let groups = header.samples.as_ref().map_or(0, |(layout, _)| layout.groups.len());
            (0..groups).map(move |group| (file, group))
        });
        let groups = groups.collect();
        Ok(Archive { source, index, groups })
    }

    /// Of a file that has groups.
    fn layout(&self, file: usize) -> &Layout {
        let samples = self.index.files[file].0.samples.as_ref();
        &samples.expect("a file with groups has a layout").0
    }

    fn describe(&self, group: usize) -> Description {
        let (file, number) = self.groups[group];
        let (header, stretches) = &self.index.files[file];
        let layout = self.layout(file);
        let Group { format, rate, channels } = &layout.groups[number];
        let rounds = layout.rounds(number);
        let firsts = stretches.iter().map(|stretch| stretch.first_record * u64::from(rounds));
        (
            header.name.clone(),
            format.name(),
            (rate.numerator(), rate.denominator()),
            channels.iter().map(|channel| channel.name.clone()).collect(),
            channels.iter().map(|channel| channel.microvolts).collect(),
            rounds,
            firsts.chain([self.index.rounds(file, number)]).collect(),
        )
    }

    /// Rounds in as many pieces as threads, cut between stretches.
    fn pieces(
        &self,
        file: usize,
        group: usize,
        rounds: Range<u64>,
        threads: usize,
    ) -> Vec<Range<u64>> {
        let in_a_record = u64::from(self.layout(file).rounds(group));
        let firsts = self.index.files[file].1.iter().map(|s| s.first_record * in_a_record);
        let mut cuts = vec![rounds.start];
        cuts.extend(firsts.filter(|&first| rounds.start < first && first < rounds.end));
        let each = cuts.len().div_ceil(cmp::min(threads, cuts.len()));
        let starts: Vec<u64> = cuts.into_iter().step_by(each).collect();
        let ends = starts.iter().skip(1).copied().chain([rounds.end]);
        starts.iter().copied().zip(ends).map(|(start, end)| start..end).collect()
    }

    /// The bytes of a piece.
    fn piece(
        &self,
        file: usize,
        number: usize,
        rounds: Range<u64>,
        channels: Option<&[usize]>,
    ) -> Result<Vec<u8>, archive::Error> {
        let group = &self.layout(file).groups[number];
        let width = group.channels.len();
        let count = channels.map_or(width, <[usize]>::len);
        // 24 bits are read as 32: NumPy has no such integers.
        let format = match group.format.bytes() {
            3 => golden_model::layout::SampleFormat::I32,
            _ => group.format,
        };
        let kept = Group { format, rate: group.rate, channels: vec![Channel::default(); count] };
        let kept = Layout::interleaved(0, kept);
        let mut bytes = Vec::new();
        if count == 0 {
            return Ok(bytes);
        }
        self.index.samples(&mut self.source.open()?, file, number, rounds, |samples| {
            let samples = match channels {
                None => samples,
                Some(channels) => match samples {
                    Samples::I16(samples) => Samples::I16(pick(&samples, width, channels)),
                    Samples::I32(samples) => Samples::I32(pick(&samples, width, channels)),
                },
            };
            let parts = Parts { groups: vec![samples], plain: Vec::new() };
            kept.join(&parts, &mut bytes).expect("whole rounds");
            Ok::<_, archive::Error>(())
        })?;
        Ok(bytes)
    }

    fn failed(&self, error: &archive::Error) -> PyErr {
        of_archive(error, &self.source.name())
    }
}

/// Some channels of rounds of `all`.
fn pick<T: Copy>(samples: &[T], all: usize, channels: &[usize]) -> Vec<T> {
    let rounds = samples.chunks_exact(all);
    rounds.flat_map(|round| channels.iter().map(|&channel| round[channel])).collect()
}

fn no(what: &str, number: usize) -> PyErr {
    PyIndexError::new_err(format!("there is no {what} {number}"))
}

trait ReadSeek: Read + Seek {}
impl<T: Read + Seek> ReadSeek for T {}

impl Source {
    fn open(&self) -> Result<Box<dyn ReadSeek + '_>, archive::Error> {
        Ok(match self {
            Source::File(path) => {
                Box::new(BufReader::new(File::open(path).map_err(archive::Error::Read)?))
            }
            Source::Memory(bytes) => Box::new(Cursor::new(&bytes[..])),
        })
    }

    fn name(&self) -> String {
        match self {
            Source::File(path) => path.display().to_string(),
            Source::Memory(_) => String::new(),
        }
    }
}
