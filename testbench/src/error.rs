//! Why recordings could not be sent through the hardware.

use std::io;
use std::path::{Path, PathBuf};

use golden_model::{recordings, twr};

use crate::simulator::EngineError;

/// Why recordings could not be sent through the hardware.
#[derive(Debug, thiserror::Error)]
#[non_exhaustive]
pub enum Error {
    /// A tool failed.
    #[error(transparent)]
    Tool(#[from] synth::ToolError),
    /// A simulation failed.
    #[error(transparent)]
    Engine(#[from] EngineError),
    /// A recording cannot be read.
    #[error(transparent)]
    Recording(#[from] recordings::Error),
    /// A recorder's file cannot be understood.
    #[error(transparent)]
    Recorder(#[from] recorders::Error),
    /// A recording without channels of up to 16 bits.
    #[error("{name}: no channels with samples of up to 16 bits")]
    NoCodes {
        /// The recording.
        name: String,
    },
    /// A recording cannot be compressed, or not restored.
    #[error("{name}: {source}")]
    Twr {
        /// The recording.
        name: String,
        /// What went wrong.
        source: twr::Error,
    },
    /// A file cannot be read or written.
    #[error("{}: {source}", path.display())]
    File {
        /// The file.
        path: PathBuf,
        /// What went wrong.
        source: io::Error,
    },
    /// A recording with other channels than the profile's.
    #[error("{name}: channels: {found}; profile {profile} takes {takes}")]
    Channels {
        /// The recording.
        name: String,
        /// Its channels.
        found: u16,
        /// The profile.
        profile: String,
        /// What it takes.
        takes: String,
    },
    /// A recording without samples.
    #[error("{name}: no samples to send")]
    Empty {
        /// The recording.
        name: String,
    },
}

impl Error {
    /// With the name of the file that cannot be read or written.
    pub(crate) fn file(path: &Path) -> impl Fn(io::Error) -> Error + '_ {
        |source| Error::File { path: path.to_owned(), source }
    }
}
