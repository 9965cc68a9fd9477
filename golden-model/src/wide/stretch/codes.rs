//! The codes of a set, for decoding.

use super::error::StretchError;
use crate::wide::activity::LEVELS;
use crate::wide::bits::BitReader;
use crate::wide::set::WideSet;
use crate::wide::tiers::{Payload, Symbol, unit_bits};

/// Bits of a prefix that are looked up at once.
const LOOKED_UP: u32 = 9;

/// What the next bits ask for: three bytes, so that the levels in use stay in the nearest cache.
#[derive(Clone, Copy, Default)]
struct Step {
    /// The first rank of the tier, in the level's units.
    unit: u8,
    /// 0: the prefix is longer than what is looked up, or no tier's.
    prefix_len: u8,
    suffix_len: u8,
}

/// Finds the symbol of the next bits.
pub(super) struct Codes<'s> {
    set: &'s WideSet,
    token_bits: u32,
    /// `[level << LOOKED_UP | bits]`
    steps: Vec<Step>,
}

impl<'s> Codes<'s> {
    pub fn new(set: &'s WideSet) -> Codes<'s> {
        let mut steps = vec![Step::default(); LEVELS << LOOKED_UP];
        let tables = steps.chunks_exact_mut(1 << LOOKED_UP);
        for (level, (table, code)) in tables.zip(set.tiers()).enumerate() {
            for symbol in code.symbols() {
                let Symbol { prefix, prefix_len, suffix_len, .. } = *symbol;
                let Payload::Rank(first) = symbol.payload else { continue };
                let Some(more) = LOOKED_UP.checked_sub(prefix_len.into()) else { continue };
                let unit = (first >> unit_bits(level)) as u8;
                let step = Step { unit, prefix_len, suffix_len };
                table[usize::from(prefix) << more..][..1 << more].fill(step);
            }
        }
        Codes { set, token_bits: set.bits(), steps }
    }

    /// The next rank, or `None` for an exception.
    #[inline(always)]
    pub fn rank(
        &self,
        level: usize,
        reader: &mut BitReader<'_>,
    ) -> Result<Option<u32>, StretchError> {
        let bits = reader.peek();
        let step = self.steps[level << LOOKED_UP | (bits >> (64 - LOOKED_UP)) as usize];
        if step.prefix_len == 0 {
            let (rank, after) = self.rare(level, reader.clone());
            *reader = after;
            return rank;
        }
        // Two shifts, since a suffix of no bits would be a shift by 64.
        let suffix = (bits << step.prefix_len) >> 1 >> (63 - step.suffix_len);
        reader.consume(u32::from(step.prefix_len + step.suffix_len));
        self.checked((u32::from(step.unit) << unit_bits(level)) + suffix as u32)
    }

    /// A long prefix, a rank beyond the tiers, or an exception; and the reader behind it.
    #[cold]
    fn rare<'b>(
        &self,
        level: usize,
        mut reader: BitReader<'b>,
    ) -> (Result<Option<u32>, StretchError>, BitReader<'b>) {
        let bits = reader.peek();
        let is_next = |s: &&Symbol| bits >> (64 - s.prefix_len) == s.prefix.into();
        let symbol = self.set.tiers()[level].symbols().iter().find(is_next);
        let symbol = symbol.expect("the code is complete");
        reader.consume(symbol.prefix_len.into());
        let rank = match symbol.payload {
            Payload::Exception => Ok(None),
            Payload::Beyond => self.checked(reader.take(self.token_bits)),
            Payload::Rank(first) => {
                self.checked(first.wrapping_add(reader.take(symbol.suffix_len.into())))
            }
        };
        (rank, reader)
    }

    /// A rank that some token has.
    #[inline(always)]
    fn checked(&self, rank: u32) -> Result<Option<u32>, StretchError> {
        if u64::from(rank) >> self.token_bits == 0 {
            Ok(Some(rank))
        } else {
            Err(StretchError::Rank)
        }
    }
}
