//! The channel state compared with a model: random writes, restarts and resets.

use golden_model::ChannelState as Golden;
use golden_model::Converter;
use golden_model::converter::Token;
use golden_model::predictor::{MAX_FEATURES, Past};
use hdl::codec::channel_state::ChannelState;
use hdl::shape::CHALLENGE;
use rand::RngExt as _;
use rust_hdl::prelude::*;
use testbench::seed::{generator, seed};
use testbench::tick;

#[test]
fn random_writes_restarts_and_resets() {
    let mut random = generator(seed("random_writes_restarts_and_resets"));
    let state = |last: Token, mean| {
        let past = Past { last, ..Past::new(&Converter::challenge(), [0; MAX_FEATURES]) };
        Golden { past, mean }
    };
    let initial = state(Converter::challenge().middle(), 1024);
    let mut block = ChannelState::<CHALLENGE>::new(&initial);
    block.connect_all();
    let mut held = initial;
    for _ in 0..20_000 {
        let written =
            state(Token::new(random.random::<u16>() % 1024), random.random_range(0..1 << 13));
        let [write, restart, reset] = [2, 10, 20].map(|one_in| random.random_ratio(1, one_in));
        (block.write.next, block.restart.next, block.aresetn.next) = (write, restart, !reset);
        block.new_last.next = u64::from(written.past.last.number()).into();
        block.new_mean.next = u64::from(written.mean).into();
        // Before the clock it is still the old state, from power-up on.
        testbench::settle!(block);
        assert_eq!(block.last.val().to_u16(), held.past.last.number());
        assert_eq!(block.mean.val().to_u16(), held.mean);
        tick!(block);
        held = match (restart || reset, write) {
            (true, _) => initial,
            (false, true) => written,
            (false, false) => held,
        };
    }
}
