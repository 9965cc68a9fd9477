//! A stretch, to eight streams of codes, or to counts of what they would be.

use super::deal::Deal;
use super::numbers::{LANES, Numbers, of, ranks_of, wrapped};
use super::streams::joined;
use super::{Coded, Coder, Lanes, Place};
use crate::wide::predictor::{Width, with_wide_shape};
use crate::wide::set::WideSet;
use crate::wide::stretch::{BitSink, CountSink, Exception, Sink, Stretch, StretchError, is_dearer};
use crate::wide::trial::Trial;

/// Codes a stretch.
pub fn encode<T: Width>(stretch: &Stretch<T>, set: &WideSet) -> Vec<u8> {
    joined(&walk(stretch, set, stretch.rounds(), BitSink::new(set, LANES)).finish())
}

/// Walks over the first `rounds` without writing, and says what was seen.
pub fn trial<T: Width>(stretch: &Stretch<T>, set: &WideSet, rounds: usize) -> Trial {
    walk(stretch, set, rounds, CountSink::new(set)).trial()
}

/// Gives a sink what the first `rounds` are coded as.
fn walk<T: Width, S: Sink>(stretch: &Stretch<T>, set: &WideSet, rounds: usize, sink: S) -> S {
    let Stretch { channels, tokens, exceptions, holds } = stretch;
    let deal = Deal::new(*channels, stretch.rounds(), holds);
    let mut of_lanes = [const { Vec::new() }; LANES];
    let lanes = deal.lanes(*channels);
    // Popped from their ends.
    for exception in exceptions.iter().rev() {
        of_lanes[lanes[exception.index % channels]].push(*exception);
    }
    let next = of_lanes.each_ref().map(|of_lane| next_of(of_lane));
    let mut encoder =
        Encoder { set, tokens: &tokens[..], exceptions: of_lanes, next, is_near: false, sink };
    let walked = with_wide_shape!(set.shape(), |D, N, W| {
        Lanes::<{ D / 2 }, { N / 2 }, { W / 2 }>::new(set, deal).run(
            *channels,
            rounds,
            holds,
            &mut encoder,
        )
    });
    debug_assert!(walked.is_ok(), "an encoder refuses nothing");
    encoder.sink
}

fn next_of(exceptions: &[Exception]) -> usize {
    exceptions.last().map_or(usize::MAX, |exception| exception.index)
}

struct Encoder<'e, T, S> {
    set: &'e WideSet,
    tokens: &'e [T],
    /// Of each lane, the last one first.
    exceptions: [Vec<Exception>; LANES],
    /// Index of each lane's next exception.
    next: [usize; LANES],
    /// Whether any lane has an exception in the round that it is in.
    is_near: bool,
    sink: S,
}

impl<T: Width, S: Sink> Encoder<'_, T, S> {
    /// Whether a lane's exception was taken, which is the next one.
    #[cold]
    fn exception(&mut self, lane: usize, place: &Place<'_>, rank: u32) -> bool {
        let (level, fresh) = (place.levels[lane] as usize, place.fresh >> lane & 1 != 0);
        let Some(exception) = self.exceptions[lane].pop() else { return false };
        self.next[lane] = next_of(&self.exceptions[lane]);
        let taken = exception.must || (!fresh && is_dearer(self.set, level, rank));
        if taken {
            self.sink.exception(lane, level, exception.sample, T::BITS);
        }
        taken
    }
}

impl<T: Width, S: Sink> Coder for Encoder<'_, T, S> {
    fn begin(&mut self, rows: &[usize; LANES], channels: usize) {
        self.is_near = self.next.iter().zip(rows).any(|(&next, row)| next < row + channels);
    }

    #[inline(always)]
    fn code<const ALL: bool>(
        &mut self,
        place: &Place<'_>,
        expected: Numbers,
    ) -> Result<Coded, StretchError> {
        let mut tokens = [0; LANES];
        for (lane, token) in tokens.iter_mut().enumerate() {
            if place.has::<ALL>(lane) {
                *token = self.tokens[place.index(lane)].number() as i32;
            }
        }
        let tokens = Numbers::new(tokens);
        let residuals = wrapped(tokens - expected, self.set.bits());
        let mut exceptions = 0;
        for (lane, rank) in ranks_of(residuals).to_array().into_iter().enumerate() {
            if !place.has::<ALL>(lane) {
                continue;
            }
            let (level, rank) = (place.levels[lane] as usize, rank as u32);
            if self.is_near
                && self.next[lane] == place.index(lane)
                && self.exception(lane, place, rank)
            {
                exceptions |= 1 << lane;
            } else if ALL || place.fresh >> lane & 1 == 0 {
                self.sink.rank(lane, level, rank);
            } else {
                self.sink.first(lane, of(residuals, lane).into());
            }
        }
        Ok(Coded { tokens, residuals, exceptions })
    }

    fn look(&mut self, weights: impl Iterator<Item = i16>, activity: u32) {
        self.sink.look(weights, activity);
    }
}
