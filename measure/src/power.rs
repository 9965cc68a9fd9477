//! Estimates of an FPGA's power, and of what a radio behind it needs.
//!
//! Nothing here measures. Toggles of a synthesised netlist, counted under real recordings, are
//! multiplied by energies that fit the currents that others measured on an iCE40 UP5K:
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
//! | [`estimate`] | milliwatts and picojoules, by term and by block |
//! | [`measured`] | designs whose current others measured, to test all this against |
//! | [`radio`] | compressor and radio together |
//!
//! Every number that comes out is an estimate with its range.

pub mod activity;
mod block_ram;
mod calendar;
pub mod coefficients;
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
pub use estimate::Estimate;
pub use glitches::Glitches;
pub use netlist::Netlist;
pub use range::Range;
pub use routed::Routed;
pub use simulation::Simulation;

/// Why no estimate can be made.
#[derive(Debug, thiserror::Error)]
pub enum Error {
    /// yosys's netlist.
    #[error("the netlist is not what yosys writes: {0}")]
    Json(#[from] serde_json::Error),
    /// No such module.
    #[error("the netlist has no module {0}")]
    NoModule(String),
    /// Verilator's toggles.
    #[error("the toggle counts, line {0}: {1}")]
    Saif(usize, &'static str),
    /// A net without a count.
    #[error("no toggles were counted for the net {0}")]
    NotCounted(String),
    /// nextpnr's delays.
    #[error("the delays, line {0}: {1}")]
    Sdf(usize, &'static str),
    /// A delay that is not there.
    #[error("no delay of {0}, {1}")]
    NoDelay(String, String),
    /// A cell whose working is not known here.
    #[error("{0} cannot be simulated: {1}")]
    Unsupported(String, &'static str),
    /// A net that settles to something else with delays than without.
    #[error("the net {0} settles anew {1} times with its delays, {2} times without")]
    Settled(String, u64, u64),
    /// A routed design without most of the netlist's nets.
    #[error("{0} of {1} nets are in the routed design")]
    NotRouted(usize, usize),
}
