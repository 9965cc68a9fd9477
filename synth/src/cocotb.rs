//! cocotb, which runs test benches in Python on a simulator that it builds by Verilator and make.

use crate::error::{During, ToolError};
use crate::install::Installed;
use crate::python::Python;
use crate::verilator::Program;
use std::env;
use std::ffi::OsString;
use std::fs;
use std::path::Path;
use std::process::{Command, Stdio};

/// cocotb with a Verilator for it to call, ready to run.
#[derive(Debug, Clone)]
pub struct Cocotb {
    python: Python,
    wheels: Installed,
    verilator: Program,
}

impl Cocotb {
    pub(crate) fn new(
        python: Python,
        wheels: Installed,
        verilator: Program,
    ) -> Result<Self, ToolError> {
        let found = Command::new("make").arg("--version").stdin(Stdio::null()).output();
        if !found.is_ok_and(|output| output.status.success()) {
            return Err(ToolError::MakeMissing);
        }
        Ok(Cocotb { python, wheels, verilator })
    }

    /// Runs a Python script that builds and runs simulators with cocotb's runner. `folder` gets a
    /// link to Verilator, which the runner looks for in `PATH`.
    ///
    /// # Errors
    /// When `folder` cannot be written.
    pub fn script(&self, script: &Path, folder: &Path) -> Result<Command, ToolError> {
        let programs = folder.join("programs");
        fs::create_dir_all(&programs).during("create", &programs)?;
        let path = env::var_os("PATH").unwrap_or_default();
        let paths = std::iter::once(programs.clone()).chain(env::split_paths(&path));
        let path = env::join_paths(paths).unwrap_or_else(|_| OsString::from(&programs));
        // The script's own folder comes first, as when Python is given a script.
        let code = "import pathlib, runpy; script = sys.argv.pop(1); \
                    sys.path.insert(0, str(pathlib.Path(script).parent)); \
                    runpy.run_path(script, run_name='__main__')";
        let mut command = self.python.code(&[self.wheels.site()], code);
        command.arg(script).env("PATH", path).env("PYTHONDONTWRITEBYTECODE", "1");
        self.verilator.link_in(&programs, &mut command)?;
        // What the makefiles of Verilator's wheel ask for: `python`, and headers made beforehand in
        // a way that the wheel was not built for. A bench in Python is slow whatever the simulator
        // is, and optimising costs half a minute.
        let plain = "OPT_FAST=-O0 OPT_SLOW=-O0 OPT_GLOBAL=-O0";
        command.env("MAKEFLAGS", format!("PYTHON3=python3 CFG_CXXFLAGS_PCH_I=-include {plain}"));
        Ok(command)
    }
}

/// Whether this Python has the library that a simulator runs Python code by.
pub(crate) fn has_library(python: &Python, made: &Installed) -> Command {
    let code = "from find_libpython import find_libpython; \
                sys.exit(None if find_libpython() else 'Error: this Python has no libpython')";
    python.code(&[made.site()], code)
}
