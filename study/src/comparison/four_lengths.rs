//! **Four lengths**: what the study that this project grew out of proposed. After the best predictor, a
//! right guess takes 0 bits, one of the 16 codes that are likeliest then 4, any other of the 128 likeliest 7,
//! and a miss 10. Nothing says which of the four it is; a decoder needs a prefix of 1, 2, 3 or 4 bits
//! before them, as [`set`] has.

use golden_model::encoder::SampleEncoder;
use golden_model::{ChannelStates, TableSet, shipped};
use serde::Serialize;

use crate::baselines::wav::Wav;

/// The table set with the best predictor.
pub const PREDICTOR: &str = "means-128";
/// The lengths, and those of their prefixes.
const LENGTHS: [(u64, u8); 4] = [(0, 1), (4, 2), (7, 3), (10, 4)];
/// Right guesses that ten-fold compression would need.
const NEEDED: f64 = 0.85;

/// How many samples there were of each length.
#[derive(Clone, Copy, Debug, Default, PartialEq, Eq, Serialize)]
pub struct FourLengths {
    /// Shortest length first. A sample without a code, of which there is hardly any, is a miss.
    pub samples: [u64; 4],
}

/// The best predictor's table set with these lengths; `None`: there is no such table set.
pub fn set() -> Option<TableSet> {
    let mut text = String::new();
    for line in shipped(PREDICTOR)?.to_toml().lines() {
        if line.starts_with("name = ") {
            text += "name = \"four-lengths\"";
        } else if line.starts_with("activity = ") {
            text += "activity = { shift = 6, start = 64, thresholds = [] }";
        } else {
            text += line;
        }
        text.push('\n');
    }
    let (before, tiers) = text.split_once("tiers = [")?;
    let (_, after) = tiers.split_once("\n]")?;
    let tiers = "tiers = [\"0/1 4/2 7/3 token/4 sample/4\"]";
    TableSet::from_toml(&[before, tiers, after].concat()).ok()
}

impl FourLengths {
    /// Counts a recording, coded with [`set`].
    pub fn add(&mut self, set: &TableSet, wav: &Wav) {
        let encoder = SampleEncoder::new(set);
        for channel in &wav.channels {
            let mut state = ChannelStates::initial(set, 1);
            for &sample in channel {
                let code = encoder.encode(&mut state, sample);
                let length = LENGTHS[..3]
                    .iter()
                    .position(|&(bits, prefix)| u64::from(code.len) == bits + u64::from(prefix));
                self.samples[length.unwrap_or(3)] += 1;
            }
        }
    }

    /// In words; nothing without samples.
    pub fn text(&self) -> String {
        let all: u64 = self.samples.iter().sum();
        let bits: u64 = self.samples.iter().zip(LENGTHS).map(|(n, (bits, _))| n * bits).sum();
        if bits == 0 {
            return String::new();
        }
        let percent = |count: u64| 100.0 * count as f64 / all as f64;
        let [right, of_16, of_128, others] = self.samples.map(percent);
        format!(
            "0, 4, 7 or 10 bits: the proposal of the study before this project, on the predictor of\n\
             {PREDICTOR}: a right guess, the best 16, the best 128 and a miss: {right:.1}, {of_16:.1}, \
             {of_128:.1} and {others:.1} %.\n\
             Ratio {:.3} if a decoder knew which of the four it is; its row has the prefixes that it needs.\n\
             Ten-fold compression would need {:.0} % right guesses.\n",
            16.0 * all as f64 / bits as f64,
            100.0 * NEEDED,
        )
    }
}

#[cfg(test)]
mod tests {
    use super::*;
    use crate::baselines::lattice;

    #[test]
    fn a_right_guess_takes_no_bits_and_a_far_code_ten() {
        let set = set().unwrap();
        let mut counted = FourLengths::default();
        // Nothing moves, so the guess is right, but for the first one and a jump there and back.
        let mut channel = vec![lattice::sample(512); 1000];
        channel[500] = lattice::sample(1023);
        let wav = Wav { head: Vec::new(), rate: 1, channels: vec![channel], tail: Vec::new() };
        counted.add(&set, &wav);
        let [right, .., far] = counted.samples;
        assert!(right > 900 && (1..=4).contains(&far), "{counted:?}");
        assert_eq!(counted.samples.iter().sum::<u64>(), 1000);
        assert!(counted.text().contains("% right guesses"));
        assert_eq!(FourLengths::default().text(), "");
    }
}
