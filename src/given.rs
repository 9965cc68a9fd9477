//! The recordings that a command is given, of any recorder.

use std::path::{Path, PathBuf};

use anyhow::bail;
use golden_model::layout::SampleFormat;
use recorders::challenge::is_of_the_challenge;
use recorders::{RawForm, Recording};

use crate::messages::say;
use crate::recordings::{self, RawArguments};

/// Recordings.
pub enum Given {
    /// WAV files of the challenge's converter, and what else is in WAV files beside them.
    OfTheChallenge(Vec<PathBuf>),
    /// Recordings of other recorders, each with its name.
    Others(Vec<(String, Recording)>),
}

impl Given {
    /// The recordings at `path`: the challenge's, if a WAV file there is. Says what is none.
    pub fn at(path: &Path, raw: RawArguments) -> anyhow::Result<Given> {
        let found = match path.is_dir() {
            true => golden_model::recordings::find(path).map_or(Vec::new(), |found| found.files),
            false => vec![path.to_owned()],
        };
        let is_one = |file: &PathBuf| {
            let recording = recorders::open(file);
            recording.is_ok_and(|recording| is_of_the_challenge(&recording).unwrap_or(false))
        };
        if found.iter().any(is_one) {
            let is_folder = path.is_dir();
            return Ok(Given::OfTheChallenge(if is_folder {
                recordings::find(path)?
            } else {
                found
            }));
        }
        let raw = raw.channels.zip(raw.rate).map(|(channels, rate)| RawForm {
            format: SampleFormat::I16,
            channels,
            rate,
        });
        let listing = recorders::list(path, raw)?;
        listing.left_out.iter().for_each(|remark| say(&format!("note: {remark}")));
        if listing.recordings.is_empty() {
            bail!("{}: no recordings in it", path.display());
        }
        Ok(Given::Others(listing.recordings))
    }
}
