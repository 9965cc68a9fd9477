//! **Sinks**: what received samples are written to.

use std::io;
use std::net::SocketAddr;
use std::path::{Path, PathBuf};
use std::str::FromStr;

use golden_model::archive;
use recorders::output::OutputError;

use crate::raw::Raw;
use crate::{Encoding, StreamFormat, ephys, twr, wav, zarr};

/// What samples are written to.
pub trait Sink: Send {
    /// Takes whole rounds, stored as the sink was opened for.
    ///
    /// # Errors
    /// [`SinkError`].
    fn write(&mut self, rounds: &[u8]) -> Result<(), SinkError>;

    /// Completes what was written.
    ///
    /// # Errors
    /// [`SinkError`].
    fn finish(self: Box<Self>) -> Result<(), SinkError>;
}

/// Samples cannot be written.
#[derive(Debug, thiserror::Error)]
#[non_exhaustive]
pub enum SinkError {
    /// A file.
    #[error(transparent)]
    Output(#[from] OutputError),
    /// An archive.
    #[error("{name}: {error}")]
    Archive {
        /// Its name.
        name: String,
        /// What went wrong.
        error: archive::Error,
    },
    /// Another part of the system.
    #[error("{name}: {error}")]
    Io {
        /// Its name.
        name: String,
        /// What went wrong.
        error: io::Error,
    },
    /// Without the feature that it needs.
    #[error(
        "{0}: this program was built without LSL; build it with --features lsl, which needs cmake"
    )]
    NoLsl(String),
    /// Floats where only whole numbers go.
    #[error("{0}: holds no floats, so --gaps nan cannot be written there")]
    NoFloats(String),
}

impl SinkError {
    pub(crate) fn io(name: &str) -> impl Fn(io::Error) -> SinkError + '_ {
        |error| SinkError::Io { name: name.into(), error }
    }
}

/// Where samples go, as the command line names it.
#[derive(Clone, Debug, PartialEq, Eq)]
pub enum Destination {
    /// Raw samples to a file, or standard output for `-`.
    Raw(PathBuf),
    /// A WAV file.
    Wav(PathBuf),
    /// A `.twr` file.
    Twr(PathBuf),
    /// A zarr array of format 3.
    Zarr(PathBuf),
    /// A TCP port that Open Ephys connects to, in the format of its plugin Ephys Socket.
    Ephys(SocketAddr),
    /// An outlet of the Lab Streaming Layer.
    Lsl(String),
}

/// What a destination has to look like.
#[derive(Clone, Debug, PartialEq, Eq, thiserror::Error)]
#[error(
    "give a file that ends in .wav, .raw, .bin, .dat, .twr or .zarr, - for raw samples, ephys://ADDRESS:PORT or lsl:NAME"
)]
pub struct NoDestination;

impl FromStr for Destination {
    type Err = NoDestination;

    fn from_str(text: &str) -> Result<Destination, NoDestination> {
        if let Some(address) = text.strip_prefix("ephys://") {
            let address = address.replace("localhost:", "127.0.0.1:");
            return address.parse().map(Destination::Ephys).map_err(|_| NoDestination);
        }
        if let Some(name) = text.strip_prefix("lsl:").filter(|name| !name.is_empty()) {
            return Ok(Destination::Lsl(name.into()));
        }
        let path = PathBuf::from(text);
        if text == "-" {
            return Ok(Destination::Raw(path));
        }
        // A device or a named pipe takes raw samples.
        let special = path.metadata().is_ok_and(|there| !there.is_file() && !there.is_dir());
        let extension = path.extension().map(|e| e.to_string_lossy().to_ascii_lowercase());
        match extension.as_deref() {
            Some("wav") => Ok(Destination::Wav(path)),
            Some("raw" | "bin" | "dat") => Ok(Destination::Raw(path)),
            Some("twr") => Ok(Destination::Twr(path)),
            Some("zarr") => Ok(Destination::Zarr(path)),
            _ if special => Ok(Destination::Raw(path)),
            _ => Err(NoDestination),
        }
    }
}

impl Destination {
    /// The file or folder, if it is one.
    pub fn path(&self) -> Option<&Path> {
        match self {
            _ if self.is_standard() => None,
            Destination::Raw(path)
            | Destination::Wav(path)
            | Destination::Twr(path)
            | Destination::Zarr(path) => Some(path),
            Destination::Ephys(_) | Destination::Lsl(_) => None,
        }
    }

    /// Whether it is standard output.
    pub fn is_standard(&self) -> bool {
        matches!(self, Destination::Raw(path) if path == Path::new("-"))
    }

    /// Whether it can hold samples stored like this.
    pub fn takes(&self, encoding: Encoding) -> bool {
        encoding == Encoding::I16 || !matches!(self, Destination::Twr(_))
    }

    /// Opens it.
    ///
    /// # Errors
    /// [`SinkError`].
    pub fn open(
        &self,
        format: &StreamFormat,
        encoding: Encoding,
    ) -> Result<Box<dyn Sink>, SinkError> {
        if !self.takes(encoding) {
            let name = self.path().unwrap_or(Path::new("-")).display().to_string();
            return Err(SinkError::NoFloats(name));
        }
        Ok(match self {
            Destination::Raw(path) => Box::new(Raw::create(path)?),
            Destination::Wav(path) => Box::new(wav::Wav::create(path, format, encoding)?),
            Destination::Twr(path) => Box::new(twr::Twr::create(path, format)?),
            Destination::Zarr(path) => Box::new(zarr::Zarr::create(path, format, encoding)?),
            Destination::Ephys(address) => {
                Box::new(ephys::Ephys::listen(*address, format, encoding)?)
            }
            #[cfg(feature = "lsl")]
            Destination::Lsl(name) => Box::new(crate::lsl::Lsl::open(name, format, encoding)?),
            #[cfg(not(feature = "lsl"))]
            Destination::Lsl(name) => return Err(SinkError::NoLsl(format!("lsl:{name}"))),
        })
    }
}
