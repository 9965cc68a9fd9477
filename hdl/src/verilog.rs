//! The exported Verilog.

pub mod asic;
mod duplicates;
pub mod export;
mod expression;
mod header;
pub mod macros;
pub(crate) mod module;
mod raw;
mod readable;
pub mod spi_top;
mod tiling;
mod unused;
mod widths;
mod wires;
