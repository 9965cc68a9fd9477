//! **ChannelState**: the state of a channel between its samples, and of all channels in their rounds.

use alloc::vec;
use alloc::vec::Vec;

use crate::neighbours::Round;
use crate::predictor::Past;
use crate::table_set::TableSet;
#[cfg(feature = "training")]
use crate::{converter::Converter, predictor::MAX_FEATURES};

/// The state of one channel. Encoder and decoder have the same state after every sample; a sample
/// off the lattice does not change it.
#[derive(Clone, Copy, Debug, PartialEq, Eq)]
pub struct ChannelState {
    /// The predictor's state.
    pub past: Past,
    /// The running mean of distances; see [`Activity`](crate::activity::Activity).
    pub mean: u16,
}

impl ChannelState {
    /// The state before the first sample of a channel that starts with these weights and this mean.
    #[cfg(feature = "training")]
    pub(crate) fn new(converter: &Converter, weights: &[i16], mean: u16) -> ChannelState {
        let mut all = [0; MAX_FEATURES];
        all[..weights.len()].copy_from_slice(weights);
        ChannelState { past: Past::new(converter, all), mean }
    }

    /// The state before a channel's first sample.
    pub fn initial(set: &TableSet) -> ChannelState {
        ChannelState {
            past: Past::new(set.converter(), set.start_weights()),
            mean: set.activity().start,
        }
    }

    /// Bits that hardware holds per channel for this table set.
    pub fn bits(set: &TableSet) -> u32 {
        let ceiling = set.activity().ceiling(set.window());
        Past::bits(set.converter(), set.shape(), set.window()) + u16::BITS - ceiling.leading_zeros()
    }
}

/// What is done with each sample. A trait and no closure: a closure called in two loops is not inlined, and
/// then state and bits go through memory between samples, which is a third of the time.
pub(crate) trait EachSample<S> {
    /// Why it fails.
    type Error;

    /// Takes the sample of the channel in this state; to be inlined, always.
    fn take(
        &mut self,
        state: &mut ChannelState,
        round: &mut Round,
        sample: S,
    ) -> Result<(), Self::Error>;
}

/// The states of one or more channels, whose samples come in rounds: one of every channel, in channel order.
#[derive(Clone, Debug, PartialEq, Eq)]
pub struct ChannelStates {
    states: Vec<ChannelState>,
    /// Whose sample is next.
    channel: usize,
    /// The channels before it in this round.
    round: Round,
}

impl ChannelStates {
    /// The states before the first sample of `channels` (at least 1) channels.
    pub fn initial(set: &TableSet, channels: usize) -> ChannelStates {
        ChannelStates::new(ChannelState::initial(set), channels)
    }

    /// So many channels in the same state.
    pub(crate) fn new(initial: ChannelState, channels: usize) -> ChannelStates {
        assert!(channels > 0, "samples have a channel");
        ChannelStates { states: vec![initial; channels], channel: 0, round: Round::default() }
    }

    /// The states, in channel order.
    #[cfg(feature = "training")]
    pub(crate) fn iter(&self) -> impl Iterator<Item = &ChannelState> {
        self.states.iter()
    }

    /// Returns every channel to its initial state; the next sample begins a round.
    pub fn reset(&mut self, set: &TableSet) {
        self.states.fill(ChannelState::initial(set));
        (self.channel, self.round) = (0, Round::default());
    }

    /// The state of the channel whose sample is next, and the channels before it in the round.
    #[inline(always)]
    pub(crate) fn current(&mut self) -> (&mut ChannelState, &mut Round) {
        (&mut self.states[self.channel], &mut self.round)
    }

    /// Goes to the next channel.
    #[inline(always)]
    pub(crate) fn advance(&mut self) {
        self.channel += 1;
        if self.channel == self.states.len() {
            (self.channel, self.round) = (0, Round::default());
        }
    }

    /// Takes a step for each sample, with the state of its channel and the channels before it in the
    /// round, until one fails.
    #[inline(always)]
    pub(crate) fn each<S, T: EachSample<S>>(
        &mut self,
        samples: impl IntoIterator<Item = S>,
        step: &mut T,
    ) -> Result<(), T::Error> {
        if let [state] = &mut self.states[..] {
            // One channel: its state stays in registers, and its rounds have no neighbours.
            let mut local = *state;
            for sample in samples {
                step.take(&mut local, &mut Round::default(), sample)?;
            }
            *state = local;
        } else {
            for sample in samples {
                let (state, round) = self.current();
                step.take(state, round, sample)?;
                self.advance();
            }
        }
        Ok(())
    }

    /// Becomes a copy of `other`, which has as many channels.
    pub(crate) fn copy_from(&mut self, other: &ChannelStates) {
        self.states.copy_from_slice(&other.states);
        (self.channel, self.round) = (other.channel, other.round);
    }
}
