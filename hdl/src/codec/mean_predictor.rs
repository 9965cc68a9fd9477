//! # MeanPredictor
//!
//! ## Purpose
//! Predicts the token from the last one and one leaky mean, computes how far off the prediction was, and
//! updates the channel's state, without weights and multipliers. Twin of
//! [`golden_model::predictor::mean`].
//!
//! ## Ports
//! | port | direction | bits | meaning |
//! |---|---|---|---|
//! | `clock` | in | 1 | |
//! | `token` | in | `TOKEN` | the current token |
//! | `fresh` | in | 1 | the channel starts anew: `expected` and `lag` are ignored |
//! | `expected` | in | `TOKEN` | the token that the channel expects |
//! | `lag` | in | `TOKEN` | how far its mean lies above that, in as many low bits as a lag has |
//! | `next_token`, `offset` | out | `TOKEN` | the token, one clock later; how far it is from the one expected, modulo `2^TOKEN` |
//! | `due_token` | out | `TOKEN` | the token, three clocks later |
//! | `blank` | in | 1 | three clocks later: the sample had no token, so the new state is the initial one |
//! | `new_expected`, `new_lag` | out | `TOKEN` | the state after the token, four clocks later |
//!
//! ## Latency and throughput
//! One clock to the offset, four to the new state; one token per clock.
//!
//! ## How it works
//! ```text
//! stage 1  offset = token - expected
//! stage 2  behind = lag - offset, the offset held within the reach
//! stage 3  ahead = behind - behind / 8
//! stage 4  pull = ahead / 4; expected = token + pull, lag = ahead - pull
//! ```
//! The state is what the next sample needs first: the token expected of it. So nothing is computed between
//! reading the state and the offset. One sum a stage, each into a register of its own cell, lets
//! no glitch onto the wiring. The reach is one less than a power of two, and a lag has so few bits that the sums
//! have seven.
//!
//! When no token comes, the inputs do not change, and neither does anything after them.
//!
//! ## Waveform
//! A token at each clock, each of another channel, whose last prediction was 500:
//! ```text
#![doc = include_str!("../../waveforms/mean_predictor.txt")]
//! ```
//!
//! ## Proofs
//! `testbench/tests/mean_predictor.rs`: every lag with every offset, random tokens, fresh channels and samples
//! without a token, against the golden twin.

use crate::block::{block, comment};
use golden_model::predictor::mean::{MEAN_SHIFT, PULL_SHIFT, lag_bits};
use rust_hdl::prelude::*;

block! {
    /// The token expected next by the last one and one mean.
    pub struct MeanPredictor<const TOKEN: usize> {
        /// The clock.
        pub clock: Signal<In, Clock>,
        /// The token that came.
        pub token: Signal<In, Bits<TOKEN>>,
        /// The channel starts anew.
        pub fresh: Signal<In, Bit>,
        /// The token that its channel expects.
        pub expected: Signal<In, Bits<TOKEN>>,
        /// How far its mean lies above that.
        pub lag: Signal<In, Bits<TOKEN>>,
        /// The sample of three clocks ago had no token.
        pub blank: Signal<In, Bit>,

        /// The token, one clock later.
        pub next_token: Signal<Out, Bits<TOKEN>>,
        /// How far it is from the token expected, modulo `2^TOKEN`.
        pub offset: Signal<Out, Bits<TOKEN>>,
        /// The token, three clocks later.
        pub due_token: Signal<Out, Bits<TOKEN>>,
        /// The token expected next, four clocks later.
        pub new_expected: Signal<Out, Bits<TOKEN>>,
        /// How far the mean lies above that.
        pub new_lag: Signal<Out, Bits<TOKEN>>,

        s2_token: DFF<Bits<TOKEN>>,
        s2_offset: DFF<Bits<TOKEN>>,
        s2_lag: DFF<Bits<TOKEN>>,
        s3_token: DFF<Bits<TOKEN>>,
        s3_behind: DFF<Bits<TOKEN>>,
        s4_token: DFF<Bits<TOKEN>>,
        s4_ahead: DFF<Bits<TOKEN>>,
        s5_expected: DFF<Bits<TOKEN>>,
        s5_lag: DFF<Bits<TOKEN>>,

        middle: Constant<Bits<TOKEN>> = Constant::new((1_usize << (TOKEN - 1)).to_bits()),
        beyond: Constant<Bits<TOKEN>> = Constant::new((tokens - half).to_bits()),
        reach: Constant<Bits<TOKEN>> = Constant::new((half - 1).to_bits()),
        lowest: Constant<Bits<TOKEN>> = Constant::new((tokens - half + 1).to_bits()),
        lag_mask: Constant<Bits<TOKEN>> = Constant::new((lag - 1).to_bits()),
        lag_sign: Constant<Bits<TOKEN>> = Constant::new((lag / 2).to_bits()),
        lag_fill: Constant<Bits<TOKEN>> = Constant::new(lag.to_bits()),
        sum_mask: Constant<Bits<TOKEN>> = Constant::new((2 * lag - 1).to_bits()),
        sum_sign: Constant<Bits<TOKEN>> = Constant::new(lag.to_bits()),
        mean_shift: Constant<Bits<2>> = Constant::new(MEAN_SHIFT.to_bits()),
        mean_fill: Constant<Bits<TOKEN>> = Constant::new((2 * lag - ((2 * lag) >> MEAN_SHIFT)).to_bits()),
        pull_shift: Constant<Bits<2>> = Constant::new(PULL_SHIFT.to_bits()),
        pull_fill: Constant<Bits<TOKEN>> = Constant::new((tokens - ((2 * lag) >> PULL_SHIFT)).to_bits()),
        expected_now: Signal<Local, Bits<TOKEN>>,
        upper: Signal<Local, Bits<TOKEN>>,
        lower: Signal<Local, Bits<TOKEN>>,
        held: Signal<Local, Bits<TOKEN>>,
        lag_wide: Signal<Local, Bits<TOKEN>>,
        behind: Signal<Local, Bits<TOKEN>>,
        eighth: Signal<Local, Bits<TOKEN>>,
        ahead: Signal<Local, Bits<TOKEN>>,
        pull: Signal<Local, Bits<TOKEN>>,
        lag_left: Signal<Local, Bits<TOKEN>>,
    }

    /// The predictor of a table set with this window.
    ///
    /// # Panics
    /// When the window is no power of two, or too small or large for the token;
    /// [`Profile`](crate::profile::Profile) checks it.
    pub fn new(window: u16) -> Self {
        let tokens = 1_usize << TOKEN;
        // The reach is one less.
        let half = usize::from(window / 2);
        assert!(has_hardware(TOKEN, window), "a window of {window}");
        let lag = 1_usize << lag_bits(window);
    }
}

/// Whether the predictor's sums fit the token's width.
pub fn has_hardware(token: usize, window: u16) -> bool {
    window.is_power_of_two() && window >= 16 && (lag_bits(window) as usize) + 2 <= token
}

impl<const TOKEN: usize> Logic for MeanPredictor<TOKEN> {
    #[hdl_gen]
    fn update(&mut self) {
        dff_setup!(self, clock, s2_token, s2_offset, s2_lag);
        dff_setup!(self, clock, s3_token, s3_behind, s4_token, s4_ahead, s5_expected, s5_lag);

        comment!("Stage 1: how far the token is from what was expected.");
        self.expected_now.next = self.expected.val();
        self.s2_lag.d.next = self.lag.val();
        if self.fresh.val() {
            self.expected_now.next = self.middle.val();
            self.s2_lag.d.next = 0.into();
        }
        self.s2_token.d.next = self.token.val();
        self.s2_offset.d.next = self.token.val() - self.expected_now.val();
        self.next_token.next = self.s2_token.q.val();
        self.offset.next = self.s2_offset.q.val();

        comment!(
            "Stage 2: how far the mean is above the token. An offset beyond the reach is held at it."
        );
        self.upper.next = self.s2_offset.q.val() & self.beyond.val();
        self.lower.next = self.s2_offset.q.val() & self.reach.val();
        self.held.next = self.reach.val();
        if (self.s2_offset.q.val() & self.middle.val()) != 0 {
            self.held.next = self.lowest.val();
        }
        if (self.upper.val() == 0)
            | ((self.upper.val() == self.beyond.val()) & (self.lower.val() != 0))
        {
            self.held.next = self.s2_offset.q.val();
        }
        self.lag_wide.next = self.s2_lag.q.val();
        if (self.s2_lag.q.val() & self.lag_sign.val()) != 0 {
            self.lag_wide.next = self.s2_lag.q.val() | self.lag_fill.val();
        }
        self.behind.next = self.lag_wide.val() - self.held.val();
        self.s3_behind.d.next = self.behind.val() & self.sum_mask.val();
        self.s3_token.d.next = self.s2_token.q.val();

        comment!("Stage 3: the mean moves an eighth of the way.");
        self.eighth.next =
            (self.s3_behind.q.val().index() >> self.mean_shift.val().index()).to_bits();
        if (self.s3_behind.q.val() & self.sum_sign.val()) != 0 {
            self.eighth.next = (self.s3_behind.q.val().index() >> self.mean_shift.val().index()
                | self.mean_fill.val().index())
            .to_bits();
        }
        self.ahead.next = self.s3_behind.q.val() - self.eighth.val();
        self.s4_ahead.d.next = self.ahead.val() & self.sum_mask.val();
        self.s4_token.d.next = self.s3_token.q.val();
        self.due_token.next = self.s4_token.q.val();

        comment!("Stage 4: what is expected next lies a quarter of the way from the token to it.");
        self.pull.next = (self.s4_ahead.q.val().index() >> self.pull_shift.val().index()).to_bits();
        if (self.s4_ahead.q.val() & self.sum_sign.val()) != 0 {
            self.pull.next = (self.s4_ahead.q.val().index() >> self.pull_shift.val().index()
                | self.pull_fill.val().index())
            .to_bits();
        }
        self.s5_expected.d.next = self.s4_token.q.val() + self.pull.val();
        self.lag_left.next = self.s4_ahead.q.val() - self.pull.val();
        self.s5_lag.d.next = self.lag_left.val() & self.lag_mask.val();
        if self.blank.val() {
            self.s5_expected.d.next = self.middle.val();
            self.s5_lag.d.next = 0.into();
        }
        self.new_expected.next = self.s5_expected.q.val();
        self.new_lag.next = self.s5_lag.q.val();
    }
}
