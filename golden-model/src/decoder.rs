//! **Decoder**: words in, samples out; the encoder's blocks backwards.

mod sample_decoder;

pub use sample_decoder::SampleDecoder;

use crate::bit_packer::BitReader;
use crate::channel_state::{ChannelState, ChannelStates, EachSample};
use crate::neighbours::Round;
use crate::predictor::with_shape;
use crate::range_coder::RangeDecoder;
use crate::table_set::TableSet;
use crate::words::WordReader;
use sample_decoder::Range;

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
