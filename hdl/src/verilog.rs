//! The exported Verilog.

pub mod export;
pub mod verilog_text;
