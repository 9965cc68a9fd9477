//! The energy of a netlist of cells, from its toggles:
//!
//! ```text
//! cells      every change at a pin: what Liberty's internal_power says
//! pins       every change of a net: half of the pins' capacitance times the supply squared
//! clock      the registers' clock pins and the gates before them
//! macros     every access: what Liberty says of the clock pin under that condition
//! leakage    Liberty's
//! tree       allowance: buffers and wires of the clock
//! wires      allowance: capacitance of the nets' wires
//! glitches   allowance: changes that do not last a clock
//! ```

use std::collections::BTreeMap;

use hdl::verilog::macros::MemoryMacros;
use serde::Serialize;

use crate::Error;
use crate::power::Netlist;
use crate::power::activity::{clocks_on, of_net};
use crate::power::netlist::Bit;
use crate::power::range::Range;
use crate::power::saif::Saif;
use crate::silicon::cells::{Cell, Cells};

/// Wires, in F a net: 30 um of 0.2 fF/um in a small placed block; half and twice as much at the ends.
const WIRE: Range = Range { low: 3e-15, nominal: 6e-15, high: 12e-15 };
/// Glitches, as a share of what cells, pins and wires take for settled changes. What was simulated of
/// placed FPGAs (`tierwire power`) is 0.3 to 0.6 for the same blocks, whose wires are far slower.
const GLITCHES: Range = Range { low: 0.05, nominal: 0.2, high: 0.5 };
/// The clock's tree, in J a register and clock: its share of wires and buffers. Of trees in 130 nm, the
/// buffers and wires take half to twice what the registers' own pins load them with.
const TREE: Range = Range { low: 5e-15, nominal: 12e-15, high: 25e-15 };

/// Energy by term, in J.
#[derive(Clone, Copy, Debug, Default, Serialize)]
pub struct Terms {
    /// Within cells, at changes of their outputs.
    pub cells: f64,
    /// The pins' capacitances.
    pub pins: f64,
    /// The registers' and gates' clock pins.
    pub clock: f64,
    /// Accesses of macros.
    pub macros: f64,
    /// Leakage.
    pub leakage: f64,
}

impl Terms {
    /// All of them.
    pub fn total(&self) -> f64 {
        self.cells + self.pins + self.clock + self.macros + self.leakage
    }

    fn add(&mut self, other: &Terms) {
        self.cells += other.cells;
        self.pins += other.pins;
        self.clock += other.clock;
        self.macros += other.macros;
        self.leakage += other.leakage;
    }
}

/// What a netlist took.
#[derive(Clone, Debug, Default, Serialize)]
pub struct Energy {
    /// By block.
    pub blocks: BTreeMap<String, Terms>,
    /// Allowance for the clock's tree.
    pub tree: Range,
    /// Allowance for wires.
    pub wires: Range,
    /// Allowance for glitches.
    pub glitches: Range,
}

impl Energy {
    /// All blocks, by term.
    pub fn terms(&self) -> Terms {
        self.blocks.values().fold(Terms::default(), |mut sum, terms| {
            sum.add(terms);
            sum
        })
    }

    /// A share of it: of one sample of so many.
    pub(super) fn per(mut self, samples: f64) -> Energy {
        let share = 1.0 / samples;
        for terms in self.blocks.values_mut() {
            let Terms { cells, pins, clock, macros, leakage } = terms;
            [cells, pins, clock, macros, leakage].into_iter().for_each(|term| *term *= share);
        }
        let [tree, wires, glitches] = [self.tree, self.wires, self.glitches].map(|all| all * share);
        Energy { blocks: self.blocks, tree, wires, glitches }
    }

    /// Everything.
    pub fn total(&self) -> Range {
        Range::within(self.terms().total(), 0.0) + self.tree + self.wires + self.glitches
    }
}

/// A netlist of cells.
pub struct Mapped<'a> {
    /// The netlist.
    pub netlist: &'a Netlist,
    /// The block of each cell.
    pub blocks: &'a [String],
    /// The cells and macros.
    pub cells: &'a Cells,
    /// What the macros' pins mean.
    pub macros: Option<&'a MemoryMacros>,
}

impl Mapped<'_> {
    /// What it took in a run of so many seconds.
    ///
    /// # Errors
    /// If a cell is in no library, or the toggles belong to another netlist.
    pub fn energy(&self, saif: &Saif, seconds: f64) -> Result<Energy, Error> {
        let mut energy = Energy::default();
        let (mut changes, mut clocked) = (0.0, 0.0);
        for (number, cell) in self.netlist.cells.iter().enumerate() {
            let of = self.cell(&cell.cell_type)?;
            let mut terms = Terms { leakage: of.leakage * seconds, ..Terms::default() };
            for (pin, bits) in &cell.outputs {
                for bit in bits {
                    let Bit::Net(net) = bit else { continue };
                    let load = self.load(*net)?;
                    let switched = load * self.cells.volts * self.cells.volts / 2.0;
                    if self.is_clock(*net)? {
                        // A gate's output: up and down in every clock that it lets through.
                        let through = 2.0 * self.clocks(saif, *net)?;
                        terms.clock += through * (of.energy(pin, load) + switched);
                        continue;
                    }
                    let toggles = of_net(self.netlist, saif, *net)?.toggles as f64;
                    changes += toggles;
                    terms.cells += toggles * of.energy(pin, load);
                    terms.pins += toggles * switched;
                }
            }
            let accessed = self.macros.and_then(|macros| macros.enables(&cell.cell_type));
            for (pin, bits) in &cell.inputs {
                for bit in bits {
                    let Bit::Net(net) = bit else { continue };
                    if !of.is_clock(pin) {
                        terms.cells +=
                            of_net(self.netlist, saif, *net)?.toggles as f64 * of.energy(pin, 0.0);
                    } else if accessed.is_none() {
                        let clocks = self.clocks(saif, *net)?;
                        terms.clock += 2.0 * clocks * of.energy(pin, 0.0);
                        clocked += if of.is_register { clocks } else { 0.0 };
                    }
                }
            }
            for enables in accessed.into_iter().flatten() {
                terms.macros += self.accesses(number, of, &enables, saif)?;
            }
            energy.blocks.entry(self.blocks[number].clone()).or_default().add(&terms);
        }
        energy.wires = WIRE * (changes * self.cells.volts * self.cells.volts / 2.0);
        energy.tree = TREE * clocked;
        let Terms { cells, pins, .. } = energy.terms();
        energy.glitches = GLITCHES * (cells + pins + energy.wires.nominal);
        Ok(energy)
    }

    /// The area of each block, in um2: of its cells, and of its macros.
    ///
    /// # Errors
    /// If a cell is in no library.
    pub fn areas(&self) -> Result<BTreeMap<String, [f64; 2]>, Error> {
        let mut areas: BTreeMap<String, [f64; 2]> = BTreeMap::new();
        for (cell, block) in self.netlist.cells.iter().zip(self.blocks) {
            let is_macro = self.macros.is_some_and(|m| m.enables(&cell.cell_type).is_some());
            let area = self.cell(&cell.cell_type)?.area;
            areas.entry(block.clone()).or_default()[usize::from(is_macro)] += area;
        }
        Ok(areas)
    }

    fn cell(&self, name: &str) -> Result<&Cell, Error> {
        self.cells.named(name).ok_or_else(|| Error::NoCell(name.to_owned()))
    }

    /// What a net's pins load it with, in F.
    fn load(&self, net: usize) -> Result<f64, Error> {
        let mut sum = 0.0;
        for (cell, pin) in &self.netlist.nets[net].readers {
            sum += self.cell(&self.netlist.cells[*cell].cell_type)?.capacitance(pin);
        }
        Ok(sum)
    }

    fn is_clock(&self, net: usize) -> Result<bool, Error> {
        for (cell, pin) in &self.netlist.nets[net].readers {
            if self.cell(&self.netlist.cells[*cell].cell_type)?.is_clock(pin) {
                return Ok(true);
            }
        }
        Ok(false)
    }

    /// The clocks that come through on a clock's net: all, or those that its gate lets through.
    fn clocks(&self, saif: &Saif, net: usize) -> Result<f64, Error> {
        let Some(driver) = self.netlist.nets[net].driver else { return Ok(saif.clocks as f64) };
        let gate = &self.netlist.cells[driver];
        let of = self.cell(&gate.cell_type)?;
        let enables = gate.inputs.iter().filter(|(pin, _)| !of.is_clock(pin));
        let bits = enables.flat_map(|(_, bits)| bits).map(|bit| Some(*bit));
        Ok(clocks_on(self.netlist, saif, bits)? as f64)
    }

    /// The energy of a macro's reads or writes: clocks in which the pins that they need are all on.
    fn accesses(
        &self,
        number: usize,
        of: &Cell,
        enables: &[String],
        saif: &Saif,
    ) -> Result<f64, Error> {
        let cell = &self.netlist.cells[number];
        let bits = enables.iter().map(|pin| cell.inputs.get(pin)?.first().copied());
        let clocks = clocks_on(self.netlist, saif, bits)?;
        // The clock of this port: of several, the one that knows these pins.
        let clock_pins = cell.inputs.keys().filter(|pin| of.is_clock(pin));
        let energy = clock_pins.filter_map(|clock| of.access(clock, enables)).next();
        let energy = energy.ok_or_else(|| {
            Error::NoCell(format!("{}: an access by {enables:?}", cell.cell_type))
        })?;
        Ok(clocks as f64 * energy)
    }
}
