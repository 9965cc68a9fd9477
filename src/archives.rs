//! Archives (`.twr` files of version 3): recordings into them, and out of them again.

use std::fs::{self, File};
use std::io::{self, Read, Seek, SeekFrom};
use std::path::{Path, PathBuf};

use anyhow::{Context, anyhow, bail};
use golden_model::archive::{Description, Error, FileHeader, MAGIC, Reader};
use golden_model::layout::{Layout, SampleFormat};
use golden_model::recordings::Input;
use golden_model::{Converter, wav};
use indicatif::{ProgressBar, ProgressStyle};
use recorders::{Kept, Recording};
use study::against_original::AgainstOriginal;

use crate::messages::say;
use crate::output::{Output, blame_archive, print};

/// Samples that are looked at to tell which converter made them.
const LOOKED_AT: u64 = 1 << 24;

/// Whether the challenge's converter made all samples of a recording, so that its table sets are the
/// best choice.
pub fn is_of_the_challenge(recording: &Recording) -> anyhow::Result<bool> {
    let mut coded =
        recording.files.iter().filter_map(|part| Some((&part.path, part.layout.as_ref()?)));
    let first = coded.next();
    for (path, layout) in first.into_iter().chain(coded) {
        let path = recording.folder.join(path);
        let made = || {
            let mut file = File::open(&path)?;
            file.seek(SeekFrom::Start(layout.head))?;
            is_made_by_the_challenge(layout, file)
        };
        if !made().with_context(|| path.display().to_string())? {
            return Ok(false);
        }
    }
    Ok(first.is_some())
}

/// Whether `records`, laid out like `layout`, are 16-bit samples of the challenge's converter.
pub fn is_made_by_the_challenge(layout: &Layout, records: impl Read) -> io::Result<bool> {
    let is_i16 = layout.groups.iter().all(|group| group.format == SampleFormat::I16);
    if !layout.is_interleaved() || !is_i16 {
        return Ok(false);
    }
    let all = layout.records.unwrap_or(u64::MAX).saturating_mul(layout.record_bytes() as u64);
    let (mut bytes, mut samples) = (Vec::new(), Vec::new());
    records.take(all.min(2 * LOOKED_AT)).read_to_end(&mut bytes)?;
    wav::to_samples(&bytes[..bytes.len() / 2 * 2], &mut samples);
    Ok(Converter::challenge().made(&samples))
}

/// Writes a recording as an archive.
pub fn compress(
    recording: &Recording,
    output: &mut Output,
    max_error: u32,
) -> anyhow::Result<Kept> {
    recording.remarks.iter().for_each(|remark| say(&format!("note: {remark}")));
    let sizes = recording.files.iter().map(|part| recording.folder.join(&part.path).metadata());
    let bar = bytes_bar(sizes.flatten().map(|file| file.len()).sum());
    let kept = recorders::keep(recording, &mut *output, max_error, |more| bar.inc(more));
    bar.finish_and_clear();
    kept.map_err(|failed| {
        blame_archive(failed.error, &failed.path.display().to_string(), &output.name)
    })
}

/// Reads back what was written and checks that every file is restored.
pub fn check(written: Option<File>, output: &str) -> anyhow::Result<()> {
    let Some(written) = written else { return Ok(()) };
    let all = Description::of(io::BufReader::new(written));
    all.with_context(|| format!("{output}: not written as it should be"))?;
    Ok(())
}

/// Whether an input is an archive; the returned one gives the whole input again.
pub fn is_archive(input: Input) -> anyhow::Result<(bool, Input)> {
    let Input { name, mut reader } = input;
    let mut start = Vec::new();
    let read = reader.by_ref().take(MAGIC.len() as u64).read_to_end(&mut start);
    read.with_context(|| format!("{name}: cannot be read"))?;
    let is = start == MAGIC;
    Ok((is, Input::new(name, io::Cursor::new(start).chain(reader))))
}

/// Restores an archive: its one file as `output`, with sidecars beside it; of several files, all in
/// the folder `output`.
pub fn decompress(input: Input, output: &Path) -> anyhow::Result<()> {
    let Input { name, reader } = input;
    let wrong = |error: Error| anyhow!("{name}: {error}");
    let mut reader = Reader::new(reader).map_err(wrong)?;
    let mut outputs = Vec::new();
    let mut folder: Option<Made> = None;
    let mut first = reader.next_file().map_err(wrong)?;
    let mut number = 0;
    while let Some(header) = first {
        let next = |reader: &mut Reader<_>| reader.next_file().map_err(wrong);
        number += 1;
        // The first of several files looks like the only one until the second comes.
        if number == 1 && (output.is_dir() || header.name.contains('/')) {
            folder = Some(Made::new(output)?);
        } else if number > 1 && !header.sidecar && folder.is_none() {
            bail!("{name}: several files were compressed; -o has to be a folder that is there");
        }
        let path = match &folder {
            Some(made) => made.place(&header.name)?,
            None if number == 1 => output.to_owned(),
            None if output == Path::new("-") => {
                say(&format!("{name}: note: left out: {}", header.name));
                reader.restore(&header, &mut io::sink()).map_err(wrong)?;
                first = next(&mut reader)?;
                continue;
            }
            None => beside(output, &header)?,
        };
        let mut file = Output::create(&path)?;
        let restored = reader.restore(&header, &mut file);
        restored.map_err(|error| blame_archive(error, &name, &file.name))?;
        outputs.push(file);
        if outputs.len() == OPEN_FILES {
            outputs.drain(..).try_for_each(Output::finish)?;
        }
        first = next(&mut reader)?;
    }
    // All of the archive is right: now the files get their names.
    outputs.into_iter().try_for_each(Output::finish)?;
    folder.into_iter().for_each(Made::keep);
    Ok(())
}

/// Files that wait for their names at a time.
const OPEN_FILES: usize = 256;

/// Prints what an archive holds.
pub fn info(input: Input) -> anyhow::Result<()> {
    let Input { name, reader } = input;
    let description = Description::of(reader).map_err(|error| anyhow!("{name}: {error}"))?;
    print(&description.to_string())
}

/// Compares what an archive restores with an original file or folder.
pub fn verify(original: &Path, input: Input) -> anyhow::Result<()> {
    let Input { name, reader } = input;
    let wrong = |error: Error| anyhow!("{name}: {error}");
    let mut reader = Reader::new(reader).map_err(wrong)?;
    let mut compared = Vec::new();
    while let Some(header) = reader.next_file().map_err(wrong)? {
        if header.max_error > 0 {
            let bound = header.max_error;
            bail!(
                "{name}: not lossless, samples are within {bound} steps: there are no bytes to compare"
            );
        }
        let path = match original.is_dir() {
            true => original.join(&header.name),
            false if header.sidecar => original.with_file_name(&header.name),
            false => original.to_owned(),
        };
        let Input { name: path, reader: file } = Input::open(&path)?;
        let mut against = AgainstOriginal::new(file);
        let difference = match reader.restore(&header, &mut against) {
            Ok(_) => against.finish(),
            Err(Error::Write(_)) => against.difference(),
            Err(error) => return Err(wrong(error)),
        };
        if let Some(difference) = difference {
            bail!("{name}: is not {path}: {difference}");
        }
        compared.push(header.name);
    }
    let original = original.display();
    match &compared[..] {
        [_] => print(&format!("{name}: restores {original}, byte for byte\n")),
        _ => {
            print(&format!("{name}: restores {original}, byte for byte: {}\n", compared.join(", ")))
        }
    }
}

/// Where a sidecar goes: beside the file that it describes, under its own name, but not over another.
fn beside(output: &Path, header: &FileHeader) -> anyhow::Result<PathBuf> {
    let path = output.with_file_name(&header.name);
    if path.exists() {
        bail!("{}: is there already; give a folder as -o", path.display());
    }
    Ok(path)
}

/// A folder that files are restored into; what was made for them goes again when something fails.
struct Made {
    folder: PathBuf,
    made: std::cell::RefCell<Vec<PathBuf>>,
}

impl Made {
    fn new(folder: &Path) -> anyhow::Result<Made> {
        let made = Made { folder: folder.into(), made: Vec::new().into() };
        made.folder(folder)?;
        Ok(made)
    }

    fn folder(&self, folder: &Path) -> anyhow::Result<()> {
        if folder.is_dir() || folder.as_os_str().is_empty() {
            return Ok(());
        }
        folder.parent().map_or(Ok(()), |parent| self.folder(parent))?;
        fs::create_dir(folder).with_context(|| folder.display().to_string())?;
        self.made.borrow_mut().push(folder.into());
        Ok(())
    }

    fn place(&self, name: &str) -> anyhow::Result<PathBuf> {
        let path = self.folder.join(name);
        if path.exists() {
            bail!("{}: is there already", path.display());
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

/// A bar over bytes on stderr, with rate and time left.
pub fn bytes_bar(bytes: u64) -> ProgressBar {
    let template = "{wide_bar} {bytes}/{total_bytes}, {bytes_per_sec}, {eta} left";
    let style = ProgressStyle::with_template(template);
    ProgressBar::new(bytes).with_style(style.unwrap_or(ProgressStyle::default_bar()))
}
