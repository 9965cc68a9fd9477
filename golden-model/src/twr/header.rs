//! The header of a `.twr` file.

use std::io::{self, Read};

use super::error::{BEST_VERSION, Damage, Error, FOLDER_VERSION, Place};
use super::identity::Identity;
use crate::near_lossless::MaxError;
use crate::varint;

const MAGIC: &[u8] = b"TWR";
const CODED: u8 = 1;
const STANDARD_HEAD: u8 = 2;
const LENGTH_UNKNOWN: u8 = 4;
const NEAR_LOSSLESS: u8 = 8;
const FOLDER: u8 = 16;
/// Longest note in bytes.
const NOTE_LIMIT: usize = 200;

/// What the header of a `.twr` file says.
#[derive(Clone, Debug, PartialEq, Eq)]
pub struct Header {
    /// What the blocks hold.
    pub content: Content,
}

/// What the blocks of a `.twr` file hold.
#[derive(Clone, Debug, PartialEq, Eq)]
pub enum Content {
    /// Samples, beside other bytes.
    Samples {
        /// The table set that they are coded with.
        table_set: Identity,
        /// Rounds per second.
        rate: u32,
        /// Channels, 1..=32767.
        channels: u16,
        /// Whether the original begins with the standard head, which then is not in a block.
        standard_head: bool,
        /// Bytes of samples in the original, where known.
        data_length: Option<u32>,
        /// The largest error of a sample; `None` when lossless.
        max_error: Option<MaxError>,
        /// Whether the original is a folder of mono WAV files.
        folder: bool,
        /// Whether blocks hold decisions, not codes of the table set.
        best: bool,
    },
    /// The bytes of the original alone.
    Verbatim {
        /// Why.
        note: String,
    },
}

impl Header {
    /// The version of such a file.
    pub fn version(&self) -> u8 {
        match self.content {
            Content::Samples { best: true, .. } => BEST_VERSION,
            Content::Samples { folder: true, .. } => FOLDER_VERSION,
            _ => 1,
        }
    }

    /// The bytes of this header.
    pub(super) fn to_bytes(&self) -> Vec<u8> {
        let mut bytes = [MAGIC, &[self.version()]].concat();
        match &self.content {
            Content::Samples {
                table_set,
                rate,
                channels,
                standard_head,
                data_length,
                max_error,
                folder,
                best: _,
            } => {
                let flag = |on: bool, flag: u8| if on { flag } else { 0 };
                bytes.push(
                    CODED
                        | flag(*standard_head, STANDARD_HEAD)
                        | flag(data_length.is_none(), LENGTH_UNKNOWN)
                        | flag(max_error.is_some(), NEAR_LOSSLESS)
                        | flag(*folder, FOLDER),
                );
                bytes.push(table_set.name.len() as u8);
                bytes.extend(table_set.name.as_bytes());
                bytes.extend(table_set.digest.to_le_bytes());
                varint::put(&mut bytes, (*rate).into());
                varint::put(&mut bytes, (*channels).into());
                if let Some(length) = data_length {
                    varint::put(&mut bytes, (*length).into());
                }
                if let Some(error) = max_error {
                    varint::put(&mut bytes, error.tokens().into());
                }
            }
            Content::Verbatim { note } => {
                let ends = note.char_indices().map(|(start, c)| start + c.len_utf8());
                let end = ends.take_while(|&end| end <= NOTE_LIMIT).last().unwrap_or(0);
                bytes.push(0);
                varint::put(&mut bytes, end as u64);
                bytes.extend(&note.as_bytes()[..end]);
            }
        }
        bytes
    }

    /// Reads a header.
    pub(super) fn read(input: &mut impl Read) -> Result<Header, Error> {
        let mut fields = Fields { input, place: Place::Header };
        let corrupt = |why: Damage| why.at(Place::Header);
        let mut magic = Vec::new();
        fields.input.take(3).read_to_end(&mut magic).map_err(Error::Read)?;
        if magic != MAGIC {
            return Err(if magic.is_empty() { Error::Empty } else { Error::NotTwr(magic) });
        }
        let version = fields.byte()?;
        if ![1, FOLDER_VERSION, BEST_VERSION].contains(&version) {
            return Err(Error::Version(version));
        }
        let kind = fields.byte()?;
        let of_file = kind & CODED != 0 && kind < FOLDER;
        let of_folder = kind & !NEAR_LOSSLESS == FOLDER | CODED | LENGTH_UNKNOWN;
        let legal = match version {
            1 => kind == 0 || of_file,
            FOLDER_VERSION => of_folder,
            _ => of_file || of_folder,
        };
        if !legal {
            return Err(corrupt(Damage::Kind(kind)));
        }
        let content = match kind {
            0 => {
                let length = fields.varint_up_to(NOTE_LIMIT as u64, "the note's length")?;
                let note = String::from_utf8(fields.bytes(length as usize)?)
                    .map_err(|_| corrupt(Damage::NotUtf8("the note")))?;
                Content::Verbatim { note }
            }
            _ => {
                let length = fields.byte()?;
                if !(1..=32).contains(&length) {
                    return Err(corrupt(Damage::NameLength(length)));
                }
                let name = String::from_utf8(fields.bytes(length.into())?)
                    .ok()
                    .filter(|name| name.bytes().all(legal_in_a_name))
                    .ok_or_else(|| corrupt(Damage::TableSetName))?;
                let digest = u32::from_le_bytes(fields.array()?);
                let rate = fields.varint_up_to(u32::MAX.into(), "the rate")? as u32;
                let channels = fields.varint_up_to(u16::MAX as u64 / 2, "the channels")? as u16;
                if channels == 0 {
                    return Err(corrupt(Damage::NoChannels));
                }
                let data_length = match kind & LENGTH_UNKNOWN {
                    0 => Some(fields.varint_up_to(u32::MAX.into(), "the data length")? as u32),
                    _ => None,
                };
                let max_error = match kind & NEAR_LOSSLESS {
                    0 => None,
                    _ => {
                        let tokens = fields.varint_up_to(u16::MAX.into(), "the error")? as u16;
                        let none = || corrupt(Damage::MaxError(tokens));
                        Some(MaxError::new(tokens).ok_or_else(none)?)
                    }
                };
                Content::Samples {
                    table_set: Identity { name, digest },
                    rate,
                    channels,
                    standard_head: kind & STANDARD_HEAD != 0,
                    data_length,
                    max_error,
                    folder: kind & FOLDER != 0,
                    best: version == BEST_VERSION,
                }
            }
        };
        Ok(Header { content })
    }
}

/// Reads the header of a `.twr` file; the returned reader gives the whole file again.
///
/// # Errors
/// [`Error`]: the input is not a `.twr` file, or its header is damaged.
pub fn peek<R: Read>(input: R) -> Result<(Header, impl Read), Error> {
    let mut record = Record { inner: input, bytes: Vec::new() };
    let header = Header::read(&mut record)?;
    Ok((header, io::Cursor::new(record.bytes).chain(record.inner)))
}

/// Keeps all bytes that pass.
struct Record<R> {
    inner: R,
    bytes: Vec<u8>,
}

impl<R: Read> Read for Record<R> {
    fn read(&mut self, buffer: &mut [u8]) -> io::Result<usize> {
        let got = self.inner.read(buffer)?;
        self.bytes.extend(&buffer[..got]);
        Ok(got)
    }
}

/// As [`TableSet::new`](crate::TableSet::new) has it.
fn legal_in_a_name(byte: u8) -> bool {
    byte.is_ascii_lowercase() || byte.is_ascii_digit() || byte == b'-'
}

/// Reads the fields of one part of a file.
pub(super) struct Fields<'r, R> {
    pub input: &'r mut R,
    pub place: Place,
}

impl<R: Read> Fields<'_, R> {
    /// The next `N` bytes.
    pub fn array<const N: usize>(&mut self) -> Result<[u8; N], Error> {
        let mut array = [0; N];
        self.input.read_exact(&mut array).map_err(|error| match error.kind() {
            io::ErrorKind::UnexpectedEof => Error::Truncated(self.place),
            _ => Error::Read(error),
        })?;
        Ok(array)
    }

    /// The next byte.
    pub fn byte(&mut self) -> Result<u8, Error> {
        self.array().map(|[byte]| byte)
    }

    /// The next `len` bytes; memory grows with what has arrived.
    pub fn bytes(&mut self, len: usize) -> Result<Vec<u8>, Error> {
        let mut bytes = Vec::new();
        self.append(len, &mut bytes)?;
        Ok(bytes)
    }

    /// Appends the next `len` bytes.
    pub fn append(&mut self, len: usize, bytes: &mut Vec<u8>) -> Result<(), Error> {
        let got = self.input.take(len as u64).read_to_end(bytes).map_err(Error::Read)?;
        if got < len { Err(Error::Truncated(self.place)) } else { Ok(()) }
    }

    /// The next varint, at most `limit`.
    pub fn varint_up_to(&mut self, limit: u64, what: &'static str) -> Result<u64, Error> {
        let mut number = 0;
        for shift in (0..35).step_by(7) {
            let byte = self.byte()?;
            number |= u64::from(byte & 0x7f) << shift;
            if byte < 0x80 {
                return match number > limit {
                    true => Err(Damage::TooLarge { what, number, limit }.at(self.place)),
                    false => Ok(number),
                };
            }
        }
        Err(Damage::Endless(what).at(self.place))
    }
}
