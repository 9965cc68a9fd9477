//! The shipped profiles without those that differ from another in nothing but tables and sizes. What
//! takes long is run on these; lint, bounds, proofs and frames are checked on every profile.

use hdl::Profile;

/// One profile for each converter, each kind of model behind it, and one or many channels.
pub fn kinds() -> impl Iterator<Item = Profile> {
    first_of_each(Profile::all(), |profile| {
        let set = profile.table_set();
        let coder = set.range_code().is_some();
        (set.converter().parts(), set.shape(), coder, profile.channels() > 1)
    })
}

/// One profile for each converter and each coder behind it: enough for what depends on a sample's value alone.
pub fn converters() -> impl Iterator<Item = Profile> {
    first_of_each(kinds(), |profile| {
        let set = profile.table_set();
        (set.converter().parts(), set.range_code().is_some())
    })
}

/// The profiles that are the first of their kind.
fn first_of_each<K: PartialEq>(
    profiles: impl Iterator<Item = Profile>,
    kind_of: impl Fn(&Profile) -> K,
) -> impl Iterator<Item = Profile> {
    let mut known = Vec::new();
    profiles.filter(move |profile| {
        let kind = kind_of(profile);
        let is_new = !known.contains(&kind);
        known.push(kind);
        is_new
    })
}
