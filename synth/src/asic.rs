//! Synthesis for a chip of its own: Verilog to the cells of a library, each design once.

use crate::cell_library::CellLibrary;
use crate::error::{During, ToolError};
use crate::store::{key, plain};
use crate::yosys::Yosys;
use std::fs;
use std::path::{Path, PathBuf};

/// What a flat netlist takes that has as few cells as yosys can make it. Registers are without
/// initial values, and those that share an enable get its clock gated. Simulators and OpenSTA take
/// different forms: OpenSTA no assignments of several bits, so its ports are split.
const SCRIPT: &str = "
read_liberty -lib -ignore_miss_func -ignore_miss_dir -ignore_miss_data_latch cells.lib
read_verilog design.v
hierarchy -top {top}
proc
flatten
opt -full
wreduce
opt_clean
memory -nomap
opt -full
memory_map
setattr -unset init w:*
alumacc
share
opt -full
techmap
opt -fast
abc -g simple
opt -full
dfflegalize -cell $_DFF_P_ x -cell $_DFFE_PP_ x
opt_clean
{clock_gate}
dfflibmap -liberty cells.lib
abc -liberty cells.lib -D {picoseconds} {drive}
setundef -zero
{constants}
splitnets
opt_clean -purge
rename -enumerate
check -assert -mapped
tee -q -o stat.json stat -json -liberty cells.lib
write_json netlist.json
write_verilog -noattr cells.v
splitnets -ports
rename -unescape
write_verilog -noattr timing.v
";

/// The library's cells as Verilog, by what Liberty says that they do.
const MODELS: &str = "
read_liberty -ignore_miss_func -ignore_miss_dir -ignore_miss_data_latch cells.lib
write_verilog -noattr models.v
";

/// Registers that share an enable, at least, for a clock gate to be worth its area.
const GATED: usize = 4;

/// What a register's input or an output loads a cell with, for ABC, in fF.
const LOAD: f64 = 10.0;

/// What is to be synthesised.
#[derive(Clone, Copy, Debug)]
pub struct AsicDesign<'a> {
    /// What the cache's folder is called.
    pub name: &'a str,
    /// The Verilog of all modules; the macros' are black boxes.
    pub verilog: &'a str,
    /// The module to synthesise.
    pub top: &'a str,
    /// The cells.
    pub cells: &'a CellLibrary,
    /// The clock's period that the cells are chosen for, in ps.
    pub picoseconds: u32,
    /// Whether clocks may be gated, if the library has a cell for it.
    pub clock_gates: bool,
}

/// A netlist of a library's cells.
#[derive(Clone, Debug)]
pub struct AsicNetlist {
    folder: PathBuf,
}

impl AsicNetlist {
    /// The netlist for simulators, with models of all cells but the macros.
    pub fn verilog(&self) -> Result<String, ToolError> {
        let read = |name: &str| {
            let file = self.folder.join(name);
            fs::read_to_string(&file).during("read", &file)
        };
        Ok(read("cells.v")? + &read("models.v")?)
    }

    /// The netlist for OpenSTA.
    pub fn timing(&self) -> PathBuf {
        self.folder.join("timing.v")
    }

    /// The netlist as yosys's JSON.
    pub fn json(&self) -> Result<String, ToolError> {
        let file = self.folder.join("netlist.json");
        fs::read_to_string(&file).during("read", &file)
    }
}

impl Yosys {
    /// The netlist of a design in a library's cells; from the cache if the same was made before.
    pub fn synthesise_asic(&self, design: &AsicDesign<'_>) -> Result<AsicNetlist, ToolError> {
        let script = script(design);
        let identity = crate::pins::YOSYS.digest();
        let gate = design.cells.clock_gate().map(|gate| gate.model()).unwrap_or_default();
        let parts = [&identity, MODELS, &gate, &script, design.verilog, &design.cells.text];
        let name = format!("{}-asic-{}", plain(design.name), key(parts));
        let what = format!("synthesising {} into cells", design.name);
        let folder =
            self.netlist_once(&name, what, |made| self.make_asic(design, &script, &gate, made))?;
        Ok(AsicNetlist { folder })
    }

    fn make_asic(
        &self,
        design: &AsicDesign<'_>,
        script: &str,
        gate: &str,
        made: &Path,
    ) -> Result<(), ToolError> {
        let inverter = design.cells.inverter().unwrap_or_default();
        let drive = format!("set_driving_cell {inverter}\nset_load {LOAD} [all_outputs]\n");
        let files = [
            ("design.v", design.verilog),
            ("cells.lib", &design.cells.text),
            ("drive.constr", &drive),
        ];
        for (name, text) in files {
            let file = made.join(name);
            fs::write(&file, text).during("write", &file)?;
        }
        self.run_in(made, MODELS)?;
        let models = made.join("models.v");
        let text = fs::read_to_string(&models).during("read", &models)?;
        fs::write(&models, text + gate).during("write", &models)?;
        self.run_in(made, script)?;
        let timing = made.join("timing.v");
        let text = fs::read_to_string(&timing).during("read", &timing)?;
        fs::write(&timing, one_by_one(&text)).during("write", &timing)?;
        let copy = made.join("cells.lib");
        fs::remove_file(&copy).during("remove", &copy)
    }
}

/// `assign { a, b } = { c, 1'h0 };` as an assignment for each: OpenSTA takes no others.
fn one_by_one(verilog: &str) -> String {
    let mut text = String::new();
    for line in verilog.lines() {
        let sides = line.trim().strip_prefix("assign ").and_then(|rest| rest.strip_suffix(';'));
        match sides.and_then(|sides| sides.split_once(" = ")) {
            Some((left, right)) => {
                for (to, from) in bits(left).into_iter().zip(bits(right)) {
                    text += &format!("  assign {to} = {from};\n");
                }
            }
            None => text += &format!("{line}\n"),
        }
    }
    text
}

/// The bits of `{ a, 2'h1 }` or of one of these, the highest first.
fn bits(side: &str) -> Vec<String> {
    let inside = side.strip_prefix("{ ").and_then(|rest| rest.strip_suffix(" }")).unwrap_or(side);
    let mut bits = Vec::new();
    for part in inside.split(", ") {
        let constant = part.split_once("'h");
        let constant = constant.and_then(|(width, digits)| {
            Some((width.parse::<u32>().ok()?, u128::from_str_radix(digits, 16).ok()?))
        });
        match constant {
            Some((width, value)) => {
                bits.extend((0..width).rev().map(|bit| format!("1'h{}", value >> bit & 1)));
            }
            None => bits.push(part.to_owned()),
        }
    }
    bits
}

fn script(design: &AsicDesign<'_>) -> String {
    let gate = design.cells.clock_gate().filter(|_| design.clock_gates);
    let gate = gate.map(|gate| {
        let pins = format!("{}:{}:{}", gate.enable, gate.clock, gate.output);
        format!("clockgate -pos {} {pins} -min_net_size {GATED}", gate.cell)
    });
    let constant = |option: &str, level: &str| {
        let (cell, pin) = design.cells.constant(level)?;
        Some(format!(" -{option} {cell} {pin}"))
    };
    let constants = [constant("hicell", "1"), constant("locell", "0")];
    let constants: String = constants.into_iter().flatten().collect();
    let hilomap = if constants.is_empty() { String::new() } else { format!("hilomap{constants}") };
    // With a driving cell ABC puts buffers into nets of many readers, and sizes cells.
    let drive = design.cells.inverter().map(|_| "-constr drive.constr").unwrap_or_default();
    SCRIPT
        .replace("{drive}", drive)
        .replace("{top}", design.top)
        .replace("{clock_gate}", &gate.unwrap_or_default())
        .replace("{constants}", &hilomap)
        .replace("{picoseconds}", &design.picoseconds.to_string())
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn assignments_of_several_bits_are_split() {
        let verilog =
            "module m;\n  assign { a, b, f } = { c, 2'h2 };\n  assign d = e;\nendmodule\n";
        let wanted = "module m;\n  assign a = c;\n  assign b = 1'h1;\n  assign f = 1'h0;\n  assign d = e;\nendmodule\n";
        assert_eq!(one_by_one(verilog), wanted);
    }
}
