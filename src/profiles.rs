//! Which profile, and where its Verilog goes.

use std::path::{Path, PathBuf};

use anyhow::Context;
use clap::builder::PossibleValuesParser;
use hdl::Profile;

/// Names of the profiles, as clap lists them.
pub fn profile_names() -> PossibleValuesParser {
    PossibleValuesParser::new(hdl::profile::PROFILES.map(|profile| profile.name))
}

/// The profile of this name.
pub fn profile(name: &str) -> anyhow::Result<Profile> {
    Profile::named(name).with_context(|| format!("no profile {name:?}"))
}

/// Where a profile's Verilog goes: `FOLDER/tierwire_bigram_32.v`.
pub fn verilog_path(folder: &Path, profile: &Profile) -> PathBuf {
    folder.join(hdl::verilog::export::top_name(profile)).with_extension("v")
}
