//! # RunningMean
//!
//! ## Purpose
//! Keeps the running mean that measures how busy a channel is, and maps it to the context that selects the
//! tier code, in stages of one sum each. Twin of [`golden_model::activity`], as
//! [`activity`](crate::codec::activity) is, which does all at once.
//!
//! ## Ports
//! | port | direction | bits | meaning |
//! |---|---|---|---|
//! | `clock` | in | 1 | |
//! | `mean` | in | 16 | the channel's running mean before this sample |
//! | `fresh` | in | 1 | the channel starts anew: `mean` is ignored |
//! | `enable` | in | 1 | one clock later: the sample is there |
//! | `offset` | in | `TOKEN` | one clock later: how far the token was from its prediction, modulo `2^TOKEN` |
//! | `blank` | in | 1 | one clock later: the sample has no token, so the new mean is the initial one |
//! | `load_at`, `load_word` | in | 22, 32 | from the [loader](crate::tables::loader), if tables are loaded |
//! | `new_mean` | out | 16 | the running mean after this sample, two clocks after `mean` |
//! | `activity_context` | out | 4 | the context of the mean before this sample, at the same clock |
//!
//! ## Latency and throughput
//! Two clocks; one sample per clock.
//!
//! ## How it works
//! ```text
//! stage 1  leaked = mean - (mean >> shift); the level
//! stage 2  new mean = leaked + min(|offset|, W); the ROM of contexts is addressed
//! ```
//! `|offset|` is the offset with its bits inverted, and one more, where it is negative. The one goes into the carry
//! of the sum that the distance is for.
//!
//! ## Waveform
//! A mean of 1024 and offsets on both sides:
//! ```text
#![doc = include_str!("../../waveforms/running_mean.txt")]
//! ```
//!
//! ## Proofs
//! `testbench/tests/running_mean.rs`: every mean with offsets on both sides of every edge, for each
//! profile that has it.

use crate::block::{block, comment};
use crate::memory::rom::Rom;
use crate::shape::MEAN;
use crate::tables::start_value::StartValue;
use crate::tables::table::{HasTables, LOAD_AT, LOAD_WORD, Table};
use golden_model::activity;
use rust_hdl::prelude::*;

/// Bits of a mean with a carry below it.
const SUM: usize = MEAN + 1;

block! {
    /// The running mean of a channel and the context that it selects.
    pub struct RunningMean<const TOKEN: usize> {
        /// The clock.
        pub clock: Signal<In, Clock>,
        /// The running mean before this sample.
        pub mean: Signal<In, Bits<MEAN>>,
        /// The channel starts anew.
        pub fresh: Signal<In, Bit>,
        /// The sample of one clock ago is there.
        pub enable: Signal<In, Bit>,
        /// Its `token - prediction`, modulo `2^TOKEN`.
        pub offset: Signal<In, Bits<TOKEN>>,
        /// It has no token.
        pub blank: Signal<In, Bit>,
        /// From the loader: where to.
        pub load_at: Signal<In, Bits<LOAD_AT>>,
        /// From the loader: the word.
        pub load_word: Signal<In, Bits<LOAD_WORD>>,

        /// The running mean after this sample, two clocks later.
        pub new_mean: Signal<Out, Bits<MEAN>>,
        /// The context of the mean before this sample, two clocks later.
        pub activity_context: Signal<Out, Bits<4>>,

        level_rom: Rom<4, 4, 4> = Rom::new(contexts.chunks(16).map(<[u32]>::to_vec)),
        s2_leaked: DFF<Bits<MEAN>>,
        s2_level: DFF<Bits<8>>,
        s3_mean: DFF<Bits<MEAN>>,

        mean_bits: Constant<Bits<MEAN>> = Constant::new(mean_bits.to_bits()),
        initial_mean: StartValue<MEAN> = StartValue::new(activity.start.into()),
        initial_leaked: StartValue<MEAN> = StartValue::new((activity.start - (activity.start >> activity.shift)).into()),
        initial_level: StartValue<8> = StartValue::new(activity.level(activity.start) as u32),
        half: Constant<Bits<TOKEN>> = Constant::new((1_usize << (TOKEN - 1)).to_bits()),
        inner: Constant<Bits<TOKEN>> = Constant::new((window - 1).to_bits()),
        beyond: Constant<Bits<TOKEN>> = Constant::new(((1 << TOKEN) - window).to_bits()),
        mean_shift: Constant<Bits<4>> = Constant::new(activity.shift.to_bits()),
        level_shift: Constant<Bits<4>> = Constant::new(level_shift.to_bits()),

        leak: Signal<Local, Bits<MEAN>>,
        leaked: Signal<Local, Bits<MEAN>>,
        eighths: Signal<Local, Bits<MEAN>>,
        upper: Signal<Local, Bits<TOKEN>>,
        negative: Signal<Local, Bit>,
        outside: Signal<Local, Bit>,
        folded: Signal<Local, Bits<TOKEN>>,
        growth: Signal<Local, Bits<SUM>>,
        growth_placed: Signal<Local, Bits<SUM>>,
        growth_carried: Signal<Local, Bits<SUM>>,
        leaked_wide: Signal<Local, Bits<SUM>>,
        leaked_placed: Signal<Local, Bits<SUM>>,
        sum: Signal<Local, Bits<SUM>>,
        grown: Signal<Local, Bits<SUM>>,
    }

    /// The hardware of this activity with a window of `±window`.
    pub fn new(activity: &activity::Activity, window: u16) -> Self {
        let mean_bits = u16::MAX >> activity.ceiling(window).leading_zeros();
        let window = usize::from(window);
        // The mean is the distance times 2^shift, a level the distance times 2^fraction.
        let level_shift = activity.shift - activity.fraction;
        let contexts = activity.contexts_by_level().map(u32::from);
    }
}

impl<const TOKEN: usize> HasTables for RunningMean<TOKEN> {
    fn tables(&mut self, visit: &mut dyn FnMut(&mut dyn Table)) {
        visit(&mut self.level_rom);
        visit(&mut self.initial_mean);
        visit(&mut self.initial_leaked);
        visit(&mut self.initial_level);
    }
}

impl<const TOKEN: usize> Logic for RunningMean<TOKEN> {
    #[hdl_gen]
    fn update(&mut self) {
        dff_setup!(self, clock, s2_leaked, s2_level, s3_mean);
        clock!(self, clock, level_rom, initial_mean, initial_leaked, initial_level);
        self.level_rom.load_at.next = self.load_at.val();
        self.level_rom.load_word.next = self.load_word.val();
        self.initial_mean.load_at.next = self.load_at.val();
        self.initial_mean.load_word.next = self.load_word.val();
        self.initial_leaked.load_at.next = self.load_at.val();
        self.initial_leaked.load_word.next = self.load_word.val();
        self.initial_level.load_at.next = self.load_at.val();
        self.initial_level.load_word.next = self.load_word.val();

        comment!("Stage 1: the mean leaks a fixed share of itself. Its level ends at 255.");
        self.leak.next = (self.mean.val().index() >> self.mean_shift.val().index()).to_bits();
        self.leaked.next = self.mean.val() - self.leak.val();
        self.s2_leaked.d.next = self.leaked.val() & self.mean_bits.val();
        self.eighths.next = (self.mean.val().index() >> self.level_shift.val().index()).to_bits();
        self.s2_level.d.next = bit_cast::<8, MEAN>(self.eighths.val());
        if self.eighths.val() > 255 {
            self.s2_level.d.next = 255.into();
        }
        if self.fresh.val() {
            self.s2_leaked.d.next = self.initial_leaked.value.val();
            self.s2_level.d.next = self.initial_level.value.val();
        }

        comment!(
            "Stage 2: it grows by min(|offset|, W). Half of the growth's last bit is the carry."
        );
        self.negative.next = (self.offset.val() & self.half.val()) != 0;
        self.upper.next = self.offset.val() & self.beyond.val();
        self.outside.next = (self.upper.val() != 0) & (self.upper.val() != self.beyond.val());
        self.folded.next = self.offset.val() & self.inner.val();
        if self.negative.val() {
            self.folded.next = (!self.offset.val()) & self.inner.val();
        }
        if self.outside.val() {
            self.folded.next = self.inner.val();
        }
        self.growth.next = bit_cast::<SUM, TOKEN>(self.folded.val());
        self.growth_placed.next = (self.growth.val().index() << 1).to_bits();
        self.growth_carried.next = self.growth_placed.val();
        if self.negative.val() | self.outside.val() {
            self.growth_carried.next = self.growth_placed.val() | 1;
        }
        self.leaked_wide.next = bit_cast::<SUM, MEAN>(self.s2_leaked.q.val());
        self.leaked_placed.next = (self.leaked_wide.val().index() << 1).to_bits();
        self.sum.next = (self.leaked_placed.val() | 1) + self.growth_carried.val();
        self.grown.next = (self.sum.val().index() >> 1).to_bits();
        self.s3_mean.d.next = bit_cast::<MEAN, SUM>(self.grown.val()) & self.mean_bits.val();
        if self.blank.val() {
            self.s3_mean.d.next = self.initial_mean.value.val();
        }
        self.new_mean.next = self.s3_mean.q.val();
        self.level_rom.enable.next = self.enable.val();
        self.level_rom.high.next = (self.s2_level.q.val().index() >> 4).to_bits();
        self.level_rom.low.next = bit_cast::<4, 8>(self.s2_level.q.val());
        self.activity_context.next = self.level_rom.data.val();
    }
}
