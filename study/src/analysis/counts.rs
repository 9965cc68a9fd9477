//! What is counted in one pass over the recordings.

use std::collections::HashMap;

use golden_model::wav::Recording;

/// Values that 16 bits hold.
const VALUES: usize = 1 << 16;
/// Pairs that are sorted at a time.
const CHUNK: usize = 1 << 20;

/// How often each value came.
#[derive(Clone, Debug, PartialEq, Eq)]
pub struct Histogram(Vec<u64>);

impl Default for Histogram {
    fn default() -> Histogram {
        Histogram(vec![0; VALUES])
    }
}

impl Histogram {
    /// Counts a value.
    pub fn add(&mut self, value: i16) {
        self.0[usize::from(value as u16 ^ 0x8000)] += 1;
    }

    /// How often `value` came.
    pub fn of(&self, value: i16) -> u64 {
        self.0[usize::from(value as u16 ^ 0x8000)]
    }

    /// Values that came and how often, lowest first.
    pub fn present(&self) -> impl Iterator<Item = (i16, u64)> {
        let value = |(index, &count): (usize, &u64)| ((index as u16 ^ 0x8000) as i16, count);
        self.0.iter().enumerate().map(value).filter(|&(_, count)| count > 0)
    }

    /// All of them.
    pub fn samples(&self) -> u64 {
        self.0.iter().sum()
    }

    /// The lowest value that `fraction` of all samples do not exceed.
    pub fn quantile(&self, fraction: f64) -> Option<i16> {
        let wanted = (self.samples() as f64 * fraction).ceil().max(1.0) as u64;
        let mut seen = 0;
        self.present().find_map(|(value, count)| {
            seen += count;
            (seen >= wanted).then_some(value)
        })
    }

    fn merge(&mut self, other: &Histogram) {
        self.0.iter_mut().zip(&other.0).for_each(|(ours, theirs)| *ours += theirs);
    }
}

/// Counts over any number of recordings.
#[derive(Clone, Debug, Default)]
pub struct Counts {
    /// Of values.
    pub values: Histogram,
    /// Of values that followed one another in a channel: `(before, after) -> how often`.
    pub pairs: HashMap<(i16, i16), u64>,
}

impl Counts {
    /// Counts a recording.
    pub fn add(&mut self, recording: &Recording) {
        recording.samples.iter().for_each(|&sample| self.values.add(sample));
        let step = usize::from(recording.channels);
        let samples = &recording.samples;
        let after = samples.get(step..).unwrap_or_default();
        let mut pairs: Vec<(i16, i16)> = Vec::new();
        for (before, after) in samples.chunks(CHUNK).zip(after.chunks(CHUNK)) {
            // Sorted first, so that the map is asked once for each different pair.
            pairs.clear();
            pairs.extend(before.iter().copied().zip(after.iter().copied()));
            pairs.sort_unstable();
            for same in pairs.chunk_by(|a, b| a == b) {
                *self.pairs.entry(same[0]).or_default() += same.len() as u64;
            }
        }
    }

    /// Both together.
    pub fn merge(mut self, other: Counts) -> Counts {
        self.values.merge(&other.values);
        let (mut large, small) = (self.pairs, other.pairs);
        for (pair, count) in small {
            *large.entry(pair).or_default() += count;
        }
        Counts { values: self.values, pairs: large }
    }
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn pairs_are_of_one_channel() {
        let mut counts = Counts::default();
        counts.add(&Recording { rate: 1, channels: 2, samples: vec![1, 9, 2, 9, 1, 9, 2, 8] });
        let pairs = [((1, 2), 2), ((2, 1), 1), ((9, 9), 2), ((9, 8), 1)];
        assert_eq!(counts.pairs, HashMap::from(pairs));
        assert_eq!(counts.values.present().collect::<Vec<_>>(), [(1, 2), (2, 2), (8, 1), (9, 3)]);
        let twice = counts.clone().merge(counts);
        assert_eq!(twice.values.samples(), 16);
        assert_eq!(twice.pairs[&(9, 9)], 4);
    }

    #[test]
    fn a_quantile_is_one_of_the_values() {
        let mut values = Histogram::default();
        [-5, 0, 0, 7].into_iter().for_each(|value| values.add(value));
        assert_eq!(
            [0.0, 0.25, 0.5, 0.75, 1.0].map(|f| values.quantile(f).unwrap()),
            [-5, -5, 0, 0, 7]
        );
        assert_eq!(Histogram::default().quantile(0.5), None);
    }
}
