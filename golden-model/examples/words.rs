//! Samples to words, as the hardware sends them, and back:
//! `cargo run -p tierwire-codec --example words`.

use tierwire_codec::synthetic::Synthetic;
use tierwire_codec::{Decoder, Encoder, shipped};

/// Encodes a second of two channels and decodes it.
pub fn main() -> Result<(), Box<dyn std::error::Error>> {
    let set = shipped("means-128").ok_or("no such table set")?;
    let channels = 2;
    let samples = Synthetic::default().rounds(1, channels, 19531);

    let mut encoder = Encoder::new(&set, channels);
    let mut words = Vec::new();
    encoder.extend(&samples, &mut words);
    // The last word is filled up with zeros.
    words.extend(encoder.flush());
    println!("{} samples of 16 bits became {} words of 32", samples.len(), words.len());

    // The number of samples must be known.
    let mut back = vec![0; samples.len()];
    Decoder::new(&set, channels).fill(&words, &mut back)?;
    assert_eq!(back, samples);
    Ok(())
}
