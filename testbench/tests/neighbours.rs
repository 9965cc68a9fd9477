//! The correction by neighbours compared with the golden model: rounds of random length with random pauses.

use golden_model::converter::{ConverterParts, Kind, Token};
use golden_model::neighbours::Round;
use golden_model::predictor::{MAX_FEATURES, MEAN_SHIFTS, Past};
use golden_model::{Converter, TableSet, shipped};
use hdl::codec::neighbours::Neighbours;
use hdl::shape::{CHALLENGE, NEUROPIXELS_2, SAMPLE, feature_bits, leaky_bits, sum_bits};
use rand::RngExt as _;
use rand::rngs::StdRng;
use rust_hdl::prelude::*;
use testbench::seed::{generator, seed};
use testbench::tick;

/// A block, whatever the widths.
macro_rules! of_codes {
    ($token:path, $fault:expr) => {
        check::<{ $token }, { feature_bits($token) }, { leaky_bits($token) }, { sum_bits($token) }>(
            $fault,
        )
    };
}

/// What is wrong with a copy that must fail.
#[derive(Clone, Copy, PartialEq, Eq)]
enum Fault {
    None,
    /// A round's first channels see the last round's residuals.
    KeepsTheRound,
    /// Neighbours are one channel further away.
    OneFurther,
}

/// A sample on its way.
struct Sample {
    begins: bool,
    fresh: bool,
    words: [u64; 3],
    error: u64,
    own: u16,
    token: u16,
    on_lattice: bool,
    learns: bool,
}

impl Sample {
    fn random(begins: bool, most: u16, random: &mut StdRng) -> Sample {
        let own = random.random_range(0..=most);
        let token = match random.random_range(0..8) {
            0 => 0,
            1 => most,
            2 => random.random_range(0..=most),
            _ => (i32::from(own) + random.random_range(-60..=60)).clamp(0, most.into()) as u16,
        };
        let word = |random: &mut StdRng| {
            let weight = match random.random_ratio(1, 4) {
                true => [-8192, -8191, 8190, 8191][random.random_range(0..4)],
                false => random.random_range(-8192..8192),
            };
            weight as u64 & 0x3fff | [0, 1, 2][random.random_range(0..3)] << 14
        };
        Sample {
            begins,
            fresh: random.random_ratio(1, 10),
            words: [(); 3].map(|()| word(random)),
            error: random.random_range(0..3),
            own,
            token,
            on_lattice: random.random_ratio(9, 10),
            learns: random.random_ratio(9, 10),
        }
    }

    /// The weights after the last token's update.
    fn weights(&self, start: &[i16]) -> [i16; 3] {
        if self.fresh {
            return [start[0], start[1], start[2]];
        }
        self.words.map(|word| {
            let weight = ((word << 2) as u16 as i16) >> 2;
            let feature = (word >> 14 & 1) as i16 - (word >> 15) as i16;
            let error = (self.error & 1) as i16 - (self.error >> 1) as i16;
            (weight + 2 * feature * error).clamp(-8192, 8191)
        })
    }
}

/// Whether the block does what the golden model says.
fn check<const TOKEN: usize, const FEATURE: usize, const LEAKY: usize, const SUM: usize>(
    fault: Fault,
) -> bool {
    let mut parts = shipped("neuropixels-10").unwrap().parts();
    parts.converter = ConverterParts { kind: Kind::Direct, bits: TOKEN as u8 };
    let set = TableSet::new(parts).unwrap();
    let converter = Converter::new(set.converter().parts()).unwrap();
    let start = set.parts().weights;
    let mut random = generator(seed("neighbours"));
    let mut block = Neighbours::<TOKEN, FEATURE, LEAKY, SUM>::new(&set);
    block.connect_all();
    let mut stages: [Option<Sample>; 3] = [None, None, None];
    let (mut round, mut late, mut left, mut same) = (Round::default(), None, 0, true);
    for _ in 0..20_000 {
        let enters = random.random_ratio(3, 4).then(|| {
            let begins = left == 0;
            if begins {
                left = random.random_range(1..12);
            }
            left -= 1;
            Sample::random(begins, converter.last_token().number(), &mut random)
        });
        stages.rotate_right(1);
        stages[0] = enters;
        if let Some(sample) = &stages[0] {
            block.weight_0.next = sample.words[0].into();
            block.weight_1.next = sample.words[1].into();
            block.weight_2.next = sample.words[2].into();
            block.error.next = sample.error.into();
            block.fresh.next = sample.fresh;
        }
        let begins = stages[1].as_ref().is_some_and(|sample| sample.begins);
        block.begins.next = begins && fault != Fault::KeepsTheRound;
        block.valid.next = stages[2].is_some();
        if let Some(sample) = &stages[2] {
            block.own_prediction.next = u64::from(sample.own).into();
            block.token.next = u64::from(sample.token).into();
            block.on_lattice.next = sample.on_lattice;
            block.learns.next = sample.learns;
        }
        testbench::settle!(block);
        if let Some(sample) = &stages[2] {
            if sample.begins {
                (round, late) = (Round::default(), None);
            }
            // A channel whose own prediction this is, and which has these weights.
            let mut past = Past::new(&converter, [0; MAX_FEATURES]);
            (past.last, past.fresh) = (Token::new(sample.own), false);
            past.means = MEAN_SHIFTS.map(|shift| i32::from(sample.own) << shift);
            let weights = sample.weights(&start[start.len() - 3..]);
            past.weights[3..6].copy_from_slice(&weights);
            let expected = past.predict::<1, 2, 2>(&converter, &round);
            let words = round.features().map(|feature| match feature.signum() {
                -1 => 0x8000,
                sign => (sign as u64) << 14,
            });
            let token = Token::new(sample.token);
            let offset =
                converter.offset(token, expected.token) as u64 & (u64::MAX >> (64 - TOKEN));
            let residual = (sample.token as i16).wrapping_sub(expected.token.number() as i16);
            let error = match residual.signum() {
                _ if !sample.learns => 0,
                -1 => 2,
                sign => sign as u64,
            };
            let words = [0, 1, 2].map(|i| words[i] | weights[i] as u64 & 0x3fff);
            let new = [&block.new_weight_0, &block.new_weight_1, &block.new_weight_2];
            same &= block.prediction.val().to_u64() == u64::from(expected.token.number())
                && block.offset.val().to_u64() == offset
                && block.new_error.val().to_u64() == error
                && new.map(|word| word.val().to_u64()) == words;
            let residual = if sample.on_lattice { residual } else { 0 };
            match fault {
                Fault::OneFurther => {
                    if let Some(before) = late.replace(residual) {
                        round.add(before);
                    }
                }
                _ => round.add(residual),
            }
        }
        tick!(block);
    }
    same
}

#[test]
fn rounds_with_pauses_do_what_the_golden_model_says() {
    assert!(of_codes!(CHALLENGE, Fault::None));
    assert!(of_codes!(NEUROPIXELS_2, Fault::None));
    assert!(of_codes!(SAMPLE, Fault::None));
}

#[test]
fn a_copy_that_keeps_the_last_rounds_residuals_fails() {
    assert!(!of_codes!(CHALLENGE, Fault::KeepsTheRound));
}

#[test]
fn a_copy_whose_neighbours_are_a_channel_further_away_fails() {
    assert!(!of_codes!(CHALLENGE, Fault::OneFurther));
}
