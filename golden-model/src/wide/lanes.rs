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
//! behind it. All else is as in one stream. Tokens have at most 16 bits. Predictors have 8 or 16 differences and
//! no filter, or 8 differences, neighbours and a filter.

mod deal;
mod decode;
mod encode;
mod position;
mod round;
mod streams;
mod vectors;

use std::any::Any;

use super::predictor::{Shape, Tokens, Width, step};
use super::set::WideSet;
use super::stretch::{Hold, Stretch, StretchError};
use super::trial::Trial;
use deal::{Deal, Timeline};
use position::{Position, Taps, Turn};
use round::Round;
use vectors::{LANES, Portable, Vectors, Work};

/// Fewer channels leave most lanes idle.
const LEAST_CHANNELS: usize = 2 * LANES;
/// In fewer tokens, the eight lengths and the eight last bytes that are filled up would be felt.
const LEAST_TOKENS: usize = 1 << 16;

/// Whether lanes can have tokens of this width, and this set.
///
/// The other predictors are not worth their code: where they help, channels are few or slow.
pub fn fit<T: Width>(set: &WideSet) -> bool {
    let Shape { differences, neighbours, filtered } = set.shape();
    let has_code = if filtered { differences == 8 && neighbours > 0 } else { differences <= 16 };
    T::BITS == 16 && set.bits() <= 16 && has_code
}

/// A stretch as lanes have it, where it is better coded in them than in one stream.
fn suited<'s, T: Width>(stretch: &'s Stretch<T>, set: &WideSet) -> Option<&'s Stretch<i16>> {
    let enough = stretch.channels >= LEAST_CHANNELS && stretch.tokens.len() >= LEAST_TOKENS;
    let stretch: &dyn Any = stretch;
    stretch.downcast_ref().filter(|_| enough && fit::<T>(set))
}

/// Codes a stretch; `None`: it is better coded in one stream.
pub fn encode<T: Width>(stretch: &Stretch<T>, set: &WideSet) -> Option<Vec<u8>> {
    suited(stretch, set).map(|stretch| encode::encode(Unit::best(), stretch, set))
}

/// Runs the codec over the first `rounds` without writing, and says what it saw. `None`: as above.
pub fn trial<T: Width>(stretch: &Stretch<T>, set: &WideSet, rounds: usize) -> Option<Trial> {
    suited(stretch, set).map(|stretch| encode::trial(Unit::best(), stretch, set, rounds))
}

/// Decodes `rounds` rounds of `channels` channels of which `holds` were left out; the set must [`fit`].
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
    let stretch = decode::decode(Unit::best(), set, channels, rounds, holds, bytes)?;
    let stretch: Box<dyn Any> = Box::new(stretch);
    Ok(*stretch.downcast().expect("tokens of 16 bits, for which sets fit"))
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
struct Coded<V: Vectors> {
    tokens: V::Numbers,
    residuals: V::Numbers,
    /// Lanes with an exception, a bit for each.
    exceptions: u8,
}

/// Codes or decodes what stands at a place.
trait Coder {
    /// Before each time: where the lanes' rounds begin.
    fn begin(&mut self, _rows: &[usize; LANES], _channels: usize) {}

    /// With `ALL`, every lane is present and none is fresh.
    fn code<V: Vectors, const ALL: bool>(
        &mut self,
        v: V,
        place: &Place<'_>,
        expected: V::Numbers,
    ) -> Result<Coded<V>, StretchError>;

    /// After each time: whether all is well so far.
    fn check(&self) -> Result<(), StretchError> {
        Ok(())
    }

    /// A channel's weights and activity, now and then.
    fn look(&mut self, _: &mut dyn Iterator<Item = i16>, _: u32) {}
}

/// A vector unit.
#[derive(Clone, Copy)]
enum Unit {
    #[cfg(target_arch = "x86_64")]
    Avx2(vectors::Avx2),
    Portable(Portable),
}

impl Unit {
    /// The best one that there is.
    fn best() -> Unit {
        #[cfg(target_arch = "x86_64")]
        if let Some(avx2) = vectors::Avx2::found() {
            return Unit::Avx2(avx2);
        }
        Unit::Portable(Portable)
    }

    /// Walks over `rounds` rounds of a stretch that has this many channels and these holds.
    fn walk(
        self,
        set: &WideSet,
        deal: Deal,
        stretch: (usize, usize, &[Hold]),
        coder: &mut impl Coder,
    ) -> Result<(), StretchError> {
        match self {
            #[cfg(target_arch = "x86_64")]
            Unit::Avx2(v) => walk(v, set, deal, stretch, coder),
            Unit::Portable(v) => walk(v, set, deal, stretch, coder),
        }
    }
}

fn walk<V: Vectors>(
    v: V,
    set: &WideSet,
    deal: Deal,
    stretch: (usize, usize, &[Hold]),
    coder: &mut impl Coder,
) -> Result<(), StretchError> {
    macro_rules! walk {
        ($d:literal, $n:literal, $w:literal) => {
            v.run(Walk { lanes: Lanes::<V, $d, $n, $w>::new(v, set, deal), stretch, coder })
        };
    }
    let Shape { differences, neighbours, filtered } = set.shape();
    match (differences, neighbours, filtered) {
        (8, 0, false) => walk!(4, 1, 0),
        (16, 0, false) => walk!(8, 1, 0),
        (8, 5, false) => walk!(4, 4, 0),
        (16, 5, false) => walk!(8, 4, 0),
        (8, 13, false) => walk!(4, 8, 0),
        (8, 5, true) => walk!(4, 4, 16),
        (8, 13, true) => walk!(4, 8, 16),
        shape => unreachable!("no lanes fit {shape:?}"),
    }
}

/// A walk, for a vector unit.
struct Walk<'w, V: Vectors, C, const D: usize, const N: usize, const W: usize> {
    lanes: Lanes<'w, V, D, N, W>,
    stretch: (usize, usize, &'w [Hold]),
    coder: &'w mut C,
}

impl<V: Vectors, C: Coder, const D: usize, const N: usize, const W: usize> Work
    for Walk<'_, V, C, D, N, W>
{
    type Output = Result<(), StretchError>;

    #[inline(always)]
    fn done(self) -> Result<(), StretchError> {
        let (channels, rounds, holds) = self.stretch;
        self.lanes.walk(channels, rounds, holds, self.coder)
    }
}

/// What lanes learn where not every one has a plain token.
struct LearnSome<'w, 's, V: Vectors, const D: usize, const N: usize, const W: usize> {
    lanes: &'w mut Lanes<'s, V, D, N, W>,
    at: usize,
    place: &'w Place<'w>,
    turn: &'w Turn<V>,
    coded: &'w Coded<V>,
    steps: V::Numbers,
}

impl<V: Vectors, const D: usize, const N: usize, const W: usize> Work
    for LearnSome<'_, '_, V, D, N, W>
{
    type Output = ();

    #[inline(always)]
    fn done(self) {
        let LearnSome { lanes, at, place, turn, coded, steps } = self;
        let v = lanes.v;
        let position = &mut lanes.positions[at];
        let before = position.clone();
        position.learn(v, turn, lanes.round.window(at), [coded.tokens, coded.residuals], steps);
        let of_tokens = place.present & !coded.exceptions;
        let plain = of_tokens & !place.fresh;
        position.take(v, v.mask(!plain), &before);
        let begun = of_tokens & place.fresh;
        if begun != 0 {
            position.take(v, v.mask(begun), &Position::after(v, coded.tokens, lanes.set));
        }
        lanes.fresh[at] &= !begun;
        let residuals = v.and(coded.residuals, v.mask(plain));
        let tokens = v.select(v.mask(of_tokens), coded.tokens, lanes.round.last);
        if at == 0 {
            lanes.round.add_first(v, &lanes.deal, [tokens, residuals]);
        } else {
            lanes.round.add(v, at, [tokens, residuals]);
        }
    }
}

/// All lanes: `D`, `N` and `W` count pairs, as in a [`Position`].
struct Lanes<'s, V: Vectors, const D: usize, const N: usize, const W: usize> {
    v: V,
    set: &'s WideSet,
    tokens: Tokens,
    deal: Deal,
    positions: Vec<Position<V, D, N, W>>,
    /// Of each position, the lanes whose channel has its first token before it.
    fresh: Vec<u8>,
    round: Round<V, N>,
}

impl<'s, V: Vectors, const D: usize, const N: usize, const W: usize> Lanes<'s, V, D, N, W> {
    fn new(v: V, set: &'s WideSet, deal: Deal) -> Lanes<'s, V, D, N, W> {
        let positions = vec![Position::new(v, set); deal.positions()];
        let mut fresh = vec![0xff; deal.positions()];
        if let Some(fresh) = fresh.first_mut() {
            *fresh = !deal.skipping();
        }
        let round = Round::new(v, deal.positions());
        Lanes { v, set, tokens: Tokens { bits: set.bits() }, deal, positions, fresh, round }
    }

    #[inline(always)]
    fn walk(
        mut self,
        channels: usize,
        rounds: usize,
        holds: &[Hold],
        coder: &mut impl Coder,
    ) -> Result<(), StretchError> {
        if self.positions.is_empty() {
            return Ok(());
        }
        let v = self.v;
        let filter = Taps::of(v, self.set.filter());
        let mut timeline = Timeline::new(&self.deal, channels, rounds, holds);
        for time in 0..rounds + LANES - 1 {
            timeline.go_to(time);
            self.round.carry(&self.deal);
            let rows = std::array::from_fn(|lane| time.saturating_sub(lane) * channels);
            let steps = |lane| i32::from(step(time.saturating_sub(lane)));
            let steps: V::Numbers = bytemuck::cast::<[i32; LANES], _>(std::array::from_fn(steps));
            coder.begin(&rows, channels);
            for at in 0..self.positions.len() {
                let (present, fresh) = (timeline.present(at), self.fresh[at]);
                let position = &mut self.positions[at];
                let (levels, channels) = (position.levels(), *self.deal.channels(at));
                let place = Place { rows: &rows, channels, levels, present, fresh };
                let (nearest, window) = (self.round.nearest(v), self.round.window(at));
                let turn = position.predict(v, &filter, nearest, window, self.tokens);
                if present == 0xff && fresh == 0 {
                    let coded = coder.code::<V, true>(v, &place, turn.expected)?;
                    if coded.exceptions == 0 {
                        let both = [coded.tokens, coded.residuals];
                        position.learn(v, &turn, window, both, steps);
                        self.round.add(v, at, both);
                        continue;
                    }
                    self.learn_some(at, &place, &turn, &coded, steps);
                } else {
                    let expected = v.select(v.mask(fresh), self.round.last, turn.expected);
                    let coded = coder.code::<V, false>(v, &place, expected)?;
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
        turn: &Turn<V>,
        coded: &Coded<V>,
        steps: V::Numbers,
    ) {
        // On its own it would not be compiled for the unit.
        self.v.run(LearnSome { lanes: self, at, place, turn, coded, steps });
    }

    /// Shows a coder the state of every channel that has had a token.
    #[cold]
    fn show(&self, coder: &mut impl Coder) {
        for (position, fresh) in self.positions.iter().zip(&self.fresh) {
            for lane in (0..LANES).filter(|lane| fresh >> lane & 1 == 0) {
                let (mut weights, activity) = position.of_lane(lane);
                coder.look(&mut weights, activity);
            }
        }
    }
}

#[cfg(test)]
mod tests;
