//! Headers, read in order and up to a limit.

use std::fs::File;
use std::io::{BufRead, BufReader, Read};
use std::path::Path;
use std::str::FromStr;

use golden_model::layout::Rate;

use crate::Fault;

/// Longest header; real ones are far below.
pub const LIMIT: u64 = 1 << 24;

/// A file, read from its beginning.
pub(crate) struct Header {
    input: BufReader<File>,
    length: u64,
    position: u64,
}

impl Header {
    pub(crate) fn open(path: &Path) -> Result<Header, Fault> {
        let input = File::open(path)?;
        let length = input.metadata()?.len();
        Ok(Header { input: BufReader::new(input), length, position: 0 })
    }

    /// Bytes of the whole file.
    pub(crate) fn length(&self) -> u64 {
        self.length
    }

    /// Bytes read so far.
    pub(crate) fn position(&self) -> u64 {
        self.position
    }

    /// What comes next, up to `len` bytes of it, without reading on.
    pub(crate) fn peek(&mut self, len: usize) -> Result<&[u8], Fault> {
        let next = self.input.fill_buf()?;
        Ok(&next[..len.min(next.len())])
    }

    /// The next `len` bytes.
    pub(crate) fn bytes(&mut self, len: u64) -> Result<Vec<u8>, Fault> {
        self.step(len)?;
        let mut bytes = Vec::new();
        self.input.by_ref().take(len).read_to_end(&mut bytes)?;
        if (bytes.len() as u64) < len { Err(Fault::Ends(self.length)) } else { Ok(bytes) }
    }

    /// The next `N` bytes.
    pub(crate) fn array<const N: usize>(&mut self) -> Result<[u8; N], Fault> {
        self.step(N as u64)?;
        let mut bytes = [0; N];
        self.input.read_exact(&mut bytes)?;
        Ok(bytes)
    }

    fn step(&mut self, len: u64) -> Result<(), Fault> {
        let end = self.position.saturating_add(len);
        if end > self.length {
            return Err(Fault::Ends(self.length));
        }
        if end > LIMIT {
            return Err(Fault::LongHeader(LIMIT));
        }
        self.position = end;
        Ok(())
    }
}

/// A whole file of text. Bytes that are no UTF-8 are read as Latin-1, as older recorders write it.
pub(crate) fn text(path: &Path) -> Result<String, Fault> {
    let mut bytes = Vec::new();
    File::open(path)?.take(LIMIT + 1).read_to_end(&mut bytes)?;
    if bytes.len() as u64 > LIMIT {
        return Err(Fault::LongHeader(LIMIT));
    }
    Ok(latin_or_utf8(bytes))
}

/// Text of bytes.
pub(crate) fn latin_or_utf8(bytes: Vec<u8>) -> String {
    let latin = |bytes: &[u8]| bytes.iter().map(|&byte| char::from(byte)).collect();
    String::from_utf8(bytes).unwrap_or_else(|error| latin(error.as_bytes()))
}

/// What a field says, if it can be read as a `T`.
pub(crate) fn parse<T: FromStr>(name: &'static str, value: &str) -> Result<T, Fault> {
    value.trim().parse().map_err(|_| Fault::value(name, value))
}

/// The same of a field that may be absent.
pub(crate) fn required<'v>(name: &'static str, value: Option<&'v str>) -> Result<&'v str, Fault> {
    value.ok_or(Fault::Lacks(name))
}

/// A rate that is stored as a floating-point number: the shortest decimal number that is stored so.
pub(crate) fn float_rate(name: &'static str, rate: impl ToString) -> Result<Rate, Fault> {
    parse(name, &rate.to_string())
}

/// A part of a rate.
pub(crate) fn part_of(rate: Rate, name: &'static str, denominator: u64) -> Result<Rate, Fault> {
    rate.times(1, denominator).ok_or_else(|| Fault::value(name, &rate.to_string()))
}
