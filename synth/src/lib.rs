//! The open hardware tools tierwire drives: installed, pinned, called.
//!
//! Only Python 3.10 or newer (with pip or venv) and, for simulators, a C++ compiler must be
//! installed by hand. The first call of a tool fetches the exact wheels that this crate names with
//! their SHA-256 (`pins/*.txt`) into tierwire's own cache; from then on it works offline. Tools
//! found on `PATH` are not used: a result must not depend on the machine.
//!
//! ```no_run
//! use synth::{ModelSource, Tools};
//!
//! # fn main() -> Result<(), synth::ToolError> {
//! let tools = Tools::locate();
//! let verilog = "module top(input wire clock, output reg q); always @(posedge clock) q <= !q; endmodule";
//!
//! // Does yosys accept it, without latches, undeclared names and wires of two drivers?
//! tools.yosys()?.check_module(verilog, "top")?;
//!
//! // An executable simulator of it, built once and then taken from the cache.
//! let simulator = tools.verilator()?.build(&ModelSource {
//!     name: "toggle",
//!     verilog,
//!     top: "top",
//!     harness: "#include \"Vmodel.h\"\nint main() { Vmodel model; model.clock = 1; model.eval(); }",
//!     ..ModelSource::default()
//! })?;
//! std::process::Command::new(simulator).status().expect("the simulator starts");
//! # Ok(())
//! # }
//! ```
//!
//! The cache is `$TIERWIRE_TOOLS`, else `$XDG_CACHE_HOME/tierwire`, else `~/.cache/tierwire`:
//!
//! | folder | holds |
//! |---|---|
//! | `tools/` | the installed wheels and packages, one folder per pin file and its digest |
//! | `models/` | simulators built by Verilator, named after everything that went into them |
//! | `netlists/` | designs synthesised by yosys, named the same way |
//! | `traceable/` | netlists with a name for every net, also on few pins |
//! | `placements/`, `bitstreams/` | designs placed by nextpnr and packed, named the same way |
//! | `proofs/` | the prover's results, with a trace of each counterexample, named the same way |
//! | `failed/` | the inputs and log of each failed call |
//! | `contents/` | each entry's files and their sizes; an entry that differs is made again |
//! | `locks/`, `work/` | used while something is being made |
//!
//! It may be deleted at any time when nothing runs. It holds programs that are run, so it is refused
//! if another user could have written in it.
//!
//! A file that imports `rust_hdl::prelude::*` has to write `::synth`: the prelude brings a module
//! of the same name.

mod asic;
mod cell_library;
mod cells;
mod cocotb;
mod compiler;
mod contents;
mod error;
mod family;
mod few_pins;
mod fusesoc;
mod generated;
mod install;
pub mod liberty;
mod litex;
mod names;
mod nextpnr;
mod pins;
mod progress;
mod prover;
mod python;
mod resources;
mod sta;
mod store;
mod synthesis;
mod target;
mod timing;
mod tools;
mod tracing;
mod trust;
mod verilator;
mod yosys;
mod yowasp;

pub use asic::{AsicDesign, AsicNetlist};
pub use cell_library::CellLibrary;
pub use cocotb::Cocotb;
pub use error::{Fault, ToolError};
pub use family::Family;
pub use fusesoc::Fusesoc;
pub use litex::Litex;
pub use nextpnr::{Nextpnr, Placement, Placing};
pub use prover::{Method, Prover, Question, Verdict};
pub use resources::{BlockCells, Resources, Use, cells_by_block};
pub use sta::Sta;
pub use synthesis::{Design, Synthesis};
pub use target::{TARGETS, Target};
pub use timing::{ClockSpeed, CriticalPath, Report, Step};
pub use tools::Tools;
pub use tracing::Traceable;
pub use verilator::{ModelSource, Verilator};
pub use yosys::Yosys;
