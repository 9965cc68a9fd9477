//! The registers of a core whose tables are loaded at run time: byte addresses and bits.
//!
//! Made from `hdl/registers/tierwire.rdl` by `scripts/registers.sh`.

/// Read. What this is: TIWR in ASCII.
pub const ID: u8 = 0x00;
/// Read. The version of this register map.
pub const VERSION: u8 = 0x04;
/// Read. The digest of the image's layout, which an image's first word has to be.
pub const LAYOUT: u8 = 0x08;
/// Read. The words of an image.
pub const WORDS: u8 = 0x0C;
/// Write. Orders. Several may be given at once.
pub const CONTROL: u8 = 0x10;
/// Read. The state of the tables. Errors, from bit 8 up, stay until START.
pub const STATUS: u8 = 0x14;
/// Write. The image's next word.
pub const DATA: u8 = 0x18;
/// Read. The words of the image that have come.
pub const LOADED: u8 = 0x1C;
/// Read. The digest of the table set in use, 0 without one.
pub const DIGEST: u8 = 0x20;
/// Read. Frames completed or dropped since CLEAR.
pub const FRAMES: u8 = 0x24;
/// Read. Frames dropped after their header was sent, since CLEAR.
pub const BROKEN: u8 = 0x28;
/// Read. Frames dropped before any of it was sent, since CLEAR.
pub const OVERRUNS: u8 = 0x2C;
/// Read. Rounds with too few or too many samples, since CLEAR.
pub const MISALIGNED: u8 = 0x30;
/// What [`ID`] reads.
pub const ID_VALUE: u32 = 0x5449_5752;
/// What [`VERSION`] reads.
pub const VERSION_VALUE: u32 = 0x0001_0000;

/// The bits of CONTROL.
pub mod control {
    /// Begin to load an image. One that is half-loaded or not committed is forgotten.
    pub const START: u32 = 1 << 0;
    /// Use the complete image from the next keyframe on; at once without a table in use or when HELD.
    pub const COMMIT: u32 = 1 << 1;
    /// The counters read 0 from now.
    pub const CLEAR: u32 = 1 << 2;
    /// Soft reset: hold the core in reset.
    pub const HOLD: u32 = 1 << 3;
    /// End HOLD.
    pub const RELEASE: u32 = 1 << 4;
}

/// The bits of STATUS.
pub mod status {
    /// A table is in use.
    pub const ACTIVE: u32 = 1 << 0;
    /// Which of the two banks is in use.
    pub const BANK: u32 = 1 << 1;
    /// An image is being loaded.
    pub const LOADING: u32 = 1 << 2;
    /// An image is loaded, and its CRC is right.
    pub const COMPLETE: u32 = 1 << 3;
    /// A commit waits for a keyframe.
    pub const PENDING: u32 = 1 << 4;
    /// The core is held in reset.
    pub const HELD: u32 = 1 << 5;
    /// Error: the image is of another layout.
    pub const WRONG_LAYOUT: u32 = 1 << 8;
    /// Error: the image's CRC is wrong.
    pub const WRONG_CRC: u32 = 1 << 9;
    /// Error: a word came when none was expected.
    pub const TOO_LONG: u32 = 1 << 10;
    /// Error: COMMIT without a complete image.
    pub const NOT_COMPLETE: u32 = 1 << 11;
}
