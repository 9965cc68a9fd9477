//! `tierwire verify`

use std::path::{Path, PathBuf};

use golden_model::recordings::Input;
use golden_model::twr::Identity;
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
            return Err(super::usage("only one of both can come from standard input"));
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
        let compared = verify::compared(&original);
        let (name, original_name) = (compressed.name.clone(), original.input.name.clone());
        let find = |wanted: &Identity| wanted.find(own.as_ref());
        let restored = match verify::container(original, self.original.is_dir(), compressed, find)?
        {
            None => format!("{compared}, byte for byte"),
            Some(bound) => format!("{original_name} within {} tokens", bound.tokens()),
        };
        print(&format!("{name}: restores {restored}\n"))
    }
}
