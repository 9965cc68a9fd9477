//! The C++ compiler: several files at once, without make.

use crate::error::{During, ToolError};
use crate::store::{run_logged, spawn_logged};
use std::path::{Path, PathBuf};
use std::process::{Command, Stdio};

/// For code that runs in every cycle. On a pipeline of 650 LUTs `-O2` is as fast as `-O3` and 20 %
/// faster than `-O1`. `-march=native` gains 2 %, too little for simulators that other machines
/// sharing the cache cannot run.
pub(crate) const FAST: &str = "-O2";
/// For code that runs once: a ROM's initial contents take 1 s to compile without optimisation, and
/// 8 s with.
pub(crate) const SLOW: &str = "-O0";

/// A compiler known to run.
#[derive(Debug, Clone)]
pub(crate) struct Compiler {
    program: PathBuf,
    arguments: Vec<String>,
    version: String,
}

/// One file to compile.
pub(crate) struct Unit<'a> {
    pub(crate) source: &'a Path,
    pub(crate) object: &'a str,
    pub(crate) optimise: &'a str,
}

impl Compiler {
    /// `command` as in `$CXX`: a program and arguments.
    pub(crate) fn find(command: &str) -> Result<Self, ToolError> {
        let mut words = command.split_whitespace().map(str::to_owned);
        let program = PathBuf::from(words.next().unwrap_or_default());
        let arguments: Vec<_> = words.collect();
        let found = Command::new(&program)
            .args(&arguments)
            .arg("--version")
            .env("LC_ALL", "C")
            .stdin(Stdio::null())
            .output();
        match found {
            Ok(output) if output.status.success() => {
                let version = String::from_utf8_lossy(&output.stdout).into_owned();
                Ok(Compiler { program, arguments, version })
            }
            _ => Err(ToolError::CompilerMissing { program }),
        }
    }

    /// Everything about the compiler that decides what it makes.
    pub(crate) fn identity(&self) -> String {
        let machine = std::env::consts::ARCH;
        format!("{machine} {:?} {:?} {}", self.program, self.arguments, self.version)
    }

    fn command(&self, folder: &Path) -> Command {
        let mut command = Command::new(&self.program);
        command.args(&self.arguments).current_dir(folder);
        command
    }

    /// Compiles all units at once, in `folder`; `false` if one failed, the log says why.
    pub(crate) fn compile(
        &self,
        folder: &Path,
        flags: &[String],
        units: &[Unit<'_>],
        log: &Path,
    ) -> Result<bool, ToolError> {
        let mut started = Vec::new();
        for unit in units {
            let mut command = self.command(folder);
            command.arg("-c").arg(unit.source).args(["-o", unit.object, unit.optimise]);
            started.push(spawn_logged(command.args(flags), log).during("run", &self.program)?);
        }
        let mut good = true;
        for mut child in started {
            good &= child.wait().during("wait for", &self.program)?.success();
        }
        Ok(good)
    }

    /// Links objects into an executable, in `folder`; `false` if that failed, the log says why.
    pub(crate) fn link(
        &self,
        folder: &Path,
        objects: &[PathBuf],
        executable: &str,
        log: &Path,
    ) -> Result<bool, ToolError> {
        let mut command = self.command(folder);
        command.args(objects).args(["-o", executable, "-pthread"]);
        Ok(run_logged(&mut command, log).during("run", &self.program)?.success())
    }
}
