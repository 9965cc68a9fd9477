//! **Filter**: a fixed linear prediction that goes before the predictor.
//!
//! Band-limited signals are predicted well by their past alone, but with large weights of both signs,
//! which sign-sign LMS does not find. So the filter is fitted once, when a group's coding is chosen, for
//! all channels together, and stored; the LMS then learns from what the filter leaves.
//!
//! ```text
//! steps       the last 32 differences of tokens, the latest first
//! prediction  last + round(sum of c[i] * steps[i] / 2^fraction)
//! ```

use super::predictor::Width;

/// Steps that a filter looks at; coefficients that are not stored are zero.
pub const TAPS: usize = 32;
/// Most fraction bits of a coefficient: sums of small signals then stay within 32 bits.
const MOST_FRACTION: u32 = 14;
/// Rounds whose energy is made one before they are added up, so that no loud one decides alone.
const BLOCK: usize = 4096;
/// Noise that is taken to be there, as a share of the energy.
const NOISE: f64 = 1e-9;

/// Coefficients.
#[derive(Clone, Debug, PartialEq, Eq)]
pub struct Filter {
    coefficients: [i16; TAPS],
    fraction: u8,
}

/// Sums of products of a signal's steps, of which a filter is the solution.
pub struct Products {
    /// `[i][j]`: of the steps `i` and `j` rounds back; `[0]` is the step that is to be predicted.
    sums: Vec<[f64; TAPS + 1]>,
}

impl Default for Products {
    fn default() -> Products {
        Products { sums: vec![[0.0; TAPS + 1]; TAPS + 1] }
    }
}

impl Products {
    /// Adds a channel's tokens.
    pub fn add(&mut self, tokens: impl Iterator<Item = i64>) {
        let tokens: Vec<i64> = tokens.collect();
        let steps: Vec<f64> = tokens.windows(2).map(|two| (two[1] - two[0]) as f64).collect();
        for first in (TAPS..steps.len()).step_by(BLOCK) {
            self.block(&steps[first - TAPS..steps.len().min(first + BLOCK)]);
        }
    }

    /// A block of steps behind the `TAPS` before it.
    fn block(&mut self, steps: &[f64]) {
        let len = steps.len() - TAPS;
        let back = |lag: usize| &steps[TAPS - lag..];
        let energy: f64 = back(0).iter().map(|step| step * step).sum();
        if energy == 0.0 {
            return;
        }
        let weight = len as f64 / energy;
        let mut sums = [[0.0; TAPS + 1]; TAPS + 1];
        for (lag, sum) in sums[0].iter_mut().enumerate() {
            *sum = back(0).iter().zip(back(lag)).map(|(a, b)| a * b).sum();
        }
        for i in 1..=TAPS {
            for j in i..=TAPS {
                // The window moves back by one round: a product comes in, one goes out.
                let product = |at: usize| steps[at - i] * steps[at - j];
                sums[i][j] = sums[i - 1][j - 1] + product(TAPS) - product(TAPS + len);
            }
        }
        for (all, sums) in self.sums.iter_mut().zip(&sums) {
            all.iter_mut().zip(sums).for_each(|(all, sum)| *all += sum * weight);
        }
    }

    /// The best filter; `None`: there was no signal.
    pub fn filter(&self) -> Option<Filter> {
        // Cholesky: the matrix of sums as the product of a triangle and its mirror image.
        let noise = self.sums[0][0] * NOISE;
        let mut triangle = [[0.0f64; TAPS]; TAPS];
        let mut solution = [0.0f64; TAPS];
        for i in 0..TAPS {
            for j in 0..=i {
                let known: f64 = (0..j).map(|k| triangle[i][k] * triangle[j][k]).sum();
                let rest = self.sums[j + 1][i + 1] - known;
                triangle[i][j] = match i == j {
                    true if rest + noise > 0.0 => (rest + noise).sqrt(),
                    true => return None,
                    false => rest / triangle[j][j],
                };
            }
            let known: f64 = (0..i).map(|k| triangle[i][k] * solution[k]).sum();
            solution[i] = (self.sums[0][i + 1] - known) / triangle[i][i];
        }
        for i in (0..TAPS).rev() {
            let known: f64 = (i + 1..TAPS).map(|k| triangle[k][i] * solution[k]).sum();
            solution[i] = (solution[i] - known) / triangle[i][i];
        }
        let largest = solution.iter().fold(0.0f64, |largest, c| largest.max(c.abs()));
        let fits = |fraction: &u32| largest * f64::from(1 << fraction) < f64::from(i16::MAX);
        let fraction = (1..=MOST_FRACTION).rev().find(fits)?;
        let coefficients = solution.map(|c| (c * f64::from(1 << fraction)).round() as i16);
        Some(Filter { coefficients, fraction: fraction as u8 })
    }
}

impl Default for Filter {
    /// Predicts the last token again.
    fn default() -> Filter {
        Filter { coefficients: [0; TAPS], fraction: 1 }
    }
}

impl Filter {
    /// Fraction bits.
    pub fn fraction(&self) -> u32 {
        self.fraction.into()
    }

    /// The sum that is to be rounded, of the last steps.
    #[inline(always)]
    pub fn sum<T: Width, const W: usize>(&self, steps: &[T; W]) -> T::Sum {
        match self.coefficients.first_chunk::<W>() {
            Some(coefficients) => T::sum(coefficients, steps),
            None => T::Sum::default(),
        }
    }

    /// Coefficients, the latest step's first.
    pub fn coefficients(&self) -> &[i16; TAPS] {
        &self.coefficients
    }

    /// As bytes.
    pub fn to_bytes(&self) -> Vec<u8> {
        let order = self.coefficients.iter().rposition(|c| *c != 0).map_or(0, |last| last + 1);
        let mut bytes = vec![order as u8, self.fraction];
        bytes.extend(self.coefficients[..order].iter().flat_map(|c| c.to_le_bytes()));
        bytes
    }

    /// From the beginning of `bytes`, which then begin behind it; `None`: there is none.
    pub fn from_bytes(bytes: &mut &[u8]) -> Option<Filter> {
        let [order, fraction] = *crate::varint::take_bytes(bytes, 2)? else { return None };
        let in_range = usize::from(order) <= TAPS && (1..=MOST_FRACTION).contains(&fraction.into());
        let stored = crate::varint::take_bytes(bytes, 2 * usize::from(order))?;
        let mut coefficients = [0; TAPS];
        for (coefficient, two) in coefficients.iter_mut().zip(stored.as_chunks().0) {
            *coefficient = i16::from_le_bytes(*two);
        }
        in_range.then_some(Filter { coefficients, fraction })
    }
}

#[cfg(test)]
mod tests {
    use super::*;

    /// Noise, and a resonance that `x[t] = 1.8 x[t-1] - 0.9 x[t-2] + noise` makes of it.
    fn resonance(rounds: usize) -> Vec<i64> {
        let mut x = 9u32;
        let mut last = [0.0f64; 2];
        let mut next = || {
            x = x.wrapping_mul(1_664_525).wrapping_add(1_013_904_223);
            let now = 1.8 * last[0] - 0.9 * last[1] + f64::from(x >> 22) - 511.5;
            last = [now, last[0]];
            now.round() as i64
        };
        (0..rounds).map(|_| next()).collect()
    }

    /// The mean square of what a filter leaves, and of the steps themselves.
    fn left(filter: &Filter, tokens: &[i64]) -> (f64, f64) {
        let steps: Vec<i32> = tokens.windows(2).map(|two| (two[1] - two[0]) as i32).collect();
        let (mut left, mut all) = (0.0, 0.0);
        for at in TAPS..steps.len() {
            let past: [i32; TAPS] = std::array::from_fn(|i| steps[at - 1 - i]);
            let half = 1 << (filter.fraction() - 1);
            let expected = (filter.sum(&past) + half) >> filter.fraction();
            left += (f64::from(steps[at]) - expected as f64).powi(2);
            all += f64::from(steps[at]).powi(2);
        }
        let count = (steps.len() - TAPS) as f64;
        (left / count, all / count)
    }

    #[test]
    fn a_filter_leaves_the_noise_of_a_resonance() {
        let tokens = resonance(20_000);
        let mut products = Products::default();
        products.add(tokens.iter().copied());
        let filter = products.filter().unwrap();
        let (left, all) = left(&filter, &tokens);
        // Noise of 1024 even steps.
        let noise = 1024.0f64.powi(2) / 12.0;
        assert!(left < 1.06 * noise && all > 1.5 * noise, "{left} {all} {noise}");
        let stored = filter.to_bytes();
        let mut rest = &stored[..];
        assert_eq!(Filter::from_bytes(&mut rest), Some(filter));
        assert!(rest.is_empty());
    }

    #[test]
    fn without_a_signal_there_is_no_filter() {
        let mut products = Products::default();
        products.add(std::iter::repeat_n(7, 1000));
        products.add([1, 2].into_iter());
        assert_eq!(products.filter(), None);
    }

    #[test]
    fn bytes_that_are_no_filter_are_refused() {
        let none = |bytes: &[u8]| Filter::from_bytes(&mut &bytes[..]).is_none();
        assert!(none(&[]) && none(&[1, 14, 0]) && none(&[0, 15]) && none(&[0, 0]));
        assert!(none(&[&[33, 14][..], &[0; 66]].concat()));
        assert!(!none(&[&[32, 14][..], &[0; 64]].concat()));
    }
}
