//! Words into parts of the interval.

use alloc::vec::Vec;

use super::{RANGE_BITS, RANKS, RangeCode, TOKEN, TOTAL, TOTAL_BITS, WHOLE};
use crate::decoder::CorruptCode;

/// Bits of a place that are looked up; a search goes on from there.
const LOOKED_UP: u32 = 9;
/// Where the value begins in the window.
const VALUE: u32 = u64::BITS - RANGE_BITS;

/// Entries of a class: one for every part, counted in 8 bits, and some more, since classes a power of two
/// apart would lie in the same few lines of a cache.
const ENTRIES: usize = 256 + 8;

/// Which part a place lies in.
#[derive(Clone, Debug)]
pub struct Places {
    /// `[class][the top bits of a place] -> the part that it lies in, or one before`
    parts: Vec<u8>,
    /// `[class][part] -> where it begins`; the end behind the last.
    begins: Vec<[u16; ENTRIES]>,
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
        // By walking, since a decoder is made for every file: a search for each place takes as long as a file.
        let of_class = |begins: &[u16]| {
            let inner = begins[..begins.len() - 1].to_vec();
            let mut part = 0;
            (0..1 << LOOKED_UP).map(move |top| {
                let place = top << (TOTAL_BITS - LOOKED_UP);
                while inner.get(part + 1).is_some_and(|&begin| begin <= place) {
                    part += 1;
                }
                part as u8
            })
        };
        let classes = || code.begins.chunks(code.parts());
        let padded = |begins: &[u16]| {
            let mut all = [TOTAL; ENTRIES];
            all[..begins.len()].copy_from_slice(begins);
            all
        };
        Places {
            parts: classes().flat_map(of_class).collect(),
            begins: classes().map(padded).collect(),
        }
    }
}

/// What has raw bits.
#[derive(Clone, Copy, Debug)]
enum Escape {
    Token,
    Sample,
}

/// Reads words as parts of the interval; the [encoder](super::RangeEncoder) backwards.
///
/// What is rare takes it by value, so that in a loop it stays in registers.
#[derive(Clone, Copy, Debug)]
pub struct RangeDecoder {
    /// The first 16 bits are the *value*: how far the stream lies above the encoder's `low`, less than `range`
    /// in any stream that was encoded. Then the bits that wait; zeros below the `held` ones.
    window: u64,
    held: u32,
    /// None, so that no value is below it, where raw bits come next, and where the stream is corrupt.
    range: u32,
    /// The escape whose raw bits come next.
    escape: Option<Escape>,
    /// Whether the last word was all ones.
    after_ones: bool,
    /// A word that the window has no room for, so that an escape finds all its bits.
    spare: Option<u32>,
}

impl Default for RangeDecoder {
    fn default() -> RangeDecoder {
        RangeDecoder {
            window: 0,
            held: 0,
            range: WHOLE,
            escape: None,
            after_ones: false,
            spare: None,
        }
    }
}

impl RangeDecoder {
    /// Whether another word fits. Where none does, enough has arrived for any part and its raw bits.
    #[inline]
    pub fn wants_a_word(&self) -> bool {
        self.spare.is_none()
    }

    /// Takes the next word. Only when [`wants_a_word`](Self::wants_a_word).
    #[inline]
    pub fn push(&mut self, word: u32) {
        debug_assert!(self.wants_a_word());
        if self.has_room() {
            self.append(word);
        } else {
            self.spare = Some(word);
        }
    }

    /// Whether a word is to be appended. It always is before the next part, so that what is decoded is the
    /// same however words arrive. With a word appended, enough is there for any part.
    #[inline(always)]
    fn has_room(&self) -> bool {
        self.held < u32::BITS
    }

    #[inline(always)]
    fn append(&mut self, word: u32) {
        if self.after_ones {
            *self = self.appended_after_ones(word);
        } else {
            self.window |= u64::from(word) << (32 - self.held);
            self.held += u32::BITS;
        }
        self.after_ones = word == u32::MAX;
    }

    /// Moves the spare word into the window; false where there is none, or no room.
    #[inline]
    pub(crate) fn take_spare(&mut self) -> bool {
        let taken = self.has_room().then(|| self.spare.take()).flatten();
        if let Some(word) = taken {
            self.append(word);
        }
        taken.is_some()
    }

    /// Takes the word at `next` and counts it, if there is one and it fits: then enough has arrived for a rank.
    ///
    /// A word is complete every few samples, which no processor foresees: so whether it fits is no branch.
    #[inline(always)]
    pub(crate) fn refill(&mut self, words: &[u32], next: &mut usize) {
        let Some(&word) = words.get(*next) else {
            self.take_spare();
            return;
        };
        if self.after_ones || word == u32::MAX || self.spare.is_some() {
            (*self, *next) = self.refilled(words, *next);
            return;
        }
        let fits = self.has_room();
        let word = if fits { u64::from(word) } else { 0 };
        self.window |= word.wrapping_shl(32u32.wrapping_sub(self.held));
        self.held += u32::from(fits) * u32::BITS;
        *next += usize::from(fits);
    }

    /// What is rare of it. A word behind one of all ones brings 31 bits, so two may fit.
    #[cold]
    fn refilled(mut self, words: &[u32], mut next: usize) -> (RangeDecoder, usize) {
        self.take_spare();
        while self.spare.is_none()
            && self.has_room()
            && let Some(&word) = words.get(next)
        {
            self.append(word);
            next += 1;
        }
        (self, next)
    }

    /// Takes a word of 31 bits, and adds its carry to the bits before.
    #[cold]
    fn appended_after_ones(mut self, word: u32) -> RangeDecoder {
        if word >> 31 == 1 {
            // The word of all ones has arrived, so some bit has.
            let over;
            (self.window, over) = self.window.overflowing_add(1 << (u64::BITS - self.held));
            if over {
                (self.range, self.escape) = (0, None);
            }
        }
        self.window |= u64::from(word & (u32::MAX >> 1)) << (33 - self.held);
        self.held += 31;
        self
    }

    /// The next part of a class and its raw bits; `None`, if they have not arrived.
    ///
    /// # Errors
    /// [`CorruptCode`], for what no encoder sends.
    #[inline(always)]
    pub fn pull(
        &mut self,
        places: &Places,
        class: usize,
        token_bits: u32,
    ) -> Result<Option<Found>, CorruptCode> {
        loop {
            self.take_spare();
            let found = self.pull_held(places, class, token_bits);
            if found != Ok(None) || self.spare.is_none() {
                return found;
            }
        }
    }

    /// The same without the spare word.
    #[inline(always)]
    pub(crate) fn pull_held(
        &mut self,
        places: &Places,
        class: usize,
        token_bits: u32,
    ) -> Result<Option<Found>, CorruptCode> {
        let value = (self.window >> VALUE) as u32;
        if value >= self.range {
            let found;
            (*self, found) = self.raw_bits(token_bits);
            return found;
        }
        // The last place whose beginning, times the range, is not above the value.
        let place = (((value + 1) << TOTAL_BITS) - 1) / self.range;
        let begins = &places.begins[class];
        let looked_up = (class << LOOKED_UP) + (place >> (TOTAL_BITS - LOOKED_UP)) as usize;
        let mut part = places.parts[looked_up];
        while u32::from(begins[usize::from(part) + 1]) <= place {
            part += 1;
        }
        let part = usize::from(part);
        let at = |part: usize| (self.range * u32::from(begins[part])) >> TOTAL_BITS;
        let (begin, end) = (at(part), at(part + 1));
        let width = end - begin;
        // No width is zero; said so, counting needs no exception.
        let shift = (width | 1).leading_zeros() - (u32::BITS - RANGE_BITS);
        if self.held < RANGE_BITS + shift {
            return Ok(None);
        }
        self.window = (self.window - (u64::from(begin) << VALUE)) << shift;
        self.held -= shift;
        self.range = width << shift;
        if part < RANKS {
            let escape = if part == TOKEN { Escape::Token } else { Escape::Sample };
            (self.range, self.escape) = (0, Some(escape));
            let found;
            (*self, found) = self.raw_bits(token_bits);
            return found;
        }
        Ok(Some(Found::Rank(part - RANKS)))
    }

    /// The raw bits of the escape before, if there was one. The encoder's range is half of the largest here.
    #[cold]
    fn raw_bits(mut self, token_bits: u32) -> (RangeDecoder, Result<Option<Found>, CorruptCode>) {
        let Some(escape) = self.escape.filter(|_| self.window >> 63 == 0) else {
            return (self, Err(CorruptCode));
        };
        let bits = match escape {
            Escape::Token => token_bits,
            Escape::Sample => u16::BITS,
        };
        if self.held < RANGE_BITS + bits {
            return (self, Ok(None));
        }
        let raw = (self.window << 1 >> (u64::BITS - bits)) as u16;
        self.window = self.window << 1 << bits >> 1;
        self.held -= bits;
        (self.range, self.escape) = (1 << (RANGE_BITS - 1), None);
        let found = match escape {
            Escape::Token => Found::Token(raw),
            Escape::Sample => Found::Sample(raw),
        };
        (self, Ok(Some(found)))
    }

    /// Whether the stream ends here: nothing is left of it but the zeros that fill the last word.
    pub fn is_over(&self) -> bool {
        let mut this = *self;
        if this.take_spare() {
            return this.is_over();
        }
        // Only before the first part is the range whole.
        let begun = self.range != WHOLE;
        let less_than_a_word = self.held < RANGE_BITS + u32::BITS;
        let over = if begun {
            self.range > 0 && self.window == 0 && less_than_a_word
        } else {
            self.held == 0
        };
        over && self.spare.is_none()
    }
}
