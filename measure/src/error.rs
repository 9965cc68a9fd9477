//! Why something could not be measured.

use std::io;
use std::path::{Path, PathBuf};
use std::process::ExitStatus;

use synth::ToolError;
use testbench::simulator::EngineError;

use crate::power;

/// Why something could not be measured.
#[derive(Debug, thiserror::Error)]
#[non_exhaustive]
pub enum Error {
    /// A tool failed.
    #[error(transparent)]
    Tool(#[from] ToolError),
    /// A simulation failed.
    #[error(transparent)]
    Engine(#[from] EngineError),
    /// A netlist, its toggles or its delays are not as expected.
    #[error(transparent)]
    Power(#[from] power::Error),
    /// A file cannot be read or written.
    #[error("{}: {source}", path.display())]
    File {
        /// The file.
        path: PathBuf,
        /// What went wrong.
        source: io::Error,
    },
    /// A recording cannot be read.
    #[error(transparent)]
    Recording(#[from] testbench::error::Error),
    /// A program that was built ended with an error.
    #[error("{}: ended with {status}", path.display())]
    Program {
        /// The program.
        path: PathBuf,
        /// Its end.
        status: ExitStatus,
    },
    /// A profile without frames.
    #[error("profile {0}: one channel, and no frames")]
    NoFrames(String),
    /// Too few recordings for three loads.
    #[error("{0} recordings of {1} samples: quiet, typical and busy need three")]
    TooFew(usize, usize),
    /// Too few or too short recordings for the channels of one load.
    #[error(
        "too few or too short recordings: the {load} third of them, {recordings}, gives {stretches} \
         stretches of {rounds} samples; {channels} channels take more than half as many"
    )]
    TooShort {
        /// The load.
        load: &'static str,
        /// Its recordings.
        recordings: usize,
        /// Stretches that they give.
        stretches: usize,
        /// Samples of a stretch.
        rounds: usize,
        /// Stretches that are needed.
        channels: usize,
    },
    /// No chip of this name.
    #[error("no target {0:?}")]
    NoTarget(String),
    /// No profile of this name.
    #[error("no profile {0:?}")]
    NoProfile(String),
    /// No power model for this chip.
    #[error("{0}: {1}")]
    NoEstimate(&'static str, &'static str),
    /// Not even the best placement is fast enough.
    #[error("{0}")]
    TooSlow(String),
    /// A sample took longer than the bound.
    #[error("a sample took {0} clocks, more than the {1} derived")]
    Late(u64, u64),
    /// The bound is longer than a sample may take.
    #[error("{0} clocks are more than 1 ms")]
    TooLong(u64),
    /// The words of a pipeline are not the frames that were expected.
    #[error("the words of the pipeline: {0}")]
    Frames(&'static str),
    /// The placed netlist differs from the netlist without delays.
    #[error("{0}: {1}")]
    Differs(String, String),
    /// A folder is no PDK.
    #[error("{}: no libs.ref/*stdcell*/lib with a typical corner (*_typ_*.lib, *_tt_*.lib)", .0.display())]
    NoCells(PathBuf),
    /// A process has no cells for a corner.
    #[error("{process} has no {corner} corner")]
    NoCorner {
        /// The process's library.
        process: String,
        /// The corner.
        corner: &'static str,
    },
    /// A cell of a netlist is in none of the process's files.
    #[error("{0} is in no Liberty file of the process")]
    NoCell(String),
    /// A flow for a process without macros.
    #[error("{0} has no macros that are known: LibreLane's folder is for a PDK with some")]
    NoMacros(String),
    /// OpenSTA reports no path.
    #[error("OpenSTA reports no path in the {0} corner")]
    NoPath(&'static str),
    /// A port or net is not where it should be in a placed netlist.
    #[error("no {0} in the placed netlist")]
    NoNet(String),
}

impl Error {
    /// With the name of the file that cannot be read or written.
    pub(crate) fn file(path: &Path) -> impl Fn(io::Error) -> Error + '_ {
        |source| Error::File { path: path.to_owned(), source }
    }
}
