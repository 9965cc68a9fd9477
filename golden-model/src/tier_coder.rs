//! **TierCoder**: from a rank to a code of 1 to 32 bits.
//!
//! The ranks 0, 1, 2 ... are cut into tiers of `2^b` ranks each. A code is the prefix of its tier
//! followed by `b` suffix bits: the place within the tier. Two escapes have prefixes of their own:
//! for a token without a rank in any tier (the token's raw bits follow), and for a sample off the
//! lattice (its 16 raw bits follow). There is one such prefix code for each activity context; each
//! is complete, and canonical, so its lengths define it.
//!
//! ```text
//! code = prefix, b suffix bits       rank   = base + suffix
//! code = prefix, bits of a token     token  = those bits
//! code = prefix, 16 bits             sample = those bits (two's complement)
//! ```
//!
//! Since `code = (prefix << b) - base + rank`, hardware needs one addition and no shifter: see
//! [`Tier::addend`].

use alloc::vec::Vec;

use crate::converter::{Converter, SAMPLE_BITS};

/// Longest prefix, in bits, so that a raw escape still fits 32.
pub const MAX_PREFIX_BITS: u8 = 16;
/// Most tiers in a context, beside the two escapes.
pub const MAX_TIERS: usize = 62;

/// Why the lengths form no tier code.
#[derive(Clone, Copy, Debug, PartialEq, Eq, thiserror::Error)]
#[non_exhaustive]
pub enum TierCodeError {
    /// More tiers than a decoder can look up.
    #[error("{0} tiers, at most {MAX_TIERS}")]
    Tiers(usize),
    /// The tiers hold more ranks than there are tokens.
    #[error("tiers reach beyond {0} ranks")]
    Ranks(usize),
    /// A prefix without bits, or a longer one than a code has room for.
    #[error("a prefix of {0} bits, not 1..={MAX_PREFIX_BITS}")]
    Prefix(u8),
    /// No code without a common beginning has lengths as short as these.
    #[error("the prefixes are too short: no prefix-free code has such lengths")]
    TooShort,
    /// Some bits are the beginning of no code.
    #[error("the prefixes are too long: the code is not complete")]
    TooLong,
}

/// The bits that stand for one sample: `bits` right-aligned, `len` of them (1..=32).
#[derive(Clone, Copy, Debug, PartialEq, Eq)]
pub struct Code {
    /// The bits, the first one sent most significant.
    pub bits: u32,
    /// How many bits, 1..=32.
    pub len: u8,
}

/// What a tier's suffix bits mean.
#[derive(Clone, Copy, Debug, PartialEq, Eq)]
pub enum Payload {
    /// Ranks from this one on.
    Ranks {
        /// The first rank of the tier.
        base: u16,
    },
    /// A token outside every tier.
    Token,
    /// A sample off the lattice.
    Sample,
}

/// One tier, or one of the two escapes.
#[derive(Clone, Copy, Debug, PartialEq, Eq)]
pub struct Tier {
    /// What the suffix stands for.
    pub payload: Payload,
    /// The prefix, right-aligned.
    pub prefix: u16,
    /// Bits of the prefix, 1..=16.
    pub prefix_len: u8,
    /// Bits of the suffix.
    pub suffix_len: u8,
}

impl Tier {
    /// Bits of the whole code.
    pub fn code_len(&self) -> u8 {
        self.prefix_len + self.suffix_len
    }

    /// What has to be added to the payload (rank, token or sample as 16 bits) to make the code,
    /// modulo 2^32: plain form, `(prefix << suffix_len) - base`.
    pub fn addend(&self) -> u32 {
        let base = match self.payload {
            Payload::Ranks { base } => base,
            Payload::Token | Payload::Sample => 0,
        };
        (u32::from(self.prefix) << self.suffix_len).wrapping_sub(u32::from(base))
    }

    /// The code of `payload`: a rank of this tier, a token's number or a sample's 16 bits.
    pub fn code(&self, payload: u16) -> Code {
        Code { bits: self.addend().wrapping_add(u32::from(payload)), len: self.code_len() }
    }
}

/// The lengths of a context's code, as training finds them and a table set stores them.
#[derive(Clone, Debug, PartialEq, Eq)]
pub struct TierShape {
    /// For each tier, in order of rank: suffix bits and prefix bits.
    pub tiers: Vec<(u8, u8)>,
    /// Prefix bits of the token escape.
    pub token_escape: u8,
    /// Prefix bits of the sample escape.
    pub sample_escape: u8,
}

/// The tiers of one context, with their prefixes.
#[derive(Clone, Debug, PartialEq, Eq)]
pub struct TierCode {
    tiers: Vec<Tier>,
}

impl TierCode {
    /// Gives every tier its canonical prefix: shorter ones first, equal ones in the order tiers by
    /// rank, token escape, sample escape.
    ///
    /// # Errors
    /// [`TierCodeError`], when the lengths leave the ranges or are not those of a complete prefix
    /// code.
    pub fn new(shape: &TierShape, converter: &Converter) -> Result<TierCode, TierCodeError> {
        if shape.tiers.len() > MAX_TIERS {
            return Err(TierCodeError::Tiers(shape.tiers.len()));
        }
        let token_bits = converter.token_bits() as u8;
        let mut tiers = Vec::with_capacity(shape.tiers.len() + 2);
        let mut base = 0u32;
        for &(suffix_len, prefix_len) in &shape.tiers {
            if suffix_len > token_bits || base >= 1 << token_bits {
                return Err(TierCodeError::Ranks(converter.tokens()));
            }
            let payload = Payload::Ranks { base: base as u16 };
            tiers.push(Tier { payload, prefix: 0, prefix_len, suffix_len });
            base += 1 << suffix_len;
        }
        for (payload, prefix_len, suffix_len) in [
            (Payload::Token, shape.token_escape, token_bits),
            (Payload::Sample, shape.sample_escape, SAMPLE_BITS as u8),
        ] {
            tiers.push(Tier { payload, prefix: 0, prefix_len, suffix_len });
        }
        if let Some(t) = tiers.iter().find(|t| !(1..=MAX_PREFIX_BITS).contains(&t.prefix_len)) {
            return Err(TierCodeError::Prefix(t.prefix_len));
        }
        // Kraft's sum in units of the shortest step: equal to one, the code is complete.
        let kraft: u32 = tiers.iter().map(|t| 1 << (MAX_PREFIX_BITS - t.prefix_len)).sum();
        if kraft > 1 << MAX_PREFIX_BITS {
            return Err(TierCodeError::TooShort);
        }
        if kraft < 1 << MAX_PREFIX_BITS {
            return Err(TierCodeError::TooLong);
        }
        let mut next = 0u32;
        for len in 1..=MAX_PREFIX_BITS {
            for tier in tiers.iter_mut().filter(|t| t.prefix_len == len) {
                tier.prefix = (next >> (MAX_PREFIX_BITS - len)) as u16;
                next += 1 << (MAX_PREFIX_BITS - len);
            }
        }
        Ok(TierCode { tiers })
    }

    /// All tiers: those of ranks in order, then the token escape, then the sample escape.
    pub fn tiers(&self) -> &[Tier] {
        &self.tiers
    }

    /// The lengths that this code was made from.
    pub fn shape(&self) -> TierShape {
        let ranks = &self.tiers[..self.tiers.len() - 2];
        TierShape {
            tiers: ranks.iter().map(|t| (t.suffix_len, t.prefix_len)).collect(),
            token_escape: self.token_escape().prefix_len,
            sample_escape: self.sample_escape().prefix_len,
        }
    }

    /// The index in [`tiers`](Self::tiers) of the tier that holds `rank`; the token escape's, when
    /// none does.
    pub fn tier_of(&self, rank: Option<u16>) -> usize {
        let escape = self.tiers.len() - 2;
        let Some(rank) = rank else { return escape };
        let mut end = 0u32;
        for (index, tier) in self.tiers[..escape].iter().enumerate() {
            end += 1 << tier.suffix_len;
            if u32::from(rank) < end {
                return index;
            }
        }
        escape
    }

    /// How many ranks are in tiers: all below this one.
    pub fn ranks(&self) -> usize {
        self.tiers[..self.tiers.len() - 2].iter().map(|tier| 1 << tier.suffix_len).sum()
    }

    /// The escape of tokens outside every tier.
    pub fn token_escape(&self) -> &Tier {
        &self.tiers[self.tiers.len() - 2]
    }

    /// The escape of samples off the lattice.
    pub fn sample_escape(&self) -> &Tier {
        &self.tiers[self.tiers.len() - 1]
    }

    /// Bits of the longest code.
    pub fn longest(&self) -> u8 {
        self.tiers.iter().map(Tier::code_len).max().unwrap_or(0)
    }

    /// Bits of the shortest code.
    pub fn shortest(&self) -> u8 {
        self.tiers.iter().map(Tier::code_len).min().unwrap_or(0)
    }
}

#[cfg(test)]
mod tests {
    use super::*;
    use proptest::prelude::*;

    fn seed() -> TierShape {
        TierShape { tiers: vec![(3, 2), (5, 2), (7, 2)], token_escape: 3, sample_escape: 3 }
    }

    #[test]
    fn the_seed_has_a_fixed_prefix_of_two_bits() {
        let code = TierCode::new(&seed(), &Converter::challenge()).unwrap();
        let prefixes: Vec<u16> = code.tiers().iter().map(|t| t.prefix).collect();
        assert_eq!(prefixes, [0b00, 0b01, 0b10, 0b110, 0b111]);
        assert_eq!(code.tiers()[1].code(8), Code { bits: 0b01_00000, len: 7 });
        assert_eq!(code.tiers()[2].code(167), Code { bits: 0b10_1111111, len: 9 });
        assert_eq!(code.token_escape().code(1023), Code { bits: 0b110_1111111111, len: 13 });
        assert_eq!(code.sample_escape().code(0x8001), Code { bits: 0x7_8001, len: 19 });
        assert_eq!(
            [0, 7, 8, 39, 40, 167, 168].map(|r| code.tier_of(Some(r))),
            [0, 0, 1, 1, 2, 2, 3]
        );
        assert_eq!(code.tier_of(None), 3);
        assert_eq!((code.longest(), code.shape()), (19, seed()));
    }

    #[test]
    fn lengths_that_are_no_complete_prefix_code_are_refused() {
        let converter = Converter::challenge();
        let refused = |shape, why| assert_eq!(TierCode::new(&shape, &converter), Err(why));
        refused(TierShape { token_escape: 2, ..seed() }, TierCodeError::TooShort);
        refused(TierShape { token_escape: 4, ..seed() }, TierCodeError::TooLong);
        refused(TierShape { token_escape: 0, ..seed() }, TierCodeError::Prefix(0));
        refused(TierShape { token_escape: 17, ..seed() }, TierCodeError::Prefix(17));
        let tiers = vec![(10, 2), (0, 2)];
        refused(TierShape { tiers, ..seed() }, TierCodeError::Ranks(1024));
        let tiers = vec![(0, 6); 63];
        refused(TierShape { tiers, ..seed() }, TierCodeError::Tiers(63));
    }

    /// A complete code of any shape: split a leaf again and again.
    fn shapes() -> impl Strategy<Value = TierShape> {
        prop::collection::vec((any::<prop::sample::Index>(), 0u8..5), 1..40).prop_map(|splits| {
            let mut leaves = vec![0u8];
            for (index, _) in &splits {
                let at = index.index(leaves.len());
                if leaves[at] < MAX_PREFIX_BITS {
                    leaves[at] += 1;
                    leaves.push(leaves[at]);
                }
            }
            let tiers =
                leaves[2..].iter().zip(splits).map(|(&prefix, (_, suffix))| (suffix, prefix));
            TierShape { tiers: tiers.collect(), token_escape: leaves[0], sample_escape: leaves[1] }
        })
    }

    proptest! {
        #[test]
        fn no_code_begins_another_and_an_addition_makes_each(shape in shapes()) {
            let code = TierCode::new(&shape, &Converter::challenge()).unwrap();
            prop_assert_eq!(code.shape(), shape);
            for (i, a) in code.tiers().iter().enumerate() {
                for b in &code.tiers()[i + 1..] {
                    let short = a.prefix_len.min(b.prefix_len);
                    let heads = [a, b].map(|t| t.prefix >> (t.prefix_len - short));
                    prop_assert_ne!(heads[0], heads[1]);
                }
                let (first, suffix) = match a.payload {
                    Payload::Ranks { base } => (base, 1u16 << a.suffix_len),
                    Payload::Token | Payload::Sample => (0, 1 << 10),
                };
                for step in [0, suffix / 2, suffix - 1] {
                    let built = u64::from(a.prefix) << a.suffix_len | u64::from(step);
                    prop_assert_eq!(u64::from(a.code(first + step).bits), built);
                }
            }
        }
    }
}
