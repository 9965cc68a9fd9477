//! **Activity** of a channel with wide tokens: a logarithmic level.
//!
//! A running mean `a += min(4 |e|, LIMIT) - (a >> 4)` of the residuals `e` holds 64 times their mean
//! magnitude. The level is the binary logarithm of `a + 1` in quarters: its exponent, and the two
//! bits behind the leading one.

/// The running mean's memory is 16 samples.
pub const SHIFT: u32 = 4;
/// The mean holds quarters of a token.
pub const QUARTERS: u32 = 2;
/// A residual counts at most this much, so that the mean fits 31 bits.
const LIMIT: u32 = 1 << 26;

/// Levels: four to each of the 31 octaves of a mean.
pub const LEVELS: usize = 4 * 31;

/// The running mean after a residual of this magnitude.
#[inline(always)]
pub fn next(mean: u32, magnitude: u32) -> u32 {
    mean + (magnitude.min(LIMIT >> QUARTERS) << QUARTERS) - (mean >> SHIFT)
}

/// The level of a running mean.
#[inline(always)]
pub fn level(mean: u32) -> usize {
    let one_more = mean + 1;
    let octave = one_more.ilog2();
    // The two bits behind the leading one: shifted up first, since there may be none.
    let quarter = (u64::from(one_more) << 2 >> octave) & 3;
    (octave * 4) as usize + quarter as usize
}

/// A mean in the middle of a level.
pub fn middle(level: usize) -> u32 {
    let (octave, quarter) = (level as u32 / 4, level as u64 % 4);
    // Plain form: (4 + quarter + 1/2) / 4 * 2^octave - 1.
    (((9 + 2 * quarter) << octave >> 3) as u32).saturating_sub(1)
}

/// The mean magnitude of the residuals at a level, in 64ths of a token, at least one.
pub fn magnitude(level: usize) -> u64 {
    u64::from(middle(level)).max(1)
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn a_level_is_the_logarithm_in_quarters() {
        for mean in (0..1 << 12).chain((12..30).map(|b| (1 << b) - 1)) {
            let x = f64::from(mean + 1);
            let octave = x.log2().floor();
            let quarter = ((x / octave.exp2() - 1.0) * 4.0).floor();
            assert_eq!(level(mean), (octave * 4.0 + quarter) as usize, "{mean}");
        }
        for l in 8..LEVELS {
            assert_eq!(level(middle(l)), l);
        }
    }

    #[test]
    fn the_mean_keeps_within_31_bits_and_comes_to_64_times_the_magnitude() {
        let mut mean = 0;
        for _ in 0..1000 {
            mean = next(mean, u32::MAX);
            assert!(mean < 1 << 31 && level(mean) < LEVELS);
        }
        for _ in 0..1000 {
            mean = next(mean, 100);
        }
        assert!((6400..6416).contains(&mean), "{mean}");
    }
}
