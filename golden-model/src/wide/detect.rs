//! Which [`Converter`] made the samples of each channel.
//!
//! A converter with a step of more than one leaves gaps: its samples modulo the step all lie within
//! one of a phase. The step is the same for all channels of a group (the distance of sorted samples
//! gives a first guess, a search by halves the exact one, and a fraction with a small denominator is
//! preferred); the phase is the one that most of a channel's samples fit.

use super::converter::{Converter, PHASE_FRACTION, STEP_FRACTION};
use crate::layout::greatest_common_divisor;

/// Share of a channel's samples that must fit, in per cent, but for one that may be missing often.
const FITTING: u64 = 97;
/// Smallest step that is worth it.
const LEAST_STEP: f64 = 1.5;
/// Fewer different samples are no basis.
const LEAST_VALUES: usize = 8;
/// Samples of a channel that are looked at.
const LOOKED_AT: usize = 30_000;
/// Channels that the step is searched on.
const SEARCHED: usize = 24;

/// The different samples of a channel, rising, and how often each came.
type Values = Vec<(i32, u64)>;

/// The converter of each channel, from rounds of samples.
pub fn detect(samples: impl Fn(usize) -> i32, channels: usize, rounds: usize) -> Vec<Converter> {
    let all: Vec<Values> = (0..channels)
        .map(|channel| {
            let looked_at =
                (0..rounds.min(LOOKED_AT)).map(|round| samples(round * channels + channel));
            values(looked_at.collect())
        })
        .collect();
    let guesses: Vec<(usize, f64)> =
        all.iter().enumerate().filter_map(|(c, values)| Some((c, first_guess(values)?))).collect();
    let mut steps: Vec<f64> = guesses.iter().map(|&(_, step)| step).collect();
    steps.sort_by(f64::total_cmp);
    let Some(&guess) = steps.get(steps.len() / 2) else { return vec![Converter::Direct; channels] };
    let stride = guesses.len().div_ceil(SEARCHED);
    let searched: Vec<&Values> = guesses.iter().step_by(stride).map(|&(c, _)| &all[c]).collect();
    let fits = [false, true].map(|truncated| {
        let step = search(guess, &searched, truncated);
        (score(step, &searched, truncated), step, truncated)
    });
    // Rounded, when both fit as well.
    let (_, step, truncated) = if fits[1].0 > fits[0].0 { fits[1] } else { fits[0] };
    all.iter().map(|values| of_channel(step, values, truncated)).collect()
}

fn of_channel(step: f64, values: &Values, truncated: bool) -> Converter {
    if step < LEAST_STEP || first_guess(values).is_none() {
        return Converter::Direct;
    }
    let (_, phase) = best_phase(step, values, truncated);
    let phase = (phase * f64::from(1 << PHASE_FRACTION)).round() as i32;
    let step = (step * (1u64 << STEP_FRACTION) as f64).round() as u64;
    // What was found in floating point is counted with the integers that will be used.
    let converter = Converter::Linear { step, phase, truncated };
    let misfit = |&&(sample, _): &&(i32, u64)| converter.token(sample, 32).is_none();
    let misfits = || values.iter().filter(misfit).map(|(_, count)| count);
    let total: u64 = values.iter().map(|(_, count)| count).sum();
    // One sample may be off as often as it likes: the zeros of lost packets.
    let missing = misfits().sum::<u64>() - misfits().max().unwrap_or(&0);
    if missing * 100 > total * (100 - FITTING) { Converter::Direct } else { converter }
}

fn values(mut samples: Vec<i32>) -> Values {
    samples.sort_unstable();
    let mut values = Values::new();
    for sample in samples {
        match values.last_mut() {
            Some((last, count)) if *last == sample => *count += 1,
            _ => values.push((sample, 1)),
        }
    }
    values
}

/// The step that the gaps between a channel's samples suggest, if there are gaps.
fn first_guess(values: &Values) -> Option<f64> {
    if values.len() < LEAST_VALUES {
        return None;
    }
    let distance = |&(value, _): &(i32, u64)| value.abs_diff(values[0].0).into();
    let all = values.iter().map(distance).fold(0, greatest_common_divisor);
    if all > 1 {
        return Some(all as f64);
    }
    // Where hardly any sample comes twice, gaps are chance.
    if values.iter().map(|(_, count)| count).sum::<u64>() < 2 * values.len() as u64 {
        return None;
    }
    // Samples off the lattice are rare ones.
    let often: Values = values.iter().copied().filter(|&(_, count)| count > 1).collect();
    let values = if often.len() < LEAST_VALUES { values } else { &often };
    let mut gaps: Vec<f64> =
        values.windows(2).map(|two| f64::from(two[1].0) - f64::from(two[0].0)).collect();
    gaps.sort_by(f64::total_cmp);
    // A few may still be there: the smallest gaps are not trusted.
    let small = gaps[gaps.len() / 10];
    if small < LEAST_STEP {
        return None;
    }
    let near: Vec<f64> =
        gaps.iter().copied().filter(|gap| (small..=1.5 * small).contains(gap)).collect();
    let mut step = near.iter().sum::<f64>() / near.len() as f64;
    // Each time the codes are counted with the last step.
    for _ in 0..4 {
        let codes: f64 = gaps.iter().map(|gap| (gap / step).round()).sum();
        step = gaps.iter().sum::<f64>() / codes.max(1.0);
    }
    Some(step)
}

/// How many samples fit their channel's best phase.
fn score(step: f64, channels: &[&Values], truncated: bool) -> u64 {
    channels.iter().map(|values| best_phase(step, values, truncated).0).sum()
}

/// The step near `guess` that most samples fit.
fn search(guess: f64, channels: &[&Values], truncated: bool) -> f64 {
    let score = |step: f64| score(step, channels, truncated);
    let best_of = |steps: &mut dyn Iterator<Item = f64>, best: f64| {
        steps.fold((score(best), best), |best, step| {
            let points = score(step);
            if points > best.0 { (points, step) } else { best }
        })
    };
    let mut width = guess * 0.01;
    let mut best = guess;
    for _ in 0..6 {
        (_, best) = best_of(&mut (-8..=8).map(|i| best + width * f64::from(i) / 8.0), best);
        width /= 6.0;
    }
    // The simplest fraction that is as good.
    let points = score(best);
    let fraction = |q: u32| (best * f64::from(q)).round() / f64::from(q);
    let simple = (1..=1100)
        .map(fraction)
        .find(|&step| (step - best).abs() < guess * 1e-3 && score(step) >= points);
    simple.unwrap_or(best)
}

/// How many samples fit the best phase, and that phase.
fn best_phase(step: f64, values: &Values, truncated: bool) -> (u64, f64) {
    // A rounded sample lies within half of the exact value, a truncated one within one of it, nearer
    // to zero: both leave a window of one.
    let window = |sample: f64| match truncated {
        false => sample - 0.5,
        true if sample > 0.0 => sample,
        true => sample - 1.0,
    };
    let mut begins: Vec<(f64, u64)> = values
        .iter()
        .map(|&(sample, count)| (window(sample.into()).rem_euclid(step), count))
        .collect();
    begins.sort_by(|a, b| a.0.total_cmp(&b.0));
    // The phase fits all windows that begin within one before it. Around the circle of one step.
    let around = |i: usize| {
        let (begin, count) = begins[i % begins.len()];
        (begin + if i < begins.len() { 0.0 } else { step }, count)
    };
    let (mut last, mut sum) = (0, 0);
    let mut best = (0, 0.0);
    for first in 0..begins.len() {
        while last < first + begins.len() && around(last).0 < around(first).0 + 1.0 - 1e-9 {
            sum += around(last).1;
            last += 1;
        }
        if sum > best.0 {
            best = (sum, simplest(around(last - 1).0, around(first).0 + 1.0) % step);
        }
        sum -= around(first).1;
    }
    best
}

/// A number between two with few fraction bits, which takes few bits to store.
fn simplest(low: f64, high: f64) -> f64 {
    let middle = (low + high) / 2.0;
    let with = |bits: i32| (middle * f64::from(bits).exp2()).round() / f64::from(bits).exp2();
    (0..PHASE_FRACTION as i32).map(with).find(|x| low < *x && *x < high).unwrap_or(middle)
}

#[cfg(test)]
mod tests {
    use super::*;

    /// Codes of a bell shape, and now and then a sample off the lattice.
    fn recording(converters: &[Converter], rounds: usize, off: bool) -> Vec<i32> {
        let mut x = 1u64;
        let mut random = || {
            x = x.wrapping_mul(6_364_136_223_846_793_005).wrapping_add(1);
            ((x >> 33) % 41) as i64 - 20
        };
        (0..rounds * converters.len())
            .map(|i| {
                let token = random() + random() + random();
                let sample = converters[i % converters.len()].sample(token, 16).unwrap();
                sample + i32::from(off && i % 499 == 0)
            })
            .collect()
    }

    fn fits(converters: &[Converter], off: bool) {
        let samples = recording(converters, 4000, off);
        let found = detect(|i| samples[i], converters.len(), 4000);
        for (channel, converter) in found.iter().enumerate() {
            let its = samples.iter().skip(channel).step_by(converters.len());
            let missing = its.filter(|&&s| converter.token(s, 16).is_none()).count();
            assert_eq!(
                *converter == Converter::Direct,
                converters[channel] == Converter::Direct,
                "{converters:?} {converter:?}"
            );
            assert!(
                missing <= if off { 4000 / 100 } else { 0 },
                "{channel}: {missing} {converter:?}"
            );
        }
    }

    #[test]
    fn steps_and_phases_are_found() {
        let linear = |step: f64, phase: f64, truncated| Converter::Linear {
            step: (step * 4_294_967_296.0) as u64,
            phase: (phase * 1_048_576.0) as i32,
            truncated,
        };
        for off in [false, true] {
            fits(&[0.0, 1.3, 5.77, -3.1].map(|phase| linear(625.0 / 52.0, phase, false)), off);
            fits(&[linear(16.0, 0.0, false), linear(16.0, 5.0, false)], off);
            fits(&[linear(4.0, 1.0, false), Converter::Direct], off);
            fits(&[linear(65535.0 / 1023.0, 31.5, true); 3], off);
            fits(&[linear(65535.0 / 4095.0, 8.0, true)], off);
            fits(&[linear(2.5, 0.2, false)], off);
        }
        fits(&[Converter::Direct; 3], false);
    }

    #[test]
    fn a_channel_of_few_values_is_taken_as_it_is() {
        assert_eq!(detect(|_| 7, 2, 100), [Converter::Direct; 2]);
        assert_eq!(detect(|i| (i as i32 % 4) * 64, 1, 100), [Converter::Direct]);
        assert_eq!(detect(|_| 0, 1, 0), [Converter::Direct]);
    }
}
