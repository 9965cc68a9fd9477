//! # Activity
//!
//! ## Purpose
//! Keeps the running mean that measures how busy a channel is, and maps it to the context that
//! selects the tier code. Twin of [`golden_model::activity`].
//!
//! ## Ports
//! | port | direction | bits | meaning |
//! |---|---|---|---|
//! | `clock` | in | 1 | |
//! | `enable` | in | 1 | a sample is there |
//! | `mean` | in | 16 | the channel's running mean before this sample |
//! | `offset` | in | `TOKEN` | how far the token was from its prediction, modulo `2^TOKEN` |
//! | `load_at`, `load_word` | in | 22, 32 | from the [loader](crate::tables::loader), if tables are loaded |
//! | `next_mean` | out | 16 | the running mean after this sample, at once |
//! | `activity_context` | out | 4 | the context of the mean before this sample, one clock later |
//!
//! ## Latency and throughput
//! The mean is combinational, the context comes after one clock; one sample per clock.
//!
//! ## How it works
//! `next_mean = mean - (mean >> shift) + min(|offset|, W)`; the part that does not depend on the
//! offset is computed first. The context comes from a ROM of 256 levels. A level is an eighth of a token,
//! or a half, a quarter or all of one, so it is the mean without its lowest bits; all means above 255 share the last level.
//!
//! Of the mean's 16 bits, those count that the largest mean of the table set has; the upper ones are
//! zeros.
//!
//! ## Waveform
//! ```text
#![doc = include_str!("../../waveforms/activity.txt")]
//! ```
//!
//! ## Proofs
//! `testbench/tests/activity.rs`: every mean with offsets on both sides of every edge, for each
//! profile.

use crate::block::{block, comment};
use crate::memory::rom::Rom;
use crate::shape::MEAN;
use crate::tables::table::{HasTables, LOAD_AT, LOAD_WORD, Table};
use golden_model::activity;
use rust_hdl::prelude::*;

block! {
    /// The running mean of a channel and the context that it selects.
    pub struct Activity<const TOKEN: usize> {
        /// The clock.
        pub clock: Signal<In, Clock>,
        /// A sample is there.
        pub enable: Signal<In, Bit>,
        /// The running mean before this sample.
        pub mean: Signal<In, Bits<MEAN>>,
        /// `token - prediction`, modulo `2^TOKEN`.
        pub offset: Signal<In, Bits<TOKEN>>,
        /// From the loader: where to.
        pub load_at: Signal<In, Bits<LOAD_AT>>,
        /// From the loader: the word.
        pub load_word: Signal<In, Bits<LOAD_WORD>>,

        /// The running mean after this sample.
        pub next_mean: Signal<Out, Bits<MEAN>>,
        /// The context of the mean before this sample, one clock later.
        pub activity_context: Signal<Out, Bits<4>>,

        level_rom: Rom<4, 4, 4> = Rom::new(contexts.chunks(16).map(<[u32]>::to_vec)),

        mean_bits: Constant<Bits<MEAN>> = Constant::new(mean_bits.to_bits()),
        half: Constant<Bits<TOKEN>> = Constant::new((1_usize << (TOKEN - 1)).to_bits()),
        window: Constant<Bits<TOKEN>> = Constant::new(window.to_bits()),
        inner: Constant<Bits<TOKEN>> = Constant::new((2 * window - 1).to_bits()),
        beyond: Constant<Bits<TOKEN>> = Constant::new(((1 << TOKEN) - window).to_bits()),
        mean_shift: Constant<Bits<4>> = Constant::new(activity.shift.to_bits()),
        level_shift: Constant<Bits<4>> = Constant::new(level_shift.to_bits()),

        negative: Signal<Local, Bit>,
        inverted: Signal<Local, Bits<TOKEN>>,
        negated: Signal<Local, Bits<TOKEN>>,
        distance: Signal<Local, Bits<TOKEN>>,
        sign: Signal<Local, Bits<TOKEN>>,
        clipped: Signal<Local, Bits<TOKEN>>,
        growth: Signal<Local, Bits<MEAN>>,
        leak: Signal<Local, Bits<MEAN>>,
        leaked: Signal<Local, Bits<MEAN>>,
        grown: Signal<Local, Bits<MEAN>>,
        eighths: Signal<Local, Bits<MEAN>>,
        level: Signal<Local, Bits<8>>,
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

impl<const TOKEN: usize> HasTables for Activity<TOKEN> {
    fn tables(&mut self, visit: &mut dyn FnMut(&mut dyn Table)) {
        visit(&mut self.level_rom);
    }
}

impl<const TOKEN: usize> Logic for Activity<TOKEN> {
    #[hdl_gen]
    fn update(&mut self) {
        clock!(self, clock, level_rom);

        comment!("The mean grows by min(|offset|, W) and leaks a fixed share of itself.");
        self.negative.next = (self.offset.val() & self.half.val()) != 0;
        self.inverted.next = !self.offset.val();
        self.negated.next = self.inverted.val() + 1;
        self.distance.next = self.offset.val();
        if self.negative.val() {
            self.distance.next = self.negated.val();
        }
        comment!("From the window's bit upwards, an offset inside repeats its sign.");
        self.sign.next = self.offset.val() & self.beyond.val();
        self.clipped.next = self.window.val();
        if (self.sign.val() == 0) | (self.sign.val() == self.beyond.val()) {
            self.clipped.next = self.distance.val() & self.inner.val();
        }
        self.growth.next = bit_cast::<MEAN, TOKEN>(self.clipped.val());
        self.leak.next = (self.mean.val().index() >> self.mean_shift.val().index()).to_bits();
        self.leaked.next = self.mean.val() - self.leak.val();
        self.grown.next = self.leaked.val() + self.growth.val();
        self.next_mean.next = self.grown.val() & self.mean_bits.val();

        comment!("The context of its level.");
        self.eighths.next = (self.mean.val().index() >> self.level_shift.val().index()).to_bits();
        self.level.next = bit_cast::<8, MEAN>(self.eighths.val());
        if self.eighths.val() > 255 {
            self.level.next = 255.into();
        }
        self.level_rom.load_at.next = self.load_at.val();
        self.level_rom.load_word.next = self.load_word.val();
        self.level_rom.enable.next = self.enable.val();
        self.level_rom.high.next = (self.level.val().index() >> 4).to_bits();
        self.level_rom.low.next = bit_cast::<4, 8>(self.level.val());
        self.activity_context.next = self.level_rom.data.val();
    }
}
