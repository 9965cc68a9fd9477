//! **Outputs**: a file, a folder, or standard output for `-`.
//!
//! A file appears under its name when it is complete and not before: it is written under a
//! temporary name in the same folder, synced, and renamed. A failure leaves no file behind.

mod folder;
mod overwrites;
mod temporary;

pub use folder::RestoredFolder;
pub use overwrites::{Overwrites, keep};
pub use temporary::{clean_up_when_interrupted, finish_when_interrupted};

use std::fs::{self, File};
use std::io::{self, BufWriter, Seek, Write};
use std::path::{Path, PathBuf};

use temporary::Temporary;

/// An open output and its name.
pub struct Output {
    /// Its name in messages.
    pub name: String,
    sink: Sink,
}

enum Sink {
    /// Standard output, a device or a named pipe, which cannot be replaced.
    Stream(BufWriter<Box<dyn Write + Send>>),
    /// A file, under a temporary name as yet.
    File { file: BufWriter<File>, temporary: Temporary, path: PathBuf },
}

/// An output that cannot be.
#[derive(Debug, thiserror::Error)]
#[error("{name}: {fault}")]
pub struct OutputError {
    /// Its name.
    pub name: String,
    /// Why.
    pub fault: OutputFault,
}

/// Why an output cannot be.
#[derive(Debug, thiserror::Error)]
#[non_exhaustive]
pub enum OutputFault {
    /// The system does not give it.
    #[error("{0}")]
    Io(#[from] io::Error),
    /// It takes no more.
    #[error("cannot be written: {0}")]
    Write(io::Error),
    /// What was written cannot be looked at.
    #[error("cannot be read back: {0}")]
    ReadBack(io::Error),
    /// A folder where a file was to be.
    #[error("is a folder")]
    Folder,
    /// Such as `..`.
    #[error("is no name of a file")]
    NoName,
    /// Standard output where a folder was to be.
    #[error("a folder was compressed, and no pipe holds one")]
    NoPipe,
    /// A folder in use.
    #[error("is there already, with files in it")]
    Full,
    /// A file that would be replaced unasked.
    #[error("is there already")]
    There,
    /// A sidecar that would be replaced unasked.
    #[error("is there already; give a folder as -o")]
    SidecarThere,
}

impl OutputFault {
    pub(crate) fn of(self, path: &Path) -> OutputError {
        OutputError { name: path.display().to_string(), fault: self }
    }
}

const BUFFER: usize = 1 << 16;

impl Output {
    /// Opens `path`, or standard output for `-`.
    ///
    /// # Errors
    /// [`OutputError`].
    pub fn create(path: &Path) -> Result<Output, OutputError> {
        if path == Path::new("-") {
            let sink = Sink::Stream(BufWriter::with_capacity(BUFFER, Box::new(io::stdout())));
            return Ok(Output { name: "standard output".into(), sink });
        }
        let sink = Output::open(path).map_err(|fault| fault.of(path))?;
        Ok(Output { name: path.display().to_string(), sink })
    }

    fn open(path: &Path) -> Result<Sink, OutputFault> {
        let path = match fs::metadata(path) {
            Ok(there) if there.is_dir() => return Err(OutputFault::Folder),
            Ok(there) if !there.is_file() => {
                let file = File::options().write(true).open(path)?;
                return Ok(Sink::Stream(BufWriter::with_capacity(BUFFER, Box::new(file))));
            }
            // Through a link, so that the link stays.
            Ok(_) => fs::canonicalize(path)?,
            Err(error) if error.kind() == io::ErrorKind::NotFound => path.to_owned(),
            Err(error) => return Err(error.into()),
        };
        if path.file_name().is_none() {
            return Err(OutputFault::NoName);
        }
        let (temporary, file) = Temporary::file(&path)?;
        Ok(Sink::File { file: BufWriter::with_capacity(BUFFER, file), temporary, path })
    }

    /// The error of a failed write.
    pub fn cannot_be_written(&self, error: io::Error) -> OutputError {
        OutputError { name: self.name.clone(), fault: OutputFault::Write(error) }
    }

    /// Replaces the first bytes of a file, once all of it is known; a pipe keeps what it has taken.
    ///
    /// # Errors
    /// [`OutputError`].
    pub fn replace_start(&mut self, bytes: &[u8]) -> Result<(), OutputError> {
        let replaced = match &mut self.sink {
            Sink::Stream(_) => Ok(()),
            Sink::File { file, .. } => file.rewind().and_then(|()| file.write_all(bytes)),
        };
        replaced.map_err(|error| self.cannot_be_written(error))
    }

    /// What has been written so far, to be read again; `None`: it cannot be, as on a pipe.
    ///
    /// # Errors
    /// [`OutputError`].
    pub fn written(&mut self) -> Result<Option<File>, OutputError> {
        let flushed = self.flush().map_err(OutputFault::Write);
        let opened = flushed.and_then(|()| match &self.sink {
            Sink::Stream(_) => Ok(None),
            Sink::File { temporary, .. } => {
                File::open(temporary.path()).map(Some).map_err(OutputFault::ReadBack)
            }
        });
        opened.map_err(|fault| OutputError { name: self.name.clone(), fault })
    }

    /// Gives the complete file its name.
    ///
    /// # Errors
    /// [`OutputError`].
    pub fn finish(self) -> Result<(), OutputError> {
        let close = || match self.sink {
            Sink::Stream(mut stream) => stream.flush(),
            Sink::File { file, temporary, path } => {
                let file = file.into_inner()?;
                file.sync_all()?;
                temporary.rename(&path)
            }
        };
        let fault = |error| OutputError { name: self.name, fault: OutputFault::Write(error) };
        close().map_err(fault)
    }
}

impl Write for Output {
    fn write(&mut self, bytes: &[u8]) -> io::Result<usize> {
        match &mut self.sink {
            Sink::Stream(stream) => stream.write(bytes),
            Sink::File { file, .. } => file.write(bytes),
        }
    }

    fn flush(&mut self) -> io::Result<()> {
        match &mut self.sink {
            Sink::Stream(stream) => stream.flush(),
            Sink::File { file, .. } => file.flush(),
        }
    }
}

/// Writes `text` as the file `path`, or to standard output for `-`.
///
/// # Errors
/// [`OutputError`].
pub fn write_text(path: &Path, text: &str) -> Result<(), OutputError> {
    let mut output = Output::create(path)?;
    if let Err(error) = output.write_all(text.as_bytes()) {
        return Err(OutputError { name: output.name, fault: OutputFault::Write(error) });
    }
    output.finish()
}
