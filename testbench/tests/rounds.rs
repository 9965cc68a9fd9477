//! Channel numbers and interlock against a list of when each channel was last taken: random offers,
//! packets and resets, for few channels and both loops.

use hdl::framer::Frames;
use hdl::rounds::Rounds;
use hdl::{bigram_model, means_model};
use rand::RngExt as _;
use rand::rngs::StdRng;
use rust_hdl::prelude::*;
use testbench::seed::{generator, seed};
use testbench::tick;

/// Gives back how many samples were taken in how many clocks at which one could have been.
fn check(channels: usize, state_loop: usize, offers: u32, random: &mut StdRng) -> (u32, u32) {
    let mut block = Rounds::<5>::new(channels, state_loop, None);
    block.connect_all();
    let mut last_taken = vec![None; channels];
    let (mut channel, mut fresh, mut gap) = (0, true, false);
    let (mut taken, mut possible) = (0, 0);
    for clock in 0..3000 {
        let reset = random.random_ratio(1, 500);
        let valid = random.random_ratio(offers, 100);
        let last = random.random_ratio(1, 100);
        let room = random.random_ratio(9, 10);
        block.aresetn.next = !reset;
        (block.s_axis_tvalid.next, block.s_axis_tlast.next) = (valid, last);
        block.room.next = room;
        testbench::settle!(block);
        let ready = block.s_axis_tready.val();
        let accept = block.accept.val();
        assert_eq!(accept, ready && valid);
        if ready {
            assert!(room && !gap && !reset);
        }
        // Right after a reset or a packet the channels are fresh, and nobody reads memory.
        if let Some(before) = last_taken[channel]
            && ready
        {
            assert!(clock >= before + state_loop, "channel {channel} too soon");
        }
        let free = last_taken[channel].is_none_or(|before| clock >= before + state_loop);
        if room && !gap && !reset && free && !fresh {
            assert!(ready, "waits for nothing");
            possible += u32::from(valid);
        }
        if accept {
            assert_eq!(block.channel.val().index(), channel);
            assert_eq!(block.fresh.val(), fresh);
            assert_eq!(block.last.val(), last);
            taken += u32::from(!fresh);
            last_taken[channel] = Some(clock);
            channel += 1;
            if channel == channels {
                (channel, fresh) = (0, false);
            }
        }
        gap = accept && last;
        if gap || reset {
            (channel, fresh) = (0, true);
            last_taken.fill(None);
        }
        tick!(block);
    }
    (taken, possible)
}

#[test]
fn no_channel_comes_round_too_soon_and_none_waits_for_nothing() {
    let mut random = generator(seed("no_channel_comes_round_too_soon_and_none_waits_for_nothing"));
    for state_loop in [bigram_model::STATE_LOOP, means_model::STATE_LOOP] {
        for channels in [1, 2, 3, 4, 5, 6, 7, 8, 31, 32] {
            for offers in [10, 50, 100] {
                let (taken, possible) = check(channels, state_loop, offers, &mut random);
                assert_eq!(taken, possible, "{channels} channels, a loop of {state_loop}");
            }
        }
    }
}

#[test]
fn frames_and_keyframes_are_counted() {
    let mut random = generator(seed("frames_and_keyframes_are_counted"));
    for (channels, rounds, keyframe_interval) in [(1, 1, 1), (2, 3, 2), (5, 1, 3), (32, 19, 4)] {
        let frames = Some(Frames { rounds, keyframe_interval });
        let mut block = Rounds::<5>::new(channels, bigram_model::STATE_LOOP, frames);
        block.connect_all();
        block.aresetn.next = true;
        block.room.next = true;
        let (mut taken, mut gap) = (0, 0);
        while taken < 10 * channels * rounds {
            block.s_axis_tvalid.next = random.random();
            block.s_axis_tlast.next = random.random();
            testbench::settle!(block);
            if gap > 0 {
                assert!(!block.s_axis_tready.val(), "four clocks after a frame");
                gap -= 1;
            }
            if block.accept.val() {
                let round = taken / channels;
                let fresh = round % rounds == 0 && round / rounds % keyframe_interval == 0;
                let last = (taken + 1) % (channels * rounds) == 0;
                assert_eq!(block.channel.val().index(), taken % channels);
                assert_eq!((block.fresh.val(), block.last.val()), (fresh, last), "{taken}");
                gap = if last { 4 } else { 0 };
                taken += 1;
            }
            tick!(block);
        }
    }
}
