//! **Group** of channels: from interleaved samples to a stretch's bytes, and back.
//!
//! ```text
//! group   1       0: every channel is direct   1: not   2: the channels share a list of samples
//!         if 2, the list: varint length, and deflated varints: the first sample (signed), and what
//!         each next one is more
//!         if 1, for the group:
//!         8       step, times 2^32
//!         1       bit 7: truncated; below: fraction bits f of the phases, 0..=20
//!                 for each channel: a signed varint: 0: direct, else the phase times 2^f, moved
//!                 away from 0 by one
//!         varint  0: channels are coded in their order; else the coded channels, one varint each
//!         ...     the wide set
//!
//! stretch 1       0: samples as they are, little endian   1: codes   2: decisions
//!                 3: codes in eight streams; see lanes.rs
//!         but for samples as they are:
//!         varint  holds; if there are any, varint length and the deflated list of them: for each
//!                 the first round less that of the hold before, the channel, the rounds, and (signed)
//!                 the sample less that of the hold before
//!         with decisions:
//!         varint  exceptions; if there are any, varint length and the deflated list of them: for each
//!                 the place among the tokens less that of the exception before, and (signed) the
//!                 sample less that of the exception before
//!         ...     codes, decisions, or streams
//! ```

mod description;
mod error;
mod exceptions;
mod holds;

pub use error::GroupError;

use super::converter::Converter;
use super::decisions::challenge_set;
use super::decisions::weights::Weights;
use super::lanes;
use super::list::List;
use super::predictor::Width;
use super::set::WideSet;
use super::stretch::{Exception, Stretch};
use crate::layout::Samples;
use crate::varint;

/// What a group of channels is coded with.
#[derive(Clone, Debug, PartialEq)]
pub struct Group {
    /// Of each channel; all are direct where there is a list.
    pub converters: Vec<Converter>,
    /// The samples that tokens stand for.
    pub list: Option<List>,
    /// The channels in the order in which they are coded.
    pub order: Vec<u16>,
    /// Predictor and tiers.
    pub set: WideSet,
    /// Samples at the hole are tried as exceptions when they lie this far from the one before. Not
    /// stored: the encoder's choice alone.
    pub hole_distance: u32,
    /// Whether stretches are tried as decisions too, which takes some five times as long. Not stored.
    pub best: bool,
    /// Whether decisions begin with the widths of the challenge's codes. Not stored.
    pub known: bool,
}

impl Group {
    /// For so many channels of the challenge's converter.
    pub fn of_the_challenge(channels: u16) -> Group {
        Group {
            converters: vec![Converter::Direct; channels.into()],
            list: Some(List::of_the_challenge()),
            order: (0..channels).collect(),
            set: challenge_set(),
            hole_distance: u32::MAX,
            best: true,
            known: true,
        }
    }

    /// Channels.
    pub fn channels(&self) -> usize {
        self.converters.len()
    }

    /// Whether channels are coded in their order.
    fn is_natural(&self) -> bool {
        self.order.iter().enumerate().all(|(at, &c)| at == usize::from(c))
    }

    /// Whether every sample is its own token.
    pub(super) fn is_direct(&self) -> bool {
        let is_direct = |converter: &Converter| *converter == Converter::Direct;
        self.list.is_none() && self.converters.iter().all(is_direct)
    }

    /// The token of a channel's sample, if there is one.
    #[inline]
    fn token(&self, channel: usize, sample: i32) -> Option<i64> {
        match &self.list {
            Some(list) => list.token(sample),
            None => self.converters[channel].token(sample, self.set.bits()),
        }
    }

    /// The sample of a channel's token.
    #[inline]
    fn sample(&self, channel: usize, token: i64) -> Option<i32> {
        match &self.list {
            Some(list) => list.sample(token),
            None => self.converters[channel].sample(token, self.set.bits()),
        }
    }

    /// Whether samples in rounds are tokens in rounds, as they are.
    fn is_plain(&self) -> bool {
        self.is_natural() && self.is_direct()
    }

    /// Moves samples to the nearest ones that the group's converters have, which are every
    /// `2 max_error + 1`th of what the recorder has. Returns the sum of squared errors.
    ///
    /// A sample that is none of the recorder's, or has no neighbour within its range, stays.
    pub fn coarsen<T: Width>(&self, samples: &mut [T], max_error: u32) -> f64 {
        let factor = u64::from(2 * max_error + 1);
        let bits = self.set.bits();
        let mut squared_error = 0.0;
        for round in samples.chunks_exact_mut(self.channels()) {
            for (sample, &coarse) in round.iter_mut().zip(&self.converters) {
                let Converter::Linear { step, phase, truncated } = coarse else { continue };
                let fine = Converter::Linear { step: step / factor, phase, truncated };
                let before = sample.number() as i32;
                let Some(token) = fine.token(before, bits) else { continue };
                // To the nearest; the factor is odd, so there is always one.
                let nearest = (token + i64::from(max_error)).div_euclid(factor as i64);
                let Some(after) = coarse.sample(nearest, bits) else { continue };
                squared_error += (f64::from(after) - f64::from(before)).powi(2);
                *sample = T::wrapped(after.into());
            }
        }
        squared_error
    }

    /// Codes a stretch of samples in rounds.
    pub fn encode(&self, samples: &Samples) -> Vec<u8> {
        match samples {
            Samples::I16(samples) => self.encode_of(samples),
            Samples::I32(samples) => self.encode_of(samples),
        }
    }

    /// Decodes a stretch of `rounds` rounds into samples of the width that they have.
    ///
    /// # Errors
    /// [`GroupError`].
    pub fn decode(
        &self,
        rounds: usize,
        bytes: &[u8],
        samples: &mut Samples,
    ) -> Result<(), GroupError> {
        match samples {
            Samples::I16(samples) => *samples = self.decode_of(rounds, bytes)?,
            Samples::I32(samples) => *samples = self.decode_of(rounds, bytes)?,
        }
        Ok(())
    }

    // Generic code is compiled anew in every crate that calls it: only this one does.
    fn encode_of<T: Width>(&self, samples: &[T]) -> Vec<u8> {
        let stretch = self.stretch(samples);
        let (kind, codes) = match lanes::encode(&stretch, &self.set) {
            Some(streams) => (3, streams),
            None => (1, stretch.encode(&self.set)),
        };
        let mut bytes = vec![kind];
        holds::put(&mut bytes, &stretch.holds);
        bytes.extend(codes);
        if self.best {
            let mut decided = vec![2];
            holds::put(&mut decided, &stretch.holds);
            exceptions::put(&mut decided, &stretch.exceptions);
            decided.extend(stretch.decide(&self.set, self.known));
            if decided.len() < bytes.len() {
                bytes = decided;
            }
        }
        let width = sample_bytes(self.set.bits());
        if bytes.len() > samples.len() * width {
            bytes = vec![0];
            bytes.extend(
                samples.iter().flat_map(|s| s.number().to_le_bytes().into_iter().take(width)),
            );
        }
        bytes
    }

    /// Teaches the weights of decisions what these samples show.
    pub fn teach(&self, samples: &[i16], weights: Weights) -> Weights {
        self.stretch(samples).teach(&self.set, self.known, weights)
    }

    /// Bytes of samples that a stretch holds as they are.
    pub fn uncoded_bytes(stretch: &[u8]) -> usize {
        match stretch.split_first() {
            Some((0, samples)) => samples.len(),
            _ => 0,
        }
    }

    fn decode_of<T: Width>(&self, rounds: usize, mut bytes: &[u8]) -> Result<Vec<T>, GroupError> {
        let width = sample_bytes(self.set.bits());
        let count = self.channels() * rounds;
        let kind = varint::take_bytes(&mut bytes, 1).ok_or(GroupError::Short)?;
        match kind {
            [0] if bytes.len() == count * width => {
                let spare = 64 - 8 * width as u32;
                let number = |bytes: &[u8]| {
                    let mut eight = [0; 8];
                    eight[..width].copy_from_slice(bytes);
                    i64::from_le_bytes(eight) << spare >> spare
                };
                return Ok(bytes.chunks_exact(width).map(|s| T::wrapped(number(s))).collect());
            }
            [1] | [2] => {}
            [3] if lanes::fit::<T>(&self.set) => {}
            _ => return Err(GroupError::Field("kind of a stretch")),
        }
        let holds = holds::take(&mut bytes)?;
        let channels = self.channels();
        self.samples(match kind {
            [1] => Stretch::decode(&self.set, channels, rounds, holds, bytes)?,
            [3] => lanes::decode(&self.set, channels, rounds, holds, bytes)?,
            _ => {
                let left_out = (holds, exceptions::take(&mut bytes)?);
                Stretch::decided(&self.set, self.known, channels, rounds, left_out, bytes)?
            }
        })
    }

    /// The tokens of samples, with what is no token and what holds.
    pub(super) fn stretch<T: Width>(&self, samples: &[T]) -> Stretch<T> {
        let channels = self.channels();
        let holds = holds::find(samples, &self.order);
        let (mut tokens, mut exceptions) = (Vec::new(), Vec::new());
        if self.is_plain() {
            tokens = samples.to_vec();
            if self.hole_distance < u32::MAX {
                exceptions.extend((0..samples.len()).filter_map(|at| self.hole(samples, at, at)));
            }
        } else {
            tokens.reserve(samples.len());
            for at in (0..samples.len()).step_by(channels) {
                for &channel in &self.order {
                    let (at, index) = (at + usize::from(channel), tokens.len());
                    let sample = samples[at].number() as i32;
                    let token = self.token(channel.into(), sample);
                    exceptions.extend(match token {
                        None => Some(Exception { index, sample, must: true }),
                        Some(_) => self.hole(samples, at, index),
                    });
                    tokens.push(T::wrapped(token.unwrap_or(0)));
                }
            }
        }
        let exceptions = holds::without_held(exceptions, &holds, channels);
        Stretch { channels, tokens, exceptions, holds }
    }

    /// The sample `at` as an exception with this index, where it is the hole and far from the one
    /// before.
    fn hole<T: Width>(&self, samples: &[T], at: usize, index: usize) -> Option<Exception> {
        let sample = self.set.hole();
        if samples[at].number() != i64::from(sample) {
            return None;
        }
        let before = samples[at.checked_sub(self.channels())?].number();
        let is_far = before.abs_diff(sample.into()) >= self.hole_distance.into();
        is_far.then_some(Exception { index, sample, must: false })
    }

    /// The samples of tokens.
    fn samples<T: Width>(&self, stretch: Stretch<T>) -> Result<Vec<T>, GroupError> {
        let channels = self.channels();
        let place =
            |index: usize| index - index % channels + usize::from(self.order[index % channels]);
        let mut samples = if self.is_plain() {
            stretch.tokens
        } else {
            let mut samples = vec![T::default(); stretch.tokens.len()];
            let rounds = samples.chunks_exact_mut(channels);
            for (to, tokens) in rounds.zip(stretch.tokens.chunks_exact(channels)) {
                for (&channel, token) in self.order.iter().zip(tokens) {
                    let channel = usize::from(channel);
                    let sample = self.sample(channel, token.number()).ok_or(GroupError::Token)?;
                    to[channel] = T::wrapped(sample.into());
                }
            }
            samples
        };
        for exception in &stretch.exceptions {
            samples[place(exception.index)] = T::wrapped(exception.sample.into());
        }
        for hold in &stretch.holds {
            let first = place(hold.from * channels + hold.channel);
            let held = samples[first..].iter_mut().step_by(channels).take(hold.rounds);
            held.for_each(|sample| *sample = T::wrapped(hold.sample.into()));
        }
        Ok(samples)
    }
}

/// Bytes of a sample of so many bits.
fn sample_bytes(bits: u32) -> usize {
    bits.div_ceil(8) as usize
}

#[cfg(test)]
mod tests;
