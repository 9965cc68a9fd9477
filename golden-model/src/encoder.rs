//! **Encoder**: samples in, words out; the blocks in a row.

use alloc::vec;
use alloc::vec::Vec;
use core::convert::Infallible;

use crate::bit_packer::BitPacker;
use crate::channel_state::{ChannelState, ChannelStates, EachSample};
use crate::neighbours::Round;
use crate::predictor::with_shape;
use crate::range_coder::{Interval, RangeCode, RangeEncoder};
use crate::table_set::TableSet;
use crate::tier_coder::{Code, TierCode};
use crate::words::WordWriter;

/// Turns the samples of one or more channels into words.
///
/// Samples come in rounds: one of every channel, in channel order.
#[derive(Clone, Debug)]
pub struct Encoder<'t> {
    coder: SampleEncoder<'t>,
    states: ChannelStates,
    writer: WordWriter,
}

impl<'t> Encoder<'t> {
    /// An encoder for `channels` (at least 1) channels in their initial state.
    pub fn new(set: &'t TableSet, channels: usize) -> Encoder<'t> {
        Encoder {
            coder: SampleEncoder::new(set),
            states: ChannelStates::initial(set, channels),
            writer: WordWriter::new(set),
        }
    }

    /// Takes the next sample and returns the word that it completed, if any. One sample completes
    /// at most one word.
    #[inline]
    pub fn push(&mut self, sample: i16) -> Option<u32> {
        self.coder.write(&mut self.states, &mut self.writer, sample)
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
        let Encoder { coder, states, writer } = self;
        // The loop is one of the two: what does not change within it is asked once.
        match (&mut *writer, coder.set.range_code()) {
            (WordWriter::Tiers(packer), _) => {
                let packer_now = packer.clone();
                let mut step: TierStep<'_, D, M, N> = TierStep { coder, packer: packer_now, words };
                let Ok(()) = states.each(samples, &mut step);
                *packer = step.packer;
            }
            (WordWriter::Range(encoder), Some(range)) => {
                let encoder_now = encoder.clone();
                let mut step: RangeStep<'_, D, M, N> =
                    RangeStep { coder, range, encoder: encoder_now, words };
                let Ok(()) = states.each(samples, &mut step);
                *encoder = step.encoder;
            }
            (WordWriter::Range(_), None) => unreachable!("a writer is made for its table set"),
        }
    }

    /// Ends the stream: returns the last words, and resets every channel to its initial state. A set
    /// with tiers has one last word at most, one with a range coder three.
    pub fn flush(&mut self) -> impl Iterator<Item = u32> + use<> {
        self.states.reset(self.coder.set);
        self.writer.flush()
    }
}

/// Encodes a sample as a whole-bit code.
struct TierStep<'e, const D: usize, const M: usize, const N: usize> {
    coder: &'e SampleEncoder<'e>,
    packer: BitPacker,
    words: &'e mut Vec<u32>,
}

impl<const D: usize, const M: usize, const N: usize> EachSample<&i16> for TierStep<'_, D, M, N> {
    type Error = Infallible;

    #[inline(always)]
    fn take(
        &mut self,
        state: &mut ChannelState,
        round: &mut Round,
        &sample: &i16,
    ) -> Result<(), Infallible> {
        let code = self.coder.encode_shaped::<D, M, N>(state, round, sample);
        self.words.extend(self.packer.push(code));
        Ok(())
    }
}

/// Encodes a sample as an interval.
struct RangeStep<'e, const D: usize, const M: usize, const N: usize> {
    coder: &'e SampleEncoder<'e>,
    range: &'e RangeCode,
    encoder: RangeEncoder,
    words: &'e mut Vec<u32>,
}

impl<const D: usize, const M: usize, const N: usize> EachSample<&i16> for RangeStep<'_, D, M, N> {
    type Error = Infallible;

    #[inline(always)]
    fn take(
        &mut self,
        state: &mut ChannelState,
        round: &mut Round,
        &sample: &i16,
    ) -> Result<(), Infallible> {
        let (_, interval) = self.coder.interval_shaped::<D, M, N>(self.range, state, round, sample);
        self.words.extend(self.encoder.push(interval));
        Ok(())
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

    /// The next channel's sample into words: returns the word that it completed, if any.
    #[inline]
    pub fn write(
        &self,
        states: &mut ChannelStates,
        writer: &mut WordWriter,
        sample: i16,
    ) -> Option<u32> {
        match writer {
            WordWriter::Tiers(packer) => packer.push(self.encode(states, sample)),
            WordWriter::Range(encoder) => encoder.push(self.interval(states, sample).1),
        }
    }

    /// The code of the next channel's sample; updates its state and goes to the channel after it.
    ///
    /// # Panics
    /// When the set has no tiers.
    #[inline]
    pub fn encode(&self, states: &mut ChannelStates, sample: i16) -> Code {
        let (state, round) = states.current();
        let code = with_shape!(self.set.shape(), |D, M, N| {
            self.encode_shaped::<D, M, N>(state, round, sample)
        });
        states.advance();
        code
    }

    /// The same where the set has a range coder: the class, and the interval in it.
    ///
    /// # Panics
    /// When the set has none.
    #[inline]
    pub fn interval(&self, states: &mut ChannelStates, sample: i16) -> (usize, Interval) {
        let range = self.set.range_code().expect("a set with a range coder");
        let (state, round) = states.current();
        let interval = with_shape!(self.set.shape(), |D, M, N| {
            self.interval_shaped::<D, M, N>(range, state, round, sample)
        });
        states.advance();
        interval
    }

    /// What `sample` would cost on the next channel, in sixteenths of a bit; changes nothing.
    #[cfg(feature = "files")]
    pub(crate) fn cost(&self, states: &mut ChannelStates, sample: i16) -> u32 {
        let (state, round) = states.current();
        self.cost_one(&mut state.clone(), &mut round.clone(), sample)
    }

    /// Updates the state of the next channel with its sample, and goes to the channel after it.
    #[cfg(feature = "files")]
    pub(crate) fn pass(&self, states: &mut ChannelStates, sample: i16) {
        let (state, round) = states.current();
        self.cost_one(state, round, sample);
        states.advance();
    }

    #[cfg(feature = "files")]
    fn cost_one(&self, state: &mut ChannelState, round: &mut Round, sample: i16) -> u32 {
        with_shape!(self.set.shape(), |D, M, N| match self.set.range_code() {
            None => 16 * u32::from(self.encode_shaped::<D, M, N>(state, round, sample).len),
            Some(range) =>
                self.interval_shaped::<D, M, N>(range, state, round, sample).1.sixteenths(),
        })
    }

    #[inline(always)]
    fn encode_shaped<const D: usize, const M: usize, const N: usize>(
        &self,
        state: &mut ChannelState,
        round: &mut Round,
        sample: i16,
    ) -> Code {
        let Seen { context, token, rank, .. } = self.see::<D, M, N>(state, round, sample);
        let Some(token) = token else {
            return self.set.tier_codes()[context].sample_escape().code(sample as u16);
        };
        let rank = rank.filter(|&rank| rank < self.ranks);
        match rank.map(|rank| self.codes[context * self.ranks + rank]) {
            Some(code) if code.len > 0 => code,
            _ => self.set.tier_codes()[context].token_escape().code(token),
        }
    }

    #[inline(always)]
    fn interval_shaped<const D: usize, const M: usize, const N: usize>(
        &self,
        range: &RangeCode,
        state: &mut ChannelState,
        round: &mut Round,
        sample: i16,
    ) -> (usize, Interval) {
        let Seen { context, row, token, rank } = self.see::<D, M, N>(state, round, sample);
        let class = range.class(context, row);
        let interval = match (token, rank.and_then(|rank| range.rank(class, rank))) {
            (None, _) => range.sample_escape(class, sample as u16),
            (_, Some(interval)) => interval,
            (Some(token), None) => {
                range.token_escape(class, token, self.set.converter().token_bits())
            }
        };
        (class, interval)
    }

    /// The blocks before the coder; updates the channel's state.
    #[inline(always)]
    fn see<const D: usize, const M: usize, const N: usize>(
        &self,
        state: &mut ChannelState,
        round: &mut Round,
        sample: i16,
    ) -> Seen {
        let context = usize::from(self.set.context(state.mean));
        let converter = self.set.converter();
        let prediction = state.past.predict::<D, M, N>(converter, round);
        let table = self.set.rank_table();
        let row = table.row(prediction.token);
        let Some(token) = converter.token(sample) else {
            if N > 0 {
                round.add(0);
            }
            return Seen { context, row, token: None, rank: None };
        };
        let offset = converter.offset(token, prediction.token);
        let rank = table.rank(row, offset).map(usize::from);
        state.past.learn::<D, M, N>(converter, self.set.window(), round, prediction, token);
        state.mean = self.set.activity().next(state.mean, offset, self.set.window());
        Seen { context, row, token: Some(token.number()), rank }
    }
}

/// What the coder is told of a sample.
struct Seen {
    context: usize,
    row: usize,
    /// The token's number; of a sample off the lattice, nothing.
    token: Option<u16>,
    rank: Option<usize>,
}
