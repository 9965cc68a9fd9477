//! The weights that decisions begin with, from a folder of the challenge's recordings:
//! `cargo run --release -p tierwire-codec --example train_decisions -- DIR weights.bin`.
//!
//! Twice over all of them, in the order of their names. `src/wide/decisions/trained.bin` was made so; other
//! weights would need a new version of the format.

use tierwire_codec::recordings::find;
use tierwire_codec::wav::Recording;
use tierwire_codec::wide::decisions::weights::Weights;
use tierwire_codec::wide::group::Group;

fn main() -> Result<(), Box<dyn std::error::Error>> {
    let arguments: Vec<String> = std::env::args().skip(1).collect();
    let [folder, output] = &arguments[..] else { return Err("usage: DIR weights.bin".into()) };
    let group = Group::of_the_challenge(1);
    let mut weights = Weights::zero(true);
    for _ in 0..2 {
        for path in find(folder.as_ref())?.files {
            let recording = Recording::read(std::fs::File::open(path)?)?;
            weights = group.teach(&recording.samples, weights);
        }
    }
    Ok(std::fs::write(output, weights.to_bytes())?)
}
