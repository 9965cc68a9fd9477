//! **Tiers** for wide tokens: the prefix code of one activity level.
//!
//! Ranks are counted in *units* of `2^k`, where `k` grows with the level, so that a level's mean rank
//! is 16 to 32 units. One of a few *patterns* cuts the first 256 units into tiers; two more symbols
//! follow them:
//!
//! ```text
//! code = prefix, suffix bits           rank = first of the tier + suffix
//! code = prefix, bits of a token       the rank in full: it lies beyond the tiers
//! code = prefix, 1 bit, raw sample     an exception; see the stretch
//! ```
//!
//! The prefixes are canonical: a code is its pattern and its prefix lengths. The *parametric* code of
//! a level is made from the shape that residuals of that mean magnitude have; it is what it is on
//! every machine, since only integers make it.

mod prefix_lengths;

use super::activity::{LEVELS, magnitude};
use prefix_lengths::prefix_lengths;

/// Longest prefix, in bits.
pub const MAX_PREFIX_BITS: u8 = 14;
/// Units that the tiers of a pattern cover at least.
pub const UNITS: usize = 256;

/// How units are cut into tiers.
struct Pattern {
    /// Units of each of the first tiers: two to the power of this.
    first: u8,
    /// How many first tiers.
    count: usize,
    /// How many tiers of each size follow, the size doubling.
    repeats: usize,
}

/// The patterns that a code can have.
const PATTERNS: [Pattern; 5] = [
    Pattern { first: 0, count: 8, repeats: 2 },
    Pattern { first: 1, count: 8, repeats: 2 },
    Pattern { first: 2, count: 8, repeats: 2 },
    Pattern { first: 0, count: 16, repeats: 3 },
    Pattern { first: 1, count: 16, repeats: 3 },
];

impl Pattern {
    /// The logarithms of the tiers' sizes in units; together they cover [`UNITS`] or a little more.
    fn sizes(&self) -> Vec<u8> {
        let mut sizes = vec![self.first; self.count];
        let mut covered = self.count << self.first;
        for size in self.first + 1.. {
            for _ in 0..self.repeats {
                if covered >= UNITS {
                    return sizes;
                }
                sizes.push(size);
                covered += 1 << size;
            }
        }
        sizes
    }
}

/// The logarithm of a unit at a level.
#[inline(always)]
pub fn unit_bits(level: usize) -> u8 {
    (level / 4).saturating_sub(9) as u8
}

/// How often ranks and exceptions came at a level.
#[derive(Clone, Debug, PartialEq)]
pub struct Counts {
    unit_bits: u8,
    /// `[unit] -> count`
    units: Vec<u64>,
    beyond: u64,
    exceptions: u64,
}

impl Counts {
    /// Nothing yet.
    pub fn of_level(level: usize) -> Counts {
        Counts { unit_bits: unit_bits(level), units: vec![0; UNITS], beyond: 0, exceptions: 0 }
    }

    /// Counts a rank.
    #[inline]
    pub fn rank(&mut self, rank: u32) {
        match self.units.get_mut((rank >> self.unit_bits) as usize) {
            Some(unit) => *unit += 1,
            None => self.beyond += 1,
        }
    }

    /// Counts an exception.
    #[inline]
    pub fn exception(&mut self) {
        self.exceptions += 1;
    }

    /// Everything that was counted.
    pub fn total(&self) -> u64 {
        self.units.iter().sum::<u64>() + self.beyond + self.exceptions
    }

    /// What residuals of this level's magnitude are expected to count, in all about 2^32. An exception
    /// is taken to come once in 2^13 samples.
    fn expected(level: usize) -> Counts {
        let mut counts = Counts::of_level(level);
        // In 64ths: the mean rank is twice the mean magnitude.
        let mean = 2 * magnitude(level);
        let mut left = share_above(0, mean);
        for (unit, count) in (1u64..).zip(&mut counts.units) {
            let after = share_above((unit << counts.unit_bits) * 64, mean);
            *count = left - after;
            left = after;
        }
        counts.beyond = left;
        counts.exceptions = 1 << 19;
        counts
    }

    /// Adds an expectation that weighs as much as `weight` samples, and scales by 2^16 for it.
    fn with_prior(&self, level: usize, weight: u64) -> Counts {
        let prior = Counts::expected(level);
        let mix = |count: u64, expected: u64| (count << 16) + (expected >> 16) * weight;
        let units = self.units.iter().zip(&prior.units).map(|(&c, &e)| mix(c, e)).collect();
        Counts {
            unit_bits: self.unit_bits,
            units,
            beyond: mix(self.beyond, prior.beyond),
            exceptions: mix(self.exceptions, prior.exceptions),
        }
    }

    /// Counts of the symbols of a code with these sizes: tiers, beyond, exception.
    fn symbols(&self, sizes: &[u8]) -> Vec<u64> {
        let mut units = self.units.iter();
        let mut symbols: Vec<u64> =
            sizes.iter().map(|&size| units.by_ref().take(1 << size).sum()).collect();
        symbols.extend([self.beyond, self.exceptions]);
        symbols
    }
}

/// How many of 65,536 ranks lie above 0, 1/8, 2/8 ... 8 times the mean rank of their level.
///
/// Counted on nine recorders from Neuropixels to EEG, whose shapes agree within a few per cent: at the
/// mean there are 0.41 of all, where a geometric distribution would have 0.37.
const ABOVE: [u16; 65] = [
    65535, 59848, 54307, 48956, 43851, 39020, 34494, 30284, 26398, 22920, 19748, 16904, 14403,
    12213, 10290, 8634, 7229, 6006, 4978, 4123, 3408, 2821, 2329, 1922, 1588, 1321, 1097, 919, 775,
    658, 562, 487, 421, 370, 328, 291, 262, 238, 217, 199, 183, 169, 157, 146, 136, 128, 120, 112,
    105, 99, 93, 88, 83, 78, 74, 70, 66, 63, 60, 57, 54, 52, 50, 47, 46,
];

/// The share of ranks at least `rank`, in 2^-32, where the mean is `mean`, in the same unit.
fn share_above(rank: u64, mean: u64) -> u64 {
    let eighths = 8 * rank / mean;
    let Some([here, next]) = ABOVE.get(eighths as usize..).and_then(|rest| rest.first_chunk())
    else {
        // Beyond the table every mean rank further leaves an eighth.
        let halvings = (3 * (rank / mean - 8)).min(40);
        return (u64::from(ABOVE[64]) << 16) >> halvings;
    };
    // Straight lines between the entries.
    let within = 8 * rank % mean;
    let [here, next] = [here, next].map(|&share| u64::from(share) << 16);
    here - (here - next) * within / mean
}

/// The weight of the expectation beside what was counted, in samples.
const PRIOR: u64 = 24;

/// What a prefix asks for.
#[derive(Clone, Copy, Debug, PartialEq, Eq)]
pub enum Payload {
    /// A rank from this one on.
    Rank(u32),
    /// A rank in full.
    Beyond,
    /// An exception.
    Exception,
}

/// One tier or one of the two other symbols.
#[derive(Clone, Copy, Debug, PartialEq, Eq)]
pub struct Symbol {
    /// What the suffix stands for.
    pub payload: Payload,
    /// The prefix, right-aligned.
    pub prefix: u16,
    /// Bits of the prefix.
    pub prefix_len: u8,
    /// Bits of a tier's suffix; 0 for the two others.
    pub suffix_len: u8,
}

impl Symbol {
    /// Bits behind the prefix of a rank, where a token has `token_bits`.
    #[inline(always)]
    pub fn rank_bits(&self, token_bits: u32) -> u32 {
        match self.payload {
            Payload::Beyond => token_bits,
            _ => self.suffix_len.into(),
        }
    }
}

/// The code of one level.
#[derive(Clone, Debug, PartialEq, Eq)]
pub struct Tiers {
    pattern: u8,
    unit_bits: u8,
    symbols: Vec<Symbol>,
    /// `[unit] -> symbol`
    symbol_of: [u8; UNITS],
}

/// Prefix lengths that are no complete code.
#[derive(Clone, Copy, Debug, PartialEq, Eq, thiserror::Error)]
#[error("prefix lengths that are no complete code")]
pub struct NoCode;

impl Tiers {
    /// The code of a level that needs no training.
    pub fn parametric(level: usize) -> Tiers {
        let counts = Counts::expected(level);
        let codes = (0..PATTERNS.len()).map(|pattern| Tiers::for_pattern(level, pattern, &counts));
        // The first of equally good ones.
        codes.min_by_key(|code| code.cost(&counts)).expect("there are patterns")
    }

    /// The best code for what was counted at a level, an expectation mixed in.
    pub fn trained(level: usize, counts: &Counts) -> Tiers {
        let mixed = counts.with_prior(level, PRIOR);
        let codes = (0..PATTERNS.len()).map(|pattern| Tiers::for_pattern(level, pattern, &mixed));
        let bits = |code: &Tiers| code.cost(counts) + 4 * code.symbols.len() as u64;
        codes.min_by_key(bits).expect("there are patterns")
    }

    fn for_pattern(level: usize, pattern: usize, counts: &Counts) -> Tiers {
        let sizes = PATTERNS[pattern].sizes();
        let lengths = prefix_lengths(&counts.symbols(&sizes), MAX_PREFIX_BITS);
        Tiers::new(level, pattern as u8, &lengths).expect("these are complete")
    }

    /// The code of a level with this pattern and these prefix lengths.
    ///
    /// # Errors
    /// [`NoCode`], also when there is no such pattern.
    pub fn new(level: usize, pattern: u8, lengths: &[u8]) -> Result<Tiers, NoCode> {
        let sizes = PATTERNS.get(usize::from(pattern)).ok_or(NoCode)?.sizes();
        let in_range = |len: &u8| (1..=MAX_PREFIX_BITS).contains(len);
        if lengths.len() != sizes.len() + 2 || !lengths.iter().all(in_range) {
            return Err(NoCode);
        }
        let whole = 1u32 << MAX_PREFIX_BITS;
        if lengths.iter().map(|len| whole >> len).sum::<u32>() != whole {
            return Err(NoCode);
        }
        let unit_bits = unit_bits(level);
        let mut symbols = Vec::with_capacity(lengths.len());
        let mut symbol_of = [0; UNITS];
        let mut unit = 0;
        for (number, &size) in (0u8..).zip(&sizes) {
            let payload = Payload::Rank((unit as u32) << unit_bits);
            let suffix_len = size + unit_bits;
            symbols.push(Symbol { payload, prefix: 0, prefix_len: 0, suffix_len });
            let end = unit + (1 << size);
            symbol_of[unit..end.min(UNITS)].fill(number);
            unit = end;
        }
        for payload in [Payload::Beyond, Payload::Exception] {
            symbols.push(Symbol { payload, prefix: 0, prefix_len: 0, suffix_len: 0 });
        }
        let mut next = 0u32;
        for len in 1..=MAX_PREFIX_BITS {
            for (symbol, _) in symbols.iter_mut().zip(lengths).filter(|(_, l)| **l == len) {
                symbol.prefix_len = len;
                symbol.prefix = (next >> (MAX_PREFIX_BITS - len)) as u16;
                next += whole >> len;
            }
        }
        Ok(Tiers { pattern, unit_bits, symbols, symbol_of })
    }

    /// Which pattern it has.
    pub fn pattern(&self) -> u8 {
        self.pattern
    }

    /// How many prefix lengths a code of this pattern has.
    pub fn lengths_of(pattern: u8) -> Option<usize> {
        PATTERNS.get(usize::from(pattern)).map(|pattern| pattern.sizes().len() + 2)
    }

    /// The symbols: tiers by rank, beyond, exception.
    pub fn symbols(&self) -> &[Symbol] {
        &self.symbols
    }

    /// The symbol of a rank.
    #[inline(always)]
    pub fn of_rank(&self, rank: u32) -> &Symbol {
        match self.symbol_of.get((rank >> self.unit_bits) as usize) {
            Some(&number) => &self.symbols[usize::from(number)],
            None => self.beyond(),
        }
    }

    /// The symbol of ranks beyond the tiers.
    pub fn beyond(&self) -> &Symbol {
        &self.symbols[self.symbols.len() - 2]
    }

    /// The symbol of exceptions.
    pub fn exception(&self) -> &Symbol {
        &self.symbols[self.symbols.len() - 1]
    }

    /// Bits that this code takes for everything counted, but for the raw parts of what is beyond or an
    /// exception, which all codes of a level share.
    pub fn cost(&self, counts: &Counts) -> u64 {
        let sizes = PATTERNS[usize::from(self.pattern)].sizes();
        let bits = |(count, symbol): (u64, &Symbol)| {
            count * u64::from(symbol.prefix_len + symbol.suffix_len)
        };
        counts.symbols(&sizes).into_iter().zip(&self.symbols).map(bits).sum()
    }
}

/// The parametric codes of all levels.
pub fn parametric() -> Vec<Tiers> {
    (0..LEVELS).map(Tiers::parametric).collect()
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn every_parametric_code_is_complete_and_covers_its_ranks() {
        for level in 0..LEVELS {
            let code = Tiers::parametric(level);
            let lengths: Vec<u8> = code.symbols.iter().map(|s| s.prefix_len).collect();
            assert_eq!(Tiers::new(level, code.pattern, &lengths), Ok(code.clone()));
            for rank in (0..1000).chain((10..31).map(|bits| 1 << bits)) {
                match code.of_rank(rank).payload {
                    Payload::Rank(first) => {
                        assert!(rank - first < 1 << code.of_rank(rank).suffix_len)
                    }
                    Payload::Beyond => assert!(rank >> unit_bits(level) >= UNITS as u32),
                    Payload::Exception => panic!("rank {rank}"),
                }
            }
        }
    }

    #[test]
    fn the_parametric_code_is_close_to_the_entropy_of_what_it_expects() {
        for level in 4..LEVELS {
            let counts = Counts::expected(level);
            let total = counts.total() as f64;
            let all = counts.units.iter().chain([&counts.beyond, &counts.exceptions]);
            let bits =
                |&c: &u64| if c == 0 { 0.0 } else { -(c as f64) * (c as f64 / total).log2() };
            let ideal = all.map(bits).sum::<f64>() / total + f64::from(unit_bits(level));
            let real = Tiers::parametric(level).cost(&counts) as f64 / total;
            assert!(ideal <= real && real < ideal + 0.05 + 0.5 / ideal, "{level}: {real} {ideal}");
        }
    }

    #[test]
    fn the_parametric_codes_never_change() {
        let numbers = |code: &Tiers| {
            let lengths = code.symbols.iter().map(|symbol| symbol.prefix_len);
            [code.pattern, code.unit_bits].into_iter().chain(lengths).collect::<Vec<u8>>()
        };
        let all: Vec<u8> = parametric().iter().flat_map(numbers).collect();
        assert_eq!(crc32fast::hash(&all), 4_054_683_965);
    }

    #[test]
    fn lengths_that_are_no_code_are_refused() {
        let code = Tiers::parametric(40);
        let lengths: Vec<u8> = code.symbols.iter().map(|s| s.prefix_len).collect();
        let other = |change: fn(&mut Vec<u8>)| {
            let mut lengths = lengths.clone();
            change(&mut lengths);
            Tiers::new(40, code.pattern, &lengths)
        };
        assert_eq!(other(|l| l[0] += 1), Err(NoCode));
        assert_eq!(other(|l| l[0] -= 1), Err(NoCode));
        assert_eq!(other(|l| l[0] = 0), Err(NoCode));
        assert_eq!(other(|l| l.push(1)), Err(NoCode));
        assert_eq!(Tiers::new(40, 5, &lengths), Err(NoCode));
    }
}
