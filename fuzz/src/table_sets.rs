//! Table sets from files.

use golden_model::{Decoder, Encoder, TableSet};

use crate::codes;

/// An input is the text of a file.
pub fn run(input: &[u8]) {
    let Ok(text) = std::str::from_utf8(input) else { return };
    let set = match TableSet::from_toml(text) {
        Ok(set) => set,
        Err(why) => {
            assert!(!why.to_string().contains('\n'), "{why}");
            return;
        }
    };
    assert_eq!(TableSet::from_toml(&set.to_toml()).as_ref(), Ok(&set));
    // A valid table set has to code any samples.
    let samples: Vec<i16> = input.iter().map(|&byte| i16::from(byte) * 257).take(64).collect();
    let mut words = Vec::new();
    let mut encoder = Encoder::new(&set, 2);
    encoder.extend(&samples, &mut words);
    words.extend(encoder.flush());
    let mut back = vec![0; samples.len()];
    assert_eq!(Decoder::new(&set, 2).fill(&words, &mut back), Ok(words.len()));
    assert_eq!(back, samples);
    codes::decode(&set, 3, &[0, u32::MAX, 0x1234_5678, 0xffff_0000, 1]);
}
