//! `tierwire verify`

use std::io::Read;
use std::ops::Range;
use std::path::{Path, PathBuf};

use anyhow::{Context, anyhow, bail};
use clap::error::ErrorKind;
use golden_model::Converter;
use golden_model::near_lossless::MaxError;
use golden_model::recordings::{Input, Kind, Source};
use golden_model::twr::{self, Content, Summary};
use golden_model::wav::to_samples;
use recorders::restore::is_archive;
use study::against_original::AgainstOriginal;

use crate::archives;
use crate::output::print;
use crate::recordings;
use crate::tables::AtHand;

/// What to compare.
#[derive(clap::Args)]
#[command(before_help = "Example: tierwire verify recording.wav recording.twr")]
pub struct Arguments {
    /// The original recording, a file or a folder; - for standard input.
    original: PathBuf,
    /// The .twr file made from it; - for standard input.
    compressed: PathBuf,
    #[command(flatten)]
    tables: AtHand,
}

impl Arguments {
    /// Verifies.
    pub fn run(self) -> anyhow::Result<()> {
        if [&self.original, &self.compressed].iter().all(|path| *path == Path::new("-")) {
            let why = "only one of both can come from standard input\n";
            return Err(clap::Error::raw(ErrorKind::ArgumentConflict, why).into());
        }
        let (is_archive, compressed) = is_archive(Input::open(&self.compressed)?)?;
        if is_archive {
            return archives::verify(&self.original, compressed);
        }
        let own = self.tables.load()?;
        // A container does not store its original's name, so every file is taken as it is.
        let original = recordings::open(&self.original, None)?;
        let compared = compared(&original);
        let original = original.whole();
        let (original_name, name) = (original.name.clone(), compressed.name.clone());
        let wrong = |error: twr::Error| anyhow!("{name}: {error}");
        let (header, compressed) = twr::peek(compressed).map_err(wrong)?;
        let folder = matches!(header.content, Content::Samples { folder: true, .. });
        if folder != self.original.is_dir() {
            let [its, this] = if folder { ["folder", "file"] } else { ["file", "folder"] };
            bail!("{name}: is of a {its}, {original_name} is a {this}");
        }
        if let Content::Samples { max_error: Some(bound), table_set, .. } = &header.content {
            let bound = *bound;
            let converter = own.find(table_set).map(|set| set.converter().clone());
            let mut back = Vec::new();
            let summary = twr::decompress(compressed, &mut back, |wanted| own.find(wanted));
            let Summary { head_bytes, samples, .. } = summary.map_err(wrong)?;
            let start = head_bytes as usize;
            let tokens = bound.tokens();
            let converter = converter.expect("it was decompressed with that set");
            if !is_near(original, &back, start..start + 2 * samples as usize, bound, &converter)
                .with_context(|| original_name.clone())?
            {
                bail!("{name}: is not {original_name} within {tokens} tokens");
            }
            return print(&format!("{name}: restores {original_name} within {tokens} tokens\n"));
        }
        let mut compare = AgainstOriginal::new(original);
        let result = twr::decompress(compressed, &mut compare, |wanted| own.find(wanted));
        let difference = match result {
            Ok(_) => compare.finish(),
            Err(twr::Error::Write(_)) => compare.difference(),
            Err(error) => bail!("{name}: {error}"),
        };
        if let Some(difference) = difference {
            bail!("{name}: is not {original_name}: {difference}");
        }
        print(&format!("{name}: restores {compared}, byte for byte\n"))
    }
}

/// What was compared, in words: of a folder its WAV files alone.
fn compared(original: &Source) -> String {
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

/// Whether two recordings are equal up to sample errors within `bound`.
fn is_near(
    mut original: impl Read,
    back: &[u8],
    data: Range<usize>,
    bound: MaxError,
    converter: &Converter,
) -> anyhow::Result<bool> {
    let mut bytes = Vec::new();
    original.read_to_end(&mut bytes)?;
    let Range { start, end } = data;
    if back.len() != bytes.len() || back[..start] != bytes[..start] || back[end..] != bytes[end..] {
        return Ok(false);
    }
    let (mut samples, mut near) = (Vec::new(), Vec::new());
    to_samples(&bytes[start..end], &mut samples);
    to_samples(&back[start..end], &mut near);
    Ok(samples.iter().zip(near).all(|(&sample, near)| bound.allows(converter, sample, near)))
}
