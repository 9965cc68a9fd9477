//! The LMS predictor and its parts compared with the golden model.

use std::collections::VecDeque;

use golden_model::Converter;
use golden_model::converter::{ConverterParts, Kind, Token};
use golden_model::neighbours::Round;
use golden_model::predictor::{MAX_FEATURES, Past};
use hdl::circuit::rest;
use hdl::codec::lms_predictor::LmsPredictor;
use hdl::codec::multiplier::Multiplier;
use hdl::codec::multiply_add::MultiplyAdd;
use hdl::codec::product::Product;
use hdl::codec::weight_step::WeightStep;
use hdl::shape::{CHALLENGE, NEUROPIXELS_2, SAMPLE, feature_bits, leaky_bits, sum_bits};
use rand::RngExt as _;
use rand::rngs::StdRng;
use rust_hdl::prelude::*;
use testbench::seed::{generator, seed};
use testbench::tick;

/// A predictor and its converter, whatever the widths.
macro_rules! of_codes {
    ($test:ident, $token:path) => {
        $test::<{ $token }, { feature_bits($token) }, { leaky_bits($token) }, { sum_bits($token) }>(
            &Converter::new(ConverterParts { kind: Kind::Direct, bits: $token as u8 }).unwrap(),
        )
    };
}

/// Clocks from token to prediction.
const LATENCY: usize = 4;

/// A number with a sign as `bits` bits.
fn bits(number: impl Into<i64>, bits: u32) -> u64 {
    number.into() as u64 & ((1 << bits) - 1)
}

/// Tokens of a channel and its state between them; `None` is a sample off the lattice.
fn step(converter: &Converter, past: &mut Past, token: Option<u16>) -> (u16, u64) {
    let alone = &mut Round::default();
    let predicted = past.predict::<1, 2, 0>(converter, alone);
    // The hardware computes a token for every sample; here it must be ignored.
    let token = token.map(Token::new);
    let offset = token.map_or(0, |token| converter.offset(token, predicted.token));
    if let Some(token) = token {
        past.learn::<1, 2, 0>(converter, 1, alone, predicted, token);
    }
    (predicted.token.number(), bits(offset, converter.token_bits()))
}

/// A channel's weights in memory: their words before the last token's update, and the sign of its
/// error.
#[derive(Clone, Copy)]
struct Memory {
    words: [u64; 3],
    error: u64,
    tokens: usize,
}

impl Memory {
    /// Before the first token.
    fn new(past: &Past) -> Memory {
        Memory { words: [0, 1, 2].map(|i| bits(past.weights[i], 14)), error: 0, tokens: 0 }
    }

    /// The weights after the pending updates.
    fn stepped(self) -> [i16; 3] {
        self.words.map(|word| {
            let weight = ((word << 2) as u16 as i16) >> 2;
            let feature = (word >> 14 & 1) as i16 - (word >> 15) as i16;
            let error = (self.error & 1) as i16 - (self.error >> 1) as i16;
            (weight + 2 * feature * error).clamp(-8192, 8191)
        })
    }
}

fn drive<const TOKEN: usize, const FEATURE: usize, const LEAKY: usize, const SUM: usize>(
    block: &mut LmsPredictor<TOKEN, FEATURE, LEAKY, SUM>,
    past: &Past,
    memory: Memory,
    token: u16,
) {
    let mask = |bits: usize| u64::MAX >> (64 - bits);
    block.token.next = u64::from(token).into();
    block.seen.next = !past.fresh;
    block.seen_two.next = memory.tokens > 1;
    // Of no meaning before the first token.
    let stale = if past.fresh { u64::MAX } else { 0 };
    block.last.next = ((u64::from(past.last.number()) | stale) & mask(TOKEN)).into();
    let difference =
        if memory.tokens > 1 { bits(past.differences[0], FEATURE as u32) } else { mask(FEATURE) };
    block.difference.next = difference.into();
    block.fast_mean.next = (u64::from(past.means[0] as u32) | stale & mask(TOKEN + 3)).into();
    block.slow_mean.next = (u64::from(past.means[1] as u32) | stale & mask(LEAKY)).into();
    block.weight_0.next = memory.words[0].into();
    block.weight_1.next = memory.words[1].into();
    block.weight_2.next = memory.words[2].into();
    block.error.next = memory.error.into();
}

/// The next token: near the last one, at an edge, or anywhere.
fn next_token(past: &Past, most: u16, random: &mut StdRng) -> u16 {
    let last = past.last.number();
    match random.random_range(0..10) {
        0 => 0,
        1 => most,
        2 => random.random_range(0..=most),
        3 => last,
        _ => (i32::from(last) + random.random_range(-40..=40)).clamp(0, most.into()) as u16,
    }
}

#[test]
fn channels_side_by_side_from_random_weights() {
    of_codes!(side_by_side, CHALLENGE);
}

#[test]
fn channels_side_by_side_with_tokens_of_14_bits() {
    of_codes!(side_by_side, NEUROPIXELS_2);
}

#[test]
fn channels_side_by_side_with_tokens_of_16_bits() {
    of_codes!(side_by_side, SAMPLE);
}

fn side_by_side<const TOKEN: usize, const FEATURE: usize, const LEAKY: usize, const SUM: usize>(
    converter: &Converter,
) {
    let mut random = generator(seed("channels_side_by_side_from_random_weights"));
    let start = Past::new(converter, [0; MAX_FEATURES]);
    let mut block = LmsPredictor::<TOKEN, FEATURE, LEAKY, SUM>::new(&start);
    block.connect_all();
    // Eight channels: each has its result before its next token goes in.
    for _ in 0..40 {
        let mut pasts: Vec<Past> = (0..8)
            .map(|_| {
                let near_a_limit = random.random_bool(0.5);
                Past::new(
                    converter,
                    [0; MAX_FEATURES].map(|_: i16| {
                        if near_a_limit {
                            [-8192, -8191, -8190, 8189, 8190, 8191][random.random_range(0..6)]
                        } else {
                            random.random_range(-8192..8192)
                        }
                    }),
                )
            })
            .collect();
        let mut memory: Vec<Memory> = pasts.iter().map(Memory::new).collect();
        let mut under_way = VecDeque::new();
        for clock in 0..1600 {
            let channel = clock % 8;
            let past = &mut pasts[channel];
            let token = next_token(past, converter.last_token().number(), &mut random);
            let on_lattice = random.random_ratio(9, 10);
            drive(&mut block, past, memory[channel], token);
            let before = *past;
            let (prediction, offset) = step(converter, past, on_lattice.then_some(token));
            under_way.push_back((prediction, on_lattice.then_some(offset), token, before, *past));
            let due = (clock >= LATENCY).then(|| under_way.pop_front().unwrap());
            if let Some((_, offset, token, before, _)) = due {
                block.due_token.next = u64::from(token).into();
                block.due_learns.next = offset.is_some() && !before.fresh;
            }
            testbench::settle!(block);
            if on_lattice {
                // Memory keeps three bits less of the fast one.
                let new = [
                    block.new_fast_mean.val().to_u64() & ((1 << (TOKEN + 3)) - 1),
                    block.new_slow_mean.val().to_u64(),
                ];
                let [fast, slow] = past.means;
                assert_eq!(new, [fast as u64, slow as u64], "clock {clock}");
                if !before.fresh {
                    let difference = bits(past.differences[0], FEATURE as u32);
                    assert_eq!(block.new_difference.val().to_u64(), difference, "clock {clock}");
                }
                memory[channel].tokens += 1;
            }
            if let Some((prediction, offset, _, _, after)) = due {
                let channel = (clock - LATENCY) % 8;
                assert_eq!(block.prediction.val().to_u16(), prediction, "clock {clock}");
                if let Some(offset) = offset {
                    assert_eq!(block.offset.val().to_u64(), offset, "clock {clock}");
                }
                memory[channel].error = block.new_error.val().to_u64();
                let weights = [0, 1, 2].map(|i| after.weights[i]);
                assert_eq!(memory[channel].stepped(), weights, "clock {clock}");
            }
            tick!(block);
            // The weights after the last token's update.
            let words = [&block.new_weight_0, &block.new_weight_1, &block.new_weight_2];
            memory[channel].words = words.map(|word| word.val().to_u64());
            let weights = memory[channel].words.map(|word| word & 0x3fff);
            assert_eq!(weights, [0, 1, 2].map(|i| bits(before.weights[i], 14)), "clock {clock}");
        }
    }
}

#[test]
fn a_channel_that_starts_anew_has_start_weights() {
    of_codes!(starts_anew, CHALLENGE);
    of_codes!(starts_anew, SAMPLE);
}

fn starts_anew<const TOKEN: usize, const FEATURE: usize, const LEAKY: usize, const SUM: usize>(
    converter: &Converter,
) {
    let start = Past::new(converter, [0; MAX_FEATURES].map(|_: i16| -5));
    let mut block = LmsPredictor::<TOKEN, FEATURE, LEAKY, SUM>::new(&start);
    block.connect_all();
    block.fresh.next = true;
    block.seen.next = false;
    // Whatever memory says.
    block.weight_0.next = 0xffff.into();
    block.weight_1.next = 0x7fff.into();
    block.weight_2.next = 0xbfff.into();
    block.error.next = 1.into();
    block.last.next = 77.into();
    block.difference.next = 99.into();
    tick!(block);
    let words = [&block.new_weight_0, &block.new_weight_1, &block.new_weight_2];
    assert_eq!(words.map(|word| word.val().to_u64()), [bits(-5, 14); 3]);
    (0..3).for_each(|_| tick!(block));
    assert_eq!(block.prediction.val().to_u16(), start.last.number());
}

#[test]
fn products_and_sums_of_extremes_and_random_numbers() {
    products_and_sums::<{ feature_bits(CHALLENGE) }, { sum_bits(CHALLENGE) }>();
}

#[test]
fn products_and_sums_with_features_of_a_converter_of_16_bits() {
    products_and_sums::<{ feature_bits(16) }, { sum_bits(16) }>();
}

fn products_and_sums<const FEATURE: usize, const SUM: usize>() {
    let mut random = generator(seed("products_and_sums_of_extremes_and_random_numbers"));
    let mut multiplier = Multiplier::<FEATURE, SUM>::default();
    let mut at_once = Product::<FEATURE, SUM>::default();
    let mut multiply_add = MultiplyAdd::<FEATURE, SUM>::default();
    let [feature_bits, sum_bits] = [FEATURE, SUM].map(|bits| bits as u32);
    multiplier.connect_all();
    at_once.connect_all();
    multiply_add.connect_all();
    let mut of = |limit: i64, trial: usize| match trial % 4 {
        0 => [-limit, -1, 0, limit - 1][random.random_range(0..4)],
        _ => random.random_range(-limit..limit),
    };
    let mut product = 0;
    for trial in 0..5000 {
        let (weight, feature, addend) =
            (of(1 << 13, trial), of(1 << (FEATURE - 1), trial), of(1 << (13 + FEATURE), trial / 4));
        multiplier.weight.next = bits(weight, 14).into();
        multiplier.feature.next = bits(feature, feature_bits).into();
        tick!(multiplier);
        let found = multiplier.product.val().to_u64();
        assert_eq!(found, bits(weight * feature, sum_bits), "{weight} * {feature}");
        at_once.weight.next = bits(weight, 14).into();
        at_once.feature.next = bits(feature, feature_bits).into();
        rest(&mut at_once);
        assert_eq!(at_once.product.val().to_u64(), found, "{weight} * {feature}");

        multiply_add.weight.next = bits(weight, 14).into();
        multiply_add.feature.next = bits(feature, feature_bits).into();
        multiply_add.addend.next = bits(addend, sum_bits).into();
        tick!(multiply_add);
        let found = multiply_add.sum.val().to_u64();
        assert_eq!(found, bits(product + addend, sum_bits), "{product} + {addend}");
        product = weight * feature;
    }
}

#[test]
fn every_weight_up_down_and_not_at_all() {
    let mut block = WeightStep::default();
    block.connect_all();
    for weight in -8192..8192_i64 {
        block.weight.next = bits(weight, 14).into();
        for step in [-2, 0, 2] {
            (block.up.next, block.down.next) = (step > 0, step < 0);
            rest(&mut block);
            let moved = (weight + step).clamp(-8192, 8191);
            assert_eq!(block.new_weight.val().to_u64(), bits(moved, 14), "from {weight}");
        }
    }
}
