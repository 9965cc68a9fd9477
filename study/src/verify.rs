//! What a `.twr` file restores, compared with the original.

use std::borrow::Cow;
use std::io::{self, Read};
use std::path::{Path, PathBuf};

use golden_model::archive::{self, FileHeader, Reader};
use golden_model::near_lossless::MaxError;
use golden_model::recordings::{self, Input, Kind, Source};
use golden_model::twr::{self, Content, Identity, Summary};
use golden_model::wav::to_samples;
use golden_model::{Converter, TableSet};

use crate::against_original::{AgainstOriginal, Difference};

/// A `.twr` file that is not verified.
#[derive(Debug, thiserror::Error)]
#[non_exhaustive]
pub enum Unverified {
    /// It is damaged, or made with other tables.
    #[error("{0}: {1}")]
    Twr(String, twr::Error),
    /// The same of one of version 3.
    #[error("{0}: {1}")]
    Archive(String, archive::Error),
    /// The original cannot be opened.
    #[error(transparent)]
    Original(#[from] recordings::Error),
    /// The original cannot be read.
    #[error("{0}: {1}")]
    Read(String, io::Error),
    /// It restores something else.
    #[error("{name}: is not {original}: {difference}")]
    Differs {
        /// The `.twr` file.
        name: String,
        /// The original.
        original: String,
        /// Where.
        difference: Difference,
    },
    /// A folder was compressed, and the original is a file, or the other way round.
    #[error("{name}: is of a {}, {original} is a {}", kind(*.folder), kind(!*.folder))]
    OtherKind {
        /// The `.twr` file.
        name: String,
        /// The original.
        original: String,
        /// Whether a folder was compressed.
        folder: bool,
    },
    /// A sample is too far off.
    #[error("{name}: is not {original} within {tokens} tokens")]
    Far {
        /// The `.twr` file.
        name: String,
        /// The original.
        original: String,
        /// The bound.
        tokens: u16,
    },
    /// An archive of samples that are only near the original.
    #[error("{0}: not lossless, samples are within {1} steps: there are no bytes to compare")]
    NotLossless(String, u32),
}

fn kind(folder: bool) -> &'static str {
    if folder { "folder" } else { "file" }
}

/// What was compared, in words: of a folder its WAV files alone.
pub fn compared(original: &Source) -> String {
    let Source { input, kind, left_out, .. } = original;
    match kind {
        Kind::Folder(manifest) => {
            let (files, folder) = (manifest.channels(), &input.name);
            let rest = match left_out.is_empty() {
                true => String::new(),
                false => format!(" (not in it: {})", left_out.join(", ")),
            };
            format!("the {files} WAV files of {folder}{rest}")
        }
        _ => input.name.clone(),
    }
}

/// Compares a file of version 1 or 2; `find` gives the table set that it names. Gives back the bound of
/// its samples' errors; `None`: every byte is the original's.
///
/// # Errors
/// [`Unverified`].
pub fn container<'t>(
    original: Source,
    is_folder: bool,
    compressed: Input,
    find: impl Fn(&Identity) -> Option<Cow<'t, TableSet>>,
) -> Result<Option<MaxError>, Unverified> {
    let original = original.whole();
    let (original_name, name) = (original.name.clone(), compressed.name.clone());
    let wrong = |error| Unverified::Twr(name.clone(), error);
    let (header, compressed) = twr::peek(compressed).map_err(wrong)?;
    let folder = matches!(header.content, Content::Samples { folder: true, .. });
    if folder != is_folder {
        return Err(Unverified::OtherKind { name, original: original_name, folder });
    }
    if let Content::Samples { max_error: Some(bound), table_set, .. } = &header.content {
        let (bound, tokens) = (*bound, bound.tokens());
        let converter = find(table_set).map(|set| set.converter().clone());
        let mut back = Vec::new();
        let summary = twr::decompress(compressed, &mut back, &find).map_err(wrong)?;
        let converter = converter.expect("it was decompressed with that set");
        let near = is_near(original, &back, &summary, bound, &converter);
        return match near.map_err(|error| Unverified::Read(original_name.clone(), error))? {
            true => Ok(Some(bound)),
            false => Err(Unverified::Far { name, original: original_name, tokens }),
        };
    }
    let mut against = AgainstOriginal::new(original);
    let difference = match twr::decompress(compressed, &mut against, &find) {
        Ok(_) => against.finish(),
        Err(twr::Error::Write(_)) => against.difference(),
        Err(error) => return Err(wrong(error)),
    };
    match difference {
        None => Ok(None),
        Some(difference) => Err(Unverified::Differs { name, original: original_name, difference }),
    }
}

/// Whether two recordings are equal up to sample errors within `bound`.
fn is_near(
    mut original: impl Read,
    back: &[u8],
    summary: &Summary,
    bound: MaxError,
    converter: &Converter,
) -> io::Result<bool> {
    let mut bytes = Vec::new();
    original.read_to_end(&mut bytes)?;
    let start = summary.head_bytes as usize;
    let end = start + 2 * summary.samples as usize;
    if back.len() != bytes.len() || back[..start] != bytes[..start] || back[end..] != bytes[end..] {
        return Ok(false);
    }
    let (mut samples, mut near) = (Vec::new(), Vec::new());
    to_samples(&bytes[start..end], &mut samples);
    to_samples(&back[start..end], &mut near);
    Ok(samples.iter().zip(near).all(|(&sample, near)| bound.allows(converter, sample, near)))
}

/// Compares all files of an archive; gives back their names.
///
/// # Errors
/// [`Unverified`].
pub fn archive(original: &Path, compressed: Input) -> Result<Vec<String>, Unverified> {
    let Input { name, reader } = compressed;
    archived(&name, reader, |file| match original.is_dir() {
        true => original.join(&file.name),
        false if file.sidecar => original.with_file_name(&file.name),
        false => original.to_owned(),
    })
}

/// The same, where `original` says which file each of the archive's was.
pub(crate) fn archived(
    name: &str,
    archive: impl Read,
    original: impl Fn(&FileHeader) -> PathBuf,
) -> Result<Vec<String>, Unverified> {
    let wrong = |error| Unverified::Archive(name.into(), error);
    let mut reader = Reader::new(archive).map_err(wrong)?;
    let mut compared = Vec::new();
    while let Some(header) = reader.next_file().map_err(wrong)? {
        if header.max_error > 0 {
            return Err(Unverified::NotLossless(name.into(), header.max_error));
        }
        let Input { name: original, reader: file } = Input::open(&original(&header))?;
        let mut against = AgainstOriginal::new(file);
        let difference = match reader.restore(&header, &mut against) {
            Ok(_) => against.finish(),
            Err(archive::Error::Write(_)) => against.difference(),
            Err(error) => return Err(wrong(error)),
        };
        if let Some(difference) = difference {
            return Err(Unverified::Differs { name: name.into(), original, difference });
        }
        compared.push(header.name);
    }
    Ok(compared)
}
