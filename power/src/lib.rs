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
//! | [`coefficients`] | what each costs, low, nominal and high, and where that is from |
//! | [`estimate`] | milliwatts and picojoules, by term and by block |
//! | [`measured`] | designs whose current others measured, to test all this against |
//! | [`radio`] | compressor and radio together |
//!
//! Every number that comes out is an estimate with its range.

pub mod activity;
pub mod coefficients;
pub mod estimate;
pub mod measured;
pub mod netlist;
pub mod radio;
pub mod range;
pub mod saif;

pub use activity::Activity;
pub use coefficients::{Coefficients, Device};
pub use estimate::Estimate;
pub use netlist::Netlist;
pub use range::Range;

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
}
