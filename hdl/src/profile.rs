//! **Profiles**: the table sets that have hardware.

use crate::circuit::Circuit;
use crate::pipeline::Pipeline;
use golden_model::TableSet;
use golden_model::predictor;
use golden_model::tier_coder::{Payload, TierCode};
use rust_hdl::prelude::Block;

/// Most tiers of ranks in a context: 16 with the two escapes, so that a tier has 4 bits.
pub const MAX_TIERS: usize = 14;
/// Longest prefix, so that the longest code has 11 + 16 bits.
pub const MAX_PREFIX_BITS: u8 = 11;
/// Most activity contexts: 4 bits.
pub const MAX_CONTEXTS: usize = 16;

/// The profiles that come with tierwire, each with the table set that it is made from.
pub const PROFILES: [(&str, &str); 3] =
    [("seed", "seed-64"), ("bigram-128", "bigram-128"), ("bigram-32", "bigram-32")];

/// A table set that fits the hardware, under the profile's name.
#[derive(Clone, Debug)]
pub struct Profile {
    name: String,
    table_set: TableSet,
    shape: Shape,
}

/// Widths of the hardware, in bits.
#[derive(Clone, Copy, Debug, PartialEq, Eq)]
pub struct Shape {
    /// Address of a row of the rank table.
    pub row: usize,
    /// A rank.
    pub rank: usize,
    /// The running mean.
    pub mean: usize,
}

/// Why a table set does not fit the hardware.
#[derive(Clone, Debug, PartialEq, Eq, thiserror::Error)]
pub enum Unfit {
    /// Fold or window.
    #[error("{0} is {1}: hardware needs a power of two")]
    NoPowerOfTwo(&'static str, u16),
    /// The predictor.
    #[error("no hardware for the predictor {0:?}")]
    Predictor(predictor::Shape),
    /// Too many contexts.
    #[error("{0} contexts, at most {MAX_CONTEXTS}")]
    Contexts(usize),
    /// Too many tiers.
    #[error("context {0} has {1} tiers, at most {MAX_TIERS}")]
    Tiers(usize, usize),
    /// Too long a prefix.
    #[error("context {0} has a prefix of {1} bits, at most {MAX_PREFIX_BITS}")]
    Prefix(usize, u8),
    /// No pipeline was compiled for these widths.
    #[error("no pipeline for {0:?}: add the shape to hdl/src/profile.rs")]
    Shape(Shape),
}

impl Profile {
    /// The profile of this name, if there is one.
    pub fn named(name: &str) -> Option<Profile> {
        let (name, table_set) = PROFILES.into_iter().find(|(known, _)| *known == name)?;
        let set = golden_model::shipped(table_set).expect("a profile's table set is shipped");
        Some(Profile::new(name, set).expect("a shipped profile fits: a test builds each"))
    }

    /// All profiles that come with tierwire.
    pub fn all() -> impl Iterator<Item = Profile> {
        PROFILES.into_iter().filter_map(|(name, _)| Profile::named(name))
    }

    /// A profile of one's own.
    ///
    /// # Errors
    /// The reason, when the table set does not fit the hardware.
    pub fn new(name: &str, table_set: TableSet) -> Result<Profile, Unfit> {
        let table = table_set.rank_table();
        for (what, number) in [("the fold", table.fold()), ("the window", table.window())] {
            if !number.is_power_of_two() {
                return Err(Unfit::NoPowerOfTwo(what, number));
            }
        }
        if table_set.shape() != predictor::Shape::Bigram {
            return Err(Unfit::Predictor(table_set.shape()));
        }
        if table_set.activity().contexts() > MAX_CONTEXTS {
            return Err(Unfit::Contexts(table_set.activity().contexts()));
        }
        for (context, code) in table_set.tier_codes().iter().enumerate() {
            check_tiers(context, code)?;
        }
        let shape = Shape {
            row: table.fold().ilog2() as usize,
            rank: table.width().ilog2() as usize,
            mean: table_set.activity().ceiling(table.window()).ilog2() as usize + 1,
        };
        let profile = Profile { name: name.into(), table_set, shape };
        profile.pipeline().map(|_| profile)
    }

    /// The profile's name.
    pub fn name(&self) -> &str {
        &self.name
    }

    /// The table set that its hardware is made from.
    pub fn table_set(&self) -> &TableSet {
        &self.table_set
    }

    /// The hardware's widths.
    pub fn shape(&self) -> Shape {
        self.shape
    }

    /// The pipeline, ready to be simulated.
    pub fn circuit(&self) -> Box<dyn Circuit> {
        self.pipeline().expect("checked when the profile was made")
    }

    /// The one place that knows which widths are compiled.
    fn pipeline(&self) -> Result<Box<dyn Circuit>, Unfit> {
        fn build<const ROW: usize, const RANK: usize, const MEAN: usize>(
            set: &TableSet,
        ) -> Box<dyn Circuit> {
            let mut pipeline = Pipeline::<ROW, RANK, MEAN>::new(set);
            pipeline.connect_all();
            Box::new(pipeline)
        }
        let set = &self.table_set;
        match (self.shape.row, self.shape.rank, self.shape.mean) {
            (5, 6, 13) => Ok(build::<5, 6, 13>(set)),
            (7, 7, 13) => Ok(build::<7, 7, 13>(set)),
            (7, 7, 14) => Ok(build::<7, 7, 14>(set)),
            _ => Err(Unfit::Shape(self.shape)),
        }
    }
}

fn check_tiers(context: usize, code: &TierCode) -> Result<(), Unfit> {
    let of_ranks = |t: &&golden_model::tier_coder::Tier| matches!(t.payload, Payload::Ranks { .. });
    let tiers = code.tiers().iter().filter(of_ranks).count();
    if tiers > MAX_TIERS {
        return Err(Unfit::Tiers(context, tiers));
    }
    let longest = code.tiers().iter().map(|tier| tier.prefix_len).max().unwrap_or(0);
    if longest > MAX_PREFIX_BITS {
        return Err(Unfit::Prefix(context, longest));
    }
    Ok(())
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn every_profile_fits_and_bears_its_name() {
        for (name, table_set) in PROFILES {
            let profile = Profile::named(name).unwrap();
            assert_eq!((profile.name(), profile.table_set().name()), (name, table_set));
        }
        assert!(Profile::named("unknown").is_none());
    }

    #[test]
    fn a_table_set_that_does_not_fit_is_refused_with_the_reason() {
        let set = golden_model::shipped("seed").unwrap();
        let unfit = Profile::new("full", set).unwrap_err();
        assert_eq!(unfit, Unfit::Shape(Shape { row: 10, rank: 10, mean: 16 }));

        let set = golden_model::shipped("means-64").unwrap();
        let unfit = Profile::new("learning", set).unwrap_err();
        assert_eq!(unfit, Unfit::Predictor(predictor::Shape::Means));

        let mut parts = golden_model::shipped("bigram-32").unwrap().parts();
        (parts.fold, parts.rows) = (31, vec![vec![]; 31]);
        let unfit = Profile::new("odd", TableSet::new(parts).unwrap()).unwrap_err();
        assert_eq!(unfit, Unfit::NoPowerOfTwo("the fold", 31));

        let mut parts = golden_model::shipped("seed-64").unwrap().parts();
        parts.tiers[0].tiers = vec![(2, 4); 14];
        parts.tiers[0].tiers.push((5, 5));
        (parts.tiers[0].token_escape, parts.tiers[0].sample_escape) = (6, 6);
        parts.tiers[0].tiers.push((5, 4));
        let unfit = Profile::new("many", TableSet::new(parts).unwrap()).unwrap_err();
        assert_eq!(unfit, Unfit::Tiers(0, 16));
    }
}
