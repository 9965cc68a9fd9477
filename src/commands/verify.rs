//! `tierwire verify`

use std::path::{Path, PathBuf};

use clap::error::ErrorKind;
use golden_model::recordings::{Input, Kind, Source};
use recorders::restore::is_archive;
use study::verify;

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
            let name = compressed.name.clone();
            let files = match &verify::archive(&self.original, compressed)?[..] {
                [_] => String::new(),
                files => format!(": {}", files.join(", ")),
            };
            let original = self.original.display();
            return print(&format!("{name}: restores {original}, byte for byte{files}\n"));
        }
        let own = self.tables.load()?;
        // A container does not store its original's name, so every file is taken as it is.
        let original = recordings::open(&self.original, None)?;
        let compared = compared(&original);
        let (name, original_name) = (compressed.name.clone(), original.input.name.clone());
        let find = |wanted: &_| own.find(wanted);
        let restored = match verify::container(original, self.original.is_dir(), compressed, find)?
        {
            None => format!("{compared}, byte for byte"),
            Some(bound) => format!("{original_name} within {} tokens", bound.tokens()),
        };
        print(&format!("{name}: restores {restored}\n"))
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
