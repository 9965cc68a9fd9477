//! OpenSTA: static timing, and the power of a netlist whose pins' activity is known.

use crate::error::{During, ToolError};
use crate::install::Installed;
use crate::store::{Store, read_log, reason, run_logged};
use std::fs;
use std::path::{Path, PathBuf};
use std::process::Command;

/// OpenSTA, ready to run.
#[derive(Clone, Debug)]
pub struct Sta {
    store: Store,
    program: PathBuf,
    /// Where it finds its libraries and Tcl's own scripts; `None`: where the system has them.
    root: Option<PathBuf>,
}

impl Sta {
    pub(crate) fn pinned(store: Store, made: &Installed) -> Sta {
        let root = made.site();
        Sta { store, program: root.join("usr/bin/sta"), root: Some(root) }
    }

    pub(crate) fn own(store: Store, program: &Path) -> Sta {
        Sta { store, program: program.to_owned(), root: None }
    }

    pub(crate) fn command(&self, arguments: &[&str]) -> Command {
        let mut command = Command::new(&self.program);
        command.args(arguments);
        if let Some(root) = &self.root {
            let libraries = ["usr/lib/x86_64-linux-gnu", "lib/x86_64-linux-gnu"];
            let folders = libraries.map(|folder| root.join(folder));
            command.env("LD_LIBRARY_PATH", std::env::join_paths(folders).unwrap_or_default());
            command.env("TCL_LIBRARY", root.join("usr/share/tcltk/tcl8.6"));
        }
        command
    }

    /// Runs a Tcl script and returns what it printed.
    ///
    /// # Errors
    /// When OpenSTA cannot be run, or says `Error`.
    pub fn run(&self, script: &str) -> Result<String, ToolError> {
        let work = self.store.work()?;
        let file = work.path().join("script.tcl");
        fs::write(&file, script).during("write", &file)?;
        let log = work.path().join("sta.log");
        let mut command = self.command(&["-no_splash", "-exit", "script.tcl"]);
        command.current_dir(work.path());
        let status = run_logged(&mut command, &log).during("run", &self.program)?;
        let text = read_log(&log)?;
        let is_error = |line: &str| line.starts_with("Error");
        if status.success() && !text.lines().any(is_error) {
            return Ok(text);
        }
        let reason = reason(&text, &["Error"]);
        Err(ToolError::Sta { reason, log: self.store.keep_failed(work, "sta", "sta.log") })
    }
}
