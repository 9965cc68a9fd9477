//! Words that no encoder sent.

use golden_model::range_coder::SAMPLES_PER_BIT;
use golden_model::{Decoder, TableSet};

use crate::choices::{choose, table_sets};

/// An input is a table set, a number of channels, and words.
pub fn run(mut input: &[u8]) {
    let Some(set) = choose(table_sets(), &mut input) else { return };
    let Some(&channels) = choose(&[1, 2, 3, 32, 1024], &mut input) else { return };
    let words: Vec<u32> = input
        .chunks_exact(4)
        .map(|word| u32::from_be_bytes([word[0], word[1], word[2], word[3]]))
        .collect();
    decode(set, channels, &words);
}

/// Decodes one by one and all at once: both have to give the same samples.
pub fn decode(set: &TableSet, channels: usize, words: &[u32]) {
    let mut decoder = Decoder::new(set, channels);
    let mut one_by_one = Vec::new();
    let mut rest = words.iter();
    loop {
        while decoder.wants_a_word() {
            let Some(&word) = rest.next() else { break };
            decoder.push(word);
        }
        match decoder.pull() {
            Ok(Some(sample)) => one_by_one.push(sample),
            Ok(None) | Err(_) => break,
        }
    }
    let in_a_bit = if set.range_code().is_some() { SAMPLES_PER_BIT } else { 1 };
    assert!(one_by_one.len() <= 32 * words.len() * in_a_bit, "samples of no bits");
    let mut at_once = vec![0; one_by_one.len()];
    decoder.reset();
    decoder.fill(words, &mut at_once).expect("what was decoded once");
    assert_eq!(at_once, one_by_one);
}
