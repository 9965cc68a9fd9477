//! Synthesis: Verilog to the cells of an FPGA family, each design once.
//!
//! One run of yosys writes everything: the JSON that nextpnr places, the netlist as Verilog for
//! simulators, and the count of cells. They lie in one folder of the cache, named after everything
//! that went into them.

use crate::cells;
use crate::error::{During, ToolError};
use crate::family::Family;
use crate::progress::Progress;
use crate::store::{key, plain};
use crate::yosys::Yosys;
use std::fs;
use std::path::{Path, PathBuf};

/// The netlist's Verilog comes last: to a simulator, a bus of which one bit depends on another is a
/// loop, so it gets buses split into bits.
const SCRIPT: &str = "
read_verilog design.v
{synthesis} -top {top}
write_json netlist.json
tee -q -o stat.json stat -json
splitnets
opt_clean -purge
write_verilog -noattr cells.v
";

/// What is to be synthesised.
#[derive(Debug, Clone, Copy)]
pub struct Design<'a> {
    /// What the cache's folder is called; letters, digits, `-` and `_`.
    pub name: &'a str,
    /// The Verilog of all modules.
    pub verilog: &'a str,
    /// Files that it reads with `$readmemh`, and their texts.
    pub memory_files: &'a [(&'a str, &'a str)],
    /// The module to synthesise.
    pub top: &'a str,
    /// The family whose cells it is made of.
    pub family: Family,
    /// Whether products may be made in the chip's multiplier blocks.
    pub multipliers: bool,
}

/// A synthesised design.
#[derive(Debug, Clone, PartialEq, Eq)]
pub struct Synthesis {
    folder: PathBuf,
}

impl Synthesis {
    /// The netlist for nextpnr.
    pub fn json(&self) -> PathBuf {
        self.folder.join("netlist.json")
    }

    /// The netlist as Verilog, with models of all cells: for simulators.
    pub fn verilog(&self) -> PathBuf {
        self.folder.join("netlist.v")
    }

    /// How many cells of which type, as JSON (`stat -json`).
    pub fn stat(&self) -> PathBuf {
        self.folder.join("stat.json")
    }

    /// yosys's output.
    pub fn log(&self) -> PathBuf {
        self.folder.join("yosys.log")
    }
}

impl Yosys {
    /// The netlist of a design: from the cache if the same was synthesised before, by anyone;
    /// otherwise made now, which takes up to a minute.
    pub fn synthesise(&self, design: &Design<'_>) -> Result<Synthesis, ToolError> {
        let script = SCRIPT
            .replace("{synthesis}", design.family.synthesis(design.multipliers))
            .replace("{top}", design.top);
        let identity = crate::pins::YOSYS.digest();
        let mut parts = vec![identity.as_str(), script.as_str(), design.verilog];
        parts.extend(design.memory_files.iter().flat_map(|&(name, text)| [name, text]));
        parts.extend(cells::of_ours(design.family));
        let (name, family) = (plain(design.name), design.family.name());
        let name = format!("{name}-{family}-{}", key(parts));
        let what = format!("synthesising {} for {family}", design.name);
        let folder =
            self.netlist_once(&name, what, |made| self.make_netlist(design, &script, made))?;
        Ok(Synthesis { folder })
    }

    /// The folder of a netlist, which `make` fills if it is not in the cache; the user is told `what`
    /// is done meanwhile.
    pub(crate) fn netlist_once(
        &self,
        name: &str,
        what: String,
        make: impl FnOnce(&Path) -> Result<(), ToolError>,
    ) -> Result<PathBuf, ToolError> {
        self.store().once("netlists", name, |work| {
            let progress = Progress::start(what);
            // A folder of its own to rename: the work folder itself can be read by its owner only.
            let made = work.path().join("netlist");
            fs::create_dir(&made).during("create", &made)?;
            match make(&made) {
                Ok(()) => {
                    progress.done();
                    Ok((made, work))
                }
                Err(ToolError::Yosys { reason, .. }) => {
                    let log = self.store().keep_failed(work, name, "netlist/yosys.log");
                    Err(ToolError::Yosys { reason, log })
                }
                Err(other) => Err(other),
            }
        })
    }

    fn make_netlist(
        &self,
        design: &Design<'_>,
        script: &str,
        made: &Path,
    ) -> Result<(), ToolError> {
        let inputs = [("design.v", design.verilog)];
        for (name, text) in inputs.iter().chain(design.memory_files) {
            let file = made.join(name);
            fs::write(&file, text).during("write", &file)?;
        }
        self.run_in(made, script)?;
        let bare = made.join("cells.v");
        let mut verilog = fs::read_to_string(&bare).during("read", &bare)?;
        verilog.push_str(&cells::models(design.family, &self.share())?);
        let netlist = made.join("netlist.v");
        fs::write(&netlist, verilog).during("write", &netlist)?;
        fs::remove_file(&bare).during("remove", &bare)
    }
}
