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
//!         1       version       1; 2 for a folder; 5 with decisions
//!         1       kind          bit 0: samples are coded (else the file is stored verbatim)
//!                               bit 1: the original begins with the standard 44-byte header, not stored
//!                               bit 2: the length of the data is not known beforehand
//!                               bit 3: near-lossless: the decoded file differs from the original
//!                               bit 4: a folder; only in versions 2 and 5, with bits 0 and 2,
//!                                      without bit 1
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
//!                                  the end of the last word are left out; in version 5, a stretch of
//!                                  the challenge's converter, as version 3 has them
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
//! A reader refuses other versions. The meaning of versions 1, 2 and 5 never changes. Version 2 is version 1
//! plus folders, and is written for folders only. Version 5, which `--best` writes, is both with
//! [decisions](crate::wide::decisions) instead of words; of the table set, only the converter matters then.

mod blocks;
mod compress;
mod decompress;
mod error;
mod header;
mod identity;
mod inspect;
pub mod manifest;
mod samples;
mod summary;
mod tally;

pub use blocks::{BLOCK_BYTES, BLOCK_ROUNDS, BLOCK_SAMPLES, block_rounds};
pub use compress::{Options, Original, compress};
pub use decompress::decompress;
pub use error::{Damage, Error, FolderError, NameError, Place};
pub use header::{Content, Header, peek};
pub use identity::Identity;
pub use inspect::{Report, inspect};
pub use manifest::{ChannelFile, Manifest};
pub use samples::{SampleReader, SampleWriter};
pub use summary::Summary;
