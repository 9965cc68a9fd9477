//! Entropies and successors: the information in a sample, with and without the one before it.

use std::collections::HashMap;

use serde::Serialize;

use super::counts::{Counts, Histogram};

/// Bits of a sample as it is stored.
const STORED_BITS: f64 = 16.0;
/// The ratio that the challenge asked for.
const GOAL: f64 = 200.0;

/// An entropy in bits per sample, with the ratio that it allows.
#[derive(Clone, Copy, Debug, PartialEq, Serialize)]
pub struct Entropy {
    /// The plug-in estimate from the counts. It is too low, because rare cases are underestimated.
    pub plug_in: f64,
    /// With the first-order correction of that bias (Miller and Madow).
    pub corrected: f64,
    /// 16 bits over the plug-in entropy: no code of this kind does better on these recordings.
    /// `None`: there is nothing to code.
    pub ratio_limit: Option<f64>,
}

/// Samples for each different case; with fewer, what was counted says little, and so does its correction.
const LEAST_SAMPLES: f64 = 10.0;

impl Entropy {
    /// Of so many different cases, all but `fixed` of them free. `None`: the samples are too few to tell.
    fn new(plug_in: f64, cases: usize, fixed: usize, samples: u64) -> Option<Entropy> {
        let (cases, samples) = (cases as f64, samples as f64);
        let missing = (cases - fixed as f64) / (2.0 * samples * std::f64::consts::LN_2);
        // Rounding may leave a tiny non-zero sum.
        let plug_in = if plug_in > 1e-9 { plug_in } else { 0.0 };
        let ratio_limit = (plug_in > 0.0).then(|| STORED_BITS / plug_in);
        let entropy = Entropy { plug_in, corrected: plug_in + missing, ratio_limit };
        (samples > 0.0 && samples >= LEAST_SAMPLES * cases).then_some(entropy)
    }
}

/// What the challenge's goal would require.
#[derive(Clone, Copy, Debug, PartialEq, Serialize)]
pub struct Goal {
    /// The ratio asked for.
    pub ratio: f64,
    /// Bits per sample that it leaves.
    pub bits: f64,
    /// How often the likeliest next value would have to be the right one, at least.
    pub right_guesses: f64,
}

/// The entropies of a set of recordings.
#[derive(Clone, Copy, Debug, PartialEq, Serialize)]
pub struct Entropies {
    /// Of a sample by itself; none of few samples.
    pub order_0: Option<Entropy>,
    /// Of a sample, given the one before it; none of few samples.
    pub order_1: Option<Entropy>,
    /// Different pairs that came.
    pub pairs: u64,
    /// What the challenge's goal would require.
    pub goal: Goal,
}

/// Numbers of ranks, each with the share of samples whose successor is within them.
#[derive(Clone, Copy, Debug, PartialEq, Serialize)]
pub struct TopRanks {
    /// The likeliest successors of each value, this many.
    pub ranks: usize,
    /// The share of samples among them, 0 to 1.
    pub part: f64,
}

/// `-sum of n log2(n / total)`, in bits.
fn information(counts: impl Iterator<Item = u64>, total: u64) -> f64 {
    let total = total as f64;
    counts.map(|n| n as f64 * (total / n as f64).log2()).sum()
}

/// The entropy of one histogram; none of few samples.
pub fn of_values(values: &Histogram) -> Option<Entropy> {
    let (samples, different) = (values.samples(), values.present().count());
    let bits = information(values.present().map(|(_, count)| count), samples);
    Entropy::new(bits / samples.max(1) as f64, different, 1, samples)
}

/// The entropies of these counts; `None` without a pair.
pub fn entropies(counts: &Counts) -> Option<Entropies> {
    let pairs: u64 = counts.pairs.values().sum();
    if pairs == 0 {
        return None;
    }
    let mut before: HashMap<i16, u64> = HashMap::new();
    for (&(value, _), count) in &counts.pairs {
        *before.entry(value).or_default() += count;
    }
    let bits = information(counts.pairs.values().copied(), pairs)
        - information(before.values().copied(), pairs);
    let limit = STORED_BITS / GOAL;
    Some(Entropies {
        order_0: of_values(&counts.values),
        order_1: Entropy::new(bits / pairs as f64, counts.pairs.len(), before.len(), pairs),
        pairs: counts.pairs.len() as u64,
        // The mean of log2(1 / p) is at most the entropy, p being the likeliest value's chance, and
        // the mean of p is at least two to the power of minus that.
        goal: Goal { ratio: GOAL, bits: limit, right_guesses: (-limit).exp2() },
    })
}

/// The share of samples within the top 1, 2, 4 ... 128 successors of the value before.
pub fn top_ranks(counts: &Counts) -> Vec<TopRanks> {
    let mut rows: HashMap<i16, Vec<u64>> = HashMap::new();
    for (&(before, _), &count) in &counts.pairs {
        rows.entry(before).or_default().push(count);
    }
    rows.values_mut().for_each(|row| row.sort_unstable_by(|a, b| b.cmp(a)));
    let all: u64 = counts.pairs.values().sum();
    let part = |ranks: usize| {
        let among: u64 = rows.values().flat_map(|row| row.iter().take(ranks)).sum();
        TopRanks { ranks, part: among as f64 / all.max(1) as f64 }
    };
    (0..8).map(|power| part(1 << power)).collect()
}

#[cfg(test)]
mod tests {
    use super::*;
    use golden_model::wav::Recording;

    fn counts(samples: Vec<i16>) -> Counts {
        let mut counts = Counts::default();
        counts.add(&Recording { rate: 1, channels: 1, samples });
        counts
    }

    #[test]
    fn four_values_in_turn_have_two_bits_and_then_none() {
        let counts = counts((0..4001).map(|n| n % 4).collect());
        let entropies = entropies(&counts).unwrap();
        let [order_0, order_1] = [entropies.order_0, entropies.order_1].map(Option::unwrap);
        assert!((order_0.plug_in - 2.0).abs() < 1e-3);
        assert!((order_0.ratio_limit.unwrap() - 8.0).abs() < 1e-2);
        assert_eq!(order_1.plug_in, 0.0);
        assert_eq!(order_1.ratio_limit, None);
        assert_eq!(top_ranks(&counts)[0], TopRanks { ranks: 1, part: 1.0 });
    }

    #[test]
    fn the_correction_improves_the_estimate_for_few_samples() {
        // Eight values at random: three bits, whatever came before.
        let mut state = 1u32;
        let samples = (0..2000).map(|_| {
            state = state.wrapping_mul(1_664_525).wrapping_add(1_013_904_223);
            (state >> 29) as i16
        });
        let order_1 = entropies(&counts(samples.collect())).unwrap().order_1.unwrap();
        assert!(order_1.plug_in < 3.0);
        assert!((order_1.corrected - 3.0).abs() < (order_1.plug_in - 3.0).abs());
    }

    #[test]
    fn few_samples_of_many_values_have_no_entropy_that_could_be_told() {
        // Counted, each of 1000 values after one that came once is certain: 0 bits.
        let entropies =
            entropies(&counts((0..1000).map(|n: i32| (n * 7919 % 1009) as i16).collect())).unwrap();
        assert_eq!(entropies.order_0, None);
        assert_eq!(entropies.order_1, None);
    }

    #[test]
    fn ranks_are_of_each_value_by_itself() {
        // After 0 comes 1 three times and 2 once; after 1 and 2 always 0.
        let parts = top_ranks(&counts(vec![0, 1, 0, 1, 0, 1, 0, 2, 0]));
        assert_eq!(parts[0].part, 7.0 / 8.0);
        assert_eq!(parts[1].part, 1.0);
        assert_eq!(parts.len(), 8);
    }

    #[test]
    fn nothing_has_no_entropy() {
        assert_eq!(entropies(&Counts::default()), None);
        assert_eq!(of_values(&Histogram::default()), None);
        assert_eq!(top_ranks(&Counts::default())[7].part, 0.0);
    }
}
