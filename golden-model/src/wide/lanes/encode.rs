//! A stretch, to eight streams of codes, or to counts of what they would be.

use std::array::from_fn;

use bytemuck::cast;

use super::deal::Deal;
use super::streams::joined;
use super::vectors::{LANES, Vectors, array};
use super::{Coded, Coder, Place, Unit};
use crate::wide::set::WideSet;
use crate::wide::stretch::{BitSink, CountSink, Exception, Sink, Stretch, StretchError, is_dearer};
use crate::wide::trial::Trial;

/// Codes a stretch.
pub fn encode(unit: Unit, stretch: &Stretch<i16>, set: &WideSet) -> Vec<u8> {
    let mut sink = BitSink::new(set, LANES);
    walk(unit, stretch, set, stretch.rounds(), &mut sink);
    joined(&sink.finish())
}

/// Walks over the first `rounds` without writing, and says what was seen.
pub fn trial(unit: Unit, stretch: &Stretch<i16>, set: &WideSet, rounds: usize) -> Trial {
    let mut sink = CountSink::new(set);
    walk(unit, stretch, set, rounds, &mut sink);
    sink.trial()
}

/// Gives a sink what the first `rounds` are coded as.
fn walk(unit: Unit, stretch: &Stretch<i16>, set: &WideSet, rounds: usize, sink: &mut dyn Sink) {
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
    let walked = unit.walk(set, deal, (*channels, rounds, holds), &mut encoder);
    debug_assert!(walked.is_ok(), "an encoder refuses nothing");
}

fn next_of(exceptions: &[Exception]) -> usize {
    exceptions.last().map_or(usize::MAX, |exception| exception.index)
}

struct Encoder<'e> {
    set: &'e WideSet,
    tokens: &'e [i16],
    /// Of each lane, the last one first.
    exceptions: [Vec<Exception>; LANES],
    /// Index of each lane's next exception.
    next: [usize; LANES],
    /// Whether any lane has an exception in the round that it is in.
    is_near: bool,
    sink: &'e mut dyn Sink,
}

impl Encoder<'_> {
    /// Whether a lane's token is an exception.
    fn exception(&mut self, lane: usize, place: &Place<'_>, rank: u32) -> bool {
        if self.next[lane] != place.index(lane) {
            return false;
        }
        let (level, fresh) = (place.levels[lane] as usize, place.fresh >> lane & 1 != 0);
        let Some(exception) = self.exceptions[lane].pop() else { return false };
        self.next[lane] = next_of(&self.exceptions[lane]);
        let taken = exception.must || (!fresh && is_dearer(self.set, level, rank));
        if taken {
            self.sink.exception(lane, level, exception.sample, i16::BITS);
        }
        taken
    }

    /// Codes the lanes that are present; returns those of them with an exception.
    #[cold]
    fn one_by_one(
        &mut self,
        place: &Place<'_>,
        residuals: [i32; LANES],
        ranks: [i32; LANES],
    ) -> u8 {
        let mut exceptions = 0;
        for lane in (0..LANES).filter(|&lane| place.has::<false>(lane)) {
            if self.exception(lane, place, ranks[lane] as u32) {
                exceptions |= 1 << lane;
            } else if place.fresh >> lane & 1 == 0 {
                self.sink.rank(lane, place.levels[lane] as usize, ranks[lane] as u32);
            } else {
                self.sink.first(lane, residuals[lane].into());
            }
        }
        exceptions
    }
}

impl Coder for Encoder<'_> {
    fn begin(&mut self, rows: &[usize; LANES], channels: usize) {
        self.is_near = self.next.iter().zip(rows).any(|(&next, row)| next < row + channels);
    }

    #[inline(always)]
    fn code<V: Vectors, const ALL: bool>(
        &mut self,
        v: V,
        place: &Place<'_>,
        expected: V::Numbers,
    ) -> Result<Coded<V>, StretchError> {
        let token = |lane: usize| match place.has::<ALL>(lane) {
            true => self.tokens[place.index(lane)].into(),
            false => 0,
        };
        let tokens: V::Numbers = cast::<[i32; LANES], _>(from_fn(token));
        let residuals = v.wrapped(v.sub(tokens, expected), self.set.bits());
        let ranks = array(v.ranks_of(residuals));
        let mut exceptions = 0;
        if ALL && !self.is_near {
            self.sink.ranks(&place.levels, &ranks);
        } else {
            exceptions = self.one_by_one(place, array(residuals), ranks);
        }
        Ok(Coded { tokens, residuals, exceptions })
    }

    fn look(&mut self, weights: &mut dyn Iterator<Item = i16>, activity: u32) {
        self.sink.look(weights, activity);
    }
}
