//! Whole files and folders of recorders.

use std::fs::File;
use std::io::BufReader;
use std::path::PathBuf;

use golden_model::layout::Rate;
use golden_model::recordings::Input;
use pyo3::prelude::*;
use recorders::output::Output;
use recorders::restore::restore;
use recorders::{Aim, CheckError, RawForm, Recording};

use crate::arrays::format_named;
use crate::errors::{Error, of_output, of_recorder, of_restored, of_system};

/// Compresses a recording into a file. Returns its bytes before and after, and what the user should know.
#[pyfunction]
#[pyo3(signature = (path, output, *, raw, max_error, best, verify))]
pub fn compress(
    py: Python<'_>,
    path: PathBuf,
    output: PathBuf,
    raw: Option<(String, u16, String)>,
    max_error: u16,
    best: bool,
    verify: bool,
) -> PyResult<(u64, u64, Vec<String>)> {
    let recording = || -> PyResult<Recording> {
        let opened = match &raw {
            None => recorders::open(&path),
            Some((format, channels, rate)) => {
                let format = format_named(format)?;
                let rate: Rate =
                    rate.parse().map_err(|error| Error::new_err(format!("{error}")))?;
                recorders::open_raw(&path, 0, RawForm { format, channels: *channels, rate })
            }
        };
        opened.map_err(|error| of_recorder(&error))
    };
    py.detach(|| {
        let recording = recording()?;
        let mut output = Output::create(&output).map_err(|error| of_output(&error))?;
        let aim = Aim { max_error: max_error.into(), best };
        let kept = recorders::keep(&recording, &mut output, aim, |_| ());
        let kept = kept.map_err(|error| of_restored(&error.named(&output.name)))?;
        if verify {
            recorders::check(&mut output).map_err(|error| match error {
                CheckError::Output(error) => of_output(&error),
                error => Error::new_err(error.to_string()),
            })?;
        }
        output.finish().map_err(|error| of_output(&error))?;
        let remarks = recording.remarks.iter().map(ToString::to_string).collect();
        Ok((kept.original_bytes(), kept.compressed_bytes, remarks))
    })
}

/// Restores the files of an archive.
#[pyfunction]
pub fn decompress(py: Python<'_>, path: PathBuf, output: PathBuf) -> PyResult<()> {
    py.detach(|| {
        let name = path.display().to_string();
        let file = File::open(&path).map_err(|error| of_system(&error, &name))?;
        let input = Input::new(name, BufReader::new(file));
        restore(input, &output, |_| ()).map_err(|error| of_restored(&error))
    })
}
