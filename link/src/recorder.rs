//! **Recorder**: events to sinks and sidecar, with something in place of what is missing.

use recorders::output::OutputError;

use crate::receiver::{Event, Missing};
use crate::{Counters, Encoding, Gaps, Sidecar, Sink, SinkError};

/// Bytes of filling that are written at once.
const FILLING: usize = 1 << 20;

/// A recording cannot be written.
#[derive(Debug, thiserror::Error)]
#[error(transparent)]
pub enum RecorderError {
    /// Its samples.
    Sink(#[from] SinkError),
    /// The list of what is missing.
    Sidecar(#[from] OutputError),
}

/// Writes what is received.
pub struct Recorder {
    gaps: Gaps,
    encoding: Encoding,
    sinks: Vec<Box<dyn Sink>>,
    sidecar: Sidecar,
    /// The last sample of each channel.
    last: Vec<i16>,
    rounds: u64,
    rounds_written: u64,
    bytes: Vec<u8>,
}

impl Recorder {
    /// A recorder of so many channels; the sinks are opened for the encoding that `gaps` needs.
    pub fn new(
        channels: usize,
        gaps: Gaps,
        sinks: Vec<Box<dyn Sink>>,
        sidecar: Sidecar,
    ) -> Recorder {
        Recorder {
            gaps,
            encoding: gaps.encoding(),
            sinks,
            sidecar,
            last: vec![0; channels],
            rounds: 0,
            rounds_written: 0,
            bytes: Vec::new(),
        }
    }

    /// Writes what happened.
    ///
    /// # Errors
    /// [`RecorderError`].
    pub fn take(&mut self, event: &Event<'_>) -> Result<(), RecorderError> {
        match event {
            Event::Samples { samples, .. } => {
                let channels = self.last.len();
                let rounds = samples.len() / channels;
                self.last.copy_from_slice(&samples[samples.len() - channels..]);
                self.bytes.clear();
                self.encoding.put(samples, &mut self.bytes);
                self.rounds += rounds as u64;
                self.write(rounds as u64)
            }
            Event::Missing(missing) => {
                self.sidecar.missing(missing, self.rounds_written)?;
                self.rounds += missing.rounds.end - missing.rounds.start;
                self.fill(missing)
            }
            Event::Restarted { round } => {
                self.sidecar.restarted(*round);
                Ok(())
            }
        }
    }

    /// Completes everything.
    ///
    /// # Errors
    /// [`RecorderError`].
    pub fn finish(self, counters: Counters) -> Result<(), RecorderError> {
        for sink in self.sinks {
            sink.finish()?;
        }
        Ok(self.sidecar.finish(self.rounds, self.rounds_written, counters)?)
    }

    fn fill(&mut self, missing: &Missing) -> Result<(), RecorderError> {
        let round = match (self.gaps, self.encoding) {
            (Gaps::Skip, _) => return Ok(()),
            (Gaps::Nan, _) => f32::NAN.to_le_bytes().repeat(self.last.len()),
            (gaps, encoding) => {
                if gaps == Gaps::Zero {
                    self.last.fill(0);
                }
                let mut round = Vec::new();
                encoding.put(&self.last, &mut round);
                round
            }
        };
        let mut left = missing.rounds.end - missing.rounds.start;
        while left > 0 {
            let now = left.min((FILLING / round.len()).max(1) as u64);
            self.bytes.clear();
            (0..now).for_each(|_| self.bytes.extend(&round));
            self.write(now)?;
            left -= now;
        }
        Ok(())
    }

    fn write(&mut self, rounds: u64) -> Result<(), RecorderError> {
        self.rounds_written += rounds;
        for sink in &mut self.sinks {
            sink.write(&self.bytes)?;
        }
        Ok(())
    }
}
