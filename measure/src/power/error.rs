//! Why there is no estimate.

/// Why no estimate is possible.
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
    /// A missing delay.
    #[error("no delay of {0}, {1}")]
    NoDelay(String, String),
    /// A cell that is not modelled.
    #[error("{0} cannot be simulated: {1}")]
    Unsupported(String, &'static str),
    /// A net that settles to another value with delays than without.
    #[error("the net {0} settles anew {1} times with its delays, {2} times without")]
    Settled(String, u64, u64),
    /// A routed design that lacks most of the netlist's nets.
    #[error("{0} of {1} nets are in the routed design")]
    NotRouted(usize, usize),
}
