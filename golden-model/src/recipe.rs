//! **Recipes**: the structure of a table set before training.

use crate::activity::LEVEL_FRACTION;
use crate::converter::{Converter, ConverterParts, Kind};
use crate::predictor::Shape;
use crate::tier_coder::TierShape;
use crate::tier_search::TierLimits;

/// The coder, and where its numbers come from.
#[derive(Clone, Debug, PartialEq, Eq)]
pub enum CoderRecipe {
    /// The cheapest tiers that fit the limits.
    Best(TierLimits),
    /// Fixed tiers, independent of the recordings.
    Fixed(TierShape),
    /// A range coder with so many classes.
    Range(usize),
}

/// The limits of the shipped sets: a context's code fits a ROM of 16 words of 32 bits, addend and
/// length in one. Compared with no limits this costs less than 0.001 in ratio. Whether a set fits
/// the hardware is the hardware's decision.
const LIMITS: TierLimits = TierLimits { tiers: 14, prefix_bits: 11 };

/// Classes of the shipped set with a range coder: 128 ranks each, where every rank begins; 24 memories of
/// 18 kbit.
const CLASSES: usize = 192;

/// Classes of the smaller one: 64 ranks each; 12 memories of 4 kbit.
const SMALL_CLASSES: usize = 48;

/// What to train.
#[derive(Clone, Debug, PartialEq, Eq)]
pub struct Recipe {
    /// Name of the table set.
    pub name: &'static str,
    /// The recorder's converter.
    pub converter: Converter,
    /// The predictor.
    pub shape: Shape,
    /// Rows of the rank table; none: ranks by nearness.
    pub fold: u16,
    /// Offsets with a rank, on each side; distances count up to this for the running mean.
    pub window: u16,
    /// Activity contexts.
    pub contexts: usize,
    /// Memory of the running mean, `2^shift` samples.
    pub shift: u8,
    /// Fraction bits of a level of activity.
    pub fraction: u8,
    /// The coder.
    pub coder: CoderRecipe,
}

impl Recipe {
    /// The recipe of a shipped table set.
    pub fn of(name: &str) -> Option<Recipe> {
        let fixed = |suffixes: [u8; 3]| {
            // A fixed prefix of two bits; a third bit distinguishes the two escapes.
            let tiers = suffixes.map(|suffix| (suffix, 2)).to_vec();
            CoderRecipe::Fixed(TierShape { tiers, token_escape: 3, sample_escape: 3 })
        };
        let best = CoderRecipe::Best(LIMITS);
        let small = Recipe {
            name: "bigram-32",
            converter: Converter::challenge(),
            shape: Shape::Bigram,
            fold: 32,
            window: 32,
            contexts: 8,
            shift: 7,
            fraction: LEVEL_FRACTION,
            coder: best,
        };
        let large = Recipe { fold: 128, window: 64, contexts: 16, ..small.clone() };
        let direct = |bits, shape| {
            let parts = ConverterParts { kind: Kind::Direct, bits };
            let converter = Converter::new(parts).expect("8 to 16 bits");
            Recipe {
                converter,
                shape,
                fold: 0,
                window: 256,
                shift: 5,
                fraction: 1,
                ..large.clone()
            }
        };
        let seed = Recipe { contexts: 1, shift: 6, coder: fixed([3, 5, 7]), ..large.clone() };
        Some(match name {
            "seed" => Recipe { name: "seed", fold: 1024, window: 512, ..seed },
            "seed-code" => {
                let coder = fixed([0, 2, 5]);
                Recipe { name: "seed-code", fold: 1024, window: 512, coder, ..seed }
            }
            "seed-64" => Recipe { name: "seed-64", ..seed },
            "bigram-32" => small,
            "bigram-128" => Recipe { name: "bigram-128", ..large },
            "mean-32" => {
                let (fold, window) = (32, 32);
                Recipe { name: "mean-32", shape: Shape::Mean, fold, window, ..large }
            }
            "mean-64" => {
                let (fold, window) = (64, 32);
                Recipe { name: "mean-64", shape: Shape::Mean, fold, window, ..large }
            }
            "mean-128" => Recipe { name: "mean-128", shape: Shape::Mean, ..large },
            "lms4-64" => {
                let (shape, fold, window) = (Shape::Lms4, 64, 32);
                Recipe { name: "lms4-64", shape, fold, window, ..large }
            }
            "lms4-128" => Recipe { name: "lms4-128", shape: Shape::Lms4, ..large },
            "lms8-128" => Recipe { name: "lms8-128", shape: Shape::Lms8, ..large },
            "means-64" => {
                let (shape, fold, window) = (Shape::Means, 64, 32);
                Recipe { name: "means-64", shape, fold, window, ..large }
            }
            "means-128" => Recipe { name: "means-128", shape: Shape::Means, ..large },
            "range-128" => {
                let coder = CoderRecipe::Range(CLASSES);
                Recipe { name: "range-128", shape: Shape::Means, coder, ..large }
            }
            "mean-range-64" => {
                let (fold, window) = (64, 32);
                let coder = CoderRecipe::Range(SMALL_CLASSES);
                let shape = Shape::Mean;
                Recipe { name: "mean-range-64", shape, fold, window, coder, ..large }
            }
            "neuropixels-10" => {
                let codes = direct(10, Shape::Neighbours);
                Recipe { name: "neuropixels-10", fraction: 2, ..codes }
            }
            "neuropixels2-14" => {
                let codes = direct(14, Shape::Neighbours);
                Recipe { name: "neuropixels2-14", fraction: 2, ..codes }
            }
            "intan-16" => Recipe { name: "intan-16", ..direct(16, Shape::Means) },
            _ => return None,
        })
    }
}
