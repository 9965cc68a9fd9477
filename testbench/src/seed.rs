//! Seeds of random tests, set by `TIERWIRE_SEED`.

use rand::SeedableRng as _;
use rand::rngs::StdRng;

/// The environment variable that fixes the seed.
pub const VARIABLE: &str = "TIERWIRE_SEED";

/// The seed of this run: `TIERWIRE_SEED`, or a new one. Prints it, so that a failure can be had
/// again.
///
/// # Panics
/// When the variable holds no number.
pub fn seed(test: &str) -> u64 {
    let seed = match std::env::var(VARIABLE) {
        Ok(text) => text.parse().unwrap_or_else(|_| panic!("{VARIABLE}={text} is no number")),
        Err(_) => u64::from(rand::random::<u32>()),
    };
    println!("{test}: to run this again, set {VARIABLE}={seed}");
    seed
}

/// Random numbers of a seed.
pub fn generator(seed: u64) -> StdRng {
    StdRng::seed_from_u64(seed)
}
