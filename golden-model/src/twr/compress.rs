//! WAV file to `.twr` file.

use std::io::{Read, Write};
use std::time::{Duration, Instant};

use super::blocks::{BLOCK_BYTES, Block, BlockWriter, block_rounds};
use super::error::Error;
use super::header::{Content, Header};
use super::identity::Identity;
use super::manifest::Manifest;
use super::summary::Summary;
use super::tally::Tally;
use crate::converter::ConverterParts;
use crate::encoder::Encoder;
use crate::layout::Samples;
use crate::near_lossless::{MaxError, Noise};
use crate::parallel;
use crate::table_set::TableSet;
use crate::wav::{self, CutShort, Data, Head};
use crate::wide::group::Group;

/// What is compressed.
#[derive(Clone, Copy, Debug)]
pub enum Original<'m> {
    /// A WAV file.
    Wav,
    /// Only 16-bit samples, little endian, in rounds.
    Raw {
        /// Rounds per second.
        rate: u32,
        /// Channels, 1..=32767.
        channels: u16,
    },
    /// A folder of mono WAV files: the input is their samples in rounds, then their tails.
    Folder(&'m Manifest),
}

impl Original<'_> {
    /// All before the samples, and how many bytes of samples the header can state.
    fn head(
        self,
        input: &mut impl Read,
        input_length: Option<u64>,
    ) -> Result<(Head, Option<u32>), Error> {
        let samples = |rate, channels| wav::Content::Samples { rate, channels };
        match self {
            Original::Wav => {
                let head = Head::read(input, input_length)?;
                let length = head.data_length();
                Ok((head, length))
            }
            Original::Raw { channels, .. } if !(1..=u16::MAX / 2).contains(&channels) => {
                Err(Error::Channels(channels))
            }
            Original::Raw { rate, channels } => {
                Ok((Head::other(Vec::new(), samples(rate, channels), None), None))
            }
            Original::Folder(manifest) => {
                let content = samples(manifest.rate(), manifest.channels());
                let length = Some(manifest.data_length());
                Ok((Head::other(manifest.to_bytes(), content, length), None))
            }
        }
    }
}

/// What is compressed, and how.
#[derive(Clone, Copy, Debug)]
pub struct Options<'a> {
    /// What the input is.
    pub original: Original<'a>,
    /// The table set to code with.
    pub set: &'a TableSet,
    /// How far decoded samples may be from the original's; lossless without.
    pub max_error: Option<MaxError>,
    /// Bytes of the whole input, where that is known: of a file, not of a pipe. A header that claims
    /// more than there is, or a size that has wrapped at 4 GB, is then noticed from the start.
    pub input_length: Option<u64>,
    /// The best ratio, for the challenge's converter: [decisions](crate::wide::decisions) instead of the
    /// set's codes, several times slower there and back.
    pub best: bool,
}

impl<'a> Options<'a> {
    /// A WAV file of unknown length, without loss.
    pub fn new(set: &'a TableSet) -> Options<'a> {
        Options { original: Original::Wav, set, max_error: None, input_length: None, best: false }
    }
}

/// Compresses a WAV file, a raw one, or a folder, in one pass, on all cores.
///
/// A WAV file of anything but 16-bit PCM is stored verbatim: see [`Summary::verbatim`]. One that ends
/// before its header says is coded up to its end, see [`Summary::cut_short`]; but a stream of unknown
/// length that does so behind its first block is refused.
///
/// # Errors
/// [`Error`]: the input is no WAV file or ends within its head, or reading or writing failed.
pub fn compress(
    input: impl Read,
    output: impl Write,
    options: &Options<'_>,
) -> Result<Summary, Error> {
    let Options { original, set, max_error, input_length, best } = *options;
    let best = best && set.converter().parts() == ConverterParts::CHALLENGE;
    let mut input = Tally::new(input);
    let mut output = Tally::new(output);
    let (head, mut data_length) = original.head(&mut input, input_length)?;
    let mut summary = Summary { head_bytes: head.bytes.len() as u64, ..Summary::default() };
    let mut crc = crc32fast::Hasher::new();
    crc.update(&head.bytes);
    let mut data = Data::new(&mut input, &head);
    let mut blocks;
    let mut rest;
    match &head.content {
        wav::Content::Samples { rate, channels } => {
            // The first block tells whether the file is shorter than its header declares. If so, the
            // blocks have to say how many rounds they hold.
            let mut first = Vec::new();
            data.read(2 * block_rounds(*channels) * usize::from(*channels), &mut first)?;
            if data.cut_short().is_some() {
                data_length = None;
            }
            let length = data_length.unwrap_or(0);
            let standard = wav::standard_head(*rate, *channels, length).as_slice() == head.bytes;
            let content = Content::Samples {
                table_set: Identity::of(set),
                rate: *rate,
                channels: *channels,
                standard_head: standard,
                data_length,
                max_error,
                folder: matches!(original, Original::Folder(_)),
                best,
            };
            blocks = BlockWriter::new(&mut output, &Header { content })?;
            if !standard {
                blocks.bytes(&head.bytes)?;
            }
            let coder = Coder { set, channels: *channels, max_error, best };
            rest = coder.all(
                first,
                data_length.is_some(),
                &mut data,
                &mut blocks,
                &mut crc,
                &mut summary,
            )?;
        }
        wav::Content::Other(why) => {
            let note = why.to_string();
            summary.verbatim = Some(note.clone());
            let content = Content::Verbatim { note };
            blocks = BlockWriter::new(&mut output, &Header { content })?;
            blocks.bytes(&head.bytes)?;
            rest = Vec::new();
            while data.read(BLOCK_BYTES, &mut rest)? > 0 {
                crc.update(&rest);
                blocks.bytes(&rest)?;
                rest.clear();
            }
        }
    }
    summary.cut_short = data.cut_short();
    if let (Original::Folder(_), Some(CutShort { declared, found })) = (original, summary.cut_short)
    {
        let what = "folder";
        return Err(Error::Wav(wav::Error::Truncated { what, declared, found }));
    }
    // The tail: what is left of the data, and all that follows it.
    loop {
        let room = BLOCK_BYTES.saturating_sub(rest.len()) as u64;
        let got = wav::grow(&mut input, &mut rest, room)?;
        crc.update(&rest);
        blocks.bytes(&rest)?;
        summary.uncoded_bytes += rest.len() as u64;
        if got < room {
            break;
        }
        rest.clear();
    }
    blocks.block(Block::End { crc: crc.finalize() }, &[])?;
    summary.original_bytes = match original {
        Original::Folder(manifest) => manifest.original_bytes(),
        _ => input.bytes,
    };
    summary.compressed_bytes = output.bytes;
    Ok(summary)
}

/// Rounds to blocks.
#[derive(Clone, Copy, Debug)]
pub(super) struct Coder<'t> {
    pub set: &'t TableSet,
    pub channels: u16,
    pub max_error: Option<MaxError>,
    pub best: bool,
}

/// A block of rounds, coded.
pub(super) struct Coded {
    rounds: usize,
    /// As they will be decoded.
    pub bytes: Vec<u8>,
    payload: Vec<u8>,
    time: Duration,
    noise: Option<Noise>,
}

impl Coded {
    /// Whether codes make it smaller.
    fn is_coded(&self) -> bool {
        self.payload.len() < self.bytes.len()
    }

    /// Counts it in.
    pub fn add_to(&self, summary: &mut Summary, channels: u16) {
        summary.samples += (self.rounds * usize::from(channels)) as u64;
        summary.codec_time += self.time;
        summary.uncoded_bytes += if self.is_coded() { 0 } else { self.bytes.len() as u64 };
        self.noise.iter().for_each(|noise| summary.noise.join(noise));
    }

    /// Writes it, as codes or, where these would take more room, as samples.
    pub fn write(&self, blocks: &mut BlockWriter<impl Write>) -> Result<(), Error> {
        let rounds = self.rounds;
        if self.is_coded() {
            blocks.block(Block::Coded { rounds }, &self.payload)
        } else {
            blocks.block(Block::Samples { rounds }, &self.bytes)
        }
    }
}

impl Coder<'_> {
    /// Codes all whole rounds of `data`, a block on each core, and returns the bytes of a partial
    /// last round. `first` is what has been read of it: the first block.
    ///
    /// With `fixed`, the header says how many rounds there are, and so how many each block holds. A
    /// file that turns out to be shorter after all cannot be stored any more, and is refused.
    fn all(
        self,
        mut first: Vec<u8>,
        fixed: bool,
        data: &mut Data<impl Read>,
        blocks: &mut BlockWriter<impl Write>,
        crc: &mut crc32fast::Hasher,
        summary: &mut Summary,
    ) -> Result<Vec<u8>, Error> {
        let round = 2 * usize::from(self.channels);
        let mut partial = Vec::new();
        let mut more = true;
        while more {
            let mut batch = Vec::new();
            while more && batch.len() < parallel::width() {
                let mut bytes = std::mem::take(&mut first);
                if bytes.is_empty() {
                    data.read(block_rounds(self.channels) * round, &mut bytes)?;
                }
                if fixed && let Some(CutShort { declared, found }) = data.cut_short() {
                    let what = "data chunk";
                    return Err(Error::Wav(wav::Error::Truncated { what, declared, found }));
                }
                let whole = bytes.len() / round * round;
                partial = bytes.split_off(whole);
                more = whole > 0 && partial.is_empty();
                batch.extend((whole > 0).then_some(bytes));
            }
            for coded in parallel::map(parallel::width(), batch, |bytes| self.code(bytes)) {
                coded.add_to(summary, self.channels);
                crc.update(&coded.bytes);
                coded.write(blocks)?;
            }
        }
        Ok(partial)
    }

    /// Codes a block of whole rounds.
    pub fn code(self, mut bytes: Vec<u8>) -> Coded {
        let (mut samples, mut words) = (Vec::new(), Vec::new());
        wav::to_samples(&bytes, &mut samples);
        let noise = self.max_error.map(|bound| {
            let noise = bound.replace(self.set, self.channels, &mut samples);
            bytes.clear();
            wav::to_bytes(&samples, &mut bytes);
            noise
        });
        let rounds = samples.len() / usize::from(self.channels);
        let start = Instant::now();
        if self.best {
            let group = Group::of_the_challenge(self.channels);
            let payload = group.encode(&Samples::I16(samples));
            return Coded { rounds, bytes, payload, time: start.elapsed(), noise };
        }
        let mut encoder = Encoder::new(self.set, self.channels.into());
        encoder.extend(&samples, &mut words);
        words.extend(encoder.flush());
        let time = start.elapsed();
        let mut payload: Vec<u8> = words.iter().flat_map(|word| word.to_be_bytes()).collect();
        let zeros = words.last().map_or(0, |last| last.trailing_zeros() as usize / 8);
        payload.truncate(payload.len() - zeros.min(3));
        Coded { rounds, bytes, payload, time, noise }
    }
}
