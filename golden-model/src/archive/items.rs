//! Items: what an archive is made of.

use super::error::{Corruption, Error};
use super::limits::{BEST_MAGIC, END, MAGIC};
use crate::varint;
use std::io::{self, ErrorKind, Read, Write};

pub const INDEX: u8 = 0;
pub const FILE: u8 = 1;
pub const BYTES: u8 = 2;
pub const STRETCH: u8 = 3;
pub const FILE_END: u8 = 4;

/// Most bytes of a payload.
const PAYLOAD: u64 = 1 << 29;

/// What the index says of an item.
#[derive(Clone, Copy, Debug, PartialEq, Eq)]
pub struct Listed {
    pub kind: u8,
    /// With head and CRC.
    pub length: u64,
    pub records: u64,
}

/// Writes items, and the index of them at the end.
pub struct ItemWriter<W> {
    output: W,
    offset: u64,
    index: Vec<Listed>,
}

impl<W: Write> ItemWriter<W> {
    pub fn new(mut output: W, best: bool) -> Result<ItemWriter<W>, Error> {
        output.write_all(if best { &BEST_MAGIC } else { &MAGIC }).map_err(Error::Write)?;
        Ok(ItemWriter { output, offset: MAGIC.len() as u64, index: Vec::new() })
    }

    pub fn item(&mut self, kind: u8, records: u64, payload: &[u8]) -> Result<(), Error> {
        let mut head = vec![kind];
        varint::put(&mut head, payload.len() as u64);
        let mut crc = crc32fast::Hasher::new();
        crc.update(&head);
        crc.update(payload);
        let parts = [&head[..], payload, &crc.finalize().to_le_bytes()];
        for part in parts {
            self.output.write_all(part).map_err(Error::Write)?;
        }
        let length = parts.iter().map(|part| part.len() as u64).sum();
        self.offset += length;
        self.index.push(Listed { kind, length, records });
        Ok(())
    }

    /// Writes the index and the end; returns the archive's length.
    pub fn finish(mut self) -> Result<u64, Error> {
        let mut payload = Vec::new();
        for Listed { kind, length, records } in std::mem::take(&mut self.index) {
            payload.push(kind);
            varint::put(&mut payload, length);
            varint::put(&mut payload, records);
        }
        let at = self.offset;
        self.item(INDEX, 0, &payload)?;
        let end = [&at.to_le_bytes()[..], &END].concat();
        self.output.write_all(&end).map_err(Error::Write)?;
        self.output.flush().map_err(Error::Write)?;
        Ok(self.offset + end.len() as u64)
    }
}

/// Reads items; each is checked before it is returned.
pub struct ItemReader<R> {
    input: R,
    pub number: u64,
    /// Bytes of the archive before the next item; after the end, all of them.
    pub offset: u64,
    /// What has been read.
    listed: Vec<(u8, u64)>,
    pub payload: Vec<u8>,
    /// The archive's, where it was read from its start.
    pub version: u8,
}

impl<R: Read> ItemReader<R> {
    /// Begins at the start of an archive.
    pub fn new(mut input: R) -> Result<ItemReader<R>, Error> {
        let mut magic = [0; MAGIC.len()];
        match input.read_exact(&mut magic) {
            Ok(()) if magic == MAGIC || magic == BEST_MAGIC => {}
            Err(error) if error.kind() != ErrorKind::UnexpectedEof => {
                return Err(Error::Read(error));
            }
            _ => return Err(Error::NotAnArchive),
        }
        Ok(ItemReader { version: magic[3], ..ItemReader::at(input, MAGIC.len() as u64, 0) })
    }

    /// Begins at an item, before which `number` others stand.
    pub fn at(input: R, offset: u64, number: u64) -> ItemReader<R> {
        ItemReader { input, number, offset, listed: Vec::new(), payload: Vec::new(), version: 0 }
    }

    /// Reads the next item and returns its kind.
    pub fn next(&mut self) -> Result<u8, Error> {
        self.number += 1;
        let mut head = Vec::new();
        self.exactly(1, &mut head)?;
        while head.len() < 2 || head[head.len() - 1] > 0x7f {
            if head.len() > 10 {
                return Err(self.corrupt(Corruption::Length(u64::MAX)));
            }
            self.exactly(1, &mut head)?;
        }
        let length = varint::take(&mut &head[1..]).filter(|length| *length <= PAYLOAD);
        let length = length.ok_or_else(|| self.corrupt(Corruption::Length(u64::MAX)))?;
        let mut payload = std::mem::take(&mut self.payload);
        payload.clear();
        self.exactly(length, &mut payload)?;
        let mut stated = Vec::new();
        self.exactly(4, &mut stated)?;
        let mut crc = crc32fast::Hasher::new();
        crc.update(&head);
        crc.update(&payload);
        if crc.finalize().to_le_bytes() != stated[..] {
            return Err(self.corrupt(Corruption::Crc));
        }
        let whole = (head.len() + payload.len() + 4) as u64;
        self.payload = payload;
        self.listed.push((head[0], whole));
        self.offset += whole;
        Ok(head[0])
    }

    /// Checks that the index, read last, fits what was read, and that nothing but the end follows.
    pub fn finish(&mut self) -> Result<(), Error> {
        let index = parse_index(&self.payload).ok_or(Error::Index)?;
        let (last, before) = self.listed.split_last().ok_or(Error::Index)?;
        let same = before.iter().copied().eq(index.iter().map(|item| (item.kind, item.length)));
        let mut end = Vec::new();
        self.input.by_ref().take(13).read_to_end(&mut end).map_err(Error::Read)?;
        let expected = [&(self.offset - last.1).to_le_bytes()[..], &END].concat();
        if !same || end != expected {
            return Err(Error::Index);
        }
        self.offset += end.len() as u64;
        Ok(())
    }

    pub fn corrupt(&self, why: impl Into<Corruption>) -> Error {
        Error::Corrupt { item: self.number, why: why.into() }
    }

    /// Appends exactly so many bytes; memory grows with what has arrived.
    fn exactly(&mut self, count: u64, bytes: &mut Vec<u8>) -> Result<(), Error> {
        let got = io::Read::take(&mut self.input, count).read_to_end(bytes).map_err(Error::Read)?;
        if (got as u64) < count { Err(Error::Truncated { item: self.number }) } else { Ok(()) }
    }
}

/// The items that an index lists.
pub fn parse_index(mut payload: &[u8]) -> Option<Vec<Listed>> {
    let mut index = Vec::new();
    while let Some((&kind, rest)) = payload.split_first() {
        payload = rest;
        let length = varint::take(&mut payload)?;
        let records = varint::take(&mut payload)?;
        index.push(Listed { kind, length, records });
    }
    Some(index)
}
