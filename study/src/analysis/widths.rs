//! The widths of a converter's codes.
//!
//! If all codes took the same range of voltage, a code would come about as often as its neighbours.
//! So its *width* is its count over the smooth local density: a parabola through the counts of the
//! 16 codes on each side, the code itself left out. Counts and densities are added over files, so a
//! file with more samples of a code has more weight.

use serde::Serialize;

use super::lattice::Lattice;

/// Codes on each side that make the density; both periods fit in.
const REACH: i32 = 16;
/// A width is reported only if the neighbouring codes predict at least this many samples.
const EXPECTED: f64 = 1000.0;
/// The same for one file.
const EXPECTED_IN_FILE: f64 = 100.0;
/// The period of the profile.
pub const PERIOD: usize = 32;
/// Longest lag of the autocorrelation.
const LAGS: usize = 64;

/// The width of one code; 1 is that of its neighbours.
#[derive(Clone, Copy, Debug, PartialEq, Serialize)]
pub struct Width {
    /// The code.
    pub code: i32,
    /// Observed over expected samples.
    pub width: f64,
}

/// Widths of all codes that occur often enough.
#[derive(Clone, Debug, Default, PartialEq, Serialize)]
pub struct Widths {
    /// By code.
    pub codes: Vec<Width>,
    /// Mean width of the codes with this remainder modulo 32; empty when one has no width.
    pub profile: Vec<f64>,
    /// Autocorrelation of the widths: `[lag - 1]`, -1 to 1.
    pub autocorrelation: Vec<f64>,
    /// Median over files of the correlation between a file's own widths and those of all files.
    pub agreement: Option<f64>,
}

/// Counts of one file by value.
pub type Sparse = Vec<(i16, u64)>;

/// Counts and densities from code `first` on.
struct Density {
    first: i32,
    counts: Vec<f64>,
    expected: Vec<f64>,
}

impl Density {
    fn new(values: &Sparse, lattice: &Lattice) -> Density {
        let codes = || values.iter().filter(|(v, _)| lattice.holds(*v)).map(|v| lattice.code(v.0));
        let (first, last) = (codes().min().unwrap_or(0), codes().max().unwrap_or(0));
        let mut counts = vec![0.0; (last - first + 1) as usize];
        for &(value, count) in values.iter().filter(|(v, _)| lattice.holds(*v)) {
            counts[(lattice.code(value) - first) as usize] += count as f64;
        }
        let expected = (0..counts.len()).map(|at| expected(&counts, at)).collect();
        Density { first, counts, expected }
    }
}

/// The count expected from a parabola through the neighbours' counts.
fn expected(counts: &[f64], at: usize) -> f64 {
    let powers = |n| 2.0 * (1..=REACH).map(|x| f64::from(x).powi(n)).sum::<f64>();
    let (s0, s2, s4) = (powers(0), powers(2), powers(4));
    let (mut sum, mut sum2) = (0.0, 0.0);
    for x in 1..=REACH as usize {
        let below = at.checked_sub(x).map_or(0.0, |i| counts[i]);
        let both = below + counts.get(at + x).copied().unwrap_or(0.0);
        sum += both;
        sum2 += (x * x) as f64 * both;
    }
    ((s4 * sum - s2 * sum2) / (s0 * s4 - s2 * s2)).max(0.0)
}

impl Widths {
    /// The widths that the files together show.
    pub fn new<'f>(files: impl Iterator<Item = &'f Sparse>, lattice: &Lattice) -> Widths {
        let files: Vec<Density> = files.map(|file| Density::new(file, lattice)).collect();
        let first = files.iter().map(|f| f.first).min().unwrap_or(0);
        let last = files.iter().map(|f| f.first + f.counts.len() as i32).max().unwrap_or(0);
        let (mut counts, mut sums) = (vec![], vec![]);
        counts.resize((last - first) as usize, 0.0);
        sums.resize((last - first) as usize, 0.0);
        for file in &files {
            let begin = (file.first - first) as usize;
            for (at, (count, expected)) in file.counts.iter().zip(&file.expected).enumerate() {
                // A parabola that predicts no samples does not fit.
                if *expected > 0.0 {
                    counts[begin + at] += count;
                    sums[begin + at] += expected;
                }
            }
        }
        // The lowest and the highest code include everything beyond the converter's range, so they
        // are not used for their neighbours' widths.
        let reach = REACH as usize;
        let inside = |at: usize| at > reach && at + reach + 1 < counts.len();
        let known = |at: usize| inside(at) && sums[at] >= EXPECTED;
        let width = |at: usize| known(at).then(|| counts[at] / sums[at]);
        let all: Vec<Option<f64>> = (0..counts.len()).map(width).collect();
        let codes = all
            .iter()
            .enumerate()
            .filter_map(|(at, width)| Some(Width { code: first + at as i32, width: (*width)? }));
        let codes: Vec<Width> = codes.collect();
        let mut agreements: Vec<f64> =
            files.iter().filter_map(|file| agreement(file, &all, first)).collect();
        agreements.sort_unstable_by(f64::total_cmp);
        Widths {
            profile: profile(&codes),
            autocorrelation: autocorrelation(&all),
            agreement: agreements.get(agreements.len() / 2).copied(),
            codes,
        }
    }
}

/// The correlation between one file's widths and those of all files.
fn agreement(file: &Density, all: &[Option<f64>], first: i32) -> Option<f64> {
    let begin = (file.first - first) as usize;
    let both: Vec<(f64, f64)> = (0..file.counts.len())
        .filter(|&at| file.expected[at] >= EXPECTED_IN_FILE)
        .filter_map(|at| Some((file.counts[at] / file.expected[at], all[begin + at]?)))
        .collect();
    if both.len() < PERIOD { None } else { correlation(&both) }
}

/// Pearson's correlation; `None` when one side does not vary.
pub fn correlation(both: &[(f64, f64)]) -> Option<f64> {
    let n = both.len() as f64;
    let (x, y) = both.iter().fold((0.0, 0.0), |(x, y), p| (x + p.0 / n, y + p.1 / n));
    let (mut xx, mut yy, mut xy) = (0.0, 0.0, 0.0);
    for p in both {
        xx += (p.0 - x).powi(2);
        yy += (p.1 - y).powi(2);
        xy += (p.0 - x) * (p.1 - y);
    }
    (xx > 0.0 && yy > 0.0).then(|| xy / (xx * yy).sqrt())
}

fn profile(codes: &[Width]) -> Vec<f64> {
    let mean = |remainder: usize| {
        let same = codes.iter().filter(|w| w.code.rem_euclid(PERIOD as i32) == remainder as i32);
        let widths: Vec<f64> = same.map(|w| w.width).collect();
        (!widths.is_empty()).then(|| widths.iter().sum::<f64>() / widths.len() as f64)
    };
    (0..PERIOD).map(mean).collect::<Option<_>>().unwrap_or_default()
}

fn autocorrelation(all: &[Option<f64>]) -> Vec<f64> {
    let at_lag = |lag: usize| {
        let pairs = all.iter().zip(all.iter().skip(lag));
        let pairs: Vec<(f64, f64)> = pairs.filter_map(|(a, b)| Some(((*a)?, (*b)?))).collect();
        if pairs.len() < LAGS { None } else { correlation(&pairs) }
    };
    (1..=LAGS).map(at_lag).collect::<Option<_>>().unwrap_or_default()
}

#[cfg(test)]
mod tests {
    use super::*;
    use crate::analysis::counts::Histogram;
    use golden_model::synthetic::Synthetic;

    fn of(files: &[Vec<i16>]) -> Widths {
        let mut all = Histogram::default();
        let sparse = files.iter().map(|samples| {
            let mut values = Histogram::default();
            for &sample in samples {
                values.add(sample);
                all.add(sample);
            }
            values.present().collect()
        });
        let sparse: Vec<Sparse> = sparse.collect();
        Widths::new(sparse.iter(), &Lattice::detect(&all))
    }

    #[test]
    fn the_synthetic_converters_codes_are_seen_as_wide_as_they_are() {
        let noisy = Synthetic { noise: 40.0, spikes_per_second: 0.0, ..Synthetic::default() };
        let widths = of(&[1, 2, 3].map(|seed| noisy.rounds(seed, 1, 200_000)));
        let of_code = |code| widths.codes.iter().find(|w| w.code == code).unwrap().width;
        assert!((of_code(511) - 0.1).abs() < 0.05, "{}", of_code(511));
        assert!((of_code(512) - 1.9).abs() < 0.25, "{}", of_code(512));
        assert!(widths.profile[31] < 0.3 && widths.profile[0] > 1.5);
        let lag = |lag: usize| widths.autocorrelation[lag - 1];
        assert!(lag(32) > 0.8 && lag(32) > lag(31) + 0.5, "{:?}", widths.autocorrelation);
        assert!(widths.agreement.unwrap() > 0.9);
    }

    #[test]
    fn a_parabola_of_counts_is_what_is_expected() {
        let counts: Vec<f64> = (0..40).map(|x| 5.0 + 0.5 * f64::from(x * x)).collect();
        assert!((expected(&counts, 20) - counts[20]).abs() < 1e-6);
    }

    #[test]
    fn nothing_has_no_width() {
        assert_eq!(of(&[]), Widths::default());
        assert_eq!(of(&[vec![]]).codes, []);
    }
}
