//! Estimates of the power of an FPGA and of a radio.
//!
//! Nothing here is measured. Toggles of a synthesised netlist, counted with real recordings, are
//! multiplied by energies that were fitted to currents measured by others on an iCE40 UP5K:
//!
//! ```text
//! power = static + clock tree + flip-flops + nets + memories + multipliers        (+ pins, apart)
//! ```
//!
//! | module | does |
//! |---|---|
//! | [`netlist`] | yosys's JSON: cells, nets, the block that each belongs to |
//! | [`saif`] | how often each net toggled, as Verilator counts it |
//! | [`activity`] | both together: toggles, accesses and operations of each block |
//! | [`sdf`], [`routed`] | the design as it was routed, with its delays, as nextpnr writes them |
//! | [`simulation`] | that at work, event by event: every glitch |
//! | [`glitches`] | transitions over settled toggles |
//! | [`coefficients`] | what each costs, low, nominal and high, and where that is from |
//! | [`access_energy`] | what is published about memories: the basis of an access's energy |
//! | [`estimate`] | milliwatts and picojoules, by term and by block |
//! | [`measured`] | designs whose current others measured, to test all this against |
//! | [`radio`] | compressor and radio together |
//!
//! Every result is an estimate with a range.

pub mod access_energy;
pub mod activity;
mod block_ram;
mod calendar;
pub mod coefficients;
mod error;
pub mod estimate;
pub mod glitches;
pub mod measured;
mod multiplier;
pub mod netlist;
pub mod radio;
pub mod range;
pub mod routed;
pub mod saif;
pub mod sdf;
pub mod simulation;

pub use activity::Activity;
pub use coefficients::{Coefficients, Device};
pub use error::Error;
pub use estimate::Estimate;
pub use glitches::Glitches;
pub use netlist::Netlist;
pub use range::Range;
pub use routed::Routed;
pub use simulation::Simulation;
