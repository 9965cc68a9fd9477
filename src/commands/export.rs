//! `tierwire export`

use std::path::PathBuf;

use anyhow::Context;
use clap::builder::PossibleValuesParser;
use hdl::Board;
use hdl::Profile;
use hdl::verilog::asic::{AsicCore, asic_core};
use hdl::verilog::macros::MemoryMacros;
use hdl::verilog::spi_top::spi_top;
use testbench::verilog_bench::VerilogBench;

use crate::output::{print, write_text};
use crate::profiles::{Choice, ProfileParser};

/// Samples that the test bench sends, about: some seconds in any simulator.
const BENCH_SAMPLES: usize = 20_000;

/// What to export.
#[derive(clap::Args)]
#[command(before_help = "Example: tierwire export --profile nano -o build")]
pub struct Arguments {
    /// Profile to export.
    #[arg(long, value_name = "NAME|FILE", value_parser = ProfileParser)]
    profile: Choice,
    /// Board: adds a top module with its pins, and its constraint file.
    #[arg(long, value_name = "NAME", value_parser = board_names())]
    board: Option<String>,
    /// For a chip of its own: memories on the macros that this file describes (memories/), ROMs as logic,
    /// nothing initial. Also writes models of the macros for simulation.
    #[arg(long, value_name = "FILE", conflicts_with = "board")]
    memories: Option<PathBuf>,
    /// Also write a self-checking Verilog test bench with its vectors, for any simulator.
    #[arg(long, conflicts_with = "board")]
    testbench: bool,
    /// Also write a bridge to the registers for chips with few pins, and a top of both.
    #[arg(long, conflicts_with_all = ["board", "testbench"])]
    spi_bridge: bool,
    /// Folder for the files; created if it is missing.
    #[arg(short, long, value_name = "DIR")]
    output: PathBuf,
}

impl Arguments {
    /// Exports.
    pub fn run(self) -> anyhow::Result<()> {
        let profile = self.profile.load()?;
        let folder = || self.output.display().to_string();
        std::fs::create_dir_all(&self.output).with_context(folder)?;
        let mut names = String::new();
        for (name, text) in self.files(&profile)? {
            let path = self.output.join(name);
            write_text(&path, &text)?;
            names += &format!("{}\n", path.display());
        }
        print(&names)
    }

    /// Names and contents.
    fn files(&self, profile: &Profile) -> anyhow::Result<Vec<(String, String)>> {
        if let Some(board) = self.board.as_deref().and_then(Board::named) {
            let top = format!("{}.v", board.top_name(profile));
            let (verilog, pins) = (board.verilog(profile)?, board.constraints_of(profile)?);
            return Ok(vec![(top, verilog), (board.constraint_file(), pins)]);
        }
        let core = format!("{}.v", hdl::verilog::export::top_name(profile));
        let mut files = match &self.memories {
            None => vec![(core, hdl::verilog::export::verilog(profile))],
            Some(file) => {
                let macros = MemoryMacros::from_file(file)?;
                let AsicCore { verilog, models, .. } = asic_core(profile, Some(&macros));
                vec![(core, verilog), (format!("{}.v", macros.name), models)]
            }
        };
        if self.spi_bridge {
            files.extend(
                spi_top(profile)
                    .context("--spi-bridge: the profile has fixed tables, so no registers")?,
            );
        }
        if self.testbench {
            let bench = VerilogBench::new(profile, 1, BENCH_SAMPLES);
            files.extend(bench.vectors().map(|(name, text)| (name, text.to_owned())));
            files.push((format!("{}.v", bench.name), bench.verilog));
        }
        Ok(files)
    }
}

fn board_names() -> PossibleValuesParser {
    PossibleValuesParser::new(Board::all().iter().map(|board| &*board.name))
}
