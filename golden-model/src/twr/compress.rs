//! WAV file to `.twr` file.

use std::io::{Read, Write};
use std::time::{Duration, Instant};

use super::blocks::{Block, BlockWriter};
use super::header::{Content, Header, Identity};
use super::{BLOCK_BYTES, Error, Summary, Tally, block_rounds};
use crate::encoder::Encoder;
use crate::table_set::TableSet;
use crate::wav::{self, Data, Head};

/// Compresses a WAV file in one pass.
///
/// A WAV file of anything but 16-bit PCM is stored verbatim: see [`Summary::verbatim`].
///
/// # Errors
/// [`Error`]: the input is no WAV file or ends too early, or reading or writing failed.
pub fn compress(input: impl Read, output: impl Write, set: &TableSet) -> Result<Summary, Error> {
    let mut input = Tally::new(input);
    let mut output = Tally::new(output);
    let head = Head::read(&mut input)?;
    let mut summary = Summary::default();
    let mut blocks;
    let mut rest;
    match &head.content {
        wav::Content::Samples { rate, channels } => {
            let standard = wav::standard_head(*rate, *channels, head.data_length.unwrap_or(0))
                .as_slice()
                == head.bytes;
            let content = Content::Samples {
                table_set: Identity::of(set),
                rate: *rate,
                channels: *channels,
                standard_head: standard,
                data_length: head.data_length,
            };
            blocks = BlockWriter::new(&mut output, &Header { content })?;
            if !standard {
                blocks.bytes(&head.bytes)?;
            }
            let mut coder = Coder::new(set, *channels);
            rest = coder.all(&mut Data::new(&mut input, &head), &mut blocks)?;
            summary.samples = coder.samples;
            summary.codec_time = coder.time;
        }
        wav::Content::Other(why) => {
            summary.verbatim = Some(why.clone());
            let content = Content::Verbatim { note: why.clone() };
            blocks = BlockWriter::new(&mut output, &Header { content })?;
            blocks.bytes(&head.bytes)?;
            rest = Vec::new();
            let mut data = Data::new(&mut input, &head);
            while data.read(BLOCK_BYTES, &mut rest)? > 0 {
                blocks.bytes(&rest)?;
                rest.clear();
            }
        }
    }
    // The tail: what is left of the data, and all that follows it.
    loop {
        let room = (BLOCK_BYTES - rest.len()) as u64;
        let got = wav::grow(&mut input, &mut rest, room)?;
        blocks.bytes(&rest)?;
        if got < room {
            break;
        }
        rest.clear();
    }
    blocks.block(Block::End { crc: input.crc() }, &[])?;
    summary.original_bytes = input.bytes;
    summary.compressed_bytes = output.bytes;
    Ok(summary)
}

/// Rounds to blocks.
struct Coder<'t> {
    encoder: Encoder<'t>,
    channels: u16,
    samples: u64,
    time: Duration,
}

impl<'t> Coder<'t> {
    fn new(set: &'t TableSet, channels: u16) -> Coder<'t> {
        let encoder = Encoder::new(set, channels.into());
        Coder { encoder, channels, samples: 0, time: Duration::ZERO }
    }

    /// Codes all whole rounds of `data`; gives back the bytes of a partial last one.
    fn all(
        &mut self,
        data: &mut Data<impl Read>,
        blocks: &mut BlockWriter<impl Write>,
    ) -> Result<Vec<u8>, Error> {
        let round = 2 * usize::from(self.channels);
        let (mut bytes, mut samples, mut words) = (Vec::new(), Vec::new(), Vec::new());
        let mut payload = Vec::new();
        loop {
            bytes.clear();
            data.read(block_rounds(self.channels) * round, &mut bytes)?;
            let rounds = bytes.len() / round;
            let partial = bytes.split_off(rounds * round);
            if rounds == 0 {
                return Ok(partial);
            }
            samples.clear();
            wav::to_samples(&bytes, &mut samples);
            words.clear();
            let start = Instant::now();
            self.encoder.extend(&samples, &mut words);
            words.extend(self.encoder.flush());
            self.time += start.elapsed();
            self.samples += samples.len() as u64;
            payload.clear();
            payload.extend(words.iter().flat_map(|word| word.to_be_bytes()));
            let zeros = words.last().map_or(0, |last| last.trailing_zeros() as usize / 8);
            payload.truncate(payload.len() - zeros.min(3));
            if payload.len() < bytes.len() {
                blocks.block(Block::Coded { rounds }, &payload)?;
            } else {
                blocks.block(Block::Samples { rounds }, &bytes)?;
            }
            if !partial.is_empty() {
                return Ok(partial);
            }
        }
    }
}
