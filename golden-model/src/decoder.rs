//! **Decoder**: words in, samples out; the encoder's blocks backwards.

use alloc::vec::Vec;

use crate::activity::LEVELS;
use crate::bit_packer::BitReader;
use crate::channel_state::{ChannelState, ChannelStates, EachSample};
use crate::converter::Token;
use crate::neighbours::Round;
use crate::predictor::{Prediction, with_shape};
use crate::range_coder::{Found, Places, RangeCode, RangeDecoder};
use crate::table_set::TableSet;
use crate::tier_coder::{MAX_PREFIX_BITS, Payload};
use crate::words::WordReader;

/// The stream has a code that no encoder sends.
#[derive(Clone, Copy, Debug, PartialEq, Eq, thiserror::Error)]
#[error("the stream is corrupt: a code names a rank that the table does not have")]
pub struct CorruptCode;

/// Turns words back into the samples of one or more channels.
#[derive(Clone, Debug)]
pub struct Decoder<'t> {
    coder: SampleDecoder<'t>,
    states: ChannelStates,
    reader: WordReader,
}

impl<'t> Decoder<'t> {
    /// A decoder for `channels` (at least 1) channels in their initial state.
    pub fn new(set: &'t TableSet, channels: usize) -> Decoder<'t> {
        Decoder {
            coder: SampleDecoder::new(set),
            states: ChannelStates::initial(set, channels),
            reader: WordReader::new(set),
        }
    }

    /// Whether [`push`](Self::push) may be called: room for another word.
    pub fn wants_a_word(&self) -> bool {
        self.reader.wants_a_word()
    }

    /// Takes the next word. Only when [`wants_a_word`](Self::wants_a_word).
    pub fn push(&mut self, word: u32) {
        self.reader.push(word);
    }

    /// The next sample, or `None` if its code has not arrived completely.
    ///
    /// After the last sample of a stream up to 31 zero bits of padding remain (and 16 bits of a range
    /// coder), which may look like codes. The reader must know the number of samples.
    ///
    /// # Errors
    /// [`CorruptCode`]; after it the decoder needs a [`reset`](Self::reset).
    #[inline]
    pub fn pull(&mut self) -> Result<Option<i16>, CorruptCode> {
        self.coder.read(&mut self.states, &mut self.reader)
    }

    /// Fills `samples` from `words` and returns the number of words used.
    ///
    /// # Errors
    /// [`DecodeError::Corrupt`], or [`DecodeError::TooShort`] when the words end first.
    pub fn fill(&mut self, words: &[u32], samples: &mut [i16]) -> Result<usize, DecodeError> {
        with_shape!(self.coder.set.shape(), |D, M, N| {
            self.fill_shaped::<D, M, N>(words, samples)
        })
    }

    fn fill_shaped<const D: usize, const M: usize, const N: usize>(
        &mut self,
        words: &[u32],
        samples: &mut [i16],
    ) -> Result<usize, DecodeError> {
        let Decoder { coder, states, reader } = self;
        match (&mut *reader, &coder.range) {
            (WordReader::Tiers(reader), _) => {
                fill_tiers::<D, M, N>(coder, states, reader, words, samples)
            }
            (WordReader::Range(reader), Some(range)) => {
                fill_range::<D, M, N>(coder, range, states, reader, words, samples)
            }
            (WordReader::Range(_), None) => unreachable!("a reader is made for its table set"),
        }
    }

    /// Forgets all bits and returns every channel to its initial state.
    pub fn reset(&mut self) {
        self.states.reset(self.coder.set);
        self.reader = WordReader::new(self.coder.set);
    }
}

// A function for each shape and coder: together they are one with too few registers.

#[inline(never)]
fn fill_tiers<const D: usize, const M: usize, const N: usize>(
    coder: &SampleDecoder<'_>,
    states: &mut ChannelStates,
    reader: &mut BitReader,
    words: &[u32],
    samples: &mut [i16],
) -> Result<usize, DecodeError> {
    let local = core::mem::take(reader);
    let mut step: TierStep<'_, D, M, N> = TierStep { coder, reader: local, rest: words.iter() };
    states.each(samples, &mut step)?;
    *reader = step.reader;
    Ok(words.len() - step.rest.len())
}

#[inline(never)]
fn fill_range<const D: usize, const M: usize, const N: usize>(
    coder: &SampleDecoder<'_>,
    range: &Range,
    states: &mut ChannelStates,
    reader: &mut RangeDecoder,
    words: &[u32],
    samples: &mut [i16],
) -> Result<usize, DecodeError> {
    let local = core::mem::take(reader);
    let mut step: RangeStep<'_, D, M, N> =
        RangeStep { coder, range, reader: local, words, used: 0 };
    states.each(samples, &mut step)?;
    *reader = step.reader;
    Ok(step.used)
}

/// Decodes a sample of whole-bit codes.
struct TierStep<'d, const D: usize, const M: usize, const N: usize> {
    coder: &'d SampleDecoder<'d>,
    reader: BitReader,
    rest: core::slice::Iter<'d, u32>,
}

impl<const D: usize, const M: usize, const N: usize> EachSample<&mut i16>
    for TierStep<'_, D, M, N>
{
    type Error = DecodeError;

    #[inline(always)]
    fn take(
        &mut self,
        state: &mut ChannelState,
        round: &mut Round,
        sample: &mut i16,
    ) -> Result<(), DecodeError> {
        // 33 bits or more are enough for any code, so one word per sample keeps up.
        if self.reader.wants_a_word()
            && let Some(&word) = self.rest.next()
        {
            self.reader.push(word);
        }
        let next = self.coder.decode_shaped::<D, M, N>(state, round, &mut self.reader)?;
        *sample = next.ok_or(DecodeError::TooShort)?;
        Ok(())
    }
}

/// Decodes a sample of a range coder.
struct RangeStep<'d, const D: usize, const M: usize, const N: usize> {
    coder: &'d SampleDecoder<'d>,
    range: &'d Range,
    reader: RangeDecoder,
    words: &'d [u32],
    used: usize,
}

impl<const D: usize, const M: usize, const N: usize> EachSample<&mut i16>
    for RangeStep<'_, D, M, N>
{
    type Error = DecodeError;

    #[inline(always)]
    fn take(
        &mut self,
        state: &mut ChannelState,
        round: &mut Round,
        sample: &mut i16,
    ) -> Result<(), DecodeError> {
        loop {
            self.reader.refill(self.words, &mut self.used);
            let reader = &mut self.reader;
            if let Some(next) =
                self.coder.decode_range::<D, M, N>(self.range, state, round, reader)?
            {
                *sample = next;
                return Ok(());
            }
            // An escape may take two words.
            if self.used == self.words.len() && self.reader.wants_a_word() {
                return Err(DecodeError::TooShort);
            }
        }
    }
}

/// Why samples could not be decoded.
#[derive(Clone, Copy, Debug, PartialEq, Eq, thiserror::Error)]
pub enum DecodeError {
    /// A code that no encoder sends.
    #[error(transparent)]
    Corrupt(#[from] CorruptCode),
    /// The words end before all samples are decoded.
    #[error("the stream is too short: it ends before its last sample")]
    TooShort,
}

/// The blocks after the packer: bits to one sample.
#[derive(Clone, Debug)]
pub struct SampleDecoder<'t> {
    set: &'t TableSet,
    /// `[context][the next prefix_bits bits] -> what to do`
    steps: Vec<Step>,
    /// Bits of the longest prefix in the set.
    prefix_bits: u32,
    /// Where the set has a range coder.
    range: Option<Range>,
}

/// What a set with a range coder looks up, so arranged that little is left to ask for each sample.
#[derive(Clone, Debug)]
struct Range {
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
    fn decode_shaped<const D: usize, const M: usize, const N: usize>(
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
    fn decode_range<const D: usize, const M: usize, const N: usize>(
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
