//! Near-lossless: every sample within a stated number of tokens, for those who choose it.
//!
//! A filter around the codec, which knows nothing of it: tokens are counted in steps of `2 N + 1`
//! before the encoder, `c = floor((t + N) / (2 N + 1))`, and put back in the middle of their step
//! after the decoder, `t' = min(c * (2 N + 1), 1023)`. So `|t' - t| <= N` for every sample on the
//! lattice; a sample off the lattice passes unchanged.

use crate::tokenizer::{self, TOKENS, Token};

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

    fn step(self) -> u16 {
        2 * self.0 + 1
    }

    /// What the encoder is given for `sample`.
    pub fn coarse(self, sample: i16) -> i16 {
        let coarse = |t: Token| Token::new((t.number() + self.0) / self.step());
        tokenizer::token(sample).map_or(sample, |t| tokenizer::sample(coarse(t)))
    }

    /// What stands for the decoder's `sample`. A stream that no encoder made may hold steps beyond
    /// the alphabet; they become its last token.
    pub fn fine(self, sample: i16) -> i16 {
        let last = TOKENS as u16 - 1;
        let fine = |t: Token| Token::new(t.number().saturating_mul(self.step()).min(last));
        tokenizer::token(sample).map_or(sample, |t| tokenizer::sample(fine(t)))
    }
}

/// Signal and noise of samples that did not come back as they were.
#[derive(Clone, Copy, Debug, Default, PartialEq)]
pub struct Noise {
    samples: u64,
    sum: f64,
    squares: f64,
    noise: f64,
}

impl Noise {
    /// Takes in a sample and what came back for it.
    pub fn add(&mut self, sample: i16, back: i16) {
        let (sample, error) = (f64::from(sample), f64::from(sample) - f64::from(back));
        self.samples += 1;
        self.sum += sample;
        self.squares += sample * sample;
        self.noise += error * error;
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
    fn every_sample_comes_back_within_the_bound() {
        for tokens in 1..=MAX_ERROR {
            let bound = MaxError::new(tokens).unwrap();
            for sample in i16::MIN..=i16::MAX {
                let back = bound.fine(bound.coarse(sample));
                match tokenizer::token(sample) {
                    None => assert_eq!(back, sample),
                    Some(was) => {
                        let is = tokenizer::token(back).expect("it stays on the lattice");
                        assert!(was.number().abs_diff(is.number()) <= tokens, "{was:?} {is:?}");
                    }
                }
            }
        }
    }

    #[test]
    fn what_came_back_once_comes_back_exactly() {
        let bound = MaxError::new(3).unwrap();
        for sample in i16::MIN..=i16::MAX {
            let back = bound.fine(bound.coarse(sample));
            assert_eq!(bound.fine(bound.coarse(back)), back);
        }
    }

    #[test]
    fn an_error_of_nothing_or_of_too_much_is_none() {
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
