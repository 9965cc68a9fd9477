//! `tierwire readme`

use std::path::PathBuf;

use golden_model::shipped;
use hdl::Profile;

use crate::marked::Page;
use crate::recordings::{find, ratio, train};

/// Which page, made from what.
#[derive(clap::Args)]
#[command(before_help = "Example: tierwire readme recordings --check")]
pub struct Arguments {
    /// Folder of recordings: all WAV files in it and in its subfolders.
    folder: PathBuf,
    /// The page whose table is written.
    #[arg(long, value_name = "FILE", default_value = "docs/tables.md")]
    page: PathBuf,
    /// Write nothing; fail if the table is not current.
    #[arg(long)]
    check: bool,
}

const BEGIN: &str = "<!-- begin: cargo run --release -- readme DIR -->\n";

impl Arguments {
    /// Measures every shipped table set and writes the table.
    pub fn run(self) -> anyhow::Result<()> {
        let page = Page::read(&self.page, BEGIN)?;
        page.replace(&table(&find(&self.folder)?)?, self.check)
    }
}

fn table(files: &[PathBuf]) -> anyhow::Result<String> {
    let mut table = "| table set | what it is | ratio | held-out | rank table, kbit | state per channel, bits |\n\
                     |---|---|---|---|---|---|\n"
        .to_string();
    for (known, set) in shipped::of_the_challenge() {
        let none = || "none".to_string();
        let shape = Profile::shape_of(&set);
        let rank_kbit =
            shape.map_or_else(none, |s| format!("{:.0}", s.rank_rom_bits() as f64 / 1000.0));
        let state_bits = shape.map_or_else(none, |s| s.state_bits().to_string());
        table += &format!(
            "| `{}` | {} | {:.3} | {:.3} | {} | {} |\n",
            known.name,
            known.summary,
            ratio(files, &set)?,
            held_out(files, known.name)?,
            rank_kbit,
            state_bits,
        );
    }
    Ok(table)
}

/// Ratio of each half of the files with tables trained on the other, put together: the harmonic
/// mean, as the halves are equally large.
fn held_out(files: &[PathBuf], name: &str) -> anyhow::Result<f64> {
    let half = |odd: usize| files.iter().skip(odd).step_by(2).cloned().collect::<Vec<_>>();
    let halves = [half(0), half(1)];
    let even = ratio(&halves[0], &train(name, &halves[1])?)?;
    let odd = ratio(&halves[1], &train(name, &halves[0])?)?;
    Ok(2.0 / (1.0 / even + 1.0 / odd))
}
