//! Seeds of random tests, set by `TIERWIRE_SEED`.

use rand::SeedableRng as _;
use rand::rngs::StdRng;

/// Random numbers of this run's seed: `TIERWIRE_SEED`, or a new one. Prints it, so that a failure
/// can be had again.
pub fn generator(test: &str) -> StdRng {
    let seed = match std::env::var("TIERWIRE_SEED") {
        Ok(text) => text.parse().unwrap_or_else(|_| panic!("TIERWIRE_SEED={text} is no number")),
        Err(_) => u64::from(rand::random::<u32>()),
    };
    println!("{test}: to run this again, set TIERWIRE_SEED={seed}");
    StdRng::seed_from_u64(seed)
}
