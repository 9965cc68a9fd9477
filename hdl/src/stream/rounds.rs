//! # Rounds
//!
//! ## Purpose
//! The input of a pipeline for many channels. It determines which channel a sample belongs to and
//! whether the channel starts anew with it, and delays a sample while its channel's last sample is still
//! being processed. With frames, it counts rounds and detects those of the wrong length.
//!
//! ## Ports
//! | port | direction | bits | meaning |
//! |---|---|---|---|
//! | `clock`, `aresetn` | in | 1 | reset: the next sample is the first one of channel 0 |
//! | `s_axis_tvalid`, `s_axis_tlast` | in | 1 | a sample is offered; it ends its packet or, with frames, its round |
//! | `s_axis_tready` | out | 1 | it is accepted |
//! | `room` | in | 1 | the output has room for the result; frames do not wait for it |
//! | `keyframe` | in | 1 | every channel of this packet or frame starts anew |
//! | `frame_over` | in | 1 | the last of a frame's words has left the packer |
//! | `accept` | out | 1 | a sample is transferred at this clock |
//! | `channel` | out | `CHANNEL` | its channel |
//! | `fresh` | out | 1 | its channel starts from the initial state |
//! | `last` | out | 1 | it ends its packet or frame |
//! | `misaligned_round` | out | 1 | high when this sample reveals a round of the wrong length |
//! | `misaligned` | out | 16 | such rounds since reset, modulo 65536 |
//!
//! ## Latency and throughput
//! Combinational, with counters in registers. One sample per clock if there are at least as many channels
//! as the state's loop has clocks; with fewer channels, one sample of each channel per loop. Exceptions: one
//! clock after a packet's last sample, and the clocks until `frame_over` after a frame's.
//!
//! ## How it works
//! Samples come in channel order, so a channel's last sample was as many samples ago as there are
//! channels. Its new state is in memory `loop` clocks after it was accepted. So no addresses are compared: a
//! sample waits if as many samples as there are channels were accepted in the last `loop - 1` clocks.
//!
//! The first round of a packet or a keyframe is fresh: the state's memory is only written, not read.
//!
//! The gap after a packet gives the packer a clock for its second word. After a frame, the input waits
//! until the frame has left the packer. Only then is it known whether the whole frame was sent, and so
//! whether the next one must be a keyframe.
//!
//! With frames, `s_axis_tlast` defines time: it ends a round whatever the round's length, and channel 0 is
//! next. A round has the wrong length when `s_axis_tlast` comes before the last channel's sample, or not
//! with it. Its samples still enter the pipeline, under some channel or other. The frame is dropped, and
//! the next one is a keyframe, which starts every channel anew.
//!
//! **One port** ([`Rounds::with_one_port`]): a state's memory that can be read or written at a clock is in two banks, the even
//! channels and the odd ones. A sample's state is read when it is accepted and written three and five clocks later
//! ([`mean_model::WRITES`](crate::codec::mean_model::WRITES)). Where samples come at every clock, and the number of channels is even, those
//! clocks read a channel of the other bank, since an odd number of samples lies between. Behind a gap a sample whose
//! bank is about to be written waits, two clocks at most.
//!
//! ## Waveform
//! Two channels and a loop of three clocks; a packet of five samples, then one of one sample:
//! ```text
#![doc = include_str!("../../waveforms/rounds.txt")]
//! ```
//!
//! ## Proofs
//! `testbench/proofs/rounds.sv`, for any offers and resets, for the shipped numbers of channels and
//! for three: channels come in order; none is accepted again before its state is in memory, unless it
//! starts anew or its frame is dropped; none waits without need; of one port, no clock needs a bank twice; a whole frame has one sample of
//! every channel in every round.
//!
//! `testbench/tests/rounds.rs`: random offers for every number of channels up to 8 and both loops,
//! against a list of when each channel was last accepted; rounds of random length.

use crate::block::{block, comment};
use crate::stream::framer::Frames;
use rust_hdl::prelude::*;

/// Longest loop of a channel's state, in clocks.
pub const MAX_LOOP: usize = 6;

block! {
    /// Channel numbers and the interlock of up to `2^CHANNEL` channels.
    pub struct Rounds<const CHANNEL: usize> {
        /// The clock.
        pub clock: Signal<In, Clock>,
        /// Low: the next sample is the first one of channel 0.
        pub aresetn: Signal<In, Bit>,
        /// A sample is offered.
        pub s_axis_tvalid: Signal<In, Bit>,
        /// It ends its packet, or its round.
        pub s_axis_tlast: Signal<In, Bit>,
        /// It is taken.
        pub s_axis_tready: Signal<Out, Bit>,
        /// The output can take what comes of a sample.
        pub room: Signal<In, Bit>,
        /// Every channel of this packet or frame starts anew.
        pub keyframe: Signal<In, Bit>,
        /// The last of a frame's words is out of the packer.
        pub frame_over: Signal<In, Bit>,

        /// A sample moves at this clock.
        pub accept: Signal<Out, Bit>,
        /// Its channel.
        pub channel: Signal<Out, Bits<CHANNEL>>,
        /// Its channel starts from the initial state.
        pub fresh: Signal<Out, Bit>,
        /// It ends its packet or frame.
        pub last: Signal<Out, Bit>,
        /// It turned out with it that its round has a sample too few or too many.
        pub misaligned_round: Signal<Out, Bit>,
        /// Such rounds since reset, modulo 65536.
        pub misaligned: Signal<Out, Bits<16>>,

        channel_number: DFF<Bits<CHANNEL>>,
        round_over: DFF<Bit>,
        gap: DFF<Bit>,
        recent: DFF<Bits<5>>,
        round_number: DFF<Bits<8>>,
        too_long: DFF<Bit>,
        misaligned_rounds: DFF<Bits<16>>,

        channel_bits: Constant<Bits<CHANNEL>> = Constant::new((channels.next_power_of_two() - 1).to_bits()),
        last_channel: Constant<Bits<CHANNEL>> = Constant::new((channels - 1).to_bits()),
        framed: Constant<Bit> = Constant::new(frames.is_some()),
        last_round: Constant<Bits<8>> = Constant::new((rounds - 1).to_bits()),
        recent_clocks: Constant<Bits<5>> = Constant::new(recent_clocks.to_bits()),
        one_port: Constant<Bit> = Constant::new(false),
        channels_at_once: Constant<Bits<3>> = Constant::new(channels.min(MAX_LOOP).to_bits()),
        next_channel: Signal<Local, Bits<CHANNEL>>,
        older: Signal<Local, Bits<5>>,
        shifted: Signal<Local, Bits<5>>,
        bit_0: Signal<Local, Bits<3>>,
        bit_1: Signal<Local, Bits<3>>,
        bit_2: Signal<Local, Bits<3>>,
        bit_3: Signal<Local, Bits<3>>,
        bit_4: Signal<Local, Bits<3>>,
        between_3: Signal<Local, Bits<3>>,
        between_5: Signal<Local, Bits<3>>,
        writes_3: Signal<Local, Bits<3>>,
        writes_5: Signal<Local, Bits<3>>,
        bank_is_free: Signal<Local, Bit>,
        under_way: Signal<Local, Bits<3>>,
        last_of_channels: Signal<Local, Bit>,
        round_ends: Signal<Local, Bit>,
        detected: Signal<Local, Bit>,
        ends: Signal<Local, Bit>,
        ready: Signal<Local, Bit>,
        taken: Signal<Local, Bit>,
    }

    /// The input of this many channels, whose state is in memory again after `state_loop` clocks,
    /// in packets or in frames.
    ///
    /// # Panics
    /// When there are no channels, or more than have numbers, or the loop is too long, or the
    /// frames do not fit.
    pub fn new(channels: usize, state_loop: usize, frames: Option<Frames>) -> Self {
        assert!(frames.is_none_or(Frames::fit), "{frames:?}");
        let rounds = frames.map_or(1, |frames| frames.rounds);
        assert!((1..=1 << CHANNEL).contains(&channels), "{channels} channels");
        assert!((1..=MAX_LOOP).contains(&state_loop), "a loop of {state_loop} clocks");
        // With as many channels as the loop has clocks, nothing ever waits or has to be remembered.
        let recent_clocks =
            if channels < state_loop { (1_usize << (state_loop - 1)) - 1 } else { 0 };
    }
}

impl<const CHANNEL: usize> Rounds<CHANNEL> {
    /// The same for states in memories of one port.
    pub fn with_one_port(self) -> Self {
        let recent_clocks = Constant::new(((1_usize << (MAX_LOOP - 1)) - 1).to_bits());
        Self { one_port: Constant::new(true), recent_clocks, ..self }
    }
}

impl<const CHANNEL: usize> Logic for Rounds<CHANNEL> {
    #[hdl_gen]
    fn update(&mut self) {
        dff_setup!(self, clock, channel_number, round_over, gap, recent);
        dff_setup!(self, clock, round_number, too_long, misaligned_rounds);

        comment!("Samples taken at the last clocks, the latest in bit 0, and how many.");
        self.bit_0.next = (self.recent.q.val().index() & 1).to_bits();
        self.bit_1.next = ((self.recent.q.val().index() >> 1) & 1).to_bits();
        self.bit_2.next = ((self.recent.q.val().index() >> 2) & 1).to_bits();
        self.bit_3.next = ((self.recent.q.val().index() >> 3) & 1).to_bits();
        self.bit_4.next = ((self.recent.q.val().index() >> 4) & 1).to_bits();
        self.under_way.next = self.bit_0.val()
            + self.bit_1.val()
            + self.bit_2.val()
            + self.bit_3.val()
            + self.bit_4.val();

        comment!(
            "Of one port: with an odd number of samples since then, the one of three or five clocks ago has the same bank."
        );
        self.between_3.next = self.bit_0.val() ^ self.bit_1.val();
        self.between_5.next = self.between_3.val() ^ self.bit_2.val() ^ self.bit_3.val();
        self.writes_3.next = self.bit_2.val() & self.between_3.val();
        self.writes_5.next = self.bit_4.val() & self.between_5.val();
        self.bank_is_free.next =
            !self.one_port.val() | ((self.writes_3.val() == 0) & (self.writes_5.val() == 0));

        self.ready.next = (self.room.val() | self.framed.val())
            & !self.gap.q.val()
            & (self.under_way.val() < self.channels_at_once.val())
            & self.bank_is_free.val()
            & self.aresetn.val();
        self.taken.next = self.ready.val() & self.s_axis_tvalid.val();
        self.s_axis_tready.next = self.ready.val();
        self.accept.next = self.taken.val();
        self.channel.next = self.channel_number.q.val();
        self.fresh.next = !self.round_over.q.val() & self.keyframe.val();

        comment!("Where a round ends, and a packet or a frame.");
        self.last_of_channels.next = self.channel_number.q.val() == self.last_channel.val();
        self.round_ends.next = self.last_of_channels.val();
        self.ends.next = self.s_axis_tlast.val();
        self.detected.next = false;
        if self.framed.val() {
            self.round_ends.next = self.s_axis_tlast.val();
            self.ends.next =
                self.s_axis_tlast.val() & (self.round_number.q.val() == self.last_round.val());
            self.detected.next = self.taken.val()
                & !self.too_long.q.val()
                & (self.last_of_channels.val() ^ self.s_axis_tlast.val());
        }
        self.last.next = self.ends.val();
        self.misaligned_round.next = self.detected.val();
        self.misaligned.next = self.misaligned_rounds.q.val();

        self.older.next = ((self.recent.q.val().index() & 0xf) << 1).to_bits();
        self.shifted.next = self.older.val();
        if self.taken.val() {
            self.shifted.next = self.older.val() | 1;
        }
        self.recent.d.next = self.shifted.val() & self.recent_clocks.val();
        if self.detected.val() {
            self.misaligned_rounds.d.next = self.misaligned_rounds.q.val() + 1;
        }
        if !self.framed.val() | self.frame_over.val() {
            self.gap.d.next = false;
        }
        self.next_channel.next = self.channel_number.q.val() + 1;
        if self.taken.val() {
            self.channel_number.d.next = self.next_channel.val() & self.channel_bits.val();
            if self.last_of_channels.val() {
                self.channel_number.d.next = 0.into();
                self.too_long.d.next = self.framed.val();
            }
            if self.round_ends.val() {
                self.channel_number.d.next = 0.into();
                self.round_over.d.next = true;
                self.round_number.d.next = self.round_number.q.val() + 1;
                self.too_long.d.next = false;
            }
            if self.ends.val() {
                self.channel_number.d.next = 0.into();
                self.round_over.d.next = false;
                self.round_number.d.next = 0.into();
                self.gap.d.next = true;
            }
        }
        if !self.aresetn.val() {
            self.channel_number.d.next = 0.into();
            self.round_over.d.next = false;
            self.round_number.d.next = 0.into();
            self.gap.d.next = false;
            self.too_long.d.next = false;
            self.misaligned_rounds.d.next = 0.into();
        }
    }
}
