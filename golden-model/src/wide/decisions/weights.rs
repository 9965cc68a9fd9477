//! **Weights** of questions: six tables, and how fast they learn.
//!
//! ```text
//! place   where x lies from the prediction, in eighths of a cell, -32 ..= 31
//! fast    [kind][fast level][place]       slow     [kind][slow level][place]
//! second  [kind][slow level][place from the second prediction]
//! history [kind][class of the last two residuals][place]
//! codes   [low 12 bits of x]              the width of a token, for all channels together
//! own     [channel][low 10 bits of x]     the same for each channel, counted from 512 on again; where there
//!                                         is one channel, or codes are known: [low 10 bits of x][place / 4]
//! ```
//! `second` counts only where `own` goes by place; the second prediction is the last token (or what a filter
//! makes of the past) and 7/32 of its distance from the mean over 8 tokens. The first four tables
//! begin as they were trained on recordings of the challenge; their axes scale with the signal, so they suit
//! others. `codes` and `own` begin at zero, but for the challenge's converter, whose codes are known.
//!
//! ```text
//! probability  that of the sum of weights / 8192, see the coder
//! weight       + ((65535 * answer - 65536 * probability) * rate + 4096 >> 13), held within 16 bits
//! rates        the first four tables 4, codes 4, own 8; times 8 in the first 256 rounds of a stretch,
//!              4 up to round 1024, 2 up to round 4096; where codes are known, 2 for all
//! trained      eight bits each, times 256: fast, slow, second, history, codes, and own by place
//! ```

use super::{FRACTION, KINDS, View};
use std::sync::OnceLock;

const PLACES: usize = 64;
const LEVELS: usize = 16;
const HISTORIES: usize = 32;
const CODES: usize = 4096;
/// Tokens of a channel's own table, and channels with one.
const OWN_CODES: usize = 1024;
const OWNERS: usize = 512;

const BY_LEVEL: usize = KINDS * LEVELS * PLACES;
const BY_HISTORY: usize = KINDS * HISTORIES * PLACES;
const OWN: usize = OWNERS * OWN_CODES;
/// Places by which codes of one channel are told apart.
const COARSE: usize = PLACES / 4;

/// How fast weights move: by `rate / 1024` of a natural unit at most.
#[derive(Clone, Copy, Debug, Default, PartialEq, Eq)]
pub struct Rates {
    shape: i32,
    codes: i32,
    own: i32,
}

impl Rates {
    /// In this round of a stretch.
    #[inline]
    pub fn at(round: usize, known: bool) -> Rates {
        if known {
            return Rates { shape: 2, codes: 2, own: 2 };
        }
        let early = match round {
            0..256 => 8,
            256..1024 => 4,
            1024..4096 => 2,
            _ => 1,
        };
        Rates { shape: 4 * early, codes: 4 * early, own: 8 * early }
    }
}

/// The tables. A weight is 8192 times a natural unit.
#[derive(Clone, Debug, PartialEq)]
pub struct Weights {
    fast: Box<[i16; BY_LEVEL]>,
    slow: Box<[i16; BY_LEVEL]>,
    second: Box<[i16; BY_LEVEL]>,
    history: Box<[i16; BY_HISTORY]>,
    codes: Box<[i16; CODES]>,
    own: Box<[i16; OWN]>,
    /// Whether `own` is of places, not of channels.
    by_place: bool,
}

/// Where a question's weights are.
#[derive(Clone, Copy, Debug)]
pub struct Places([usize; 6]);

fn zeros<const N: usize>() -> Box<[i16; N]> {
    vec![0; N].into_boxed_slice().try_into().expect("it has this length")
}

impl Weights {
    /// All zero.
    pub fn zero(by_place: bool) -> Weights {
        Weights {
            fast: zeros(),
            slow: zeros(),
            second: zeros(),
            history: zeros(),
            codes: zeros(),
            own: zeros(),
            by_place,
        }
    }

    /// As trained, for a stretch of so many channels; `known`: of the challenge's converter.
    pub fn trained(channels: usize, known: bool) -> Weights {
        static TRAINED: OnceLock<Weights> = OnceLock::new();
        let trained = TRAINED.get_or_init(|| Weights::from_bytes(super::TRAINED));
        let mut weights = Weights::zero(known || channels == 1);
        weights.fast.clone_from(&trained.fast);
        weights.slow.clone_from(&trained.slow);
        weights.second.clone_from(&trained.second);
        weights.history.clone_from(&trained.history);
        if known {
            weights.codes.clone_from(&trained.codes);
            weights.own[..KNOWN_OWN].copy_from_slice(&trained.own[..KNOWN_OWN]);
        }
        weights
    }

    #[inline(always)]
    pub(super) fn places(&self, view: &View, kind: usize, x: i64) -> Places {
        let shift = view.size + FRACTION - 3;
        let place = |expected: i64| {
            let place = (((x << FRACTION) - expected) >> shift) + PLACES as i64 / 2;
            place.clamp(0, PLACES as i64 - 1) as usize
        };
        let first = place(view.expected[0]);
        let second = if self.by_place { place(view.expected[1]) } else { 0 };
        let [fast, slow] = view.levels.map(|level| (kind * LEVELS + level) * PLACES);
        let x = x as usize;
        let own = if self.by_place {
            x % OWN_CODES * COARSE + first / (PLACES / COARSE)
        } else {
            view.channel * OWN_CODES + x % OWN_CODES
        };
        Places([
            (fast + first) % BY_LEVEL,
            (slow + first) % BY_LEVEL,
            (slow + second) % BY_LEVEL,
            ((kind * HISTORIES + view.history) * PLACES + first) % BY_HISTORY,
            x % CODES,
            own % OWN,
        ])
    }

    #[inline(always)]
    pub(super) fn sum(&self, &Places([fast, slow, second, history, code, own]): &Places) -> i32 {
        let [fast, slow] = [self.fast[fast], self.slow[slow]];
        let [history, code, own] = [self.history[history], self.codes[code], self.own[own]];
        let second = if self.by_place { self.second[second] } else { 0 };
        [fast, slow, history, code, own, second].into_iter().map(i32::from).sum()
    }

    /// Moves the weights of a question whose answer was off by this, 65536 times.
    #[inline(always)]
    pub(super) fn learn(&mut self, places: &Places, error: i32, rates: &Rates) {
        let &Places([fast, slow, second, history, code, own]) = places;
        let step = |rate: i32| ((error * rate + (1 << 12)) >> 13) as i16;
        let [shape, codes, owns] = [rates.shape, rates.codes, rates.own].map(step);
        let add = |weight: &mut i16, step: i16| *weight = weight.saturating_add(step);
        add(&mut self.fast[fast], shape);
        add(&mut self.slow[slow], shape);
        if self.by_place {
            add(&mut self.second[second], shape);
        }
        add(&mut self.history[history], shape);
        add(&mut self.codes[code], codes);
        add(&mut self.own[own], owns);
    }

    /// Trained weights as bytes, in 32nds of a unit: those of the tables for the shape, then of the known
    /// codes.
    pub fn to_bytes(&self) -> Vec<u8> {
        let coarse = |&weight: &i16| ((i32::from(weight) + 128) >> 8).clamp(-128, 127) as i8 as u8;
        let plain: Vec<u8> = self.tables().into_iter().flatten().map(coarse).collect();
        crate::deflate::pack(&plain)
    }

    fn tables(&self) -> [&[i16]; 6] {
        let own = &self.own[..KNOWN_OWN];
        [&self.fast[..], &self.slow[..], &self.second[..], &self.history[..], &self.codes[..], own]
    }

    fn from_bytes(bytes: &[u8]) -> Weights {
        let mut weights = Weights::zero(true);
        let plain = crate::deflate::unpack(bytes, ALL).expect("a test reads it");
        let Weights { fast, slow, second, history, codes, own, .. } = &mut weights;
        let tables = fast.iter_mut().chain(&mut slow[..]).chain(&mut second[..]);
        let tables =
            tables.chain(&mut history[..]).chain(&mut codes[..]).chain(&mut own[..KNOWN_OWN]);
        tables.zip(plain).for_each(|(weight, byte)| *weight = i16::from(byte as i8) << 8);
        weights
    }
}

/// Weights of known codes by place.
const KNOWN_OWN: usize = OWN_CODES * COARSE;
/// All that are trained.
const ALL: usize = 3 * BY_LEVEL + BY_HISTORY + CODES + KNOWN_OWN;

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn the_trained_weights_are_whole_and_never_change() {
        let plain = crate::deflate::unpack(super::super::TRAINED, ALL).unwrap();
        assert_eq!((plain.len(), crc32fast::hash(&plain)), (ALL, 3_959_586_369));
        let weights = Weights::from_bytes(super::super::TRAINED);
        assert_eq!(weights.to_bytes(), super::super::TRAINED);
        let fresh = Weights::trained(4, false);
        assert!(fresh.fast == weights.fast && fresh.codes != weights.codes);
        assert!(Weights::trained(4, true).codes == weights.codes);
    }

    #[test]
    fn weights_learn_what_is_answered_and_stay_in_range() {
        let mut weights = Weights::zero(true);
        let view = super::super::Memory::new(40).view([5 << FRACTION, 9 << FRACTION], 0);
        let places = weights.places(&view, 3, 7);
        let rates = Rates::at(0, false);
        for _ in 0..100_000 {
            weights.learn(&places, 65_535, &rates);
        }
        assert_eq!(weights.sum(&places), 6 * i32::from(i16::MAX));
        weights.learn(&places, -65_535, &rates);
        assert!(weights.sum(&places) < 6 * i32::from(i16::MAX));
    }
}
