//! FuseSoC, which lints, builds and simulates what a core file describes.

use crate::error::ToolError;
use crate::install::Installed;
use crate::python::Python;
use crate::verilator::Program;
use std::path::Path;
use std::process::{Command, Stdio};

/// FuseSoC with a Verilator for it to call, ready to run.
#[derive(Debug, Clone)]
pub struct Fusesoc {
    python: Python,
    wheels: Installed,
    verilator: Program,
}

impl Fusesoc {
    /// It writes makefiles, and Verilator as FuseSoC calls it does as well.
    pub(crate) fn new(
        python: Python,
        wheels: Installed,
        verilator: Program,
    ) -> Result<Self, ToolError> {
        let found = Command::new("make").arg("--version").stdin(Stdio::null()).output();
        if !found.is_ok_and(|output| output.status.success()) {
            return Err(ToolError::MakeMissing);
        }
        Ok(Fusesoc { python, wheels, verilator })
    }

    /// FuseSoC without arguments, for the core files below `folder`. All that it writes stays in
    /// there, and the user's own settings and cores are left alone.
    pub fn command(&self, folder: &Path) -> Command {
        let mut command = program(&self.python, &self.wheels);
        command.current_dir(folder).args(["--monochrome", "--config", "fusesoc.conf"]);
        command.args(["--cores-root", "."]);
        command.env("XDG_CACHE_HOME", folder.join("cache")).env_remove("FUSESOC_CORES");
        self.verilator.announce(&mut command);
        // The makefiles of Verilator's wheel ask for `python`, which many machines do not have.
        command.env("MAKEFLAGS", "PYTHON3=python3");
        command
    }
}

/// FuseSoC's own program.
pub(crate) fn program(python: &Python, wheels: &Installed) -> Command {
    python.code(&[wheels.site()], "from fusesoc.main import main; sys.exit(main())")
}
