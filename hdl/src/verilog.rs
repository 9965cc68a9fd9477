//! The exported Verilog.

mod duplicates;
pub mod export;
mod expression;
mod header;
pub(crate) mod module;
mod raw;
mod readable;
mod unused;
mod widths;
mod wires;
