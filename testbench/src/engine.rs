//! The simulators of a profile, by their names on the command line.

use hdl::Profile;
use synth::{Family, Tools};

use crate::rust_hdl_engine::RustHdl;
use crate::simulator::{EngineError, Simulator};
use crate::verilator_engine::VerilatorEngine;

/// A simulator of the hardware.
#[derive(Clone, Copy, Debug, PartialEq, Eq)]
pub enum Engine {
    /// The rust-hdl simulator, on the design as it is written.
    RustHdl,
    /// Verilator, on the exported Verilog.
    Verilog,
    /// Verilator, on the netlist of iCE40 cells that yosys makes of it.
    NetlistIce40,
    /// Verilator, on the netlist of ECP5 cells.
    NetlistEcp5,
}

impl Engine {
    /// All of them.
    pub const ALL: [Engine; 4] =
        [Engine::RustHdl, Engine::Verilog, Engine::NetlistIce40, Engine::NetlistEcp5];

    /// What it is, in a line.
    pub fn summary(self) -> &'static str {
        match self {
            Engine::RustHdl => "the rust-hdl simulator, on the design as it is written",
            Engine::Verilog => "Verilator, on the exported Verilog",
            Engine::NetlistIce40 => "Verilator, on the netlist of iCE40 cells that yosys makes",
            Engine::NetlistEcp5 => "Verilator, on the netlist of ECP5 cells",
        }
    }

    /// Of a profile, built or taken from the tools' cache.
    ///
    /// # Errors
    /// [`EngineError`].
    pub fn simulator(self, profile: &Profile) -> Result<Box<dyn Simulator>, EngineError> {
        let tools = Tools::locate();
        Ok(match self {
            Engine::RustHdl => Box::new(RustHdl::new(profile)),
            Engine::Verilog => Box::new(VerilatorEngine::new(&tools.verilator()?, profile)?),
            Engine::NetlistIce40 => {
                Box::new(VerilatorEngine::of_netlist(&tools, profile, Family::Ice40)?)
            }
            Engine::NetlistEcp5 => {
                Box::new(VerilatorEngine::of_netlist(&tools, profile, Family::Ecp5)?)
            }
        })
    }

    /// Its name on the command line.
    pub fn name(self) -> &'static str {
        match self {
            Engine::RustHdl => "rust-hdl",
            Engine::Verilog => "verilog",
            Engine::NetlistIce40 => "netlist-ice40",
            Engine::NetlistEcp5 => "netlist-ecp5",
        }
    }
}
