//! Seeds of random tests: fixed, so that tests are deterministic, unless `TIERWIRE_SEED` sets another
//! one. `scripts/soak.sh` sets new ones.

use rand::SeedableRng as _;
use rand::rngs::StdRng;

/// The environment variable that fixes the seed.
pub const VARIABLE: &str = "TIERWIRE_SEED";

/// The seed of a run without `TIERWIRE_SEED`.
pub const DEFAULT: u64 = 1;

/// The seed of this run: `TIERWIRE_SEED`, or [`DEFAULT`]. Prints it, so that a failure can be
/// repeated.
///
/// # Panics
/// When the variable holds no number.
pub fn seed(test: &str) -> u64 {
    let seed = match std::env::var(VARIABLE) {
        Ok(text) => text.parse().unwrap_or_else(|_| panic!("{VARIABLE}={text} is not a number")),
        Err(_) => DEFAULT,
    };
    println!("{test}: to run this again, set {VARIABLE}={seed}");
    seed
}

/// Random numbers of a seed.
pub fn generator(seed: u64) -> StdRng {
    StdRng::seed_from_u64(seed)
}
