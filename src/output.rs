//! Where bytes go: a file, or standard output for `-`.
//!
//! A file appears under its name when it is complete and not before: it is written under a
//! temporary name in the same folder, synced, and renamed. What fails half way leaves nothing.

use std::fs::{self, File};
use std::io::{self, BufWriter, Write};
use std::path::{Path, PathBuf};

use anyhow::{Context, bail};
use golden_model::twr;
use tempfile::{TempDir, TempPath};

/// An open output and its name.
pub struct Output {
    /// As messages call it.
    pub name: String,
    sink: Sink,
}

enum Sink {
    /// Standard output, a device or a named pipe: what cannot be replaced.
    Stream(BufWriter<Box<dyn Write>>),
    /// A file, under a temporary name as yet.
    File { file: BufWriter<File>, temporary: TempPath, path: PathBuf },
}

const BUFFER: usize = 1 << 16;
/// How the names of files begin that are not complete.
const TEMPORARY: &str = ".tierwire-";

impl Output {
    /// Opens `path`, or standard output for `-`.
    pub fn create(path: &Path) -> anyhow::Result<Output> {
        if path == Path::new("-") {
            let sink = Sink::Stream(BufWriter::with_capacity(BUFFER, Box::new(io::stdout())));
            return Ok(Output { name: "standard output".into(), sink });
        }
        let name = path.display().to_string();
        let sink = Output::open(path).with_context(|| name.clone())?;
        Ok(Output { name, sink })
    }

    fn open(path: &Path) -> anyhow::Result<Sink> {
        let path = match fs::metadata(path) {
            Ok(there) if there.is_dir() => bail!("is a folder"),
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
            bail!("is no name of a file");
        }
        // Opened here: tempfile's own files are private, this one is to become an ordinary file.
        let temporary =
            tempfile::Builder::new().prefix(TEMPORARY).make_in(folder_of(&path), |temporary| {
                File::options().write(true).create_new(true).open(temporary)
            })?;
        // Apart, since errors of both together name the temporary file.
        let (file, temporary) = temporary.into_parts();
        Ok(Sink::File { file: BufWriter::with_capacity(BUFFER, file), temporary, path })
    }

    /// Fails if this output would replace `input`.
    pub fn unless_input(self, input: &Path) -> anyhow::Result<Output> {
        if let Sink::File { path, .. } = &self.sink
            && let (Ok(output), Ok(input)) = (fs::canonicalize(path), fs::canonicalize(input))
            && output == input
        {
            bail!("{}: is the input as well", self.name);
        }
        Ok(self)
    }

    /// Gives the file its name, now that it is complete.
    pub fn finish(self) -> anyhow::Result<()> {
        let name = self.name;
        Output::close(self.sink).with_context(|| format!("{name}: cannot be written"))
    }

    fn close(sink: Sink) -> io::Result<()> {
        match sink {
            Sink::Stream(mut stream) => stream.flush(),
            Sink::File { file, temporary, path } => {
                file.into_inner()?.sync_all()?;
                temporary.persist(&path).map_err(|error| error.error)?;
                sync_folder(folder_of(&path));
                Ok(())
            }
        }
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

/// The folder that `path` stands in.
pub fn folder_of(path: &Path) -> &Path {
    path.parent().filter(|parent| !parent.as_os_str().is_empty()).unwrap_or(Path::new("."))
}

/// So that new names in `folder` outlive a power failure, where folders can be synced.
pub fn sync_folder(folder: &Path) {
    let _ = File::open(folder).and_then(|folder| folder.sync_all());
}

/// A folder in `folder` under a temporary name, which goes unless it is kept.
pub fn make_temporary_folder(folder: &Path) -> io::Result<TempDir> {
    let mut builder = tempfile::Builder::new();
    // tempfile's own folders are private, this one is to become an ordinary folder.
    #[cfg(unix)]
    builder.permissions(std::os::unix::fs::PermissionsExt::from_mode(0o777));
    builder.prefix(TEMPORARY).tempdir_in(folder)
}

/// Writes `text` as the file `path`, or to standard output for `-`.
pub fn write_text(path: &Path, text: &str) -> anyhow::Result<()> {
    let mut output = Output::create(path)?;
    let name = output.name.clone();
    output.write_all(text.as_bytes()).with_context(|| format!("{name}: cannot be written"))?;
    output.finish()
}

/// Writes `text` to standard output.
pub fn print(text: &str) -> anyhow::Result<()> {
    write_text(Path::new("-"), text)
}

/// The error with the name of the file that is to blame.
pub fn blame(error: twr::Error, input: &str, output: &str) -> anyhow::Error {
    let name = if matches!(error, twr::Error::Write(_)) { output } else { input };
    // Its message tells its source already.
    anyhow::anyhow!("{name}: {error}")
}
