//! The head of a WAV file: all bytes before its samples.

use std::io::Read;
use std::ops::Range;

use super::error::{Error, HEAD_LIMIT, STANDARD_HEAD, Unsupported};
use super::format::{Content, Integers, content, integers};

/// Sizes from here on stand for "not known", as a program writes them to a pipe (sox: this one,
/// rounded down to whole rounds; arecord: `0x8000_0000`; lame: `0x7fff_ffff`; ffmpeg:
/// `0xffff_ffff`), unless the file is known to be as long.
const UNKNOWN_SIZE: u32 = 0x7fff_f000;
/// Sizes of over 4 GB wrap in a field of 32 bits.
const WRAP: u64 = 1 << 32;
/// How WAV files begin: ordinary ones, and the two kinds that may be larger than 4 GB.
const MAGICS: [&[u8]; 3] = [b"RIFF", b"RF64", b"BW64"];

/// The beginning of a file, up to its samples.
#[derive(Clone, Debug, PartialEq, Eq)]
pub struct Head {
    /// Every byte of it.
    pub bytes: Vec<u8>,
    /// What follows.
    pub content: Content,
    /// Bytes of samples, as declared; `None`: all up to the end of the file.
    pub declared: Option<u64>,
    /// Bytes behind the head, where the length of the file is known.
    there: Option<u64>,
    /// Where the body of the format chunk is.
    format: Option<Range<usize>>,
}

/// A data chunk that holds fewer bytes than its header declares: a recording that was cut short, or
/// a header that claims too much.
#[derive(Clone, Copy, Debug, PartialEq, Eq, thiserror::Error)]
#[error("ends early: its header declares {declared} bytes of samples, {found} are there and kept")]
pub struct CutShort {
    /// Bytes declared.
    pub declared: u64,
    /// Bytes found.
    pub found: u64,
}

impl CutShort {
    /// Whether that is so with these lengths.
    pub(super) fn of(declared: u64, found: u64) -> Option<CutShort> {
        (found < declared).then_some(CutShort { declared, found })
    }
}

impl Head {
    /// A head that is no WAV file's: these bytes, and how many bytes of samples follow it.
    pub(crate) fn other(bytes: Vec<u8>, content: Content, declared: Option<u64>) -> Head {
        Head { bytes, content, declared, there: None, format: None }
    }

    /// Bytes of samples, unless the declaration is known to be wrong or takes more than 32 bits.
    pub fn data_length(&self) -> Option<u32> {
        self.declared.filter(|_| self.cut_short().is_none())?.try_into().ok()
    }

    /// Whether the file is known to be shorter than declared.
    pub fn cut_short(&self) -> Option<CutShort> {
        CutShort::of(self.declared?, self.there?)
    }

    /// How the samples are stored, if they are whole numbers.
    pub fn integers(&self) -> Option<Integers> {
        integers(&self.bytes[self.format.clone()?])
    }

    /// Reads a head; afterwards `input` stands at the first sample. `file_length` is the length of
    /// the whole file in bytes, where it is known: it tells which of the sizes in the head are true.
    ///
    /// # Errors
    /// [`Error`]: reading failed, the file is no WAV file, or it ends within its head.
    pub fn read(input: &mut impl Read, file_length: Option<u64>) -> Result<Head, Error> {
        let mut bytes = Vec::new();
        grow(input, &mut bytes, 12)?;
        if bytes.len() < 12 || !MAGICS.contains(&&bytes[..4]) || &bytes[8..] != b"WAVE" {
            return Err(alien(&bytes));
        }
        let wide = &bytes[..4] != b"RIFF";
        let mut wide_size = None;
        let riff_size = u32_at(&bytes, 4);
        let mut format = None;
        let mut odd = false;
        loop {
            let mut chunk = bytes.len();
            if odd && grow(input, &mut bytes, 1)? == 1 && bytes[chunk] == 0 {
                // A pad byte. Some writers forget it; then the next chunk's name has begun.
                chunk += 1;
            }
            let missing = chunk + 8 - bytes.len();
            grow(input, &mut bytes, missing as u64)?;
            if bytes.len() < chunk + 8 {
                return without_data(bytes, riff_size);
            }
            let size = u32_at(&bytes, chunk + 4);
            if &bytes[chunk..chunk + 4] == b"data" {
                let body = format.clone().map_or(&[][..], |body| &bytes[body]);
                let there = file_length.map(|length| length.saturating_sub(bytes.len() as u64));
                let declared = match wide_size.filter(|_| size == u32::MAX) {
                    // A live recorder that cannot go back leaves these.
                    Some(0 | u64::MAX) => None,
                    Some(size) => Some(size),
                    None => declared(size, riff_size, bytes.len(), body, there),
                };
                let content = content(body);
                return Ok(Head { bytes, content, declared, there, format });
            }
            if bytes.len() as u64 + u64::from(size) > HEAD_LIMIT {
                return Ok(Head::other(bytes, Content::Other(Unsupported::LongHead), None));
            }
            if &bytes[chunk..chunk + 4] == b"fmt " {
                format = Some(chunk + 8..chunk + 8 + size as usize);
            }
            if grow(input, &mut bytes, size.into())? < u64::from(size) {
                return without_data(bytes, riff_size);
            }
            if wide && &bytes[chunk..chunk + 4] == b"ds64" {
                // Two sizes of 64 bits: of the file, then of the samples.
                let size = bytes.get(chunk + 16..chunk + 24).and_then(|size| size.try_into().ok());
                wide_size = size.map(u64::from_le_bytes);
            }
            odd = size % 2 == 1;
        }
    }
}

/// The standard header: PCM, 16 bits, only samples after it.
pub fn standard_head(rate: u32, channels: u16, data_length: u32) -> [u8; STANDARD_HEAD] {
    let align = channels.wrapping_mul(2);
    let mut head = [0; STANDARD_HEAD];
    let fields: [&[u8]; 13] = [
        b"RIFF",
        // Whatever wraps here is refused where a head is compared with the one in the file.
        &data_length.wrapping_add(36).to_le_bytes(),
        b"WAVE",
        b"fmt ",
        &16u32.to_le_bytes(),
        &1u16.to_le_bytes(),
        &channels.to_le_bytes(),
        &rate.to_le_bytes(),
        &rate.wrapping_mul(align.into()).to_le_bytes(),
        &align.to_le_bytes(),
        &16u16.to_le_bytes(),
        b"data",
        &data_length.to_le_bytes(),
    ];
    head.copy_from_slice(&fields.concat());
    head
}

/// Appends up to `len` bytes of `input`, as many as there are: memory grows with what has arrived.
pub(crate) fn grow(input: &mut impl Read, bytes: &mut Vec<u8>, len: u64) -> Result<u64, Error> {
    input.take(len).read_to_end(bytes).map(|got| got as u64).map_err(Error::Read)
}

fn u32_at(bytes: &[u8], at: usize) -> u32 {
    u32::from_le_bytes([bytes[at], bytes[at + 1], bytes[at + 2], bytes[at + 3]])
}

/// What a file is that is no WAV file.
fn alien(bytes: &[u8]) -> Error {
    let four = |at: usize| [bytes[at], bytes[at + 1], bytes[at + 2], bytes[at + 3]];
    match bytes.len() {
        0 => Error::Empty,
        length @ 1..12 => Error::TooShort(length),
        _ if MAGICS.contains(&&bytes[..4]) => Error::NotWave { magic: four(0), kind: four(8) },
        _ => Error::NotRiff(four(0)),
    }
}

/// A file that ends before any data chunk: whole, if it is as long as it says.
fn without_data(bytes: Vec<u8>, riff_size: u32) -> Result<Head, Error> {
    let (declared, found) = (u64::from(riff_size) + 8, bytes.len() as u64);
    if found < declared {
        return Err(Error::Truncated { what: "RIFF header", declared, found });
    }
    Ok(Head::other(bytes, Content::Other(Unsupported::NoData), None))
}

/// The length that the `size` of a data chunk stands for, or `None` where that is "up to the end of
/// the file": `there` is how many bytes follow it, where that is known.
fn declared(
    size: u32,
    riff_size: u32,
    head: usize,
    format: &[u8],
    there: Option<u64>,
) -> Option<u64> {
    let declared = u64::from(size);
    if let Some(there) = there.filter(|&there| there >= WRAP) {
        // Both sizes have wrapped, or the samples end the file and are a multiple of 4 GB more.
        let file = there + head as u64 - 8;
        if file % WRAP == riff_size.into() || there % WRAP == declared {
            return Some(declared + (there - declared) / WRAP * WRAP);
        }
    }
    // An empty data chunk is meant when the RIFF header declares that chunks follow it.
    let ends_here = riff_size as usize <= head - 8 || riff_size >= UNKNOWN_SIZE;
    let align = format.get(12..14).map_or(1, |a| u32::from(a[0]) | u32::from(a[1]) << 8).max(1);
    let made_up = size >= UNKNOWN_SIZE || size == UNKNOWN_SIZE / align * align;
    let unknown = match size {
        0 => ends_here,
        _ => made_up && there.is_none_or(|there| there < declared),
    };
    (!unknown).then_some(declared)
}
