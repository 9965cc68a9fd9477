//! Which table set a file was made with.

use std::fmt;

use crate::table_set::TableSet;

/// A table set's name and digest.
#[derive(Clone, Debug, PartialEq, Eq)]
pub struct Identity {
    /// The name.
    pub name: String,
    /// [`TableSet::digest`].
    pub digest: u32,
}

impl Identity {
    /// The identity of `set`.
    pub fn of(set: &TableSet) -> Identity {
        Identity { name: set.name().into(), digest: set.digest() }
    }
}

impl fmt::Display for Identity {
    fn fmt(&self, f: &mut fmt::Formatter<'_>) -> fmt::Result {
        write!(f, "\"{}\" (digest {:#010x})", self.name, self.digest)
    }
}
