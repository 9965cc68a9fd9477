//! Eight streams of codes, to a stretch.

use std::array::from_fn;

use bytemuck::cast;

use super::deal::Deal;
use super::streams::Streams;
use super::vectors::{LANES, Vectors, array};
use super::{Coded, Coder, Place, Unit};
use crate::wide::set::WideSet;
use crate::wide::stretch::{Codes, Exception, Hold, Stretch, StretchError, check_room};

/// Decodes `rounds` rounds of `channels` channels of which `holds` were left out.
///
/// # Errors
/// [`StretchError`], for bytes that no encoder made.
pub fn decode(
    unit: Unit,
    set: &WideSet,
    channels: usize,
    rounds: usize,
    holds: Vec<Hold>,
    bytes: &[u8],
) -> Result<Stretch<i16>, StretchError> {
    check_room(channels, rounds, &holds, bytes)?;
    let streams = Streams::new(bytes).ok_or(StretchError::TooShort)?;
    let tokens = vec![0; channels * rounds];
    let mut stretch = Stretch { channels, tokens, exceptions: Vec::new(), holds };
    let mut decoder = Decoder {
        set,
        codes: Codes::new(set),
        streams,
        tokens: &mut stretch.tokens,
        exceptions: &mut stretch.exceptions,
    };
    let deal = Deal::new(channels, rounds, &stretch.holds);
    unit.walk(set, deal, (channels, rounds, &stretch.holds), &mut decoder)?;
    decoder.exceptions.sort_unstable_by_key(|exception| exception.index);
    decoder.check()?;
    if decoder.streams.end_here() { Ok(stretch) } else { Err(StretchError::TooLong) }
}

struct Decoder<'d> {
    set: &'d WideSet,
    codes: Codes<'d>,
    streams: Streams<'d>,
    tokens: &'d mut [i16],
    exceptions: &'d mut Vec<Exception>,
}

impl Decoder<'_> {
    /// The ranks of all lanes, where all have codes that are known at once.
    #[inline(always)]
    fn known<const ALL: bool>(&mut self, place: &Place<'_>) -> Option<[i32; LANES]> {
        if !ALL {
            return None;
        }
        let bits: [u64; LANES] = from_fn(|lane| self.streams.peek(lane));
        let codes: [_; LANES] =
            from_fn(|lane| self.codes.look_up(place.levels[lane] as usize, bits[lane]));
        // One branch for all, which is mostly guessed right.
        if !codes.iter().fold(true, |known, code| known & code.is_known()) {
            return None;
        }
        (0..LANES).for_each(|lane| self.streams.consume(lane, codes[lane].bits()));
        Some(from_fn(|lane| codes[lane].rank(bits[lane]) as i32))
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
            1 => (self.streams.take(lane, 16) as i16).into(),
            _ => self.set.hole(),
        };
        self.exceptions.push(Exception { index, sample, must: true });
    }
}

impl Coder for Decoder<'_> {
    #[inline(always)]
    fn code<V: Vectors, const ALL: bool>(
        &mut self,
        v: V,
        place: &Place<'_>,
        expected: V::Numbers,
    ) -> Result<Coded<V>, StretchError> {
        let (ranks, exceptions) = match self.known::<ALL>(place) {
            Some(ranks) => (ranks, 0),
            None => self.one_by_one(place),
        };
        self.codes.check(ranks.iter().fold(0, |seen, rank| seen | *rank as u32))?;
        let residuals = v.residuals_of(cast(ranks));
        let tokens = v.wrapped(v.add(expected, residuals), self.set.bits());
        for (lane, token) in array(tokens).into_iter().enumerate() {
            if place.has::<ALL>(lane) {
                self.tokens[place.index(lane)] = token as i16;
            }
        }
        Ok(Coded { tokens, residuals, exceptions })
    }

    fn check(&self) -> Result<(), StretchError> {
        if self.streams.overrun() { Err(StretchError::TooShort) } else { Ok(()) }
    }
}
