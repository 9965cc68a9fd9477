//! Errors of tierwire as Python's exceptions.

use golden_model::archive;
use pyo3::PyErr;
use pyo3::create_exception;
use pyo3::exceptions::{PyOSError, PyValueError};
use recorders::Fault;
use recorders::output::{OutputError, OutputFault};
use recorders::restore::RestoreError;
use std::io;

create_exception!(
    tierwire,
    Error,
    PyValueError,
    "Data that is damaged or no tierwire data, or a recording that cannot be compressed."
);

/// What the system refuses, with the name of what it refused.
pub fn of_system(error: &io::Error, name: &str) -> PyErr {
    match error.raw_os_error() {
        // Python chooses the exception by the number: FileNotFoundError, PermissionError.
        Some(number) => {
            let reason = error.to_string();
            let reason = reason.split(" (os error").next().unwrap_or_default().to_owned();
            PyOSError::new_err((number, reason, name.to_owned()))
        }
        None => PyOSError::new_err(format!("{name}: {error}")),
    }
}

/// An archive's error; `name` is empty where there is no file.
pub fn of_archive(error: &archive::Error, name: &str) -> PyErr {
    match error {
        archive::Error::Read(error) | archive::Error::Write(error) => of_system(error, name),
        error if name.is_empty() => Error::new_err(error.to_string()),
        error => Error::new_err(format!("{name}: {error}")),
    }
}

/// A recording's.
pub fn of_recorder(error: &recorders::Error) -> PyErr {
    let name = error.path.display().to_string();
    match &error.fault {
        Fault::Io(error) => of_system(error, &name),
        Fault::Unknown => Error::new_err(format!(
            "{name}: unknown format; for raw samples give channels and rate"
        )),
        _ => Error::new_err(error.to_string()),
    }
}

/// An output's.
pub fn of_output(error: &OutputError) -> PyErr {
    match &error.fault {
        OutputFault::Io(fault) | OutputFault::Write(fault) | OutputFault::ReadBack(fault) => {
            of_system(fault, &error.name)
        }
        _ => Error::new_err(error.to_string()),
    }
}

/// That of an archive being restored.
pub fn of_restored(error: &RestoreError) -> PyErr {
    match error {
        RestoreError::Archive { name, error } => of_archive(error, name),
        RestoreError::Output(error) => of_output(error),
        error => Error::new_err(error.to_string()),
    }
}
