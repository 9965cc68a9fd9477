//! The codes of a set, for decoding.

use super::error::StretchError;
use crate::wide::activity::LEVELS;
use crate::wide::bits::BitReader;
use crate::wide::set::WideSet;
use crate::wide::tiers::{Payload, Symbol};

/// Bits of a prefix that are looked up at once.
const LOOKED_UP: u32 = 9;

/// Finds the symbol of the next bits.
pub(super) struct Codes<'s> {
    set: &'s WideSet,
    token_bits: u32,
    /// `[level << LOOKED_UP | bits] -> symbol`; `None` where the prefix is longer than what is looked
    /// up.
    symbols: Vec<Option<Symbol>>,
}

impl<'s> Codes<'s> {
    pub fn new(set: &'s WideSet) -> Codes<'s> {
        let mut symbols = vec![None; LEVELS << LOOKED_UP];
        for (table, code) in symbols.chunks_exact_mut(1 << LOOKED_UP).zip(set.tiers()) {
            for &symbol in code.symbols() {
                if let Some(more) = LOOKED_UP.checked_sub(symbol.prefix_len.into()) {
                    let first = usize::from(symbol.prefix) << more;
                    table[first..][..1 << more].fill(Some(symbol));
                }
            }
        }
        Codes { set, token_bits: set.bits(), symbols }
    }

    /// The next rank, or `None` for an exception.
    #[inline(always)]
    pub fn rank(
        &self,
        level: usize,
        reader: &mut BitReader<'_>,
    ) -> Result<Option<u32>, StretchError> {
        let bits = reader.peek();
        let symbol = self.symbols[level << LOOKED_UP | (bits >> (64 - LOOKED_UP)) as usize];
        let Some(Symbol { payload: Payload::Rank(first), prefix_len, suffix_len, .. }) = symbol
        else {
            return self.rare(level, reader);
        };
        // Two shifts, since a suffix of no bits would be a shift by 64.
        let suffix = (bits << prefix_len) >> 1 >> (63 - suffix_len);
        reader.consume(u32::from(prefix_len + suffix_len));
        self.checked(first + suffix as u32)
    }

    /// A long prefix, a rank beyond the tiers, or an exception.
    #[cold]
    fn rare(&self, level: usize, reader: &mut BitReader<'_>) -> Result<Option<u32>, StretchError> {
        let bits = reader.peek();
        let is_next = |s: &&Symbol| bits >> (64 - s.prefix_len) == s.prefix.into();
        let symbol = self.set.tiers()[level].symbols().iter().find(is_next);
        let symbol = symbol.expect("the code is complete");
        reader.consume(symbol.prefix_len.into());
        match symbol.payload {
            Payload::Exception => Ok(None),
            Payload::Beyond => self.checked(reader.take(self.token_bits)),
            Payload::Rank(first) => {
                self.checked(first.wrapping_add(reader.take(symbol.suffix_len.into())))
            }
        }
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
