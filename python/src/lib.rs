//! tierwire for Python. What users see is in `package/tierwire`; this is what it calls.
//!
//! All work is done without Python's lock.

mod archive;
mod arrays;
mod errors;
mod files;

use pyo3::prelude::*;

/// The compiled part of tierwire.
#[pymodule]
mod _core {
    #[pymodule_export]
    use super::archive::Archive;
    #[pymodule_export]
    use super::arrays::{encode, restore};
    #[pymodule_export]
    use super::errors::Error;
    #[pymodule_export]
    use super::files::{compress, decompress};
}
