//! The blocks of a `.twr` file, and its end.

use std::io::{Read, Write};

use super::error::{BEST_VERSION, Damage, Error, Place};
use super::header::{Content, Fields, Header};
use super::tally::Tally;
use crate::range_coder::SAMPLES_PER_BIT;
use crate::varint;

/// Most samples in a block.
pub const BLOCK_SAMPLES: usize = 1 << 22;
/// Most rounds in a block.
pub const BLOCK_ROUNDS: usize = 1 << 17;
/// Most bytes in a block of kind 3.
pub const BLOCK_BYTES: usize = 1 << 20;

/// Rounds in a full block: 131,072, fewer where that would be over 4,194,304 samples.
pub fn block_rounds(channels: u16) -> usize {
    (BLOCK_SAMPLES / usize::from(channels.max(1))).min(BLOCK_ROUNDS)
}

const END: u8 = 0;
const CODED: u8 = 1;
const SAMPLES: u8 = 2;
const BYTES: u8 = 3;

/// A block, without its payload.
#[derive(Clone, Copy, Debug, PartialEq, Eq)]
pub(super) enum Block {
    /// Codes of this many rounds.
    Coded { rounds: usize },
    /// The bytes of this many rounds.
    Samples { rounds: usize },
    /// Other bytes of the original.
    Bytes,
    /// No more blocks; the CRC-32 of the original.
    End { crc: u32 },
}

/// Writes the header, then blocks, then the end.
#[derive(Debug)]
pub(super) struct BlockWriter<W> {
    output: W,
    /// Of the header: every block's CRC begins with it.
    header_crc: crc32fast::Hasher,
    states_rounds: bool,
}

impl<W: Write> BlockWriter<W> {
    pub fn new(mut output: W, header: &Header) -> Result<BlockWriter<W>, Error> {
        let bytes = header.to_bytes();
        output.write_all(&bytes).map_err(Error::Write)?;
        let mut header_crc = crc32fast::Hasher::new();
        header_crc.update(&bytes);
        let states_rounds = matches!(header.content, Content::Samples { data_length: None, .. });
        Ok(BlockWriter { output, header_crc, states_rounds })
    }

    /// Writes a block; nothing for no bytes.
    pub fn block(&mut self, block: Block, payload: &[u8]) -> Result<(), Error> {
        let (kind, rounds) = match block {
            Block::Coded { rounds } => (CODED, Some(rounds)),
            Block::Samples { rounds } => (SAMPLES, Some(rounds)),
            Block::Bytes if payload.is_empty() => return Ok(()),
            Block::Bytes => (BYTES, None),
            Block::End { crc } => {
                let end = [&[END][..], &crc.to_le_bytes()].concat();
                self.output.write_all(&end).map_err(Error::Write)?;
                return self.output.flush().map_err(Error::Write);
            }
        };
        let mut head = vec![kind];
        if let Some(rounds) = rounds.filter(|_| self.states_rounds) {
            varint::put(&mut head, rounds as u64);
        }
        if kind != SAMPLES {
            varint::put(&mut head, payload.len() as u64);
        }
        let mut crc = self.header_crc.clone();
        crc.update(&head);
        crc.update(payload);
        for part in [&head[..], payload, &crc.finalize().to_le_bytes()] {
            self.output.write_all(part).map_err(Error::Write)?;
        }
        Ok(())
    }

    /// Where it is written to.
    pub fn output(&self) -> &W {
        &self.output
    }

    /// Writes any number of bytes of the original.
    pub fn bytes(&mut self, bytes: &[u8]) -> Result<(), Error> {
        bytes.chunks(BLOCK_BYTES).try_for_each(|payload| self.block(Block::Bytes, payload))
    }
}

/// Reads the header, then blocks, then the end; every block is checked before it is returned.
#[derive(Debug)]
pub(super) struct BlockReader<R> {
    input: R,
    header: Header,
    header_crc: crc32fast::Hasher,
    /// Rounds that are still to come, where the header says how many there are.
    rounds_left: Option<usize>,
    number: u64,
    payload: Vec<u8>,
}

impl<R: Read> BlockReader<R> {
    pub fn new(mut input: R) -> Result<BlockReader<R>, Error> {
        let mut tally = Tally::new(&mut input);
        let header = Header::read(&mut tally)?;
        let header_crc = tally.crc;
        let rounds_left = match header.content {
            Content::Samples { channels, data_length, .. } => {
                data_length.map(|length| length as usize / (2 * usize::from(channels)))
            }
            Content::Verbatim { .. } => Some(0),
        };
        Ok(BlockReader { input, header, header_crc, rounds_left, number: 0, payload: Vec::new() })
    }

    pub fn header(&self) -> &Header {
        &self.header
    }

    /// The payload of the block read last.
    pub fn payload(&self) -> &[u8] {
        &self.payload
    }

    /// The same, for good.
    pub fn take_payload(&mut self) -> Vec<u8> {
        std::mem::take(&mut self.payload)
    }

    /// Where the block read last stands.
    pub fn place(&self) -> Place {
        Place::Block(self.number)
    }

    /// The next block; its payload is in [`payload`](Self::payload).
    pub fn next(&mut self) -> Result<Block, Error> {
        self.number += 1;
        let place = self.place();
        let mut tally = Tally { inner: &mut self.input, bytes: 0, crc: self.header_crc.clone() };
        let mut fields = Fields { input: &mut tally, place };
        let kind = fields.byte()?;
        if kind == END {
            let crc = u32::from_le_bytes(fields.array()?);
            return self.end(crc);
        }
        let channels = match &self.header.content {
            Content::Samples { channels, .. } if kind <= SAMPLES => *channels,
            _ if kind == BYTES => 0,
            _ => return Err(Damage::Kind(kind).at(place)),
        };
        let mut rounds = 0;
        if kind != BYTES {
            let full = block_rounds(channels);
            rounds = match &mut self.rounds_left {
                Some(left) => {
                    let rounds = full.min(*left);
                    *left -= rounds;
                    rounds
                }
                None => fields.varint_up_to(full as u64, "rounds")? as usize,
            };
            if rounds == 0 {
                return Err(Damage::NoRounds.at(place));
            }
        }
        let samples = rounds * usize::from(channels);
        let len = match kind {
            SAMPLES => 2 * samples,
            // Codes that take more room than the samples are not sent.
            CODED => fields.varint_up_to(2 * samples as u64, "the payload")? as usize,
            _ => fields.varint_up_to(BLOCK_BYTES as u64, "the payload")? as usize,
        };
        // So few samples share a bit that the size of a block bounds their number; but those of a channel
        // that stays on a value may take no bits among decisions.
        let best = self.header.version() == BEST_VERSION;
        if len == 0 || kind == CODED && !best && samples > SAMPLES_PER_BIT * 8 * len {
            return Err(Damage::Payload(len).at(place));
        }
        self.payload.clear();
        fields.append(len, &mut self.payload)?;
        let crc = tally.crc();
        let stated = u32::from_le_bytes(Fields { input: &mut self.input, place }.array()?);
        if crc != stated {
            return Err(Damage::Crc.at(place));
        }
        Ok(match kind {
            CODED => Block::Coded { rounds },
            SAMPLES => Block::Samples { rounds },
            _ => Block::Bytes,
        })
    }

    fn end(&mut self, crc: u32) -> Result<Block, Error> {
        match self.rounds_left {
            None | Some(0) => {}
            Some(left) => return Err(Damage::RoundsMissing(left).at(Place::End)),
        }
        match self.input.by_ref().take(1).read_to_end(&mut self.payload) {
            Ok(0) => Ok(Block::End { crc }),
            Ok(_) => Err(Damage::MoreBytes.at(Place::End)),
            Err(error) => Err(Error::Read(error)),
        }
    }
}
