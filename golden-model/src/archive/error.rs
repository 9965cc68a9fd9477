use crate::layout::{JoinError, LayoutError};
use crate::wide::group::GroupError;
use std::io;

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
    #[error("not a .twr file of version 3 or 4")]
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
