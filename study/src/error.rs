//! Why recordings could not be studied.

use std::io;
use std::path::{Path, PathBuf};

use golden_model::frames::{Layout, LayoutError};
use golden_model::{twr, wav};

use crate::baselines;

/// Why recordings could not be studied.
#[derive(Debug, thiserror::Error)]
#[non_exhaustive]
pub enum Error {
    /// A file cannot be read.
    #[error("{}: {source}", path.display())]
    File {
        /// The file.
        path: PathBuf,
        /// What went wrong.
        source: io::Error,
    },
    /// A file is no recording of 16-bit samples.
    #[error("{}: {source}", path.display())]
    Recording {
        /// The file.
        path: PathBuf,
        /// What it is instead.
        source: wav::Error,
    },
    /// A file cannot be compressed.
    #[error("{}: {source}", path.display())]
    Compress {
        /// The file.
        path: PathBuf,
        /// Why.
        source: twr::Error,
    },
    /// A file is not taken by the baselines.
    #[error("{}: {source}", path.display())]
    NotTaken {
        /// The file.
        path: PathBuf,
        /// Why.
        source: baselines::Error,
    },
    /// A method failed.
    #[error("{}: {method}: {source}", path.display())]
    Method {
        /// The file that it was given.
        path: PathBuf,
        /// Its name.
        method: String,
        /// Why.
        source: baselines::Error,
    },
    /// A recording cannot be opened.
    #[error(transparent)]
    Recorder(#[from] recorders::Error),
    /// A recording cannot be kept.
    #[error("{}: {}", .0.path.display(), .0.error)]
    Keep(#[from] recorders::KeepError),
    /// What was written is no archive, or cannot be compared.
    #[error(transparent)]
    Verify(#[from] crate::verify::Unverified),
    /// Samples that statistics of values do not take.
    #[error("{name}: samples of {bits} bits, 16 at most are analysed")]
    TooWide {
        /// The recording.
        name: String,
        /// Bits of its samples.
        bits: usize,
    },
    /// No file is a recording.
    #[error("no recordings of 16-bit samples")]
    NoRecordings,
    /// Fewer recordings than channels.
    #[error("{0} recordings are not enough for {1} channels (--channels takes fewer)")]
    TooFew(usize, usize),
    /// A channel shorter than the frames that are compared.
    #[error("the shortest channel has {0} samples, fewer than {1}")]
    TooShort(usize, usize),
    /// No such frames.
    #[error(transparent)]
    Layout(#[from] LayoutError),
    /// Frames did not restore the samples.
    #[error("not every sample was restored from {0:?}")]
    NotRestored(Layout),
}

impl Error {
    /// With the name of the file that cannot be read.
    pub(crate) fn file(path: &Path) -> impl Fn(io::Error) -> Error + '_ {
        |source| Error::File { path: path.to_owned(), source }
    }

    /// With the name of the file that is no recording.
    pub(crate) fn recording(path: &Path) -> impl Fn(wav::Error) -> Error + '_ {
        |source| Error::Recording { path: path.to_owned(), source }
    }
}
