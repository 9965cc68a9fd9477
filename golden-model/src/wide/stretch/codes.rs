//! The codes of a set as tables, one number for a rank's code.
//!
//! A tier's code is `prefix << suffix_len | suffix`, and its rank is `first + suffix`: so code and rank differ
//! by a number that belongs to the tier, the *offset*.

use super::error::StretchError;
use crate::wide::activity::LEVELS;
use crate::wide::set::WideSet;
use crate::wide::tiers::{Payload, Symbol, UNITS, unit_bits};

/// A number of bits below an offset. 0: none of the table's.
#[derive(Clone, Copy, Default)]
struct Entry(u32);

impl Entry {
    /// `bits` is not 0; `None`: there is no room for the offset.
    fn new(bits: u32, offset: i64) -> Option<Entry> {
        let fits = (-1 << 23..1 << 23).contains(&offset);
        fits.then_some(Entry((offset as u32) << 8 | bits))
    }

    /// The number of bits.
    #[inline(always)]
    fn bits(self) -> u32 {
        self.0 & 0xff
    }

    /// A code or a rank, moved by the offset.
    #[inline(always)]
    fn moved(self, number: u32) -> u32 {
        number.wrapping_add((self.0 as i32 >> 8) as u32)
    }
}

/// The tiers of a level with the first rank of each, and what code and rank differ by.
fn tiers(set: &WideSet, level: usize) -> impl Iterator<Item = (Symbol, u32, i64)> {
    set.tiers()[level].symbols().iter().filter_map(|symbol| {
        let Payload::Rank(first) = symbol.payload else { return None };
        let code = i64::from(symbol.prefix) << symbol.suffix_len;
        Some((*symbol, first, code - i64::from(first)))
    })
}

/// Bits of a code that are looked up at once.
const LOOKED_UP: u32 = 9;
/// Entries of a table for decoding: levels are rounded up, so that an index needs no check.
const ENTRIES: usize = LEVELS.next_power_of_two() << LOOKED_UP;

/// For decoding: finds the rank of the next bits.
pub struct Codes<'s> {
    set: &'s WideSet,
    token_bits: u32,
    /// `[level << LOOKED_UP | bits]`: 64 less the bits of the code.
    entries: Box<[Entry; ENTRIES]>,
}

/// What is known of a code from its first bits.
#[derive(Clone, Copy)]
pub struct Code(Entry);

impl Code {
    /// Whether it is known at all: no long one, no rank beyond the tiers, no exception.
    #[inline(always)]
    pub fn is_known(self) -> bool {
        self.0.0 != 0
    }

    /// Its rank, where the stream goes on with these bits.
    #[inline(always)]
    pub fn rank(self, bits: u64) -> u32 {
        self.0.moved((bits >> (self.0.bits() & 63)) as u32)
    }

    /// How many bits it takes.
    #[inline(always)]
    pub fn bits(self) -> u32 {
        64 - self.0.bits()
    }
}

impl<'s> Codes<'s> {
    pub fn new(set: &'s WideSet) -> Codes<'s> {
        let mut entries: Box<[Entry; ENTRIES]> =
            vec![Entry::default(); ENTRIES].try_into().unwrap_or_else(|_| unreachable!("ENTRIES"));
        for (level, table) in entries.chunks_exact_mut(1 << LOOKED_UP).take(LEVELS).enumerate() {
            for (symbol, _, offset) in tiers(set, level) {
                let Symbol { prefix, prefix_len, suffix_len, .. } = symbol;
                let Some(more) = LOOKED_UP.checked_sub(prefix_len.into()) else { continue };
                let spare = 64 - u32::from(prefix_len + suffix_len);
                let Some(entry) = Entry::new(spare, -offset) else { continue };
                table[usize::from(prefix) << more..][..1 << more].fill(entry);
            }
        }
        Codes { set, token_bits: set.bits(), entries }
    }

    /// What the next bits are the code of.
    #[inline(always)]
    pub fn look_up(&self, level: usize, bits: u64) -> Code {
        Code(self.entries[(level << LOOKED_UP | (bits >> (64 - LOOKED_UP)) as usize) % ENTRIES])
    }

    /// The next rank, or `None` for an exception, and the bits that its code takes of these 64, of which
    /// 57 are known.
    #[inline(always)]
    pub fn rank(&self, level: usize, bits: u64) -> (Option<u32>, u32) {
        let code = self.look_up(level, bits);
        if code.is_known() { (Some(code.rank(bits)), code.bits()) } else { self.rare(level, bits) }
    }

    /// A long prefix, a rank beyond the tiers, or an exception.
    #[cold]
    fn rare(&self, level: usize, bits: u64) -> (Option<u32>, u32) {
        let is_next = |s: &&Symbol| bits >> (64 - s.prefix_len) == s.prefix.into();
        let symbol = self.set.tiers()[level].symbols().iter().find(is_next);
        let symbol = symbol.expect("the code is complete");
        let more = symbol.rank_bits(self.token_bits);
        // Two shifts, since no bits would be a shift by 64.
        let rest = ((bits << symbol.prefix_len) >> 1 >> (63 - more)) as u32;
        let rank = match symbol.payload {
            Payload::Exception => None,
            Payload::Beyond => Some(rest),
            Payload::Rank(first) => Some(first.wrapping_add(rest)),
        };
        (rank, u32::from(symbol.prefix_len) + more)
    }

    /// Whether a rank is one that some token has; for many at once, their bits.
    ///
    /// # Errors
    /// [`StretchError::Rank`].
    #[inline(always)]
    pub fn check(&self, ranks: u32) -> Result<(), StretchError> {
        match u64::from(ranks) >> self.token_bits {
            0 => Ok(()),
            _ => Err(StretchError::Rank),
        }
    }
}

/// For coding: the codes of ranks.
pub struct RankCodes {
    /// `[level][unit]`: the bits of the code.
    entries: Vec<[Entry; UNITS]>,
}

impl RankCodes {
    pub fn new(set: &WideSet) -> RankCodes {
        let mut entries = vec![[Entry::default(); UNITS]; LEVELS];
        for (level, table) in entries.iter_mut().enumerate() {
            for (symbol, first, offset) in tiers(set, level) {
                let bits = u32::from(symbol.prefix_len + symbol.suffix_len);
                let Some(entry) = Entry::new(bits, offset).filter(|_| bits <= 32) else { continue };
                let unit = (first >> unit_bits(level)) as usize;
                let units = 1 << (symbol.suffix_len - unit_bits(level));
                table[unit.min(UNITS)..(unit + units).min(UNITS)].fill(entry);
            }
        }
        RankCodes { entries }
    }

    /// A rank's code and its bits, at most 32; `None`: it is longer, or no tier's.
    #[inline(always)]
    pub fn code(&self, level: usize, rank: u32) -> Option<(u32, u32)> {
        let entry = *self.entries[level].get((rank >> unit_bits(level)) as usize)?;
        (entry.0 != 0).then(|| (entry.moved(rank), entry.bits()))
    }
}
