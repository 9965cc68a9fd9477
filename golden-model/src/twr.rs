//! **`.twr` files**: a compressed WAV file, which is restored byte for byte; also a raw file of
//! interleaved 16-bit samples, or a folder of mono WAV files that are the channels of one recording.
//!
//! A file is a header, blocks, and an end. It is written and read in one pass and in constant memory,
//! so both ends may be pipes. The blocks, decoded in order, are the original file.
//!
//! Numbers are little endian. A *varint* has 7 bits per byte, the lowest first, and bit 7 set in
//! all bytes except its last.
//!
//! ```text
//! header  bytes   field         meaning
//!         3       magic         "TWR"
//!         1       version       1; 2 for a folder
//!         1       kind          bit 0: samples are coded (else the file is stored verbatim)
//!                               bit 1: the original begins with the standard 44-byte header, not stored
//!                               bit 2: the length of the data is not known beforehand
//!                               bit 3: near-lossless: the decoded file differs from the original
//!                               bit 4: a folder; only in version 2, with bits 0 and 2, without bit 1
//!     if samples are coded:
//!         1       name length   1..=32
//!         1..=32  name          of the table set: a-z, 0-9, -
//!         4       digest        of the table set
//!         varint  rate          rounds per second
//!         varint  channels      1..=32767
//!         varint  data length   bytes in the data chunk; absent with bit 2
//!         varint  error         largest error of a sample in tokens, 1..=127; only with bit 3
//!     if stored verbatim:
//!         varint  note length   0..=200
//!         ..=200  note          why, UTF-8
//!
//! block   1       kind          1: coded samples   2: samples verbatim   3: bytes
//!         varint  rounds        only for kinds 1 and 2, with bit 2; see below
//!         varint  length        kinds 1 and 3: bytes of the payload
//!         ...     payload       1: the encoder's words, most significant byte first; zero bytes at
//!                                  the end of the last word are left out
//!                               2: samples as in the WAV file   3: as in the file
//!         4       CRC-32        of the file's header and this block up to here
//!
//! end     1       kind          0
//!         4       CRC-32        of the original file; with bit 3, of the decoded file
//! ```
//!
//! Blocks come in the order of the original: bytes (a header that is not the standard one), samples,
//! bytes (a partial last round, a pad byte, chunks after the samples). A block of samples holds
//! [`block_rounds`] rounds, the last one the rest of the data length. Only if that length is not known
//! do blocks state their rounds. Every block starts with all channels in their initial state,
//! so each can be decoded alone. Samples are verbatim where codes would take more room.
//!
//! The standard 44-byte header is `RIFF`, 36 + data length, `WAVE`, `fmt `, 16, format 1, channels, rate,
//! rate x 2 x channels, 2 x channels, 16, `data`, data length (0 with bit 2): see
//! [`standard_head`](crate::wav::standard_head).
//!
//! A raw file has no header: its blocks start with the samples, and bit 2 is set. For a folder,
//! the blocks contain [`Manifest`], samples and tails, as [`manifest`] describes; the CRC-32 at the end
//! is of these bytes.
//!
//! A reader refuses other versions. The meaning of versions 1 and 2 never changes. Version 2 is version 1
//! plus folders, and is written for folders only.

mod blocks;
mod compress;
mod decompress;
mod header;
mod inspect;
pub mod manifest;
mod parallel;
mod samples;

use std::io::{self, Read, Write};
use std::time::Duration;

pub use compress::{Options, Original, compress};
pub use decompress::decompress;
pub use header::{Content, Header, Identity};
pub use inspect::{Report, inspect};
pub use manifest::{ChannelFile, Manifest};
pub use samples::{SampleReader, SampleWriter};

use crate::near_lossless::Noise;
use crate::wav::{self, CutShort};

/// The latest version, and the one of folders; all up to it are read.
pub const VERSION: u8 = 2;
/// Most samples in a block.
pub const BLOCK_SAMPLES: usize = 1 << 22;
/// Most rounds in a block.
pub const BLOCK_ROUNDS: usize = 1 << 17;
/// Most bytes in a block of kind 3.
pub const BLOCK_BYTES: usize = 1 << 20;

/// Rounds in a full block: 131,072, fewer where that would be over 4,194,304 samples.
pub fn block_rounds(channels: u16) -> usize {
    (BLOCK_SAMPLES / usize::from(channels.max(1))).min(BLOCK_ROUNDS)
}

/// Why a file could not be compressed or decompressed.
#[derive(Debug, thiserror::Error)]
pub enum Error {
    /// The original is not supported.
    #[error(transparent)]
    Wav(wav::Error),
    /// An invalid number of channels.
    #[error("{0} channels, 1 to 32767 are possible")]
    Channels(u16),
    /// Reading failed.
    #[error("cannot be read: {0}")]
    Read(#[source] io::Error),
    /// Writing failed.
    #[error("cannot be written: {0}")]
    Write(#[source] io::Error),
    /// Another kind of file.
    #[error("not a .twr file: {0}")]
    NotTwr(String),
    /// From a later tierwire.
    #[error("a .twr file of version {0}; this tierwire reads versions up to {VERSION}")]
    Version(u8),
    /// The table set is not available.
    #[error("made with table set {0}, which is not known here")]
    UnknownTableSet(Identity),
    /// The available table set of this name is another one.
    #[error("made with table set {file}; the one at hand is {at_hand}")]
    OtherTableSet {
        /// What the file names.
        file: Identity,
        /// What was found.
        at_hand: Identity,
    },
    /// The file ends too early.
    #[error("truncated: it ends in {0}")]
    Truncated(Place),
    /// Damaged, or never made by an encoder.
    #[error("corrupt: {place}: {why}")]
    Corrupt {
        /// Where.
        place: Place,
        /// What is wrong.
        why: String,
    },
}

impl From<wav::Error> for Error {
    fn from(error: wav::Error) -> Error {
        match error {
            wav::Error::Read(error) => Error::Read(error),
            other => Error::Wav(other),
        }
    }
}

/// A part of a `.twr` file.
#[derive(Clone, Copy, Debug, PartialEq, Eq)]
pub enum Place {
    /// The header.
    Header,
    /// A block, counted from 1, or the end where this block might have been.
    Block(u64),
    /// The manifest of a folder, in the first blocks.
    Manifest,
    /// What the end says of the whole.
    End,
}

impl std::fmt::Display for Place {
    fn fmt(&self, f: &mut std::fmt::Formatter<'_>) -> std::fmt::Result {
        match self {
            Place::Header => f.write_str("its header"),
            Place::Block(number) => write!(f, "block {number}"),
            Place::Manifest => f.write_str("its manifest"),
            Place::End => f.write_str("its end"),
        }
    }
}

/// What was checked.
#[derive(Clone, Debug, Default, PartialEq)]
pub struct Summary {
    /// Samples coded, or verbatim in blocks of samples; 0 for a file stored verbatim.
    pub samples: u64,
    /// Bytes of the original; for a folder, including its manifest.
    pub original_bytes: u64,
    /// Bytes before the samples: of a WAV file its head, of a folder its manifest.
    pub head_bytes: u64,
    /// Bytes of the `.twr` file.
    pub compressed_bytes: u64,
    /// Why the file is stored verbatim, if it is.
    pub verbatim: Option<String>,
    /// Where a WAV file ended before its header said.
    pub cut_short: Option<CutShort>,
    /// Bytes behind the head that are stored as they are: blocks that codes would not make smaller,
    /// and what follows the samples.
    pub uncoded_bytes: u64,
    /// Time spent in the codec alone, by the clock, summed over threads: samples to words, or words
    /// to samples.
    pub codec_time: Duration,
    /// The error of the decoded samples; `None` when lossless.
    pub noise: Noise,
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

/// Counts and sums all bytes that pass.
#[derive(Debug)]
struct Tally<T> {
    inner: T,
    bytes: u64,
    crc: crc32fast::Hasher,
}

impl<T> Tally<T> {
    fn new(inner: T) -> Tally<T> {
        Tally { inner, bytes: 0, crc: crc32fast::Hasher::new() }
    }

    fn crc(&self) -> u32 {
        self.crc.clone().finalize()
    }
}

impl<R: Read> Read for Tally<R> {
    fn read(&mut self, buffer: &mut [u8]) -> io::Result<usize> {
        let got = self.inner.read(buffer)?;
        self.crc.update(&buffer[..got]);
        self.bytes += got as u64;
        Ok(got)
    }
}

impl<W: Write> Write for Tally<W> {
    fn write(&mut self, bytes: &[u8]) -> io::Result<usize> {
        let put = self.inner.write(bytes)?;
        self.crc.update(&bytes[..put]);
        self.bytes += put as u64;
        Ok(put)
    }

    fn flush(&mut self) -> io::Result<()> {
        self.inner.flush()
    }
}
