//! every simulator of tierwire compared with the golden model.
//!
//! An *engine* runs packets of samples through the hardware in one simulator, with random stalls on
//! both sides, checks the stream rules at every clock, and returns the words ([`Simulation`]).
//! [`expected`] has the right ones. Pipelines with frames, which lose frames rather than wait, are
//! run clock by clock ([`clocked`]) and judged by [`frame_check`].

pub mod axi_stream;
pub mod blocks;
pub mod board_bench;
pub mod board_engine;
pub mod clocked;
pub mod damage;
pub mod dealing;
pub mod frame_check;
pub mod frame_stream;
pub mod ladder;
pub mod netlist;
pub mod packets;
pub mod probe;
pub mod proofs;
pub mod recorder;
pub mod recordings;
pub mod runs;
pub mod rust_hdl_engine;
pub mod seed;
pub mod simulation;
pub mod spi_host;
pub mod verilator_engine;
pub mod verilog_bench;
pub mod waveform;

pub use packets::expected;
pub use simulation::{Fault, PacketWords, Simulation, Stalls};
