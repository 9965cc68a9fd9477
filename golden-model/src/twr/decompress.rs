//! `.twr` file to WAV file.

use std::borrow::Cow;
use std::io::{BufReader, Read, Write};
use std::time::{Duration, Instant};

use super::blocks::{Block, BlockReader};
use super::header::{Content, Identity};
use super::{Error, Place, Summary, Tally};
use crate::decoder::Decoder;
use crate::table_set::TableSet;
use crate::wav;

/// Samples that are decoded at a time, so that memory follows the input and not its claims.
const STEP: usize = 1 << 16;

/// Gives the original back, byte for byte, in one pass.
///
/// `lookup` finds the table set that the file names; that its digest is the right one is checked
/// here. No byte of a block is written before the block's CRC-32 was found right, and the end is
/// only reached when the CRC-32 of the whole original is.
///
/// # Errors
/// [`Error`]: the input is no `.twr` file, ends too early or is damaged, its table set is not at
/// hand, or reading or writing failed. What has been written by then is not to be used.
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
        Content::Samples { table_set, rate, channels, standard_head, data_length } => {
            set = lookup(&table_set).ok_or_else(|| Error::UnknownTableSet(table_set.clone()))?;
            if set.digest() != table_set.digest {
                return Err(Error::OtherTableSet { file: table_set, at_hand: Identity::of(&set) });
            }
            if standard_head {
                let head = wav::standard_head(rate, channels, data_length.unwrap_or(0));
                output.write_all(&head).map_err(Error::Write)?;
            }
            coder = Some(Coder::new(&set, channels));
        }
        Content::Verbatim { note } => summary.verbatim = Some(note),
    }
    loop {
        match (blocks.next()?, &mut coder) {
            (Block::End { crc }, _) if crc == output.crc() => break,
            (Block::End { .. }, _) => {
                let why = "the CRC-32 of the whole does not match".into();
                return Err(Error::Corrupt { place: Place::End, why });
            }
            (Block::Coded { rounds }, Some(coder)) => {
                coder.block(rounds, blocks.payload(), blocks.place(), &mut output)?;
            }
            (block, coder) => {
                if let (Block::Samples { rounds }, Some(coder)) = (block, coder) {
                    coder.samples += rounds as u64 * u64::from(coder.channels);
                }
                output.write_all(blocks.payload()).map_err(Error::Write)?;
            }
        }
    }
    output.flush().map_err(Error::Write)?;
    if let Some(coder) = coder {
        summary.samples = coder.samples;
        summary.codec_time = coder.time;
    }
    summary.original_bytes = output.bytes;
    summary.compressed_bytes = input.bytes;
    Ok(summary)
}

/// Blocks to rounds.
struct Coder<'t> {
    decoder: Decoder<'t>,
    channels: u16,
    samples: u64,
    time: Duration,
    words: Vec<u32>,
    decoded: Vec<i16>,
    bytes: Vec<u8>,
}

impl<'t> Coder<'t> {
    fn new(set: &'t TableSet, channels: u16) -> Coder<'t> {
        Coder {
            decoder: Decoder::new(set, channels.into()),
            channels,
            samples: 0,
            time: Duration::ZERO,
            words: Vec::new(),
            decoded: vec![0; STEP],
            bytes: Vec::new(),
        }
    }

    fn block(
        &mut self,
        rounds: usize,
        payload: &[u8],
        place: Place,
        output: &mut impl Write,
    ) -> Result<(), Error> {
        let corrupt = |why: String| Error::Corrupt { place, why };
        self.words.clear();
        self.words.extend(payload.chunks(4).map(|chunk| {
            // The zero bytes that the last word lost.
            let mut word = [0; 4];
            word[..chunk.len()].copy_from_slice(chunk);
            u32::from_be_bytes(word)
        }));
        self.decoder.reset();
        let mut words = &self.words[..];
        let mut left = rounds * usize::from(self.channels);
        self.samples += left as u64;
        while left > 0 {
            let step = &mut self.decoded[..left.min(STEP)];
            let start = Instant::now();
            let taken = self.decoder.fill(words, step).map_err(|e| corrupt(e.to_string()))?;
            self.time += start.elapsed();
            words = &words[taken..];
            left -= step.len();
            self.bytes.clear();
            wav::to_bytes(step, &mut self.bytes);
            output.write_all(&self.bytes).map_err(Error::Write)?;
        }
        if words.is_empty() {
            Ok(())
        } else {
            Err(corrupt(format!("{} words behind its last sample", words.len())))
        }
    }
}
