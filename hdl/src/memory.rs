//! Memories, ROMs and registers that the other blocks are built from.

pub(crate) mod cells;
pub mod delay_line;
pub mod dual_clock_memory;
pub mod ram;
pub mod register;
pub mod rom;
pub mod word_memory;
pub(crate) mod words;
