//! Eight streams of codes, to a stretch.

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
        let mut ranks = [0; LANES];
        let (mut exceptions, mut seen) = (0, 0);
        for (lane, found) in ranks.iter_mut().enumerate() {
            if !place.has::<ALL>(lane) {
                continue;
            }
            let (level, bits) = (place.levels[lane] as usize, self.streams.peek(lane));
            let (rank, taken) = self.codes.rank(level, bits);
            self.streams.consume(lane, taken);
            match rank {
                Some(rank) => {
                    seen |= rank;
                    *found = rank as i32;
                }
                None => {
                    exceptions |= 1 << lane;
                    self.exception(lane, place.index(lane));
                }
            }
        }
        self.codes.check(seen)?;
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
