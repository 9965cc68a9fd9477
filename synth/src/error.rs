//! What can go wrong with a tool: one clear line each, and where to read more.

use std::fmt;
use std::io;
use std::path::{Path, PathBuf};

/// Why a tool could not be installed or called, or what it rejected.
#[derive(Debug, thiserror::Error)]
#[non_exhaustive]
pub enum ToolError {
    /// There is no folder that this user alone can write to, to keep programs in.
    #[error("no safe folder for tools: {reason}; set TIERWIRE_TOOLS to a folder of your own")]
    NoCache {
        /// What is wrong with the one there is.
        reason: String,
    },
    /// There is no Python to install and run the tools with.
    #[error(
        "no Python: `{program}` does not run; install Python 3.10 or newer \
         (Debian, Ubuntu: apt install python3 python3-pip)"
    )]
    PythonMissing {
        /// The command that was tried.
        program: PathBuf,
    },
    /// The Python found cannot run the pinned wheels.
    #[error("`{program}` is Python {version}; the pinned tools need Python 3.10 or newer")]
    PythonTooOld {
        /// The command that was tried.
        program: PathBuf,
        /// What it says it is.
        version: String,
    },
    /// Python has neither pip nor a venv that would bring one.
    #[error(
        "`{program}` has no pip, and no venv to get one from; install it \
         (Debian, Ubuntu: apt install python3-pip)"
    )]
    PipMissing {
        /// The Python without pip.
        program: PathBuf,
    },
    /// The tool's makers publish nothing for this machine.
    #[error("{tool} is not published for {machine}; {remedy}")]
    NotForThisMachine {
        /// The tool and its version.
        tool: &'static str,
        /// This machine's system and processor.
        machine: String,
        /// What to do instead.
        remedy: &'static str,
    },
    /// pip failed, or what it installed does not run.
    #[error("{tool} could not be installed: {reason} (log: {})", log.display())]
    Install {
        /// The tool and its version.
        tool: &'static str,
        /// The first error in the log.
        reason: String,
        /// The whole log.
        log: PathBuf,
    },
    /// There is no C++ compiler to build simulators with.
    #[error(
        "no C++ compiler: `{program}` does not run; install one or set CXX \
         (Debian, Ubuntu: apt install g++)"
    )]
    CompilerMissing {
        /// The command that was tried.
        program: PathBuf,
    },
    /// There is no make, which FuseSoC builds with.
    #[error("no make: `make` does not run; install it (Debian, Ubuntu: apt install make)")]
    MakeMissing,
    /// Verilator refused the Verilog.
    #[error("verilator refused `{model}`: {reason} (log: {})", log.display())]
    Verilator {
        /// The model's name.
        model: String,
        /// The first error in the log.
        reason: String,
        /// The whole log; the Verilog lies beside it.
        log: PathBuf,
    },
    /// The C++ compiler refused the harness, or the harness does not fit the model.
    #[error("the simulator `{model}` does not compile: {reason} (log: {})", log.display())]
    Compile {
        /// The model's name.
        model: String,
        /// The first error in the log.
        reason: String,
        /// The whole log; the harness lies beside it.
        log: PathBuf,
    },
    /// yosys found the module faulty.
    #[error("module `{top}`: {fault}: {reason} (log: {})", log.display())]
    Module {
        /// The module that was checked.
        top: String,
        /// The kind of fault.
        fault: Fault,
        /// yosys's own words.
        reason: String,
        /// The whole log; the Verilog and the script lie beside it.
        log: PathBuf,
    },
    /// A yosys script failed.
    #[error("yosys: {reason} (log: {})", log.display())]
    Yosys {
        /// The first error in the log.
        reason: String,
        /// The whole log.
        log: PathBuf,
    },
    /// A design takes more than a chip has.
    #[error("{design} does not fit {target} ({chip}): it takes {excess}")]
    DoesNotFit {
        /// The design.
        design: String,
        /// The target.
        target: &'static str,
        /// Its chip.
        chip: &'static str,
        /// What is used more than there is.
        excess: String,
    },
    /// nextpnr or a packer failed.
    #[error("nextpnr: {reason} (log: {})", log.display())]
    Nextpnr {
        /// The first error in the log.
        reason: String,
        /// The whole log.
        log: PathBuf,
    },
    /// A library of cells cannot be read.
    #[error("{}: {fault}", path.display())]
    Liberty {
        /// Its file.
        path: PathBuf,
        /// What is wrong with it.
        fault: crate::liberty::LibertyFault,
    },
    /// OpenSTA failed.
    #[error("OpenSTA: {reason} (log: {})", log.display())]
    Sta {
        /// The first error in the log.
        reason: String,
        /// The whole log.
        log: PathBuf,
    },
    /// A tool's report is not in the expected form.
    #[error("{}: not as the tool writes it; delete it and try again", path.display())]
    Unread {
        /// The report.
        path: PathBuf,
    },
    /// The prover could not be asked: the question itself is wrong.
    #[error("proof `{question}`: {reason} (log: {})", log.display())]
    Prover {
        /// The question's name.
        question: String,
        /// The first error in the log.
        reason: String,
        /// The whole log; design and properties lie beside it.
        log: PathBuf,
    },
    /// A file or process operation failed.
    #[error("cannot {action} {}: {reason}", path.display())]
    Io {
        /// What was tried.
        action: &'static str,
        /// On what.
        path: PathBuf,
        /// The system's reason. Not called `source`: a chain of errors would print it twice.
        reason: io::Error,
    },
}

/// What [`Yosys::check_module`](crate::Yosys::check_module) rejects.
#[derive(Debug, Clone, Copy, PartialEq, Eq)]
pub enum Fault {
    /// Not Verilog, or an instance of a module that is not there.
    Invalid,
    /// A name used without a declaration becomes a one-bit wire.
    UndeclaredName,
    /// A slice reaches outside its signal: X in Verilog, zero in rust-hdl.
    OutOfBounds,
    /// A signal is not assigned on every path of a combinational block.
    Latch,
    /// Two drivers on one wire.
    MultipleDrivers,
    /// A wire that is read and never driven.
    Undriven,
    /// A signal that depends on itself without a register between.
    Loop,
}

impl fmt::Display for Fault {
    fn fmt(&self, f: &mut fmt::Formatter<'_>) -> fmt::Result {
        f.write_str(match self {
            Fault::Invalid => "not accepted",
            Fault::UndeclaredName => "undeclared name",
            Fault::OutOfBounds => "slice out of bounds",
            Fault::Latch => "latch",
            Fault::MultipleDrivers => "two drivers on one wire",
            Fault::Undriven => "wire without a driver",
            Fault::Loop => "combinational loop",
        })
    }
}

/// Says of an [`io::Error`] what was tried on which file.
pub(crate) trait During<T> {
    fn during(self, action: &'static str, path: &Path) -> Result<T, ToolError>;
}

impl<T> During<T> for io::Result<T> {
    fn during(self, action: &'static str, path: &Path) -> Result<T, ToolError> {
        self.map_err(|reason| ToolError::Io { action, path: path.to_owned(), reason })
    }
}
