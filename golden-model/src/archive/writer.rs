//! Files into an archive.

use super::error::Error;
use super::header::FileHeader;
use super::items::{self, ItemWriter};
use super::limits::{BYTES, HEAD_BYTES, RECORD_BYTES};
use super::stretches::{choose_codings, encode, records_in_a_stretch, stretches_to_look_at};
use crate::layout::{Layout, Parts, Samples};
use crate::parallel;
use crate::wide::choose::LOOKED_AT;
use crate::wide::group::Group as Coding;
use crate::{deflate, varint};
use std::io::{Read, Write};

/// A file to put into an archive.
#[derive(Clone, Copy, Debug)]
pub struct Entry<'a> {
    /// Its name, relative to the recording's folder, folders divided by `/`.
    pub name: &'a str,
    /// Where its samples are; without it, all of it is plain bytes. It must be
    /// [valid](Layout::validate).
    pub layout: Option<&'a Layout>,
    /// Whether it only describes the file before it.
    pub sidecar: bool,
    /// The largest error of a sample in steps of its converter; 0: lossless.
    pub max_error: u32,
    /// Samples of each group that are coded for trial, at most: fewer make small files sooner.
    pub looked_at: usize,
}

impl<'a> Entry<'a> {
    /// A file of this name, without loss.
    pub fn new(name: &'a str, layout: Option<&'a Layout>) -> Entry<'a> {
        Entry { name, layout, sidecar: false, max_error: 0, looked_at: LOOKED_AT }
    }
}

/// What became of a file.
#[derive(Clone, Debug, PartialEq)]
pub struct Compressed {
    /// Its header in the archive.
    pub header: FileHeader,
    /// Its bytes.
    pub bytes: u64,
    /// Its samples.
    pub samples: u64,
    /// Bytes of samples that are stored as they are.
    pub uncoded_bytes: u64,
    /// Sum of the squared errors of all samples; 0 when lossless.
    pub squared_error: f64,
}

/// Writes an archive.
pub struct Writer<W> {
    items: ItemWriter<W>,
    threads: usize,
    best: bool,
}

impl<W: Write> Writer<W> {
    /// Begins an archive.
    ///
    /// # Errors
    /// [`Error::Write`].
    pub fn new(output: W) -> Result<Writer<W>, Error> {
        Writer::aiming(output, false)
    }

    /// Begins an archive, of version 4 for the `best` ratio: several times slower, there and back.
    ///
    /// # Errors
    /// [`Error::Write`].
    pub fn aiming(output: W, best: bool) -> Result<Writer<W>, Error> {
        Ok(Writer { items: ItemWriter::new(output, best)?, threads: parallel::width(), best })
    }

    /// With so many threads, at least one, instead of one for each core.
    #[must_use]
    pub fn with_threads(self, threads: usize) -> Writer<W> {
        Writer { threads: threads.max(1), ..self }
    }

    /// Puts a file into the archive. `progress` is told how many bytes more were taken.
    ///
    /// # Errors
    /// [`Error::Read`], [`Error::Write`].
    pub fn file(
        &mut self,
        entry: Entry<'_>,
        input: &mut dyn Read,
        progress: &mut dyn FnMut(u64),
    ) -> Result<Compressed, Error> {
        let codable = |l: &&Layout| l.head <= HEAD_BYTES && l.record_bytes() <= RECORD_BYTES;
        let mut file = Taking { input, bytes: 0, progress };
        let mut coded = Coded::default();
        let header = match entry.layout.filter(codable) {
            Some(layout) => self.records(entry, layout, &mut file, &mut coded)?,
            None => {
                let header = header(entry, None);
                self.begin(&header)?;
                header
            }
        };
        // What a last partial record began, and all behind it.
        let mut rest = std::mem::take(&mut coded.rest);
        loop {
            let room = BYTES.saturating_sub(rest.len());
            let got = file.read(room, &mut rest)?;
            coded.crc.update(&rest);
            self.bytes(&rest)?;
            if got < room {
                break;
            }
            rest.clear();
        }
        let mut payload = coded.crc.clone().finalize().to_le_bytes().to_vec();
        varint::put(&mut payload, file.bytes);
        self.items.item(items::FILE_END, 0, &payload)?;
        let Coded { samples, uncoded_bytes, squared_error, .. } = coded;
        Ok(Compressed { header, bytes: file.bytes, samples, uncoded_bytes, squared_error })
    }

    /// Writes the index; returns the length of the archive.
    ///
    /// # Errors
    /// [`Error::Write`].
    pub fn finish(self) -> Result<u64, Error> {
        self.items.finish()
    }

    fn begin(&mut self, header: &FileHeader) -> Result<(), Error> {
        self.items.item(items::FILE, 0, &deflate::pack(&header.to_bytes()))
    }

    /// Head and records of a file, a stretch on each thread.
    fn records(
        &mut self,
        entry: Entry<'_>,
        layout: &Layout,
        file: &mut Taking<'_>,
        coded: &mut Coded,
    ) -> Result<FileHeader, Error> {
        let mut head = Vec::new();
        file.read(layout.head as usize, &mut head)?;
        coded.crc.update(&head);
        let mut records = Records { layout, left: layout.records.unwrap_or(u64::MAX) };
        // The first stretches are looked at before they are coded: the more the better.
        let looked_at = stretches_to_look_at(layout);
        let mut batch = records.batch(looked_at.max(self.threads), file, &mut coded.rest)?;
        let codings = (!batch.is_empty()).then(|| {
            let mut parts = Parts::default();
            layout.split(&batch[..looked_at.min(batch.len())].concat(), &mut parts);
            let mut codings = choose_codings(layout, &parts, entry);
            codings.iter_mut().for_each(|coding| coding.best = self.best);
            codings
        });
        let header = header(entry, codings);
        self.begin(&header)?;
        self.bytes(&head)?;
        let Some((layout, codings)) = &header.samples else { return Ok(header) };
        while !batch.is_empty() {
            let code = |bytes| code(layout, codings, entry.max_error, bytes);
            for stretch in parallel::map(self.threads, batch, code) {
                coded.crc.update(&stretch.restored);
                coded.samples += stretch.samples;
                coded.uncoded_bytes += stretch.uncoded_bytes;
                coded.squared_error += stretch.squared_error;
                self.items.item(items::STRETCH, stretch.records as u64, &stretch.payload)?;
            }
            batch = records.batch(self.threads, file, &mut coded.rest)?;
        }
        Ok(header)
    }

    fn bytes(&mut self, bytes: &[u8]) -> Result<(), Error> {
        for bytes in bytes.chunks(BYTES) {
            let packed = deflate::pack(bytes);
            let payload = match packed.len() < bytes.len() {
                true => [&[1], &packed[..]].concat(),
                false => [&[0], bytes].concat(),
            };
            self.items.item(items::BYTES, 0, &payload)?;
        }
        Ok(())
    }
}

/// The header of an entry.
fn header(entry: Entry<'_>, codings: Option<Vec<Coding>>) -> FileHeader {
    FileHeader {
        name: entry.name.into(),
        sidecar: entry.sidecar,
        max_error: entry.max_error,
        samples: entry.layout.cloned().zip(codings),
    }
}

/// A file that is being read.
struct Taking<'a> {
    input: &'a mut dyn Read,
    bytes: u64,
    progress: &'a mut dyn FnMut(u64),
}

impl Taking<'_> {
    /// Appends up to so many bytes, fewer only at the end of the file.
    fn read(&mut self, count: usize, bytes: &mut Vec<u8>) -> Result<usize, Error> {
        let got = Read::take(&mut *self.input, count as u64).read_to_end(bytes);
        let got = got.map_err(Error::Read)?;
        self.bytes += got as u64;
        (self.progress)(got as u64);
        Ok(got)
    }
}

/// The records of a file that are still to be read.
struct Records<'l> {
    layout: &'l Layout,
    left: u64,
}

impl Records<'_> {
    /// Reads up to so many stretches; what a partial record began goes to `rest`.
    fn batch(
        &mut self,
        stretches: usize,
        file: &mut Taking<'_>,
        rest: &mut Vec<u8>,
    ) -> Result<Vec<Vec<u8>>, Error> {
        let record = self.layout.record_bytes();
        let in_a_stretch = records_in_a_stretch(self.layout);
        let mut batch = Vec::new();
        while batch.len() < stretches && self.left > 0 {
            let wanted = in_a_stretch.min(usize::try_from(self.left).unwrap_or(usize::MAX));
            let mut bytes = Vec::new();
            file.read(wanted * record, &mut bytes)?;
            let records = bytes.len() / record;
            *rest = bytes.split_off(records * record);
            // Fewer than wanted: the file ends here.
            self.left = if records < wanted { 0 } else { self.left - records as u64 };
            batch.extend((records > 0).then_some(bytes));
        }
        Ok(batch)
    }
}

/// What has been coded of a file.
#[derive(Default)]
struct Coded {
    /// Of the file as it will be restored.
    crc: crc32fast::Hasher,
    /// Read and not yet coded: a partial record.
    rest: Vec<u8>,
    samples: u64,
    uncoded_bytes: u64,
    squared_error: f64,
}

/// A stretch, coded.
struct Stretch {
    records: usize,
    payload: Vec<u8>,
    /// Its bytes as they will be restored.
    restored: Vec<u8>,
    samples: u64,
    uncoded_bytes: u64,
    squared_error: f64,
}

fn code(layout: &Layout, codings: &[Coding], max_error: u32, bytes: Vec<u8>) -> Stretch {
    let mut parts = Parts::default();
    layout.split(&bytes, &mut parts);
    let mut restored = bytes;
    let mut squared_error = 0.0;
    if max_error > 0 {
        for (coding, samples) in codings.iter().zip(&mut parts.groups) {
            squared_error += match samples {
                Samples::I16(samples) => coding.coarsen(samples, max_error),
                Samples::I32(samples) => coding.coarsen(samples, max_error),
            };
        }
        restored.clear();
        // Parts that were split fit together.
        layout.join(&parts, &mut restored).expect("they are those of whole records");
    }
    let records = restored.len() / layout.record_bytes();
    let samples = parts.groups.iter().map(|samples| samples.len() as u64).sum();
    let (payload, uncoded) = encode(layout, codings, records, &parts);
    let uncoded_bytes = uncoded as u64;
    Stretch { records, payload, restored, samples, uncoded_bytes, squared_error }
}
