//! The tests of this crate as one program: linked once, and run side by side.

mod activity;
mod asic;
mod bit_packer;
mod board;
mod channel_state;
mod channels;
mod cocotb;
mod converter;
mod crc;
mod damage;
mod drivers;
mod framer;
mod frames;
mod integrating;
mod kinds;
mod litex;
mod lms_predictor;
mod loaded;
mod mean_predictor;
mod neighbours;
mod netlist;
mod pages;
mod parallel_port;
mod pipeline;
mod predictor;
mod probe;
mod proofs;
mod ram;
mod range_coder;
mod rank_table;
mod registers;
mod rounds;
mod running_mean;
mod serial_port;
mod spi_bridge;
mod tier_coder;
mod verilog;
mod verilog_bench;
mod verilog_lint;
mod waveforms;
mod word_fifo;
mod word_port;

#[path = "../../tests/files/modules.rs"]
mod modules;

#[test]
fn every_file_of_tests_is_a_module() {
    modules::every_file_is_one(env!("CARGO_MANIFEST_DIR"), include_str!("main.rs"));
}
