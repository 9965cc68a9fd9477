//! The shipped profiles without those that differ from another in nothing but tables and sizes. What
//! takes long is run on these; lint, bounds, proofs and frames are checked on every profile.

use hdl::Profile;

/// One profile for each converter, each kind of model behind it, and one or many channels.
pub fn kinds() -> impl Iterator<Item = Profile> {
    let mut kinds = Vec::new();
    Profile::all().filter(move |profile| {
        let set = profile.table_set();
        let coder = set.range_code().is_some();
        let kind = (set.converter().parts(), set.shape(), coder, profile.channels() > 1);
        let is_new = !kinds.contains(&kind);
        kinds.push(kind);
        is_new
    })
}

/// One profile for each converter and each coder behind it: enough for what depends on a sample's value alone.
pub fn converters() -> impl Iterator<Item = Profile> {
    let mut known = Vec::new();
    kinds().filter(move |profile| {
        let set = profile.table_set();
        let one = (set.converter().parts(), set.range_code().is_some());
        let is_new = !known.contains(&one);
        known.push(one);
        is_new
    })
}
