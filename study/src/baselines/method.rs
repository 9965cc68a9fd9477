//! A **method**: WAV file to bytes and back, with a description.

use std::time::Duration;

use cpu_time::ThreadTime;
use serde::Serialize;

/// A way to compress a WAV file.
pub trait Method: Send + Sync {
    /// Its description.
    fn facts(&self) -> &Facts;

    /// Whether it can be used here.
    ///
    /// # Errors
    /// [`Error::NotInstalled`].
    fn available(&self) -> Result<(), Error> {
        Ok(())
    }

    /// Compresses a WAV file and adds the time to the clock.
    ///
    /// # Errors
    /// [`Error`]: this kind of file is not supported, or something failed.
    fn encode(&self, wav: &[u8], clock: &mut Clock) -> Result<Coded, Error>;

    /// Decompresses the file and adds the time to the clock.
    ///
    /// # Errors
    /// [`Error`]: these are not a compressed file, or something failed.
    fn decode(&self, coded: &Coded, clock: &mut Clock) -> Result<Vec<u8>, Error>;
}

/// The description of a method.
#[derive(Clone, Debug, Serialize)]
pub struct Facts {
    /// Its name.
    pub name: String,
    /// Its kind.
    pub family: Family,
    /// Whether it can code a sample without knowing later ones.
    pub causal: bool,
    /// State per channel in bits, or the largest block held at once; without what all channels
    /// share.
    pub state_bytes: u64,
    /// How long a sample may have to wait.
    pub latency: Latency,
    /// Remarks.
    pub note: String,
}

/// Kinds of methods.
#[derive(Clone, Copy, Debug, PartialEq, Eq, Serialize)]
#[serde(rename_all = "kebab-case")]
pub enum Family {
    /// A table set of ours.
    Tierwire,
    /// Made for samples, written here.
    Samples,
    /// A program for sound.
    Sound,
    /// For bytes of any kind.
    General,
}

/// Samples of a channel that are needed before the first is output.
#[derive(Clone, Copy, Debug, PartialEq, Eq, Serialize)]
#[serde(rename_all = "kebab-case")]
pub enum Latency {
    /// So many.
    Samples(u32),
    /// All of them.
    Recording,
}

/// A compressed file.
#[derive(Clone, Debug, Default, PartialEq, Eq)]
pub struct Coded {
    /// What counts.
    pub bytes: Vec<u8>,
    /// Side information for the decoder that is not counted.
    pub beside: Vec<u8>,
}

impl From<Vec<u8>> for Coded {
    fn from(bytes: Vec<u8>) -> Coded {
        Coded { bytes, beside: Vec::new() }
    }
}

/// Adds up CPU time, not wall-clock time.
#[derive(Clone, Copy, Debug, Default)]
pub struct Clock {
    /// So far.
    pub elapsed: Duration,
}

impl Clock {
    /// Does `work` on this thread and adds its time.
    pub fn run<T>(&mut self, work: impl FnOnce() -> T) -> T {
        let start = ThreadTime::now();
        let done = work();
        self.elapsed += start.elapsed();
        done
    }

    /// Adds time spent elsewhere.
    pub fn add(&mut self, time: Duration) {
        self.elapsed += time;
    }
}

/// Why a method failed.
#[derive(Debug, thiserror::Error)]
pub enum Error {
    /// The program is not installed.
    #[error("{0} is not installed")]
    NotInstalled(&'static str),
    /// The program failed.
    #[error("{program}: {why}")]
    Program {
        /// Its name.
        program: &'static str,
        /// What it said.
        why: String,
    },
    /// Not a WAV file of 16-bit samples.
    #[error("not taken: {0}")]
    Wav(&'static str),
    /// What is to be decoded is damaged.
    #[error("these bytes are not what this method makes")]
    Damaged,
    /// Reading or writing failed.
    #[error(transparent)]
    Io(#[from] std::io::Error),
}

impl Error {
    /// From the error of another library.
    pub fn other(error: impl std::error::Error + Send + Sync + 'static) -> Error {
        Error::Io(std::io::Error::other(error))
    }
}
