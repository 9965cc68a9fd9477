//! Why a WAV file is not read.

use std::io;

/// Longest head that is searched for samples; real ones are far below.
pub const HEAD_LIMIT: u64 = 1 << 24;
/// Bytes of a standard head.
pub const STANDARD_HEAD: usize = 44;

/// Why a file is not supported.
#[derive(Debug, thiserror::Error)]
#[non_exhaustive]
pub enum Error {
    /// Reading failed.
    #[error("cannot be read: {0}")]
    Read(#[source] io::Error),
    /// A file without bytes.
    #[error("not a WAV file: it is empty")]
    Empty,
    /// A file of so many bytes, too few for a header.
    #[error("not a WAV file: it holds {0} bytes, a header takes {STANDARD_HEAD}")]
    TooShort(usize),
    /// Another kind of file, by the bytes that it begins with.
    #[error("not a WAV file: it begins with \"{}\", not with \"RIFF\"", .0.escape_ascii())]
    NotRiff([u8; 4]),
    /// Another kind of RIFF file.
    #[error("not a WAV file: {} of kind \"{}\"", .magic.escape_ascii(), .kind.escape_ascii())]
    NotWave {
        /// How it begins.
        magic: [u8; 4],
        /// Its kind.
        kind: [u8; 4],
    },
    /// The file ends too early.
    #[error("truncated WAV file: its {what} declares {declared} bytes, {found} are there")]
    Truncated {
        /// Who declares.
        what: &'static str,
        /// How many bytes.
        declared: u64,
        /// And how many there are.
        found: u64,
    },
    /// The samples are not 16-bit; an error only where 16-bit samples are needed.
    #[error("no 16-bit samples: {0}")]
    OtherSamples(#[source] Unsupported),
}

/// Why a WAV file's samples are not coded.
#[derive(Clone, Copy, Debug, PartialEq, Eq, thiserror::Error)]
#[non_exhaustive]
pub enum Unsupported {
    /// Nothing says what the samples are.
    #[error("no format chunk before the samples")]
    NoFormat,
    /// No samples.
    #[error("no data chunk")]
    NoData,
    /// The samples begin too far behind.
    #[error("a header of more than {HEAD_LIMIT} bytes")]
    LongHead,
    /// Integers of so many bits.
    #[error("{0}-bit samples")]
    Bits(u16),
    /// Integers of fewer bits than their place has.
    #[error("{bits}-bit samples in {width} bits")]
    BitsIn {
        /// Of the integer.
        bits: u16,
        /// Of its place.
        width: u16,
    },
    /// Floating point numbers of so many bits.
    #[error("{0}-bit float samples")]
    Float(u16),
    /// A format chunk that contradicts itself.
    #[error("Ill-formed WAVE file: {0}")]
    Malformed(&'static str),
    /// Another coding than plain numbers.
    #[error("The wave format of the file is not supported.")]
    OtherCoding,
}
