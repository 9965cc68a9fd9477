//! Tables loaded at run time.

pub mod register_map;
pub mod spi_bridge;
