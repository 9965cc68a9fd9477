//! Other ways to compress recordings, small, to measure tierwire against.
//!
//! One file per method. Each restores its input exactly, and shares no code with the golden model.
//! [`methods`] lists them all, from WAV file to bytes and back; [`recorder_methods`] those that are worth
//! trying on any recorder's samples.

pub mod adaptive_rice;
pub mod bit_shuffle;
pub mod bits;
pub mod bzip2;
pub mod deflate;
pub mod differences;
pub mod flac;
pub mod huffman;
pub mod lattice;
pub mod method;
mod methods;
pub mod pairs;
pub mod per_channel;
pub mod program;
pub mod range_coder;
pub mod rice;
pub mod sign_lms;
pub mod sign_sign_lms;
pub mod successors;
pub mod wav;
pub mod wavpack;
pub mod whole_file;
pub mod xz;
pub mod zstd;

pub use method::{Clock, Coded, Error, Facts, Family, Latency, Method};
pub use methods::{methods, recorder_methods};
