//! tierwire's blocks in rust-hdl, and the Verilog exporter.
//!
//! One file per block, under the name of its twin in [`golden_model`]. [`pipeline`] puts them
//! together for one channel and draws the stages; [`array_pipeline`] does for many channels; [`profile`] says which table sets have hardware; [`circuit`] runs
//! it in the rust-hdl simulator; [`export`] writes it as Verilog;
//! [`board`] puts it on a real board, between pins.
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

pub mod activity;
pub mod array_pipeline;
pub mod bigram_model;
pub mod bit_packer;
pub mod board;
pub mod board_circuit;
pub mod board_pins;
pub mod bounds;
pub mod channel_state;
pub mod circuit;
pub mod crc;
pub mod delay_line;
pub mod dual_clock_memory;
pub mod export;
pub mod framer;
pub mod lattice;
pub mod lms_predictor;
pub mod means_model;
pub mod multiplier;
pub mod multiply_add;
pub mod parallel_board;
pub mod parallel_port;
pub mod pipeline;
pub mod power_on_reset;
pub mod predictor;
pub mod profile;
pub mod ram;
pub mod rank_table;
pub mod register;
pub mod rom;
pub mod rounds;
pub mod serial_board;
pub mod serial_port;
pub mod tier_coder;
pub mod tokenizer;
pub mod verilog_text;
pub mod weight_step;
pub mod word_fifo;
pub mod word_memory;
pub mod word_port;

pub use board::Board;
pub use bounds::Bounds;
pub use circuit::{Circuit, Inputs, Outputs, Status};
pub use framer::Frames;
pub use profile::{Channels, Profile, Unfit};
