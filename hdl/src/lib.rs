//! tierwire's blocks in rust-hdl, and the Verilog exporter.
//!
//! One file per block, under the name of its twin in [`golden_model`]. [`pipeline`] puts them
//! together for one channel and draws the stages; [`array_pipeline`] does for many channels; [`profile`] says which table sets have hardware; [`circuit`] runs
//! it in the rust-hdl simulator; [`export`](verilog::export) writes it as Verilog;
//! [`board`](boards::board) puts it on a real board, between pins.
//!
//! Each block's page has the same headings: purpose, ports, latency and throughput, how it works,
//! waveform (drawn by `testbench/tests/waveforms/` from a simulation), proofs.
//!
//! # How the kernels are written
//! rust-hdl turns an `update` function into Verilog by its text, and the two may differ where
//! widths do. So here: one operation per local signal, every width written down, parentheses around
//! every sub-expression; and every test vector also runs through the exported Verilog.
//!
//! Shifts and cut-out bits are written `(x.val().index() >> 6).to_bits()`: to Verilog that is
//! `(x >> 6)`, and in simulation a shift of integers, where rust-hdl's own shift of [`Bits`] takes
//! the way through heap-allocated big numbers and the simulation three times as long.
//! `to_bits()` panics when a result does not fit its width, so none is ever cut off unseen.
//!
//! [`Bits`]: rust_hdl::prelude::Bits

pub mod array_pipeline;
pub(crate) mod block;
pub mod boards;
pub mod bounds;
pub mod circuit;
pub mod codec;
pub mod memory;
pub mod pipeline;
pub mod ports;
pub mod profile;
pub mod profile_file;
pub mod shape;
pub mod stream;
pub mod tables;
pub mod verilog;

pub use boards::board::Board;
pub use bounds::Bounds;
pub use circuit::{Circuit, Inputs, Outputs, Status};
pub use profile::{Channels, Profile, Unfit};
pub use stream::framer::Frames;
