//! **Rank classes**: ranks by nearness in steps that grow with them.
//!
//! A converter of 16 bits has 65536 ranks, and far ones are rare and much alike. Ranks below 32 are
//! each a class of their own; above, every octave is 16 classes of equally many ranks. Training counts
//! classes, and tiers begin at the first rank of one. So hardware looks tiers up in a ROM of 256 classes a
//! context.
//!
//! ```text
//! rank   1 x x x x y y y    the class: how many y there are, plus one, then x x x x
//! ```

/// Bits that tell the classes of an octave apart.
const MANTISSA: u32 = 4;

/// Bits of a class: those of 16-bit ranks fit.
pub const CLASS_BITS: u32 = 8;

/// The class of a rank.
#[inline]
pub const fn class(rank: u16) -> usize {
    // Ranks below the first octave are as far apart as those in it.
    let octave = (rank | 1 << MANTISSA).ilog2() - MANTISSA;
    ((octave as usize) << MANTISSA) + (rank >> octave) as usize
}

/// The first rank of a class, or where the last one ends.
pub const fn first(class: usize) -> usize {
    let octave = (class >> MANTISSA).saturating_sub(1);
    (class - (octave << MANTISSA)) << octave
}

/// How many classes the ranks of tokens of so many bits are.
pub const fn classes(token_bits: u32) -> usize {
    class((u16::MAX as u32 >> (u16::BITS - token_bits)) as u16) + 1
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn classes_are_runs_of_ranks_that_grow_by_octaves() {
        for rank in 0..=u16::MAX {
            let class = class(rank);
            assert!((first(class)..first(class + 1)).contains(&usize::from(rank)), "{rank}");
            // Classes are no wider than a sixteenth of their first rank.
            let width = first(class + 1) - first(class);
            assert!(width == 1 || width * 16 <= first(class));
        }
        assert_eq!([15, 16, 31, 32, 33, 34].map(class), [15, 16, 31, 32, 32, 33]);
        assert_eq!(class(u16::MAX) + 1, 208);
        assert!(class(u16::MAX) < 1 << CLASS_BITS);
        assert_eq!([8, 10, 14, 16].map(classes), [80, 112, 176, 208]);
        assert_eq!(
            [8, 10, 14, 16].map(|bits| first(classes(bits))),
            [1 << 8, 1 << 10, 1 << 14, 1 << 16]
        );
    }
}
