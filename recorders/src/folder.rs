//! Folders: every file in them, those of known formats with a layout.

use std::collections::BTreeSet;
use std::ffi::OsStr;
use std::fs;
use std::path::{Path, PathBuf};

use crate::open_ephys::{self, Described, STRUCTURE};
use crate::{Error, Fault, Kind, Part, Recording, Remark, find};

/// Deepest folders within folders; real recordings have five.
const DEPTH: usize = 64;

pub(crate) fn open(folder: &Path) -> Result<Recording, Error> {
    let mut remarks = Vec::new();
    let mut files = Vec::new();
    collect(folder, Path::new(""), 0, &mut files, &mut remarks)?;
    files.sort();

    let (mut described, mut missing) = (Described::new(), Vec::new());
    let mut kinds = BTreeSet::new();
    for path in files.iter().filter(|path| path.file_name() == Some(OsStr::new(STRUCTURE))) {
        kinds.insert(Kind::OpenEphys);
        match open_ephys::describe(&folder.join(path), &mut described, &mut missing) {
            Err(Fault::Io(error)) => return Err(Fault::Io(error).of(&folder.join(path))),
            Err(fault) => remarks.push(Remark::Plain { path: path.clone(), fault }),
            Ok(()) => {}
        }
    }
    let mut parts = Vec::new();
    for path in files {
        let file = folder.join(&path);
        let layout = match described.remove(&file) {
            Some(layout) => Some(layout),
            None => match find(&file) {
                // A description leads to the samples of another file.
                Ok(Some(found)) if found.samples == file => {
                    kinds.insert(found.kind);
                    let path = path.clone();
                    remarks.extend(found.cut.map(|cut| Remark::EndsEarly { path, cut }));
                    missing.extend(found.sidecars.into_iter().filter(|path| !path.is_file()));
                    Some(found.layout)
                }
                Ok(_) => None,
                Err(fault) => Some(Err(fault)),
            },
        };
        let layout = match layout.transpose() {
            Ok(layout) => layout,
            Err(Fault::Io(error)) => return Err(Fault::Io(error).of(&file)),
            Err(fault) => {
                remarks.push(Remark::Plain { path: path.clone(), fault });
                None
            }
        };
        parts.push(Part { path, layout });
    }
    let relative =
        |path: PathBuf| path.strip_prefix(folder).map_or(path.clone(), Path::to_path_buf);
    remarks.extend(missing.into_iter().map(|path| Remark::Missing(relative(path))));
    let kind = match kinds.first() {
        Some(&kind) if kinds.len() == 1 => kind,
        _ => Kind::Folder,
    };
    let folder = folder.to_path_buf();
    Ok(Recording { kind, folder, files: parts, sidecars: Vec::new(), remarks })
}

/// All files in `folder`/`within`, as paths relative to `folder`.
fn collect(
    folder: &Path,
    within: &Path,
    depth: usize,
    files: &mut Vec<PathBuf>,
    remarks: &mut Vec<Remark>,
) -> Result<(), Error> {
    let here = folder.join(within);
    let fault = |error: std::io::Error| Fault::Io(error).of(&here);
    for entry in fs::read_dir(&here).map_err(fault)? {
        let entry = entry.map_err(fault)?;
        let (path, kind) = (within.join(entry.file_name()), entry.file_type().map_err(fault)?);
        let why = match kind {
            _ if path.to_str().is_none() => "its name is not UTF-8",
            _ if kind.is_symlink() => "a symbolic link",
            _ if kind.is_dir() && depth == DEPTH => "too deep",
            _ if kind.is_dir() => {
                collect(folder, &path, depth + 1, files, remarks)?;
                continue;
            }
            _ if kind.is_file() => {
                files.push(path);
                continue;
            }
            _ => "no file",
        };
        remarks.push(Remark::LeftOut { path, why });
    }
    Ok(())
}
