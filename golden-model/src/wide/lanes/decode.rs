//! Eight streams of codes, to a stretch.

use std::array;

use super::deal::Deal;
use super::numbers::{LANES, Numbers, residuals_of, wrapped};
use super::streams::Streams;
use super::{Coded, Coder, Lanes, Place};
use crate::wide::predictor::{Width, with_wide_shape};
use crate::wide::set::WideSet;
use crate::wide::stretch::{Codes, Exception, Hold, Stretch, StretchError, check_holds};

/// Decodes `rounds` rounds of `channels` channels of which `holds` were left out.
///
/// # Errors
/// [`StretchError`], for bytes that no encoder made.
pub fn decode<T: Width>(
    set: &WideSet,
    channels: usize,
    rounds: usize,
    holds: Vec<Hold>,
    bytes: &[u8],
) -> Result<Stretch<T>, StretchError> {
    let held = check_holds(channels, rounds, &holds)?;
    // No code is shorter than a bit.
    if (channels * rounds - held).div_ceil(8) > bytes.len() {
        return Err(StretchError::TooShort);
    }
    let streams = Streams::new(bytes).ok_or(StretchError::TooShort)?;
    let tokens = vec![T::default(); channels * rounds];
    let mut stretch = Stretch { channels, tokens, exceptions: Vec::new(), holds };
    let mut decoder = Decoder {
        set,
        codes: Codes::new(set),
        streams,
        tokens: &mut stretch.tokens,
        exceptions: &mut stretch.exceptions,
    };
    let deal = Deal::new(channels, rounds, &stretch.holds);
    with_wide_shape!(set.shape(), |D, N, W| {
        Lanes::<{ D / 2 }, { N / 2 }, { W / 2 }>::new(set, deal).run(
            channels,
            rounds,
            &stretch.holds,
            &mut decoder,
        )?;
    });
    decoder.exceptions.sort_unstable_by_key(|exception| exception.index);
    decoder.check()?;
    if decoder.streams.end_here() { Ok(stretch) } else { Err(StretchError::TooLong) }
}

struct Decoder<'d, T> {
    set: &'d WideSet,
    codes: Codes<'d>,
    streams: Streams<'d>,
    tokens: &'d mut [T],
    exceptions: &'d mut Vec<Exception>,
}

impl<T: Width> Decoder<'_, T> {
    /// The ranks of all lanes, where all have codes that are known at once.
    #[inline(always)]
    fn known<const ALL: bool>(&mut self, place: &Place<'_>) -> Option<[i32; LANES]> {
        if !ALL {
            return None;
        }
        let bits: [u64; LANES] = array::from_fn(|lane| self.streams.peek(lane));
        let codes: [_; LANES] =
            array::from_fn(|lane| self.codes.look_up(place.levels[lane] as usize, bits[lane]));
        // One branch for all, which is mostly guessed right.
        if !codes.iter().fold(true, |known, code| known & code.is_known()) {
            return None;
        }
        (0..LANES).for_each(|lane| self.streams.consume(lane, codes[lane].bits()));
        Some(array::from_fn(|lane| codes[lane].rank(bits[lane]) as i32))
    }

    /// The ranks of the lanes that are present, and those of them with an exception.
    #[cold]
    fn one_by_one(&mut self, place: &Place<'_>) -> ([i32; LANES], u8) {
        let (mut ranks, mut exceptions) = ([0; LANES], 0);
        for lane in (0..LANES).filter(|&lane| place.has::<false>(lane)) {
            let bits = self.streams.peek(lane);
            let (rank, taken) = self.codes.rank(place.levels[lane] as usize, bits);
            self.streams.consume(lane, taken);
            match rank {
                Some(rank) => ranks[lane] = rank as i32,
                None => {
                    exceptions |= 1 << lane;
                    self.exception(lane, place.index(lane));
                }
            }
        }
        (ranks, exceptions)
    }

    /// Takes an exception's sample.
    #[cold]
    fn exception(&mut self, lane: usize, index: usize) {
        let sample = match self.streams.take(lane, 1) {
            1 => T::wrapped(self.streams.take(lane, T::BITS).into()).number() as i32,
            _ => self.set.hole(),
        };
        self.exceptions.push(Exception { index, sample, must: true });
    }
}

impl<T: Width> Coder for Decoder<'_, T> {
    #[inline(always)]
    fn code<const ALL: bool>(
        &mut self,
        place: &Place<'_>,
        expected: Numbers,
    ) -> Result<Coded, StretchError> {
        let (ranks, exceptions) = match self.known::<ALL>(place) {
            Some(ranks) => (ranks, 0),
            None => self.one_by_one(place),
        };
        self.codes.check(ranks.iter().fold(0, |seen, rank| seen | *rank as u32))?;
        let residuals = residuals_of(Numbers::new(ranks));
        let tokens = wrapped(expected + residuals, self.set.bits());
        for (lane, token) in tokens.to_array().into_iter().enumerate() {
            if place.has::<ALL>(lane) {
                self.tokens[place.index(lane)] = T::wrapped(token.into());
            }
        }
        Ok(Coded { tokens, residuals, exceptions })
    }

    fn check(&self) -> Result<(), StretchError> {
        if self.streams.overrun() { Err(StretchError::TooShort) } else { Ok(()) }
    }
}
