//! From a compressor of bytes to a [`Method`] for WAV files: the whole file, including its header.

use crate::baselines::method::{Clock, Coded, Error, Facts, Method};

/// A method that treats the file as bytes.
pub struct WholeFile {
    /// Its description.
    pub facts: Facts,
    /// Compresses.
    pub compress: fn(&[u8]) -> std::io::Result<Vec<u8>>,
    /// Decompresses.
    pub decompress: fn(&[u8]) -> std::io::Result<Vec<u8>>,
}

impl Method for WholeFile {
    fn facts(&self) -> &Facts {
        &self.facts
    }

    fn encode(&self, wav: &[u8], clock: &mut Clock) -> Result<Coded, Error> {
        Ok(clock.run(|| (self.compress)(wav))?.into())
    }

    fn decode(&self, coded: &Coded, clock: &mut Clock) -> Result<Vec<u8>, Error> {
        Ok(clock.run(|| (self.decompress)(&coded.bytes))?)
    }
}
