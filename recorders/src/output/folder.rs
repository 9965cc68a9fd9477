//! Folders as outputs.

use std::fs;
use std::io;
use std::path::{Path, PathBuf};

use golden_model::recordings::ChannelWriter;

use super::temporary::{Temporary, sync_folder};
use super::{OutputError, OutputFault};

/// A folder of channels under a temporary name, and its name: it appears under it when all of its files
/// are complete and synced, and not before.
pub struct RestoredFolder {
    /// Its name in messages.
    pub name: String,
    /// What writes its files.
    pub files: ChannelWriter,
    path: PathBuf,
    temporary: Temporary,
}

impl RestoredFolder {
    /// An empty folder of this many channels.
    ///
    /// # Errors
    /// [`OutputError`].
    pub fn create(path: &Path, rate: u32, channels: u16) -> Result<RestoredFolder, OutputError> {
        let create = || {
            if path == Path::new("-") {
                return Err(OutputFault::NoPipe);
            }
            match fs::read_dir(path).map(|mut entries| entries.next().is_some()) {
                Ok(false) => {}
                Ok(true) => return Err(OutputFault::Full),
                Err(error) if error.kind() == io::ErrorKind::NotFound => {}
                Err(error) => return Err(error.into()),
            }
            Ok(Temporary::folder(path)?)
        };
        let temporary = create().map_err(|fault| fault.of(path))?;
        let files = ChannelWriter::new(temporary.path(), rate, channels);
        let name = path.display().to_string();
        Ok(RestoredFolder { name, files, path: path.to_owned(), temporary })
    }

    /// Gives the complete folder its name.
    ///
    /// # Errors
    /// [`OutputError`].
    pub fn finish(self) -> Result<(), OutputError> {
        let RestoredFolder { name, files, path, temporary } = self;
        let close = || {
            files.sync()?;
            sync_folder(temporary.path());
            temporary.rename(&path)
        };
        close().map_err(|error| OutputError { name, fault: OutputFault::Write(error) })
    }
}
