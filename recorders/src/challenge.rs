//! Whether the challenge's converter made a recording: then its table sets are the best choice.

use std::fs::File;
use std::io::{self, Read, Seek, SeekFrom};

use golden_model::layout::{Layout, SampleFormat};
use golden_model::{Converter, wav};

use crate::{Error, Fault, Recording};

/// Samples that are looked at.
const LOOKED_AT: u64 = 1 << 24;

/// Whether the challenge's converter made all samples of a recording.
///
/// # Errors
/// A file cannot be read.
pub fn is_of_the_challenge(recording: &Recording) -> Result<bool, Error> {
    let coded = recording.files.iter().filter_map(|part| Some((&part.path, part.layout.as_ref()?)));
    let mut any = false;
    for (path, layout) in coded {
        let path = recording.folder.join(path);
        let made = || {
            let mut file = File::open(&path)?;
            file.seek(SeekFrom::Start(layout.head))?;
            is_made_by_the_challenge(layout, file)
        };
        if !made().map_err(|error| Fault::Io(error).of(&path))? {
            return Ok(false);
        }
        any = true;
    }
    Ok(any)
}

/// Whether `records`, laid out like `layout`, are 16-bit samples of the challenge's converter.
///
/// # Errors
/// They cannot be read.
pub fn is_made_by_the_challenge(layout: &Layout, records: impl Read) -> io::Result<bool> {
    let is_i16 = layout.groups.iter().all(|group| group.format == SampleFormat::I16);
    if !layout.is_interleaved() || !is_i16 {
        return Ok(false);
    }
    let all = layout.records.unwrap_or(u64::MAX).saturating_mul(layout.record_bytes() as u64);
    let (mut bytes, mut samples) = (Vec::new(), Vec::new());
    records.take(all.min(2 * LOOKED_AT)).read_to_end(&mut bytes)?;
    wav::to_samples(&bytes[..bytes.len() / 2 * 2], &mut samples);
    Ok(Converter::challenge().made(&samples))
}
