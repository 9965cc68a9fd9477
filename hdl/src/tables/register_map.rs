//! The registers of a core whose tables are loaded at run time: byte addresses and fields.

/// What [`ID`] reads: "TIWR".
pub const ID_VALUE: u32 = 0x5449_5752;
/// What [`VERSION`] reads: major in the upper half, minor in the lower half.
pub const VERSION_VALUE: u32 = 0x0001_0000;

/// Read: [`ID_VALUE`].
pub const ID: u8 = 0x00;
/// Read: the version of this register map.
pub const VERSION: u8 = 0x04;
/// Read: the digest of the image's layout. An image's first word has to be it.
pub const LAYOUT: u8 = 0x08;
/// Read: the words of an image.
pub const WORDS: u8 = 0x0C;
/// Write: orders, several at once if need be.
pub const CONTROL: u8 = 0x10;
/// Read: what the tables do, and what went wrong.
pub const STATUS: u8 = 0x14;
/// Write: the image's next word.
pub const DATA: u8 = 0x18;
/// Read: the words of the image that have come.
pub const LOADED: u8 = 0x1C;
/// Read: the digest of the table set in use, 0 without one.
pub const DIGEST: u8 = 0x20;
/// Read: frames sent since CLEAR, 16 bits.
pub const FRAMES: u8 = 0x24;
/// Read: frames broken off since CLEAR, 16 bits.
pub const BROKEN: u8 = 0x28;
/// Read: overruns since CLEAR, 16 bits.
pub const OVERRUNS: u8 = 0x2C;
/// Read: misaligned rounds since CLEAR, 16 bits.
pub const MISALIGNED: u8 = 0x30;

/// The bits of CONTROL.
pub mod control {
    /// Begin to load: a half-loaded or uncommitted image is forgotten.
    pub const START: u32 = 1 << 0;
    /// Use the complete image from the next keyframe on.
    pub const COMMIT: u32 = 1 << 1;
    /// The counters read 0 from now.
    pub const CLEAR: u32 = 1 << 2;
    /// Soft reset: the core is held in reset.
    pub const HOLD: u32 = 1 << 3;
    /// Ends HOLD.
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
    /// The image is loaded, and its CRC is right.
    pub const COMPLETE: u32 = 1 << 3;
    /// A commit waits for a keyframe.
    pub const PENDING: u32 = 1 << 4;
    /// The core is held in reset.
    pub const HELD: u32 = 1 << 5;
    /// The image is of another layout.
    pub const WRONG_LAYOUT: u32 = 1 << 8;
    /// The image's CRC is wrong.
    pub const WRONG_CRC: u32 = 1 << 9;
    /// A word came when none was expected.
    pub const TOO_LONG: u32 = 1 << 10;
    /// A commit without a complete image.
    pub const NOT_COMPLETE: u32 = 1 << 11;
}
