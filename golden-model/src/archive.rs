//! **`.twr` files, version 3**: any recorder's files, restored byte for byte.
//!
//! An archive holds one or more files: a recording and what lies beside it. A file with a
//! [`Layout`](crate::layout::Layout) is cut into *stretches* of about a second; of each, the samples of every group of channels are
//! coded with what was chosen for that group and stands in the file's header, and the other bytes are
//! deflated. So an archive needs no table file to be read, each stretch decodes alone, and damage stays
//! in its stretch. An archive is written in one pass and can be read in one; the index at its end finds
//! any stretch at once.
//!
//! ```text
//! archive  "TWR", 3, items, offset of the last item in the archive (8 bytes), "TWRI"
//! item     1       kind
//!          varint  length of the payload
//!          ...     payload
//!          4       CRC-32 of kind, length and payload
//!
//! kind  item      payload
//! 1     file      its header, deflated: see header.rs; its items follow
//! 2     bytes     bytes of the file that belong to no stretch: head, tail, or a whole plain file:
//!                 one byte, then 0: the bytes   1: deflated
//! 3     stretch   varint number of records; if records hold plain bytes, these: varint length, and
//!                 deflated; for each group of channels: varint length, and a stretch of the group
//! 4     file end  CRC-32 of the file as it is restored (4 bytes), varint its length
//! 0     index     the last item: for each item before it its kind, and varints of its whole length
//!                 and its records (0 for all but stretches)
//! ```
//! Numbers are little endian; a *varint* is as in version 1. The parts of a file come in its order:
//! head, stretches, tail.

mod describe;
mod header;
mod index;
mod items;
mod reader;
mod stretches;
mod writer;

pub use describe::Description;
pub use header::FileHeader;
pub use index::{Index, StretchPlace};
pub use reader::{Reader, Restored};
pub use writer::{Compressed, Entry, Writer};

use crate::layout::{JoinError, LayoutError};
use crate::wide::group::GroupError;
use std::io;

/// The version of these files.
pub const VERSION: u8 = 3;
/// How an archive begins.
pub const MAGIC: [u8; 4] = [b'T', b'W', b'R', VERSION];
/// How an archive ends.
const END: [u8; 4] = *b"TWRI";
/// Bytes of a stretch are not more than this, or one record.
const STRETCH_BYTES: usize = 1 << 25;
/// Bytes of a record are not more than this; files with longer ones are plain bytes.
const RECORD_BYTES: usize = 1 << 28;
/// Rounds of a stretch where a second has fewer: shorter ones learn too often anew.
const STRETCH_ROUNDS: u64 = 1 << 14;
/// The same for samples of all channels together.
const STRETCH_SAMPLES: u64 = 1 << 17;
/// Bytes of a head before the first record; files with longer ones are plain bytes.
const HEAD_BYTES: u64 = 1 << 26;
/// Bytes in an item of bytes.
const BYTES: usize = 1 << 20;

/// Why an archive cannot be written or read.
#[derive(Debug, thiserror::Error)]
#[non_exhaustive]
pub enum Error {
    /// Reading failed.
    #[error("cannot be read: {0}")]
    Read(#[source] io::Error),
    /// Writing failed.
    #[error("cannot be written: {0}")]
    Write(#[source] io::Error),
    /// Another kind of file.
    #[error("not a .twr file of version 3")]
    NotAnArchive,
    /// It ends too early.
    #[error("truncated: it ends in item {item}")]
    Truncated {
        /// Counted from 1.
        item: u64,
    },
    /// Damaged, or never made by an encoder.
    #[error("corrupt: item {item}: {why}")]
    Corrupt {
        /// Counted from 1.
        item: u64,
        /// What is wrong.
        why: Corruption,
    },
    /// What was restored is not the original.
    #[error("corrupt: {name}: it is restored with another CRC-32 or length than the original had")]
    OtherFile {
        /// The file in the archive.
        name: String,
    },
    /// The index does not fit the items.
    #[error("corrupt: its index does not fit what it holds")]
    Index,
}

/// What is wrong with an item.
#[derive(Clone, Copy, Debug, PartialEq, Eq, thiserror::Error)]
#[non_exhaustive]
pub enum Corruption {
    /// It is not what was written.
    #[error("its CRC-32 does not match")]
    Crc,
    /// It is of no kind, or comes where it cannot.
    #[error("an item of kind {0} cannot be here")]
    Kind(u8),
    /// It is longer than an encoder makes it.
    #[error("{0} bytes are more than an item can have")]
    Length(u64),
    /// A number or flag that cannot be.
    #[error("a wrong field: {0}")]
    Field(&'static str),
    /// No layout.
    #[error("no layout of a file: {0}")]
    Layout(#[from] LayoutError),
    /// No group, or no stretch of one.
    #[error(transparent)]
    Group(#[from] GroupError),
    /// Parts of no records.
    #[error(transparent)]
    Join(#[from] JoinError),
}

#[cfg(test)]
mod tests;
