//! The activity of each block, from a netlist and its toggles.

use crate::power::error::Error;
use crate::power::netlist::{Bit, Cell, Kind, Netlist};
use crate::power::saif;
use crate::power::saif::Saif;
use serde::Serialize;
use std::collections::BTreeMap;

/// The activity of a block over all clocks.
#[derive(Clone, Copy, Debug, Default, PartialEq, Serialize)]
pub struct Work {
    /// Flip-flops it has.
    pub flip_flops: u64,
    /// Nets it drives that run through the routing.
    pub nets: u64,
    /// Settled toggles of these.
    pub toggles: u64,
    /// Settled toggles within a logic cell or a carry chain, which have no energy of their own.
    pub local_toggles: u64,
    /// Reads and writes of block RAM.
    pub accesses: f64,
    /// Operations of multipliers: clocks in which an input changed.
    pub operations: f64,
}

impl Work {
    fn add(&mut self, other: Work) {
        self.flip_flops += other.flip_flops;
        self.nets += other.nets;
        self.toggles += other.toggles;
        self.local_toggles += other.local_toggles;
        self.accesses += other.accesses;
        self.operations += other.operations;
    }
}

/// The activity of a design.
#[derive(Clone, Debug, PartialEq, Serialize)]
pub struct Activity {
    /// Clocks.
    pub clocks: u64,
    /// Block by block.
    pub blocks: BTreeMap<String, Work>,
}

impl Activity {
    /// Counts.
    ///
    /// # Errors
    /// [`Error::NotCounted`] if the toggles belong to another netlist.
    pub fn count(netlist: &Netlist, saif: &Saif) -> Result<Activity, Error> {
        let mut blocks: BTreeMap<String, Work> = BTreeMap::new();
        for (number, net) in netlist.nets.iter().enumerate() {
            let Some(driver) = net.driver else { continue };
            if netlist.is_clock(number) || net.readers.is_empty() && !net.is_output {
                continue;
            }
            let toggles = of_net(netlist, saif, number)?.toggles;
            let work = blocks.entry(netlist.block(driver)).or_default();
            if netlist.is_routed(number) {
                work.nets += 1;
                work.toggles += toggles;
            } else {
                work.local_toggles += toggles;
            }
        }
        for (number, cell) in netlist.cells.iter().enumerate() {
            let work = blocks.entry(netlist.block(number)).or_default();
            match cell.kind {
                Kind::FlipFlop => work.flip_flops += 1,
                Kind::Memory => work.accesses += accesses(netlist, saif, cell)?,
                Kind::Multiplier => work.operations += operations(netlist, saif, cell)?,
                _ => {}
            }
        }
        blocks.retain(|_, work| *work != Work::default());
        Ok(Activity { clocks: saif.clocks, blocks })
    }

    /// All blocks together.
    pub fn total(&self) -> Work {
        self.blocks.values().fold(Work::default(), |mut total, work| {
            total.add(*work);
            total
        })
    }
}

pub(crate) fn of_net(netlist: &Netlist, saif: &Saif, net: usize) -> Result<saif::Toggles, Error> {
    let names = &netlist.nets[net].names;
    let found = names.iter().find_map(|name| saif.nets.get(name));
    let name = || names.first().cloned().unwrap_or_default();
    found.copied().ok_or_else(|| Error::NotCounted(name()))
}

/// Clocks in which a memory is read, and in which it is written: of the ECP5's, in which a port that is
/// connected is enabled.
fn accesses(netlist: &Netlist, saif: &Saif, cell: &Cell) -> Result<f64, Error> {
    let ports: &[&[&str]] = match cell.cell_type.as_str() {
        "DP16KD" => &[&["CEA"], &["CEB"]],
        _ => &[&["RE", "RCLKE"], &["WE", "WCLKE"]],
    };
    let mut sum = 0.0;
    for &enables in ports {
        // yosys makes one of the two constant; otherwise the rarer one bounds both.
        let bits = enables.iter().map(|&port| cell.inputs.get(port)?.first().copied());
        sum += clocks_on(netlist, saif, bits)? as f64;
    }
    Ok(sum)
}

/// Clocks in which all of these are on, at most: those of the rarest one. What is not connected is off.
pub(crate) fn clocks_on(
    netlist: &Netlist,
    saif: &Saif,
    mut bits: impl Iterator<Item = Option<Bit>>,
) -> Result<u64, Error> {
    bits.try_fold(saif.clocks, |clocks, bit| {
        Ok(clocks.min(match bit {
            Some(Bit::Net(net)) => of_net(netlist, saif, net)?.ones,
            Some(Bit::One) => saif.clocks,
            Some(Bit::Zero) | None => 0,
        }))
    })
}

/// Clocks in which a multiplier's inputs changed: those of its busiest input, doubled because a
/// random bit changes only half the time, and at most all clocks.
fn operations(netlist: &Netlist, saif: &Saif, cell: &Cell) -> Result<f64, Error> {
    let mut busiest = 0;
    // An ECP5's have a port for each bit, from A0 on.
    let is_factor = |port: &str| matches!(port.trim_end_matches(char::is_numeric), "A" | "B");
    for (_, bits) in cell.inputs.iter().filter(|(port, _)| is_factor(port)) {
        for bit in bits {
            if let Bit::Net(net) = bit {
                busiest = busiest.max(of_net(netlist, saif, *net)?.toggles);
            }
        }
    }
    Ok((2 * busiest).min(saif.clocks) as f64)
}
