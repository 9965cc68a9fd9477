//! What a `.twr` file holds, without its samples.

use std::io::{BufReader, Read};

use super::blocks::{Block, BlockReader};
use super::header::{Content, Header};
use super::{Error, Tally};
use crate::wav;

/// What a `.twr` file holds.
#[derive(Clone, Debug, PartialEq, Eq)]
pub struct Report {
    /// Its header.
    pub header: Header,
    /// Rounds in blocks.
    pub rounds: u64,
    /// Blocks of coded samples.
    pub coded_blocks: u64,
    /// Blocks of samples that are verbatim.
    pub verbatim_blocks: u64,
    /// Bytes beside the samples and the standard head.
    pub other_bytes: u64,
    /// Bytes of the original.
    pub original_bytes: u64,
    /// CRC-32 of the original.
    pub original_crc: u32,
    /// Bytes of the `.twr` file.
    pub compressed_bytes: u64,
}

/// Reads a `.twr` file to its end and checks its blocks; samples are not decoded, so no table set
/// is needed.
///
/// # Errors
/// [`Error`]: the input is no `.twr` file, ends too early or is damaged.
pub fn inspect(input: impl Read) -> Result<Report, Error> {
    let mut input = Tally::new(input);
    let mut blocks = BlockReader::new(BufReader::new(&mut input))?;
    let header = blocks.header().clone();
    let (head, round) = match header.content {
        Content::Samples { channels, standard_head, .. } => {
            (if standard_head { wav::STANDARD_HEAD as u64 } else { 0 }, 2 * u64::from(channels))
        }
        Content::Verbatim { .. } => (0, 0),
    };
    let (mut rounds, mut coded_blocks, mut verbatim_blocks, mut other_bytes) = (0, 0, 0, 0);
    let original_crc = loop {
        match blocks.next()? {
            Block::Coded { rounds: more } => {
                rounds += more as u64;
                coded_blocks += 1;
            }
            Block::Samples { rounds: more } => {
                rounds += more as u64;
                verbatim_blocks += 1;
            }
            Block::Bytes => other_bytes += blocks.payload().len() as u64,
            Block::End { crc } => break crc,
        }
    };
    Ok(Report {
        header,
        rounds,
        coded_blocks,
        verbatim_blocks,
        other_bytes,
        original_bytes: head + rounds * round + other_bytes,
        original_crc,
        compressed_bytes: input.bytes,
    })
}
