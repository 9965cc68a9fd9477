//! A **table set**: everything that fixes a codec, by name.
//!
//! Which predictor, which rank table, which activity contexts, which tiers: encoder, decoder and
//! hardware are made from one table set, and every file and stream names the one it was made with.

use alloc::string::String;
use alloc::vec::Vec;

use crate::activity::{Activity, ActivityError, LEVEL_FRACTION, LEVELS};
use crate::converter::{Converter, ConverterError, ConverterParts};
use crate::predictor::{MAX_FEATURES, NoSuchShape, Shape, WEIGHT_BITS};
use crate::range_coder::{self, RangeCode, RangeCodeError, RangeShape};
use crate::rank_table::{RankTable, RankTableError, Row};
use crate::tier_coder::{TierCode, TierCodeError, TierShape};

/// Where a table set comes from.
#[derive(Clone, Debug, Default, PartialEq, Eq)]
#[cfg_attr(feature = "files", derive(serde::Deserialize), serde(deny_unknown_fields))]
pub struct Provenance {
    /// The command or a sentence about how it was made.
    pub method: String,
    /// Recordings it was trained on.
    pub files: u64,
    /// Samples it was trained on.
    pub samples: u64,
    /// CRC-32 of all training files in the order of their names.
    pub digest: u32,
}

/// Longest name of a table set, in characters.
pub const MAX_NAME: usize = 32;

/// Why parts are no table set.
#[derive(Clone, Debug, PartialEq, Eq, thiserror::Error)]
#[non_exhaustive]
pub enum TableSetError {
    /// A name that files and streams cannot carry.
    #[error("{0:?} is no name: 1 to {MAX_NAME} of a-z, 0-9 and -")]
    Name(String),
    /// No such converter.
    #[error(transparent)]
    Converter(#[from] ConverterError),
    /// No such predictor.
    #[error(transparent)]
    Predictor(#[from] NoSuchShape),
    /// Not one weight for each feature.
    #[error("{weights} weights for {features} features")]
    Weights {
        /// The weights given.
        weights: usize,
        /// The features of the predictor.
        features: usize,
    },
    /// A weight of too many bits.
    #[error("a weight of {0} has over {WEIGHT_BITS} bits")]
    Weight(i16),
    /// No rank table.
    #[error(transparent)]
    RankTable(#[from] RankTableError),
    /// No way to make contexts.
    #[error(transparent)]
    Activity(#[from] ActivityError),
    /// Not one tier code for each context.
    #[error("{codes} tier codes for {contexts} contexts")]
    TierCodes {
        /// The tier codes given.
        codes: usize,
        /// The contexts.
        contexts: usize,
    },
    /// No tier code of a context.
    #[error("context {context}: {why}")]
    TierCode {
        /// The context.
        context: usize,
        /// The reason.
        why: TierCodeError,
    },
    /// No range code.
    #[error(transparent)]
    RangeCode(#[from] RangeCodeError),
}

/// How ranks become bits.
#[derive(Clone, Debug, PartialEq, Eq)]
pub enum CoderParts {
    /// Codes of whole bits: the tiers of each context.
    Tiers(Vec<TierShape>),
    /// Intervals.
    Range(RangeShape),
}

/// A table set before it is checked: plain numbers, as a file states them.
#[derive(Clone, Debug, PartialEq, Eq)]
pub struct Parts {
    /// The name that files and streams carry: 1 to 32 of `a-z`, `0-9`, `-`.
    pub name: String,
    /// The recorder's converter.
    pub converter: ConverterParts,
    /// Past differences that the predictor uses.
    pub differences: u8,
    /// Leaky means that the predictor uses.
    pub means: u8,
    /// Channels before that the predictor uses.
    pub neighbours: u8,
    /// Weights before a channel's first sample, times 4096.
    pub weights: Vec<i16>,
    /// Rows of the rank table; none: ranks by nearness.
    pub fold: u16,
    /// Offsets with a rank, on each side; distances count up to this for the running mean.
    pub window: u16,
    /// How contexts are made.
    pub activity: Activity,
    /// Successors by rank; a row may stop where nearness takes over.
    pub rows: Vec<Row>,
    /// Its coder.
    pub coder: CoderParts,
    /// Where it comes from.
    pub provenance: Provenance,
}

/// One of the two coders.
#[derive(Clone, Debug, PartialEq, Eq)]
enum Coder {
    Tiers(Vec<TierCode>),
    Range(RangeCode),
}

/// A complete, valid table set.
#[derive(Clone, Debug, PartialEq, Eq)]
pub struct TableSet {
    name: String,
    converter: Converter,
    shape: Shape,
    weights: [i16; MAX_FEATURES],
    rank_table: RankTable,
    window: u16,
    activity: Activity,
    coder: Coder,
    provenance: Provenance,
    /// `[level] -> context`
    contexts: [u8; LEVELS],
    digest: u32,
}

impl TableSet {
    /// Checks the parts and builds the set.
    ///
    /// # Errors
    /// [`TableSetError`], when a part is out of range or the parts do not fit one another.
    pub fn new(parts: Parts) -> Result<TableSet, TableSetError> {
        let legal = |c: char| c.is_ascii_lowercase() || c.is_ascii_digit() || c == '-';
        if !(1..=MAX_NAME).contains(&parts.name.len()) || !parts.name.chars().all(legal) {
            return Err(TableSetError::Name(parts.name));
        }
        let converter = Converter::new(parts.converter)?;
        let shape = Shape::new(parts.differences, parts.means, parts.neighbours)?;
        let weights = start_weights(shape, &parts.weights)?;
        let rank_table = RankTable::new(&converter, parts.fold, parts.window, &parts.rows)?;
        parts.activity.validate(parts.window)?;
        let contexts = parts.activity.contexts();
        let coder = match parts.coder {
            CoderParts::Tiers(shapes) => Coder::Tiers(tier_codes(&shapes, contexts, &converter)?),
            CoderParts::Range(shape) => {
                Coder::Range(RangeCode::new(&shape, contexts, &rank_table)?)
            }
        };
        let mut set = TableSet {
            name: parts.name,
            converter,
            shape,
            weights,
            rank_table,
            window: parts.window,
            contexts: parts.activity.contexts_by_level(),
            activity: parts.activity,
            coder,
            provenance: parts.provenance,
            digest: 0,
        };
        set.digest = set.compute_digest();
        Ok(set)
    }

    /// The name that files and streams carry.
    pub fn name(&self) -> &str {
        &self.name
    }

    /// A digest of everything that decides a bit; name and provenance do not.
    ///
    /// CRC-32 of the numbers of predictor, fold, window, activity, successors by rank, and tiers, in
    /// that order, each as 16 bits little endian. Unless the converter is the challenge's and a level an
    /// eighth of a token, bits and kind of the converter and the fraction bits of a level come first. The
    /// number of neighbours, if there are any, follows that of the means. Of a range coder, classes and
    /// widths stand for the tiers, before the widths of a class how many there are.
    pub fn digest(&self) -> u32 {
        self.digest
    }

    /// The recorder's converter: which samples are tokens.
    #[inline]
    pub fn converter(&self) -> &Converter {
        &self.converter
    }

    /// How tokens are predicted.
    pub fn shape(&self) -> Shape {
        self.shape
    }

    /// The predictor's weights before a channel's first sample, times 4096; zero past its features.
    pub fn start_weights(&self) -> [i16; MAX_FEATURES] {
        self.weights
    }

    /// How successors are ranked.
    pub fn rank_table(&self) -> &RankTable {
        &self.rank_table
    }

    /// Distances from the prediction count up to this for the running mean; with rows, so many offsets
    /// on each side have a rank.
    #[inline]
    pub fn window(&self) -> u16 {
        self.window
    }

    /// How contexts are made.
    pub fn activity(&self) -> &Activity {
        &self.activity
    }

    /// The tiers of each context; none where the set has a range coder.
    pub fn tier_codes(&self) -> &[TierCode] {
        match &self.coder {
            Coder::Tiers(codes) => codes,
            Coder::Range(_) => &[],
        }
    }

    /// The range coder's code, where the set has one.
    #[inline]
    pub fn range_code(&self) -> Option<&RangeCode> {
        match &self.coder {
            Coder::Tiers(_) => None,
            Coder::Range(code) => Some(code),
        }
    }

    /// Where the set comes from.
    pub fn provenance(&self) -> &Provenance {
        &self.provenance
    }

    /// The context of a running mean.
    #[inline]
    pub fn context(&self, mean: u16) -> u8 {
        self.contexts[usize::from(self.activity.level(mean))]
    }

    /// Bits of the longest code that an encoder of this set can send.
    pub fn longest_code(&self) -> u8 {
        match &self.coder {
            Coder::Tiers(codes) => codes.iter().map(TierCode::longest).max().unwrap_or(0),
            Coder::Range(_) => range_coder::LONGEST,
        }
    }

    /// Bits of the shortest code; of a range coder none, but
    /// [`SAMPLES_PER_BIT`](range_coder::SAMPLES_PER_BIT).
    pub fn shortest_code(&self) -> u8 {
        self.tier_codes().iter().map(TierCode::shortest).min().unwrap_or(0)
    }

    /// Most words of a stream of so many samples.
    pub fn most_words(&self, samples: usize) -> usize {
        let bits = samples * usize::from(self.longest_code());
        match &self.coder {
            Coder::Tiers(_) => bits.div_ceil(32),
            // With the flush, if every word is all ones.
            Coder::Range(_) => (bits + 16).div_ceil(31),
        }
    }

    /// The plain numbers of this set; rows are given whole.
    pub fn parts(&self) -> Parts {
        Parts {
            name: self.name.clone(),
            converter: self.converter.parts(),
            differences: self.shape.differences(),
            means: self.shape.means(),
            neighbours: self.shape.neighbours(),
            weights: self.weights[..self.shape.features()].to_vec(),
            fold: self.rank_table.fold(),
            window: self.window,
            activity: self.activity.clone(),
            rows: (0..usize::from(self.rank_table.fold()))
                .map(|row| self.rank_table.successors(row).to_vec())
                .collect(),
            coder: match &self.coder {
                Coder::Tiers(codes) => {
                    CoderParts::Tiers(codes.iter().map(TierCode::shape).collect())
                }
                Coder::Range(code) => CoderParts::Range(code.shape()),
            },
            provenance: self.provenance.clone(),
        }
    }

    fn compute_digest(&self) -> u32 {
        let mut crc = crc32fast::Hasher::new();
        let mut number = |n: u16| crc.update(&n.to_le_bytes());
        let (converter, fraction) = (self.converter.parts(), self.activity.fraction);
        if (converter, fraction) != (ConverterParts::CHALLENGE, LEVEL_FRACTION) {
            number(u16::from_le_bytes([converter.bits, converter.kind as u8]));
            number(fraction.into());
        }
        number(self.shape.differences().into());
        number(self.shape.means().into());
        if self.shape.neighbours() > 0 {
            number(self.shape.neighbours().into());
        }
        self.weights.iter().for_each(|&weight| number(weight as u16));
        number(self.rank_table.fold());
        number(self.window);
        number(self.activity.shift.into());
        number(self.activity.start);
        number(self.activity.thresholds.len() as u16);
        self.activity.thresholds.iter().for_each(|&level| number(level.into()));
        for row in 0..usize::from(self.rank_table.fold()) {
            self.rank_table.successors(row).iter().for_each(|&offset| number(offset as u16));
        }
        if let Coder::Range(code) = &self.coder {
            let RangeShape { classes, widths } = code.shape();
            for class in classes.concat() {
                number(class.into());
            }
            for widths in widths {
                number(widths.len() as u16);
                widths.into_iter().for_each(&mut number);
            }
        }
        for shape in self.tier_codes().iter().map(TierCode::shape) {
            number(shape.tiers.len() as u16);
            for (suffix, prefix) in shape.tiers {
                number(u16::from(suffix) << 8 | u16::from(prefix));
            }
            number(u16::from(shape.token_escape) << 8 | u16::from(shape.sample_escape));
        }
        crc.finalize()
    }
}

/// The tier code of each context.
fn tier_codes(
    shapes: &[TierShape],
    contexts: usize,
    converter: &Converter,
) -> Result<Vec<TierCode>, TableSetError> {
    if shapes.len() != contexts {
        return Err(TableSetError::TierCodes { codes: shapes.len(), contexts });
    }
    let codes = shapes.iter().enumerate().map(|(context, shape)| {
        TierCode::new(shape, converter).map_err(|why| TableSetError::TierCode { context, why })
    });
    codes.collect()
}

/// The weights of a shape's features, zeros after them.
fn start_weights(shape: Shape, given: &[i16]) -> Result<[i16; MAX_FEATURES], TableSetError> {
    if given.len() != shape.features() {
        let (weights, features) = (given.len(), shape.features());
        return Err(TableSetError::Weights { weights, features });
    }
    let limit = 1 << (WEIGHT_BITS - 1);
    if let Some(&weight) = given.iter().find(|w| !(-limit..limit).contains(*w)) {
        return Err(TableSetError::Weight(weight));
    }
    let mut weights = [0; MAX_FEATURES];
    weights[..given.len()].copy_from_slice(given);
    Ok(weights)
}
