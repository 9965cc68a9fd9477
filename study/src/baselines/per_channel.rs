//! From a codec for the samples of one channel to a [`Method`] for WAV files.
//!
//! The file is taken apart; each channel is coded alone. A compressed file is the WAV file's frame
//! (15 bytes, see [`Wav::frame`]), then for each channel its length in 4 bytes and its bytes.

use crate::baselines::method::{Clock, Coded, Error, Facts, Method};
use crate::baselines::wav::{Wav, take, take_many};
use crate::baselines::{deflate, huffman, lattice, successors};

/// Samples of one channel to bytes and back.
pub trait Codec: Send + Sync {
    /// Whether it can be used here.
    ///
    /// # Errors
    /// [`Error::NotInstalled`].
    fn available(&self) -> Result<(), Error> {
        Ok(())
    }

    /// Compresses and adds the time to the clock.
    ///
    /// # Errors
    /// [`Error`]: something failed.
    fn encode(&self, samples: &[i16], clock: &mut Clock) -> Result<Coded, Error>;

    /// Decodes `count` samples and adds the time to the clock.
    ///
    /// # Errors
    /// [`Error`]: these are not a compressed channel, or something failed.
    fn decode(&self, coded: &Coded, count: usize, clock: &mut Clock) -> Result<Vec<i16>, Error>;
}

/// A method that codes each channel alone.
pub struct PerChannel<C> {
    /// Its description.
    pub facts: Facts,
    /// How each channel is coded.
    pub codec: C,
}

impl<C: Codec> Method for PerChannel<C> {
    fn facts(&self) -> &Facts {
        &self.facts
    }

    fn available(&self) -> Result<(), Error> {
        self.codec.available()
    }

    fn encode(&self, wav: &[u8], clock: &mut Clock) -> Result<Coded, Error> {
        let wav = Wav::split(wav)?;
        let mut all = Coded::from(wav.frame());
        for samples in &wav.channels {
            let coded = self.codec.encode(samples, clock)?;
            append(&mut all.bytes, &coded.bytes);
            if !coded.beside.is_empty() {
                append(&mut all.beside, &coded.beside);
            }
        }
        Ok(all)
    }

    fn decode(&self, coded: &Coded, clock: &mut Clock) -> Result<Vec<u8>, Error> {
        let (mut bytes, mut beside) = (&coded.bytes[..], &coded.beside[..]);
        let (mut wav, rounds) = Wav::from_frame(&mut bytes).ok_or(Error::Damaged)?;
        for channel in &mut wav.channels {
            let mut coded = Coded::from(next(&mut bytes).ok_or(Error::Damaged)?);
            if !beside.is_empty() {
                coded.beside = next(&mut beside).ok_or(Error::Damaged)?;
            }
            *channel = self.codec.decode(&coded, rounds, clock)?;
            if channel.len() != rounds {
                return Err(Error::Damaged);
            }
        }
        Ok(wav.join())
    }
}

fn append(all: &mut Vec<u8>, piece: &[u8]) {
    all.extend((piece.len() as u32).to_le_bytes());
    all.extend(piece);
}

fn next(all: &mut &[u8]) -> Option<Vec<u8>> {
    let length = u32::from_le_bytes(*take(all)?);
    take_many(all, length).map(<[u8]>::to_vec)
}

/// A codec that is two functions.
pub struct Functions {
    /// Compresses.
    pub encode: fn(&[i16]) -> Vec<u8>,
    /// Decompresses.
    pub decode: fn(&[u8], usize) -> Option<Vec<i16>>,
}

impl Codec for Functions {
    fn encode(&self, samples: &[i16], clock: &mut Clock) -> Result<Coded, Error> {
        Ok(clock.run(|| (self.encode)(samples)).into())
    }

    fn decode(&self, coded: &Coded, count: usize, clock: &mut Clock) -> Result<Vec<i16>, Error> {
        clock.run(|| (self.decode)(&coded.bytes, count)).ok_or(Error::Damaged)
    }
}

/// A compressor of bytes, on samples recoded to 10 bits: see [`lattice::to_bytes`].
pub struct Recoded {
    /// Compresses.
    pub compress: fn(&[u8]) -> std::io::Result<Vec<u8>>,
    /// Decompresses.
    pub decompress: fn(&[u8]) -> std::io::Result<Vec<u8>>,
}

impl Codec for Recoded {
    fn encode(&self, samples: &[i16], clock: &mut Clock) -> Result<Coded, Error> {
        Ok(clock.run(|| (self.compress)(&lattice::to_bytes(samples)))?.into())
    }

    fn decode(&self, coded: &Coded, _: usize, clock: &mut Clock) -> Result<Vec<i16>, Error> {
        let samples =
            clock.run(|| (self.decompress)(&coded.bytes).map(|b| lattice::from_bytes(&b)));
        samples?.ok_or(Error::Damaged)
    }
}

/// Huffman code of the values.
pub struct Huffman {
    /// Whether the tree is sent, or known to both sides.
    pub with_tree: bool,
}

impl Codec for Huffman {
    fn encode(&self, samples: &[i16], clock: &mut Clock) -> Result<Coded, Error> {
        let huffman::Coded { tree, body } = clock.run(|| huffman::encode(samples));
        if !self.with_tree {
            return Ok(Coded { bytes: body, beside: tree });
        }
        let mut bytes = Vec::new();
        append(&mut bytes, &tree);
        bytes.extend(body);
        Ok(bytes.into())
    }

    fn decode(&self, coded: &Coded, count: usize, clock: &mut Clock) -> Result<Vec<i16>, Error> {
        let mut body = &coded.bytes[..];
        let sent = if self.with_tree { next(&mut body).ok_or(Error::Damaged)? } else { Vec::new() };
        let tree = if self.with_tree { &sent } else { &coded.beside };
        clock.run(|| huffman::decode(tree, body, count)).ok_or(Error::Damaged)
    }
}

/// The successor look-up coder.
pub struct Successors {
    /// The table of all channels; none where each channel sends its own.
    pub table: Option<std::sync::Arc<successors::Table>>,
    /// Whether the bytes go through zlib.
    pub zlib: bool,
}

impl Codec for Successors {
    fn encode(&self, samples: &[i16], clock: &mut Clock) -> Result<Coded, Error> {
        let bytes = clock.run(|| {
            let bytes = match &self.table {
                Some(table) => table.encode(samples),
                None => {
                    let table = successors::Table::of(samples);
                    let mut bytes = table.to_bytes();
                    bytes.extend(table.encode(samples));
                    bytes
                }
            };
            if self.zlib { deflate::compress(&bytes) } else { Ok(bytes) }
        });
        Ok(bytes?.into())
    }

    fn decode(&self, coded: &Coded, count: usize, clock: &mut Clock) -> Result<Vec<i16>, Error> {
        clock.run(|| {
            let unpacked = if self.zlib { deflate::decompress(&coded.bytes)? } else { Vec::new() };
            let bytes = if self.zlib { &unpacked } else { &coded.bytes };
            let samples = match &self.table {
                Some(table) => table.decode(bytes, count),
                None => successors::Table::from_bytes(bytes)
                    .and_then(|(table, length)| table.decode(&bytes[length..], count)),
            };
            samples.ok_or(Error::Damaged)
        })
    }
}
