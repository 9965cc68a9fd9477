//! The table sets that come with tierwire; their files are in `golden-model/table-sets/`.
//!
//! Some have no hardware profile (`seed`, `seed-code`, `lms4-64`, `lms4-128`, `lms8-128`). They stay because
//! files made with them must remain readable, and because they are what the others are compared
//! with: the challenge's seed as published, and what more rows or more differences would gain.

use crate::converter::ConverterParts;
use crate::table_set::TableSet;

/// A table set that is part of tierwire.
#[derive(Clone, Copy, Debug)]
pub struct Shipped {
    /// Its name.
    pub name: &'static str,
    /// What it is, in one line.
    pub summary: &'static str,
    /// The text of its file.
    pub toml: &'static str,
}

macro_rules! shipped {
    ($($name:literal: $summary:literal,)*) => {
        [$(Shipped {
            name: $name,
            summary: $summary,
            toml: include_str!(concat!("../table-sets/", $name, ".toml")),
        }),*]
    };
}

/// All of them.
pub const SHIPPED: [Shipped; 18] = shipped! {
    "seed": "the seed as its README has it: full bigram, tiers of 8, 32 and 128 ranks",
    "seed-64": "the same tiers on ranks within ±64, rows folded to 128, as hardware can hold them",
    "seed-code": "the seed as its program has it: full bigram, tiers of 1, 4 and 32 ranks",
    "bigram-32": "bigram folded to 32 rows, ±32, 8 activity contexts, best tiers",
    "bigram-128": "bigram folded to 128 rows, ±64, 16 activity contexts, best tiers",
    "mean-32": "last token and one leaky mean, no weights; 32 rows, ±32, 16 contexts",
    "mean-64": "last token and one leaky mean, no weights; 64 rows, ±32, 16 contexts",
    "mean-128": "last token and one leaky mean, no weights; 128 rows, ±64, 16 contexts",
    "lms4-64": "sign-sign LMS on 4 differences; 64 rows, ±32, 16 contexts",
    "lms4-128": "sign-sign LMS on 4 differences; 128 rows, ±64, 16 contexts",
    "lms8-128": "sign-sign LMS on 8 differences; 128 rows, ±64, 16 contexts",
    "means-64": "sign-sign LMS on 1 difference and 2 leaky means; 64 rows, ±32, 16 contexts",
    "means-128": "sign-sign LMS on 1 difference and 2 leaky means; 128 rows, ±64, 16 contexts",
    "range-128": "as means-128, with a range coder: 192 classes of frozen frequencies",
    "mean-range-64": "as mean-64, with a range coder: 48 classes of frozen frequencies",
    "neuropixels-10": "for Neuropixels 1.0's 10-bit codes: as means-128, with neighbours, ranks by nearness",
    "neuropixels2-14": "for Neuropixels 2.0's 14-bit codes: as means-128, with neighbours, ranks by nearness",
    "intan-16": "for Intan's 16-bit codes: as means-128, ranks by nearness",
};

/// The table set that is used when none is named.
pub const DEFAULT: &str = "bigram-128";

/// Those for recordings of the challenge's converter.
pub fn of_the_challenge() -> impl Iterator<Item = (&'static Shipped, TableSet)> {
    let sets = SHIPPED.iter().filter_map(|known| Some((known, shipped(known.name)?)));
    sets.filter(|(_, set)| set.converter().parts() == ConverterParts::CHALLENGE)
}

/// The shipped table set of this name.
pub fn shipped(name: &str) -> Option<TableSet> {
    let found = SHIPPED.iter().find(|s| s.name == name)?;
    Some(TableSet::from_toml(found.toml).expect("a shipped table set is valid: a test reads each"))
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn every_shipped_set_is_valid_and_has_its_name() {
        for Shipped { name, toml, .. } in SHIPPED {
            let set = TableSet::from_toml(toml).unwrap();
            assert_eq!(set.name(), name);
            assert_eq!(set.to_toml(), toml, "{name}: the file is as training writes it");
            assert_eq!(shipped(name), Some(set));
        }
        assert_eq!(shipped("unknown"), None);
        assert!(shipped(DEFAULT).is_some());
    }
}
