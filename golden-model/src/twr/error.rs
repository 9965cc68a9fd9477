//! Why a `.twr` file could not be written or read.

use std::io;

use super::identity::Identity;
use crate::decoder::DecodeError;
use crate::wav;
use crate::wide::group::GroupError;

/// The version of folders.
pub const FOLDER_VERSION: u8 = 2;
/// The version of files with decisions instead of codes; the latest.
pub const BEST_VERSION: u8 = 5;
/// Longest name of a file in a folder, in bytes.
pub const NAME_LIMIT: usize = 255;

/// Why a file could not be compressed or decompressed.
#[derive(Debug, thiserror::Error)]
#[non_exhaustive]
pub enum Error {
    /// The original is not supported.
    #[error(transparent)]
    Wav(wav::Error),
    /// Samples are asked for, and the file was stored verbatim, for this reason.
    #[error("no 16-bit samples: {0}")]
    Verbatim(String),
    /// An invalid number of channels.
    #[error("{0} channels, 1 to 32767 are possible")]
    Channels(u16),
    /// Reading failed.
    #[error("cannot be read: {0}")]
    Read(#[source] io::Error),
    /// Writing failed.
    #[error("cannot be written: {0}")]
    Write(#[source] io::Error),
    /// A file without bytes.
    #[error("not a .twr file: it is empty")]
    Empty,
    /// Another kind of file, by the bytes that it begins with.
    #[error("not a .twr file: it begins with \"{}\", not with \"TWR\"", .0.escape_ascii())]
    NotTwr(Vec<u8>),
    /// From a later tierwire.
    #[error("a .twr file of version {0}; this tierwire reads versions up to {BEST_VERSION}")]
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
        #[source]
        why: Damage,
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

/// What is wrong with a damaged file.
#[derive(Clone, Debug, PartialEq, Eq, thiserror::Error)]
#[non_exhaustive]
pub enum Damage {
    /// Decisions that no encoder made.
    #[error(transparent)]
    Decisions(#[from] GroupError),
    /// A kind of file or block that does not exist.
    #[error("kind {0}")]
    Kind(u8),
    /// A number that is larger than it can be.
    #[error("{what}: {number}, at most {limit}")]
    TooLarge {
        /// Which number.
        what: &'static str,
        /// Its value.
        number: u64,
        /// The largest that is allowed.
        limit: u64,
    },
    /// A varint of too many bytes.
    #[error("{0} does not end")]
    Endless(&'static str),
    /// A text that is not UTF-8.
    #[error("{0} is not UTF-8")]
    NotUtf8(&'static str),
    /// The length of the table set's name.
    #[error("a name of {0} bytes, not 1..=32")]
    NameLength(u8),
    /// The table set's name has other characters than names have.
    #[error("the table set's name is none")]
    TableSetName,
    /// Samples of no channel.
    #[error("no channels")]
    NoChannels,
    /// A largest error that does not exist.
    #[error("an error of {0} tokens")]
    MaxError(u16),
    /// A block of samples without samples.
    #[error("a block of no rounds")]
    NoRounds,
    /// A payload that cannot be as long or as short.
    #[error("a payload of {0} bytes")]
    Payload(usize),
    /// A block whose CRC-32 is wrong.
    #[error("its CRC-32 does not match")]
    Crc,
    /// The CRC-32 of the original is wrong.
    #[error("the CRC-32 of the whole does not match")]
    WholeCrc,
    /// The end comes before all samples.
    #[error("{0} rounds are missing")]
    RoundsMissing(usize),
    /// Bytes behind the end.
    #[error("more bytes follow")]
    MoreBytes,
    /// Codes that no encoder sends.
    #[error(transparent)]
    Code(DecodeError),
    /// Words that belong to no sample.
    #[error("{0} words behind its last sample")]
    WordsLeft(usize),
    /// The length of the manifest.
    #[error("of {0} bytes")]
    ManifestLength(u32),
    /// A standard head where there can be none.
    #[error("a head is missing")]
    NoHead,
    /// A folder that cannot be.
    #[error(transparent)]
    Folder(#[from] FolderError),
    /// A number or a head in another form than the one that is written.
    #[error("not as it is written")]
    OtherForm,
    /// The lengths in the manifest are not those of the samples and tails.
    #[error("its files are longer or shorter than the samples")]
    FileLengths,
}

impl Damage {
    /// The error of a damaged part.
    pub(super) fn at(self, place: Place) -> Error {
        Error::Corrupt { place, why: self }
    }
}

/// Why files cannot be the channels of a folder.
#[derive(Clone, Debug, PartialEq, Eq, thiserror::Error)]
#[non_exhaustive]
pub enum FolderError {
    /// Too many files, or none.
    #[error("{0} channels, 1 to 32767 are possible")]
    Channels(usize),
    /// A file's name that is not allowed.
    #[error("{name:?}: {why}")]
    Name {
        /// The name.
        name: String,
        /// Why not.
        why: NameError,
    },
    /// Two files of one name.
    #[error("{0:?}: the name of two files")]
    Twice(String),
    /// A file that is too long.
    #[error("{0:?}: of more than {max} samples", max = u32::MAX)]
    TooLong(String),
    /// Heads that are too long together.
    #[error("headers of {0} bytes")]
    Heads(u64),
}

/// Why a text is no plain file name.
#[derive(Clone, Copy, Debug, PartialEq, Eq, thiserror::Error)]
#[non_exhaustive]
pub enum NameError {
    /// No text.
    #[error("a file without a name")]
    Empty,
    /// `.` or `..`.
    #[error("the name of a folder")]
    Folder,
    /// More bytes than file systems take.
    #[error("a name of more than {NAME_LIMIT} bytes")]
    TooLong,
    /// A path.
    #[error("a name with a folder in it")]
    Path,
    /// What a terminal might obey.
    #[error("a name with a control character in it")]
    Control,
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
