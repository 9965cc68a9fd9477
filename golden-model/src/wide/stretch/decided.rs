//! A stretch as [decisions](crate::wide::decisions), there and back: one walk does both.
//!
//! Exceptions are not among the decisions; the caller stores them.

use super::active::{Active, check_holds};
use super::{Exception, Hold, Stretch, StretchError};
use crate::wide::decisions::coder::{Coder, Reader, Told, Writer};
use crate::wide::decisions::weights::{Rates, Weights};
use crate::wide::decisions::{Decisions, FRACTION, Memory, SAMPLES_PER_BYTE};
use crate::wide::predictor::{Past, Round, Tokens, Width, step, with_wide_shape};
use crate::wide::set::WideSet;

impl<T: Width> Stretch<T> {
    /// Codes it with decisions; `known`: by the widths of the challenge's codes.
    pub fn decide(&self, set: &WideSet, known: bool) -> Vec<u8> {
        let weights = Weights::trained(self.channels, known);
        self.told(set, known, Writer::default(), weights).0.finish()
    }

    /// Teaches weights what it shows.
    pub fn teach(&self, set: &WideSet, known: bool, weights: Weights) -> Weights {
        self.told(set, known, Told, weights).1
    }

    /// Tells a coder all tokens; returns it and what the weights have become.
    fn told<C: Coder>(
        &self,
        set: &WideSet,
        known: bool,
        coder: C,
        weights: Weights,
    ) -> (C, Weights) {
        let mut tokens = self.tokens.clone();
        let walk =
            Walk { set, channels: self.channels, holds: &self.holds, exceptions: &self.exceptions };
        walk.run(&mut tokens, Decisions::new(coder, weights), known)
    }

    /// Decodes decisions, where `holds` and `exceptions` were left out of `rounds` rounds of `channels`
    /// channels.
    ///
    /// # Errors
    /// [`StretchError`], for bytes that no encoder made.
    pub fn decided(
        set: &WideSet,
        known: bool,
        channels: usize,
        rounds: usize,
        (holds, exceptions): (Vec<Hold>, Vec<Exception>),
        bytes: &[u8],
    ) -> Result<Stretch<T>, StretchError> {
        let held = check_holds(channels, rounds, &holds)?;
        let all = channels * rounds;
        let rise = exceptions.is_sorted_by(|a, b| a.index < b.index);
        if !rise || exceptions.last().is_some_and(|last| last.index >= all) {
            return Err(StretchError::Exception);
        }
        if (all - held).saturating_sub(exceptions.len()) > SAMPLES_PER_BYTE * bytes.len() {
            return Err(StretchError::TooShort);
        }
        let mut tokens = vec![T::default(); all];
        let weights = Weights::trained(channels, known);
        let walk = Walk { set, channels, holds: &holds, exceptions: &exceptions };
        let (reader, _) = walk.run(&mut tokens, Decisions::new(Reader::new(bytes), weights), known);
        if reader.overrun() {
            return Err(StretchError::TooShort);
        }
        if !reader.ends_here() {
            return Err(StretchError::TooLong);
        }
        Ok(Stretch { channels, tokens, exceptions, holds })
    }
}

/// What a walk needs beside tokens.
struct Walk<'w> {
    set: &'w WideSet,
    channels: usize,
    holds: &'w [Hold],
    exceptions: &'w [Exception],
}

/// A channel.
#[derive(Clone)]
struct Channel<T, const D: usize, const N: usize, const W: usize> {
    past: Past<T, D, N, W>,
    memory: Memory,
    fresh: bool,
}

impl Walk<'_> {
    /// Asks for all tokens, which an encoder is told, and sets them.
    fn run<T: Width, C: Coder>(
        &self,
        tokens: &mut [T],
        mut decisions: Decisions<C>,
        known: bool,
    ) -> (C, Weights) {
        with_wide_shape!(self.set.shape(), |D, N, W| {
            self.shaped::<T, C, D, N, W>(tokens, &mut decisions, known);
        });
        decisions.into_parts()
    }

    fn shaped<T: Width, C: Coder, const D: usize, const N: usize, const W: usize>(
        &self,
        tokens: &mut [T],
        decisions: &mut Decisions<C>,
        known: bool,
    ) {
        let set = self.set;
        let range = Tokens { bits: set.bits() };
        let channel = Channel::<T, D, N, W> {
            past: Past::after(T::default(), set.start_weights()),
            memory: Memory::new(set.first_level()),
            fresh: true,
        };
        let mut channels = vec![channel; self.channels];
        let mut active = Active::new(self.channels, self.holds);
        let mut exceptions = self.exceptions.iter().map(|exception| exception.index).peekable();
        for (number, tokens) in tokens.chunks_exact_mut(self.channels).enumerate() {
            if decisions.is_over() {
                return;
            }
            decisions.rates = Rates::at(number, known);
            let step = step(number);
            let mut round = Round::default();
            let mut before = T::default();
            for &c in active.at(number) {
                let c = usize::from(c);
                let channel = &mut channels[c];
                if exceptions.next_if_eq(&(number * self.channels + c)).is_some() {
                    round.add(0);
                    continue;
                }
                let told = tokens[c].number();
                if channel.fresh {
                    let expected = before.number() << FRACTION;
                    let view = channel.memory.view([expected; 2], c);
                    let token = T::wrapped(range.wrapped(decisions.token(&view, told)));
                    channel.past = Past::after(token, set.start_weights());
                    channel.memory = Memory::new(set.start_level());
                    channel.fresh = false;
                    (tokens[c], before) = (token, token);
                    round.add(0);
                    continue;
                }
                let turn = channel.past.predict(set.filter(), &round, range);
                let view = channel.memory.view(turn.fine(range), c);
                let token = T::wrapped(range.wrapped(decisions.token(&view, told)));
                let residual = range.wrapped(token.number() - turn.expected);
                channel.memory.learn(&view, token.number(), residual);
                channel.past.learn(&turn, token, residual, step);
                (tokens[c], before) = (token, token);
                round.add(residual);
            }
        }
    }
}
