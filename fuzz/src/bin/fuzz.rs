//! A target under libFuzzer: `TIERWIRE_FUZZ=container fuzz CORPUS [libFuzzer's options]`.
//!
//! The target's seeds are written into the folder that `TIERWIRE_FUZZ_SEEDS` names.
#![no_main]

use std::path::PathBuf;
use std::sync::LazyLock;

use fuzz::Target;

static TARGET: LazyLock<Target> = LazyLock::new(|| {
    let name = std::env::var("TIERWIRE_FUZZ").unwrap_or_default();
    Target::named(&name).unwrap_or_else(|| panic!("TIERWIRE_FUZZ={name:?} names no target"))
});

fn write_seeds() {
    let Some(folder) = std::env::var_os("TIERWIRE_FUZZ_SEEDS").map(PathBuf::from) else { return };
    for (number, seed) in (TARGET.seeds)().iter().enumerate() {
        let path = folder.join(format!("seed-{number}"));
        std::fs::write(&path, seed).unwrap_or_else(|e| panic!("{}: {e}", path.display()));
    }
}

libfuzzer_sys::fuzz_target!(init: write_seeds(), |input: &[u8]| {
    TARGET.run(input);
});
