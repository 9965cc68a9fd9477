//! **RangeCoder**: from a rank to a part of an interval, in fractions of a bit.
//!
//! The other coder beside the [tier coder](crate::tier_coder), for table sets that want the highest ratio.
//! Every rank has a *width* out of [`TOTAL`], frozen by training. Widths belong to *classes*, and the activity
//! context with the row of the rank table says which class holds. Two escapes have widths too: for a token
//! whose rank has none, and for a sample off the lattice. Their raw bits follow.
//!
//! ```text
//! class   classes[context][row]
//! parts   0 ..= TOTAL: sample escape (1 wide), token escape, rank 0, rank 1 ...
//! ```
//!
//! # A step of the encoder
//! It holds an interval `low .. low + range` of 16 bits each, `range` at least half of that:
//!
//! ```text
//! begin   range * first part >> 15          end   range * part behind >> 15
//! shift   leading zeros of the 16 bits of (end - begin)
//! low     (low + begin) << shift            range   (end - begin) << shift
//! raw     range = 2^15, low = (low << bits) + (raw << 15)
//! ```
//!
//! What `low` shifts out above its 16 bits is the [`Code`]: `shift` bits and the bits of the escape, 31 at most.
//! A sample may have none. Bit `len` of a code is its *carry*: it is added to the bits sent before.
//! The [packer](CarryPacker) resolves it. At the end of a stream the 16 bits of `low` are sent.
//!
//! # Carries are bounded
//! A word waits until the next is complete, so a carry finds it, unless it is all ones. Behind a word of all
//! ones the next one has 31 bits of the stream, and its top bit takes the carry. So no carry goes further than
//! the word that waits, a sample completes at most one word, and the widest register is that of the bits that
//! fill no word yet, 31 and a code. It costs a bit in 2^32 words.
//!
//! # Widths in hardware
//! | value | bits |
//! |---|---:|
//! | `low`, `range`, `end - begin` | 16 |
//! | a part, a class's table entry | 15, and the end is known |
//! | products | 31: two multiplications of 16 by 16 bits |
//! | `low + begin` | 17 |
//! | a code and its carry | 32 |
//!
//! Only `range` goes around the loop of a clock: look-up before it, then multiply, subtract, count zeros,
//! shift. `low`, codes and words follow in later stages.

mod decoder;
mod encoder;
mod packer;

use alloc::vec::Vec;

pub use decoder::{Found, Places, RangeDecoder};
pub use encoder::RangeEncoder;
pub use packer::CarryPacker;

use crate::rank_table::RankTable;
#[cfg(doc)]
use crate::tier_coder::Code;

/// Bits of the sum of widths.
pub const TOTAL_BITS: u32 = 15;
/// The sum of the widths of a class.
pub const TOTAL: u16 = 1 << TOTAL_BITS;
/// Most classes.
pub const MAX_CLASSES: usize = 256;
/// Most ranks with a width: all parts of a class count in 8 bits.
pub const MAX_RANKS: usize = 253;
/// The widest that anything may be: so a sample takes a bit of [`SAMPLES_PER_BIT`] at least.
pub const MAX_WIDTH: u16 = TOTAL - TOTAL / 16;
/// `MAX_WIDTH` takes 0.093 bits, so a bit holds no more samples than this.
pub const SAMPLES_PER_BIT: usize = 11;
/// Most bits of a code: 15 for the least width, and a raw sample.
pub const LONGEST: u8 = 31;
/// Bits of `low` and `range`.
pub const RANGE_BITS: u32 = 16;
/// The range before the first sample.
const WHOLE: u32 = (1 << RANGE_BITS) - 1;

/// Why numbers form no range code.
#[derive(Clone, Copy, Debug, PartialEq, Eq, thiserror::Error)]
#[non_exhaustive]
pub enum RangeCodeError {
    /// Not one list of classes for each context.
    #[error("classes of {lists} contexts for {contexts} contexts")]
    Contexts {
        /// The lists given.
        lists: usize,
        /// The contexts.
        contexts: usize,
    },
    /// Not one class for each row.
    #[error("context {context}: {given} classes for {rows} rows")]
    Rows {
        /// The context.
        context: usize,
        /// The classes given.
        given: usize,
        /// The rows of the rank table.
        rows: usize,
    },
    /// A class that does not exist.
    #[error("context {context}: there is no class {class}")]
    NoClass {
        /// The context.
        context: usize,
        /// The class named.
        class: u8,
    },
    /// No classes, or too many.
    #[error("{0} classes, not 1 to {MAX_CLASSES}")]
    Classes(usize),
    /// More widths than ranks, or none for the token escape.
    #[error("class {class}: {widths} widths, not one for the token escape and at most {ranks}")]
    Widths {
        /// The class.
        class: usize,
        /// The widths given.
        widths: usize,
        /// The most that there may be.
        ranks: usize,
    },
    /// A width that would take too few bits, or an escape without one.
    #[error("class {class}: a width of {width}")]
    Width {
        /// The class.
        class: usize,
        /// The width.
        width: u16,
    },
    /// Widths that do not fill the interval.
    #[error("class {class}: the widths sum to {sum}, not {}", TOTAL - 1)]
    Sum {
        /// The class.
        class: usize,
        /// Their sum.
        sum: u32,
    },
}

/// Classes and widths, as training finds them and a table set stores them.
#[derive(Clone, Debug, Default, PartialEq, Eq)]
pub struct RangeShape {
    /// `[context][row] -> class`
    pub classes: Vec<Vec<u8>>,
    /// Of each class: the width of the token escape, then those of the ranks; ranks behind have none.
    pub widths: Vec<Vec<u16>>,
}

/// Where a class's parts begin, of all classes.
#[derive(Clone, Debug, PartialEq, Eq)]
pub struct RangeCode {
    rows: usize,
    /// `[context][row] -> class`
    classes: Vec<u8>,
    /// Ranks that have a place in the table.
    ranks: usize,
    /// `[class][part] -> where it begins`: sample escape, token escape, ranks, the end.
    begins: Vec<u16>,
}

/// The parts of escapes; rank `r` is part `r + RANKS`.
const SAMPLE: usize = 0;
const TOKEN: usize = 1;
const RANKS: usize = 2;

/// A part of the interval, and what follows it raw.
#[derive(Clone, Copy, Debug, PartialEq, Eq)]
pub struct Interval {
    /// Where it begins.
    pub begin: u16,
    /// Where it ends, at most [`TOTAL`].
    pub end: u16,
    /// The bits of an escape.
    pub raw: u16,
    /// How many there are; none behind a rank.
    pub raw_bits: u8,
}

impl RangeCode {
    /// Checks the numbers and adds them up.
    ///
    /// # Errors
    /// [`RangeCodeError`], when they do not fit one another, the contexts and the rank table.
    pub fn new(
        shape: &RangeShape,
        contexts: usize,
        table: &RankTable,
    ) -> Result<RangeCode, RangeCodeError> {
        let rows = usize::from(table.fold()).max(1);
        let lists = shape.classes.len();
        if lists != contexts {
            return Err(RangeCodeError::Contexts { lists, contexts });
        }
        let count = shape.widths.len();
        if !(1..=MAX_CLASSES).contains(&count) {
            return Err(RangeCodeError::Classes(count));
        }
        for (context, list) in shape.classes.iter().enumerate() {
            if list.len() != rows {
                return Err(RangeCodeError::Rows { context, given: list.len(), rows });
            }
            if let Some(&class) = list.iter().find(|&&class| usize::from(class) >= count) {
                return Err(RangeCodeError::NoClass { context, class });
            }
        }
        let most = table.width().min(MAX_RANKS);
        let ranks = shape.widths.iter().map(Vec::len).max().unwrap_or(0).saturating_sub(1);
        let mut begins = Vec::with_capacity(count * (ranks + RANKS + 1));
        for (class, widths) in shape.widths.iter().enumerate() {
            if !(1..=most + 1).contains(&widths.len()) {
                return Err(RangeCodeError::Widths { class, widths: widths.len(), ranks: most });
            }
            let strange = widths.iter().find(|&&width| width > MAX_WIDTH);
            if let Some(&width) = strange.or(widths.first().filter(|&&width| width == 0)) {
                return Err(RangeCodeError::Width { class, width });
            }
            let sum: u32 = widths.iter().map(|&width| u32::from(width)).sum();
            if sum != u32::from(TOTAL) - 1 {
                return Err(RangeCodeError::Sum { class, sum });
            }
            let mut place = 1;
            begins.extend([0, place]);
            for part in 0..=ranks {
                place += widths.get(part).copied().unwrap_or(0);
                begins.push(place);
            }
        }
        Ok(RangeCode { rows, classes: shape.classes.concat(), ranks, begins })
    }

    /// The numbers that this code was made from.
    pub fn shape(&self) -> RangeShape {
        let widths = self.begins.chunks(self.parts()).map(|begins| {
            let mut widths: Vec<u16> =
                begins[TOKEN..].windows(2).map(|pair| pair[1] - pair[0]).collect();
            let named = widths.iter().rposition(|&width| width > 0).map_or(0, |last| last + 1);
            widths.truncate(named);
            widths
        });
        RangeShape {
            classes: self.classes.chunks(self.rows).map(<[u8]>::to_vec).collect(),
            widths: widths.collect(),
        }
    }

    /// How many classes there are.
    pub fn classes(&self) -> usize {
        self.begins.len() / self.parts()
    }

    /// Ranks that may have a width.
    pub(crate) fn ranks(&self) -> usize {
        self.ranks
    }

    /// Bits that the widths take in a ROM: where each rank begins, and the class of each row of each context.
    pub fn rom_bits(&self) -> usize {
        self.classes() * self.ranks * TOTAL_BITS as usize + self.classes.len() * 8
    }

    /// Entries of a class.
    fn parts(&self) -> usize {
        self.ranks + RANKS + 1
    }

    /// The class of a row in a context.
    #[inline]
    pub fn class(&self, context: usize, row: usize) -> usize {
        usize::from(self.classes[context * self.rows + row])
    }

    /// The interval of a rank, or `None` where the token has to escape.
    #[inline]
    pub fn rank(&self, class: usize, rank: usize) -> Option<Interval> {
        if rank >= self.ranks {
            return None;
        }
        let interval = self.part(class, rank + RANKS, 0, 0);
        (interval.begin < interval.end).then_some(interval)
    }

    /// The token escape, with the token's number.
    #[inline]
    pub fn token_escape(&self, class: usize, number: u16, token_bits: u32) -> Interval {
        self.part(class, TOKEN, number, token_bits as u8)
    }

    /// The sample escape, with the sample's bits.
    #[inline]
    pub fn sample_escape(&self, class: usize, bits: u16) -> Interval {
        self.part(class, SAMPLE, bits, u16::BITS as u8)
    }

    #[inline]
    fn part(&self, class: usize, part: usize, raw: u16, raw_bits: u8) -> Interval {
        let place = class * self.parts() + part;
        let (begin, end) = (self.begins[place], self.begins[place + 1]);
        Interval { begin, end, raw, raw_bits }
    }
}

impl Interval {
    /// About how many bits it takes, in sixteenths.
    pub fn sixteenths(&self) -> u32 {
        let width = u32::from(self.end - self.begin).max(1);
        // The logarithm, straight between powers of two.
        let whole = width.ilog2();
        let fraction = ((width << 4) >> whole) - 16;
        16 * (TOTAL_BITS + u32::from(self.raw_bits)) - 16 * whole - fraction
    }
}

#[cfg(test)]
mod tests;
