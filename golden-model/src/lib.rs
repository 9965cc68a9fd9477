//! The **golden model** of tierwire: lossless compression of neural recordings, bit exact.
//!
//! ```text
//! sample -> Tokenizer -> token -> Predictor -> row, offset -> RankTable -> rank -> TierCoder -> code -> BitPacker -> words
//!                                     ^                                       |
//!                                     +---------- ChannelState <--------------+
//! ```
//!
//! One file per block, under the name that the hardware and its test benches use as well. A
//! [`TableSet`] fixes every choice; an [`Encoder`] and a [`Decoder`] are made from one.
//!
//! Without its default features the crate is the codec alone: no files and no random numbers.

pub mod activity;
pub mod bit_packer;
pub mod channel_state;
pub mod context_search;
pub mod decoder;
pub mod encoder;
pub mod near_lossless;
pub mod predictor;
pub mod rank_table;
#[cfg(feature = "files")]
pub mod shipped;
#[cfg(feature = "synthetic")]
pub mod synthetic;
pub mod table_set;
#[cfg(feature = "files")]
pub mod table_set_file;
pub mod tier_coder;
pub mod tier_search;
pub mod tokenizer;
pub mod training;
#[cfg(feature = "files")]
pub mod twr;
#[cfg(feature = "files")]
pub mod wav;

pub use channel_state::ChannelState;
pub use decoder::{CorruptCode, DecodeError, Decoder};
pub use encoder::Encoder;
#[cfg(feature = "files")]
pub use shipped::{SHIPPED, shipped};
pub use table_set::TableSet;
