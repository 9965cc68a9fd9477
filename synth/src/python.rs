//! The Python that installs the wheels and runs those made of Python.

use crate::error::ToolError;
use crate::store::run_logged;
use std::env;
use std::path::{Path, PathBuf};
use std::process::{Command, Stdio};

/// A Python known to run and to be new enough.
#[derive(Debug, Clone)]
pub(crate) struct Python {
    program: PathBuf,
}

impl Python {
    pub(crate) fn find(program: &Path) -> Result<Self, ToolError> {
        let found = Command::new(program)
            .args(["-c", "import sys; print('%d.%d' % sys.version_info[:2])"])
            .stdin(Stdio::null())
            .output();
        let version = match found {
            Ok(output) if output.status.success() => output.stdout,
            // Also a stub that only tells where to buy one.
            _ => {
                return Err(ToolError::PythonMissing { program: program.to_owned() });
            }
        };
        let version = String::from_utf8_lossy(&version).trim().to_owned();
        let number = |part: Option<&str>| part.and_then(|part| part.parse::<u32>().ok());
        let mut parts = version.split('.');
        if (number(parts.next()), number(parts.next())) < (Some(3), Some(10)) {
            return Err(ToolError::PythonTooOld { program: program.to_owned(), version });
        }
        Ok(Python { program: program.to_owned() })
    }

    /// This Python if it has pip, else one with pip in a private environment below `work`.
    pub(crate) fn with_pip(&self, work: &Path, log: &Path) -> Result<Python, ToolError> {
        if self.has_pip(log) {
            return Ok(self.clone());
        }
        // Debian's python3 has no pip of its own, but its venv, if installed, brings one.
        let private = work.join("pip");
        let made = run_logged(Command::new(&self.program).args(["-m", "venv"]).arg(&private), log);
        let python = Python { program: private.join("bin").join("python") };
        if made.is_ok_and(|status| status.success()) && python.has_pip(log) {
            return Ok(python);
        }
        Err(ToolError::PipMissing { program: self.program.clone() })
    }

    fn has_pip(&self, log: &Path) -> bool {
        run_logged(Command::new(&self.program).args(["-m", "pip", "--version"]), log)
            .is_ok_and(|status| status.success())
    }

    /// Installs exactly the pinned wheels into `site`.
    pub(crate) fn pip_install(&self, pins: &Path, site: &Path) -> Command {
        let mut command = Command::new(&self.program);
        command
            .args(["-m", "pip", "install", "--require-hashes", "--no-deps"])
            .args(["--only-binary", ":all:", "--disable-pip-version-check", "--no-input"])
            .args(["--progress-bar", "off", "--target"])
            .arg(site)
            .arg("-r")
            .arg(pins)
            // The user's own settings may be made for other installations than a private folder.
            .env("PIP_USER", "0")
            .env("PIP_REQUIRE_VIRTUALENV", "0")
            .env("PIP_ROOT_USER_ACTION", "ignore");
        command
    }

    /// Fetches exactly the pinned packages of Debian and unpacks them into `folder`.
    pub(crate) fn unpack(&self, pins: &Path, folder: &Path) -> Command {
        let mut command = Command::new(&self.program);
        command.arg("-c").arg(include_str!("debian.py")).arg(pins).arg(folder);
        command
    }

    /// Runs Python code that sees the wheels in `sites` before all others, and nothing of the
    /// folder it runs in.
    pub(crate) fn code(&self, sites: &[PathBuf], code: &str) -> Command {
        let mut command = Command::new(&self.program);
        command
            .arg("-c")
            .arg(format!("import sys; sys.path[:] = [p for p in sys.path if p]; {code}"))
            .env("PYTHONPATH", env::join_paths(sites).unwrap_or_default())
            .env("PYTHONNOUSERSITE", "1");
        command
    }
}
