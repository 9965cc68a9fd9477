//! How an archive begins and ends, and how much of it goes together.

/// The version of these files.
pub const VERSION: u8 = 3;
/// The version of those with decisions.
pub const BEST_VERSION: u8 = 4;
/// How an archive begins.
pub const MAGIC: [u8; 4] = [b'T', b'W', b'R', VERSION];
/// The same with decisions.
pub const BEST_MAGIC: [u8; 4] = [b'T', b'W', b'R', BEST_VERSION];
/// How an archive ends.
pub(super) const END: [u8; 4] = *b"TWRI";
/// Bytes of a stretch are not more than this, or one record.
pub(super) const STRETCH_BYTES: usize = 1 << 25;
/// Bytes of a record are not more than this; files with longer ones are plain bytes.
pub(super) const RECORD_BYTES: usize = 1 << 28;
/// Rounds of a stretch where a second has fewer: shorter ones learn too often anew.
pub(super) const STRETCH_ROUNDS: u64 = 1 << 14;
/// The same for samples of all channels together.
pub(super) const STRETCH_SAMPLES: u64 = 1 << 17;
/// Bytes of a head before the first record; files with longer ones are plain bytes.
pub(super) const HEAD_BYTES: u64 = 1 << 26;
/// Bytes in an item of bytes.
pub(super) const BYTES: usize = 1 << 20;
