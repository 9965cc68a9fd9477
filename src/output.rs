//! Outputs: a file, or standard output for `-`.
//!
//! A file appears under its name when it is complete and not before: it is written under a
//! temporary name in the same folder, synced, and renamed. A failure leaves no file behind.

use std::fs::{self, File};
use std::io::{self, BufWriter, Write};
use std::path::{Path, PathBuf};

use anyhow::{Context, bail};
use golden_model::{archive, twr};
use serde::Serialize;

use crate::temporary::Temporary;

/// An open output and its name.
pub struct Output {
    /// Its name in messages.
    pub name: String,
    sink: Sink,
}

enum Sink {
    /// Standard output, a device or a named pipe, which cannot be replaced.
    Stream(BufWriter<Box<dyn Write>>),
    /// A file, under a temporary name as yet.
    File { file: BufWriter<File>, temporary: Temporary, path: PathBuf },
}

const BUFFER: usize = 1 << 16;

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
        let (temporary, file) = Temporary::file(&path)?;
        Ok(Sink::File { file: BufWriter::with_capacity(BUFFER, file), temporary, path })
    }

    /// What has been written so far, to be read again; `None`: it cannot be, as on a pipe.
    pub fn written(&mut self) -> anyhow::Result<Option<File>> {
        let flushed = self.flush();
        flushed.with_context(|| format!("{}: cannot be written", self.name))?;
        let name = &self.name;
        match &self.sink {
            Sink::Stream(_) => Ok(None),
            Sink::File { temporary, .. } => {
                let file = File::open(temporary.path());
                Ok(Some(file.with_context(|| format!("{name}: cannot be read back"))?))
            }
        }
    }

    /// Gives the complete file its name.
    pub fn finish(self) -> anyhow::Result<()> {
        let name = self.name;
        Output::close(self.sink).with_context(|| format!("{name}: cannot be written"))
    }

    fn close(sink: Sink) -> io::Result<()> {
        match sink {
            Sink::Stream(mut stream) => stream.flush(),
            Sink::File { file, temporary, path } => {
                let file = file.into_inner()?;
                file.sync_all()?;
                temporary.rename(&path)
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

/// Writes `text` as the file `path`, or to standard output for `-`.
pub fn write_text(path: &Path, text: &str) -> anyhow::Result<()> {
    let mut output = Output::create(path)?;
    let name = output.name.clone();
    output.write_all(text.as_bytes()).with_context(|| format!("{name}: cannot be written"))?;
    output.finish()
}

/// Writes `figures` as JSON, as [`write_text`] writes text.
pub fn write_json(path: &Path, figures: &impl Serialize) -> anyhow::Result<()> {
    write_text(path, &(serde_json::to_string_pretty(figures)? + "\n"))
}

/// Writes `text` to standard output.
pub fn print(text: &str) -> anyhow::Result<()> {
    write_text(Path::new("-"), text)
}

/// The error with the name of the file: the output's, when it is one of writing.
pub fn blame(error: twr::Error, input: &str, output: &str) -> anyhow::Error {
    let name = if matches!(error, twr::Error::Write(_)) { output } else { input };
    // Its message tells its source already.
    anyhow::anyhow!("{name}: {error}")
}

/// The same of an archive's error.
pub fn blame_archive(error: archive::Error, input: &str, output: &str) -> anyhow::Error {
    let name = if matches!(error, archive::Error::Write(_)) { output } else { input };
    anyhow::anyhow!("{name}: {error}")
}
