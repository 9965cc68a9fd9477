//! The content of a `.twr` file, without its samples.

use std::fmt;
use std::io::{BufReader, Read};

use super::blocks::{Block, BlockReader};
use super::error::{Damage, Error, Place};
use super::header::{Content, Header};
use super::manifest::Manifest;
use super::tally::Tally;
use crate::shipped::shipped;
use crate::wav::{self, HEAD_LIMIT};

/// What a `.twr` file holds.
#[derive(Clone, Debug, PartialEq, Eq)]
pub struct Report {
    /// Its header.
    pub header: Header,
    /// Of a folder, its manifest.
    pub manifest: Option<Manifest>,
    /// Bytes before the samples; none are before raw samples.
    pub head_bytes: u64,
    /// Rounds in blocks.
    pub rounds: u64,
    /// Blocks of coded samples.
    pub coded_blocks: u64,
    /// Blocks of samples that are verbatim.
    pub verbatim_blocks: u64,
    /// Bytes beside the samples and the standard head; of a folder, its manifest among them.
    pub other_bytes: u64,
    /// Bytes of the original; of a folder, of all its files.
    pub original_bytes: u64,
    /// CRC-32 of the original; of a folder, of its manifest, samples and tails.
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
    let (mut rounds, mut coded_blocks, mut verbatim_blocks) = (0, 0, 0);
    let (mut head_bytes, mut other_bytes) = (head, 0);
    let mut front = Vec::new();
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
            Block::Bytes => {
                let payload = blocks.payload();
                other_bytes += payload.len() as u64;
                if rounds == 0 {
                    head_bytes += payload.len() as u64;
                    // No manifest is longer.
                    if front.len() as u64 <= HEAD_LIMIT {
                        front.extend(payload);
                    }
                }
            }
            Block::End { crc } => break crc,
        }
    };
    let manifest = match header.content {
        Content::Samples { rate, channels, folder: true, .. } => {
            Some(Manifest::read(&mut &front[..], rate, channels)?)
        }
        _ => None,
    };
    let mut original_bytes = head + rounds * round + other_bytes;
    if let Some(manifest) = &manifest {
        let tails: u64 = manifest.files().iter().map(|file| file.tail).sum();
        let own = manifest.to_bytes().len() as u64;
        if original_bytes != own + manifest.data_length() + tails {
            return Err(Damage::FileLengths.at(Place::Manifest));
        }
        original_bytes = manifest.original_bytes();
    }
    Ok(Report {
        header,
        manifest,
        head_bytes,
        rounds,
        coded_blocks,
        verbatim_blocks,
        other_bytes,
        original_bytes,
        original_crc,
        compressed_bytes: input.bytes,
    })
}

/// For a person to read.
impl fmt::Display for Report {
    fn fmt(&self, f: &mut fmt::Formatter<'_>) -> fmt::Result {
        let report = self;
        writeln!(f, "format       .twr version {}", report.header.version())?;
        match &report.header.content {
            Content::Samples { table_set, rate, channels, standard_head, max_error, .. } => {
                let known = match shipped(&table_set.name) {
                    Some(set) if set.digest() == table_set.digest => "shipped",
                    Some(_) => "not the shipped one of this name",
                    None => "not a shipped one",
                };
                let seconds = report.rounds as f64 / f64::from((*rate).max(1));
                let head = match (standard_head, report.head_bytes) {
                    (true, _) => "standard, 44 bytes",
                    (false, 0) => "none: raw samples",
                    (false, _) => "carried",
                };
                writeln!(f, "table set    {table_set}, {known}")?;
                match max_error {
                    None => writeln!(f, "lossless     yes")?,
                    Some(e) => {
                        writeln!(f, "lossless     no: samples within {} tokens", e.tokens())?
                    }
                }
                writeln!(f, "channels     {channels}")?;
                writeln!(f, "sample rate  {rate} per second")?;
                writeln!(f, "rounds       {} ({seconds:.3} s)", report.rounds)?;
                match &report.manifest {
                    None => writeln!(f, "WAV header   {head}")?,
                    Some(manifest) => {
                        let names: Vec<&str> =
                            manifest.files().iter().map(|f| &f.name[..]).collect();
                        writeln!(f, "folder       {}", names.join(", "))?;
                    }
                }
                let (coded, verbatim) = (report.coded_blocks, report.verbatim_blocks);
                writeln!(f, "blocks       {coded} coded, {verbatim} of verbatim samples")?;
                writeln!(f, "other bytes  {}", report.other_bytes)?;
            }
            Content::Verbatim { note } => {
                // The note comes from the file and may contain anything.
                writeln!(f, "content      stored verbatim: {}", note.escape_default())?;
            }
        }
        let (before, after) = (report.original_bytes, report.compressed_bytes);
        writeln!(f, "original     {before} bytes, CRC-32 {:#010x}", report.original_crc)?;
        writeln!(f, "compressed   {after} bytes, ratio {:.3}", before as f64 / after as f64)
    }
}
