//! # Rounds
//!
//! ## Purpose
//! The input of a pipeline for many channels: says which channel a sample belongs to, whether the
//! channel starts anew with it, and makes a sample wait whose channel is still being worked on.
//!
//! ## Ports
//! | port | direction | bits | meaning |
//! |---|---|---|---|
//! | `clock`, `aresetn` | in | 1 | reset: the next sample is the first one of channel 0 |
//! | `s_axis_tvalid`, `s_axis_tlast` | in | 1 | a sample is offered; it ends its packet |
//! | `s_axis_tready` | out | 1 | it is taken |
//! | `room` | in | 1 | the output can take what comes of it |
//! | `accept` | out | 1 | a sample moves at this clock |
//! | `channel` | out | `CHANNEL` | its channel |
//! | `fresh` | out | 1 | its channel starts from the initial state |
//!
//! ## Latency and throughput
//! Combinational; registers count. One sample per clock, except for one clock after a packet's
//! last sample, as long as there are at least as many channels as the state's loop has clocks. With
//! fewer channels, one sample of each channel per loop.
//!
//! ## How it works
//! Samples come in channel order, so the last sample of a channel is as many samples ago as there
//! are channels. Its new state is in memory `loop` clocks after it was taken. So no address is
//! compared: a sample waits while, of the last `loop - 1` clocks, as many took a sample as there are
//! channels.
//!
//! The first round of a packet is fresh: the state's memory is not read, only written.
//!
//! ## Waveform
//! Two channels and a loop of three clocks; a packet of five samples, then one of one sample:
//! ```text
#![doc = include_str!("../waveforms/rounds.txt")]
//! ```
//!
//! ## Proofs
//! `testbench/tests/rounds.rs`: random offers for every number of channels up to 8 and both loops,
//! against a list of when each channel was last taken.

use rust_hdl::prelude::*;

/// Longest loop of a channel's state, in clocks.
pub const MAX_LOOP: usize = 6;

/// Channel numbers and the interlock of up to `2^CHANNEL` channels.
#[derive(LogicBlock)]
pub struct Rounds<const CHANNEL: usize> {
    /// The clock.
    pub clock: Signal<In, Clock>,
    /// Low: the next sample is the first one of channel 0.
    pub aresetn: Signal<In, Bit>,
    /// A sample is offered.
    pub s_axis_tvalid: Signal<In, Bit>,
    /// It ends its packet.
    pub s_axis_tlast: Signal<In, Bit>,
    /// It is taken.
    pub s_axis_tready: Signal<Out, Bit>,
    /// The output can take what comes of a sample.
    pub room: Signal<In, Bit>,

    /// A sample moves at this clock.
    pub accept: Signal<Out, Bit>,
    /// Its channel.
    pub channel: Signal<Out, Bits<CHANNEL>>,
    /// Its channel starts from the initial state.
    pub fresh: Signal<Out, Bit>,

    channel_number: DFF<Bits<CHANNEL>>,
    round_over: DFF<Bit>,
    packet_gap: DFF<Bit>,
    recent: DFF<Bits<5>>,

    last_channel: Constant<Bits<CHANNEL>>,
    recent_clocks: Constant<Bits<5>>,
    channels_at_once: Constant<Bits<3>>,
    older: Signal<Local, Bits<5>>,
    shifted: Signal<Local, Bits<5>>,
    bit_0: Signal<Local, Bits<3>>,
    bit_1: Signal<Local, Bits<3>>,
    bit_2: Signal<Local, Bits<3>>,
    bit_3: Signal<Local, Bits<3>>,
    bit_4: Signal<Local, Bits<3>>,
    under_way: Signal<Local, Bits<3>>,
    ready: Signal<Local, Bit>,
    taken: Signal<Local, Bit>,
}

impl<const CHANNEL: usize> Rounds<CHANNEL> {
    /// The input of this many channels, whose state is in memory again after `state_loop` clocks.
    ///
    /// # Panics
    /// When there are no channels, or more than have numbers, or the loop is too long.
    pub fn new(channels: usize, state_loop: usize) -> Self {
        assert!((1..=1 << CHANNEL).contains(&channels), "{channels} channels");
        assert!((1..=MAX_LOOP).contains(&state_loop), "a loop of {state_loop} clocks");
        Self {
            clock: Default::default(),
            aresetn: Default::default(),
            s_axis_tvalid: Default::default(),
            s_axis_tlast: Default::default(),
            s_axis_tready: Default::default(),
            room: Default::default(),
            accept: Default::default(),
            channel: Default::default(),
            fresh: Default::default(),
            channel_number: Default::default(),
            round_over: Default::default(),
            packet_gap: Default::default(),
            recent: Default::default(),
            last_channel: Constant::new((channels - 1).to_bits()),
            recent_clocks: Constant::new(((1_usize << (state_loop - 1)) - 1).to_bits()),
            channels_at_once: Constant::new(channels.min(MAX_LOOP).to_bits()),
            older: Default::default(),
            shifted: Default::default(),
            bit_0: Default::default(),
            bit_1: Default::default(),
            bit_2: Default::default(),
            bit_3: Default::default(),
            bit_4: Default::default(),
            under_way: Default::default(),
            ready: Default::default(),
            taken: Default::default(),
        }
    }
}

impl<const CHANNEL: usize> Logic for Rounds<CHANNEL> {
    #[hdl_gen]
    fn update(&mut self) {
        dff_setup!(self, clock, channel_number, round_over, packet_gap, recent);

        // Samples taken at the last clocks, the latest in bit 0, and how many.
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

        self.ready.next = self.room.val()
            & !self.packet_gap.q.val()
            & (self.under_way.val() < self.channels_at_once.val())
            & self.aresetn.val();
        self.taken.next = self.ready.val() & self.s_axis_tvalid.val();
        self.s_axis_tready.next = self.ready.val();
        self.accept.next = self.taken.val();
        self.channel.next = self.channel_number.q.val();
        self.fresh.next = !self.round_over.q.val();

        self.older.next = ((self.recent.q.val().index() & 0xf) << 1).to_bits();
        self.shifted.next = self.older.val();
        if self.taken.val() {
            self.shifted.next = self.older.val() | 1;
        }
        self.recent.d.next = self.shifted.val() & self.recent_clocks.val();
        // The gap after a packet's end leaves the packer a clock for its second word.
        self.packet_gap.d.next = self.taken.val() & self.s_axis_tlast.val();
        if self.taken.val() {
            self.channel_number.d.next = self.channel_number.q.val() + 1;
            if self.channel_number.q.val() == self.last_channel.val() {
                self.channel_number.d.next = 0.into();
                self.round_over.d.next = true;
            }
        }
        if (self.taken.val() & self.s_axis_tlast.val()) | !self.aresetn.val() {
            self.channel_number.d.next = 0.into();
            self.round_over.d.next = false;
        }
    }
}
