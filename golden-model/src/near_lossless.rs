//! Near-lossless coding: every sample stays within a stated number of tokens.
//!
//! The encoder may replace a token by any other within the bound, and takes the one with the
//! shortest code at that moment, the nearest of equally short ones. The result is an ordinary
//! lossless stream of a slightly different recording; decoder and hardware need no change. A sample
//! off the lattice is sent as it is.

use crate::channel_state::ChannelStates;
use crate::converter::{Converter, Token};
use crate::encoder::SampleEncoder;
use crate::table_set::TableSet;

/// Largest error that may be chosen, in tokens.
pub const MAX_ERROR: u16 = 127;

/// The error that is allowed for every sample, in tokens: 1..=127.
#[derive(Clone, Copy, Debug, PartialEq, Eq)]
pub struct MaxError(u16);

impl MaxError {
    /// An error of up to `tokens` tokens; `None` when that is 0, which is lossless, or over 127.
    pub fn new(tokens: u16) -> Option<MaxError> {
        (1..=MAX_ERROR).contains(&tokens).then_some(MaxError(tokens))
    }

    /// The error in tokens.
    pub fn tokens(self) -> u16 {
        self.0
    }

    /// Whether `back` may replace `sample`.
    pub fn allows(self, converter: &Converter, sample: i16, back: i16) -> bool {
        match (converter.token(sample), converter.token(back)) {
            (Some(was), Some(is)) => was.number().abs_diff(is.number()) <= self.0,
            _ => sample == back,
        }
    }

    /// Replaces samples of `channels` channels, in rounds, from the initial state on; returns
    /// the resulting error.
    pub fn replace(self, set: &TableSet, channels: u16, samples: &mut [i16]) -> Noise {
        let coder = SampleEncoder::new(set);
        let mut states = ChannelStates::initial(set, channels.into());
        let mut noise = Noise::default();
        for sample in samples {
            let cheapest = self.cheapest(set.converter(), &coder, &mut states, *sample);
            noise.add(*sample, cheapest);
            *sample = cheapest;
            coder.pass(&mut states, cheapest);
        }
        noise
    }

    /// The sample within the bound that takes the fewest bits now.
    fn cheapest(
        self,
        converter: &Converter,
        coder: &SampleEncoder<'_>,
        states: &mut ChannelStates,
        sample: i16,
    ) -> i16 {
        let Some(token) = converter.token(sample) else { return sample };
        let first = token.number().saturating_sub(self.0);
        let last = (token.number() + self.0).min(converter.last_token().number());
        let candidates = (first..=last).map(|number| {
            let candidate = converter.sample(Token::new(number));
            (coder.cost(states, candidate), number.abs_diff(token.number()), candidate)
        });
        candidates.min().map_or(sample, |(_, _, candidate)| candidate)
    }
}

/// Signal and noise of near-lossless samples.
#[derive(Clone, Copy, Debug, Default, PartialEq)]
pub struct Noise {
    samples: u64,
    sum: f64,
    squares: f64,
    noise: f64,
}

impl Noise {
    /// Counts a sample and its decoded value.
    pub fn add(&mut self, sample: i16, back: i16) {
        let (sample, error) = (f64::from(sample), f64::from(sample) - f64::from(back));
        self.samples += 1;
        self.sum += sample;
        self.squares += sample * sample;
        self.noise += error * error;
    }

    /// Adds another's counts.
    pub fn join(&mut self, other: &Noise) {
        self.samples += other.samples;
        self.sum += other.sum;
        self.squares += other.squares;
        self.noise += other.noise;
    }

    /// Variance of the samples over mean square of the errors, in decibels; infinite without errors.
    pub fn signal_to_noise(&self) -> f64 {
        let count = self.samples as f64;
        let variance = self.squares - self.sum * self.sum / count;
        10.0 * (variance / self.noise).log10()
    }
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn the_error_bound_holds_and_only_samples_on_the_lattice_change() {
        for tokens in [1, 5, MAX_ERROR] {
            let bound = MaxError::new(tokens).unwrap();
            let set = crate::shipped::shipped("bigram-32").unwrap();
            let converter = set.converter();
            let all: Vec<i16> = (i16::MIN..=i16::MAX).collect();
            let mut near = all.clone();
            bound.replace(&set, 3, &mut near);
            assert_ne!(all, near);
            for (&was, &is) in all.iter().zip(&near) {
                assert!(bound.allows(converter, was, is), "{was} {is}");
                match converter.token(was) {
                    None => assert_eq!(was, is),
                    Some(was) => {
                        let is = converter.token(is).expect("it stays on the lattice");
                        assert!(was.number().abs_diff(is.number()) <= tokens, "{was:?} {is:?}");
                    }
                }
            }
            let token = |number: u16| converter.sample(Token::new(number));
            assert!(bound.allows(converter, token(300), token(300 + tokens)));
            assert!(!bound.allows(converter, token(300), token(300 + tokens + 1)));
            assert!(!bound.allows(converter, token(300), token(300) + 1));
        }
    }

    #[test]
    fn an_error_bound_of_zero_or_too_much_is_invalid() {
        assert_eq!(MaxError::new(0), None);
        assert_eq!(MaxError::new(128), None);
    }

    #[test]
    fn signal_to_noise_is_that_of_the_textbook() {
        let mut noise = Noise::default();
        for (sample, back) in [(100, 101), (-100, -101), (100, 99), (-100, -99)] {
            noise.add(sample, back);
        }
        assert!((noise.signal_to_noise() - 40.0).abs() < 1e-9);
    }
}
