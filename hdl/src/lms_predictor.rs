//! # LmsPredictor
//!
//! ## Purpose
//! Predicts the token from the channel's past by the sign-sign LMS on one difference and the
//! deviations from two leaky means, says how far off that was, and what the channel remembers after
//! it. Twin of [`golden_model::predictor`] in the shape
//! [`Means`](golden_model::predictor::Shape::Means).
//!
//! ## Ports
//! | port | direction | bits | meaning |
//! |---|---|---|---|
//! | `clock` | in | 1 | |
//! | `token`, `on_lattice` | in | 10, 1 | the token that came, and whether it counts |
//! | `seen`, `last`, `difference` | in | 1, 10, 11 | the channel's past: any token yet, the last one, the last difference |
//! | `fast_mean`, `slow_mean` | in | 13, 16 | leaky means over 8 and 64 tokens, times 8 and 64 |
//! | `weight_0`, `weight_1`, `weight_2` | in | 14 | weights of difference and deviations, times 4096 |
//! | `prediction`, `offset` | out | 10 | the token that was expected; `token - prediction` modulo 1024 |
//! | `new_...` | out | as above | the channel's past with this token in it |
//!
//! ## Latency and throughput
//! Four clocks; one token per clock.
//!
//! ## How it works
//! ```text
//! stage 1  round the means; features = difference, last - round(mean)
//! stage 2  three products; new means and difference, which need no prediction
//! stage 3  p0 + p1,  p2 + (last, one half)
//! stage 4  sum, clamp -> prediction
//! stage 5  offset; new weights
//! ```
//! `last + round(sum / 4096)` is `(sum + {last, 2048}) / 4096` rounded down: `last` and the half are
//! a wire, not an adder, and the clamp looks at the four bits above the result.
//!
//! Stages keep nothing when no token comes: the inputs stand still then, and so does all after them.
//!
//! ## Waveform
//! ```text
#![doc = include_str!("../waveforms/lms_predictor.txt")]
//! ```
//!
//! ## Proofs
//! `testbench/tests/lms_predictor.rs`: random walks, jumps and extremes from random weights, every
//! prediction and every state against the golden twin.

use crate::multiplier::Multiplier;
use crate::weight_step::WeightStep;
use rust_hdl::prelude::*;

/// The token expected next by sign-sign LMS.
#[derive(LogicBlock, Default)]
pub struct LmsPredictor {
    /// The clock.
    pub clock: Signal<In, Clock>,
    /// The token that came.
    pub token: Signal<In, Bits<10>>,
    /// Whether it counts: the sample is on the lattice.
    pub on_lattice: Signal<In, Bit>,
    /// The channel has had a token before.
    pub seen: Signal<In, Bit>,
    /// Its last token.
    pub last: Signal<In, Bits<10>>,
    /// Its last difference of tokens, two's complement.
    pub difference: Signal<In, Bits<11>>,
    /// Its mean over 8 tokens, times 8.
    pub fast_mean: Signal<In, Bits<13>>,
    /// Its mean over 64 tokens, times 64.
    pub slow_mean: Signal<In, Bits<16>>,
    /// The weight of the difference.
    pub weight_0: Signal<In, Bits<14>>,
    /// The weight of the deviation from the fast mean.
    pub weight_1: Signal<In, Bits<14>>,
    /// The weight of the deviation from the slow mean.
    pub weight_2: Signal<In, Bits<14>>,

    /// The token that was expected, four clocks later.
    pub prediction: Signal<Out, Bits<10>>,
    /// `token - prediction`, modulo 1024, four clocks later.
    pub offset: Signal<Out, Bits<10>>,
    /// The channel has had a token.
    pub new_seen: Signal<Out, Bit>,
    /// The last token after this one.
    pub new_last: Signal<Out, Bits<10>>,
    /// The difference after this one.
    pub new_difference: Signal<Out, Bits<11>>,
    /// The fast mean after this one.
    pub new_fast_mean: Signal<Out, Bits<13>>,
    /// The slow mean after this one.
    pub new_slow_mean: Signal<Out, Bits<16>>,
    /// Its weight after this one.
    pub new_weight_0: Signal<Out, Bits<14>>,
    /// Its weight after this one.
    pub new_weight_1: Signal<Out, Bits<14>>,
    /// Its weight after this one.
    pub new_weight_2: Signal<Out, Bits<14>>,

    multiplier_0: Multiplier,
    multiplier_1: Multiplier,
    multiplier_2: Multiplier,
    step_0: WeightStep,
    step_1: WeightStep,
    step_2: WeightStep,

    s2_token: DFF<Bits<10>>,
    s2_on_lattice: DFF<Bit>,
    s2_seen: DFF<Bit>,
    s2_last: DFF<Bits<10>>,
    s2_fast_mean: DFF<Bits<13>>,
    s2_slow_mean: DFF<Bits<16>>,
    s2_fast_rounded: DFF<Bits<10>>,
    s2_slow_rounded: DFF<Bits<10>>,
    s2_feature_0: DFF<Bits<11>>,
    s2_feature_1: DFF<Bits<11>>,
    s2_feature_2: DFF<Bits<11>>,
    s2_weight_0: DFF<Bits<14>>,
    s2_weight_1: DFF<Bits<14>>,
    s2_weight_2: DFF<Bits<14>>,
    s3_last: DFF<Bits<10>>,
    s3_token: DFF<Bits<10>>,
    s3_new_seen: DFF<Bit>,
    s3_new_last: DFF<Bits<10>>,
    s3_new_difference: DFF<Bits<11>>,
    s3_new_fast_mean: DFF<Bits<13>>,
    s3_new_slow_mean: DFF<Bits<16>>,
    s3_learns: DFF<Bit>,
    s3_positive_0: DFF<Bit>,
    s3_positive_1: DFF<Bit>,
    s3_positive_2: DFF<Bit>,
    s3_negative_0: DFF<Bit>,
    s3_negative_1: DFF<Bit>,
    s3_negative_2: DFF<Bit>,
    s3_weight_0: DFF<Bits<14>>,
    s3_weight_1: DFF<Bits<14>>,
    s3_weight_2: DFF<Bits<14>>,
    s4_part_0: DFF<Bits<26>>,
    s4_part_1: DFF<Bits<26>>,
    s4_token: DFF<Bits<10>>,
    s4_new_seen: DFF<Bit>,
    s4_new_last: DFF<Bits<10>>,
    s4_new_difference: DFF<Bits<11>>,
    s4_new_fast_mean: DFF<Bits<13>>,
    s4_new_slow_mean: DFF<Bits<16>>,
    s4_learns: DFF<Bit>,
    s4_positive_0: DFF<Bit>,
    s4_positive_1: DFF<Bit>,
    s4_positive_2: DFF<Bit>,
    s4_negative_0: DFF<Bit>,
    s4_negative_1: DFF<Bit>,
    s4_negative_2: DFF<Bit>,
    s4_weight_0: DFF<Bits<14>>,
    s4_weight_1: DFF<Bits<14>>,
    s4_weight_2: DFF<Bits<14>>,
    s5_prediction: DFF<Bits<10>>,
    s5_token: DFF<Bits<10>>,
    s5_new_seen: DFF<Bit>,
    s5_new_last: DFF<Bits<10>>,
    s5_new_difference: DFF<Bits<11>>,
    s5_new_fast_mean: DFF<Bits<13>>,
    s5_new_slow_mean: DFF<Bits<16>>,
    s5_learns: DFF<Bit>,
    s5_positive_0: DFF<Bit>,
    s5_positive_1: DFF<Bit>,
    s5_positive_2: DFF<Bit>,
    s5_negative_0: DFF<Bit>,
    s5_negative_1: DFF<Bit>,
    s5_negative_2: DFF<Bit>,
    s5_weight_0: DFF<Bits<14>>,
    s5_weight_1: DFF<Bits<14>>,
    s5_weight_2: DFF<Bits<14>>,

    fast_half_up: Signal<Local, Bits<14>>,
    slow_half_up: Signal<Local, Bits<17>>,
    fast_rounded: Signal<Local, Bits<10>>,
    slow_rounded: Signal<Local, Bits<10>>,
    last_wide: Signal<Local, Bits<11>>,
    fast_left: Signal<Local, Bits<13>>,
    slow_left: Signal<Local, Bits<16>>,
    fast_moved: Signal<Local, Bits<13>>,
    slow_moved: Signal<Local, Bits<16>>,
    token_wide: Signal<Local, Bits<11>>,
    moved_difference: Signal<Local, Bits<11>>,
    product_0: Signal<Local, Bits<26>>,
    product_1: Signal<Local, Bits<26>>,
    product_2: Signal<Local, Bits<26>>,
    last_and_half: Signal<Local, Bits<26>>,
    total: Signal<Local, Bits<26>>,
    upper: Signal<Local, Bits<4>>,
    clamped: Signal<Local, Bits<10>>,
    above: Signal<Local, Bit>,
    below: Signal<Local, Bit>,
}

impl Logic for LmsPredictor {
    #[hdl_gen]
    fn update(&mut self) {
        dff_setup!(self, clock, s2_token, s2_on_lattice, s2_seen, s2_last);
        dff_setup!(self, clock, s2_fast_mean, s2_slow_mean, s2_fast_rounded, s2_slow_rounded);
        dff_setup!(self, clock, s2_feature_0, s2_feature_1, s2_feature_2, s2_weight_0);
        dff_setup!(self, clock, s2_weight_1, s2_weight_2, s3_last, s3_token);
        dff_setup!(self, clock, s3_new_seen, s3_new_last, s3_new_difference, s3_new_fast_mean);
        dff_setup!(self, clock, s3_new_slow_mean, s3_learns, s3_positive_0, s3_positive_1);
        dff_setup!(self, clock, s3_positive_2, s3_negative_0, s3_negative_1, s3_negative_2);
        dff_setup!(self, clock, s3_weight_0, s3_weight_1, s3_weight_2, s4_part_0);
        dff_setup!(self, clock, s4_part_1, s4_token, s4_new_seen, s4_new_last);
        dff_setup!(self, clock, s4_new_difference, s4_new_fast_mean, s4_new_slow_mean, s4_learns);
        dff_setup!(self, clock, s4_positive_0, s4_positive_1, s4_positive_2, s4_negative_0);
        dff_setup!(self, clock, s4_negative_1, s4_negative_2, s4_weight_0, s4_weight_1);
        dff_setup!(self, clock, s4_weight_2, s5_prediction, s5_token, s5_new_seen);
        dff_setup!(self, clock, s5_new_last, s5_new_difference, s5_new_fast_mean, s5_new_slow_mean);
        dff_setup!(self, clock, s5_learns, s5_positive_0, s5_positive_1, s5_positive_2);
        dff_setup!(self, clock, s5_negative_0, s5_negative_1, s5_negative_2, s5_weight_0);
        dff_setup!(self, clock, s5_weight_1, s5_weight_2);
        clock!(self, clock, multiplier_0, multiplier_1, multiplier_2);

        // Stage 1: features.
        self.fast_half_up.next = bit_cast::<14, 13>(self.fast_mean.val()) + 4;
        self.fast_rounded.next = ((self.fast_half_up.val().index() >> 3) & 0x3ff).to_bits();
        self.slow_half_up.next = bit_cast::<17, 16>(self.slow_mean.val()) + 32;
        self.slow_rounded.next = ((self.slow_half_up.val().index() >> 6) & 0x3ff).to_bits();
        self.last_wide.next = bit_cast::<11, 10>(self.last.val());
        self.s2_feature_0.d.next = self.difference.val();
        self.s2_feature_1.d.next =
            self.last_wide.val() - bit_cast::<11, 10>(self.fast_rounded.val());
        self.s2_feature_2.d.next =
            self.last_wide.val() - bit_cast::<11, 10>(self.slow_rounded.val());
        self.s2_fast_rounded.d.next = self.fast_rounded.val();
        self.s2_slow_rounded.d.next = self.slow_rounded.val();
        self.s2_token.d.next = self.token.val();
        self.s2_on_lattice.d.next = self.on_lattice.val();
        self.s2_seen.d.next = self.seen.val();
        self.s2_last.d.next = self.last.val();
        self.s2_fast_mean.d.next = self.fast_mean.val();
        self.s2_slow_mean.d.next = self.slow_mean.val();
        self.s2_weight_0.d.next = self.weight_0.val();
        self.s2_weight_1.d.next = self.weight_1.val();
        self.s2_weight_2.d.next = self.weight_2.val();

        // Stage 2: products, and what is remembered whatever the prediction.
        self.multiplier_0.weight.next = self.s2_weight_0.q.val();
        self.multiplier_0.feature.next = self.s2_feature_0.q.val();
        self.s3_negative_0.d.next = self.s2_feature_0.q.val().get_bit(10);
        self.s3_positive_0.d.next =
            !self.s2_feature_0.q.val().get_bit(10) & (self.s2_feature_0.q.val() != 0);
        self.multiplier_1.weight.next = self.s2_weight_1.q.val();
        self.multiplier_1.feature.next = self.s2_feature_1.q.val();
        self.s3_negative_1.d.next = self.s2_feature_1.q.val().get_bit(10);
        self.s3_positive_1.d.next =
            !self.s2_feature_1.q.val().get_bit(10) & (self.s2_feature_1.q.val() != 0);
        self.multiplier_2.weight.next = self.s2_weight_2.q.val();
        self.multiplier_2.feature.next = self.s2_feature_2.q.val();
        self.s3_negative_2.d.next = self.s2_feature_2.q.val().get_bit(10);
        self.s3_positive_2.d.next =
            !self.s2_feature_2.q.val().get_bit(10) & (self.s2_feature_2.q.val() != 0);
        self.fast_left.next =
            self.s2_fast_mean.q.val() - bit_cast::<13, 10>(self.s2_fast_rounded.q.val());
        self.fast_moved.next = self.fast_left.val() + bit_cast::<13, 10>(self.s2_token.q.val());
        self.slow_left.next =
            self.s2_slow_mean.q.val() - bit_cast::<16, 10>(self.s2_slow_rounded.q.val());
        self.slow_moved.next = self.slow_left.val() + bit_cast::<16, 10>(self.s2_token.q.val());
        self.token_wide.next = bit_cast::<11, 10>(self.s2_token.q.val());
        self.moved_difference.next =
            self.token_wide.val() - bit_cast::<11, 10>(self.s2_last.q.val());
        self.s3_new_fast_mean.d.next = self.fast_moved.val();
        self.s3_new_slow_mean.d.next = self.slow_moved.val();
        self.s3_new_difference.d.next = self.moved_difference.val();
        if !self.s2_seen.q.val() {
            // The first token: the means stand at it, the difference stays zero.
            self.s3_new_fast_mean.d.next = (self.s2_token.q.val().index() << 3).to_bits();
            self.s3_new_slow_mean.d.next = (self.s2_token.q.val().index() << 6).to_bits();
            self.s3_new_difference.d.next = self.s2_feature_0.q.val();
        }
        self.s3_new_last.d.next = self.s2_token.q.val();
        if !self.s2_on_lattice.q.val() {
            self.s3_new_fast_mean.d.next = self.s2_fast_mean.q.val();
            self.s3_new_slow_mean.d.next = self.s2_slow_mean.q.val();
            self.s3_new_difference.d.next = self.s2_feature_0.q.val();
            self.s3_new_last.d.next = self.s2_last.q.val();
        }
        self.s3_new_seen.d.next = self.s2_seen.q.val() | self.s2_on_lattice.q.val();
        self.s3_learns.d.next = self.s2_seen.q.val() & self.s2_on_lattice.q.val();
        self.s3_token.d.next = self.s2_token.q.val();
        self.s3_last.d.next = self.s2_last.q.val();
        self.s3_weight_0.d.next = self.s2_weight_0.q.val();
        self.s3_weight_1.d.next = self.s2_weight_1.q.val();
        self.s3_weight_2.d.next = self.s2_weight_2.q.val();

        // Stage 3: the products and the last token, in pairs. 26 bits hold any sum of them.
        self.product_0.next = bit_cast::<26, 25>(self.multiplier_0.product.val());
        if self.multiplier_0.product.val().get_bit(24) {
            self.product_0.next = bit_cast::<26, 25>(self.multiplier_0.product.val()) | 0x200_0000;
        }
        self.product_1.next = bit_cast::<26, 25>(self.multiplier_1.product.val());
        if self.multiplier_1.product.val().get_bit(24) {
            self.product_1.next = bit_cast::<26, 25>(self.multiplier_1.product.val()) | 0x200_0000;
        }
        self.product_2.next = bit_cast::<26, 25>(self.multiplier_2.product.val());
        if self.multiplier_2.product.val().get_bit(24) {
            self.product_2.next = bit_cast::<26, 25>(self.multiplier_2.product.val()) | 0x200_0000;
        }
        self.last_and_half.next = ((self.s3_last.q.val().index() << 12) | 0x800).to_bits();
        self.s4_part_0.d.next = self.product_0.val() + self.product_1.val();
        self.s4_part_1.d.next = self.product_2.val() + self.last_and_half.val();
        self.s4_token.d.next = self.s3_token.q.val();
        self.s4_new_seen.d.next = self.s3_new_seen.q.val();
        self.s4_new_last.d.next = self.s3_new_last.q.val();
        self.s4_new_difference.d.next = self.s3_new_difference.q.val();
        self.s4_new_fast_mean.d.next = self.s3_new_fast_mean.q.val();
        self.s4_new_slow_mean.d.next = self.s3_new_slow_mean.q.val();
        self.s4_learns.d.next = self.s3_learns.q.val();
        self.s4_positive_0.d.next = self.s3_positive_0.q.val();
        self.s4_positive_1.d.next = self.s3_positive_1.q.val();
        self.s4_positive_2.d.next = self.s3_positive_2.q.val();
        self.s4_negative_0.d.next = self.s3_negative_0.q.val();
        self.s4_negative_1.d.next = self.s3_negative_1.q.val();
        self.s4_negative_2.d.next = self.s3_negative_2.q.val();
        self.s4_weight_0.d.next = self.s3_weight_0.q.val();
        self.s4_weight_1.d.next = self.s3_weight_1.q.val();
        self.s4_weight_2.d.next = self.s3_weight_2.q.val();

        // Stage 4: their sum, clamped to a token.
        self.total.next = self.s4_part_0.q.val() + self.s4_part_1.q.val();
        self.upper.next = (self.total.val().index() >> 22).to_bits();
        self.clamped.next = ((self.total.val().index() >> 12) & 0x3ff).to_bits();
        if self.upper.val() != 0 {
            self.clamped.next = 1023.into();
        }
        if self.total.val().get_bit(25) {
            self.clamped.next = 0.into();
        }
        self.s5_prediction.d.next = self.clamped.val();
        self.s5_token.d.next = self.s4_token.q.val();
        self.s5_new_seen.d.next = self.s4_new_seen.q.val();
        self.s5_new_last.d.next = self.s4_new_last.q.val();
        self.s5_new_difference.d.next = self.s4_new_difference.q.val();
        self.s5_new_fast_mean.d.next = self.s4_new_fast_mean.q.val();
        self.s5_new_slow_mean.d.next = self.s4_new_slow_mean.q.val();
        self.s5_learns.d.next = self.s4_learns.q.val();
        self.s5_positive_0.d.next = self.s4_positive_0.q.val();
        self.s5_positive_1.d.next = self.s4_positive_1.q.val();
        self.s5_positive_2.d.next = self.s4_positive_2.q.val();
        self.s5_negative_0.d.next = self.s4_negative_0.q.val();
        self.s5_negative_1.d.next = self.s4_negative_1.q.val();
        self.s5_negative_2.d.next = self.s4_negative_2.q.val();
        self.s5_weight_0.d.next = self.s4_weight_0.q.val();
        self.s5_weight_1.d.next = self.s4_weight_1.q.val();
        self.s5_weight_2.d.next = self.s4_weight_2.q.val();

        // Stage 5: how far off it was, and the weights' steps.
        self.prediction.next = self.s5_prediction.q.val();
        self.offset.next = self.s5_token.q.val() - self.s5_prediction.q.val();
        self.above.next =
            self.s5_learns.q.val() & (self.s5_token.q.val() > self.s5_prediction.q.val());
        self.below.next =
            self.s5_learns.q.val() & (self.s5_token.q.val() < self.s5_prediction.q.val());
        self.step_0.weight.next = self.s5_weight_0.q.val();
        self.step_0.above.next = self.above.val();
        self.step_0.below.next = self.below.val();
        self.step_0.positive.next = self.s5_positive_0.q.val();
        self.step_0.negative.next = self.s5_negative_0.q.val();
        self.new_weight_0.next = self.step_0.new_weight.val();
        self.step_1.weight.next = self.s5_weight_1.q.val();
        self.step_1.above.next = self.above.val();
        self.step_1.below.next = self.below.val();
        self.step_1.positive.next = self.s5_positive_1.q.val();
        self.step_1.negative.next = self.s5_negative_1.q.val();
        self.new_weight_1.next = self.step_1.new_weight.val();
        self.step_2.weight.next = self.s5_weight_2.q.val();
        self.step_2.above.next = self.above.val();
        self.step_2.below.next = self.below.val();
        self.step_2.positive.next = self.s5_positive_2.q.val();
        self.step_2.negative.next = self.s5_negative_2.q.val();
        self.new_weight_2.next = self.step_2.new_weight.val();
        self.new_seen.next = self.s5_new_seen.q.val();
        self.new_last.next = self.s5_new_last.q.val();
        self.new_difference.next = self.s5_new_difference.q.val();
        self.new_fast_mean.next = self.s5_new_fast_mean.q.val();
        self.new_slow_mean.next = self.s5_new_slow_mean.q.val();
    }
}
