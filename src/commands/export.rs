//! `tierwire export`

use std::path::PathBuf;

use anyhow::Context;

use crate::engines::{profile, profile_names, verilog_path};
use crate::output::{print, write_text};

/// What to export.
#[derive(clap::Args)]
pub struct Arguments {
    /// Profile to export.
    #[arg(long, value_name = "NAME", value_parser = profile_names())]
    profile: String,
    /// Folder for the Verilog file; it is made where there is none.
    #[arg(short, long, value_name = "DIR")]
    output: PathBuf,
}

impl Arguments {
    /// Exports.
    pub fn run(self) -> anyhow::Result<()> {
        let profile = profile(&self.profile)?;
        let folder = || self.output.display().to_string();
        std::fs::create_dir_all(&self.output).with_context(folder)?;
        let path = verilog_path(&self.output, &profile);
        write_text(&path, &hdl::export::verilog(&profile))?;
        print(&format!("{}\n", path.display()))
    }
}
