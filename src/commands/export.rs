//! `tierwire export`

use std::path::PathBuf;

use anyhow::Context;
use clap::builder::PossibleValuesParser;
use hdl::Profile;
use hdl::board::{BOARDS, Board};

use crate::engines::{profile_names, verilog_path};
use crate::output::{print, write_text};

/// What to export.
#[derive(clap::Args)]
pub struct Arguments {
    /// Profile to export.
    #[arg(long, value_name = "NAME", value_parser = profile_names())]
    profile: String,
    /// Board: the top has its pins, and its constraint file comes with it.
    #[arg(long, value_name = "NAME", value_parser = board_names())]
    board: Option<String>,
    /// Folder for the Verilog file; it is made where there is none.
    #[arg(short, long, value_name = "DIR")]
    output: PathBuf,
}

impl Arguments {
    /// Exports.
    pub fn run(self) -> anyhow::Result<()> {
        let profile = Profile::named(&self.profile)
            .with_context(|| format!("no profile {:?}", self.profile))?;
        let folder = || self.output.display().to_string();
        std::fs::create_dir_all(&self.output).with_context(folder)?;
        let Some(board) = self.board.as_deref().and_then(Board::named) else {
            let path = verilog_path(&self.output, &profile);
            write_text(&path, &hdl::export::verilog(&profile))?;
            return print(&format!("{}\n", path.display()));
        };
        let verilog = board.verilog(&profile)?;
        let path = self.output.join(board.top_name(&profile)).with_extension("v");
        let pins = self.output.join(board.constraint_file());
        write_text(&path, &verilog)?;
        write_text(&pins, &board.constraints())?;
        print(&format!("{}\n{}\n", path.display(), pins.display()))
    }
}

fn board_names() -> PossibleValuesParser {
    PossibleValuesParser::new(BOARDS.map(|board| board.name))
}
