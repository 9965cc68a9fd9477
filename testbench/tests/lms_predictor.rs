//! The LMS predictor and its parts against the golden twin.

use golden_model::predictor::{MAX_FEATURES, Past};
use golden_model::tokenizer::Token;
use hdl::circuit::rest;
use hdl::lms_predictor::LmsPredictor;
use hdl::multiplier::Multiplier;
use hdl::weight_step::WeightStep;
use rand::RngExt as _;
use rand::rngs::StdRng;
use rust_hdl::prelude::*;
use testbench::seed::{generator, seed};
use testbench::tick;

/// Clocks from token to prediction.
const LATENCY: usize = 4;

/// A number with a sign as `bits` bits.
fn bits(number: impl Into<i64>, bits: u32) -> u64 {
    number.into() as u64 & ((1 << bits) - 1)
}

/// Tokens of a channel and what it remembers between them; `None` is a sample off the lattice.
fn step(past: &mut Past, token: Option<u16>) -> (u16, u64) {
    let predicted = past.predict::<1, 2>();
    // The hardware sees a token of the sample in any case; it must not count.
    let token = token.map(Token::new);
    let offset = token.map_or(0, |token| token.offset_from(predicted.token));
    if let Some(token) = token {
        past.learn::<1, 2>(predicted, token);
    }
    (predicted.token.number(), bits(offset, 10))
}

/// `weights` and `steps` are what memory holds: the weights before the last token's steps.
fn drive(
    block: &mut LmsPredictor,
    past: &Past,
    (weights, steps): ([i16; 3], u64),
    token: u16,
    on_lattice: bool,
) {
    block.token.next = u64::from(token).into();
    block.on_lattice.next = on_lattice;
    block.seen.next = !past.fresh;
    block.last.next = u64::from(past.last.number()).into();
    block.difference.next = bits(past.differences[0], 11).into();
    block.fast_mean.next = bits(past.means[0], 13).into();
    block.slow_mean.next = bits(past.means[1], 16).into();
    block.weight_0.next = bits(weights[0], 14).into();
    block.weight_1.next = bits(weights[1], 14).into();
    block.weight_2.next = bits(weights[2], 14).into();
    block.steps.next = steps.into();
}

/// What goes back to memory at the token's own clock: the weights as they were before it, and the
/// rest if the token counts.
fn remembered(block: &LmsPredictor, counts: bool) -> Vec<u64> {
    let weights = [&block.new_weight_0, &block.new_weight_1, &block.new_weight_2];
    let mut state: Vec<u64> = weights.iter().map(|weight| weight.val().to_u64()).collect();
    if counts {
        state.push(block.new_difference.val().to_u64());
        state.push(block.new_fast_mean.val().to_u64());
        state.push(block.new_slow_mean.val().to_u64());
    }
    state
}

fn golden(before: &Past, after: &Past, counts: bool) -> Vec<u64> {
    let mut state: Vec<u64> = before.weights[..3].iter().map(|&weight| bits(weight, 14)).collect();
    if counts {
        state.push(bits(after.differences[0], 11));
        state.extend([bits(after.means[0], 13), bits(after.means[1], 16)]);
    }
    state
}

/// The weights after these steps.
fn stepped(weights: [i16; 3], steps: u64) -> [i16; 3] {
    [0, 1, 2].map(|i| {
        let (up, down) = (steps >> (2 * i) & 1, steps >> (2 * i + 1) & 1);
        (weights[i] + 2 * up as i16 - 2 * down as i16).clamp(-8192, 8191)
    })
}

/// A token from here: near the last one, at an edge, or anywhere.
fn next_token(past: &Past, random: &mut StdRng) -> u16 {
    let last = past.last.number();
    match random.random_range(0..10) {
        0 => 0,
        1 => 1023,
        2 => random.random_range(0..1024),
        3 => last,
        _ => (i32::from(last) + random.random_range(-40..=40)).clamp(0, 1023) as u16,
    }
}

#[test]
fn channels_side_by_side_from_random_weights() {
    let mut random = generator(seed("channels_side_by_side_from_random_weights"));
    let mut block = LmsPredictor::default();
    block.connect_all();
    // Eight channels: each has its result before its next token goes in.
    for _ in 0..40 {
        let mut pasts: Vec<Past> = (0..8)
            .map(|_| {
                let near_a_limit = random.random_bool(0.5);
                Past::new([0; MAX_FEATURES].map(|_: i16| {
                    if near_a_limit {
                        [-8192, -8191, -8190, 8189, 8190, 8191][random.random_range(0..6)]
                    } else {
                        random.random_range(-8192..8192)
                    }
                }))
            })
            .collect();
        // What memory holds of each channel: its weights, and the steps that they have to make.
        let mut memory: Vec<([i16; 3], u64)> =
            pasts.iter().map(|past| ([0, 1, 2].map(|i| past.weights[i]), 0)).collect();
        let mut under_way = std::collections::VecDeque::new();
        for clock in 0..1600 {
            let channel = clock % 8;
            let past = &mut pasts[channel];
            let token = next_token(past, &mut random);
            let on_lattice = random.random_ratio(9, 10);
            drive(&mut block, past, memory[channel], token, on_lattice);
            let before = *past;
            let (prediction, offset) = step(past, on_lattice.then_some(token));
            testbench::settle!(block);
            assert_eq!(
                remembered(&block, on_lattice),
                golden(&before, past, on_lattice),
                "clock {clock}"
            );
            memory[channel].0 = [0, 1, 2].map(|i| before.weights[i]);
            under_way.push_back((prediction, on_lattice.then_some(offset), *past, channel));
            if clock >= LATENCY {
                let (prediction, offset, past, channel) = under_way.pop_front().unwrap();
                assert_eq!(block.prediction.val().to_u16(), prediction, "clock {clock}");
                if let Some(offset) = offset {
                    assert_eq!(block.offset.val().to_u64(), offset, "clock {clock}");
                }
                let (weights, steps) = &mut memory[channel];
                *steps = block.new_steps.val().to_u64();
                let after = stepped(*weights, *steps);
                assert_eq!(after, [0, 1, 2].map(|i| past.weights[i]), "clock {clock}");
            }
            tick!(block);
        }
    }
}

#[test]
fn products_of_extremes_and_random_factors() {
    let mut random = generator(seed("products_of_extremes_and_random_factors"));
    let mut block = Multiplier::default();
    block.connect_all();
    for trial in 0..5000 {
        let [mut weight, mut feature] = [random.random_range(-8192..8192_i64), 0];
        feature += random.random_range(-1024..1024_i64);
        if trial % 4 == 0 {
            weight = [-8192, -1, 0, 8191][random.random_range(0..4)];
            feature = [-1024, -1, 0, 1023][random.random_range(0..4)];
        }
        block.weight.next = bits(weight, 14).into();
        block.feature.next = bits(feature, 11).into();
        tick!(block);
        assert_eq!(block.product.val().to_u64(), bits(weight * feature, 25), "{weight} {feature}");
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
