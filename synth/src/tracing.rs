//! Netlists whose every net can be watched.

use crate::cells;
use crate::error::{During, ToolError};
use crate::family::Family;
use crate::few_pins::with_few_pins;
use crate::store::key;
use crate::synthesis::Synthesis;
use crate::yosys::Yosys;
use std::fs;
use std::path::PathBuf;

/// Each net by itself, and under one name: a simulator traces no slices and no `$` names.
const SCRIPT: &str = "
read_json netlist.json
splitnets
opt_clean -purge
rename -enumerate
write_json traceable.json
write_verilog -noattr traceable.v
";

/// A netlist in two notations with the same names of nets.
#[derive(Debug, Clone)]
pub struct Traceable {
    folder: PathBuf,
    models: String,
}

impl Traceable {
    /// As JSON.
    pub fn json(&self) -> Result<String, ToolError> {
        let file = self.placeable();
        fs::read_to_string(&file).during("read", &file)
    }

    /// As JSON, for nextpnr.
    pub fn placeable(&self) -> PathBuf {
        self.folder.join("traceable.json")
    }

    /// As Verilog, with the models of its cells.
    pub fn verilog(&self) -> Result<String, ToolError> {
        let file = self.folder.join("traceable.v");
        let netlist = fs::read_to_string(&file).during("read", &file)?;
        // Verilator does not take inputs with a default.
        Ok(format!("{netlist}\n`define NO_ICE40_DEFAULT_ASSIGNMENTS\n{}", self.models))
    }
}

impl Yosys {
    /// A netlist of a family's cells, ready to be watched net by net; from the cache if it was made before.
    pub fn traceable(&self, synthesis: &Synthesis, family: Family) -> Result<Traceable, ToolError> {
        let netlist = synthesis.json();
        let text = fs::read_to_string(&netlist).during("read", &netlist)?;
        let name = key([crate::pins::YOSYS.digest().as_str(), SCRIPT, &text]);
        let folder = self.store().once("traceable", &name, |work| {
            let made = work.path().join("traceable");
            fs::create_dir(&made).during("create", &made)?;
            let copy = made.join("netlist.json");
            fs::write(&copy, &text).during("write", &copy)?;
            self.run_in(&made, SCRIPT)?;
            fs::remove_file(&copy).during("remove", &copy)?;
            Ok((made, work))
        })?;
        Ok(Traceable { folder, models: cells::models(family, &self.share())? })
    }

    /// The same netlist for nextpnr, on few pins, to be placed alone: registers before its inputs and
    /// behind its outputs, which are folded into one. A register behind an output is called
    /// `bench.PORT[BIT]`; the pins of an input are called `bench.PORT`.
    pub fn on_few_pins(&self, netlist: &Traceable, top: &str) -> Result<PathBuf, ToolError> {
        let unread = || ToolError::Unread { path: netlist.placeable() };
        let text = with_few_pins(&netlist.json()?, top).ok_or_else(unread)?;
        let name = key(["few pins", &text]);
        let folder = self.store().once("traceable", &name, |work| {
            let made = work.path().join("few-pins");
            fs::create_dir(&made).during("create", &made)?;
            let file = made.join("netlist.json");
            fs::write(&file, &text).during("write", &file)?;
            Ok((made, work))
        })?;
        Ok(folder.join("netlist.json"))
    }
}
