//! Writes and reads samples in `.twr` files, for programs without WAV files.

use std::io::{BufReader, Read, Write};

use super::blocks::{Block, BlockReader, BlockWriter, block_rounds};
use super::compress::{self, Coded};
use super::decompress;
use super::error::{Damage, Error, Place};
use super::header::{Content, Header};
use super::identity::Identity;
use super::summary::Summary;
use super::tally::Tally;
use crate::table_set::TableSet;
use crate::wav;

/// Writes samples as a `.twr` file: a raw one, without a head. Memory holds one block.
///
/// ```
/// use tierwire_codec::twr::{SampleReader, SampleWriter};
/// use tierwire_codec::{DEFAULT, shipped};
///
/// # fn main() -> Result<(), Box<dyn std::error::Error>> {
/// let set = shipped(DEFAULT).ok_or("not shipped")?;
/// let mut file = Vec::new();
/// let mut writer = SampleWriter::new(&mut file, &set, 30_000, 2)?;
/// writer.write(&[640, -64, 704, -128])?; // two rounds of two channels
/// writer.finish()?;
///
/// let mut reader = SampleReader::new(&file[..], &set)?;
/// let mut samples = Vec::new();
/// while reader.read(&mut samples)? > 0 {}
/// assert_eq!(samples, [640, -64, 704, -128]);
/// # Ok(())
/// # }
/// ```
#[derive(Debug)]
pub struct SampleWriter<'t, W: Write> {
    blocks: BlockWriter<Tally<W>>,
    coder: compress::Coder<'t>,
    /// The bytes of the samples of the block that is being filled.
    bytes: Vec<u8>,
    crc: crc32fast::Hasher,
    summary: Summary,
}

impl<'t, W: Write> SampleWriter<'t, W> {
    /// A file of `channels` channels and `rate` rounds per second.
    ///
    /// # Errors
    /// [`Error::Channels`], or [`Error::Write`].
    pub fn new(output: W, set: &'t TableSet, rate: u32, channels: u16) -> Result<Self, Error> {
        if !(1..=u16::MAX / 2).contains(&channels) {
            return Err(Error::Channels(channels));
        }
        let content = Content::Samples {
            table_set: Identity::of(set),
            rate,
            channels,
            standard_head: false,
            data_length: None,
            max_error: None,
            folder: false,
            best: false,
        };
        Ok(SampleWriter {
            blocks: BlockWriter::new(Tally::new(output), &Header { content })?,
            coder: compress::Coder { set, channels, max_error: None, best: false },
            bytes: Vec::new(),
            crc: crc32fast::Hasher::new(),
            summary: Summary::default(),
        })
    }

    /// Takes samples, any number of them: one of every channel in turn.
    ///
    /// # Errors
    /// [`Error::Write`].
    pub fn write(&mut self, mut samples: &[i16]) -> Result<(), Error> {
        let block = 2 * block_rounds(self.coder.channels) * usize::from(self.coder.channels);
        while !samples.is_empty() {
            let room = (block - self.bytes.len()) / 2;
            let (now, later) = samples.split_at(room.min(samples.len()));
            wav::to_bytes(now, &mut self.bytes);
            samples = later;
            if self.bytes.len() == block {
                self.block()?;
            }
        }
        Ok(())
    }

    fn block(&mut self) -> Result<(), Error> {
        let round = 2 * usize::from(self.coder.channels);
        let partial = self.bytes.split_off(self.bytes.len() / round * round);
        let bytes = std::mem::replace(&mut self.bytes, partial);
        if bytes.is_empty() {
            return Ok(());
        }
        let coded: Coded = self.coder.code(bytes);
        coded.add_to(&mut self.summary, self.coder.channels);
        self.crc.update(&coded.bytes);
        self.summary.original_bytes += coded.bytes.len() as u64;
        coded.write(&mut self.blocks)
    }

    /// Ends the file. Samples of an incomplete round are stored as bytes, not as samples.
    ///
    /// # Errors
    /// [`Error::Write`].
    pub fn finish(mut self) -> Result<Summary, Error> {
        self.block()?;
        self.crc.update(&self.bytes);
        self.summary.original_bytes += self.bytes.len() as u64;
        self.blocks.bytes(&self.bytes)?;
        self.blocks.block(Block::End { crc: self.crc.finalize() }, &[])?;
        self.summary.compressed_bytes = self.blocks.output().bytes;
        Ok(self.summary)
    }
}

/// Reads the samples of any `.twr` file that has some, whatever else is in it. Memory holds one
/// block.
#[derive(Debug)]
pub struct SampleReader<'t, R> {
    blocks: BlockReader<BufReader<R>>,
    coder: decompress::Coder<'t>,
    rate: u32,
    crc: crc32fast::Hasher,
    ended: bool,
}

impl<'t, R: Read> SampleReader<'t, R> {
    /// Reads the header; `set` is the table set that the file was made with.
    ///
    /// # Errors
    /// [`Error`]: no `.twr` file, no samples in it, or made with another table set.
    pub fn new(input: R, set: &'t TableSet) -> Result<Self, Error> {
        let blocks = BlockReader::new(BufReader::new(input))?;
        let (table_set, rate, channels, head, best) = match &blocks.header().content {
            Content::Samples {
                table_set,
                rate,
                channels,
                standard_head,
                data_length,
                best,
                ..
            } => {
                let length = data_length.unwrap_or(0);
                let head = standard_head.then(|| wav::standard_head(*rate, *channels, length));
                (table_set, *rate, *channels, head, *best)
            }
            Content::Verbatim { note } => {
                return Err(Error::Verbatim(note.clone()));
            }
        };
        if table_set.digest != set.digest() {
            let (file, at_hand) = (table_set.clone(), Identity::of(set));
            return Err(Error::OtherTableSet { file, at_hand });
        }
        let mut crc = crc32fast::Hasher::new();
        head.iter().for_each(|head| crc.update(head));
        let coder = decompress::Coder { set, channels, best };
        Ok(SampleReader { blocks, coder, rate, crc, ended: false })
    }

    /// Rounds per second.
    pub fn rate(&self) -> u32 {
        self.rate
    }

    /// Channels.
    pub fn channels(&self) -> u16 {
        self.coder.channels
    }

    /// Appends the samples of the next block, and says how many; 0 at the end, when the CRC-32 of
    /// the whole was found right.
    ///
    /// # Errors
    /// [`Error`]: the file ends too early or is damaged, or reading failed.
    pub fn read(&mut self, samples: &mut Vec<i16>) -> Result<usize, Error> {
        while !self.ended {
            let block = self.blocks.next()?;
            let payload = self.blocks.take_payload();
            let bytes = match block {
                Block::Coded { rounds } => {
                    self.coder.block(rounds, &payload, self.blocks.place())?.bytes
                }
                Block::Samples { .. } => payload,
                Block::Bytes => {
                    self.crc.update(&payload);
                    continue;
                }
                Block::End { crc } => {
                    self.ended = true;
                    if crc != self.crc.clone().finalize() {
                        return Err(Damage::WholeCrc.at(Place::End));
                    }
                    break;
                }
            };
            self.crc.update(&bytes);
            wav::to_samples(&bytes, samples);
            return Ok(bytes.len() / 2);
        }
        Ok(0)
    }
}
