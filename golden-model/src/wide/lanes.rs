//! **Lanes**: a stretch in eight streams of codes, which are coded side by side.
//!
//! The channels that do not hold for the whole stretch are dealt to eight lanes, the first ones to the first
//! lane and so on; where they do not come out even, the last lanes have one channel less. Each lane has
//! its own bits:
//!
//! ```text
//! for each lane but the last   varint length of its codes, and these
//! the last lane's codes
//! ```
//!
//! What a channel expects is what it would expect in one stream: a lane goes on from where the one before
//! it has ended in the same round. So a lane is a round behind the one before it, and all eight are at work
//! at one time, in the lanes of vector registers:
//!
//! ```text
//! time      0   1   2   3   4
//! lane 0   r0  r1  r2  r3  r4     r: the round that a lane is in
//! lane 1       r0  r1  r2  r3
//! lane 2           r0  r1  r2
//! ```
//!
//! A channel that holds for a part of the stretch keeps its place, and its residual is 0 to the channels
//! behind it. All else is as in one stream. Tokens have at most 16 bits.

mod deal;
mod decode;
mod encode;
mod numbers;
mod position;
mod round;
mod streams;

use super::predictor::{Tokens, step};
use super::set::WideSet;
use super::stretch::{Hold, Stretch, StretchError};
use deal::{Deal, Timeline};
pub use decode::decode;
pub use encode::{encode, trial};
use numbers::{LANES, Numbers, mask};
use position::{Position, Taps, Turn};
use round::Round;

/// Fewer channels leave most lanes idle.
const LEAST_CHANNELS: usize = 2 * LANES;
/// In fewer tokens, the eight lengths and the eight last bytes that are filled up would be felt.
const LEAST_TOKENS: usize = 1 << 16;
/// Bits of the widest token that lanes have room for.
const MOST_BITS: u32 = 16;

/// Whether a stretch with this set is better coded in lanes than in one stream.
pub fn suit<T>(stretch: &Stretch<T>, set: &WideSet) -> bool {
    let enough = stretch.channels >= LEAST_CHANNELS && stretch.tokens.len() >= LEAST_TOKENS;
    enough && fit(set)
}

/// Whether lanes have room for the tokens of a set.
pub fn fit(set: &WideSet) -> bool {
    set.bits() <= MOST_BITS
}

/// Times between two looks at the channels' states.
const LOOK_EVERY: usize = 1024;

/// Where the lanes are.
struct Place<'p> {
    /// Index of the first token of each lane's round; arbitrary for lanes that are not present.
    rows: &'p [usize; LANES],
    channels: [u16; LANES],
    levels: [i32; LANES],
    /// Lanes whose channel is coded, a bit for each.
    present: u8,
    /// Lanes whose channel has its first token before it.
    fresh: u8,
}

impl Place<'_> {
    /// Index of a lane's token.
    #[inline(always)]
    fn index(&self, lane: usize) -> usize {
        self.rows[lane] + usize::from(self.channels[lane])
    }

    /// Whether a lane is coded; with `ALL`, every one is.
    #[inline(always)]
    fn has<const ALL: bool>(&self, lane: usize) -> bool {
        ALL || self.present >> lane & 1 != 0
    }
}

/// What a coder made of eight channels.
struct Coded {
    tokens: Numbers,
    residuals: Numbers,
    /// Lanes with an exception, a bit for each.
    exceptions: u8,
}

/// Codes or decodes what stands at a place.
trait Coder {
    /// Before each time: where the lanes' rounds begin.
    fn begin(&mut self, _rows: &[usize; LANES], _channels: usize) {}

    fn code<const ALL: bool>(
        &mut self,
        place: &Place<'_>,
        expected: Numbers,
    ) -> Result<Coded, StretchError>;

    /// Now and then: whether all is well so far.
    fn check(&self) -> Result<(), StretchError> {
        Ok(())
    }

    /// A channel's weights and activity, now and then.
    fn look(&mut self, _: impl Iterator<Item = i16>, _: u32) {}
}

/// All lanes: `D`, `N` and `W` count pairs of features, as in a [`Position`].
struct Lanes<'s, const D: usize, const N: usize, const W: usize> {
    set: &'s WideSet,
    tokens: Tokens,
    deal: Deal,
    positions: Vec<Position<D, N, W>>,
    /// Of each position, the lanes whose channel has its first token before it.
    fresh: Vec<u8>,
    round: Round<N>,
}

impl<'s, const D: usize, const N: usize, const W: usize> Lanes<'s, D, N, W> {
    fn new(set: &'s WideSet, deal: Deal) -> Lanes<'s, D, N, W> {
        let positions = vec![Position::new(set); deal.positions()];
        let mut fresh = vec![0xff; deal.positions()];
        if let Some(fresh) = fresh.first_mut() {
            *fresh = !deal.skipping();
        }
        let round = Round::new(deal.positions());
        Lanes { set, tokens: Tokens { bits: set.bits() }, deal, positions, fresh, round }
    }

    /// Walks over `rounds` rounds of `channels` channels.
    fn run(
        mut self,
        channels: usize,
        rounds: usize,
        holds: &[Hold],
        coder: &mut impl Coder,
    ) -> Result<(), StretchError> {
        if self.positions.is_empty() {
            return Ok(());
        }
        let filter = Taps::of(self.set.filter());
        let mut timeline = Timeline::new(&self.deal, channels, rounds, holds);
        for time in 0..rounds + LANES - 1 {
            timeline.go_to(time);
            self.round.carry(&self.deal);
            let rows = std::array::from_fn(|lane| time.saturating_sub(lane) * channels);
            let steps = std::array::from_fn(|lane| step(time.saturating_sub(lane)).into());
            let steps = Numbers::new(steps);
            coder.begin(&rows, channels);
            for at in 0..self.positions.len() {
                let (present, fresh) = (timeline.present(at), self.fresh[at]);
                let position = &mut self.positions[at];
                let (levels, channels) = (position.levels(), *self.deal.channels(at));
                let place = Place { rows: &rows, channels, levels, present, fresh };
                let (near, window) = (self.round.nearest(), self.round.window(at));
                let turn = position.predict(&filter, near, window, self.tokens);
                if present == 0xff && fresh == 0 {
                    let coded = coder.code::<true>(&place, turn.expected)?;
                    if coded.exceptions == 0 {
                        position.learn(&turn, window, coded.tokens, coded.residuals, steps);
                        self.round.add(at, coded.residuals, coded.tokens);
                        continue;
                    }
                    self.learn_some(at, &place, &turn, &coded, steps);
                } else {
                    let expected = mask(fresh).select(self.round.last, turn.expected);
                    let coded = coder.code::<false>(&place, expected)?;
                    self.learn_some(at, &place, &turn, &coded, steps);
                }
            }
            coder.check()?;
            if time % LOOK_EVERY == LOOK_EVERY - 1 {
                self.show(coder);
            }
        }
        self.show(coder);
        Ok(())
    }

    /// Moves on where not every lane has a plain token.
    #[cold]
    fn learn_some(
        &mut self,
        at: usize,
        place: &Place<'_>,
        turn: &Turn,
        coded: &Coded,
        steps: Numbers,
    ) {
        let position = &mut self.positions[at];
        let before = position.clone();
        position.learn(turn, self.round.window(at), coded.tokens, coded.residuals, steps);
        let of_tokens = place.present & !coded.exceptions;
        let plain = of_tokens & !place.fresh;
        position.take(mask(!plain), &before);
        let begun = of_tokens & place.fresh;
        if begun != 0 {
            position.take(mask(begun), &Position::after(coded.tokens, self.set));
        }
        self.fresh[at] &= !begun;
        let residuals = coded.residuals & mask(plain);
        let tokens = mask(of_tokens).select(coded.tokens, self.round.last);
        if at == 0 {
            self.round.add_first(&self.deal, residuals, tokens);
        } else {
            self.round.add(at, residuals, tokens);
        }
    }

    /// Shows a coder the state of every channel that has had a token.
    fn show(&self, coder: &mut impl Coder) {
        for (position, fresh) in self.positions.iter().zip(&self.fresh) {
            for lane in (0..LANES).filter(|lane| fresh >> lane & 1 == 0) {
                let (weights, activity) = position.of_lane(lane);
                coder.look(weights, activity);
            }
        }
    }
}

#[cfg(test)]
mod tests;
