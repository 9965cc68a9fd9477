//! Why a recording cannot be found or read.

use std::io;
use std::path::Path;

use crate::twr::FolderError;
use crate::wav;

/// A recording that cannot be found or read.
#[derive(Debug, thiserror::Error)]
#[error("{name}: {fault}")]
pub struct Error {
    /// The file or folder.
    pub name: String,
    /// What is wrong with it.
    pub fault: Fault,
}

/// What is wrong with a recording.
#[derive(Debug, thiserror::Error)]
#[non_exhaustive]
pub enum Fault {
    /// The system does not give it.
    #[error("{0}")]
    Io(io::Error),
    /// No WAV file that is understood.
    #[error("{0}")]
    Wav(wav::Error),
    /// A folder without recordings.
    #[error("no WAV files in it")]
    NoWavFiles,
    /// A folder given as a raw file.
    #[error("is a folder; --channels and --rate are for raw files")]
    FolderAsRaw,
    /// A channel's file name that no `.twr` file can carry.
    #[error("its name is not UTF-8")]
    Name,
    /// A channel's file with more than one channel.
    #[error("{0} channels, not 1")]
    NotMono(u16),
    /// Channels of different rates.
    #[error("{rate} samples per second, {other} has {its}")]
    Rates {
        /// Of this file.
        rate: u32,
        /// The first file.
        other: String,
        /// Its rate.
        its: u32,
    },
    /// Channels of different lengths.
    #[error("{rounds} samples, {other} has {its}; channels of one recording have as many")]
    Lengths {
        /// Of this file.
        rounds: u64,
        /// The first file.
        other: String,
        /// Its length.
        its: u64,
    },
    /// A folder that no `.twr` file can carry.
    #[error("{0}")]
    Folder(FolderError),
}

impl Fault {
    /// The error of a file or folder.
    pub(super) fn of(self, path: &Path) -> Error {
        Error { name: path.display().to_string(), fault: self }
    }
}
