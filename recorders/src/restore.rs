//! An archive into the files it was made of.

use std::cell::RefCell;
use std::fs;
use std::io::{self, Read};
use std::path::{Path, PathBuf};

use golden_model::archive::{self, FileHeader, Reader};
use golden_model::recordings::Input;

use crate::output::{Output, OutputError, OutputFault};

/// An archive that cannot be restored.
#[derive(Debug, thiserror::Error)]
#[non_exhaustive]
pub enum RestoreError {
    /// It is damaged, or a file cannot be written.
    #[error("{name}: {error}")]
    Archive {
        /// Of the archive, or of the file.
        name: String,
        /// Why.
        error: archive::Error,
    },
    /// A file or folder cannot be made.
    #[error(transparent)]
    Output(#[from] OutputError),
    /// Several files, and no folder for them.
    #[error("{0}: several files were compressed; -o has to be a folder that is there")]
    SeveralFiles(String),
}

impl RestoreError {
    /// An archive's error with the name of its file: the output's, when it is one of writing.
    pub fn of(error: archive::Error, input: &str, output: &str) -> RestoreError {
        let name = if matches!(error, archive::Error::Write(_)) { output } else { input };
        RestoreError::Archive { name: name.into(), error }
    }
}

/// Files that wait for their names at a time.
const OPEN_FILES: usize = 256;

/// Restores an archive: its one file as `output`, with sidecars beside it; of several files, all in
/// the folder `output`. `left_out` is told the sidecars that have no place beside standard output.
///
/// # Errors
/// [`RestoreError`]; then no file has been given its name, unless there are over 256.
pub fn restore(
    input: Input,
    output: &Path,
    mut left_out: impl FnMut(&FileHeader),
) -> Result<(), RestoreError> {
    let Input { name, reader } = input;
    let wrong = |error| RestoreError::of(error, &name, &name);
    let mut reader = Reader::new(reader).map_err(wrong)?;
    let mut outputs = Vec::new();
    let mut folder: Option<Made> = None;
    let mut number = 0;
    while let Some(header) = reader.next_file().map_err(wrong)? {
        number += 1;
        // The first of several files looks like the only one until the second comes.
        if number == 1 && (output.is_dir() || header.name.contains('/')) {
            folder = Some(Made::new(output)?);
        } else if number > 1 && !header.sidecar && folder.is_none() {
            return Err(RestoreError::SeveralFiles(name));
        }
        let path = match &folder {
            Some(made) => made.place(&header.name)?,
            None if number == 1 => output.to_owned(),
            None if output == Path::new("-") => {
                left_out(&header);
                reader.restore(&header, &mut io::sink()).map_err(wrong)?;
                continue;
            }
            None => beside(output, &header)?,
        };
        let mut file = Output::create(&path)?;
        let restored = reader.restore(&header, &mut file);
        restored.map_err(|error| RestoreError::of(error, &name, &file.name))?;
        outputs.push(file);
        if outputs.len() == OPEN_FILES {
            outputs.drain(..).try_for_each(Output::finish)?;
        }
    }
    // All of the archive is right: now the files get their names.
    outputs.into_iter().try_for_each(Output::finish)?;
    folder.into_iter().for_each(Made::keep);
    Ok(())
}

/// Whether an input is an archive; the returned one gives the whole input again.
///
/// # Errors
/// When it cannot be read.
pub fn is_archive(input: Input) -> Result<(bool, Input), RestoreError> {
    let Input { name, mut reader } = input;
    let mut start = Vec::new();
    let read = reader.by_ref().take(archive::MAGIC.len() as u64).read_to_end(&mut start);
    read.map_err(|error| RestoreError::of(archive::Error::Read(error), &name, ""))?;
    let is = [archive::MAGIC, archive::BEST_MAGIC].iter().any(|magic| start == magic);
    Ok((is, Input::new(name, io::Cursor::new(start).chain(reader))))
}

/// Where a sidecar goes: beside the file that it describes, under its own name, but not over another.
fn beside(output: &Path, header: &FileHeader) -> Result<PathBuf, OutputError> {
    let path = output.with_file_name(&header.name);
    if path.exists() {
        return Err(OutputFault::SidecarThere.of(&path));
    }
    Ok(path)
}

/// A folder that files are restored into; what was made for them goes again when something fails.
struct Made {
    folder: PathBuf,
    made: RefCell<Vec<PathBuf>>,
}

impl Made {
    fn new(folder: &Path) -> Result<Made, OutputError> {
        let made = Made { folder: folder.into(), made: RefCell::default() };
        made.folder(folder)?;
        Ok(made)
    }

    fn folder(&self, folder: &Path) -> Result<(), OutputError> {
        if folder.is_dir() || folder.as_os_str().is_empty() {
            return Ok(());
        }
        folder.parent().map_or(Ok(()), |parent| self.folder(parent))?;
        fs::create_dir(folder).map_err(|error| OutputFault::Io(error).of(folder))?;
        self.made.borrow_mut().push(folder.into());
        Ok(())
    }

    fn place(&self, name: &str) -> Result<PathBuf, OutputError> {
        let path = self.folder.join(name);
        if path.exists() {
            return Err(OutputFault::There.of(&path));
        }
        path.parent().map_or(Ok(()), |parent| self.folder(parent))?;
        Ok(path)
    }

    fn keep(self) {
        self.made.borrow_mut().clear();
    }
}

impl Drop for Made {
    fn drop(&mut self) {
        // Innermost first. Temporary files in them are gone already, or the folder stays.
        for folder in self.made.borrow().iter().rev() {
            let _ = fs::remove_dir(folder);
        }
    }
}
