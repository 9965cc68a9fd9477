//! Words: what the two coders have in common. A table set's codes are packed whole, or its intervals are
//! narrowed; either way one sample completes at most one word.

use crate::bit_packer::{BitPacker, BitReader};
use crate::range_coder::{RangeDecoder, RangeEncoder};
use crate::table_set::TableSet;

/// Where an encoder's codes become words.
#[derive(Clone, Debug)]
pub enum WordWriter {
    /// Codes of whole bits.
    Tiers(BitPacker),
    /// Intervals.
    Range(RangeEncoder),
}

impl WordWriter {
    /// An empty one for streams of this table set.
    pub fn new(set: &TableSet) -> WordWriter {
        match set.range_code() {
            None => WordWriter::Tiers(BitPacker::default()),
            Some(_) => WordWriter::Range(RangeEncoder::default()),
        }
    }

    /// Ends the stream and returns its last words.
    pub fn flush(&mut self) -> impl Iterator<Item = u32> + use<> {
        let last = match self {
            WordWriter::Tiers(packer) => [packer.flush(), None, None],
            WordWriter::Range(encoder) => encoder.flush(),
        };
        last.into_iter().flatten()
    }
}

/// Where words become a decoder's codes.
#[derive(Clone, Debug)]
pub enum WordReader {
    /// Codes of whole bits.
    Tiers(BitReader),
    /// Intervals.
    Range(RangeDecoder),
}

impl WordReader {
    /// A reader before the first word of a stream of this table set.
    pub fn new(set: &TableSet) -> WordReader {
        match set.range_code() {
            None => WordReader::Tiers(BitReader::default()),
            Some(_) => WordReader::Range(RangeDecoder::default()),
        }
    }

    /// Whether another word fits.
    #[inline]
    pub fn wants_a_word(&self) -> bool {
        match self {
            WordReader::Tiers(reader) => reader.wants_a_word(),
            WordReader::Range(decoder) => decoder.wants_a_word(),
        }
    }

    /// Takes the next word. Only when [`wants_a_word`](Self::wants_a_word).
    #[inline]
    pub fn push(&mut self, word: u32) {
        match self {
            WordReader::Tiers(reader) => reader.push(word),
            WordReader::Range(decoder) => decoder.push(word),
        }
    }

    /// Whether nothing is left but the zeros that fill the last word.
    pub fn is_over(&self) -> bool {
        match self {
            WordReader::Tiers(reader) => reader.is_over(),
            WordReader::Range(decoder) => decoder.is_over(),
        }
    }
}
