//! Raw samples: one of each channel in turn, little endian.

use std::io::Write;
use std::path::Path;

use recorders::output::Output;

use crate::{Sink, SinkError};

/// A file of raw samples.
pub struct Raw(Output);

impl Raw {
    pub fn create(path: &Path) -> Result<Raw, SinkError> {
        Ok(Raw(Output::create(path)?))
    }
}

impl Sink for Raw {
    fn write(&mut self, rounds: &[u8]) -> Result<(), SinkError> {
        let written = self.0.write_all(rounds);
        Ok(written.map_err(|error| self.0.cannot_be_written(error))?)
    }

    fn finish(self: Box<Self>) -> Result<(), SinkError> {
        Ok(self.0.finish()?)
    }
}
