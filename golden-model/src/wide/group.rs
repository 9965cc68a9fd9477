//! **Group** of channels: from interleaved samples to a stretch's bytes, and back.
//!
//! ```text
//! group   1       0: every channel is direct   1: not
//!         if not, for the group:
//!         8       step, times 2^32
//!         1       bit 7: truncated; below: fraction bits f of the phases, 0..=20
//!                 for each channel: a signed varint: 0: direct, else the phase times 2^f, moved
//!                 away from 0 by one
//!         varint  0: channels are coded in their order; else the coded channels, one varint each
//!         ...     the wide set
//!
//! stretch 1       0: samples as they are, little endian   1: codes
//!         with codes:
//!         varint  holds; if there are any, varint length and the deflated list of them: for each
//!                 the first round less that of the hold before, the channel, the rounds, and (signed)
//!                 the sample less that of the hold before
//!         ...     codes
//! ```

use super::converter::{Converter, PHASE_FRACTION};
use super::predictor::Width;
use super::set::{WideSet, WideSetError};
use super::stretch::{Exception, Hold, Stretch, StretchError};
use crate::deflate;
use crate::varint;

/// Rounds on one value from which on a channel holds.
const LEAST_HOLD: usize = 64;
/// Most holds in a stretch.
const MAX_HOLDS: u64 = 1 << 20;

/// What a group of channels is coded with.
#[derive(Clone, Debug, PartialEq)]
pub struct Group {
    /// Of each channel.
    pub converters: Vec<Converter>,
    /// The channels in the order in which they are coded.
    pub order: Vec<u16>,
    /// Predictor and tiers.
    pub set: WideSet,
    /// Samples at the hole are tried as exceptions when they lie this far from the one before. Not
    /// stored: the encoder's choice alone.
    pub hole_distance: u32,
}

/// Bytes that are no group or no stretch of it.
#[derive(Clone, Copy, Debug, PartialEq, Eq, thiserror::Error)]
#[non_exhaustive]
pub enum GroupError {
    /// They end too early.
    #[error("a group of channels that ends too early")]
    Short,
    /// A flag or number out of range.
    #[error("a group of channels with a wrong field: {0}")]
    Field(&'static str),
    /// No wide set.
    #[error(transparent)]
    Set(#[from] WideSetError),
    /// No stretch.
    #[error(transparent)]
    Stretch(#[from] StretchError),
    /// A token without a sample.
    #[error("a token stands for no sample")]
    Token,
}

impl Group {
    /// Channels.
    pub fn channels(&self) -> usize {
        self.converters.len()
    }

    /// As bytes.
    pub fn to_bytes(&self) -> Vec<u8> {
        let mut bytes = Vec::new();
        let linear = self.converters.iter().find_map(|converter| match *converter {
            Converter::Direct => None,
            Converter::Linear { step, truncated, .. } => Some((step, truncated)),
        });
        bytes.push(linear.is_some().into());
        if let Some((step, truncated)) = linear {
            bytes.extend(step.to_le_bytes());
            let zeros = |converter: &Converter| match *converter {
                Converter::Linear { phase, .. } if phase != 0 => phase.trailing_zeros(),
                _ => PHASE_FRACTION,
            };
            let spare = self.converters.iter().map(zeros).min().unwrap_or(0).min(PHASE_FRACTION);
            bytes.push((PHASE_FRACTION - spare) as u8 | u8::from(truncated) << 7);
            for converter in &self.converters {
                let number = match *converter {
                    Converter::Direct => 0,
                    Converter::Linear { phase, .. } => {
                        let phase = i64::from(phase >> spare);
                        phase + if phase < 0 { -1 } else { 1 }
                    }
                };
                varint::put_signed(&mut bytes, number);
            }
        }
        let natural = self.order.iter().enumerate().all(|(at, &c)| at == usize::from(c));
        if natural {
            varint::put(&mut bytes, 0);
        } else {
            varint::put(&mut bytes, self.order.len() as u64);
            self.order.iter().for_each(|&c| varint::put(&mut bytes, c.into()));
        }
        bytes.extend(self.set.to_bytes());
        bytes
    }

    /// From the beginning of `bytes`, which then begin behind it; for so many channels of samples with
    /// so many bits.
    ///
    /// # Errors
    /// [`GroupError`].
    pub fn from_bytes(bytes: &mut &[u8], channels: usize, bits: u32) -> Result<Group, GroupError> {
        let mut converters = vec![Converter::Direct; channels];
        match varint::take_bytes(bytes, 1).ok_or(GroupError::Short)? {
            [0] => {}
            [1] => read_converters(bytes, &mut converters)?,
            _ => return Err(GroupError::Field("converters")),
        }
        let order = read_order(bytes, channels)?;
        let set = WideSet::from_bytes(bytes)?;
        if set.bits() != bits {
            return Err(GroupError::Field("bits of a token"));
        }
        Ok(Group { converters, order, set, hole_distance: u32::MAX })
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
    pub fn encode<T: Width>(&self, samples: &[T]) -> Vec<u8> {
        let stretch = self.stretch(samples);
        let mut bytes = vec![1];
        varint::put(&mut bytes, stretch.holds.len() as u64);
        if !stretch.holds.is_empty() {
            let list = deflate::pack(&list_of(&stretch.holds));
            varint::put(&mut bytes, list.len() as u64);
            bytes.extend(list);
        }
        bytes.extend(stretch.encode(&self.set));
        let width = sample_bytes(self.set.bits());
        if bytes.len() > samples.len() * width {
            bytes = vec![0];
            bytes.extend(
                samples.iter().flat_map(|s| s.number().to_le_bytes().into_iter().take(width)),
            );
        }
        bytes
    }

    /// Decodes a stretch of `rounds` rounds.
    ///
    /// # Errors
    /// [`GroupError`].
    pub fn decode<T: Width>(&self, rounds: usize, mut bytes: &[u8]) -> Result<Vec<T>, GroupError> {
        let width = sample_bytes(self.set.bits());
        let count = self.channels() * rounds;
        match varint::take_bytes(&mut bytes, 1).ok_or(GroupError::Short)? {
            [0] if bytes.len() == count * width => {
                let spare = 64 - 8 * width as u32;
                let number = |bytes: &[u8]| {
                    let mut eight = [0; 8];
                    eight[..width].copy_from_slice(bytes);
                    i64::from_le_bytes(eight) << spare >> spare
                };
                return Ok(bytes.chunks_exact(width).map(|s| T::wrapped(number(s))).collect());
            }
            [1] => {}
            _ => return Err(GroupError::Field("kind of a stretch")),
        }
        let holds = read_holds(&mut bytes)?;
        self.samples(Stretch::decode(&self.set, self.channels(), rounds, holds, bytes)?)
    }

    /// The tokens of samples, with what is no token and what holds.
    pub(super) fn stretch<T: Width>(&self, samples: &[T]) -> Stretch<T> {
        let channels = self.channels();
        let holds = self.holds(samples);
        let bits = self.set.bits();
        let hole = T::wrapped(self.set.hole().into());
        let natural = self.order.iter().enumerate().all(|(at, &c)| at == usize::from(c));
        let direct = self.converters.iter().all(|c| *c == Converter::Direct);
        let mut exceptions = Vec::new();
        if natural && direct {
            let mut stretch =
                Stretch { channels, tokens: samples.to_vec(), exceptions: Vec::new(), holds };
            if self.hole_distance < u32::MAX {
                for index in channels..samples.len() {
                    if samples[index] == hole && self.is_a_hole(samples, index, channels) {
                        let sample = self.set.hole();
                        exceptions.push(Exception { index, sample, must: false });
                    }
                }
                stretch.exceptions = without_held(exceptions, &stretch.holds, channels);
            }
            return stretch;
        }
        let mut tokens = Vec::with_capacity(samples.len());
        for round in samples.chunks_exact(channels) {
            for &channel in &self.order {
                let index = tokens.len();
                let sample = round[usize::from(channel)].number() as i32;
                let token = self.converters[usize::from(channel)].token(sample, bits);
                if token.is_none() {
                    exceptions.push(Exception { index, sample, must: true });
                } else if sample == self.set.hole()
                    && index >= channels
                    && self.is_a_hole(
                        samples,
                        index - index % channels + usize::from(channel),
                        channels,
                    )
                {
                    exceptions.push(Exception { index, sample, must: false });
                }
                tokens.push(T::wrapped(token.unwrap_or(0)));
            }
        }
        let exceptions = without_held(exceptions, &holds, channels);
        Stretch { channels, tokens, exceptions, holds }
    }

    fn is_a_hole<T: Width>(&self, samples: &[T], index: usize, channels: usize) -> bool {
        let distance = samples[index].number() - samples[index - channels].number();
        distance.unsigned_abs() >= self.hole_distance.into()
    }

    /// The samples of tokens.
    fn samples<T: Width>(&self, stretch: Stretch<T>) -> Result<Vec<T>, GroupError> {
        let channels = self.channels();
        let bits = self.set.bits();
        let natural = self.order.iter().enumerate().all(|(at, &c)| at == usize::from(c));
        let direct = self.converters.iter().all(|c| *c == Converter::Direct);
        let place =
            |index: usize| index - index % channels + usize::from(self.order[index % channels]);
        let mut samples = if natural && direct {
            stretch.tokens
        } else {
            let mut samples = vec![T::default(); stretch.tokens.len()];
            let rounds = samples.chunks_exact_mut(channels);
            for (to, tokens) in rounds.zip(stretch.tokens.chunks_exact(channels)) {
                for (&channel, token) in self.order.iter().zip(tokens) {
                    let converter = self.converters[usize::from(channel)];
                    let sample = converter.sample(token.number(), bits).ok_or(GroupError::Token)?;
                    to[usize::from(channel)] = T::wrapped(sample.into());
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

    /// Where channels stay on a value; channels are counted in the order of their coding.
    fn holds<T: Width>(&self, samples: &[T]) -> Vec<Hold> {
        let channels = self.channels();
        let rounds = samples.len() / channels;
        let mut holds = Vec::new();
        let mut since = vec![0u32; channels];
        let place: Vec<usize> = {
            let mut place = vec![0; channels];
            self.order.iter().enumerate().for_each(|(at, &c)| place[usize::from(c)] = at);
            place
        };
        let mut end = |channel: usize, from: usize, round: usize| {
            if round - from >= LEAST_HOLD {
                let sample = samples[from * channels + channel].number() as i32;
                holds.push(Hold { channel: place[channel], from, rounds: round - from, sample });
            }
        };
        for (before, round) in (0..rounds.saturating_sub(1)).zip(1..) {
            let both = &samples[before * channels..][..2 * channels];
            let (last, this) = both.split_at(channels);
            for (channel, since) in since.iter_mut().enumerate() {
                if last[channel] != this[channel] {
                    end(channel, *since as usize, round);
                    *since = round as u32;
                }
            }
        }
        for (channel, &since) in since.iter().enumerate() {
            end(channel, since as usize, rounds);
        }
        holds.sort_by_key(|hold| (hold.from, hold.channel));
        holds
    }
}

/// Bytes of a sample of so many bits.
fn sample_bytes(bits: u32) -> usize {
    bits.div_ceil(8) as usize
}

/// Exceptions outside all holds; the channels of holds and of indexes are counted alike.
fn without_held(exceptions: Vec<Exception>, holds: &[Hold], channels: usize) -> Vec<Exception> {
    if holds.is_empty() || exceptions.is_empty() {
        return exceptions;
    }
    let mut by_channel: Vec<Vec<(usize, usize)>> = vec![Vec::new(); channels];
    for hold in holds {
        by_channel[hold.channel].push((hold.from, hold.from + hold.rounds));
    }
    let is_held = |index: usize| {
        let (round, holds) = (index / channels, &by_channel[index % channels]);
        // They rise and do not overlap.
        let at = holds.partition_point(|&(_, end)| end <= round);
        holds.get(at).is_some_and(|&(from, _)| from <= round)
    };
    exceptions.into_iter().filter(|exception| !is_held(exception.index)).collect()
}

fn list_of(holds: &[Hold]) -> Vec<u8> {
    let mut list = Vec::new();
    let (mut from, mut sample) = (0, 0);
    for hold in holds {
        varint::put(&mut list, (hold.from - from) as u64);
        varint::put(&mut list, hold.channel as u64);
        varint::put(&mut list, hold.rounds as u64);
        varint::put_signed(&mut list, i64::from(hold.sample) - sample);
        (from, sample) = (hold.from, hold.sample.into());
    }
    list
}

fn read_holds(bytes: &mut &[u8]) -> Result<Vec<Hold>, GroupError> {
    let count = varint::take(bytes).ok_or(GroupError::Short)?;
    if count == 0 {
        return Ok(Vec::new());
    }
    let wrong = GroupError::Field("holds");
    if count > MAX_HOLDS {
        return Err(wrong);
    }
    let length = varint::take(bytes).ok_or(GroupError::Short)? as usize;
    let packed = varint::take_bytes(bytes, length).ok_or(GroupError::Short)?;
    // Four varints, of at most 10 bytes each.
    let list = deflate::unpack(packed, 40 * count as usize).ok_or(wrong)?;
    let mut list = &list[..];
    let mut holds = Vec::new();
    let (mut from, mut sample) = (0u64, 0i64);
    for _ in 0..count {
        let mut number = || varint::take(&mut list).filter(|n| *n < 1 << 32).ok_or(wrong);
        from = from.saturating_add(number()?);
        let (channel, rounds) = (number()? as usize, number()? as usize);
        let step = varint::take_signed(&mut list).filter(|n| n.abs() < 1 << 34).ok_or(wrong)?;
        sample += step;
        let sample = i32::try_from(sample).map_err(|_| wrong)?;
        holds.push(Hold { channel, from: from as usize, rounds, sample });
    }
    if list.is_empty() { Ok(holds) } else { Err(wrong) }
}

fn read_converters(bytes: &mut &[u8], converters: &mut [Converter]) -> Result<(), GroupError> {
    let step = varint::take_bytes(bytes, 8).ok_or(GroupError::Short)?;
    let step = u64::from_le_bytes(step.try_into().unwrap_or_default());
    let flags = varint::take_bytes(bytes, 1).ok_or(GroupError::Short)?[0];
    let (truncated, fraction) = (flags >> 7 != 0, u32::from(flags & 0x7f));
    if fraction > PHASE_FRACTION || step == 0 {
        return Err(GroupError::Field("a converter's step"));
    }
    for converter in converters {
        let number = varint::take_signed(bytes).ok_or(GroupError::Short)?;
        if number != 0 {
            let phase = (number - number.signum()) << (PHASE_FRACTION - fraction);
            let phase =
                i32::try_from(phase).map_err(|_| GroupError::Field("a converter's phase"))?;
            *converter = Converter::Linear { step, phase, truncated };
        }
    }
    Ok(())
}

fn read_order(bytes: &mut &[u8], channels: usize) -> Result<Vec<u16>, GroupError> {
    let wrong = GroupError::Field("order of the channels");
    match varint::take(bytes).ok_or(GroupError::Short)? as usize {
        0 => Ok((0..channels as u16).collect()),
        count if count == channels => {
            let mut seen = vec![false; channels];
            let mut next = || {
                let channel = varint::take(bytes).ok_or(GroupError::Short)? as usize;
                match seen.get_mut(channel) {
                    Some(seen) if !*seen => *seen = true,
                    _ => return Err(wrong),
                }
                Ok(channel as u16)
            };
            (0..channels).map(|_| next()).collect()
        }
        _ => Err(wrong),
    }
}

#[cfg(test)]
mod tests;
