//! A profile on a chip: synthesised, placed from several seeds, packed; each step once.

mod shell;
mod top;

use std::path::{Path, PathBuf};

use hdl::{Board, Profile};
use rayon::prelude::*;
use serde::Serialize;
use synth::{
    BlockCells, CriticalPath, Design, Nextpnr, Placement, Placing, Resources, Synthesis, Target,
    Tools, cells_by_block,
};

use crate::Error;

pub use top::Around;
use top::Top;

/// The board's top, if it has one for this profile and `shell` does not ask for another.
fn top(profile: &Profile, target: &Target, shell: bool) -> Top {
    let board = Board::named(target.board).filter(|_| !shell);
    let on_board = |board: &'static Board| {
        let (verilog, memory_files) = board.verilog_and_memory_files(profile).ok()?;
        Some(Top {
            around: Around::Board,
            verilog,
            memory_files,
            module: board.top_name(profile),
            constraints: Some(board.constraints_of(profile).ok()?),
            clocks: board.clocks().to_vec(),
        })
    };
    board.and_then(on_board).unwrap_or_else(|| shell::top(profile))
}

/// What is to be built, and how.
#[derive(Clone, Copy, Debug)]
pub struct BuildOptions {
    /// The clock to be reached in MHz; without it, the one that the channels need.
    pub mhz: Option<f64>,
    /// How many placements, from seeds 1, 2, ...
    pub seeds: u32,
    /// Not on the board's pins, even if the board has a top for the profile.
    pub shell: bool,
}

/// A profile on a chip.
#[derive(Debug, Serialize)]
pub struct Chip {
    /// The profile.
    pub profile: String,
    /// How many channels it has.
    pub channels: usize,
    /// The target.
    pub target: &'static str,
    /// Its chip.
    pub chip: &'static str,
    /// The board that has it.
    pub board: &'static str,
    /// What is around the compressor.
    pub around: Around,
    /// The clock that the channels need, or that was asked for.
    pub needed_mhz: f64,
    /// Highest frequency reached, over the seeds.
    pub fmax_mhz: Spread,
    /// What it takes of the chip, of the best seed.
    pub resources: Resources,
    /// What the compressor itself takes.
    pub core: BlockCells,
    /// What each block takes.
    pub blocks: Vec<BlockCells>,
    /// The slowest path of the best seed.
    pub critical_path: CriticalPath,
    /// All clocks, those of the ports included, of the best seed.
    pub clocks: Vec<ClockOf>,
    /// Each seed and the frequency that it reached.
    pub seeds: Vec<Seed>,
    /// Where everything lies.
    #[serde(skip)]
    pub files: Files,
}

/// Best, median and worst.
#[derive(Clone, Copy, Debug, Serialize)]
pub struct Spread {
    /// The highest.
    pub best: f64,
    /// The one in the middle, the lower one of two.
    pub median: f64,
    /// The lowest.
    pub worst: f64,
}

/// A placement's outcome.
#[derive(Clone, Copy, Debug, Serialize)]
pub struct Seed {
    /// The seed.
    pub seed: u32,
    /// The frequency reached.
    pub fmax_mhz: f64,
}

/// A clock, and how fast it has to be.
#[derive(Clone, Debug, Serialize)]
pub struct ClockOf {
    /// The port.
    pub signal: String,
    /// What it has to reach: the board's oscillator, or what is promised of a port.
    pub needed_mhz: f64,
    /// Highest frequency reached.
    pub fmax_mhz: f64,
}

/// Where everything lies, in the cache.
#[derive(Debug)]
pub struct Files {
    netlist: Synthesis,
    placement: PathBuf,
    bitstream: PathBuf,
}

impl Chip {
    /// Builds it.
    ///
    /// # Errors
    /// When a tool fails or the design does not fit. One that is too slow is no error here:
    /// [`Chip::check_clocks`].
    pub fn build(
        profile: &Profile,
        target: &'static Target,
        options: BuildOptions,
    ) -> Result<Chip, Error> {
        let top = top(profile, target, options.shell);
        let tools = Tools::locate();
        let memory_files: Vec<(&str, &str)> =
            top.memory_files.iter().map(|file| (&*file.name, &*file.text)).collect();
        let netlist = tools.yosys()?.synthesise(&Design {
            name: profile.name(),
            verilog: &top.verilog,
            memory_files: &memory_files,
            top: &top.module,
            family: target.family,
            multipliers: target.multipliers,
        })?;
        let blocks = cells_by_block(&netlist, &top.module)?;
        let needed_mhz =
            options.mhz.unwrap_or(profile.channels() as f64 * profile.samples_per_s() / 1e6);
        let nextpnr = tools.nextpnr(target)?;
        let placing = Placing {
            name: profile.name(),
            netlist: &netlist.json(),
            target,
            constraints: top.constraints.as_deref(),
            mhz: needed_mhz,
            seed: 1,
            delays: false,
        };
        let mut placements = place(&nextpnr, &placing, options.seeds)?;
        let tried = placements
            .iter()
            .map(|placement| Seed { seed: placement.seed, fmax_mhz: placement.report.fmax_mhz });
        let tried: Vec<Seed> = tried.collect();
        placements.sort_by(|a, b| b.report.fmax_mhz.total_cmp(&a.report.fmax_mhz));
        let fmax = |at: usize| placements[at].report.fmax_mhz;
        let last = placements.len() - 1;
        let fmax_mhz = Spread { best: fmax(0), median: fmax(last.div_ceil(2)), worst: fmax(last) };
        let best = &placements[0];
        let clocks = best.report.clocks.iter().map(|clock| {
            let port = top.clocks.iter().find(|(port, _)| *port == clock.signal);
            ClockOf {
                signal: clock.signal.clone(),
                needed_mhz: port.map_or(needed_mhz, |(_, mhz)| *mhz),
                fmax_mhz: clock.fmax_mhz,
            }
        });
        let bitstream = nextpnr.pack(best)?;
        let placement = best.folder().to_owned();
        Ok(Chip {
            profile: profile.name().into(),
            channels: profile.channels(),
            target: target.name,
            chip: target.chip,
            board: target.board,
            around: top.around,
            needed_mhz,
            fmax_mhz,
            resources: best.report.resources,
            core: core(&blocks),
            blocks,
            critical_path: best.report.critical_path.clone(),
            clocks: clocks.collect(),
            seeds: tried,
            files: Files { netlist, placement, bitstream },
        })
    }

    /// Fails, in one line, if not even the best seed is as fast as the channels and the board need.
    pub fn check_clocks(&self) -> Result<(), Error> {
        let (best, needed) = (self.fmax_mhz.best, self.needed_mhz);
        if best < needed {
            return Err(Error::TooSlow(format!(
                "{} on {} is too slow: {best:.2} MHz at best, {:.2} MHz short of {needed:.2} MHz; \
                 slowest path: {}",
                self.profile,
                self.target,
                needed - best,
                self.critical_path.text()
            )));
        }
        for ClockOf { signal, needed_mhz, fmax_mhz } in &self.clocks {
            if fmax_mhz < needed_mhz {
                return Err(Error::TooSlow(format!(
                    "{} on {} is too slow: `{signal}` reaches {fmax_mhz:.2} MHz, {:.2} MHz short \
                     of the {needed_mhz:.2} MHz of {}",
                    self.profile,
                    self.target,
                    needed_mhz - fmax_mhz,
                    self.board
                )));
            }
        }
        Ok(())
    }

    /// Copies what was made to a folder: netlist, placed design, bitstream, reports and logs.
    pub fn copy_to(&self, folder: &Path) -> Result<(), Error> {
        std::fs::create_dir_all(folder).map_err(Error::file(folder))?;
        let Files { netlist, placement, bitstream } = &self.files;
        let extension = bitstream.extension().unwrap_or_default();
        let netlist_folder = netlist.json();
        let folders = [netlist_folder.parent(), Some(placement.as_path())];
        let mut files = vec![(bitstream.clone(), Path::new("top").with_extension(extension))];
        for from in folders.into_iter().flatten() {
            for entry in std::fs::read_dir(from).map_err(Error::file(from))? {
                let entry = entry.map_err(Error::file(from))?;
                files.push((entry.path(), entry.file_name().into()));
            }
        }
        for (from, to) in files {
            std::fs::copy(&from, folder.join(to)).map_err(Error::file(&from))?;
        }
        Ok(())
    }
}

/// Seed 1 first: what does not fit with one fits with none.
fn place(
    nextpnr: &Nextpnr,
    placing: &Placing<'_>,
    seeds: u32,
) -> Result<Vec<Placement>, synth::ToolError> {
    let mut placements = vec![nextpnr.place(placing)?];
    let others = (2..=seeds).into_par_iter();
    let others = others.map(|seed| nextpnr.place(&Placing { seed, ..*placing }));
    placements.extend(others.collect::<Result<Vec<_>, _>>()?);
    Ok(placements)
}

/// The sum over the blocks of the compressor.
fn core(blocks: &[BlockCells]) -> BlockCells {
    let mut sum = BlockCells { block: shell::CORE.into(), ..BlockCells::default() };
    for block in blocks {
        let below = block.block.strip_prefix(shell::CORE);
        if below.is_some_and(|rest| rest.is_empty() || rest.starts_with('.')) {
            sum.luts += block.luts;
            sum.flip_flops += block.flip_flops;
            sum.memories += block.memories;
            sum.multipliers += block.multipliers;
        }
    }
    sum
}
