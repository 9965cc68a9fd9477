//! LiteX, which makes Verilog of systems on a chip that are described in Python.

use crate::install::Installed;
use crate::python::Python;
use std::path::Path;
use std::process::Command;

/// LiteX, ready to be imported.
#[derive(Debug, Clone)]
pub struct Litex {
    python: Python,
    wheels: Installed,
}

impl Litex {
    pub(crate) fn new(python: Python, wheels: Installed) -> Self {
        Litex { python, wheels }
    }

    /// Runs a Python script that imports LiteX and its neighbours in its folder.
    pub fn script(&self, script: &Path) -> Command {
        // Imported after LiteX's own folder, whatever the script's is called.
        let code = "import pathlib, runpy; script = sys.argv.pop(1); \
                    sys.path.append(str(pathlib.Path(script).parent)); \
                    runpy.run_path(script, run_name='__main__')";
        let mut command = self.python.code(&[self.wheels.site()], code);
        command.arg(script).env("PYTHONDONTWRITEBYTECODE", "1");
        command
    }
}

/// Whether this Python can import it.
pub(crate) fn has_library(python: &Python, made: &Installed) -> Command {
    python.code(&[made.site()], "import litex.soc.interconnect.axi")
}
