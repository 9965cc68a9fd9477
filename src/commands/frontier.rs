//! `tierwire frontier`

use std::path::PathBuf;

use ::synth::Target;
use anyhow::Context;
use hdl::Profile;
use measure::power::{Device, Range};
use serde::Serialize;

use super::power::range;
use super::readme::ratio;
use crate::marked::Page;
use crate::output::write_json;
use crate::recordings;
use measure::chip::{Around, Chip, Wish};
use measure::consumption::Consumption;
use measure::loads::loads;

/// Which table, made from what.
#[derive(clap::Args)]
#[command(before_help = "Example: tierwire frontier recordings --check")]
pub struct Arguments {
    /// Folder of recordings, for the ratios; folders in it count as well.
    folder: PathBuf,
    /// Page for the whole table.
    #[arg(long, value_name = "FILE", default_value = "docs/tables.md")]
    page: PathBuf,
    /// Page for the short table.
    #[arg(long, value_name = "FILE", default_value = "README.md")]
    short: PathBuf,
    /// File for the figures as JSON; - for standard output.
    #[arg(long, value_name = "FILE")]
    json: Option<PathBuf>,
    /// Write no page; fail if a table is not current.
    #[arg(long)]
    check: bool,
}

const BEGIN: &str = "<!-- begin: cargo run --release -- frontier DIR -->\n";

/// Each profile on the chips that it is meant for.
const PAIRS: [(&str, &str); 6] = [
    ("nano", "hx1k"),
    ("nano", "up5k"),
    ("tile256", "up5k"),
    ("tile256", "hx8k"),
    ("array1024", "ecp5-25f"),
    ("array1024", "ecp5-85f"),
];

/// Frames of 1 ms that energy is estimated over.
const FRAMES: usize = 50;

/// Seeds of each: the same for everybody, or the table would not be.
const SEEDS: u32 = 5;

/// A row of the table.
#[derive(Serialize)]
struct Row {
    #[serde(flatten)]
    chip: Chip,
    ratio: f64,
    /// Of the compressor on typical signals, an estimate; `None` where nothing can be said.
    pj_per_sample: Option<Range>,
}

impl Arguments {
    /// Builds all of them and writes the tables.
    pub fn run(self) -> anyhow::Result<()> {
        let page = Page::read(&self.page, BEGIN)?;
        let short = Page::read(&self.short, BEGIN)?;
        let files = recordings::find(&self.folder)?;
        let mut rows: Vec<Row> = Vec::new();
        for (name, target) in PAIRS {
            let profile = Profile::named(name).context("the pairs name profiles")?;
            let target = Target::named(target).context("the pairs name targets")?;
            let wish = Wish { mhz: None, seeds: SEEDS, shell: false };
            let chip = Chip::build(&profile, target, wish)?;
            chip.check_clocks()?;
            let known = rows.iter().find(|row| row.chip.profile == name).map(|row| row.ratio);
            let ratio = match known {
                Some(ratio) => ratio,
                None => ratio(&files, profile.table_set())?,
            };
            let energy = Device::named(target.name).map(|device| {
                let loads = loads(&files, &profile, FRAMES)?;
                Consumption::estimate(&profile, target, device, &loads, FRAMES)
            });
            let energy = energy.transpose()?;
            let pj_per_sample = energy.map(|energy| energy.typical().estimate.pj_per_sample);
            rows.push(Row { chip, ratio, pj_per_sample });
        }
        if let Some(path) = &self.json {
            write_json(path, &rows)?;
        }
        page.replace(&table(&rows), self.check)?;
        short.replace(&short_table(&rows), self.check)
    }
}

fn short_table(rows: &[Row]) -> String {
    let mut table = "| profile | channels | chip | logic cells | block RAMs | multipliers | MHz needed | MHz reached |\n\
                     |---|---:|---|---:|---:|---:|---:|---:|\n"
        .to_string();
    for Row { chip, .. } in rows {
        let Chip { resources, fmax_mhz, .. } = chip;
        table += &format!(
            "| `{}` | {} | {} | {} of {} | {} of {} | {} | {:.1} | {:.1} |\n",
            chip.profile,
            chip.channels,
            chip.chip,
            resources.logic.used,
            resources.logic.available,
            resources.memories.used,
            resources.memories.available,
            resources.multipliers.used,
            chip.needed_mhz,
            fmax_mhz.median,
        );
    }
    table
}

fn table(rows: &[Row]) -> String {
    let mut table = "| profile | channels | chip | with the ports of | logic cells | block RAMs | multipliers | compressor alone: LUTs, flip-flops | clock needed, MHz | Fmax of 5 placements, MHz: best, median, worst | ratio | energy, pJ a sample, estimate (low to high) |\n\
                     |---|---|---|---|---|---|---|---|---|---|---|---|\n"
        .to_string();
    for Row { chip, ratio, pj_per_sample } in rows {
        let Chip { resources, core, fmax_mhz, .. } = chip;
        table += &format!(
            "| `{}` | {} | {} (`{}`) | {} | {} of {} | {} of {} | {} | {}, {} | {:.1} | {:.1}, {:.1}, {:.1} | {ratio:.3} | {} |\n",
            chip.profile,
            chip.channels,
            chip.chip,
            chip.target,
            match chip.around {
                Around::Board => chip.board,
                Around::Shell => "no board",
            },
            resources.logic.used,
            resources.logic.available,
            resources.memories.used,
            resources.memories.available,
            resources.multipliers.used,
            core.luts,
            core.flip_flops,
            chip.needed_mhz,
            fmax_mhz.best,
            fmax_mhz.median,
            fmax_mhz.worst,
            pj_per_sample.map_or("not known".into(), |energy| {
                let [low, nominal, high] = range(energy);
                format!("{nominal} ({low} to {high})")
            }),
        );
    }
    table
}
