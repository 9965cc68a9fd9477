//! # Neighbours
//!
//! ## Purpose
//! Corrects the prediction of a channel by the residuals of the channels before it in the round, computes
//! how far off the result was, and keeps the round's residuals. Twin of [`golden_model::neighbours`] and of
//! the neighbours' part of [`golden_model::predictor`].
//!
//! ## Ports
//! A sample comes by in three clocks: its weights, then whether it begins a round, then itself.
//!
//! | port | direction | bits | meaning |
//! |---|---|---|---|
//! | `clock` | in | 1 | |
//! | `load_at`, `load_word` | in | 22, 32 | from the [loader](crate::tables::loader), if tables are loaded |
//! | `weight_0`, `weight_1`, `weight_2` | in | 16 | words as in [`lms_predictor`](crate::codec::lms_predictor): of the nearest residual, of the next one, of the mean; before the last token's update; ignored if `fresh` |
//! | `error`, `fresh` | in | 2, 1 | the channel's last token was above, below its prediction; the channel starts anew |
//! | `begins` | in | 1 | one clock later: a sample is there, and begins a round |
//! | `valid` | in | 1 | two clocks later: a sample is there |
//! | `own_prediction` | in | `TOKEN` | the prediction from its channel's past |
//! | `token`, `on_lattice`, `learns` | in | `TOKEN`, 1, 1 | its token; whether it has one; whether the weights learn from it |
//! | `prediction`, `offset` | out | `TOKEN` | the expected token; `token - prediction` modulo `2^TOKEN`; with `valid` |
//! | `new_error` | out | 2 | `token` was above, below it, and the weights learn from it; with `valid` |
//! | `new_weight_0`, `new_weight_1`, `new_weight_2` | out | 16 | the weights after the last token's update; with `valid` |
//!
//! ## Latency and throughput
//! Two clocks from the weights to prediction and error; one sample per clock.
//!
//! ## How it works
//! ```text
//! stage 3  the last token's update of the weights
//! stage 4  the features that the round's registers get at the next clock; two products of them
//! stage 5  the nearest residual's product; all sums, clamp -> prediction; residual -> its register
//! ```
//! Each channel needs the residual of the channel before it, which may have come one clock earlier. So stage
//! 5 is a loop of one clock: a multiplication, two additions behind it, the clamp, and a subtraction. The two
//! other products are made a clock before. At that time the sample ahead may be in stage 5; then its residual is
//! not known, but it is not needed: the sample behind it takes what is the nearest residual now for the next
//! one, and a mean that leaves the nearest one out. With no sample in stage 5, the registers stay. In
//! both cases the features are what the registers are about to hold, whatever pauses the input makes.
//!
//! A sample that begins a round clears the registers as it enters stage 5. A sample off the lattice has a
//! residual of zero.
//!
//! ## Waveform
//! Two rounds of three channels with a pause in the second round; each channel's own prediction is 500. The weight of the
//! nearest residual is 1, those of the others are 0:
//! ```text
#![doc = include_str!("../../waveforms/neighbours.txt")]
//! ```
//!
//! ## Proofs
//! `testbench/tests/neighbours.rs`: rounds of random length, tokens and weights with random pauses against
//! the golden twin; a copy that keeps the last round's residuals, and one whose neighbours are those of a
//! channel further away, must fail.

use crate::block::{block, comment};
use crate::codec::multiplier::Multiplier;
use crate::codec::product::Product;
use crate::codec::weight_step::WeightStep;
use crate::shape::{ERROR, WEIGHT, WEIGHT_WORD, feature_bits, leaky_bits, sum_bits};
use crate::tables::start_value::StartValue;
use crate::tables::table::{HasTables, LOAD_AT, LOAD_WORD, Table};
use golden_model::TableSet;
use golden_model::neighbours::{NEIGHBOUR_FEATURES, NEIGHBOUR_SHIFT};
use golden_model::predictor::WEIGHT_FRACTION;
use rust_hdl::prelude::*;

block! {
    /// The correction of predictions by the round's residuals.
    pub struct Neighbours<
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
        /// The weight of the nearest residual, before the last token's step.
        pub weight_0: Signal<In, Bits<WEIGHT_WORD>>,
        /// The weight of the next residual.
        pub weight_1: Signal<In, Bits<WEIGHT_WORD>>,
        /// The weight of the mean.
        pub weight_2: Signal<In, Bits<WEIGHT_WORD>>,
        /// The channel's last token was above (bit 0) or below (bit 1) what was expected.
        pub error: Signal<In, Bits<ERROR>>,
        /// The channel starts anew.
        pub fresh: Signal<In, Bit>,
        /// A clock later: a sample that begins a round is there.
        pub begins: Signal<In, Bit>,
        /// Two clocks later: a sample is there.
        pub valid: Signal<In, Bit>,
        /// What its channel's past predicts.
        pub own_prediction: Signal<In, Bits<TOKEN>>,
        /// Its token.
        pub token: Signal<In, Bits<TOKEN>>,
        /// It is on the lattice.
        pub on_lattice: Signal<In, Bit>,
        /// Whether anything is to be learnt of it.
        pub learns: Signal<In, Bit>,

        /// The token that was expected.
        pub prediction: Signal<Out, Bits<TOKEN>>,
        /// `token - prediction`, modulo `2^TOKEN`.
        pub offset: Signal<Out, Bits<TOKEN>>,
        /// `token` was above (bit 0) or below (bit 1) it.
        pub new_error: Signal<Out, Bits<ERROR>>,
        /// The weight of the nearest residual with the last token's step made.
        pub new_weight_0: Signal<Out, Bits<WEIGHT_WORD>>,
        /// The weight of the next residual.
        pub new_weight_1: Signal<Out, Bits<WEIGHT_WORD>>,
        /// The weight of the mean.
        pub new_weight_2: Signal<Out, Bits<WEIGHT_WORD>>,

        step_0: WeightStep,
        step_1: WeightStep,
        step_2: WeightStep,
        product: Product<FEATURE, SUM>,
        multiplier_1: Multiplier<FEATURE, SUM>,
        multiplier_2: Multiplier<FEATURE, SUM>,

        s4_weight_0: DFF<Bits<WEIGHT>>,
        s4_weight_1: DFF<Bits<WEIGHT>>,
        s4_weight_2: DFF<Bits<WEIGHT>>,
        s5_weight_0: DFF<Bits<WEIGHT>>,
        s5_weight_1: DFF<Bits<WEIGHT>>,
        s5_weight_2: DFF<Bits<WEIGHT>>,
        nearest: DFF<Bits<FEATURE>>,
        farther: DFF<Bits<FEATURE>>,
        mean: DFF<Bits<LEAKY>>,
        rounded: DFF<Bits<FEATURE>>,

        feature_sign: Constant<Bits<FEATURE>> = Constant::new((1_usize << (FEATURE - 1)).to_bits()),
        sign_fill: Constant<Bits<LEAKY>> = Constant::new(((1_usize << LEAKY) - (1 << FEATURE)).to_bits()),
        mean_half: Constant<Bits<LEAKY>> = Constant::new((1_usize << (NEIGHBOUR_SHIFT - 1)).to_bits()),
        mean_shift: Constant<Bits<3>> = Constant::new((NEIGHBOUR_SHIFT as usize).to_bits()),
        above_token: Constant<Bits<5>> = Constant::new((WEIGHT_FRACTION as usize + TOKEN).to_bits()),
        last_token: Constant<Bits<TOKEN>> = Constant::new(Bits::mask()),
        start_weight_0: StartValue<WEIGHT> = weight(0),
        start_weight_1: StartValue<WEIGHT> = weight(1),
        start_weight_2: StartValue<WEIGHT> = weight(2),
        nearest_wide: Signal<Local, Bits<LEAKY>>,
        rounded_wide: Signal<Local, Bits<LEAKY>>,
        change: Signal<Local, Bits<LEAKY>>,
        moved: Signal<Local, Bits<LEAKY>>,
        next_mean: Signal<Local, Bits<LEAKY>>,
        raised: Signal<Local, Bits<LEAKY>>,
        raised_eighth: Signal<Local, Bits<LEAKY>>,
        next_rounded: Signal<Local, Bits<FEATURE>>,
        next_farther: Signal<Local, Bits<FEATURE>>,
        others: Signal<Local, Bits<SUM>>,
        own_and_half: Signal<Local, Bits<SUM>>,
        part: Signal<Local, Bits<SUM>>,
        total: Signal<Local, Bits<SUM>>,
        upper: Signal<Local, Bits<4>>,
        whole: Signal<Local, Bits<SUM>>,
        clamped: Signal<Local, Bits<TOKEN>>,
        distance: Signal<Local, Bits<FEATURE>>,
        negative: Signal<Local, Bit>,
        direction_0: Signal<Local, Bits<WEIGHT_WORD>>,
        direction_1: Signal<Local, Bits<WEIGHT_WORD>>,
        direction_2: Signal<Local, Bits<WEIGHT_WORD>>,
    }

    /// The neighbours of a table set.
    ///
    /// # Panics
    /// When it has none, or tokens of another width.
    pub fn new(set: &TableSet) -> Self {
        let widths = [feature_bits(TOKEN), leaky_bits(TOKEN), sum_bits(TOKEN)];
        assert_eq!([FEATURE, LEAKY, SUM], widths, "widths that follow from the token's");
        assert!(set.shape().neighbours() > 0, "a table set with neighbours");
        let weights = set.parts().weights;
        let weights = &weights[weights.len() - NEIGHBOUR_FEATURES..];
        let weight = |i: usize| StartValue::new(weights[i] as u32 & 0x3fff);
    }
}

impl<const TOKEN: usize, const FEATURE: usize, const LEAKY: usize, const SUM: usize> HasTables
    for Neighbours<TOKEN, FEATURE, LEAKY, SUM>
{
    fn tables(&mut self, visit: &mut dyn FnMut(&mut dyn Table)) {
        visit(&mut self.start_weight_0);
        visit(&mut self.start_weight_1);
        visit(&mut self.start_weight_2);
    }
}

impl<const TOKEN: usize, const FEATURE: usize, const LEAKY: usize, const SUM: usize> Logic
    for Neighbours<TOKEN, FEATURE, LEAKY, SUM>
{
    #[hdl_gen]
    fn update(&mut self) {
        dff_setup!(self, clock, s4_weight_0, s4_weight_1, s4_weight_2);
        dff_setup!(self, clock, s5_weight_0, s5_weight_1, s5_weight_2);
        dff_setup!(self, clock, nearest, farther, mean, rounded);
        clock!(self, clock, multiplier_1, multiplier_2);
        clock!(self, clock, start_weight_0, start_weight_1, start_weight_2);
        self.start_weight_0.load_at.next = self.load_at.val();
        self.start_weight_0.load_word.next = self.load_word.val();
        self.start_weight_1.load_at.next = self.load_at.val();
        self.start_weight_1.load_word.next = self.load_word.val();
        self.start_weight_2.load_at.next = self.load_at.val();
        self.start_weight_2.load_word.next = self.load_word.val();

        comment!("Stage 3: the weights' update for the channel's last token.");
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
        self.s4_weight_0.d.next = self.step_0.new_weight.val();
        self.s4_weight_1.d.next = self.step_1.new_weight.val();
        self.s4_weight_2.d.next = self.step_2.new_weight.val();
        if self.fresh.val() {
            self.s4_weight_0.d.next = self.start_weight_0.value.val();
            self.s4_weight_1.d.next = self.start_weight_1.value.val();
            self.s4_weight_2.d.next = self.start_weight_2.value.val();
        }

        comment!("Stage 4: what the registers are about to hold, and the products of it.");
        self.nearest_wide.next = bit_cast::<LEAKY, FEATURE>(self.nearest.q.val());
        if (self.nearest.q.val() & self.feature_sign.val()) != 0 {
            self.nearest_wide.next =
                bit_cast::<LEAKY, FEATURE>(self.nearest.q.val()) | self.sign_fill.val();
        }
        self.rounded_wide.next = bit_cast::<LEAKY, FEATURE>(self.rounded.q.val());
        if (self.rounded.q.val() & self.feature_sign.val()) != 0 {
            self.rounded_wide.next =
                bit_cast::<LEAKY, FEATURE>(self.rounded.q.val()) | self.sign_fill.val();
        }
        self.change.next = self.nearest_wide.val() - self.rounded_wide.val();
        self.moved.next = self.mean.q.val() + self.change.val();
        self.next_mean.next = self.mean.q.val();
        self.next_farther.next = self.farther.q.val();
        if self.valid.val() {
            self.next_mean.next = self.moved.val();
            self.next_farther.next = self.nearest.q.val();
        }
        if self.begins.val() {
            self.next_mean.next = 0.into();
            self.next_farther.next = 0.into();
        }
        self.raised.next = self.next_mean.val() + self.mean_half.val();
        self.raised_eighth.next =
            (self.raised.val().index() >> self.mean_shift.val().index()).to_bits();
        self.next_rounded.next = bit_cast::<FEATURE, LEAKY>(self.raised_eighth.val());
        self.mean.d.next = self.next_mean.val();
        self.rounded.d.next = self.next_rounded.val();
        self.farther.d.next = self.next_farther.val();
        self.multiplier_1.weight.next = self.s4_weight_1.q.val();
        self.multiplier_1.feature.next = self.next_farther.val();
        self.multiplier_2.weight.next = self.s4_weight_2.q.val();
        self.multiplier_2.feature.next = self.next_rounded.val();
        self.s5_weight_0.d.next = self.s4_weight_0.q.val();
        self.s5_weight_1.d.next = self.s4_weight_1.q.val();
        self.s5_weight_2.d.next = self.s4_weight_2.q.val();

        comment!(
            "Stage 5: the sum, clamped to a token. What does not wait for the product comes first."
        );
        self.product.weight.next = self.s5_weight_0.q.val();
        self.product.feature.next = self.nearest.q.val();
        self.others.next = self.multiplier_1.product.val() + self.multiplier_2.product.val();
        self.own_and_half.next = ((self.own_prediction.val().index() << 12) | 0x800).to_bits();
        self.part.next = self.others.val() + self.own_and_half.val();
        self.total.next = self.part.val() + self.product.product.val();
        self.upper.next = (self.total.val().index() >> self.above_token.val().index()).to_bits();
        self.whole.next = (self.total.val().index() >> 12).to_bits();
        self.clamped.next = bit_cast::<TOKEN, SUM>(self.whole.val());
        if self.upper.val() != 0 {
            self.clamped.next = self.last_token.val();
        }
        if self.upper.val().get_bit(3) {
            self.clamped.next = 0.into();
        }
        self.prediction.next = self.clamped.val();

        comment!("Its residual, which the next channel waits for.");
        self.distance.next = bit_cast::<FEATURE, TOKEN>(self.token.val())
            - bit_cast::<FEATURE, TOKEN>(self.clamped.val());
        if self.valid.val() {
            self.nearest.d.next = self.distance.val();
            if !self.on_lattice.val() {
                self.nearest.d.next = 0.into();
            }
        }
        if self.begins.val() {
            self.nearest.d.next = 0.into();
        }
        self.offset.next = bit_cast::<TOKEN, FEATURE>(self.distance.val());
        self.negative.next = (self.distance.val() & self.feature_sign.val()) != 0;
        self.new_error.next = 0.into();
        if self.learns.val() & !self.negative.val() & (self.distance.val() != 0) {
            self.new_error.next = 1.into();
        }
        if self.learns.val() & self.negative.val() {
            self.new_error.next = 2.into();
        }

        comment!("The weights return to memory, each with the sign of its feature.");
        self.direction_0.next = 0.into();
        if self.nearest.q.val() != 0 {
            self.direction_0.next = 0x4000.into();
        }
        if (self.nearest.q.val() & self.feature_sign.val()) != 0 {
            self.direction_0.next = 0x8000.into();
        }
        self.direction_1.next = 0.into();
        if self.farther.q.val() != 0 {
            self.direction_1.next = 0x4000.into();
        }
        if (self.farther.q.val() & self.feature_sign.val()) != 0 {
            self.direction_1.next = 0x8000.into();
        }
        self.direction_2.next = 0.into();
        if self.rounded.q.val() != 0 {
            self.direction_2.next = 0x4000.into();
        }
        if (self.rounded.q.val() & self.feature_sign.val()) != 0 {
            self.direction_2.next = 0x8000.into();
        }
        self.new_weight_0.next =
            self.direction_0.val() | bit_cast::<WEIGHT_WORD, WEIGHT>(self.s5_weight_0.q.val());
        self.new_weight_1.next =
            self.direction_1.val() | bit_cast::<WEIGHT_WORD, WEIGHT>(self.s5_weight_1.q.val());
        self.new_weight_2.next =
            self.direction_2.val() | bit_cast::<WEIGHT_WORD, WEIGHT>(self.s5_weight_2.q.val());
    }
}
