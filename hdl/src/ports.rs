//! Ports of a board: samples in, words out, reset.

pub mod parallel_port;
pub mod power_on_reset;
pub mod serial_port;
pub mod word_port;
