//! **Sidecar**: a JSON file beside the recording that lists which samples are missing.
//!
//! It is written while the recording is, so that a day of small gaps takes no memory.

use std::io::{self, Write};
use std::path::{Path, PathBuf};

use recorders::output::{Output, OutputError};
use serde::Serialize;

use crate::receiver::{Missing, Why};
use crate::{Counters, Gaps, StreamFormat};

/// The list of what is missing.
pub struct Sidecar {
    output: Output,
    entries: u64,
    restarts: Vec<u64>,
}

/// The sender may begin anew so often that the list of it ends before.
const MOST_RESTARTS: usize = 1 << 16;

/// Missing rounds.
#[derive(Serialize)]
struct Entry {
    /// The first one, in the time of the recording.
    round: u64,
    rounds: u64,
    /// Where in the output they stand, or would stand.
    at: u64,
    /// The sender's numbers of the frames that they are of: the first, and the one behind the last.
    frames: [u64; 2],
    why: Why,
}

/// What stands before the list.
#[derive(Serialize)]
struct Head<'a> {
    profile: &'a str,
    table_set: &'a str,
    channels: usize,
    samples_per_s: f64,
    gaps: &'static str,
}

/// What stands behind it.
#[derive(Serialize)]
struct Tail<'a> {
    /// Rounds before which the sender began anew.
    restarts: &'a [u64],
    /// Rounds of the recording, received and missing.
    rounds: u64,
    /// Rounds in the output.
    rounds_written: u64,
    counters: Counters,
}

impl Sidecar {
    /// That of a recording in this file.
    pub fn path_for(recording: &Path) -> PathBuf {
        let mut name = recording.as_os_str().to_owned();
        name.push(".gaps.json");
        name.into()
    }

    /// Begins it.
    ///
    /// # Errors
    /// [`OutputError`].
    pub fn create(path: &Path, format: &StreamFormat, gaps: Gaps) -> Result<Sidecar, OutputError> {
        let mut sidecar =
            Sidecar { output: Output::create(path)?, entries: 0, restarts: Vec::new() };
        let head = Head {
            profile: &format.profile,
            table_set: format.set.name(),
            channels: format.channels(),
            samples_per_s: format.samples_per_s,
            gaps: gaps.name(),
        };
        let head = inner(&head);
        sidecar.write(|output| write!(output, "{{{head},\n\"missing\": ["))?;
        Ok(sidecar)
    }

    pub(crate) fn missing(&mut self, missing: &Missing, at: u64) -> Result<(), OutputError> {
        let Missing { rounds, frames, why } = missing;
        let entry = Entry {
            round: rounds.start,
            rounds: rounds.end - rounds.start,
            at,
            frames: [frames.start, frames.end],
            why: *why,
        };
        let comma = if self.entries == 0 { "" } else { "," };
        self.entries += 1;
        let entry = json(&entry);
        self.write(|output| write!(output, "{comma}\n  {entry}"))
    }

    pub(crate) fn restarted(&mut self, round: u64) {
        if self.restarts.len() < MOST_RESTARTS {
            self.restarts.push(round);
        }
    }

    pub(crate) fn finish(
        mut self,
        rounds: u64,
        rounds_written: u64,
        counters: Counters,
    ) -> Result<(), OutputError> {
        let restarts = std::mem::take(&mut self.restarts);
        let tail = inner(&Tail { restarts: &restarts, rounds, rounds_written, counters });
        self.write(|output| writeln!(output, "\n],\n{tail}}}"))?;
        self.output.finish()
    }

    fn write(
        &mut self,
        write: impl FnOnce(&mut Output) -> io::Result<()>,
    ) -> Result<(), OutputError> {
        let written = write(&mut self.output);
        written.map_err(|error| self.output.cannot_be_written(error))
    }
}

fn json(value: &impl Serialize) -> String {
    serde_json::to_string(value).expect("a value without maps")
}

/// The fields of an object without its braces.
fn inner(value: &impl Serialize) -> String {
    let json = json(value);
    json[1..json.len() - 1].to_owned()
}
