//! Where the tools are kept, and the way to each of them.

use crate::cocotb::{self, Cocotb};
use crate::compiler::Compiler;
use crate::error::ToolError;
use crate::fusesoc::{self, Fusesoc};
use crate::install::{FirstRun, Installed, ensure};
use crate::litex::{self, Litex};
use crate::nextpnr::{Nextpnr, first_run};
use crate::pins::{
    BOOLECTOR, COCOTB, FUSESOC, LITEX, NEXTPNR_ECP5, NEXTPNR_ICE40, OPENSTA, OSU018, VERILATOR,
    YOSYS, YOWASP_RUNTIME,
};
use crate::prover::{Prover, solver};
use crate::python::Python;
use crate::sta::Sta;
use crate::store::Store;
use crate::target::Target;
use crate::verilator::{Program, Verilator};
use crate::yosys::{Yosys, yosys_command};
use std::env;
use std::ffi::OsString;
use std::path::PathBuf;

/// The project's tools; each is installed when it is first asked for.
#[derive(Debug, Clone)]
pub struct Tools {
    store: Store,
    python: PathBuf,
    compiler: String,
    own_verilator: Option<PathBuf>,
    own_sta: Option<PathBuf>,
}

impl Tools {
    /// The tools in the user's cache: `$TIERWIRE_TOOLS`, else `$XDG_CACHE_HOME/tierwire`, else
    /// `~/.cache/tierwire`. They are installed with `python3`, simulators are compiled with `$CXX`
    /// or `c++`; `$TIERWIRE_VERILATOR` and `$TIERWIRE_STA` may name a Verilator and an OpenSTA of the
    /// user's own.
    ///
    /// A user without any of these folders gets an error from the first tool that is asked for:
    /// a folder under a shared temporary folder could be another user's.
    pub fn locate() -> Self {
        let set = |name: &str| env::var_os(name).filter(|value| !value.is_empty());
        let mut tools = Tools::new(cache_folder(set, env::home_dir()));
        if let Ok(compiler) = env::var("CXX")
            && !compiler.trim().is_empty()
        {
            tools.compiler = compiler;
        }
        tools.own_verilator = set("TIERWIRE_VERILATOR").map(PathBuf::from);
        tools.own_sta = set("TIERWIRE_STA").map(PathBuf::from);
        tools
    }

    /// The tools in a folder of your choice, whatever the environment says.
    pub fn at(folder: impl Into<PathBuf>) -> Self {
        Tools::new(Some(folder.into()))
    }

    fn new(folder: Option<PathBuf>) -> Self {
        Tools {
            store: Store::new(folder),
            python: "python3".into(),
            compiler: "c++".into(),
            own_verilator: None,
            own_sta: None,
        }
    }

    /// Uses another Python than the `python3` on `PATH`.
    #[must_use]
    pub fn with_python(mut self, program: impl Into<PathBuf>) -> Self {
        self.python = program.into();
        self
    }

    /// Uses another C++ compiler, given as in `$CXX`: a program, and arguments if need be.
    #[must_use]
    pub fn with_compiler(mut self, command: impl Into<String>) -> Self {
        self.compiler = command.into();
        self
    }

    /// Uses a Verilator of your own (its `verilator_bin`) instead of the pinned one, for machines
    /// that the pinned one is not published for. It finds its files as `VERILATOR_ROOT` says, or
    /// as it was built.
    #[must_use]
    pub fn with_own_verilator(mut self, verilator_bin: impl Into<PathBuf>) -> Self {
        self.own_verilator = Some(verilator_bin.into());
        self
    }

    /// All tools with their versions: `yosys 0.70`.
    pub fn versions() -> impl Iterator<Item = &'static str> {
        [&YOSYS, &NEXTPNR_ICE40, &NEXTPNR_ECP5, &VERILATOR].into_iter().map(|group| group.title)
    }

    /// Verilator, which makes fast simulators of Verilog.
    pub fn verilator(&self) -> Result<Verilator, ToolError> {
        let compiler = Compiler::find(&self.compiler)?;
        Ok(Verilator::new(self.store.clone(), self.verilator_program()?, compiler))
    }

    fn verilator_program(&self) -> Result<Program, ToolError> {
        if let Some(program) = &self.own_verilator {
            return Program::own(program);
        }
        let command = |made: &Installed| Program::pinned(made).command_for("--version");
        let first_run = Some(FirstRun { what: None, command: &command });
        Ok(Program::pinned(&ensure(&self.store, &self.python, &VERILATOR, first_run)?))
    }

    /// OpenSTA, which finds a netlist's slowest paths and its power.
    pub fn sta(&self) -> Result<Sta, ToolError> {
        if let Some(program) = &self.own_sta {
            return Ok(Sta::own(self.store.clone(), program));
        }
        let command =
            |made: &Installed| Sta::pinned(self.store.clone(), made).command(&["-version"]);
        let first_run = Some(FirstRun { what: None, command: &command });
        let made = ensure(&self.store, &self.python, &OPENSTA, first_run)?;
        Ok(Sta::pinned(self.store.clone(), &made))
    }

    /// The Liberty file of a library that anyone may have: OSU's cells for 180 nm.
    pub fn osu018(&self) -> Result<PathBuf, ToolError> {
        let made = ensure(&self.store, &self.python, &OSU018, None)?;
        Ok(made.site().join("usr/share/qflow/tech/osu018/osu018_stdcells.lib"))
    }

    /// FuseSoC, which lints and simulates what a core file describes, by Verilator and make.
    pub fn fusesoc(&self) -> Result<Fusesoc, ToolError> {
        let python = Python::find(&self.python)?;
        let verilator = self.verilator_program()?;
        let command = |made: &Installed| {
            let mut command = fusesoc::program(&python, made);
            command.arg("--version");
            command
        };
        let first_run = Some(FirstRun { what: None, command: &command });
        let wheels = ensure(&self.store, &self.python, &FUSESOC, first_run)?;
        Fusesoc::new(python, wheels, verilator)
    }

    /// cocotb, which runs test benches in Python by Verilator and make.
    pub fn cocotb(&self) -> Result<Cocotb, ToolError> {
        let python = Python::find(&self.python)?;
        let verilator = self.verilator_program()?;
        let command = |made: &Installed| cocotb::has_library(&python, made);
        let first_run = Some(FirstRun { what: None, command: &command });
        let wheels = ensure(&self.store, &self.python, &COCOTB, first_run)?;
        Cocotb::new(python, wheels, verilator)
    }

    /// LiteX, which makes Verilog of systems on a chip that are described in Python.
    pub fn litex(&self) -> Result<Litex, ToolError> {
        let python = Python::find(&self.python)?;
        let command = |made: &Installed| litex::has_library(&python, made);
        let first_run = Some(FirstRun { what: None, command: &command });
        let wheels = ensure(&self.store, &self.python, &LITEX, first_run)?;
        Ok(Litex::new(python, wheels))
    }

    /// SymbiYosys with a solver, which proves properties of Verilog or finds a counterexample.
    pub fn prover(&self) -> Result<Prover, ToolError> {
        let yosys = self.yosys()?;
        let runtime = ensure(&self.store, &self.python, &YOWASP_RUNTIME, None)?;
        let python = Python::find(&self.python)?;
        let command = |made: &Installed| {
            let mut command = solver(&python, &runtime, made);
            command.arg("--version");
            command
        };
        let what = format!("preparing {} for this machine (once)", BOOLECTOR.title);
        let first_run = Some(FirstRun { what: Some(&what), command: &command });
        let boolector = ensure(&self.store, &self.python, &BOOLECTOR, first_run)?;
        Ok(Prover::new(self.store.clone(), python, runtime, yosys.installed().clone(), boolector))
    }

    /// yosys, which checks and synthesises Verilog.
    pub fn yosys(&self) -> Result<Yosys, ToolError> {
        let python = Python::find(&self.python)?;
        let runtime = ensure(&self.store, &self.python, &YOWASP_RUNTIME, None)?;
        // The first run makes machine code of the WebAssembly. Done here, under the lock: two
        // first runs at once would write the same file.
        let command = |made: &Installed| {
            let mut command = yosys_command(&python, &runtime, made);
            command.arg("-V");
            command
        };
        let what = format!("preparing {} for this machine (once, about a minute)", YOSYS.title);
        let first_run = Some(FirstRun { what: Some(&what), command: &command });
        let yosys = ensure(&self.store, &self.python, &YOSYS, first_run)?;
        Ok(Yosys::new(self.store.clone(), python, runtime, yosys))
    }

    /// nextpnr for the family of a target's chip, which places and routes what yosys made.
    pub fn nextpnr(&self, target: &Target) -> Result<Nextpnr, ToolError> {
        let placer = target.placer();
        let python = Python::find(&self.python)?;
        let runtime = ensure(&self.store, &self.python, &YOWASP_RUNTIME, None)?;
        let command = |made: &Installed| first_run(&python, &runtime, made, placer);
        let what = format!("preparing {} for this machine (once)", placer.group.title);
        let first_run = Some(FirstRun { what: Some(&what), command: &command });
        let wheel = ensure(&self.store, &self.python, placer.group, first_run)?;
        Ok(Nextpnr::new(self.store.clone(), python, runtime, wheel, placer))
    }
}

/// The cache folder, by the environment's variables and the user's home folder.
fn cache_folder(set: impl Fn(&str) -> Option<OsString>, home: Option<PathBuf>) -> Option<PathBuf> {
    let absolute = |folder: &PathBuf| folder.is_absolute();
    if let Some(folder) = set("TIERWIRE_TOOLS") {
        return Some(folder.into());
    }
    let caches = set("XDG_CACHE_HOME").map(PathBuf::from).filter(absolute);
    let caches = caches.or_else(|| Some(home.filter(absolute)?.join(".cache")));
    Some(caches?.join("tierwire"))
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn the_cache_is_in_a_folder_of_the_users_own_or_nowhere() {
        let folder = |variables: &[(&str, &str)], home: Option<&str>| {
            let set = |name: &str| {
                Some(OsString::from(variables.iter().find(|(known, _)| *known == name)?.1))
            };
            cache_folder(set, home.map(PathBuf::from))
        };
        let (tools, caches) = (("TIERWIRE_TOOLS", "here"), ("XDG_CACHE_HOME", "/caches"));
        assert_eq!(folder(&[tools, caches], Some("/home/me")), Some("here".into()));
        assert_eq!(folder(&[caches], Some("/home/me")), Some("/caches/tierwire".into()));
        assert_eq!(folder(&[], Some("/home/me")), Some("/home/me/.cache/tierwire".into()));
        // A relative one would mean another folder wherever one is.
        let relative = [("XDG_CACHE_HOME", "caches")];
        assert_eq!(folder(&relative, Some("/home/me")), Some("/home/me/.cache/tierwire".into()));
        for home in [None, Some(""), Some("home")] {
            assert_eq!(folder(&[], home), None);
        }
    }
}
