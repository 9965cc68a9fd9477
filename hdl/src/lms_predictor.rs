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
//! | `weight_0`, `weight_1`, `weight_2` | in | 14 | weights of difference and deviations, times 4096, before the last token's steps |
//! | `steps` | in | 6 | the last token's steps: from bit 0, up and down of each weight |
//! | `new_...` but `new_steps` | out | as above | the channel's past with this token in it, if it counts, at the same clock; the weights with the steps made |
//! | `prediction`, `offset` | out | 10 | the token that was expected; `token - prediction` modulo 1024 |
//! | `new_steps` | out | 6 | this token's steps |
//!
//! ## Latency and throughput
//! Four clocks to prediction and steps, none to the rest; one token per clock.
//!
//! ## How it works
//! ```text
//! stage 1  round the means; features = difference, last - round(mean); the last token's steps;
//!          new means and difference
//! stage 2  three products
//! stage 3  p0 + p1,  p2 + (last, one half)
//! stage 4  sum, clamp -> prediction
//! stage 5  offset; which way each weight is to step
//! ```
//! A mean is rounded without an adder: `x - round(mean / 8)` is `(2 x - mean / 4) / 2`, all rounded
//! down.
//!
//! `last + round(sum / 4096)` is `(sum + {last, 2048}) / 4096` rounded down: `last` and the half are
//! a wire, not an adder, and the clamp looks at the four bits above the result.
//!
//! A weight's step needs the prediction, but only the next token of the channel needs the weight.
//! So the step waits, two bits wide, in the channel's state, and is made when the weight is read
//! again: no stage but the first holds a weight. All else of the past needs no prediction and goes
//! back to memory from stage 1 at once.
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
    /// The weight of the difference, before the last token's step.
    pub weight_0: Signal<In, Bits<14>>,
    /// The weight of the deviation from the fast mean.
    pub weight_1: Signal<In, Bits<14>>,
    /// The weight of the deviation from the slow mean.
    pub weight_2: Signal<In, Bits<14>>,
    /// The last token's steps: from bit 0, up and down of each weight.
    pub steps: Signal<In, Bits<6>>,

    /// The token that was expected, four clocks later.
    pub prediction: Signal<Out, Bits<10>>,
    /// `token - prediction`, modulo 1024, four clocks later.
    pub offset: Signal<Out, Bits<10>>,
    /// The difference after this one.
    pub new_difference: Signal<Out, Bits<11>>,
    /// The fast mean after this one.
    pub new_fast_mean: Signal<Out, Bits<13>>,
    /// The slow mean after this one.
    pub new_slow_mean: Signal<Out, Bits<16>>,
    /// The weight with the last token's step made.
    pub new_weight_0: Signal<Out, Bits<14>>,
    /// The weight with the last token's step made.
    pub new_weight_1: Signal<Out, Bits<14>>,
    /// The weight with the last token's step made.
    pub new_weight_2: Signal<Out, Bits<14>>,
    /// This token's steps, four clocks later.
    pub new_steps: Signal<Out, Bits<6>>,

    multiplier_0: Multiplier,
    multiplier_1: Multiplier,
    multiplier_2: Multiplier,
    step_0: WeightStep,
    step_1: WeightStep,
    step_2: WeightStep,

    s2_token: DFF<Bits<10>>,
    s2_learns: DFF<Bit>,
    s2_last: DFF<Bits<10>>,
    s2_feature_0: DFF<Bits<11>>,
    s2_feature_1: DFF<Bits<11>>,
    s2_feature_2: DFF<Bits<11>>,
    s2_weight_0: DFF<Bits<14>>,
    s2_weight_1: DFF<Bits<14>>,
    s2_weight_2: DFF<Bits<14>>,
    s2_positive_0: DFF<Bit>,
    s2_positive_1: DFF<Bit>,
    s2_positive_2: DFF<Bit>,
    s2_negative_0: DFF<Bit>,
    s2_negative_1: DFF<Bit>,
    s2_negative_2: DFF<Bit>,
    s3_token: DFF<Bits<10>>,
    s3_last: DFF<Bits<10>>,
    s3_learns: DFF<Bit>,
    s3_positive_0: DFF<Bit>,
    s3_positive_1: DFF<Bit>,
    s3_positive_2: DFF<Bit>,
    s3_negative_0: DFF<Bit>,
    s3_negative_1: DFF<Bit>,
    s3_negative_2: DFF<Bit>,
    s4_part_0: DFF<Bits<26>>,
    s4_part_1: DFF<Bits<26>>,
    s4_token: DFF<Bits<10>>,
    s4_learns: DFF<Bit>,
    s4_positive_0: DFF<Bit>,
    s4_positive_1: DFF<Bit>,
    s4_positive_2: DFF<Bit>,
    s4_negative_0: DFF<Bit>,
    s4_negative_1: DFF<Bit>,
    s4_negative_2: DFF<Bit>,
    s5_prediction: DFF<Bits<10>>,
    s5_token: DFF<Bits<10>>,
    s5_learns: DFF<Bit>,
    s5_positive_0: DFF<Bit>,
    s5_positive_1: DFF<Bit>,
    s5_positive_2: DFF<Bit>,
    s5_negative_0: DFF<Bit>,
    s5_negative_1: DFF<Bit>,
    s5_negative_2: DFF<Bit>,

    fast_eighth: Signal<Local, Bits<12>>,
    slow_eighth: Signal<Local, Bits<12>>,
    last_doubled: Signal<Local, Bits<12>>,
    deviation_1_doubled: Signal<Local, Bits<12>>,
    deviation_2_doubled: Signal<Local, Bits<12>>,
    fast_doubled: Signal<Local, Bits<14>>,
    slow_doubled: Signal<Local, Bits<17>>,
    fast_left_doubled: Signal<Local, Bits<14>>,
    slow_left_doubled: Signal<Local, Bits<17>>,
    last_wide: Signal<Local, Bits<11>>,
    deviation_1: Signal<Local, Bits<11>>,
    deviation_2: Signal<Local, Bits<11>>,
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
    up_0: Signal<Local, Bit>,
    up_1: Signal<Local, Bit>,
    up_2: Signal<Local, Bit>,
    down_0: Signal<Local, Bit>,
    down_1: Signal<Local, Bit>,
    down_2: Signal<Local, Bit>,
    steps_0: Signal<Local, Bits<6>>,
    steps_1: Signal<Local, Bits<6>>,
    steps_2: Signal<Local, Bits<6>>,
}

impl Logic for LmsPredictor {
    #[hdl_gen]
    fn update(&mut self) {
        dff_setup!(self, clock, s2_token, s2_learns, s2_last, s2_feature_0);
        dff_setup!(self, clock, s2_feature_1, s2_feature_2, s2_weight_0, s2_weight_1);
        dff_setup!(self, clock, s2_weight_2, s2_positive_0, s2_positive_1, s2_positive_2);
        dff_setup!(self, clock, s2_negative_0, s2_negative_1, s2_negative_2, s3_token);
        dff_setup!(self, clock, s3_last, s3_learns, s3_positive_0, s3_positive_1);
        dff_setup!(self, clock, s3_positive_2, s3_negative_0, s3_negative_1, s3_negative_2);
        dff_setup!(self, clock, s4_part_0, s4_part_1, s4_token, s4_learns);
        dff_setup!(self, clock, s4_positive_0, s4_positive_1, s4_positive_2, s4_negative_0);
        dff_setup!(self, clock, s4_negative_1, s4_negative_2, s5_prediction, s5_token);
        dff_setup!(self, clock, s5_learns, s5_positive_0, s5_positive_1, s5_positive_2);
        dff_setup!(self, clock, s5_negative_0, s5_negative_1, s5_negative_2);
        clock!(self, clock, multiplier_0, multiplier_1, multiplier_2);

        // Stage 1: features and their signs.
        self.fast_eighth.next = (self.fast_mean.val().index() >> 2).to_bits();
        self.slow_eighth.next = (self.slow_mean.val().index() >> 5).to_bits();
        self.last_doubled.next = (self.last.val().index() << 1).to_bits();
        self.deviation_1_doubled.next = self.last_doubled.val() - self.fast_eighth.val();
        self.deviation_2_doubled.next = self.last_doubled.val() - self.slow_eighth.val();
        self.deviation_1.next = (self.deviation_1_doubled.val().index() >> 1).to_bits();
        self.deviation_2.next = (self.deviation_2_doubled.val().index() >> 1).to_bits();
        self.s2_feature_0.d.next = self.difference.val();
        self.s2_feature_1.d.next = self.deviation_1.val();
        self.s2_feature_2.d.next = self.deviation_2.val();
        self.s2_negative_0.d.next = self.difference.val().get_bit(10);
        self.s2_negative_1.d.next = self.deviation_1.val().get_bit(10);
        self.s2_negative_2.d.next = self.deviation_2.val().get_bit(10);
        self.s2_positive_0.d.next =
            !self.difference.val().get_bit(10) & (self.difference.val() != 0);
        self.s2_positive_1.d.next =
            !self.deviation_1.val().get_bit(10) & (self.deviation_1.val() != 0);
        self.s2_positive_2.d.next =
            !self.deviation_2.val().get_bit(10) & (self.deviation_2.val() != 0);
        self.s2_token.d.next = self.token.val();
        self.s2_last.d.next = self.last.val();
        self.s2_learns.d.next = self.seen.val() & self.on_lattice.val();

        // The last token's steps, made now.
        self.step_0.weight.next = self.weight_0.val();
        self.step_0.up.next = self.steps.val().get_bit(0);
        self.step_0.down.next = self.steps.val().get_bit(1);
        self.new_weight_0.next = self.step_0.new_weight.val();
        self.s2_weight_0.d.next = self.step_0.new_weight.val();
        self.step_1.weight.next = self.weight_1.val();
        self.step_1.up.next = self.steps.val().get_bit(2);
        self.step_1.down.next = self.steps.val().get_bit(3);
        self.new_weight_1.next = self.step_1.new_weight.val();
        self.s2_weight_1.d.next = self.step_1.new_weight.val();
        self.step_2.weight.next = self.weight_2.val();
        self.step_2.up.next = self.steps.val().get_bit(4);
        self.step_2.down.next = self.steps.val().get_bit(5);
        self.new_weight_2.next = self.step_2.new_weight.val();
        self.s2_weight_2.d.next = self.step_2.new_weight.val();

        // What is remembered whatever the prediction.
        self.fast_doubled.next = (self.fast_mean.val().index() << 1).to_bits();
        self.fast_left_doubled.next =
            self.fast_doubled.val() - bit_cast::<14, 12>(self.fast_eighth.val());
        self.fast_left.next = (self.fast_left_doubled.val().index() >> 1).to_bits();
        self.fast_moved.next = self.fast_left.val() + bit_cast::<13, 10>(self.token.val());
        self.slow_doubled.next = (self.slow_mean.val().index() << 1).to_bits();
        self.slow_left_doubled.next =
            self.slow_doubled.val() - bit_cast::<17, 12>(self.slow_eighth.val());
        self.slow_left.next = (self.slow_left_doubled.val().index() >> 1).to_bits();
        self.slow_moved.next = self.slow_left.val() + bit_cast::<16, 10>(self.token.val());
        self.last_wide.next = bit_cast::<11, 10>(self.last.val());
        self.token_wide.next = bit_cast::<11, 10>(self.token.val());
        self.moved_difference.next = self.token_wide.val() - self.last_wide.val();
        self.new_fast_mean.next = self.fast_moved.val();
        self.new_slow_mean.next = self.slow_moved.val();
        self.new_difference.next = self.moved_difference.val();
        if !self.seen.val() {
            // The first token: the means stand at it, the difference stays zero.
            self.new_fast_mean.next = (self.token.val().index() << 3).to_bits();
            self.new_slow_mean.next = (self.token.val().index() << 6).to_bits();
            self.new_difference.next = 0.into();
        }

        // Stage 2: products.
        self.multiplier_0.weight.next = self.s2_weight_0.q.val();
        self.multiplier_0.feature.next = self.s2_feature_0.q.val();
        self.multiplier_1.weight.next = self.s2_weight_1.q.val();
        self.multiplier_1.feature.next = self.s2_feature_1.q.val();
        self.multiplier_2.weight.next = self.s2_weight_2.q.val();
        self.multiplier_2.feature.next = self.s2_feature_2.q.val();
        self.s3_token.d.next = self.s2_token.q.val();
        self.s3_last.d.next = self.s2_last.q.val();
        self.s3_learns.d.next = self.s2_learns.q.val();
        self.s3_positive_0.d.next = self.s2_positive_0.q.val();
        self.s3_positive_1.d.next = self.s2_positive_1.q.val();
        self.s3_positive_2.d.next = self.s2_positive_2.q.val();
        self.s3_negative_0.d.next = self.s2_negative_0.q.val();
        self.s3_negative_1.d.next = self.s2_negative_1.q.val();
        self.s3_negative_2.d.next = self.s2_negative_2.q.val();

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
        self.s4_learns.d.next = self.s3_learns.q.val();
        self.s4_positive_0.d.next = self.s3_positive_0.q.val();
        self.s4_positive_1.d.next = self.s3_positive_1.q.val();
        self.s4_positive_2.d.next = self.s3_positive_2.q.val();
        self.s4_negative_0.d.next = self.s3_negative_0.q.val();
        self.s4_negative_1.d.next = self.s3_negative_1.q.val();
        self.s4_negative_2.d.next = self.s3_negative_2.q.val();

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
        self.s5_learns.d.next = self.s4_learns.q.val();
        self.s5_positive_0.d.next = self.s4_positive_0.q.val();
        self.s5_positive_1.d.next = self.s4_positive_1.q.val();
        self.s5_positive_2.d.next = self.s4_positive_2.q.val();
        self.s5_negative_0.d.next = self.s4_negative_0.q.val();
        self.s5_negative_1.d.next = self.s4_negative_1.q.val();
        self.s5_negative_2.d.next = self.s4_negative_2.q.val();

        // Stage 5: how far off it was, and which way the weights are to step.
        self.prediction.next = self.s5_prediction.q.val();
        self.offset.next = self.s5_token.q.val() - self.s5_prediction.q.val();
        self.above.next =
            self.s5_learns.q.val() & (self.s5_token.q.val() > self.s5_prediction.q.val());
        self.below.next =
            self.s5_learns.q.val() & (self.s5_token.q.val() < self.s5_prediction.q.val());
        self.up_0.next = (self.above.val() & self.s5_positive_0.q.val())
            | (self.below.val() & self.s5_negative_0.q.val());
        self.down_0.next = (self.above.val() & self.s5_negative_0.q.val())
            | (self.below.val() & self.s5_positive_0.q.val());
        self.up_1.next = (self.above.val() & self.s5_positive_1.q.val())
            | (self.below.val() & self.s5_negative_1.q.val());
        self.down_1.next = (self.above.val() & self.s5_negative_1.q.val())
            | (self.below.val() & self.s5_positive_1.q.val());
        self.up_2.next = (self.above.val() & self.s5_positive_2.q.val())
            | (self.below.val() & self.s5_negative_2.q.val());
        self.down_2.next = (self.above.val() & self.s5_negative_2.q.val())
            | (self.below.val() & self.s5_positive_2.q.val());
        self.steps_0.next = 0.into();
        if self.up_0.val() {
            self.steps_0.next = 1.into();
        }
        if self.down_0.val() {
            self.steps_0.next = 2.into();
        }
        self.steps_1.next = 0.into();
        if self.up_1.val() {
            self.steps_1.next = 4.into();
        }
        if self.down_1.val() {
            self.steps_1.next = 8.into();
        }
        self.steps_2.next = 0.into();
        if self.up_2.val() {
            self.steps_2.next = 16.into();
        }
        if self.down_2.val() {
            self.steps_2.next = 32.into();
        }
        self.new_steps.next = self.steps_0.val() | self.steps_1.val() | self.steps_2.val();
    }
}
