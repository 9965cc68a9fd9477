//! **Stretch**: the tokens of a group of channels over about a second, coded from the initial state.
//!
//! Channels are coded in rounds: one token of each, in order. A channel that *holds* (stays on one
//! value for many rounds, since it is dead or its packets were lost) is left out of its rounds and its
//! state rests; its holds are stored beside the codes. An *exception* is a sample that is no token, or
//! that is cheaper sent as one: one more bit says whether it is the set's hole, or raw. It leaves the
//! state of its channel as it is.
//!
//! A channel's first token is predicted by the token before it in the round, or 0; it only initialises
//! the channel.

mod active;
mod channel;
mod codes;
mod decided;
mod error;
mod hold;
mod sinks;

pub use error::StretchError;
pub use hold::Hold;

use super::bits::BitReader;
use super::predictor::{Round, Tokens, Width, step, with_wide_shape};
use super::set::WideSet;
use super::trial::Trial;
use active::Active;
pub(super) use active::check_room;
use channel::{Channel, rank_of, residual_of};
pub(super) use codes::Codes;
pub(super) use sinks::{BitSink, CountSink, Sink};

/// Tokens in rounds, what of them is no token, and what is not coded at all.
#[derive(Clone, Debug, Default, PartialEq)]
pub struct Stretch<T> {
    /// Channels, at least 1.
    pub channels: usize,
    /// `[round * channels + channel]`; arbitrary at exceptions and holds.
    pub tokens: Vec<T>,
    /// By rising index.
    pub exceptions: Vec<Exception>,
    /// By rising first round, then by rising channel.
    pub holds: Vec<Hold>,
}

/// A sample that may or must be sent as it is.
#[derive(Clone, Copy, Debug, PartialEq, Eq)]
pub struct Exception {
    /// Index among the tokens.
    pub index: usize,
    /// The sample.
    pub sample: i32,
    /// Whether there is no token for it.
    pub must: bool,
}

impl<T: Width> Stretch<T> {
    /// Rounds.
    pub fn rounds(&self) -> usize {
        self.tokens.len() / self.channels
    }

    /// Codes it.
    pub fn encode(&self, set: &WideSet) -> Vec<u8> {
        let mut sink = BitSink::new(set, 1);
        with_wide_shape!(set.shape(), |D, N, W| {
            self.walk::<D, N, W>(set, self.rounds(), &mut sink);
        });
        sink.finish().remove(0)
    }

    /// Runs the codec over the first `rounds` without writing, and says what it saw.
    pub fn trial(&self, set: &WideSet, rounds: usize) -> Trial {
        let mut sink = CountSink::new(set);
        with_wide_shape!(set.shape(), |D, N, W| {
            self.walk::<D, N, W>(set, rounds, &mut sink);
        });
        sink.trial()
    }

    fn walk<const D: usize, const N: usize, const W: usize>(
        &self,
        set: &WideSet,
        rounds: usize,
        sink: &mut impl Sink,
    ) {
        let tokens = Tokens { bits: set.bits() };
        let mut channels = vec![Channel::<T, D, N, W>::new(set); self.channels];
        let mut active = Active::new(self.channels, &self.holds);
        let mut exceptions = self.exceptions.iter().peekable();
        let mut next_exception = exceptions.peek().map_or(usize::MAX, |e| e.index);
        let tokens_of_rounds = self.tokens.chunks_exact(self.channels).take(rounds);
        for (number, round_tokens) in tokens_of_rounds.enumerate() {
            let step = step(number);
            let mut round = Round::default();
            let mut before = T::default();
            for &c in active.at(number) {
                let c = usize::from(c);
                let token = round_tokens[c];
                let channel = &mut channels[c];
                let exception = if number * self.channels + c == next_exception {
                    let exception = exceptions.next();
                    next_exception = exceptions.peek().map_or(usize::MAX, |e| e.index);
                    exception
                } else {
                    None
                };
                let level = channel.level;
                if let Some(must) = exception.filter(|exception| exception.must) {
                    sink.exception(0, level, must.sample, T::BITS);
                    round.add(0);
                    continue;
                }
                if channel.fresh {
                    let residual = tokens.wrapped(token.number() - before.number());
                    sink.first(0, residual);
                    channel.begin(set, token);
                    round.add(0);
                    before = token;
                    continue;
                }
                let turn = channel.past.predict(set.filter(), &round, tokens);
                let residual = tokens.wrapped(token.number() - turn.expected);
                let rank = rank_of(residual);
                if let Some(exception) = exception
                    && is_dearer(set, level, rank)
                {
                    sink.exception(0, level, exception.sample, T::BITS);
                    round.add(0);
                    continue;
                }
                sink.rank(0, level, rank);
                channel.learn(&turn, token, residual, step);
                round.add(residual);
                before = token;
            }
            if number % LOOK_EVERY == LOOK_EVERY - 1 {
                show(&channels, sink);
            }
        }
        show(&channels, sink);
    }

    /// Decodes `rounds` rounds of `channels` channels of which `holds` were left out.
    ///
    /// # Errors
    /// [`StretchError`], for bytes that no encoder made.
    pub fn decode(
        set: &WideSet,
        channels: usize,
        rounds: usize,
        holds: Vec<Hold>,
        bytes: &[u8],
    ) -> Result<Stretch<T>, StretchError> {
        check_room(channels, rounds, &holds, bytes)?;
        let tokens = vec![T::default(); channels * rounds];
        let mut stretch = Stretch { channels, tokens, exceptions: Vec::new(), holds };
        let reader = BitReader::new(bytes);
        let reader = with_wide_shape!(set.shape(), |D, N, W| stretch.fill::<D, N, W>(set, reader))?;
        if reader.overrun() {
            return Err(StretchError::TooShort);
        }
        if reader.ends_here() { Ok(stretch) } else { Err(StretchError::TooLong) }
    }

    /// Decodes all tokens; the reader behind them.
    fn fill<'b, const D: usize, const N: usize, const W: usize>(
        &mut self,
        set: &WideSet,
        mut reader: BitReader<'b>,
    ) -> Result<BitReader<'b>, StretchError> {
        let tokens = Tokens { bits: set.bits() };
        let codes = Codes::new(set);
        let mut channels = vec![Channel::<T, D, N, W>::new(set); self.channels];
        let mut active = Active::new(self.channels, &self.holds);
        for (number, round_tokens) in self.tokens.chunks_exact_mut(self.channels).enumerate() {
            let step = step(number);
            let mut round = Round::default();
            let mut before = T::default();
            for &c in active.at(number) {
                let c = usize::from(c);
                let channel = &mut channels[c];
                let (rank, bits) = codes.rank(channel.level, reader.peek());
                reader.consume(bits);
                let Some(rank) = rank else {
                    let raw = reader.take(1) == 1;
                    let sample = match raw {
                        true => T::wrapped(reader.take(T::BITS).into()).number() as i32,
                        false => set.hole(),
                    };
                    let index = number * self.channels + c;
                    self.exceptions.push(Exception { index, sample, must: true });
                    round.add(0);
                    continue;
                };
                codes.check(rank)?;
                let residual = residual_of(rank);
                if channel.fresh {
                    let token = T::wrapped(tokens.wrapped(before.number() + residual));
                    channel.begin(set, token);
                    round_tokens[c] = token;
                    round.add(0);
                    before = token;
                    continue;
                }
                let turn = channel.past.predict(set.filter(), &round, tokens);
                let token = T::wrapped(tokens.wrapped(turn.expected + residual));
                round_tokens[c] = token;
                channel.learn(&turn, token, residual, step);
                round.add(residual);
                before = token;
            }
            if reader.overrun() {
                return Err(StretchError::TooShort);
            }
        }
        Ok(reader)
    }
}

/// Shows a sink the channels that have had a token.
fn show<T: Width, const D: usize, const N: usize, const W: usize>(
    channels: &[Channel<T, D, N, W>],
    sink: &mut impl Sink,
) {
    for channel in channels.iter().filter(|channel| !channel.fresh) {
        sink.look(&mut channel.past.weights(), channel.activity);
    }
}

/// Whether `rank` takes more bits than the hole does as an exception.
pub(super) fn is_dearer(set: &WideSet, level: usize, rank: u32) -> bool {
    let code = &set.tiers()[level];
    let symbol = code.of_rank(rank);
    let bits = u32::from(symbol.prefix_len) + symbol.rank_bits(set.bits());
    bits > u32::from(code.exception().prefix_len) + 1
}

/// Rounds between two looks at the channels' states.
const LOOK_EVERY: usize = 1024;

#[cfg(test)]
pub(super) mod synthetic;
#[cfg(test)]
mod tests;
