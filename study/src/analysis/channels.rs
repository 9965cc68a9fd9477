//! What the channels of one file have in common.

use golden_model::wav::Recording;
use serde::Serialize;

use super::counts::Histogram;
use super::widths::correlation;

/// Channels of a file that are compared; the pairs grow with the square.
const MOST: u16 = 64;

/// Every channel against every other: `[one][other]`.
#[derive(Clone, Debug, PartialEq, Serialize)]
pub struct Channels {
    /// Channels that were compared.
    pub compared: u16,
    /// Correlation of the samples, -1 to 1.
    pub correlation: Vec<Vec<f64>>,
    /// Correlation of the differences between successive samples: without what drifts slowly.
    pub difference_correlation: Vec<Vec<f64>>,
    /// How much of the two histograms is the same, 0 to 1.
    pub overlap: Vec<Vec<f64>>,
}

impl Channels {
    /// Compares the channels of a file; `None` when it has one only.
    pub fn new(recording: &Recording) -> Option<Channels> {
        let compared = recording.channels.min(MOST);
        if compared < 2 || recording.samples.is_empty() {
            return None;
        }
        let samples: Vec<Vec<f64>> =
            (0..compared).map(|c| recording.channel(c).map(f64::from).collect()).collect();
        let differences: Vec<Vec<f64>> =
            samples.iter().map(|c| c.windows(2).map(|pair| pair[1] - pair[0]).collect()).collect();
        let histograms = (0..compared).map(|channel| {
            let mut values = Histogram::default();
            recording.channel(channel).for_each(|sample| values.add(sample));
            values
        });
        let histograms: Vec<Histogram> = histograms.collect();
        Some(Channels {
            compared,
            correlation: matrix(&samples, |a, b| correlate(a, b)),
            difference_correlation: matrix(&differences, |a, b| correlate(a, b)),
            overlap: matrix(&histograms, overlap),
        })
    }

    /// Mean of a matrix over all pairs of different channels.
    pub fn mean(matrix: &[Vec<f64>]) -> f64 {
        let n = matrix.len();
        let all: f64 = (0..n).flat_map(|i| (0..i).map(move |j| matrix[i][j])).sum();
        all / (n * (n - 1) / 2) as f64
    }
}

fn correlate(a: &[f64], b: &[f64]) -> f64 {
    // A channel that does not vary goes with nothing.
    let both: Vec<(f64, f64)> = a.iter().copied().zip(b.iter().copied()).collect();
    correlation(&both).unwrap_or(0.0)
}

fn overlap(a: &Histogram, b: &Histogram) -> f64 {
    let common: u64 = a.present().map(|(value, count)| count.min(b.of(value))).sum();
    common as f64 / a.samples() as f64
}

/// A symmetric matrix.
fn matrix<T>(channels: &[T], measure: impl Fn(&T, &T) -> f64) -> Vec<Vec<f64>> {
    let mut rows = vec![vec![1.0; channels.len()]; channels.len()];
    for i in 0..channels.len() {
        for j in 0..i {
            let value = measure(&channels[i], &channels[j]);
            rows[i][j] = value;
            rows[j][i] = value;
        }
    }
    rows
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn channels_are_compared_with_each_other() {
        // The second is the first upside down, the third does not vary.
        let samples = (0..3000i16).flat_map(|n| [n % 7, -(n % 7), 3]).collect();
        let channels = Channels::new(&Recording { rate: 1, channels: 3, samples }).unwrap();
        assert!((channels.correlation[0][1] + 1.0).abs() < 1e-9);
        assert!((channels.difference_correlation[1][0] + 1.0).abs() < 1e-9);
        assert!(channels.correlation[0][2].abs() < 1e-9);
        assert!((channels.overlap[0][1] - 1.0 / 7.0).abs() < 1e-3);
        assert!((channels.overlap[0][2] - 1.0 / 7.0).abs() < 1e-3);
        assert!((Channels::mean(&channels.correlation) + 1.0 / 3.0).abs() < 1e-9);
    }

    #[test]
    fn one_channel_has_nothing_to_be_compared_with() {
        let one = Recording { rate: 1, channels: 1, samples: vec![1, 2, 3] };
        assert_eq!(Channels::new(&one), None);
    }
}
