//! **Tables loaded at run time**: a core whose table set comes after it was made.
//!
//! ```text
//! driver -> SpiBridge -> AxiLite -> TablePort -> Loader -> every table of the core
//! ```
//! [`image`](crate::tables::image::Image) says what a driver writes, [`register_map`] where to.

pub mod axi_lite;
pub mod driver;
pub mod format;
pub mod image;
pub mod loader;
pub mod register_map;
pub mod spi_bridge;
pub mod start_value;
mod status_word;
pub mod table;
pub mod table_port;

pub use format::Format;
pub use image::{CannotLoad, Image, image};
