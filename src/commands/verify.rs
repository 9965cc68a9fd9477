//! `tierwire verify`

use std::path::{Path, PathBuf};

use anyhow::bail;
use clap::CommandFactory;
use clap::error::ErrorKind;
use golden_model::twr;

use crate::compare::Compare;
use crate::input::Input;
use crate::output::print;
use crate::tables::AtHand;

/// What to compare.
#[derive(clap::Args)]
pub struct Arguments {
    /// The original; - for standard input.
    original: PathBuf,
    /// The file that was made from it; - for standard input.
    compressed: PathBuf,
    #[command(flatten)]
    tables: AtHand,
}

impl Arguments {
    /// Verifies.
    pub fn run(self) -> anyhow::Result<()> {
        if [&self.original, &self.compressed].iter().all(|path| *path == Path::new("-")) {
            let why = "only one of both can come from standard input";
            return Err(crate::Arguments::command().error(ErrorKind::ArgumentConflict, why).into());
        }
        let own = self.tables.load()?;
        let original = Input::open(&self.original)?;
        let mut compressed = Input::open(&self.compressed)?;
        let (original_name, name) = (original.name.clone(), compressed.name.clone());
        let mut compare = Compare::new(original);
        let result = twr::decompress(&mut compressed, &mut compare, |wanted| own.find(wanted));
        let difference = match result {
            Ok(_) => compare.finish(),
            Err(twr::Error::Write(_)) => compare.difference(),
            Err(error) => bail!("{name}: {error}"),
        };
        if let Some(difference) = difference {
            bail!("{name}: is not {original_name}: {difference}");
        }
        print(&format!("{name}: gives back {original_name}, byte for byte\n"))
    }
}
