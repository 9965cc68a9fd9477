//! # ChannelState
//!
//! ## Purpose
//! Holds what a channel remembers between its samples: the last token and the running mean. Twin
//! of [`golden_model::channel_state`].
//!
//! ## Ports
//! | port | direction | bits | meaning |
//! |---|---|---|---|
//! | `clock`, `aresetn` | in | 1 | reset returns to the initial state |
//! | `write` | in | 1 | the sample in stage 2 is on the lattice: take the new state |
//! | `restart` | in | 1 | the sample in stage 2 ends a packet: return to the initial state |
//! | `new_last`, `new_mean` | in | `TOKEN`, 16 | the state after the sample in stage 2 |
//! | `last`, `mean` | out | `TOKEN`, 16 | the state before the sample in stage 2 |
//!
//! ## Latency and throughput
//! What is written at one clock is read after it: one sample per clock.
//!
//! ## How it works
//! The state is read once and written once per sample, both in stage 2 and nowhere else in the pipeline. It
//! is in registers, so the next sample may follow at once. With many channels, memories in
//! [`bigram_model`](crate::codec::bigram_model) and [`means_model`](crate::codec::means_model) replace this block.
//!
//! ## Waveform
//! ```text
#![doc = include_str!("../../waveforms/channel_state.txt")]
//! ```
//!
//! ## Proofs
//! `testbench/tests/channel_state.rs`: random writes, restarts and resets against a model.

use crate::block::block;
use crate::memory::register::Register;
use crate::shape::MEAN;
use rust_hdl::prelude::*;

block! {
    /// The memory of one channel.
    pub struct ChannelState<const TOKEN: usize> {
        /// The clock.
        pub clock: Signal<In, Clock>,
        /// Low: return to the initial state.
        pub aresetn: Signal<In, Bit>,
        /// Take the new state.
        pub write: Signal<In, Bit>,
        /// Return to the initial state; prevails over `write`.
        pub restart: Signal<In, Bit>,
        /// The token that became the last one.
        pub new_last: Signal<In, Bits<TOKEN>>,
        /// The running mean after it.
        pub new_mean: Signal<In, Bits<MEAN>>,

        /// The last token on the lattice.
        pub last: Signal<Out, Bits<TOKEN>>,
        /// The running mean of distances.
        pub mean: Signal<Out, Bits<MEAN>>,

        last_register: Register<Bits<TOKEN>> = Register::new(last),
        mean_register: Register<Bits<MEAN>> = Register::new(mean),
        initial_last: Constant<Bits<TOKEN>> = Constant::new(last),
        initial_mean: Constant<Bits<MEAN>> = Constant::new(mean),
    }

    /// A channel that starts and restarts in this state.
    pub fn new(initial: &golden_model::ChannelState) -> Self {
        let last = initial.past.last.number().to_bits();
        let mean = initial.mean.to_bits();
    }
}

impl<const TOKEN: usize> Logic for ChannelState<TOKEN> {
    #[hdl_gen]
    fn update(&mut self) {
        dff_setup!(self, clock, last_register, mean_register);
        if self.write.val() {
            self.last_register.d.next = self.new_last.val();
            self.mean_register.d.next = self.new_mean.val();
        }
        if self.restart.val() | !self.aresetn.val() {
            self.last_register.d.next = self.initial_last.val();
            self.mean_register.d.next = self.initial_mean.val();
        }
        self.last.next = self.last_register.q.val();
        self.mean.next = self.mean_register.q.val();
    }
}
