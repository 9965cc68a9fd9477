//! Synthetic recordings: an electrode's signal through a converter like the real one.
//!
//! A channel is band-limited noise (two poles below 3 kHz), a slow drift, and spikes at random
//! moments with an amplitude of their own; all in steps of the converter, around its middle. The
//! converter has 1024 codes of unequal width: some take twice the voltage of their neighbours, a
//! few almost none, in a pattern that repeats every 32 codes, as in the recordings of the
//! challenge. A bigram table can use that pattern; a difference coder cannot.
//!
//! Made for tests and demonstrations: a ratio on synthetic recordings says nothing about real ones.

use core::f64::consts::TAU;

use rand::rngs::StdRng;
use rand::{RngExt, SeedableRng};

use crate::converter::{Converter, Token};

/// Sample rate of the challenge's recordings in samples per second.
pub const RATE: u32 = 19531;

/// The properties of a synthetic channel.
#[derive(Clone, Copy, Debug, PartialEq)]
pub struct Synthetic {
    /// Root mean square of the noise, in steps of the converter.
    pub noise: f64,
    /// Amplitude of the drift, in steps of the converter.
    pub drift: f64,
    /// Spikes per second.
    pub spikes_per_second: f64,
    /// Height of a spike, in steps of the converter.
    pub spike_height: f64,
}

impl Default for Synthetic {
    /// As busy as a typical recording of the challenge.
    fn default() -> Synthetic {
        Synthetic { noise: 7.0, drift: 15.0, spikes_per_second: 20.0, spike_height: 90.0 }
    }
}

impl Synthetic {
    /// The endless samples of one channel; equal seeds give equal samples.
    pub fn channel(self, seed: u64) -> Channel {
        let converter = Converter::challenge();
        let mut rng = StdRng::seed_from_u64(seed);
        let phase = rng.random_range(0.0..TAU);
        Channel {
            kind: self,
            thresholds: thresholds(converter.tokens()),
            converter,
            phase,
            poles: [0.0; 2],
            spike: None,
            time: 0,
            rng,
        }
    }

    /// `rounds` rounds of `channels` channels, interleaved; channel `i` has the seed `seed + i`.
    pub fn rounds(self, seed: u64, channels: usize, rounds: usize) -> Vec<i16> {
        let mut all: Vec<Channel> =
            (0..channels as u64).map(|i| self.channel(seed.wrapping_add(i))).collect();
        (0..rounds * channels).map(|n| all[n % channels].sample()).collect()
    }
}

/// An endless synthetic channel.
#[derive(Debug)]
pub struct Channel {
    kind: Synthetic,
    converter: Converter,
    /// `[code] -> the voltage, in steps, at which the code begins`
    thresholds: Vec<f64>,
    phase: f64,
    /// The memory of the low-pass filter.
    poles: [f64; 2],
    /// Samples since the current spike began.
    spike: Option<u32>,
    time: u64,
    rng: StdRng,
}

/// Smoothing of each of the two poles: about 3 kHz at 19531 samples per second.
const POLE: f64 = 0.6;
/// The factor by which two such poles reduce the root mean square of white noise.
const POLES_GAIN: f64 = 0.503;
/// Length of a spike in samples: 1.6 ms.
const SPIKE_SAMPLES: u32 = 31;
/// Frequency of the drift in hertz.
const DRIFT_HERTZ: f64 = 1.3;

impl Channel {
    /// The next sample.
    pub fn sample(&mut self) -> i16 {
        let middle = f64::from(self.converter.middle().number());
        let volts = middle + self.noise() + self.drift() + self.spike();
        self.time += 1;
        let code = self.thresholds.partition_point(|&begin| begin <= volts).max(1) - 1;
        self.converter.sample(Token::new(code as u16))
    }

    fn noise(&mut self) -> f64 {
        // The sum of twelve uniform numbers is close enough to a Gaussian, and has no rare jumps.
        let white: f64 = (0..12).map(|_| self.rng.random::<f64>()).sum::<f64>() - 6.0;
        let mut input = white * self.kind.noise / POLES_GAIN;
        for pole in &mut self.poles {
            *pole += POLE * (input - *pole);
            input = *pole;
        }
        input
    }

    fn drift(&self) -> f64 {
        let seconds = self.time as f64 / f64::from(RATE);
        self.kind.drift * (TAU * DRIFT_HERTZ * seconds + self.phase).sin()
    }

    fn spike(&mut self) -> f64 {
        let begins = self.rng.random::<f64>() < self.kind.spikes_per_second / f64::from(RATE);
        if self.spike.is_none() && begins {
            self.spike = Some(0);
        }
        let Some(age) = self.spike else { return 0.0 };
        self.spike = (age + 1 < SPIKE_SAMPLES).then_some(age + 1);
        // A sharp fall, then a slower swing back.
        let t = f64::from(age) / f64::from(SPIKE_SAMPLES);
        -self.kind.spike_height * (1.0 - t) * (TAU * t.sqrt()).sin()
    }
}

/// Where each code of the converter begins, in steps of equal codes; the first at minus infinity.
fn thresholds(codes: usize) -> Vec<f64> {
    // Every 16th code and some between are twice as wide; the last of each 32 is very narrow.
    let width = |code: usize| match code % 32 {
        31 => 0.1,
        0 | 16 => 1.9,
        4 | 12 | 20 | 28 => 1.4,
        7 | 15 | 23 => 0.6,
        _ => 1.0 - 0.02 * ((code % 8) as f64 - 3.5),
    };
    let total: f64 = (0..codes).map(width).sum();
    let mut begin = 0.0;
    let mut thresholds = Vec::with_capacity(codes);
    for code in 0..codes {
        thresholds.push(if code == 0 { f64::NEG_INFINITY } else { begin });
        begin += width(code) * codes as f64 / total;
    }
    thresholds
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn synthetic_channels_are_on_the_lattice_repeatable_and_different() {
        let channel = |seed| Synthetic::default().channel(seed);
        let take = |mut c: Channel| (0..5000).map(|_| c.sample()).collect::<Vec<_>>();
        let one = take(channel(1));
        assert_eq!(one, take(channel(1)));
        assert_ne!(one, take(channel(2)));
        assert!(one.iter().all(|&s| Converter::challenge().token(s).is_some()));
        let rounds = Synthetic::default().rounds(1, 3, 5000);
        assert!(rounds.iter().step_by(3).eq(&one));
    }

    #[test]
    fn codes_of_the_converter_are_unequally_wide() {
        let mut channel = Synthetic::default().channel(3);
        let converter = Converter::challenge();
        let mut counts = vec![0; converter.tokens()];
        for _ in 0..200_000 {
            counts[usize::from(converter.token(channel.sample()).unwrap().number())] += 1;
        }
        assert!(counts[512] > 4 * counts[511], "{} {}", counts[512], counts[511]);
        assert!(counts[528] > counts[527], "{} {}", counts[528], counts[527]);
    }

    #[test]
    fn the_noise_has_the_size_asked_for() {
        let quiet = Synthetic { drift: 0.0, spikes_per_second: 0.0, ..Synthetic::default() };
        let mut channel = quiet.channel(4);
        let squares: f64 = (0..100_000).map(|_| channel.noise().powi(2)).sum();
        let rms = (squares / 100_000.0).sqrt();
        assert!((rms / quiet.noise - 1.0).abs() < 0.05, "{rms}");
    }

    #[test]
    fn a_voltage_beyond_the_converter_is_its_first_or_last_code() {
        let wild = Synthetic { noise: 4000.0, ..Synthetic::default() };
        let samples = wild.rounds(5, 1, 2000);
        assert!(samples.contains(&i16::MIN) && samples.contains(&i16::MAX));
    }
}
