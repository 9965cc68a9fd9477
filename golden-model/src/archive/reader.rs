//! Files out of an archive, in one pass.

use super::error::{Corruption, Error};
use super::header::FileHeader;
use super::items::{self, ItemReader};
use super::limits::{BYTES, STRETCH_BYTES};
use super::stretches::{self, decode};
use crate::parallel;
use crate::{deflate, varint};
use std::io::{Read, Write};

/// Bytes that a header may have: names of 65,535 channels.
const HEADER_BYTES: usize = 1 << 24;

/// Reads an archive from its beginning.
pub struct Reader<R> {
    items: ItemReader<R>,
    threads: usize,
    done: bool,
}

/// What was restored of a file.
#[derive(Clone, Copy, Debug, Default, PartialEq, Eq)]
pub struct Restored {
    /// Bytes of the file.
    pub bytes: u64,
    /// Its stretches.
    pub stretches: u64,
    /// Its records.
    pub records: u64,
    /// Bytes of it outside its stretches.
    pub plain_bytes: u64,
}

impl<R: Read> Reader<R> {
    /// Begins to read.
    ///
    /// # Errors
    /// [`Error::NotAnArchive`], [`Error::Read`].
    pub fn new(input: R) -> Result<Reader<R>, Error> {
        Ok(Reader { items: ItemReader::new(input)?, threads: parallel::width(), done: false })
    }

    /// With so many threads, at least one, instead of one for each core.
    #[must_use]
    pub fn with_threads(self, threads: usize) -> Reader<R> {
        Reader { threads: threads.max(1), ..self }
    }

    /// The archive's version.
    pub fn version(&self) -> u8 {
        self.items.version
    }

    /// Bytes of the archive that were read; all of them after the last file.
    pub fn bytes(&self) -> u64 {
        self.items.offset
    }

    /// The next file, whose content has to be [restored](Self::restore) next; `None` at the end of the
    /// archive, which is then complete.
    ///
    /// # Errors
    /// [`Error`], but no [`Error::Write`].
    pub fn next_file(&mut self) -> Result<Option<FileHeader>, Error> {
        if self.done {
            return Ok(None);
        }
        match self.items.next()? {
            items::FILE => parse_header(&self.items).map(Some),
            items::INDEX => {
                self.items.finish()?;
                self.done = true;
                Ok(None)
            }
            kind => Err(self.items.corrupt(Corruption::Kind(kind))),
        }
    }

    /// Writes the content of the file whose header was returned last.
    ///
    /// # Errors
    /// [`Error`]; what was written then is the beginning of the file.
    pub fn restore(
        &mut self,
        header: &FileHeader,
        output: &mut dyn Write,
    ) -> Result<Restored, Error> {
        let mut restored = Restored::default();
        let mut crc = crc32fast::Hasher::new();
        loop {
            // Stretches are decoded a batch at a time; the item behind a batch is read already.
            let mut batch = Vec::new();
            let mut room = STRETCH_BYTES * self.threads;
            let mut kind = self.items.next()?;
            while kind == items::STRETCH {
                let Some((layout, _)) = &header.samples else {
                    return Err(self.items.corrupt(Corruption::Kind(kind)));
                };
                let payload = std::mem::take(&mut self.items.payload);
                let records = stretches::records(layout, &mut &payload[..])
                    .map_err(|why| self.items.corrupt(why))?;
                room = room.saturating_sub(records * layout.record_bytes());
                batch.push((self.items.number, payload));
                if batch.len() == self.threads || room == 0 {
                    self.decode(
                        header,
                        std::mem::take(&mut batch),
                        &mut crc,
                        output,
                        &mut restored,
                    )?;
                    room = STRETCH_BYTES * self.threads;
                }
                kind = self.items.next()?;
            }
            self.decode(header, batch, &mut crc, output, &mut restored)?;
            match kind {
                items::BYTES => {
                    let bytes = plain(&self.items)?;
                    crc.update(&bytes);
                    output.write_all(&bytes).map_err(Error::Write)?;
                    restored.bytes += bytes.len() as u64;
                    restored.plain_bytes += bytes.len() as u64;
                }
                items::FILE_END => {
                    let mut end = &self.items.payload[..];
                    let stated =
                        varint::take_bytes(&mut end, 4).and_then(|four| four.try_into().ok());
                    let same_crc = stated.map(u32::from_le_bytes) == Some(crc.finalize());
                    if !same_crc
                        || varint::take(&mut end) != Some(restored.bytes)
                        || !end.is_empty()
                    {
                        return Err(Error::OtherFile { name: header.name.clone() });
                    }
                    return Ok(restored);
                }
                kind => return Err(self.items.corrupt(Corruption::Kind(kind))),
            }
        }
    }

    /// Decodes stretches, each with its item's number, and writes their records.
    fn decode(
        &self,
        header: &FileHeader,
        batch: Vec<(u64, Vec<u8>)>,
        crc: &mut crc32fast::Hasher,
        output: &mut dyn Write,
        restored: &mut Restored,
    ) -> Result<(), Error> {
        let Some((layout, codings)) = &header.samples else { return Ok(()) };
        let decoded = parallel::map(self.threads, batch, |(item, payload)| {
            let bytes = || -> Result<(usize, Vec<u8>), Corruption> {
                let (records, parts) = decode(layout, codings, &payload, &|_| true)?;
                let mut bytes = Vec::new();
                layout.join(&parts, &mut bytes)?;
                Ok((records, bytes))
            };
            bytes().map_err(|why| Error::Corrupt { item, why })
        });
        for stretch in decoded {
            let (records, bytes) = stretch?;
            crc.update(&bytes);
            output.write_all(&bytes).map_err(Error::Write)?;
            restored.bytes += bytes.len() as u64;
            restored.records += records as u64;
            restored.stretches += 1;
        }
        Ok(())
    }
}

/// The header of a file, from the item read last.
pub fn parse_header<R: Read>(items: &ItemReader<R>) -> Result<FileHeader, Error> {
    let header = deflate::unpack(&items.payload, HEADER_BYTES);
    let header = header.ok_or_else(|| items.corrupt(Corruption::Field("a file's header")))?;
    FileHeader::from_bytes(&header).map_err(|why| items.corrupt(why))
}

/// The bytes of the item read last.
fn plain<R: Read>(items: &ItemReader<R>) -> Result<Vec<u8>, Error> {
    let bytes = match items.payload.split_first() {
        Some((0, bytes)) if bytes.len() <= BYTES => Some(bytes.to_vec()),
        Some((1, packed)) => deflate::unpack(packed, BYTES),
        _ => None,
    };
    bytes.ok_or_else(|| items.corrupt(Corruption::Field("an item of bytes")))
}
