//! The predictor by one mean compared with the golden model.

use golden_model::Converter;
use golden_model::converter::Token;
use golden_model::neighbours::Round;
use golden_model::predictor::{MAX_FEATURES, Past};
use hdl::circuit::rest;
use hdl::codec::mean_predictor::MeanPredictor;
use hdl::shape::CHALLENGE;
use rand::RngExt as _;
use rust_hdl::prelude::*;
use std::collections::VecDeque;
use testbench::seed::{generator, seed};
use testbench::tick;

/// A channel's past, and what happens to it.
#[derive(Clone, Copy)]
struct Step {
    past: Past,
    fresh: bool,
    /// `None`: the sample is off the lattice, and the channel starts with it.
    token: Option<u16>,
}

/// A past with this token expected and this lag.
fn past(last: u16, lag: i16) -> Past {
    let mut past = Past::new(&Converter::challenge(), [0; MAX_FEATURES]);
    (past.last, past.lag) = (Token::new(last), lag);
    past
}

/// Sends steps of channels of their own, one at each clock; checks offsets and new states.
fn check(window: u16, steps: impl Iterator<Item = Step>) {
    let converter = Converter::challenge();
    let initial = Past::new(&converter, [0; MAX_FEATURES]);
    let mut block = MeanPredictor::<CHALLENGE>::new(window);
    block.connect_all();
    let mut under_way: VecDeque<Step> = VecDeque::new();
    let idle = Step { past: initial, fresh: true, token: None };
    for step in steps.chain([idle; 5]) {
        // Of no meaning where the channel starts anew.
        let stale = if step.fresh { 0x3ff } else { 0 };
        block.token.next = u64::from(step.token.unwrap_or(77)).into();
        block.fresh.next = step.fresh;
        block.expected.next = u64::from(step.past.last.number() ^ stale).into();
        let lag_bits = if window == 32 { 0x3f } else { 0x7f };
        block.lag.next = u64::from((step.past.lag as u16 ^ stale) & lag_bits).into();
        block.blank.next = under_way.get(2).is_some_and(|due| due.token.is_none());
        block.clock.next = false.into();
        rest(&mut block);
        under_way.push_front(step);
        if let Some(due) = under_way.get(3).and_then(|due| due.token) {
            assert_eq!(block.due_token.val().to_u16(), due);
        }
        tick!(block);

        let start = |step: Step| if step.fresh { initial } else { step.past };
        if let Some(token) = step.token {
            let offset = converter.offset(Token::new(token), start(step).last);
            assert_eq!(block.offset.val().to_u16(), offset as u16 & 0x3ff);
            assert_eq!(block.next_token.val().to_u16(), token);
        }
        let Some(&done) = under_way.get(3) else { continue };
        let mut past = start(done);
        if let Some(token) = done.token {
            let alone = &mut Round::default();
            let predicted = past.predict::<0, 1, 0>(&converter, alone);
            past.learn::<0, 1, 0>(&converter, window, alone, predicted, Token::new(token));
        }
        let new = (block.new_expected.val().to_u16(), block.new_lag.val().to_u16());
        assert_eq!(new, (past.last.number(), past.lag as u16 & lag_bits), "{:?}", done.token);
        under_way.truncate(3);
    }
}

#[test]
fn every_lag_with_every_offset() {
    for (window, lags) in [(32, -32..32), (64, -64..64)] {
        let steps = lags.flat_map(|lag| {
            let past = past(300, lag);
            (0..1024).map(move |token| Step { past, fresh: false, token: Some(token) })
        });
        check(window, steps);
    }
}

#[test]
fn random_pasts_fresh_channels_and_samples_without_a_token() {
    let mut random = generator(seed("random_pasts_fresh_channels_and_samples_without_a_token"));
    let steps = (0..30_000).map(|_| {
        let past = past(random.random_range(0..1024), random.random_range(-32..32));
        let fresh = random.random_ratio(1, 4);
        // Only a new channel is written without a token.
        let token = (!fresh || random.random()).then(|| random.random_range(0..1024));
        Step { past, fresh, token }
    });
    check(32, steps);
}
