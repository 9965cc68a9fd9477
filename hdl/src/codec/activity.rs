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
//! | `mean` | in | `MEAN` | the channel's running mean before this sample |
//! | `offset` | in | 10 | how far the token was from its prediction, modulo 1024 |
//! | `next_mean` | out | `MEAN` | the running mean after this sample, at once |
//! | `activity_context` | out | 4 | the context of the mean before this sample, one clock later |
//!
//! ## Latency and throughput
//! The mean is combinational, the context comes after one clock; one sample per clock.
//!
//! ## How it works
//! `next_mean = mean - (mean >> shift) + min(|offset|, W)`; the part that does not depend on the
//! offset is computed first. The context comes from a ROM of 256 levels. A level is an eighth of a token,
//! so it is the mean without its lowest bits; all means above 255 share the last level.
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
use golden_model::activity;
use rust_hdl::prelude::*;

block! {
    /// The running mean of a channel and the context that it selects.
    pub struct Activity<const MEAN: usize> {
        /// The clock.
        pub clock: Signal<In, Clock>,
        /// A sample is there.
        pub enable: Signal<In, Bit>,
        /// The running mean before this sample.
        pub mean: Signal<In, Bits<MEAN>>,
        /// `token - prediction`, modulo 1024.
        pub offset: Signal<In, Bits<10>>,

        /// The running mean after this sample.
        pub next_mean: Signal<Out, Bits<MEAN>>,
        /// The context of the mean before this sample, one clock later.
        pub activity_context: Signal<Out, Bits<4>>,

        level_rom: Rom<4, 4, 4> = Rom::new(contexts.to_vec()),

        window: Constant<Bits<10>> = Constant::new(window.to_bits()),
        inner: Constant<Bits<10>> = Constant::new((2 * window - 1).to_bits()),
        beyond: Constant<Bits<10>> = Constant::new((1024 - window).to_bits()),
        mean_shift: Constant<Bits<4>> = Constant::new(activity.shift.to_bits()),
        level_shift: Constant<Bits<4>> = Constant::new(level_shift.to_bits()),

        negative: Signal<Local, Bit>,
        inverted: Signal<Local, Bits<10>>,
        negated: Signal<Local, Bits<10>>,
        distance: Signal<Local, Bits<10>>,
        sign: Signal<Local, Bits<10>>,
        clipped: Signal<Local, Bits<10>>,
        growth: Signal<Local, Bits<MEAN>>,
        leak: Signal<Local, Bits<MEAN>>,
        leaked: Signal<Local, Bits<MEAN>>,
        eighths: Signal<Local, Bits<MEAN>>,
        level: Signal<Local, Bits<8>>,
    }

    /// The hardware of this activity with a window of `±window`.
    pub fn new(activity: &activity::Activity, window: u16) -> Self {
        // The mean is the distance times 2^shift, a level the distance times 2^3.
        let level_shift = activity.shift - 3;
        let contexts = activity.contexts_by_level().map(u32::from);
    }
}

impl<const MEAN: usize> Logic for Activity<MEAN> {
    #[hdl_gen]
    fn update(&mut self) {
        clock!(self, clock, level_rom);

        comment!("The mean: min(|offset|, W) in, a share of itself out.");
        self.negative.next = self.offset.val().get_bit(9);
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
        self.growth.next = bit_cast::<MEAN, 10>(self.clipped.val());
        self.leak.next = (self.mean.val().index() >> self.mean_shift.val().index()).to_bits();
        self.leaked.next = self.mean.val() - self.leak.val();
        self.next_mean.next = self.leaked.val() + self.growth.val();

        comment!("The context of its level.");
        self.eighths.next = (self.mean.val().index() >> self.level_shift.val().index()).to_bits();
        self.level.next = bit_cast::<8, MEAN>(self.eighths.val());
        if self.eighths.val() > 255 {
            self.level.next = 255.into();
        }
        self.level_rom.enable.next = self.enable.val();
        self.level_rom.high.next = (self.level.val().index() >> 4).to_bits();
        self.level_rom.low.next = bit_cast::<4, 8>(self.level.val());
        self.activity_context.next = self.level_rom.data.val();
    }
}
