//! # LmsPredictor
//!
//! ## Purpose
//! Predicts the token from the channel's past by the sign-sign LMS on one difference and the
//! deviations from two leaky means, computes how far off the prediction was, and updates the channel's
//! state. Twin of [`golden_model::predictor`] in the shape
//! [`Means`](golden_model::predictor::Shape::Means).
//!
//! ## Ports
//! | port | direction | bits | meaning |
//! |---|---|---|---|
//! | `clock` | in | 1 | |
//! | `load_at`, `load_word` | in | 22, 32 | from the [loader](crate::tables::loader), if tables are loaded |
//! | `token` | in | `TOKEN` | the current token |
//! | `fresh`, `seen`, `seen_two` | in | 1 | the channel starts anew; it has had a token since; more than one |
//! | `last` | in | `TOKEN` | the last token; ignored unless `seen` |
//! | `difference` | in | `FEATURE` | the last difference; ignored unless `seen_two` |
//! | `fast_mean`, `slow_mean` | in | `LEAKY` | leaky means over 8 and 64 tokens, times 8 and 64; ignored unless `seen` |
//! | `weight_0`, `weight_1`, `weight_2` | in | 16 | see below, before the last token's update; ignored if `fresh` |
//! | `error` | in | 2 | the last token was above, below its prediction |
//! | `new_difference`, `new_fast_mean`, `new_slow_mean` | out | `FEATURE`, `LEAKY`, `LEAKY` | the same after this token, at the same clock |
//! | `new_weight_0`, `new_weight_1`, `new_weight_2` | out | 16 | the weights after the last token's update, one clock later |
//! | `due_token`, `due_learns` | in | `TOKEN`, 1 | the token of four clocks ago again; whether the weights learn from it |
//! | `prediction`, `offset` | out | `TOKEN` | the expected token, four clocks later; `due_token - prediction` modulo `2^TOKEN` |
//! | `new_error` | out | 2 | `due_token` was above, below it, and the weights learn from it |
//!
//! A weight's word is what memory holds for a difference or deviation:
//! ```text
//! 15      its feature was negative    \\ at the last token
//! 14      its feature was positive    /
//! 13:0    the weight, times 4096
//! ```
//!
//! ## Latency and throughput
//! Four clocks to prediction and error, one to the weights, none to the rest; one token per clock.
//!
//! ## How it works
//! ```text
//! stage 1  round the means; features = difference, last - round(mean); the last token's update;
//!          new means and difference
//! stage 2  three products; new weights
//! stage 3  p0 + p1,  p2 + (last, one half)
//! stage 4  sum, clamp -> prediction
//! stage 5  offset; above or below
//! ```
//! `FEATURE`, `LEAKY` and `SUM` follow from `TOKEN`; see [`shape`](crate::shape). The fast mean needs three
//! bits less than the slow one: the upper bits of its sum are not looked at.
//!
//! A mean is rounded without an adder: `x - round(mean / 8)` is `(2 x - mean / 4) / 2`, all rounded
//! down. With the new token for `x`, this is the amount by which the mean changes.
//!
//! A channel without a past has features of zero and a fixed expected token, and a channel that starts
//! anew has start weights. Registers are set to these values, which needs no multiplexer.
//!
//! `last + round(sum / 4096)` is `(sum + {last, 2048}) / 4096` rounded down. `last` and the half are
//! wires, not an adder, and the clamp examines the four bits above the result. They are added to the third
//! product in its own DSP block.
//!
//! A weight's update needs the prediction, but only the next token of the channel needs the weight. So
//! memory holds what the update depends on: with each weight the sign of its feature, and the sign of the
//! error. The update is made when the weight is read again, and no stage carries more than the weights
//! that it multiplies. The rest of the state needs no prediction and returns to memory from stage 1 at once.
//!
//! When no token comes, the inputs do not change, and neither does anything after them.
//!
//! ## Waveform
//! ```text
#![doc = include_str!("../../waveforms/lms_predictor.txt")]
//! ```
//!
//! ## Proofs
//! `testbench/tests/lms_predictor.rs`: random walks, jumps and extremes from random weights, every
//! prediction and every state against the golden twin.

use crate::block::{block, comment};
use crate::codec::multiplier::Multiplier;
use crate::codec::multiply_add::MultiplyAdd;
use crate::codec::weight_step::WeightStep;
use crate::shape::{ERROR, WEIGHT, WEIGHT_WORD, feature_bits, leaky_bits, sum_bits};
use crate::tables::start_value::StartValue;
use crate::tables::table::{HasTables, LOAD_AT, LOAD_WORD, Table};
use golden_model::predictor::{MEAN_SHIFTS, Past, WEIGHT_FRACTION};
use rust_hdl::prelude::*;

block! {
    /// The token expected next by sign-sign LMS.
    pub struct LmsPredictor<
        const TOKEN: usize,
        const FEATURE: usize,
        const LEAKY: usize,
        const SUM: usize,
    > {
        /// The clock.
        pub clock: Signal<In, Clock>,
        /// From the loader: where to.
        pub load_at: Signal<In, Bits<LOAD_AT>>,
        /// From the loader: the word.
        pub load_word: Signal<In, Bits<LOAD_WORD>>,
        /// The token that came.
        pub token: Signal<In, Bits<TOKEN>>,
        /// The channel starts anew.
        pub fresh: Signal<In, Bit>,
        /// The channel has had a token before.
        pub seen: Signal<In, Bit>,
        /// It has had more than one.
        pub seen_two: Signal<In, Bit>,
        /// Its last token.
        pub last: Signal<In, Bits<TOKEN>>,
        /// Its last difference of tokens, two's complement.
        pub difference: Signal<In, Bits<FEATURE>>,
        /// Its mean over 8 tokens, times 8.
        pub fast_mean: Signal<In, Bits<LEAKY>>,
        /// Its mean over 64 tokens, times 64.
        pub slow_mean: Signal<In, Bits<LEAKY>>,
        /// The weight of the difference, before the last token's step.
        pub weight_0: Signal<In, Bits<WEIGHT_WORD>>,
        /// The weight of the deviation from the fast mean.
        pub weight_1: Signal<In, Bits<WEIGHT_WORD>>,
        /// The weight of the deviation from the slow mean.
        pub weight_2: Signal<In, Bits<WEIGHT_WORD>>,
        /// The last token was above (bit 0) or below (bit 1) what was expected.
        pub error: Signal<In, Bits<ERROR>>,
        /// The token of four clocks ago.
        pub due_token: Signal<In, Bits<TOKEN>>,
        /// Whether anything is to be learnt of it.
        pub due_learns: Signal<In, Bit>,

        /// The difference after this token.
        pub new_difference: Signal<Out, Bits<FEATURE>>,
        /// The fast mean after this one.
        pub new_fast_mean: Signal<Out, Bits<LEAKY>>,
        /// The slow mean after this one.
        pub new_slow_mean: Signal<Out, Bits<LEAKY>>,
        /// The weight with the last token's step made, one clock later.
        pub new_weight_0: Signal<Out, Bits<WEIGHT_WORD>>,
        /// The weight with the last token's step made, one clock later.
        pub new_weight_1: Signal<Out, Bits<WEIGHT_WORD>>,
        /// The weight with the last token's step made, one clock later.
        pub new_weight_2: Signal<Out, Bits<WEIGHT_WORD>>,
        /// The token that was expected, four clocks later.
        pub prediction: Signal<Out, Bits<TOKEN>>,
        /// `due_token - prediction`, modulo `2^TOKEN`.
        pub offset: Signal<Out, Bits<TOKEN>>,
        /// `due_token` was above (bit 0) or below (bit 1) it.
        pub new_error: Signal<Out, Bits<ERROR>>,

        multiplier_0: Multiplier<FEATURE, SUM>,
        multiplier_1: Multiplier<FEATURE, SUM>,
        multiply_add: MultiplyAdd<FEATURE, SUM>,
        step_0: WeightStep,
        step_1: WeightStep,
        step_2: WeightStep,

        s2_last: DFF<Bits<TOKEN>>,
        s2_feature_0: DFF<Bits<FEATURE>>,
        s2_feature_1: DFF<Bits<FEATURE>>,
        s2_feature_2: DFF<Bits<FEATURE>>,
        s2_weight_0: DFF<Bits<WEIGHT>>,
        s2_weight_1: DFF<Bits<WEIGHT>>,
        s2_weight_2: DFF<Bits<WEIGHT>>,
        s3_last: DFF<Bits<TOKEN>>,
        s4_part: DFF<Bits<SUM>>,
        s5_prediction: DFF<Bits<TOKEN>>,

        feature_sign: Constant<Bits<FEATURE>> = Constant::new((1_usize << (FEATURE - 1)).to_bits()),
        sign_fill: Constant<Bits<LEAKY>> = Constant::new(((1_usize << LEAKY) - (1 << FEATURE)).to_bits()),
        fast_shift: Constant<Bits<3>> = Constant::new(fast.to_bits()),
        slow_shift: Constant<Bits<3>> = Constant::new(slow.to_bits()),
        fast_half_shift: Constant<Bits<3>> = Constant::new((fast - 1).to_bits()),
        slow_half_shift: Constant<Bits<3>> = Constant::new((slow - 1).to_bits()),
        above_token: Constant<Bits<5>> = Constant::new((WEIGHT_FRACTION as usize + TOKEN).to_bits()),
        last_token: Constant<Bits<TOKEN>> = Constant::new(Bits::mask()),
        initial_last: Constant<Bits<TOKEN>> = Constant::new(u64::from(last).into()),
        start_weight_0: StartValue<WEIGHT> = weight(0),
        start_weight_1: StartValue<WEIGHT> = weight(1),
        start_weight_2: StartValue<WEIGHT> = weight(2),
        fast_doubled: Signal<Local, Bits<LEAKY>>,
        slow_doubled: Signal<Local, Bits<LEAKY>>,
        last_doubled: Signal<Local, Bits<LEAKY>>,
        token_doubled: Signal<Local, Bits<LEAKY>>,
        deviation_1_doubled: Signal<Local, Bits<LEAKY>>,
        deviation_2_doubled: Signal<Local, Bits<LEAKY>>,
        deviation_1: Signal<Local, Bits<LEAKY>>,
        deviation_2: Signal<Local, Bits<LEAKY>>,
        fast_change_doubled: Signal<Local, Bits<LEAKY>>,
        slow_change_doubled: Signal<Local, Bits<LEAKY>>,
        fast_change_whole: Signal<Local, Bits<LEAKY>>,
        slow_change_whole: Signal<Local, Bits<LEAKY>>,
        fast_change: Signal<Local, Bits<FEATURE>>,
        slow_change: Signal<Local, Bits<FEATURE>>,
        fast_step: Signal<Local, Bits<LEAKY>>,
        slow_step: Signal<Local, Bits<LEAKY>>,
        fast_moved: Signal<Local, Bits<LEAKY>>,
        slow_moved: Signal<Local, Bits<LEAKY>>,
        last_wide: Signal<Local, Bits<LEAKY>>,
        token_wide: Signal<Local, Bits<LEAKY>>,
        distance: Signal<Local, Bits<FEATURE>>,
        negative: Signal<Local, Bit>,
        above: Signal<Local, Bit>,
        below: Signal<Local, Bit>,
        direction_0: Signal<Local, Bits<WEIGHT_WORD>>,
        direction_1: Signal<Local, Bits<WEIGHT_WORD>>,
        direction_2: Signal<Local, Bits<WEIGHT_WORD>>,
        last_and_half: Signal<Local, Bits<SUM>>,
        total: Signal<Local, Bits<SUM>>,
        upper: Signal<Local, Bits<4>>,
        whole: Signal<Local, Bits<SUM>>,
        clamped: Signal<Local, Bits<TOKEN>>,
    }

    /// The predictor of channels that start like this.
    ///
    /// # Panics
    /// When the features of a channel without a past are not zero.
    pub fn new(start: &Past) -> Self {
        let widths = [feature_bits(TOKEN), leaky_bits(TOKEN), sum_bits(TOKEN)];
        assert_eq!([FEATURE, LEAKY, SUM], widths, "widths that follow from the token's");
        let last = start.last.number();
        let [fast, slow] = MEAN_SHIFTS;
        let mean = |shift| i32::from(last) << shift;
        assert_eq!(start.means, MEAN_SHIFTS.map(mean), "means that stand at the token expected");
        assert!(start.differences.iter().all(|&difference| difference == 0));
        let weight = |i: usize| StartValue::new(start.weights[i] as u32 & 0x3fff);
    }
}

impl<const TOKEN: usize, const FEATURE: usize, const LEAKY: usize, const SUM: usize> HasTables
    for LmsPredictor<TOKEN, FEATURE, LEAKY, SUM>
{
    fn tables(&mut self, visit: &mut dyn FnMut(&mut dyn Table)) {
        visit(&mut self.start_weight_0);
        visit(&mut self.start_weight_1);
        visit(&mut self.start_weight_2);
    }
}

impl<const TOKEN: usize, const FEATURE: usize, const LEAKY: usize, const SUM: usize> Logic
    for LmsPredictor<TOKEN, FEATURE, LEAKY, SUM>
{
    #[hdl_gen]
    fn update(&mut self) {
        dff_setup!(self, clock, s2_last, s2_feature_0, s2_feature_1, s2_feature_2);
        dff_setup!(self, clock, s2_weight_0, s2_weight_1, s2_weight_2);
        dff_setup!(self, clock, s3_last, s4_part, s5_prediction);
        clock!(self, clock, multiplier_0, multiplier_1, multiply_add);
        clock!(self, clock, start_weight_0, start_weight_1, start_weight_2);
        self.start_weight_0.load_at.next = self.load_at.val();
        self.start_weight_0.load_word.next = self.load_word.val();
        self.start_weight_1.load_at.next = self.load_at.val();
        self.start_weight_1.load_word.next = self.load_word.val();
        self.start_weight_2.load_at.next = self.load_at.val();
        self.start_weight_2.load_word.next = self.load_word.val();

        comment!("Stage 1: features.");
        self.fast_doubled.next =
            (self.fast_mean.val().index() >> self.fast_half_shift.val().index()).to_bits();
        self.slow_doubled.next =
            (self.slow_mean.val().index() >> self.slow_half_shift.val().index()).to_bits();
        self.last_wide.next = bit_cast::<LEAKY, TOKEN>(self.last.val());
        self.last_doubled.next = (self.last_wide.val().index() << 1).to_bits();
        self.deviation_1_doubled.next = self.last_doubled.val() - self.fast_doubled.val();
        self.deviation_2_doubled.next = self.last_doubled.val() - self.slow_doubled.val();
        self.s2_feature_0.d.next = self.difference.val();
        self.deviation_1.next = (self.deviation_1_doubled.val().index() >> 1).to_bits();
        self.deviation_2.next = (self.deviation_2_doubled.val().index() >> 1).to_bits();
        self.s2_feature_1.d.next = bit_cast::<FEATURE, LEAKY>(self.deviation_1.val());
        self.s2_feature_2.d.next = bit_cast::<FEATURE, LEAKY>(self.deviation_2.val());
        self.s2_last.d.next = self.last.val();
        if !self.seen_two.val() {
            self.s2_feature_0.d.next = 0.into();
        }
        if !self.seen.val() {
            self.s2_feature_1.d.next = 0.into();
            self.s2_feature_2.d.next = 0.into();
            self.s2_last.d.next = self.initial_last.val();
        }

        comment!("The weights' update for the last token.");
        self.step_0.weight.next = bit_cast::<WEIGHT, WEIGHT_WORD>(self.weight_0.val());
        self.step_0.up.next = (self.error.val().get_bit(0) & self.weight_0.val().get_bit(14))
            | (self.error.val().get_bit(1) & self.weight_0.val().get_bit(15));
        self.step_0.down.next = (self.error.val().get_bit(0) & self.weight_0.val().get_bit(15))
            | (self.error.val().get_bit(1) & self.weight_0.val().get_bit(14));
        self.step_1.weight.next = bit_cast::<WEIGHT, WEIGHT_WORD>(self.weight_1.val());
        self.step_1.up.next = (self.error.val().get_bit(0) & self.weight_1.val().get_bit(14))
            | (self.error.val().get_bit(1) & self.weight_1.val().get_bit(15));
        self.step_1.down.next = (self.error.val().get_bit(0) & self.weight_1.val().get_bit(15))
            | (self.error.val().get_bit(1) & self.weight_1.val().get_bit(14));
        self.step_2.weight.next = bit_cast::<WEIGHT, WEIGHT_WORD>(self.weight_2.val());
        self.step_2.up.next = (self.error.val().get_bit(0) & self.weight_2.val().get_bit(14))
            | (self.error.val().get_bit(1) & self.weight_2.val().get_bit(15));
        self.step_2.down.next = (self.error.val().get_bit(0) & self.weight_2.val().get_bit(15))
            | (self.error.val().get_bit(1) & self.weight_2.val().get_bit(14));
        self.s2_weight_0.d.next = self.step_0.new_weight.val();
        self.s2_weight_1.d.next = self.step_1.new_weight.val();
        self.s2_weight_2.d.next = self.step_2.new_weight.val();
        if self.fresh.val() {
            self.s2_weight_0.d.next = self.start_weight_0.value.val();
            self.s2_weight_1.d.next = self.start_weight_1.value.val();
            self.s2_weight_2.d.next = self.start_weight_2.value.val();
        }

        comment!("The part of the new state that does not depend on the prediction.");
        self.token_wide.next = bit_cast::<LEAKY, TOKEN>(self.token.val());
        self.token_doubled.next = (self.token_wide.val().index() << 1).to_bits();
        self.fast_change_doubled.next = self.token_doubled.val() - self.fast_doubled.val();
        self.slow_change_doubled.next = self.token_doubled.val() - self.slow_doubled.val();
        self.fast_change_whole.next = (self.fast_change_doubled.val().index() >> 1).to_bits();
        self.slow_change_whole.next = (self.slow_change_doubled.val().index() >> 1).to_bits();
        self.fast_change.next = bit_cast::<FEATURE, LEAKY>(self.fast_change_whole.val());
        self.slow_change.next = bit_cast::<FEATURE, LEAKY>(self.slow_change_whole.val());
        self.fast_step.next = bit_cast::<LEAKY, FEATURE>(self.fast_change.val());
        if (self.fast_change.val() & self.feature_sign.val()) != 0 {
            self.fast_step.next =
                bit_cast::<LEAKY, FEATURE>(self.fast_change.val()) | self.sign_fill.val();
        }
        self.slow_step.next = bit_cast::<LEAKY, FEATURE>(self.slow_change.val());
        if (self.slow_change.val() & self.feature_sign.val()) != 0 {
            self.slow_step.next =
                bit_cast::<LEAKY, FEATURE>(self.slow_change.val()) | self.sign_fill.val();
        }
        self.fast_moved.next = self.fast_mean.val() + self.fast_step.val();
        self.slow_moved.next = self.slow_mean.val() + self.slow_step.val();
        self.new_difference.next = bit_cast::<FEATURE, TOKEN>(self.token.val())
            - bit_cast::<FEATURE, TOKEN>(self.last.val());
        self.new_fast_mean.next = self.fast_moved.val();
        self.new_slow_mean.next = self.slow_moved.val();
        if !self.seen.val() {
            comment!("The first token: the means stand at it.");
            self.new_fast_mean.next =
                (self.token_wide.val().index() << self.fast_shift.val().index()).to_bits();
            self.new_slow_mean.next =
                (self.token_wide.val().index() << self.slow_shift.val().index()).to_bits();
        }

        comment!(
            "Stage 2: products. The weights return to memory, each with the sign of its feature."
        );
        self.multiplier_1.weight.next = self.s2_weight_1.q.val();
        self.multiplier_1.feature.next = self.s2_feature_1.q.val();
        self.multiply_add.weight.next = self.s2_weight_2.q.val();
        self.multiply_add.feature.next = self.s2_feature_2.q.val();
        self.multiplier_0.weight.next = self.s2_weight_0.q.val();
        self.multiplier_0.feature.next = self.s2_feature_0.q.val();
        self.direction_0.next = 0.into();
        if self.s2_feature_0.q.val() != 0 {
            self.direction_0.next = 0x4000.into();
        }
        if (self.s2_feature_0.q.val() & self.feature_sign.val()) != 0 {
            self.direction_0.next = 0x8000.into();
        }
        self.direction_1.next = 0.into();
        if self.s2_feature_1.q.val() != 0 {
            self.direction_1.next = 0x4000.into();
        }
        if (self.s2_feature_1.q.val() & self.feature_sign.val()) != 0 {
            self.direction_1.next = 0x8000.into();
        }
        self.direction_2.next = 0.into();
        if self.s2_feature_2.q.val() != 0 {
            self.direction_2.next = 0x4000.into();
        }
        if (self.s2_feature_2.q.val() & self.feature_sign.val()) != 0 {
            self.direction_2.next = 0x8000.into();
        }
        self.new_weight_0.next =
            self.direction_0.val() | bit_cast::<WEIGHT_WORD, WEIGHT>(self.s2_weight_0.q.val());
        self.new_weight_1.next =
            self.direction_1.val() | bit_cast::<WEIGHT_WORD, WEIGHT>(self.s2_weight_1.q.val());
        self.new_weight_2.next =
            self.direction_2.val() | bit_cast::<WEIGHT_WORD, WEIGHT>(self.s2_weight_2.q.val());
        self.s3_last.d.next = self.s2_last.q.val();

        comment!(
            "Stage 3: the products and the last token, in pairs. Their width holds any sum of them."
        );
        self.s4_part.d.next = self.multiplier_0.product.val() + self.multiplier_1.product.val();
        self.last_and_half.next = ((self.s3_last.q.val().index() << 12) | 0x800).to_bits();
        self.multiply_add.addend.next = self.last_and_half.val();

        comment!("Stage 4: their sum, clamped to a token.");
        self.total.next = self.s4_part.q.val() + self.multiply_add.sum.val();
        self.upper.next = (self.total.val().index() >> self.above_token.val().index()).to_bits();
        self.whole.next = (self.total.val().index() >> 12).to_bits();
        self.clamped.next = bit_cast::<TOKEN, SUM>(self.whole.val());
        if self.upper.val() != 0 {
            self.clamped.next = self.last_token.val();
        }
        if self.upper.val().get_bit(3) {
            self.clamped.next = 0.into();
        }
        self.s5_prediction.d.next = self.clamped.val();

        comment!("Stage 5: the prediction's error, and its sign.");
        self.prediction.next = self.s5_prediction.q.val();
        self.distance.next = bit_cast::<FEATURE, TOKEN>(self.due_token.val())
            - bit_cast::<FEATURE, TOKEN>(self.s5_prediction.q.val());
        self.offset.next = bit_cast::<TOKEN, FEATURE>(self.distance.val());
        self.negative.next = (self.distance.val() & self.feature_sign.val()) != 0;
        self.below.next = self.due_learns.val() & self.negative.val();
        self.above.next = self.due_learns.val() & !self.negative.val() & (self.distance.val() != 0);
        self.new_error.next = 0.into();
        if self.above.val() {
            self.new_error.next = 1.into();
        }
        if self.below.val() {
            self.new_error.next = 2.into();
        }
    }
}
