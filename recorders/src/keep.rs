//! A recording into an archive: its files and what lies beside them.

use std::borrow::Cow;
use std::fs::File;
use std::io::{self, BufReader, Read, Write};
use std::path::{Path, PathBuf};

use golden_model::archive::{self, Compressed, Entry, Writer};
use golden_model::layout::Layout;
use golden_model::{TableSet, twr};

use crate::Recording;
use crate::output::{Output, OutputError};
use crate::restore::RestoreError;

/// How much is read at once.
const BUFFER: usize = 1 << 18;

/// What an archive is meant to be.
#[derive(Clone, Copy, Debug, Default, PartialEq, Eq)]
pub struct Aim {
    /// Samples may be off by so many steps of their converter; 0: lossless.
    pub max_error: u32,
    /// The best ratio, which takes several times as long, there and back.
    pub best: bool,
}

/// What became of a recording.
#[derive(Clone, Debug)]
pub struct Kept {
    /// Its files, in their order.
    pub files: Vec<Compressed>,
    /// Bytes of the archive.
    pub compressed_bytes: u64,
}

impl Kept {
    /// Bytes of all files.
    pub fn original_bytes(&self) -> u64 {
        self.files.iter().map(|file| file.bytes).sum()
    }

    /// Bytes that are stored as they are.
    pub fn uncoded_bytes(&self) -> u64 {
        self.files.iter().map(|file| file.uncoded_bytes).sum()
    }

    /// The error of a sample, root mean square, in steps of its converter.
    pub fn rms_error(&self) -> f64 {
        let squared: f64 = self.files.iter().map(|file| file.squared_error).sum();
        let samples: u64 = self.files.iter().map(|file| file.samples).sum();
        (squared / samples.max(1) as f64).sqrt()
    }
}

/// A recording that cannot be kept.
#[derive(Debug, thiserror::Error)]
#[error("{error}")]
pub struct KeepError {
    /// The file that was being read; of no meaning when writing failed.
    pub path: PathBuf,
    /// What went wrong.
    pub error: archive::Error,
}

impl KeepError {
    /// The error with the name of its file: `output`, when it is one of writing.
    pub fn named(self, output: &str) -> RestoreError {
        RestoreError::of(self.error, &self.path.display().to_string(), output)
    }
}

/// An archive that was written and is not whole.
#[derive(Debug, thiserror::Error)]
#[non_exhaustive]
pub enum CheckError {
    /// It cannot be looked at.
    #[error(transparent)]
    Output(#[from] OutputError),
    /// It does not restore what was put into it.
    #[error("{name}: not written as it should be: {error}")]
    Damaged {
        /// Its name.
        name: String,
        /// What is wrong with it.
        error: archive::Error,
    },
    /// The same of a file with a table set.
    #[error("{name}: not written as it should be: {error}")]
    DamagedTwr {
        /// Its name.
        name: String,
        /// What is wrong with it.
        error: twr::Error,
    },
}

/// Reads an archive back that was just written: every file is restored. On a pipe there is nothing to read.
///
/// # Errors
/// [`CheckError`].
pub fn check(output: &mut Output) -> Result<(), CheckError> {
    let Some(written) = output.written()? else { return Ok(()) };
    let described = archive::Description::of(BufReader::new(written));
    described.map_err(|error| CheckError::Damaged { name: output.name.clone(), error })?;
    Ok(())
}

/// The same of a file of version 1 or 2 that was written with this table set.
///
/// # Errors
/// [`CheckError`].
pub fn check_with(output: &mut Output, set: &TableSet) -> Result<(), CheckError> {
    let Some(written) = output.written()? else { return Ok(()) };
    let known = |_: &_| Some(Cow::Borrowed(set));
    let checked = twr::decompress(BufReader::new(written), io::sink(), known);
    checked.map_err(|error| CheckError::DamagedTwr { name: output.name.clone(), error })?;
    Ok(())
}

/// Writes a recording as an archive. `progress` is told how many bytes more were read.
///
/// # Errors
/// [`KeepError`]: a file cannot be read, or the output cannot be written.
pub fn keep(
    recording: &Recording,
    output: impl Write,
    aim: Aim,
    mut progress: impl FnMut(u64),
) -> Result<Kept, KeepError> {
    let parts = recording.files.iter().map(|part| (&part.path, part.layout.as_ref(), false));
    let sidecars = recording.sidecars.iter().map(|path| (path, None, true));
    let failed = |path: &Path, error| KeepError { path: path.into(), error };
    let writer = Writer::aiming(output, aim.best);
    let mut writer = writer.map_err(|error| failed(&recording.folder, error))?;
    let mut files = Vec::new();
    for (path, layout, sidecar) in parts.chain(sidecars) {
        let at = recording.folder.join(path);
        let file = File::open(&at).map_err(|error| failed(&at, archive::Error::Read(error)))?;
        let mut input = BufReader::with_capacity(BUFFER, file);
        let names: Vec<_> = path.iter().map(|name| name.to_string_lossy()).collect();
        let name = names.join("/");
        let entry = Entry { sidecar, max_error: aim.max_error, ..Entry::new(&name, layout) };
        let kept = writer.file(entry, &mut input, &mut progress);
        files.push(kept.map_err(|error| failed(&at, error))?);
    }
    let compressed_bytes = writer.finish().map_err(|error| failed(&recording.folder, error))?;
    Ok(Kept { files, compressed_bytes })
}

/// Writes what is read, samples laid out like `layout`, as an archive of one file.
///
/// # Errors
/// [`archive::Error`].
pub fn keep_stream(
    name: &str,
    layout: &Layout,
    input: &mut dyn Read,
    output: impl Write,
    aim: Aim,
    mut progress: impl FnMut(u64),
) -> Result<Kept, archive::Error> {
    let mut writer = Writer::aiming(output, aim.best)?;
    let entry = Entry { max_error: aim.max_error, ..Entry::new(name, Some(layout)) };
    let files = vec![writer.file(entry, input, &mut progress)?];
    Ok(Kept { files, compressed_bytes: writer.finish()? })
}
