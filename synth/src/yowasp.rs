//! Programs that come as WebAssembly in a wheel.

use crate::install::Installed;
use crate::python::Python;
use std::process::Command;

/// One of a wheel's programs. The wheel's own starters name the Python they were installed by, so
/// the function behind them is called instead.
#[derive(Debug, Clone, Copy)]
pub(crate) struct Program {
    /// The wheel's package.
    pub(crate) package: &'static str,
    /// The function in it that runs the program.
    pub(crate) function: &'static str,
}

impl Program {
    /// The program without arguments. It runs in a sandbox that does not see every absolute path:
    /// name files relative to the current folder.
    pub(crate) fn command(
        self,
        python: &Python,
        runtime: &Installed,
        wheel: &Installed,
    ) -> Command {
        let Program { package, function } = self;
        let code = format!("import {package}; sys.exit({package}.{function}(sys.argv[1:]))");
        let mut command = python.code(&[runtime.site(), wheel.site()], &code);
        command.env("YOWASP_CACHE_DIR", wheel.compiled()).env_remove("YOWASP_MOUNT");
        command
    }
}
