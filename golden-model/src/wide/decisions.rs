//! **Decisions**: tokens as yes-or-no questions, each with a probability that is learned on the way.
//!
//! The other coder beside the tiers, for files alone: nothing of it is trained on the file or
//! stored in it, and no hardware has to follow. A token is found as in a search by halves, in *cells* of
//! `2^k` tokens that begin at multiples of their size, since converters' codes are not equally wide and
//! widths belong to absolute tokens:
//!
//! ```text
//! kind    question: is the token at least x?
//! 0       x: the beginning of a cell, the nearest to the prediction
//! 1..=4   after yes: x one cell further, until no; from the fifth step on, twice as far each time
//! 5..=8   after no: the same downwards
//! 9..     within the cell: its middle, then the middle of the half, to the last token;
//!         11 for halves of 2^k, 12 for quarters ...; 10 and 9 for larger ones
//! ```
//!
//! A question's probability is logistic in a sum of weights, each from a table: see [`weights`]. After the
//! answer all of them move by `rate * (answer - probability)`. So a table for the width of single codes, one
//! for the shape of residuals, and so on, learn together what each alone can explain.
//!
//! What a channel remembers, beside its predictor of stretches with codes:
//!
//! ```text
//! d         min(distance of token and prediction in quarters of a token, rounded down; 2^22)
//! fast      fast + d - (fast >> 4)       slow    slow + d - (slow >> 8)
//! k         (level of (slow >> 4) + 5) / 4 - 6, held within 0..=26; levels are those of tiers
//! levels    those of fast and of (slow >> 4), less 4 k + 15, held within 0..=15
//! history   5 times the class of the last residual, plus that of the one before
//! classes   0: |2 r| < 2^k   1 and 3: |2 r| < 3 * 2^k, positive and negative   2 and 4: larger ones
//! ```
//! A prediction has four fraction bits. The first token of a channel is expected where the token before it in
//! the round is; the means begin in the middle of the set's first level, and behind it of its start level.
//!
//! All numbers are integers, so that every machine makes the same bits.

pub mod coder;
pub mod weights;

use core::cmp;

use super::predictor::Shape;
use super::set::WideSet;
use super::trial::Trial;
use coder::{Coder, probability};
use weights::{Rates, Weights};

/// Fraction bits of a prediction.
pub const FRACTION: u32 = 4;
/// The logarithm of the largest cell: tokens have 32 bits at most.
const LARGEST: u32 = 34;
/// Steps with a kind of their own; behind them cells grow.
const KINDS_OF_STEPS: usize = 4;
/// The first kinds of the steps up, of those down, and of halves.
const UP: usize = 1;
const DOWN: usize = UP + KINDS_OF_STEPS;
const WITHIN: usize = DOWN + KINDS_OF_STEPS;
/// Kinds of questions.
pub const KINDS: usize = 32;
/// Samples that a byte can hold at most: a sample is two questions, each at least 1/2100 of a bit.
pub const SAMPLES_PER_BYTE: usize = 1 << 14;

/// Shifts of the means of a channel's distances: over 16 and over 256 samples.
const SHIFTS: [u32; 2] = [4, 8];
/// Distances count up to this, in quarters of a token, so that the means fit 31 bits.
const FARTHEST: u64 = 1 << 22;

/// What a channel remembers for its questions, beside its predictor.
#[derive(Clone, Copy, Debug)]
pub struct Memory {
    /// Means of the distance between token and prediction, times four and two to the power of their shift.
    means: [u32; 2],
    /// The last two residuals.
    residuals: [i64; 2],
}

impl Memory {
    /// At an activity level of [`super::activity`].
    pub fn new(level: usize) -> Memory {
        // Of 64 times the mean distance.
        let middle = super::activity::middle(level);
        let means = SHIFTS
            .map(|shift| if shift > 4 { (middle.min(1 << 26)) << (shift - 4) } else { middle });
        Memory { means, residuals: [0; 2] }
    }

    /// What a token is expected to be, 16 times as fine: by the predictor, and by the token before it and a
    /// mean.
    #[inline]
    pub fn view(&self, expected: [i64; 2], channel: usize) -> View {
        let levels = [self.means[0], self.means[1] >> (SHIFTS[1] - SHIFTS[0])];
        let levels = levels.map(|mean| super::activity::level(mean) as i32);
        // Levels are quarters of an octave of 64 distances.
        let size = ((levels[1] + 5) / 4 - 6).clamp(0, 26);
        let relative = |level: i32| (level - 4 * size - 15).clamp(0, 15) as usize;
        let class = |residual: i64| match (residual.unsigned_abs() << 1) >> size {
            0 => 0,
            1..3 => {
                if residual > 0 {
                    1
                } else {
                    3
                }
            }
            _ => {
                if residual > 0 {
                    2
                } else {
                    4
                }
            }
        };
        View {
            expected,
            size: size as u32,
            levels: levels.map(relative),
            history: class(self.residuals[0]) * 5 + class(self.residuals[1]),
            channel,
        }
    }

    /// Takes the token that came.
    #[inline]
    pub fn learn(&mut self, view: &View, token: i64, residual: i64) {
        let distance = ((token << FRACTION) - view.expected[0]).unsigned_abs();
        let distance = (distance >> (FRACTION - 2)).min(FARTHEST) as u32;
        for (mean, shift) in self.means.iter_mut().zip(SHIFTS) {
            *mean = *mean + distance - (*mean >> shift);
        }
        self.residuals = [residual, self.residuals[0]];
    }
}

/// All that the questions about a token are asked by.
#[derive(Clone, Copy, Debug)]
pub struct View {
    /// Two predictions, times 16.
    expected: [i64; 2],
    /// The logarithm of a cell.
    size: u32,
    /// The fast and the slow mean, by the size of a cell.
    levels: [usize; 2],
    /// What the last two residuals were like.
    history: usize,
    channel: usize,
}

/// The questions of a stretch.
pub struct Decisions<C> {
    coder: C,
    weights: Weights,
    /// How fast the weights move now.
    pub rates: Rates,
}

impl<C: Coder> Decisions<C> {
    /// With weights as they are before the first token.
    pub fn new(coder: C, weights: Weights) -> Decisions<C> {
        Decisions { coder, weights, rates: Rates::default() }
    }

    /// Its coder and its weights.
    pub fn into_parts(self) -> (C, Weights) {
        (self.coder, self.weights)
    }

    /// Whether its coder has nothing left.
    pub fn is_over(&self) -> bool {
        self.coder.is_over()
    }

    /// Asks for a token and returns it; an encoder's answers come from `token`.
    #[inline(never)]
    pub fn token(&mut self, view: &View, token: i64) -> i64 {
        // On the stack, a coder's numbers stay in registers.
        let mut coder = std::mem::take(&mut self.coder);
        let found = self.search(&mut coder, view, token);
        self.coder = coder;
        found
    }

    #[inline(always)]
    fn search(&mut self, coder: &mut C, view: &View, token: i64) -> i64 {
        let cell = 1i64 << view.size;
        let mut first = ((view.expected[0] >> FRACTION) + (cell >> 1)) >> view.size << view.size;
        let mut size = view.size;
        let up = self.ask(coder, view, 0, first, token);
        let kind = if up { UP } else { DOWN };
        // An encoder ends by an answer: no token is further away than the largest cell is wide.
        let mut step = 0;
        while size <= LARGEST {
            let next = if up { first + (1 << size) } else { first - (1 << size) };
            let answer = self.ask(coder, view, kind + step, next, token);
            if !up || answer {
                first = next;
            }
            if answer != up {
                break;
            }
            size += u32::from(step == KINDS_OF_STEPS - 1);
            step = cmp::min(step + 1, KINDS_OF_STEPS - 1);
        }
        for half in (0..size).rev() {
            let kind =
                WITHIN + ((view.size + 1).saturating_sub(half) as usize).min(KINDS - 1 - WITHIN);
            let yes = self.ask(coder, view, kind, first + (1 << half), token);
            first += i64::from(yes) << half;
        }
        first
    }

    #[inline(always)]
    fn ask(&mut self, coder: &mut C, view: &View, kind: usize, x: i64, token: i64) -> bool {
        let places = self.weights.places(view, kind, x);
        let yes = probability(self.weights.sum(&places));
        let answer = coder.answer(yes, token >= x);
        let error = i32::from(answer) * 65535 - yes as i32;
        self.weights.learn(&places, error, &self.rates);
        answer
    }
}

/// Trained weights: see `examples/train_decisions.rs`.
const TRAINED: &[u8] = include_bytes!("decisions/trained.bin");

/// What recordings of the challenge's converter are coded with: the predictor, and where it begins.
pub fn challenge_set() -> WideSet {
    let shape = Shape { differences: 8, neighbours: 0, filtered: false };
    let weights = vec![-158, -106, -119, -103, -78, -55, -38, -21, -587, -161];
    WideSet::parametric(10, shape).warmed(&Trial {
        weights,
        level: 32,
        first_level: 38,
        counts: Vec::new(),
    })
}

#[cfg(test)]
mod tests {
    use super::coder::{Reader, Writer};
    use super::*;

    /// Tokens near the expected ones, and now and then as far away as tokens can be.
    #[test]
    fn every_token_comes_back() {
        let mut x = 5u64;
        let mut random = move || {
            x = x.wrapping_mul(6_364_136_223_846_793_005).wrapping_add(1_442_695_040_888_963_407);
            x >> 33
        };
        let (mut views, mut memory) = (Vec::new(), Memory::new(0));
        for at in 0..4000u64 {
            let expected = (random() % 65_536) as i64 - 32_768;
            let token = match at % 50 {
                0 => i64::from(i32::MIN) + (random() % 2) as i64 * i64::from(u32::MAX),
                _ => (expected >> FRACTION) + (random() % 41) as i64 - 20,
            };
            let view = memory.view([expected, -expected], at as usize % 5);
            memory.learn(&view, token, token - (expected >> FRACTION));
            views.push((view, token));
        }
        let mut there = Decisions::new(Writer::default(), Weights::trained(5, false));
        for &(view, token) in &views {
            assert_eq!(there.token(&view, token), token);
        }
        let (writer, learnt) = there.into_parts();
        let bytes = writer.finish();
        let mut back = Decisions::new(Reader::new(&bytes), Weights::trained(5, false));
        for &(view, token) in &views {
            assert_eq!(back.token(&view, 0), token);
        }
        let (reader, learnt_too) = back.into_parts();
        assert!(reader.ends_here() && learnt == learnt_too);
    }
}
