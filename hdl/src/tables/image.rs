//! **Images**: a table set as the words that a loader takes.
//!
//! | words | what |
//! |---|---|
//! | 1 | digest of the layout: core and image have to agree in it |
//! | 1 | [digest of the table set](golden_model::TableSet::digest), which keyframes carry |
//! | 1 | where the CRC of frames starts, as [`start_of`] makes it |
//! | all tables | row by row, in the order in which the core names them ([`HasTables`]) |
//! | 1 | CRC-32 (IEEE) of all words before it, the most significant byte of each first |
//!
//! A core with loaded tables is made from a table set too: that one says how many rows, ranks, contexts and classes
//! there are, and everything that is no table. Another set can be loaded if it has the same converter, predictor, fold,
//! window and running mean, the same coder, and at most as many contexts (up to a power of two) and classes.
//!
//! [`HasTables`]: crate::tables::table::HasTables

use super::register_map::{CONTROL, DATA, control};
use super::table::TableLayout;
use crate::profile::{Channels, Profile, Unfit};
use crate::stream::crc::start_of;
use golden_model::TableSet;
use golden_model::frames::crc;

/// What a driver writes to load a table set.
#[derive(Clone, Debug, PartialEq, Eq)]
pub struct Image {
    /// Its words.
    pub words: Vec<u32>,
}

impl Image {
    /// The digest of its layout.
    pub fn layout(&self) -> u32 {
        self.words[0]
    }

    /// The digest of its table set.
    pub fn digest(&self) -> u32 {
        self.words[1]
    }

    /// The writes that load it, each a register's byte address and a word. The commit is not among them.
    pub fn writes(&self) -> impl Iterator<Item = (u8, u32)> {
        let words = self.words.iter().map(|&word| (DATA, word));
        [(CONTROL, control::START)].into_iter().chain(words)
    }
}

/// Why a table set cannot be loaded into a core.
#[derive(Clone, Debug, PartialEq, thiserror::Error)]
#[non_exhaustive]
pub enum CannotLoad {
    /// The core has its tables in it.
    #[error("the profile {0} has fixed tables (its file says no `tables = \"loaded\"`)")]
    FixedTables(String),
    /// No hardware has such tables.
    #[error("the table set {set}: {reason}")]
    Unfit {
        /// The table set.
        set: String,
        /// Why.
        reason: Unfit,
    },
    /// The core was made for something else.
    #[error("the table set {set} has {what} {its}, the core {cores}")]
    Differs {
        /// The table set.
        set: String,
        /// In what.
        what: &'static str,
        /// Of the set.
        its: String,
        /// Of the core.
        cores: String,
    },
    /// A table is larger than the core's.
    #[error("the table set {set} has a table of {its} words, the core one of {cores}")]
    TooLarge {
        /// The table set.
        set: String,
        /// Words of the set's table.
        its: usize,
        /// Words that the core's has.
        cores: usize,
    },
}

/// The image of a table set for a profile's core.
///
/// # Errors
/// [`CannotLoad`].
pub fn image(profile: &Profile, set: &TableSet) -> Result<Image, CannotLoad> {
    let Some(layout) = profile.layout().filter(|_| profile.is_loaded()) else {
        return Err(CannotLoad::FixedTables(profile.name().into()));
    };
    let name = || set.name().to_owned();
    let core = facts(profile.table_set());
    for ((what, cores), (_, its)) in core.into_iter().zip(facts(set)) {
        if its != cores {
            return Err(CannotLoad::Differs { set: name(), what, its, cores });
        }
    }
    let others = Profile::new(profile.name(), set.clone(), Channels::Many(profile.channels()))
        .map_err(|reason| CannotLoad::Unfit { set: name(), reason })?;
    let (core, its) = (profile.circuit().tables(), others.circuit().tables());
    let mut words = vec![
        layout_digest(&structure(profile), &tables_of(&core)),
        set.digest(),
        start_of(layout.crc_start(set)),
    ];
    for ((core, _), (its, contents)) in core.iter().zip(its) {
        if its.row != core.row || its.words > core.words {
            return Err(CannotLoad::TooLarge { set: name(), its: its.words, cores: core.words });
        }
        words.extend(contents);
        // Rows that the set does not have are never read.
        words.extend(std::iter::repeat_n(0, core.words - its.words));
    }
    words.push(crc(0, &words));
    Ok(Image { words })
}

/// What a set to be loaded has in common with the core's, each with its name.
fn facts(set: &TableSet) -> [(&'static str, String); 7] {
    let parts = set.parts();
    let table = set.rank_table();
    let coder = if set.range_code().is_some() { "ranges" } else { "tiers" };
    [
        ("the converter", parts.converter.to_string()),
        (
            "differences, means and neighbours",
            format!("{}, {}, {}", parts.differences, parts.means, parts.neighbours),
        ),
        ("rows", table.fold().to_string()),
        ("a window of", set.window().to_string()),
        ("a running mean over 2 to the power of", parts.activity.shift.to_string()),
        ("fraction bits of a level:", parts.activity.fraction.to_string()),
        ("a coder of", coder.into()),
    ]
}

/// The numbers that an image depends on beside its tables: those of the stream's layout and the [`facts`].
pub(crate) fn structure(profile: &Profile) -> Vec<u32> {
    let layout = profile.layout().expect("loaded tables have frames");
    let facts = facts(profile.table_set());
    let facts = facts.iter().map(|(_, fact)| crc32(fact.as_bytes()));
    [layout.channels() as u32, layout.frame_rounds() as u32].into_iter().chain(facts).collect()
}

fn crc32(text: &[u8]) -> u32 {
    let words: Vec<u32> = text.iter().map(|&byte| byte.into()).collect();
    crc(0, &words)
}

/// Without their words.
fn tables_of(tables: &[(TableLayout, Vec<u32>)]) -> Vec<TableLayout> {
    tables.iter().map(|(layout, _)| *layout).collect()
}

/// The digest of an image's layout.
pub(crate) fn layout_digest(structure: &[u32], tables: &[TableLayout]) -> u32 {
    let numbers = |table: &TableLayout| [table.row as u32, table.words as u32, table.bits as u32];
    let words: Vec<u32> =
        structure.iter().copied().chain(tables.iter().flat_map(numbers)).collect();
    crc(0, &words)
}
