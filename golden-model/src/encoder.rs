//! **Encoder**: samples in, words out; the five blocks in a row.

use alloc::vec;
use alloc::vec::Vec;

use crate::bit_packer::BitPacker;
use crate::channel_state::{ChannelState, ChannelStates};
use crate::neighbours::Round;
use crate::predictor::with_shape;
use crate::table_set::TableSet;
use crate::tier_coder::{Code, TierCode};

/// Turns the samples of one or more channels into words.
///
/// Samples come in rounds: one of every channel, in channel order.
#[derive(Clone, Debug)]
pub struct Encoder<'t> {
    coder: SampleEncoder<'t>,
    states: ChannelStates,
    packer: BitPacker,
}

impl<'t> Encoder<'t> {
    /// An encoder for `channels` (at least 1) channels in their initial state.
    pub fn new(set: &'t TableSet, channels: usize) -> Encoder<'t> {
        Encoder {
            coder: SampleEncoder::new(set),
            states: ChannelStates::initial(set, channels),
            packer: BitPacker::default(),
        }
    }

    /// Takes the next sample and returns the word that it completed, if any. One sample completes
    /// at most one word.
    #[inline]
    pub fn push(&mut self, sample: i16) -> Option<u32> {
        let code = self.coder.encode(&mut self.states, sample);
        self.packer.push(code)
    }

    /// Takes many samples and appends the words that they complete.
    pub fn extend(&mut self, samples: &[i16], words: &mut Vec<u32>) {
        with_shape!(self.coder.set.shape(), |D, M, N| {
            self.extend_shaped::<D, M, N>(samples, words);
        });
    }

    fn extend_shaped<const D: usize, const M: usize, const N: usize>(
        &mut self,
        samples: &[i16],
        words: &mut Vec<u32>,
    ) {
        let mut packer = self.packer.clone();
        if let Some(state) = self.states.only() {
            // One channel: its state stays in registers.
            let mut local = *state;
            for &sample in samples {
                let mut round = Round::default();
                let code = self.coder.encode_shaped::<D, M, N>(&mut local, &mut round, sample);
                words.extend(packer.push(code));
            }
            *state = local;
        } else {
            for &sample in samples {
                let (state, round) = self.states.current();
                let code = self.coder.encode_shaped::<D, M, N>(state, round, sample);
                self.states.advance();
                words.extend(packer.push(code));
            }
        }
        self.packer = packer;
    }

    /// Ends the stream: returns the last word, if bits are left, and resets every channel to its
    /// initial state.
    pub fn flush(&mut self) -> Option<u32> {
        self.states.reset(self.coder.set);
        self.packer.flush()
    }
}

/// The blocks before the packer: one sample to its code.
#[derive(Clone, Debug)]
pub struct SampleEncoder<'t> {
    set: &'t TableSet,
    /// `[context][rank] -> code`; a length of 0 where no tier holds the rank.
    codes: Vec<Code>,
    /// Ranks below this one are in a tier of some context.
    ranks: usize,
}

impl<'t> SampleEncoder<'t> {
    /// The encoder of a table set.
    pub fn new(set: &'t TableSet) -> SampleEncoder<'t> {
        let in_tiers = set.tier_codes().iter().map(TierCode::ranks).max();
        let ranks = in_tiers.unwrap_or(0).min(set.rank_table().width());
        let mut codes = vec![Code { bits: 0, len: 0 }; set.tier_codes().len() * ranks];
        for (codes, tiers) in codes.chunks_mut(ranks.max(1)).zip(set.tier_codes()) {
            let escape = tiers.tiers().len() - 2;
            for (rank, code) in (0u16..).zip(codes) {
                let tier = tiers.tier_of(Some(rank));
                if tier < escape {
                    *code = tiers.tiers()[tier].code(rank);
                }
            }
        }
        SampleEncoder { set, codes, ranks }
    }

    /// The code of the next channel's sample; updates its state and goes to the channel after it.
    #[inline]
    pub fn encode(&self, states: &mut ChannelStates, sample: i16) -> Code {
        let (state, round) = states.current();
        let code = self.encode_one(state, round, sample);
        states.advance();
        code
    }

    /// Bits of the code that `sample` would have on the next channel; changes nothing.
    #[cfg(feature = "files")]
    pub(crate) fn length(&self, states: &mut ChannelStates, sample: i16) -> u8 {
        let (state, round) = states.current();
        self.encode_one(&mut state.clone(), &mut round.clone(), sample).len
    }

    fn encode_one(&self, state: &mut ChannelState, round: &mut Round, sample: i16) -> Code {
        with_shape!(self.set.shape(), |D, M, N| {
            self.encode_shaped::<D, M, N>(state, round, sample)
        })
    }

    #[inline(always)]
    fn encode_shaped<const D: usize, const M: usize, const N: usize>(
        &self,
        state: &mut ChannelState,
        round: &mut Round,
        sample: i16,
    ) -> Code {
        let context = usize::from(self.set.context(state.mean));
        let Some(token) = self.set.converter().token(sample) else {
            if N > 0 {
                round.add(0);
            }
            return self.set.tier_codes()[context].sample_escape().code(sample as u16);
        };
        let converter = self.set.converter();
        let prediction = state.past.predict::<D, M, N>(converter, round);
        let offset = converter.offset(token, prediction.token);
        let table = self.set.rank_table();
        let rank = table.rank(table.row(prediction.token), offset);
        state.past.learn::<D, M, N>(converter, self.set.window(), round, prediction, token);
        state.mean = self.set.activity().next(state.mean, offset, self.set.window());
        let rank = rank.map(usize::from).filter(|&rank| rank < self.ranks);
        match rank.map(|rank| self.codes[context * self.ranks + rank]) {
            Some(code) if code.len > 0 => code,
            _ => self.set.tier_codes()[context].token_escape().code(token.number()),
        }
    }
}
