//! The blocks after the packer: bits to one sample.

use alloc::vec::Vec;

use super::CorruptCode;
use crate::activity::LEVELS;
use crate::bit_packer::BitReader;
use crate::channel_state::{ChannelState, ChannelStates};
use crate::converter::Token;
use crate::neighbours::Round;
use crate::predictor::{Prediction, with_shape};
use crate::range_coder::{Found, Places, RangeCode, RangeDecoder};
use crate::table_set::TableSet;
use crate::tier_coder::{MAX_PREFIX_BITS, Payload};
use crate::words::WordReader;

/// The blocks after the packer: bits to one sample.
#[derive(Clone, Debug)]
pub struct SampleDecoder<'t> {
    pub(super) set: &'t TableSet,
    /// `[context][the next prefix_bits bits] -> what to do`
    steps: Vec<Step>,
    /// Bits of the longest prefix in the set.
    prefix_bits: u32,
    /// Where the set has a range coder.
    pub(super) range: Option<Range>,
}

/// What a set with a range coder looks up, so arranged that little is left to ask for each sample.
#[derive(Clone, Debug)]
pub(super) struct Range {
    places: Places,
    /// `[level of activity] -> where the classes of its context begin`
    contexts: [u32; LEVELS],
    /// `[context][row] -> class`
    classes: Vec<u8>,
    /// `[row][rank] -> offset`, of the ranks that may have a width.
    offsets: Vec<i16>,
    ranks: usize,
}

impl Range {
    fn new(set: &TableSet, code: &RangeCode) -> Range {
        let table = set.rank_table();
        let (rows, ranks) = (usize::from(table.fold()).max(1), code.ranks());
        let offset = |row, rank| table.offset(row, rank).expect("a width for a rank of the table");
        Range {
            places: Places::new(code),
            contexts: set.activity().contexts_by_level().map(|c| u32::from(c) * rows as u32),
            classes: (0..set.activity().contexts())
                .flat_map(|context| (0..rows).map(move |row| code.class(context, row) as u8))
                .collect(),
            offsets: (0..rows)
                .flat_map(|row| (0..ranks).map(move |rank| offset(row, rank)))
                .collect(),
            ranks,
        }
    }
}

/// What a prefix asks for.
#[derive(Clone, Copy, Debug)]
struct Step {
    prefix_len: u8,
    suffix_len: u8,
    payload: Payload,
}

impl<'t> SampleDecoder<'t> {
    /// The decoder of a table set.
    pub fn new(set: &'t TableSet) -> SampleDecoder<'t> {
        let tiers = || set.tier_codes().iter().flat_map(|code| code.tiers());
        let prefix_bits = tiers().map(|t| t.prefix_len).max().unwrap_or(1);
        let mut steps = Vec::with_capacity(set.tier_codes().len() << prefix_bits);
        for code in set.tier_codes() {
            let mut tiers: Vec<_> = code.tiers().iter().collect();
            tiers.sort_by_key(|t| u32::from(t.prefix) << (MAX_PREFIX_BITS - t.prefix_len));
            for t in tiers {
                let step =
                    Step { prefix_len: t.prefix_len, suffix_len: t.suffix_len, payload: t.payload };
                // The code is complete, so the tiers in the order of their prefixes fill the table.
                steps.extend(core::iter::repeat_n(step, 1 << (prefix_bits - t.prefix_len)));
            }
        }
        let range = set.range_code().map(|code| Range::new(set, code));
        SampleDecoder { set, steps, prefix_bits: prefix_bits.into(), range }
    }

    /// The next channel's sample out of words; as [`decode`](Self::decode), for either coder.
    ///
    /// # Errors
    /// [`CorruptCode`].
    ///
    /// # Panics
    /// When the reader was made for a table set with the other coder.
    #[inline]
    pub fn read(
        &self,
        states: &mut ChannelStates,
        reader: &mut WordReader,
    ) -> Result<Option<i16>, CorruptCode> {
        let reader = match reader {
            WordReader::Tiers(reader) => return self.decode(states, reader),
            WordReader::Range(reader) => reader,
        };
        let range = self.range.as_ref().expect("a set with a range coder");
        let (state, round) = states.current();
        loop {
            reader.take_spare();
            let sample = with_shape!(self.set.shape(), |D, M, N| {
                self.decode_range::<D, M, N>(range, state, round, reader)
            })?;
            if sample.is_some() {
                states.advance();
                return Ok(sample);
            }
            if reader.wants_a_word() {
                return Ok(None);
            }
        }
    }

    /// The next channel's sample; updates its state and goes to the channel after it. `None`, without a
    /// change, if its code has not arrived completely.
    ///
    /// # Errors
    /// [`CorruptCode`].
    ///
    /// # Panics
    /// When the set has no tiers.
    #[inline]
    pub fn decode(
        &self,
        states: &mut ChannelStates,
        reader: &mut BitReader,
    ) -> Result<Option<i16>, CorruptCode> {
        let (state, round) = states.current();
        let sample = with_shape!(self.set.shape(), |D, M, N| {
            self.decode_shaped::<D, M, N>(state, round, reader)
        })?;
        if sample.is_some() {
            states.advance();
        }
        Ok(sample)
    }

    #[inline(always)]
    pub(super) fn decode_shaped<const D: usize, const M: usize, const N: usize>(
        &self,
        state: &mut ChannelState,
        round: &mut Round,
        reader: &mut BitReader,
    ) -> Result<Option<i16>, CorruptCode> {
        let bits = reader.peek();
        let context = usize::from(self.set.context(state.mean));
        let next = (bits >> (64 - self.prefix_bits)) as usize;
        let step = self.steps[(context << self.prefix_bits) + next];
        if !reader.consume(u32::from(step.prefix_len + step.suffix_len)) {
            return Ok(None);
        }
        // Two shifts, since a suffix of no bits would be a shift by 64.
        let suffix = (bits << step.prefix_len) >> 1 >> (63 - step.suffix_len);
        let converter = self.set.converter();
        let prediction = state.past.predict::<D, M, N>(converter, round);
        let expected = prediction.token;
        let table = self.set.rank_table();
        let token = match step.payload {
            Payload::Ranks { base } => {
                let rank = usize::from(base) + suffix as usize;
                let offset = table.offset(table.row(expected), rank).ok_or(CorruptCode)?;
                converter.at_offset(expected, offset)
            }
            Payload::Token => Token::new(suffix as u16),
            Payload::Sample => return Ok(Some(off_the_lattice::<N>(round, suffix as u16))),
        };
        Ok(Some(self.learn::<D, M, N>(state, round, prediction, token)))
    }

    #[inline(always)]
    pub(super) fn decode_range<const D: usize, const M: usize, const N: usize>(
        &self,
        range: &Range,
        state: &mut ChannelState,
        round: &mut Round,
        reader: &mut RangeDecoder,
    ) -> Result<Option<i16>, CorruptCode> {
        let converter = self.set.converter();
        let level = self.set.activity().level(state.mean);
        let prediction = state.past.predict::<D, M, N>(converter, round);
        let expected = prediction.token;
        let row = self.set.rank_table().row(expected);
        let class = range.classes[range.contexts[usize::from(level)] as usize + row];
        let found = reader.pull_held(&range.places, class.into(), converter.token_bits())?;
        let token = match found {
            None => return Ok(None),
            Some(Found::Rank(rank)) => {
                converter.at_offset(expected, range.offsets[row * range.ranks + rank])
            }
            Some(Found::Token(number)) => Token::new(number),
            Some(Found::Sample(bits)) => return Ok(Some(off_the_lattice::<N>(round, bits))),
        };
        Ok(Some(self.learn::<D, M, N>(state, round, prediction, token)))
    }

    /// Updates the channel's state with its token, and gives the token's sample.
    #[inline(always)]
    fn learn<const D: usize, const M: usize, const N: usize>(
        &self,
        state: &mut ChannelState,
        round: &mut Round,
        prediction: Prediction,
        token: Token,
    ) -> i16 {
        let (converter, window) = (self.set.converter(), self.set.window());
        let offset = converter.offset(token, prediction.token);
        state.past.learn::<D, M, N>(converter, window, round, prediction, token);
        state.mean = self.set.activity().next(state.mean, offset, window);
        converter.sample(token)
    }
}

/// A sample off the lattice, which changes no state but the round's.
#[inline(always)]
fn off_the_lattice<const N: usize>(round: &mut Round, bits: u16) -> i16 {
    if N > 0 {
        round.add(0);
    }
    bits as i16
}
