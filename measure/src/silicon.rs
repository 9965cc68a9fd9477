//! A profile in silicon: its area, timing and energy in a process's cells and macros.
//!
//! An estimate before placement: yosys makes the netlist, Verilator runs it on recordings and
//! compares every word with the golden model's, OpenSTA finds the slowest paths, and Liberty says what
//! each cell and each access takes. [`LEFT_OUT`] lists what is not in it.

mod blocks;
mod cells;
mod consumption;
pub mod flow;
mod process;
mod text;
mod timing;

use std::collections::BTreeSet;
use std::path::{Path, PathBuf};

use hdl::Profile;
use hdl::verilog::asic::asic_core;
use hdl::verilog::export::top_name;
use hdl::verilog::macros::MemoryMacros;
use rayon::prelude::*;
use serde::Serialize;
use synth::{AsicDesign, CellLibrary, Tools};
use testbench::probe::Probe;

use crate::Error;
use crate::consumption::needed_mhz;
use crate::counting::toggles;
use crate::loads::{Load, frames_of, loads};
use crate::power::Netlist;
use crate::power::netlist::Cell;

use cells::Cells;
use consumption::Mapped;
pub use consumption::{Energy, Terms};
use flow::{Flow, Placed};
pub use process::{Corner, Process};
pub use text::table;
pub use timing::OfCorner;

/// The profiles that are made for silicon.
pub const PROFILES: [&str; 3] = ["chip256", "chip256-loaded", "chip1024"];

/// What an estimate leaves out.
pub const LEFT_OUT: &str = "pins and pads, power grid and decoupling, filler cells (a core is placed at \
     60 to 80 % density), test logic (scan, built-in tests of the memories), buffers of long wires";

/// What is to be estimated.
#[derive(Clone, Copy, Debug)]
pub struct Options<'a> {
    /// The process.
    pub process: &'a Process,
    /// The macros for the memories; `None`: those that the process has and tierwire knows.
    pub memories: Option<&'a MemoryMacros>,
    /// Recordings for the energy; none: area and timing alone.
    pub recordings: &'a [PathBuf],
    /// Frames of each load.
    pub frames: usize,
    /// The corner whose supply and temperature the energy is for.
    pub energy_at: Corner,
    /// Whether clocks are gated where registers share an enable.
    pub clock_gates: bool,
    /// Folder for what LibreLane begins with.
    pub flow: Option<&'a Path>,
}

impl<'a> Options<'a> {
    /// Area and timing in this process, with clocks gated.
    pub fn new(process: &'a Process) -> Options<'a> {
        let (memories, recordings, flow) = (None, &[][..], None);
        let energy_at = Corner::Typical;
        Options { process, memories, recordings, frames: 0, energy_at, clock_gates: true, flow }
    }
}

/// A block's area, in mm2.
#[derive(Clone, Debug, Serialize)]
pub struct Area {
    /// The block.
    pub block: String,
    /// Of its cells.
    pub cells: f64,
    /// Of its macros.
    pub macros: f64,
}

/// The energy with one load.
#[derive(Clone, Debug, Serialize)]
pub struct OfLoad {
    /// `quiet`, `typical` or `busy`.
    pub load: &'static str,
    /// Samples sent.
    pub samples: usize,
    /// All bits sent, per sample.
    pub bits_per_sample: f64,
    /// The energy per sample, in J.
    pub energy: Energy,
}

/// A profile in silicon.
#[derive(Clone, Debug, Serialize)]
pub struct Silicon {
    /// The profile.
    pub profile: String,
    /// Channels.
    pub channels: usize,
    /// Samples of a channel per second.
    pub samples_per_s: f64,
    /// The library of cells.
    pub library: String,
    /// The supply that the energy is for, in V.
    pub volts: f64,
    /// The clock that the channels need, in MHz.
    pub needed_mhz: f64,
    /// Cells but for macros.
    pub cells: usize,
    /// Registers among them.
    pub registers: usize,
    /// The macros, a name for each.
    pub macros: Vec<String>,
    /// Block by block, the largest first.
    pub areas: Vec<Area>,
    /// Corner by corner.
    pub timing: Vec<OfCorner>,
    /// Quiet, typical, busy; empty without recordings.
    pub loads: Vec<OfLoad>,
    /// What is not in it.
    pub left_out: &'static str,
}

impl Silicon {
    /// The estimate.
    ///
    /// # Errors
    /// When a tool fails, a file is not as expected, the recordings are not suitable, or the netlist's
    /// words are not the golden model's.
    pub fn estimate(profile: &Profile, options: Options<'_>) -> Result<Silicon, Error> {
        let Options { process, .. } = options;
        let frames = frames_of(profile)?;
        let tools = Tools::locate();
        let known = || {
            MemoryMacros::all().iter().find(|macros| macros.names().all(|n| process.has_macro(n)))
        };
        let memories = options.memories.or_else(known);
        let core = asic_core(profile, memories);
        let library = process.cells(Corner::Typical)?;
        let top = top_name(profile);
        let at_least = profile.channels() as f64 * profile.samples_per_s() / 1e6;
        let netlist = tools.yosys()?.synthesise_asic(&AsicDesign {
            name: profile.name(),
            verilog: &format!("{}{}", core.verilog, core.black_boxes),
            top: &top,
            cells: &library,
            picoseconds: (1e6 / at_least / 2.0) as u32,
            clock_gates: options.clock_gates,
        })?;
        let parsed = Netlist::parse(&netlist.json()?, &top)?;
        let blocks = blocks::blocks(&parsed);
        let is_macro =
            |cell: &&Cell| memories.is_some_and(|m| m.enables(&cell.cell_type).is_some());
        let placed = parsed
            .cells
            .iter()
            .filter(is_macro)
            .map(|cell| Placed { cell: cell.cell_type.clone(), instance: cell.name.clone() });
        let placed: Vec<Placed> = placed.collect();
        let mut macros: Vec<String> = placed.iter().map(|one| one.cell.clone()).collect();
        macros.sort();
        let mut cells = Cells::of(&process.cells(options.energy_at)?.liberty);
        for name in macros.iter().collect::<BTreeSet<_>>() {
            let none = || Error::NoCell(name.clone());
            let file = process.macro_file(name, options.energy_at).ok_or_else(none)?;
            cells.add(&CellLibrary::read(file)?.liberty);
        }
        let mapped = Mapped { netlist: &parsed, blocks: &blocks, cells: &cells, macros: memories };

        // In Verilator, with every register and memory as it happens to be at power-up.
        let verilog = netlist.verilog()? + &core.models;
        let counts = !options.recordings.is_empty();
        let (mut of_loads, mut mhz) = (Vec::new(), at_least);
        if counts {
            let loads = loads(options.recordings, profile, options.frames)?;
            let probe = Probe::new(&tools.verilator()?, profile, &verilog, true)?;
            let clocks = probe.clocks_per_frame(&loads[0].samples)?;
            mhz = needed_mhz(profile, clocks, frames);
            let of_load = |load: &Load| of_load(&mapped, &probe, load, clocks, mhz);
            of_loads = loads.par_iter().map(of_load).collect::<Result<_, Error>>()?;
        }
        let mut areas: Vec<Area> = mapped
            .areas()?
            .into_iter()
            .map(|(block, [cells, macros])| Area {
                block,
                cells: cells / 1e6,
                macros: macros / 1e6,
            })
            .collect();
        areas.sort_by(|a, b| (b.cells + b.macros).total_cmp(&(a.cells + a.macros)));
        let is_register =
            |cell: &&Cell| cells.named(&cell.cell_type).is_some_and(|cell| cell.is_register);
        if let Some(folder) = options.flow {
            if memories.is_none() {
                return Err(Error::NoMacros(process.name.clone()));
            }
            let cells_mm2 = areas.iter().map(|area| area.cells).sum();
            let (core, placed, netlist) = (&core, &placed, &verilog);
            Flow { top: &top, process, core, placed, cells_mm2, mhz, netlist }.write(folder)?;
        }
        Ok(Silicon {
            profile: profile.name().into(),
            channels: profile.channels(),
            samples_per_s: profile.samples_per_s(),
            library: process.name.clone(),
            volts: cells.volts,
            needed_mhz: mhz,
            cells: parsed.cells.len() - macros.len(),
            registers: parsed.cells.iter().filter(is_register).count(),
            timing: timing::corners(&tools.sta()?, process, &netlist, &top, &macros, mhz)?,
            macros,
            areas,
            loads: of_loads,
            left_out: LEFT_OUT,
        })
    }

    /// All cells, in mm2.
    pub fn cells_mm2(&self) -> f64 {
        self.areas.iter().map(|area| area.cells).sum()
    }

    /// All macros, in mm2.
    pub fn macros_mm2(&self) -> f64 {
        self.areas.iter().map(|area| area.macros).sum()
    }
}

/// Sends a load, and takes its energy per sample.
fn of_load(
    mapped: &Mapped<'_>,
    probe: &Probe,
    load: &Load,
    clocks_per_frame: u64,
    mhz: f64,
) -> Result<OfLoad, Error> {
    let (saif, bits_per_sample) = toggles(probe, load, clocks_per_frame)?;
    let energy = mapped.energy(&saif, saif.clocks as f64 / mhz / 1e6)?;
    let samples = load.samples.len();
    Ok(OfLoad { load: load.name, samples, bits_per_sample, energy: energy.per(samples as f64) })
}
