//! Other ways to compress recordings, small, to measure tierwire against.
//!
//! Each is a codec of its own over one channel of 16-bit samples, gives back what it was given, and
//! shares no code with the golden model.

pub mod adaptive_rice;
pub mod bits;
pub mod huffman;
pub mod lattice;
pub mod rice;
pub mod sign_lms;
pub mod successors;
