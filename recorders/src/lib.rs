//! **Recorders**: the file formats of neural recorders.
//!
//! [`open`] finds out what a file or a folder is and says where the samples are, as a
//! [`Layout`] for each file. It interprets nothing else: whoever compresses the samples and keeps the
//! other bytes restores the original file byte for byte.
//!
//! | format | files | module |
//! |---|---|---|
//! | SpikeGLX | `.bin` with `.meta` | [`spikeglx`] |
//! | Open Ephys, binary | folder with `structure.oebin` | [`open_ephys`] |
//! | Intan | `.rhd`, `.rhs`; `info.rhd` with `.dat` files | [`intan`] |
//! | EDF, EDF+, BDF, BDF+ | `.edf`, `.bdf` | [`edf`] |
//! | BrainVision | `.vhdr` with `.eeg`, `.vmrk` | [`brainvision`] |
//! | Neuralynx | `.ncs` | [`neuralynx`] |
//! | WAV, RF64, BW64 | `.wav` | [`wav`] |
//! | raw samples | any | [`raw`] |
//!
//! A folder is all files in it; those of a known format have a layout. Headers are read up to a
//! limit, so that hostile ones take bounded time and memory.
//!
//! # Why own readers
//!
//! The crates `openreadout-*` read these formats into physical values. Their parsers, which know
//! positions, are no public interface, they need a later Rust than tierwire, and a core of 30 000
//! lines comes with them. Where a crate reads a part well, it is used: hound for WAV, serde_json for
//! `structure.oebin`.

mod builder;
mod error;
mod folder;
mod header;
mod keep;
mod listing;
mod tracks;

pub mod brainvision;
pub mod challenge;
pub mod choose;
pub mod cut;
pub mod edf;
pub mod intan;
pub mod neuralynx;
pub mod npy;
pub mod open_ephys;
pub mod output;
pub mod raw;
pub mod restore;
pub mod spikeglx;
pub mod wav;

pub use error::{Error, Fault};
use golden_model::layout::Layout;
use golden_model::wav::CutShort;
pub use keep::{Aim, CheckError, KeepError, Kept, check, check_with, keep, keep_stream};
pub use listing::{Listing, RawForm, list};
pub use raw::open_raw;
pub use tracks::Track;

use std::ffi::OsStr;
use std::path::{Path, PathBuf};

/// What a recording was made with, or stored as.
#[derive(Clone, Copy, Debug, PartialEq, Eq, PartialOrd, Ord, Hash)]
#[non_exhaustive]
pub enum Kind {
    /// SpikeGLX.
    SpikeGlx,
    /// Open Ephys, binary format.
    OpenEphys,
    /// Intan RHD or RHS.
    Intan,
    /// European Data Format, 16 bits.
    Edf,
    /// BioSemi Data Format, 24 bits.
    Bdf,
    /// BrainVision.
    BrainVision,
    /// Neuralynx, continuously sampled.
    Neuralynx,
    /// WAV, RF64 or BW64.
    Wav,
    /// Raw samples, described by the user.
    Raw,
    /// A folder with files of several kinds, or of none.
    Folder,
}

impl Kind {
    /// Its name for the user.
    pub fn name(self) -> &'static str {
        match self {
            Kind::SpikeGlx => "SpikeGLX",
            Kind::OpenEphys => "Open Ephys",
            Kind::Intan => "Intan",
            Kind::Edf => "EDF",
            Kind::Bdf => "BDF",
            Kind::BrainVision => "BrainVision",
            Kind::Neuralynx => "Neuralynx",
            Kind::Wav => "WAV",
            Kind::Raw => "raw",
            Kind::Folder => "folder",
        }
    }
}

/// A recording: one file and those that describe it, or a folder of files.
#[derive(Debug)]
pub struct Recording {
    /// Its format.
    pub kind: Kind,
    /// The folder that all paths below are relative to.
    pub folder: PathBuf,
    /// A file alone is one part; a folder has one for each file in it, in the order of their names.
    pub files: Vec<Part>,
    /// Files beside a file alone that describe it, to be kept with it.
    pub sidecars: Vec<PathBuf>,
    /// What the user should know.
    pub remarks: Vec<Remark>,
}

impl Recording {
    /// Bytes of its files, as far as they are there.
    pub fn bytes(&self) -> u64 {
        let sizes = self.files.iter().map(|part| self.folder.join(&part.path).metadata());
        sizes.flatten().map(|file| file.len()).sum()
    }
}

/// A file of a recording.
#[derive(Debug)]
pub struct Part {
    /// Where it is, relative to the recording's folder.
    pub path: PathBuf,
    /// Where its samples are; `None`: all of it is plain bytes.
    pub layout: Option<Layout>,
}

/// Something about a recording that the user should know.
#[derive(Debug, thiserror::Error)]
#[non_exhaustive]
pub enum Remark {
    /// A file that is named by another one, and is not there.
    #[error("{}: not there", .0.display())]
    Missing(PathBuf),
    /// A file that is shorter than its description says.
    #[error("{}: {cut}", path.display())]
    EndsEarly {
        /// Which file.
        path: PathBuf,
        /// By how much.
        cut: CutShort,
    },
    /// Something in a folder that is no file, or whose name is not UTF-8.
    #[error("{}: left out, {why}", path.display())]
    LeftOut {
        /// What.
        path: PathBuf,
        /// And why.
        why: &'static str,
    },
    /// Something beside the recordings of a folder.
    #[error("{}: left out, {why}", path.display())]
    NoRecording {
        /// What.
        path: PathBuf,
        /// Why it is no recording.
        why: String,
    },
    /// A file of a known format whose samples cannot be found: it is plain bytes.
    #[error("{}: kept as plain bytes, {fault}", path.display())]
    Plain {
        /// Which file.
        path: PathBuf,
        /// Why.
        fault: Fault,
    },
}

/// What a reader finds in a file.
struct Found {
    kind: Kind,
    layout: Result<Layout, Fault>,
    /// The file with the samples, where another one was named.
    samples: PathBuf,
    /// Files that describe it, whether they are there or not.
    sidecars: Vec<PathBuf>,
    /// The description declares more samples.
    cut: Option<CutShort>,
}

impl Found {
    /// A file that describes itself.
    fn alone(kind: Kind, path: &Path, layout: Layout) -> Found {
        Found { kind, layout: Ok(layout), samples: path.into(), sidecars: Vec::new(), cut: None }
    }
}

/// Opens a file or a folder; its format follows from its name, its first bytes, and the files beside
/// it.
///
/// # Errors
/// [`Error`]: nothing readable is there, the format is unknown, or a header is broken.
pub fn open(path: impl AsRef<Path>) -> Result<Recording, Error> {
    let path = path.as_ref();
    let given = std::fs::metadata(path).map_err(|error| Fault::Io(error).of(path))?;
    if given.is_dir() {
        return folder::open(path);
    }
    let is_structure = path.file_name() == Some(OsStr::new(open_ephys::STRUCTURE));
    if is_structure || intan::data_files::are_beside(path) {
        return folder::open(parent(path));
    }
    let found =
        find(path).map_err(|fault| fault.of(path))?.ok_or_else(|| Fault::Unknown.of(path))?;
    let folder = parent(path).to_path_buf();
    let relative = |path: &Path| path.strip_prefix(&folder).unwrap_or(path).to_path_buf();
    let mut remarks = Vec::new();
    let layout = match found.layout {
        Ok(layout) => Some(layout),
        // A format that is known and not understood is kept; a broken header is an error.
        Err(fault @ Fault::Unsupported(_)) => {
            remarks.push(Remark::Plain { path: relative(&found.samples), fault });
            None
        }
        Err(fault) => return Err(fault.of(path)),
    };
    let ends_early = |cut| Remark::EndsEarly { path: relative(&found.samples), cut };
    remarks.extend(found.cut.map(ends_early));
    let (there, missing) = found.sidecars.iter().partition::<Vec<_>, _>(|path| path.is_file());
    remarks.extend(missing.into_iter().map(|path| Remark::Missing(relative(path))));
    let sidecars = there.into_iter().map(|path| relative(path)).collect();
    let files = vec![Part { path: relative(&found.samples), layout }];
    Ok(Recording { kind: found.kind, folder, files, sidecars, remarks })
}

/// What a single file is; `None`: of no known format.
fn find(path: &Path) -> Result<Option<Found>, Fault> {
    let extension = path.extension().and_then(OsStr::to_str).unwrap_or("").to_ascii_lowercase();
    // Formats with a description in another file go by their name.
    match extension.as_str() {
        "meta" | "bin" => {
            if let Some(found) = spikeglx::find(path)? {
                return Ok(Some(found));
            }
        }
        "vhdr" | "eeg" | "dat" | "vmrk" => {
            if let Some(found) = brainvision::find(path)? {
                return Ok(Some(found));
            }
            if extension == "dat" {
                return intan::data_files::find(path);
            }
        }
        _ => {}
    }
    let mut file = header::Header::open(path)?;
    let start = file.peek(64)?;
    let layout = if intan::is(start) {
        Found::alone(Kind::Intan, path, intan::layout(&mut file)?)
    } else if edf::is(start) {
        return edf::find(path, &mut file).map(Some);
    } else if neuralynx::is(start, &extension) {
        Found::alone(Kind::Neuralynx, path, neuralynx::layout(&mut file)?)
    } else if wav::is(start) {
        return wav::find(path).map(Some);
    } else {
        return Ok(None);
    };
    Ok(Some(layout))
}

/// The folder that a file is in.
fn parent(path: &Path) -> &Path {
    path.parent().filter(|parent| !parent.as_os_str().is_empty()).unwrap_or(Path::new("."))
}
