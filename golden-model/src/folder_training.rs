//! **Training on files**: a table set from the recordings of a folder, or from recordings in memory.

use crate::recipe::Recipe;
use crate::recordings::{self, ChannelSamples, RecordingFile, digest};
use crate::training::{Trainer, TrainingError, WeightTrainer};
use crate::wav::{self, Recording};
use crate::{Encoder, TableSet};
use crc32fast::Hasher;
use rayon::prelude::*;
use std::path::{Path, PathBuf};

/// Passes over the recordings for the start weights of neighbours. A weight moves by 2 in 4096 with each
/// token, and those of neighbours have a long way to go: one pass over a second of a probe is too short.
const NEIGHBOUR_PASSES: usize = 8;

/// Why there is no table set.
#[derive(Debug, thiserror::Error)]
#[non_exhaustive]
pub enum Error {
    /// No recipe of this name.
    #[error("there is no recipe for {0}")]
    NoRecipe(String),
    /// Nothing to train on.
    #[error("no recordings")]
    NoRecordings,
    /// A recording cannot be read.
    #[error(transparent)]
    Recording(#[from] recordings::Error),
    /// The recordings give no table set.
    #[error(transparent)]
    Training(#[from] TrainingError),
}

/// Trains the table set of this name on some files, on all cores at once. `done` is called twice for
/// each file. Memory does not grow with the files, one of many channels is read once for each; but
/// neighbours take whole rounds, and with them all recordings are in memory.
///
/// # Errors
/// [`Error`].
pub fn train(codec: &str, files: &[PathBuf], done: impl Fn() + Sync) -> Result<TableSet, Error> {
    let recipe = Recipe::of(codec).ok_or_else(|| Error::NoRecipe(codec.into()))?;
    if recipe.shape.neighbours() > 0 {
        let read = |path: &PathBuf| {
            let recording = RecordingFile::read(path, None)?.recording;
            done();
            Ok(recording)
        };
        let recordings = files.par_iter().map(read).collect::<Result<Vec<_>, Error>>()?;
        let set = train_on(codec, &recordings)?;
        files.iter().for_each(|_| done());
        return Ok(set);
    }
    let weights = WeightTrainer::new(&recipe, &vec![0; recipe.shape.features()]);
    let weights = in_runs(files, &weights, &done, |part, path| {
        ChannelSamples::of_each(path, |samples| part.add(1, samples))
    })?;
    let weights = weights.into_iter().reduce(WeightTrainer::merge).ok_or(Error::NoRecordings)?;
    let trainer = Trainer::new(recipe, weights.finish())?;
    let parts = in_runs(files, &(trainer, Hasher::new()), &done, |part, path| {
        ChannelSamples::of_each(path, |samples| part.0.add(1, samples))?;
        digest(path, &mut part.1)
    })?;
    let both = |(trainer, mut digest): (Trainer, Hasher), (next, more): (Trainer, Hasher)| {
        digest.combine(&more);
        (trainer.merge(next), digest)
    };
    let (trainer, digest) = parts.into_iter().reduce(both).ok_or(Error::NoRecordings)?;
    Ok(trainer.finish(digest.finalize())?)
}

/// Trains the table set of this name on recordings in memory.
///
/// # Errors
/// [`Error`].
pub fn train_on(codec: &str, recordings: &[Recording]) -> Result<TableSet, Error> {
    let recipe = Recipe::of(codec).ok_or_else(|| Error::NoRecipe(codec.into()))?;
    if recordings.iter().all(|recording| recording.samples.is_empty()) {
        return Err(Error::NoRecordings);
    }
    let passes = if recipe.shape.neighbours() > 0 { NEIGHBOUR_PASSES } else { 1 };
    let mut weights = vec![0; recipe.shape.features()];
    for _ in 0..passes {
        let mut trainer = WeightTrainer::new(&recipe, &weights);
        for Recording { channels, samples, .. } in recordings {
            trainer.add((*channels).into(), samples.iter().copied());
        }
        weights = trainer.finish();
    }
    let mut trainer = Trainer::new(recipe, weights)?;
    let mut digest = Hasher::new();
    for recording in recordings {
        trainer.add(recording.channels.into(), recording.samples.iter().copied());
        let mut bytes = Vec::new();
        wav::to_bytes(&recording.samples, &mut bytes);
        digest.update(&bytes);
    }
    Ok(trainer.finish(digest.finalize())?)
}

/// One half of a recording's rounds.
#[derive(Clone, Copy, Debug, PartialEq, Eq)]
pub enum Half {
    /// Up to the middle.
    First,
    /// From there on.
    Second,
}

/// Trains the table set of this name on one half of a recording, or on all of it; gives back the ratio on
/// each half too, so that one sees it on samples that the tables have not seen.
///
/// # Errors
/// [`Error`].
pub fn train_on_half(
    codec: &str,
    whole: &wav::Recording,
    half: Option<Half>,
) -> Result<(TableSet, [f64; 2]), Error> {
    let channels = usize::from(whole.channels);
    let (first, second) = whole.samples.split_at(whole.samples.len() / channels / 2 * channels);
    let halves = [first, second].map(|part| wav::Recording { samples: part.to_vec(), ..*whole });
    let used = match half {
        None => &halves[..],
        Some(Half::First) => &halves[..1],
        Some(Half::Second) => &halves[1..],
    };
    let set = train_on(codec, used)?;
    let ratio = |half: &wav::Recording| {
        let (mut encoder, mut words) = (Encoder::new(&set, channels), Vec::new());
        encoder.extend(&half.samples, &mut words);
        words.extend(encoder.flush());
        half.samples.len() as f64 / (2 * words.len()) as f64
    };
    let ratios = halves.each_ref().map(ratio);
    Ok((set, ratios))
}

/// Processes all files on all cores. Every run of files begins with `fresh`; the results are in the
/// order of the runs. Runs are long, because each may need large tables.
fn in_runs<T: Clone + Send + Sync>(
    files: &[PathBuf],
    fresh: &T,
    done: &(impl Fn() + Sync),
    add: impl Fn(&mut T, &Path) -> Result<(), recordings::Error> + Sync,
) -> Result<Vec<T>, Error> {
    let run = files.len().div_ceil(4 * rayon::current_num_threads()).max(1);
    let of_run = |files: &[PathBuf]| {
        let mut part = fresh.clone();
        for path in files {
            add(&mut part, path)?;
            done();
        }
        Ok(part)
    };
    files.par_chunks(run).map(of_run).collect()
}
