//! every simulator of tierwire compared with the golden model.
//!
//! A [`Simulator`] runs samples through the hardware, with random stalls on both sides, checks the
//! stream rules at every clock, and returns the words ([`Simulation`]). [`expected`] has the right
//! ones. Pipelines with frames lose frames rather than wait; [`judge`] finds what is wrong with what they send.

pub mod axi_stream;
pub mod blocks;
pub mod board_engine;
pub mod codes;
pub mod damage;
pub mod dealing;
pub mod driver;
pub mod engine;
pub mod error;
mod harness;
pub mod judge;
pub mod ladder;
pub mod netlist;
pub mod packets;
pub mod played;
pub mod probe;
pub mod proofs;
pub mod recorder;
pub mod recordings;
pub mod register_server;
pub mod replay;
pub mod runs;
pub mod rust_hdl_engine;
pub mod seed;
pub mod simulator;
pub mod spi_host;
pub mod spi_master;
pub mod stimulus;
pub mod verilator_engine;
pub mod verilog_bench;
pub mod waits;
pub mod waveform;

pub use packets::expected;
pub use simulator::{PacketWords, Simulation, Simulator};
pub use stimulus::Stalls;
