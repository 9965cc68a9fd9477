//! The glitches of a design: all transitions of its nets over the settled ones.

use crate::power::activity;
use crate::power::error::Error;
use crate::power::netlist::Netlist;
use crate::power::saif::Saif;
use crate::power::simulation::Simulation;
use serde::Serialize;
use std::collections::BTreeMap;

/// This many of thousands of toggles may differ: a register without reset starts at any value in
/// Verilator, and at 0 on the chip.
const UNRESET: u64 = 8;

/// The activity of the nets of a block.
#[derive(Clone, Copy, Debug, Default, PartialEq, Eq, Serialize)]
pub struct Transitions {
    /// Nets that run through the routing and were watched.
    pub nets: u64,
    /// Their toggles from clock to clock.
    pub settled: u64,
    /// All their transitions.
    pub all: u64,
}

impl Transitions {
    /// Transitions per settled toggle; `None` if nothing toggled.
    pub fn factor(self) -> Option<f64> {
        (self.settled > 0).then(|| self.all as f64 / self.settled as f64)
    }
}

/// The glitches of a design.
#[derive(Clone, Debug, PartialEq, Eq, Serialize)]
pub struct Glitches {
    /// Clocks counted.
    pub clocks: u64,
    /// Block by block.
    pub blocks: BTreeMap<String, Transitions>,
}

impl Glitches {
    /// Counts. The same clocks have been simulated without delays, and each net must have settled
    /// as often there. A few may differ because of the initial values of registers, and at most one
    /// for each word that is read before it was written (`unwritten`).
    ///
    /// # Errors
    /// [`Error::Settled`] if one has not, [`Error::NotRouted`] if most nets belong to another
    /// design.
    pub fn count(
        netlist: &Netlist,
        saif: &Saif,
        simulation: &Simulation,
        unwritten: u64,
    ) -> Result<Glitches, Error> {
        let mut blocks: BTreeMap<String, Transitions> = BTreeMap::new();
        let (mut routed, mut watched) = (0, 0);
        for (number, net) in netlist.nets.iter().enumerate() {
            let Some(driver) = net.driver else { continue };
            if !netlist.is_routed(number) {
                continue;
            }
            routed += 1;
            let found = net.names.iter().find_map(|name| Some((name, simulation.count(name)?)));
            // Some nets never leave the cell that they were placed in.
            let Some((name, count)) = found else { continue };
            // To Verilator every net is 0 before the first clock.
            let toggles = activity::of_net(netlist, saif, number)?.toggles;
            let without_delays = toggles.saturating_sub(u64::from(count.started));
            if count.settled.abs_diff(without_delays) > UNRESET + unwritten {
                return Err(Error::Settled(name.clone(), count.settled, without_delays));
            }
            watched += 1;
            let block = blocks.entry(netlist.block(driver)).or_default();
            block.nets += 1;
            block.settled += count.settled;
            block.all += count.transitions;
        }
        if 2 * watched < routed {
            return Err(Error::NotRouted(watched, routed));
        }
        Ok(Glitches { clocks: simulation.clocks(), blocks })
    }

    /// All blocks together.
    pub fn total(&self) -> Transitions {
        self.blocks.values().fold(Transitions::default(), |sum, block| Transitions {
            nets: sum.nets + block.nets,
            settled: sum.settled + block.settled,
            all: sum.all + block.all,
        })
    }

    /// Transitions per settled toggle of a block, or of the whole design if the block has none.
    pub fn factor(&self, block: &str) -> f64 {
        let of_block = self.blocks.get(block).and_then(|block| block.factor());
        of_block.or(self.total().factor()).unwrap_or(1.0)
    }
}
