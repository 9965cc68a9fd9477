//! `.twr` file to WAV file.

use std::borrow::Cow;
use std::io::{BufReader, Read, Write};
use std::time::{Duration, Instant};

use super::blocks::{Block, BlockReader};
use super::error::{Damage, Error, Place};
use super::header::Content;
use super::identity::Identity;
use super::summary::Summary;
use super::tally::Tally;
use crate::decoder::Decoder;
use crate::layout::Samples;
use crate::parallel;
use crate::table_set::TableSet;
use crate::wav;
use crate::wide::group::{Group, GroupError};

/// Restores the original byte for byte, in one pass, on all cores. (A near-lossless file is
/// restored within the error in its header.)
///
/// `lookup` finds the table set that the file names; that its digest is the right one is checked
/// here. No byte of a block is written before the block's CRC-32 was found right, and the end is
/// only reached when the CRC-32 of the whole original is.
///
/// # Errors
/// [`Error`]: the input is no `.twr` file, ends too early or is damaged, its table set is not at
/// hand, or reading or writing failed. Do not use what has been written by then.
pub fn decompress<'t>(
    input: impl Read,
    output: impl Write,
    lookup: impl FnOnce(&Identity) -> Option<Cow<'t, TableSet>>,
) -> Result<Summary, Error> {
    let mut input = Tally::new(input);
    let mut output = Tally::new(output);
    let mut blocks = BlockReader::new(BufReader::new(&mut input))?;
    let mut summary = Summary::default();
    let set;
    let mut coder = None;
    match blocks.header().content.clone() {
        Content::Samples {
            table_set, rate, channels, standard_head, data_length, best, ..
        } => {
            set = lookup(&table_set).ok_or_else(|| Error::UnknownTableSet(table_set.clone()))?;
            if set.digest() != table_set.digest {
                return Err(Error::OtherTableSet { file: table_set, at_hand: Identity::of(&set) });
            }
            if standard_head {
                let head = wav::standard_head(rate, channels, data_length.unwrap_or(0));
                output.write_all(&head).map_err(Error::Write)?;
            }
            coder = Some(Coder { set: &set, channels, best });
        }
        Content::Verbatim { note } => summary.verbatim = Some(note),
    }
    let mut last = None;
    while last.is_none() {
        let mut batch = Vec::new();
        // A block that cannot be read comes after those that could.
        let mut fault = None;
        while last.is_none() && fault.is_none() && batch.len() < parallel::width() {
            match blocks.next() {
                Ok(Block::End { crc }) => last = Some(crc),
                Ok(block) => batch.push((block, blocks.take_payload(), blocks.place())),
                Err(error) => fault = Some(error),
            }
        }
        let restored = parallel::map(parallel::width(), batch, |(block, payload, place)| {
            match (block, coder) {
                (Block::Coded { rounds }, Some(coder)) => coder.block(rounds, &payload, place),
                (Block::Samples { rounds }, Some(coder)) => Ok(Restored {
                    samples: coder.samples(rounds),
                    bytes: payload,
                    ..Restored::default()
                }),
                _ => Ok(Restored { bytes: payload, ..Restored::default() }),
            }
        });
        for restored in restored {
            let restored = restored?;
            if summary.samples == 0 && restored.samples > 0 {
                summary.head_bytes = output.bytes;
            }
            summary.samples += restored.samples as u64;
            summary.codec_time += restored.time;
            output.write_all(&restored.bytes).map_err(Error::Write)?;
        }
        if let Some(fault) = fault {
            return Err(fault);
        }
    }
    if last != Some(output.crc()) {
        return Err(Damage::WholeCrc.at(Place::End));
    }
    output.flush().map_err(Error::Write)?;
    summary.original_bytes = output.bytes;
    summary.compressed_bytes = input.bytes;
    Ok(summary)
}

/// Blocks to rounds.
#[derive(Clone, Copy, Debug)]
pub(super) struct Coder<'t> {
    pub set: &'t TableSet,
    pub channels: u16,
    pub best: bool,
}

/// The bytes of a block as they were.
#[derive(Default)]
pub(super) struct Restored {
    samples: usize,
    pub bytes: Vec<u8>,
    time: Duration,
}

impl Coder<'_> {
    fn samples(self, rounds: usize) -> usize {
        rounds * usize::from(self.channels)
    }

    /// Decodes a block. Few samples share a bit, so memory follows the input.
    pub fn block(self, rounds: usize, payload: &[u8], place: Place) -> Result<Restored, Error> {
        if self.best {
            return self.decided(rounds, payload).map_err(|why| Damage::Decisions(why).at(place));
        }
        let words: Vec<u32> = payload
            .chunks(4)
            .map(|chunk| {
                // The zero bytes that were omitted from the last word.
                let mut word = [0; 4];
                word[..chunk.len()].copy_from_slice(chunk);
                u32::from_be_bytes(word)
            })
            .collect();
        let mut samples = vec![0; self.samples(rounds)];
        let start = Instant::now();
        let mut decoder = Decoder::new(self.set, self.channels.into());
        let taken = decoder.fill(&words, &mut samples).map_err(|e| Damage::Code(e).at(place))?;
        let time = start.elapsed();
        if taken < words.len() {
            return Err(Damage::WordsLeft(words.len() - taken).at(place));
        }
        let mut bytes = Vec::with_capacity(2 * samples.len());
        wav::to_bytes(&samples, &mut bytes);
        Ok(Restored { samples: samples.len(), bytes, time })
    }

    /// The same for decisions.
    fn decided(self, rounds: usize, payload: &[u8]) -> Result<Restored, GroupError> {
        let start = Instant::now();
        let mut samples = Samples::I16(Vec::new());
        Group::of_the_challenge(self.channels).decode(rounds, payload, &mut samples)?;
        let time = start.elapsed();
        let Samples::I16(samples) = samples else { return Err(GroupError::Short) };
        let mut bytes = Vec::with_capacity(2 * samples.len());
        wav::to_bytes(&samples, &mut bytes);
        Ok(Restored { samples: samples.len(), bytes, time })
    }
}
