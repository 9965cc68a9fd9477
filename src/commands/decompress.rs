//! `tierwire decompress`

use std::path::PathBuf;

use anyhow::bail;
use golden_model::archive::FileHeader;
use golden_model::recordings::Input;
use golden_model::twr::{self, Content, Error};
use recorders::restore::{is_archive, restore};

use crate::messages::say;
use crate::output::{Output, RestoredFolder, blame};
use crate::tables::AtHand;

/// What to give back.
#[derive(clap::Args)]
#[command(before_help = "Example: tierwire decompress recording.twr -o recording.wav")]
pub struct Arguments {
    /// The .twr file; - for standard input.
    input: PathBuf,
    /// File to write, or folder if several files were compressed; - for standard output. Files that
    /// belong to a recording, such as a .meta, are written beside it.
    #[arg(short, long, value_name = "OUT")]
    output: PathBuf,
    #[command(flatten)]
    tables: AtHand,
}

impl Arguments {
    /// Decompresses.
    pub fn run(self) -> anyhow::Result<()> {
        let own = self.tables.load()?;
        let (is_archive, input) = is_archive(Input::open(&self.input)?)?;
        if is_archive {
            let name = input.name.clone();
            let left_out =
                |file: &FileHeader| say(&format!("{name}: note: left out: {}", file.name));
            return Ok(restore(input, &self.output, left_out)?);
        }
        let Input { name, reader } = input;
        let (header, mut input) = twr::peek(reader).map_err(|error| blame(error, &name, ""))?;
        if let Content::Samples { folder: true, rate, channels, .. } = header.content {
            let mut output = RestoredFolder::create(&self.output, rate, channels)?;
            let result =
                twr::decompress(&mut input, &mut output.files, |wanted| wanted.find(own.as_ref()));
            return match (result, output.files.fault()) {
                (Err(Error::Write(_)), Some(why)) => bail!("{name}: {why}"),
                (Err(error), _) => Err(blame(error, &name, &output.name)),
                (Ok(_), _) if !output.files.is_complete() => {
                    bail!("{name}: its files are not complete")
                }
                (Ok(_), _) => Ok(output.finish()?),
            };
        }
        let mut output = Output::create(&self.output)?;
        twr::decompress(&mut input, &mut output, |wanted| wanted.find(own.as_ref()))
            .map_err(|error| blame(error, &name, &output.name))?;
        Ok(output.finish()?)
    }
}
