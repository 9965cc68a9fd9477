//! **Listings**: the recordings in a folder, each by itself.

use std::ffi::OsStr;
use std::fs;
use std::path::{Path, PathBuf};

use golden_model::layout::{Layout, Rate, SampleFormat};

use crate::{Error, Fault, Kind, Recording, Remark, folder, intan, open, open_ephys, raw};

/// What files that say nothing of themselves hold: interleaved samples.
#[derive(Clone, Copy, Debug)]
pub struct RawForm {
    /// How a sample is stored.
    pub format: SampleFormat,
    /// Samples of a round.
    pub channels: u16,
    /// Rounds per second.
    pub rate: Rate,
}

impl RawForm {
    /// Where the samples are.
    pub fn layout(self) -> Layout {
        raw::layout(0, self)
    }
}

/// The recordings in a folder.
#[derive(Debug, Default)]
pub struct Listing {
    /// Each with its name, in the order of the names.
    pub recordings: Vec<(String, Recording)>,
    /// What is in the folder and is no recording.
    pub left_out: Vec<Remark>,
}

/// Endings of the names of files that hold raw samples.
const RAW: [&str; 4] = ["raw", "bin", "dat", "i16"];

/// The recordings at `path`. A file is one, as is a folder that a recorder made; of any other folder,
/// each recorder's file and each folder with such files is one. `raw` is for files of an unknown format:
/// for `path` itself, or in a folder for those that are named like raw samples.
///
/// # Errors
/// [`Error`]: `path` cannot be read, or is a file and no recording.
pub fn list(path: impl AsRef<Path>, raw: Option<RawForm>) -> Result<Listing, Error> {
    let path = path.as_ref();
    let name = |path: &Path| path.file_name().unwrap_or(path.as_os_str()).display().to_string();
    let given = fs::metadata(path).map_err(|error| Fault::Io(error).of(path))?;
    if !given.is_dir() || is_one(path) {
        let recordings = vec![(name(path), file(path, raw)?)];
        return Ok(Listing { recordings, left_out: Vec::new() });
    }
    let mut listing = Listing::default();
    for inner in sorted(path).map_err(|error| Fault::Io(error).of(path))? {
        let found = match inner.is_dir() {
            true => of_folder(&inner, raw),
            false => file(&inner, raw.filter(|_| is_named_raw(&inner))).map(Some),
        };
        let why = match found {
            Ok(Some(recording)) => {
                let samples = recording.files.first().map(|part| recording.folder.join(&part.path));
                // A description leads to the samples of another file.
                let is_description = !inner.is_dir() && samples.as_deref() != Some(&inner);
                if !is_description {
                    listing.recordings.push((name(&inner), recording));
                }
                continue;
            }
            Ok(None) => "no recordings in it".to_owned(),
            Err(error) => error.fault.to_string(),
        };
        let path = inner.strip_prefix(path).unwrap_or(&inner).to_path_buf();
        listing.left_out.push(Remark::NoRecording { path, why });
    }
    Ok(listing)
}

/// Whether a folder is as a recorder makes them for one recording.
fn is_one(folder: &Path) -> bool {
    folder.join(open_ephys::STRUCTURE).is_file()
        || intan::data_files::are_beside(&folder.join("info.rhd"))
        || intan::data_files::are_beside(&folder.join("info.rhs"))
}

/// What is in a folder, in the order of the names.
fn sorted(folder: &Path) -> std::io::Result<Vec<PathBuf>> {
    let inner = fs::read_dir(folder)?.map(|entry| entry.map(|entry| entry.path()));
    let mut inner: Vec<PathBuf> = inner.collect::<Result<_, _>>()?;
    inner.sort();
    Ok(inner)
}

/// A file, or a folder that is one recording.
fn file(path: &Path, raw: Option<RawForm>) -> Result<Recording, Error> {
    match (open(path), raw) {
        (Err(Error { fault: Fault::Unknown, .. }), Some(form)) => raw::open_raw(path, 0, form),
        (opened, _) => opened,
    }
}

/// A folder in the folder; `None`: nothing in it has samples.
fn of_folder(path: &Path, raw: Option<RawForm>) -> Result<Option<Recording>, Error> {
    let mut recording = folder::open(path)?;
    let has_samples =
        |recording: &Recording| recording.files.iter().any(|part| part.layout.is_some());
    if let (false, Some(form)) = (has_samples(&recording), raw) {
        let layout = form.layout();
        layout.validate().map_err(|error| Fault::from(error).of(path))?;
        for part in &mut recording.files {
            if is_named_raw(&part.path) {
                part.layout = Some(layout.clone());
                recording.kind = Kind::Raw;
            }
        }
    }
    Ok(has_samples(&recording).then_some(recording))
}

fn is_named_raw(path: &Path) -> bool {
    let kind = path.extension().and_then(OsStr::to_str).unwrap_or("");
    RAW.iter().any(|raw| kind.eq_ignore_ascii_case(raw))
}
