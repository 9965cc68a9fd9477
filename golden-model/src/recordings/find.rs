//! Recordings in folders.

use std::fs;
use std::path::{Path, PathBuf};

use super::error::{Error, Fault};

/// What is in a folder and the folders in it, in the order of the names.
#[derive(Debug)]
pub struct Found {
    /// The recordings.
    pub files: Vec<PathBuf>,
    /// What is named like a recording and is none: the notes of macOS.
    pub left_out: Vec<PathBuf>,
}

/// The recordings in `folder` and the folders in it, in the order of their names.
///
/// # Errors
/// When a folder cannot be read, or there are none.
pub fn find(folder: &Path) -> Result<Found, Error> {
    let (mut files, mut left_out) = (Vec::new(), Vec::new());
    let mut folders = vec![folder.to_owned()];
    while let Some(folder) = folders.pop() {
        for entry in fs::read_dir(&folder).map_err(|error| Fault::Io(error).of(&folder))? {
            let entry = entry.map_err(|error| Fault::Io(error).of(&folder))?;
            let path = entry.path();
            // A link to a folder may form a circle.
            if entry.file_type().map_err(|error| Fault::Io(error).of(&path))?.is_dir() {
                folders.push(path);
            } else if is_recording(&path) {
                files.push(path);
            } else if is_note_of_macos(&path) {
                left_out.push(path);
            }
        }
    }
    if files.is_empty() {
        return Err(Fault::NoWavFiles.of(folder));
    }
    files.sort();
    left_out.sort();
    Ok(Found { files, left_out })
}

/// Whether a path counts as a recording in a folder.
pub fn is_recording(path: &Path) -> bool {
    is_named_like_one(path) && !is_note_of_macos(path) && !path.is_dir()
}

/// What macOS leaves beside a recording on other systems' disks.
fn is_note_of_macos(path: &Path) -> bool {
    let name = path.file_name().is_some_and(|name| name.as_encoded_bytes().starts_with(b"._"));
    name && is_named_like_one(path)
}

fn is_named_like_one(path: &Path) -> bool {
    path.extension().is_some_and(|extension| extension.eq_ignore_ascii_case("wav"))
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn recordings_are_found_in_folders_whatever_the_case_of_their_names() {
        let folder = tempfile::tempdir().unwrap();
        let names = ["a.wav", "b.WAV", "inner/c.wav", "._a.wav", "d.txt", "e.wav/f.Wav"];
        for name in names {
            let path = folder.path().join(name);
            fs::create_dir_all(path.parent().unwrap()).unwrap();
            fs::write(path, "").unwrap();
        }
        let found = find(folder.path()).unwrap();
        let inner = |path: &PathBuf| path.strip_prefix(folder.path()).unwrap().to_owned();
        let files: Vec<_> = found.files.iter().map(inner).collect();
        let expected = ["a.wav", "b.WAV", "e.wav/f.Wav", "inner/c.wav"].map(PathBuf::from);
        assert_eq!(files, expected);
        assert_eq!(
            found.left_out.iter().map(inner).collect::<Vec<_>>(),
            [PathBuf::from("._a.wav")]
        );
        for name in names {
            fs::remove_file(folder.path().join(name)).unwrap();
        }
        let error = find(folder.path()).unwrap_err();
        assert!(matches!(error.fault, Fault::NoWavFiles), "{error}");
    }
}
