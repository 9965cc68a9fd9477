//! The frontier: what each profile takes on each chip, as rows of two tables.

mod plot;

pub use plot::svg;

use std::path::PathBuf;

use golden_model::TableSet;
use hdl::Profile;
use serde::Serialize;
use synth::Target;

use crate::Error;
use crate::chip::{Around, BuildOptions, Chip};
use crate::consumption::Consumption;
use crate::loads::loads;
use crate::power::{Device, Range};

/// Each profile with its chips.
const PAIRS: [(&str, &str); 15] = [
    ("nano", "hx1k"),
    ("nano", "up5k"),
    ("nano-bigram", "hx1k"),
    ("tile256", "up5k"),
    ("tile256", "hx8k"),
    ("tile256-lms", "up5k"),
    ("tile256-range", "up5k"),
    ("implant1024", "up5k"),
    ("array1024", "ecp5-25f"),
    ("array1024", "ecp5-85f"),
    ("array1024-range", "ecp5-25f"),
    ("intan128", "up5k"),
    ("intan128", "ecp5-25f"),
    ("neuropixels384", "ecp5-25f"),
    ("neuropixels2-384", "ecp5-25f"),
];

/// Frames of each load that energy is estimated over.
const FRAMES: usize = 50;

/// Placements of each, from the seeds 1 to this one: the table is the same on every machine.
const SEEDS: u32 = 5;

/// A profile on a chip.
#[derive(Serialize)]
pub struct Row {
    #[serde(flatten)]
    chip: Chip,
    /// Compression ratio of the table set on the recordings, if they are of its converter.
    ratio: Option<f64>,
    /// Energy of the compressor on typical signals, an estimate; `None` where no estimate is possible.
    pj_per_sample: Option<Range>,
}

/// A row for each shipped profile on each of its chips, or for `only` one of them. `ratio` finds out a
/// table set's ratio.
///
/// # Errors
/// When a tool fails, a design does not fit or is too slow, or a recording cannot be read.
pub fn shipped<E: From<Error>>(
    files: &[PathBuf],
    only: Option<&str>,
    ratio: impl Fn(&TableSet) -> Result<Option<f64>, E>,
) -> Result<Vec<Row>, E> {
    let mut rows: Vec<Row> = Vec::new();
    for (name, target) in PAIRS.into_iter().filter(|(name, _)| only.is_none_or(|o| o == *name)) {
        let profile = Profile::named(name).ok_or(Error::NoProfile(name.into()))?;
        let target = Target::named(target).ok_or(Error::NoTarget(target.into()))?;
        let known = rows.iter().find(|row| row.chip.profile == name).map(|row| row.ratio);
        let ratio = known.map_or_else(|| ratio(profile.table_set()), Ok)?;
        rows.push(row(&profile, target, files, ratio)?);
    }
    Ok(rows)
}

/// A row for one profile on one chip.
///
/// # Errors
/// As those of [`shipped`].
pub fn row(
    profile: &Profile,
    target: &'static Target,
    files: &[PathBuf],
    ratio: Option<f64>,
) -> Result<Row, Error> {
    let options = BuildOptions { mhz: None, seeds: SEEDS, shell: false };
    let chip = Chip::build(profile, target, options)?;
    chip.check_clocks()?;
    // Without frames there is no duty that energy could be estimated for, without recordings no load.
    let known = profile.frames().is_some() && ratio.is_some();
    let device = Device::named(target.name).filter(|_| known);
    let energy = device.map(|device| {
        let loads = loads(files, profile, FRAMES)?;
        Consumption::estimate(profile, target, device, &loads, FRAMES)
    });
    let pj_per_sample = energy.transpose()?.map(|e| e.typical().estimate.pj_per_sample);
    Ok(Row { chip, ratio, pj_per_sample })
}

/// The table for README.
pub fn short_table(rows: &[Row]) -> String {
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

/// The table with everything.
pub fn table(rows: &[Row]) -> String {
    let mut table = "| profile | channels | chip | with the ports of | logic cells | block RAMs | multipliers | compressor alone: LUTs, flip-flops | clock needed, MHz | Fmax of 5 placements, MHz: best, median, worst | ratio | energy, pJ a sample, estimate (low to high) |\n\
                     |---|---|---|---|---|---|---|---|---|---|---|---|\n"
        .to_string();
    for Row { chip, ratio, pj_per_sample } in rows {
        let Chip { resources, core, fmax_mhz, .. } = chip;
        table += &format!(
            "| `{}` | {} | {} (`{}`) | {} | {} of {} | {} of {} | {} | {}, {} | {:.1} | {:.1}, {:.1}, {:.1} | {} | {} |\n",
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
            ratio.map_or("other recordings".into(), |ratio| format!("{ratio:.3}")),
            pj_per_sample.map_or("not known".into(), |energy| {
                let [low, nominal, high] = energy.two_digits();
                format!("{nominal} ({low} to {high})")
            }),
        );
    }
    table
}
