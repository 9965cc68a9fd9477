use std::io;
use std::path::{Path, PathBuf};

use golden_model::layout::LayoutError;

/// A file or folder that cannot be opened as a recording.
#[derive(Debug, thiserror::Error)]
#[error("{}: {fault}", path.display())]
pub struct Error {
    /// Which one.
    pub path: PathBuf,
    /// What is wrong with it.
    pub fault: Fault,
}

/// What is wrong with a file.
#[derive(Debug, thiserror::Error)]
#[non_exhaustive]
pub enum Fault {
    /// The system does not give it.
    #[error("{0}")]
    Io(#[from] io::Error),
    /// No known format.
    #[error("unknown format; for raw 16-bit samples give --channels and --rate")]
    Unknown,
    /// A folder without any.
    #[error("no recording of a known format in it; raw samples: give the file, --channels, --rate")]
    NoRecording,
    /// The file is shorter than its header.
    #[error("ends within its header, after {0} bytes")]
    Ends(u64),
    /// The header is longer than any real one.
    #[error("a header of more than {0} bytes")]
    LongHeader(u64),
    /// The header lacks something.
    #[error("its header has no {0}")]
    Lacks(&'static str),
    /// The header says something that cannot be.
    #[error("its header says {name} = \"{value}\"")]
    Value {
        /// The field.
        name: &'static str,
        /// What it holds, shortened.
        value: String,
    },
    /// Counts that contradict each other.
    #[error("its header names {found} channels, not {declared}")]
    Channels {
        /// As many are declared.
        declared: usize,
        /// As many are described.
        found: usize,
    },
    /// The file with the samples is not there.
    #[error("its samples are not there: {}", .0.display())]
    NoSamples(PathBuf),
    /// A part of a known format that is not understood.
    #[error("{0}")]
    Unsupported(String),
    /// The header describes no possible file.
    #[error("{0}")]
    Layout(#[from] LayoutError),
    /// A broken WAV file.
    #[error("{0}")]
    Wav(golden_model::wav::Error),
    /// Broken JSON.
    #[error("{0}")]
    Json(serde_json::Error),
}

impl Fault {
    /// The error of a file or folder.
    pub(crate) fn of(self, path: &Path) -> Error {
        Error { path: path.into(), fault: self }
    }

    /// A field that cannot be.
    pub(crate) fn value(name: &'static str, value: &str) -> Fault {
        let value = value.trim().chars().take(40).flat_map(char::escape_default).collect();
        Fault::Value { name, value }
    }
}
