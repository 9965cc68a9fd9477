//! Which table set a file was made with.

use std::borrow::Cow;
use std::fmt;

use crate::shipped::shipped;
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

    /// The table set of this identity: the user's own or a shipped one. Otherwise the most similar one, for
    /// the message.
    pub fn find<'t>(&self, own: Option<&'t TableSet>) -> Option<Cow<'t, TableSet>> {
        let own = own.map(Cow::Borrowed);
        let shipped = shipped(&self.name).map(Cow::Owned);
        let right = |set: &Cow<TableSet>| set.digest() == self.digest;
        match (own, shipped) {
            (Some(own), _) if right(&own) => Some(own),
            (_, Some(shipped)) if right(&shipped) => Some(shipped),
            (own, shipped) => own.or(shipped),
        }
    }
}

impl fmt::Display for Identity {
    fn fmt(&self, f: &mut fmt::Formatter<'_>) -> fmt::Result {
        write!(f, "\"{}\" (digest {:#010x})", self.name, self.digest)
    }
}
