//! A folder of channels as an output.
//!
//! It appears under its name when all of its files are complete and synced, and not before.

use std::fs;
use std::io;
use std::path::{Path, PathBuf};

use anyhow::{Context, bail};
use golden_model::recordings::ChannelWriter;

use crate::temporary::{Temporary, sync_folder};

/// A folder under a temporary name, and its name.
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
    pub fn create(path: &Path, rate: u32, channels: u16) -> anyhow::Result<RestoredFolder> {
        let name = path.display().to_string();
        let create = || {
            if path == Path::new("-") {
                bail!("a folder was compressed, and no pipe holds one");
            }
            match fs::read_dir(path).map(|mut entries| entries.next().is_some()) {
                Ok(false) => {}
                Ok(true) => bail!("is there already, with files in it"),
                Err(error) if error.kind() == io::ErrorKind::NotFound => {}
                Err(error) => return Err(error.into()),
            }
            Ok(Temporary::folder(path)?)
        };
        let temporary = create().with_context(|| name.clone())?;
        let files = ChannelWriter::new(temporary.path(), rate, channels);
        Ok(RestoredFolder { name, files, path: path.to_owned(), temporary })
    }

    /// Gives the complete folder its name.
    pub fn finish(self) -> anyhow::Result<()> {
        let RestoredFolder { name, files, path, temporary } = self;
        let close = || {
            files.sync()?;
            sync_folder(temporary.path());
            temporary.rename(&path)
        };
        close().with_context(|| format!("{name}: cannot be written"))
    }
}
