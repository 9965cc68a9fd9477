//! The **lattice**: the step and the offset on which a recorder's sample values lie.
//!
//! A converter of `b` bits gives `2^b` codes; a recorder stretches or shifts them to 16 bits, and
//! rounds. So the values lie near `origin + step * code`, within one unit of it where the step is
//! no whole number. It is found in four steps:
//!
//! 1. rare values (together a thousandth of the samples) are set aside, and the smallest distance
//!    between neighbours that comes up often is a first guess of the step;
//! 2. from the commonest value outward, each value is so many whole steps from the last one; others
//!    are skipped;
//! 3. a straight line through values and step numbers gives step and origin exactly;
//! 4. the line may turn out to be one that recorders use: a whole number, or `65535 / (2^b - 1)`.
//!
//! The step that fits nearly all samples wins. If none does, the step is 1: no lattice.

use serde::Serialize;

use super::counts::Histogram;

/// Where the samples lie.
#[derive(Clone, Debug, PartialEq, Serialize)]
pub struct Lattice {
    /// From one code to the next.
    pub step: f64,
    /// The value of code 0, within half a step of zero unless the formula says where codes begin.
    pub origin: f64,
    /// How far the lattice is shifted from zero, half a step at most.
    pub offset: f64,
    /// Its name, if it is one that recorders use.
    pub formula: String,
    /// Samples on the lattice.
    pub samples_on: u64,
    /// Samples off it.
    pub samples_off: u64,
}

/// Part of the samples that a lattice has to hold.
const ENOUGH: f64 = 0.99;
/// Part of the samples whose values are too rare to go by.
const RARE: f64 = 0.001;
/// Part of the distances between neighbours that makes one of them common.
const COMMON: f64 = 0.05;
/// Smallest step that is not a whole number: below, rounding hides it.
const SMALLEST_FRACTIONAL: f64 = 4.0;

impl Lattice {
    /// Every value is a code.
    fn none() -> Lattice {
        Lattice::new(1.0, 0.0, "every whole number: no lattice".into())
    }

    fn new(step: f64, origin: f64, formula: String) -> Lattice {
        let offset = reduced(origin, step);
        Lattice { step, origin, offset, formula, samples_on: 0, samples_off: 0 }
    }

    /// The code nearest to `value`.
    pub fn code(&self, value: i16) -> i32 {
        ((f64::from(value) - self.origin) / self.step).round() as i32
    }

    /// Whether `value` lies on the lattice, within rounding.
    pub fn holds(&self, value: i16) -> bool {
        let exact = self.origin + self.step * f64::from(self.code(value));
        let tolerance = if self.step.fract() == 0.0 { 1e-6 } else { 1.0 };
        (f64::from(value) - exact).abs() <= tolerance
    }

    fn counted(mut self, values: &Histogram) -> Lattice {
        let on = values.present().filter(|&(value, _)| self.holds(value));
        self.samples_on = on.map(|(_, count)| count).sum();
        self.samples_off = values.samples() - self.samples_on;
        self
    }

    fn holds_enough(&self) -> bool {
        self.samples_on as f64 >= ENOUGH * (self.samples_on + self.samples_off) as f64
    }

    /// The lattice of these values.
    pub fn detect(values: &Histogram) -> Lattice {
        let common = common(values);
        let found = guesses(&common).into_iter().filter_map(|guess| fit(&common, guess));
        let named = found.flat_map(|(step, origin)| candidates(step, origin));
        let counted = named.map(|lattice| lattice.counted(values));
        // The first of the best: whole numbers before fractions, named before unnamed.
        let best = counted
            .filter(Lattice::holds_enough)
            .reduce(|best, next| if next.samples_on > best.samples_on { next } else { best });
        best.unwrap_or_else(|| Lattice::none().counted(values))
    }
}

/// The values that are not rare, lowest first, with their counts.
fn common(values: &Histogram) -> Vec<(i16, u64)> {
    let mut present: Vec<(i16, u64)> = values.present().collect();
    present.sort_by_key(|&(_, count)| count);
    let rare = values.samples() as f64 * RARE;
    let mut seen = 0;
    let mut common: Vec<_> = present
        .into_iter()
        .skip_while(|&(_, count)| {
            seen += count;
            seen as f64 <= rare
        })
        .collect();
    common.sort_unstable();
    common
}

/// First guesses of the step.
fn guesses(common: &[(i16, u64)]) -> Vec<f64> {
    let mut distances: Vec<i32> =
        common.windows(2).map(|pair| i32::from(pair[1].0) - i32::from(pair[0].0)).collect();
    distances.sort_unstable();
    let often = (distances.len() as f64 * COMMON).ceil() as usize;
    let Some(smallest) = distances.chunk_by(|a, b| a == b).find(|same| same.len() >= often) else {
        return Vec::new();
    };
    let smallest = smallest[0];
    // A fractional step shows as two neighbouring distances.
    let both: Vec<f64> = distances
        .iter()
        .filter(|d| (smallest..=smallest + 1).contains(*d))
        .map(|&d| f64::from(d))
        .collect();
    let mean = both.iter().sum::<f64>() / both.len() as f64;
    vec![f64::from(smallest), mean]
}

/// Step and value of code 0 by least squares, beginning with a guess of the step.
fn fit(common: &[(i16, u64)], guess: f64) -> Option<(f64, f64)> {
    let start = (0..common.len()).max_by_key(|&i| common[i].1)?;
    let up = walk(common[start..].iter(), guess);
    let down = walk(common[..=start].iter().rev(), guess);
    let points: Vec<(f64, f64)> = down.into_iter().skip(1).chain(up).collect();
    let n = points.len() as f64;
    let (sum_k, sum_v) = points.iter().fold((0.0, 0.0), |(k, v), p| (k + p.0, v + p.1));
    let (mean_k, mean_v) = (sum_k / n, sum_v / n);
    let (mut kk, mut kv) = (0.0, 0.0);
    for (k, v) in points {
        kk += (k - mean_k).powi(2);
        kv += (k - mean_k) * (v - mean_v);
    }
    (kk > 0.0).then(|| (kv / kk, mean_v - kv / kk * mean_k))
}

/// Each value and how many steps it lies from the first one.
fn walk<'v>(values: impl Iterator<Item = &'v (i16, u64)>, step: f64) -> Vec<(f64, f64)> {
    let mut points: Vec<(f64, f64)> = Vec::new();
    for &(value, _) in values {
        let value = f64::from(value);
        let Some(&(code, last)) = points.last() else {
            points.push((0.0, value));
            continue;
        };
        let steps = ((value - last) / step).round();
        // Both ends are rounded, and the guess may be off by half a unit.
        let astray = (value - last - steps * step).abs() > 1.0 + 0.5 * steps.abs();
        if steps != 0.0 && !astray {
            points.push((code + steps, value));
        }
    }
    points
}

/// What whole steps leave of `origin`: above minus half a step, up to half a step.
fn reduced(origin: f64, step: f64) -> f64 {
    origin - step * (origin / step - 0.5).ceil()
}

/// Lattices like this line that recorders use, and the line itself.
fn candidates(step: f64, origin: f64) -> Vec<Lattice> {
    let mut candidates = Vec::new();
    let near = |known: f64| (step / known - 1.0).abs() < 0.01;
    let whole = step.round().max(1.0);
    if near(whole) {
        let origin = reduced(origin.round(), whole);
        let formula = match whole {
            1.0 => return vec![Lattice::none()],
            _ if origin == 0.0 => format!("multiples of {whole}"),
            _ => format!("multiples of {whole}, plus {origin}"),
        };
        candidates.push(Lattice::new(whole, origin, formula));
    }
    if step < SMALLEST_FRACTIONAL {
        return candidates;
    }
    for bits in 4..14 {
        let top = f64::from((1 << bits) - 1);
        if near(65535.0 / top) {
            let formula = format!(
                "code * 65535 / {top} - 32768: a converter of {bits} bits, stretched to 16"
            );
            candidates.push(Lattice::new(65535.0 / top, -32768.0, formula));
        }
    }
    let origin = reduced(origin, step);
    let formula = format!("{origin:.2} + {step:.4} * code");
    candidates.push(Lattice::new(step, origin, formula));
    candidates
}

#[cfg(test)]
mod tests {
    use super::*;
    use golden_model::synthetic::Synthetic;

    fn of(values: impl IntoIterator<Item = i16>) -> Lattice {
        let mut histogram = Histogram::default();
        values.into_iter().for_each(|value| histogram.add(value));
        Lattice::detect(&histogram)
    }

    /// Codes of a synthetic recording around zero, as another recorder writes them.
    fn recorder(scale: impl Fn(f64) -> f64) -> Lattice {
        let samples = Synthetic::default().rounds(1, 1, 40_000);
        of(samples.iter().map(|s| scale(f64::from(s >> 6)) as i16))
    }

    #[test]
    fn the_challenges_converter_is_found() {
        let lattice = of(Synthetic::default().rounds(1, 1, 20_000));
        assert_eq!((lattice.step, lattice.origin), (65535.0 / 1023.0, -32768.0));
        assert_eq!(lattice.samples_off, 0);
        assert_eq!(lattice.code(i16::MIN), 0);
        assert_eq!(lattice.code(i16::MAX), 1023);
        assert!((lattice.offset - 31.53).abs() < 0.01, "{}", lattice.offset);
    }

    #[test]
    fn whole_steps_with_and_without_offset_are_found() {
        for step in [2.0, 3.0, 4.0, 16.0, 100.0] {
            for offset in [0.0, 1.0] {
                let lattice = recorder(|code| code * step + offset);
                assert_eq!((lattice.step, lattice.offset), (step, offset));
                assert_eq!(lattice.samples_off, 0);
            }
        }
    }

    #[test]
    fn a_fractional_step_is_found_despite_rounding() {
        for step in [4.7, 6.55, 10.24, 31.3] {
            let lattice = recorder(|code| (code * step + 1.3).round());
            assert!((lattice.step - step).abs() < 0.01, "{step}: {lattice:?}");
            assert_eq!(lattice.samples_off, 0, "{step}: {lattice:?}");
        }
    }

    #[test]
    fn off_lattice_values_are_counted_and_do_not_mislead() {
        let samples = Synthetic::default().rounds(2, 1, 40_000);
        let lattice =
            of(samples.iter().enumerate().map(|(n, &s)| if n % 200 == 7 { 3 } else { s }));
        assert_eq!(lattice.step, 65535.0 / 1023.0);
        assert_eq!(lattice.samples_off, 200);
    }

    #[test]
    fn without_a_lattice_every_value_is_a_code() {
        let plain = recorder(|code| code);
        assert_eq!((plain.step, plain.offset, plain.samples_off), (1.0, 0.0, 0));
        let uneven = of((0..5000).map(|n: i32| (n * n % 7919 * 4 % 9973) as i16));
        assert_eq!(uneven.step, 1.0);
        for few in [vec![], vec![5], vec![5, 5, 5]] {
            assert_eq!(of(few).step, 1.0);
        }
        assert_eq!(of([0, 0, 8]).step, 8.0);
    }
}
