//! **WideSet**: everything that decides the bits of a group of channels, in a few hundred bytes.
//!
//! ```text
//! bytes   field
//! 1       bits of a token: 2..=32
//! 2       differences and neighbours of the predictor; bit 7 of the first: with a filter
//! ...     the filter, if there is one: number of coefficients, fraction bits, two bytes for each
//!         coefficient, the latest step's first
//! 2 F     start weights, times 4096
//! 1       level of a channel's first token in a stretch
//! 1       level at which a channel begins behind it
//! 4       the hole: a sample that exceptions often are, two's complement
//! 1       number of levels with a trained code; for each of them, by rising level:
//!   1       level
//!   1       pattern
//!   ...     its prefix lengths, two to a byte, the first in the high half
//! ```
//! Levels without a trained code have the parametric one.

use super::activity::LEVELS;
use super::filter::Filter;
use super::predictor::{Shape, WEIGHT_LIMIT};
use super::tiers::{Tiers, parametric};
use super::trial::Trial;
use std::sync::OnceLock;

/// What a group of channels is coded with.
#[derive(Clone, Debug, PartialEq)]
pub struct WideSet {
    /// Bits of a token.
    bits: u32,
    shape: Shape,
    /// The default one where the shape has none.
    filter: Filter,
    start_weights: Vec<i16>,
    first_level: u8,
    start_level: u8,
    hole: i32,
    tiers: Vec<Tiers>,
    /// The levels whose code is not the parametric one, rising.
    trained: Vec<u8>,
}

/// Bytes that are no wide set.
#[derive(Clone, Copy, Debug, PartialEq, Eq, thiserror::Error)]
#[non_exhaustive]
pub enum WideSetError {
    /// They end too early.
    #[error("a table set that ends too early")]
    Short,
    /// Bits of a token that no codec has.
    #[error("a table set with tokens of {0} bits, not 2 to 32")]
    Bits(u8),
    /// No predictor has this shape.
    #[error("a table set with {differences} differences and {neighbours} neighbours")]
    Shape {
        /// Past differences.
        differences: u8,
        /// Neighbours.
        neighbours: u8,
    },
    /// A filter of too many coefficients or fraction bits.
    #[error("a table set without the filter that it announces")]
    Filter,
    /// A weight of too many bits.
    #[error("a table set with a weight of {0}")]
    Weight(i16),
    /// A level that is none, or the levels do not rise.
    #[error("a table set with level {0} out of order")]
    Level(u8),
    /// The code of a level is none.
    #[error("a table set with no complete code at level {0}")]
    Code(u8),
}

/// The parametric codes, made once.
fn untrained() -> &'static [Tiers] {
    static CODES: OnceLock<Vec<Tiers>> = OnceLock::new();
    CODES.get_or_init(parametric)
}

/// The level that is assumed where nothing is known: residuals of about 16 tokens.
const UNKNOWN_LEVEL: u8 = 40;
/// Bits that it costs to store a trained code, beside its prefix lengths.
const TRAINED_HEAD: u64 = 16;

impl WideSet {
    /// The set of this shape that needs no training.
    pub fn parametric(bits: u32, shape: Shape) -> WideSet {
        WideSet {
            bits,
            shape,
            filter: Filter::default(),
            start_weights: vec![0; shape.features()],
            first_level: UNKNOWN_LEVEL,
            start_level: UNKNOWN_LEVEL,
            hole: 0,
            tiers: untrained().to_vec(),
            trained: Vec::new(),
        }
    }

    /// The same, beginning with the weights and levels that the channels of a trial had on average.
    #[must_use]
    pub fn warmed(mut self, trial: &Trial) -> WideSet {
        self.start_weights.clone_from(&trial.weights);
        self.first_level = trial.first_level;
        self.start_level = trial.level;
        self
    }

    /// The same, with trained codes where these save more than they take.
    #[must_use]
    pub fn trained(mut self, trial: &Trial) -> WideSet {
        for (level, counts) in trial.counts.iter().enumerate() {
            if counts.total() == 0 {
                continue;
            }
            let code = Tiers::trained(level, counts);
            let room = TRAINED_HEAD + 4 * code.symbols().len() as u64;
            if code.cost(counts) + room < self.tiers[level].cost(counts) {
                self.tiers[level] = code;
                self.trained.push(level as u8);
            }
        }
        self
    }

    /// The same, with another filter if its shape has one.
    #[must_use]
    pub fn with_filter(self, filter: &Filter) -> WideSet {
        if self.shape.filtered { WideSet { filter: filter.clone(), ..self } } else { self }
    }

    /// The same, with another hole.
    #[must_use]
    pub fn with_hole(self, hole: i32) -> WideSet {
        WideSet { hole, ..self }
    }

    /// Bits that its codes would take for the ranks and exceptions of a trial, but for what is sent raw.
    pub fn cost(&self, trial: &Trial) -> u64 {
        self.tiers.iter().zip(&trial.counts).map(|(code, counts)| code.cost(counts)).sum()
    }

    /// Bits of a token.
    pub fn bits(&self) -> u32 {
        self.bits
    }

    /// The predictor's features.
    pub fn shape(&self) -> Shape {
        self.shape
    }

    /// What goes before the predictor, if its shape says so.
    pub fn filter(&self) -> &Filter {
        &self.filter
    }

    /// The weights of a channel at the start of a stretch.
    pub fn start_weights(&self) -> &[i16] {
        &self.start_weights
    }

    /// The level of a channel's first token in a stretch.
    pub fn first_level(&self) -> usize {
        self.first_level.into()
    }

    /// The level at which a channel begins behind its first token.
    pub fn start_level(&self) -> usize {
        self.start_level.into()
    }

    /// The sample that an exception of one more bit stands for.
    pub fn hole(&self) -> i32 {
        self.hole
    }

    /// The code of each level.
    pub fn tiers(&self) -> &[Tiers] {
        &self.tiers
    }

    /// Levels with a trained code.
    pub fn trained_levels(&self) -> usize {
        self.trained.len()
    }

    /// As bytes.
    pub fn to_bytes(&self) -> Vec<u8> {
        let Shape { differences, neighbours, filtered } = self.shape;
        let mut bytes = vec![self.bits as u8, differences | u8::from(filtered) << 7, neighbours];
        if filtered {
            bytes.extend(self.filter.to_bytes());
        }
        bytes.extend(self.start_weights.iter().flat_map(|weight| weight.to_le_bytes()));
        bytes.extend([self.first_level, self.start_level]);
        bytes.extend(self.hole.to_le_bytes());
        bytes.push(self.trained.len() as u8);
        for &level in &self.trained {
            let code = &self.tiers[usize::from(level)];
            bytes.extend([level, code.pattern()]);
            let lengths: Vec<u8> = code.symbols().iter().map(|s| s.prefix_len).collect();
            bytes.extend(lengths.chunks(2).map(|two| two[0] << 4 | two.get(1).unwrap_or(&0)));
        }
        bytes
    }

    /// From the beginning of `bytes`, which then begin behind it.
    ///
    /// # Errors
    /// [`WideSetError`].
    pub fn from_bytes(bytes: &mut &[u8]) -> Result<WideSet, WideSetError> {
        let [bits, flags, neighbours] = take(bytes)?;
        let (filtered, differences) = (flags >> 7 != 0, flags & 0x7f);
        if !(2..=32).contains(&bits) {
            return Err(WideSetError::Bits(bits));
        }
        let shape = Shape { differences, neighbours, filtered };
        if !Shape::ALL.contains(&shape) {
            return Err(WideSetError::Shape { differences, neighbours });
        }
        let mut set = WideSet::parametric(bits.into(), shape);
        if filtered {
            set.filter = Filter::from_bytes(bytes).ok_or(WideSetError::Filter)?;
        }
        for weight in &mut set.start_weights {
            *weight = i16::from_le_bytes(take(bytes)?);
            if !(-WEIGHT_LIMIT..WEIGHT_LIMIT).contains(weight) {
                return Err(WideSetError::Weight(*weight));
            }
        }
        [set.first_level, set.start_level] = take(bytes)?;
        let is_level = |level: u8| usize::from(level) < LEVELS;
        let levels = [set.first_level, set.start_level];
        if let Some(&level) = levels.iter().find(|level| !is_level(**level)) {
            return Err(WideSetError::Level(level));
        }
        set.hole = i32::from_le_bytes(take(bytes)?);
        let [count] = take(bytes)?;
        for _ in 0..count {
            let [level, pattern] = take(bytes)?;
            if !is_level(level) || set.trained.last().is_some_and(|&last| last >= level) {
                return Err(WideSetError::Level(level));
            }
            let wrong = WideSetError::Code(level);
            let len = Tiers::lengths_of(pattern).ok_or(wrong)?;
            let (packed, rest) =
                bytes.split_at_checked(len.div_ceil(2)).ok_or(WideSetError::Short)?;
            *bytes = rest;
            let mut lengths: Vec<u8> = packed.iter().flat_map(|two| [two >> 4, two & 15]).collect();
            lengths.truncate(len);
            let code = Tiers::new(level.into(), pattern, &lengths).map_err(|_| wrong)?;
            set.tiers[usize::from(level)] = code;
            set.trained.push(level);
        }
        Ok(set)
    }
}

/// Takes `N` bytes.
fn take<const N: usize>(bytes: &mut &[u8]) -> Result<[u8; N], WideSetError> {
    let (first, rest) = bytes.split_first_chunk().ok_or(WideSetError::Short)?;
    *bytes = rest;
    Ok(*first)
}
