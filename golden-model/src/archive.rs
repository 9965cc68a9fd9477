//! **`.twr` files, versions 3 and 4**: any recorder's files, restored byte for byte.
//!
//! An archive holds one or more files: a recording and what lies beside it. A file with a
//! [`Layout`](crate::layout::Layout) is cut into *stretches* of about a second; of each, the samples of every group of channels are
//! coded with what was chosen for that group and stands in the file's header, and the other bytes are
//! deflated. So an archive needs no table file to be read, each stretch decodes alone, and damage stays
//! in its stretch. An archive is written in one pass and can be read in one; the index at its end finds
//! any stretch at once.
//!
//! ```text
//! archive  "TWR", 3 or 4, items, offset of the last item in the archive (8 bytes), "TWRI"
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
//! In version 4, which `--best` writes, stretches may be decisions; it is version 3 otherwise.
//! Numbers are little endian; a *varint* is as in version 1. The parts of a file come in its order:
//! head, stretches, tail.

mod describe;
mod error;
mod header;
mod index;
mod items;
mod limits;
mod reader;
mod stretches;
mod writer;

pub use describe::Description;
pub use error::{Corruption, Error};
pub use header::FileHeader;
pub use index::{Index, StretchPlace};
pub use limits::{BEST_MAGIC, BEST_VERSION, MAGIC, VERSION};
pub use reader::{Reader, Restored};
pub use writer::{Compressed, Entry, Writer};

#[cfg(test)]
mod tests;
