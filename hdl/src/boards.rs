//! The boards: the compressor between the pins of a real FPGA board.

pub mod board;
pub mod board_circuit;
pub mod board_export;
mod board_top;
pub mod parallel_board;
pub mod serial_board;
