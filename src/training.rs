//! A table set trained on the recordings of a folder.

use std::fs;
use std::path::PathBuf;

use anyhow::{Context, anyhow};
use crc32fast::Hasher;
use golden_model::TableSet;
use golden_model::recipe::Recipe;
use golden_model::training::{Trainer, WeightTrainer};
use golden_model::wav::Recording;
use rayon::prelude::*;

use crate::recordings;

/// Trains the table set of this name on some files, all cores at once.
pub fn train(codec: &str, files: &[PathBuf]) -> anyhow::Result<TableSet> {
    let recipe = Recipe::of(codec).with_context(|| format!("there is no recipe for {codec}"))?;
    let weights = WeightTrainer::new(&recipe);
    let weights = in_runs(files, &weights, |part, recording, _| {
        (0..recording.channels).for_each(|channel| part.add(recording.channel(channel)));
    })?;
    let weights = weights.into_iter().reduce(WeightTrainer::merge).context("no recordings")?;
    let trainer = Trainer::new(recipe, weights.finish()).map_err(|why| anyhow!("{why}"))?;
    let parts = in_runs(files, &(trainer, Hasher::new()), |part, recording, bytes| {
        (0..recording.channels).for_each(|channel| part.0.add(recording.channel(channel)));
        part.1.update(bytes);
    })?;
    let both = |(trainer, mut digest): (Trainer, Hasher), (next, more): (Trainer, Hasher)| {
        digest.combine(&more);
        (trainer.merge(next), digest)
    };
    let (trainer, digest) = parts.into_iter().reduce(both).context("no recordings")?;
    trainer.finish(digest.finalize()).map_err(|why| anyhow!("{why}"))
}

/// Processes all files on all cores. Every run of files begins with `fresh`; the results are in the
/// order of the runs.
///
/// Runs are long, because each may need large tables.
fn in_runs<T: Clone + Send + Sync>(
    files: &[PathBuf],
    fresh: &T,
    add: impl Fn(&mut T, &Recording, &[u8]) + Sync,
) -> anyhow::Result<Vec<T>> {
    let bar = recordings::progress(files.len());
    let run = files.len().div_ceil(4 * rayon::current_num_threads());
    let parts = files.par_chunks(run).map(|files| {
        let mut part = fresh.clone();
        for path in files {
            let name = path.display();
            let bytes = fs::read(path).with_context(|| name.to_string())?;
            let recording = Recording::read(&bytes[..]).map_err(|e| anyhow!("{name}: {e}"))?;
            add(&mut part, &recording, &bytes);
            bar.inc(1);
        }
        Ok(part)
    });
    let parts = parts.collect();
    bar.finish_and_clear();
    parts
}
