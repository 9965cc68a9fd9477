//! Arrays into archives of one file, and such a file out again.

use std::io::{Cursor, Read};

use golden_model::archive::{Entry, Reader, Writer};
use golden_model::layout::{Channel, Group, Layout, Rate, SampleFormat};
use pyo3::buffer::PyBuffer;
use pyo3::exceptions::PyTypeError;
use pyo3::prelude::*;
use pyo3::types::{PyByteArray, PyBytes};

use crate::errors::{Error, of_archive};

/// Compresses samples, one of each channel in turn, as a file `name` that begins with `head`.
#[pyfunction]
#[pyo3(signature = (samples, *, format, channels, rate, name, head, names, max_error, best, looked_at, threads))]
#[expect(clippy::too_many_arguments, reason = "the Python layer names them all")]
pub fn encode<'py>(
    py: Python<'py>,
    samples: PyBuffer<u8>,
    format: &str,
    channels: usize,
    rate: &str,
    name: &str,
    head: Vec<u8>,
    names: Option<Vec<String>>,
    max_error: u16,
    best: bool,
    looked_at: usize,
    threads: usize,
) -> PyResult<Bound<'py, PyBytes>> {
    let format = format_named(format)?;
    let rate: Rate = rate.parse().map_err(|error| Error::new_err(format!("{error}")))?;
    let channels = match names {
        Some(names) => names.into_iter().map(|name| Channel { name, microvolts: None }).collect(),
        None => vec![Channel::default(); channels],
    };
    let layout = Layout::interleaved(head.len() as u64, Group { format, rate, channels });
    layout.validate().map_err(|error| Error::new_err(error.to_string()))?;
    let samples = samples.to_vec(py)?;
    let archive = py.detach(|| {
        let mut archive = Vec::new();
        let mut writer = Writer::aiming(&mut archive, best)?.with_threads(threads);
        let entry =
            Entry { max_error: max_error.into(), looked_at, ..Entry::new(name, Some(&layout)) };
        writer.file(entry, &mut Cursor::new(head).chain(&samples[..]), &mut |_| ())?;
        writer.finish()?;
        Ok(archive)
    });
    Ok(PyBytes::new(py, &archive.map_err(|error| of_archive(&error, ""))?))
}

/// The first file of an archive, whole: its name and its bytes.
#[pyfunction]
pub fn restore<'py>(
    py: Python<'py>,
    archive: PyBuffer<u8>,
    threads: usize,
) -> PyResult<(String, Bound<'py, PyByteArray>)> {
    let archive = archive.to_vec(py)?;
    let restored = py.detach(|| {
        let mut reader = Reader::new(&archive[..])?.with_threads(threads);
        let Some(header) = reader.next_file()? else { return Ok(Default::default()) };
        let mut bytes = Vec::new();
        reader.restore(&header, &mut bytes)?;
        Ok((header.name, bytes))
    });
    let (name, bytes) = restored.map_err(|error| of_archive(&error, ""))?;
    Ok((name, PyByteArray::new(py, &bytes)))
}

/// The format of this name.
pub fn format_named(name: &str) -> PyResult<SampleFormat> {
    let named = SampleFormat::ALL.into_iter().find(|format| format.name() == name);
    named.ok_or_else(|| PyTypeError::new_err(format!("no samples are stored as {name}")))
}
