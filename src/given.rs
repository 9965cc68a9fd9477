//! The recordings that a command is given, of any recorder.

use std::path::{Path, PathBuf};

use anyhow::bail;
use golden_model::layout::SampleFormat;
use recorders::Recording;
use recorders::challenge::is_of_the_challenge;

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
            recorders::open(file).is_ok_and(|file| is_of_the_challenge(&file).unwrap_or(false))
        };
        if found.iter().any(is_one) {
            let files = if path.is_dir() { recordings::find(path)? } else { found };
            return Ok(Given::OfTheChallenge(files));
        }
        let listing = recorders::list(path, raw.form(SampleFormat::I16))?;
        listing.left_out.iter().for_each(|remark| say(&format!("note: {remark}")));
        if listing.recordings.is_empty() {
            bail!("{}: no recordings in it", path.display());
        }
        Ok(Given::Others(listing.recordings))
    }
}
