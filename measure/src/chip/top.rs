//! What is put on a chip.

use hdl::verilog::export::MemoryFile;
use serde::Serialize;

/// What is around the compressor on the chip.
#[derive(Clone, Copy, Debug, PartialEq, Eq, Serialize)]
#[serde(rename_all = "lowercase")]
pub enum Around {
    /// The board's ports, on the board's pins.
    Board,
    /// Shift registers, on any pins: for figures, not for use.
    Shell,
}

/// The circuit to be put on a chip.
pub(super) struct Top {
    pub around: Around,
    pub verilog: String,
    pub memory_files: Vec<MemoryFile>,
    pub module: String,
    pub constraints: Option<String>,
    /// Clocks of ports, and what each has to reach in MHz.
    pub clocks: Vec<(&'static str, f64)>,
}
