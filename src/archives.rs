//! Archives (`.twr` files of version 3): recordings into them, and out of them again.

use std::fs::File;
use std::io;
use std::path::Path;

use anyhow::{Context, anyhow};
use golden_model::archive::{Description, FileHeader};
use golden_model::recordings::Input;
use indicatif::ProgressBar;
use recorders::restore::{RestoreError, restore};
use recorders::{Kept, Recording};

use crate::messages::say;
use crate::output::{Output, print};
use crate::recordings::styled;

/// Writes a recording as an archive.
pub fn compress(
    recording: &Recording,
    output: &mut Output,
    max_error: u32,
) -> anyhow::Result<Kept> {
    recording.remarks.iter().for_each(|remark| say(&format!("note: {remark}")));
    let sizes = recording.files.iter().map(|part| recording.folder.join(&part.path).metadata());
    let bar = ProgressBar::new(sizes.flatten().map(|file| file.len()).sum());
    let bar = styled(bar, "{wide_bar} {bytes}/{total_bytes}, {bytes_per_sec}, {eta} left");
    let kept = recorders::keep(recording, &mut *output, max_error, |more| bar.inc(more));
    bar.finish_and_clear();
    let named = |failed: recorders::KeepError| {
        RestoreError::of(failed.error, &failed.path.display().to_string(), &output.name)
    };
    Ok(kept.map_err(named)?)
}

/// Reads back what was written and checks that every file is restored.
pub fn check(written: Option<File>, output: &str) -> anyhow::Result<()> {
    let Some(written) = written else { return Ok(()) };
    let all = Description::of(io::BufReader::new(written));
    all.with_context(|| format!("{output}: not written as it should be"))?;
    Ok(())
}

/// Restores an archive as `output`.
pub fn decompress(input: Input, output: &Path) -> anyhow::Result<()> {
    let name = input.name.clone();
    let left_out = |file: &FileHeader| say(&format!("{name}: note: left out: {}", file.name));
    Ok(restore(input, output, left_out)?)
}

/// Prints what an archive holds.
pub fn info(input: Input) -> anyhow::Result<()> {
    let Input { name, reader } = input;
    let description = Description::of(reader).map_err(|error| anyhow!("{name}: {error}"))?;
    print(&description.to_string())
}
