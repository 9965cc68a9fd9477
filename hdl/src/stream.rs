//! The stream of words: rounds of samples, the FIFO, frames and their CRC.

pub mod crc;
pub mod framer;
pub mod rounds;
pub mod word_fifo;
