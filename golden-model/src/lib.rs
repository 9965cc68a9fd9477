//! The **golden model** of tierwire: lossless compression of neural recordings, bit exact.
//!
//! ```text
//! sample -> Converter -> token -> Predictor -> row, offset -> RankTable -> rank -> TierCoder -> code -> BitPacker -> words
//!                                     ^                                       |
//!                                     +---------- ChannelState <--------------+
//! ```
//!
//! A table set may have a RangeCoder instead of the TierCoder: then intervals become words.
//!
//! One file per block, with the same name as in the hardware and its test benches. A [`TableSet`]
//! fixes every choice; an [`Encoder`] and a [`Decoder`] are made from one.
//!
//! # Where to begin
//!
//! | to do | see |
//! |---|---|
//! | samples to words and back | [`Encoder`], [`Decoder`], `examples/words.rs` |
//! | frames over a link that loses some | [`frames`], `examples/frames.rs` |
//! | samples to a file and back | `twr::SampleWriter`, `twr::SampleReader`, `examples/files.rs` |
//! | WAV files, raw files, folders | `twr::compress_as`, `twr::decompress` |
//! | a table set: shipped, from a file, trained | `shipped`, `TableSet::from_toml`, `training` |
//!
//! Readers and writers are those of `std::io`. Damaged or hostile input is an error, never a panic,
//! and its use of memory is bounded (`fuzz/`).
//!
//! Without its default features the crate is the codec alone, `no_std` with `alloc`: no files, no
//! training and no random numbers.

#![cfg_attr(not(any(feature = "std", test)), no_std)]

extern crate alloc;

pub mod activity;
#[cfg(feature = "files")]
pub mod archive;
pub mod bit_packer;
pub mod channel_state;
#[cfg(feature = "training")]
pub mod context_search;
pub mod converter;
pub mod decoder;
#[cfg(feature = "files")]
mod deflate;
pub mod encoder;
#[cfg(all(feature = "files", feature = "training"))]
pub mod folder_training;
pub mod frames;
#[cfg(feature = "files")]
pub mod layout;
#[cfg(feature = "files")]
pub mod near_lossless;
pub mod neighbours;
#[cfg(feature = "files")]
mod parallel;
pub mod predictor;
pub mod range_coder;
#[cfg(feature = "training")]
pub mod range_search;
pub mod rank_class;
pub mod rank_table;
#[cfg(feature = "training")]
pub mod recipe;
#[cfg(feature = "files")]
pub mod recordings;
#[cfg(feature = "files")]
pub mod shipped;
#[cfg(feature = "synthetic")]
pub mod synthetic;
pub mod table_set;
#[cfg(feature = "files")]
pub mod table_set_file;
pub mod tier_coder;
#[cfg(feature = "training")]
pub mod tier_search;
#[cfg(feature = "training")]
pub mod training;
#[cfg(feature = "files")]
pub mod twr;
#[cfg(feature = "files")]
mod varint;
#[cfg(feature = "files")]
pub mod wav;
#[cfg(feature = "files")]
pub mod wide;
pub mod words;

pub use channel_state::{ChannelState, ChannelStates};
pub use converter::Converter;
pub use decoder::{CorruptCode, DecodeError, Decoder};
pub use encoder::Encoder;
#[cfg(feature = "files")]
pub use shipped::{DEFAULT, SHIPPED, shipped};
pub use table_set::TableSet;

/// The code in README and `docs/`, compiled and run.
#[cfg(all(doctest, feature = "files"))]
mod pages {
    #[doc = include_str!("../../README.md")]
    mod readme {}
    #[doc = include_str!("../../docs/frames.md")]
    mod frames {}
}
