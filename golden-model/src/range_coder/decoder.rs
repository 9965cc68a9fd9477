//! Words into parts of the interval.

use alloc::vec::Vec;

use super::{RANGE_BITS, RANKS, RangeCode, SAMPLE, TOKEN, TOTAL_BITS, WHOLE};
use crate::bit_packer::BitReader;
use crate::decoder::CorruptCode;

/// Bits of a place that are looked up; a search goes on from there.
const LOOKED_UP: u32 = 9;

/// Which part a place lies in.
#[derive(Clone, Debug)]
pub struct Places {
    /// `[class][the top bits of a place] -> the part that it lies in, or one before`
    parts: Vec<u8>,
}

/// What was decoded.
#[derive(Clone, Copy, Debug, PartialEq, Eq)]
pub enum Found {
    /// A rank.
    Rank(usize),
    /// The token escape, with the token's number.
    Token(u16),
    /// The sample escape, with the sample's bits.
    Sample(u16),
}

impl Places {
    /// The table of a range code.
    pub fn new(code: &RangeCode) -> Places {
        let of_class = |begins: &[u16]| {
            let inner = begins[..begins.len() - 1].to_vec();
            (0..1 << LOOKED_UP).map(move |top| {
                let place = top << (TOTAL_BITS - LOOKED_UP);
                (inner.partition_point(|&begin| begin <= place) - 1) as u8
            })
        };
        Places { parts: code.begins.chunks(code.parts()).flat_map(of_class).collect() }
    }
}

/// Reads words as parts of the interval; the [encoder](super::RangeEncoder) backwards.
///
/// What is rare takes it by value, so that in a loop it stays in registers.
#[derive(Clone, Copy, Debug)]
pub struct RangeDecoder {
    /// How far the stream lies above the encoder's `low`: less than `range` in any stream that was encoded.
    value: u32,
    range: u32,
    /// Whether `value` has its first bits.
    begun: bool,
    bits: BitReader,
    /// Whether the last word was all ones.
    after_ones: bool,
}

impl Default for RangeDecoder {
    fn default() -> RangeDecoder {
        let bits = BitReader::default();
        RangeDecoder { value: 0, range: WHOLE, begun: false, bits, after_ones: false }
    }
}

impl RangeDecoder {
    /// Whether another word fits.
    #[inline]
    pub fn wants_a_word(&self) -> bool {
        self.bits.wants_a_word()
    }

    /// Takes the next word. Only when [`wants_a_word`](Self::wants_a_word).
    #[inline]
    pub fn push(&mut self, word: u32) {
        if self.after_ones {
            *self = self.pushed_after_ones(word);
        } else {
            self.bits.push(word);
        }
        self.after_ones = word == u32::MAX;
    }

    /// Takes a word of 31 bits, and adds its carry to the bits before, whose first is above those that wait.
    #[cold]
    fn pushed_after_ones(mut self, word: u32) -> RangeDecoder {
        if word >> 31 == 1 && self.bits.carry() {
            self.value += 1;
        }
        self.bits.push_bits(word & (u32::MAX >> 1), 31);
        self
    }

    /// The next part of a class and its raw bits; `None`, without a change, if they have not arrived.
    ///
    /// # Errors
    /// [`CorruptCode`], for what no encoder sends.
    #[inline(always)]
    pub fn pull(
        &mut self,
        code: &RangeCode,
        places: &Places,
        class: usize,
        token_bits: u32,
    ) -> Result<Option<Found>, CorruptCode> {
        if !self.begun {
            if self.bits.held() < RANGE_BITS {
                return Ok(None);
            }
            self.value = self.take(self.value, RANGE_BITS);
            self.begun = true;
        }
        if self.value >= self.range {
            return Err(CorruptCode);
        }
        // The last place whose beginning, times the range, is not above the value.
        let place = (((self.value + 1) << TOTAL_BITS) - 1) / self.range;
        let parts = code.parts();
        let begins = &code.begins[class * parts..][..parts];
        let looked_up = (class << LOOKED_UP) + (place >> (TOTAL_BITS - LOOKED_UP)) as usize;
        let mut part = usize::from(places.parts[looked_up]);
        while u32::from(begins[part + 1]) <= place {
            part += 1;
        }
        let at = |part: usize| (self.range * u32::from(begins[part])) >> TOTAL_BITS;
        let (begin, end) = (at(part), at(part + 1));
        let width = end - begin;
        // No width is zero; said so, counting needs no exception.
        let shift = (width | 1).leading_zeros() - (u32::BITS - RANGE_BITS);
        if part < RANKS {
            let raw_bits = if part == TOKEN { token_bits } else { u16::BITS };
            let found;
            (*self, found) = self.escaped(part, begin, shift, raw_bits);
            return found;
        }
        if self.bits.held() < shift {
            return Ok(None);
        }
        self.value = self.take(self.value - begin, shift);
        self.range = width << shift;
        Ok(Some(Found::Rank(part - RANKS)))
    }

    /// An escape's raw bits.
    #[cold]
    fn escaped(
        mut self,
        part: usize,
        begin: u32,
        shift: u32,
        raw_bits: u32,
    ) -> (RangeDecoder, Result<Option<Found>, CorruptCode>) {
        if self.bits.held() < shift + raw_bits {
            return (self, Ok(None));
        }
        let value = self.take(self.value - begin, shift);
        self.range = 1 << (RANGE_BITS - 1);
        if value >= self.range {
            return (self, Err(CorruptCode));
        }
        let value = self.take(value, raw_bits);
        self.value = value & (self.range - 1);
        let raw = (value >> (RANGE_BITS - 1)) as u16;
        (self, Ok(Some(if part == SAMPLE { Found::Sample(raw) } else { Found::Token(raw) })))
    }

    /// `value`, and so many bits more, at most 16.
    #[inline(always)]
    fn take(&mut self, value: u32, bits: u32) -> u32 {
        // Two shifts, since none of them may be by 64.
        let next = (self.bits.peek() >> 1) >> (63 - bits);
        self.bits.consume(bits);
        value << bits | next as u32
    }

    /// Whether the stream ends here: nothing is left of it but the zeros that fill the last word.
    pub fn is_over(&self) -> bool {
        let untouched = !self.begun && self.bits.held() == 0;
        untouched || self.begun && self.value == 0 && self.bits.is_over()
    }
}
