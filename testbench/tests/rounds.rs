//! Channel numbers and interlock against a list of when each channel was last taken: random offers,
//! packets and resets, for few channels and both loops; with frames, rounds of random length.

use hdl::codec::{bigram_model, mean_model, means_model};
use hdl::shape::CHANNEL;
use hdl::stream::framer::Frames;
use hdl::stream::rounds::Rounds;
use rand::RngExt as _;
use rand::rngs::StdRng;
use rust_hdl::prelude::*;
use std::collections::VecDeque;
use testbench::seed::{generator, seed};
use testbench::{settle, tick};

/// Returns the samples accepted and the clocks at which one could have been accepted.
fn check(channels: usize, state_loop: usize, offers: u32, random: &mut StdRng) -> (u32, u32) {
    let mut block = Rounds::<CHANNEL>::new(channels, state_loop, None);
    block.connect_all();
    block.keyframe.next = true;
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
        settle!(block);
        let ready = block.s_axis_tready.val();
        let accept = block.accept.val();
        assert_eq!(accept, ready && valid);
        if ready {
            assert!(room && !gap && !reset);
        }
        // Right after a reset or a packet the channels are fresh, and memory is not read.
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
fn no_channel_returns_too_soon_and_none_waits_without_need() {
    let mut random = generator(seed("no_channel_returns_too_soon_and_none_waits_without_need"));
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
fn rounds_are_counted_by_tlast_and_misaligned_ones_are_found() {
    let mut random = generator(seed("rounds_are_counted_by_tlast_and_misaligned_ones_are_found"));
    for (channels, rounds) in [(1, 1), (1, 4), (2, 3), (5, 1), (32, 19)] {
        for misaligned_in_100 in [0, 5, 50] {
            let frames = Some(Frames { rounds, keyframe_interval: 1 });
            let mut block = Rounds::<CHANNEL>::new(channels, bigram_model::STATE_LOOP, frames);
            block.connect_all();
            block.aresetn.next = true;
            // Frames do not wait for room.
            block.room.next = false;
            let mut misaligned_rounds = 0_u16;
            for _frame in 0..10 {
                let keyframe = random.random();
                block.keyframe.next = keyframe;
                for round in 0..rounds {
                    let length = match random.random_ratio(misaligned_in_100, 100) {
                        true => random.random_range(1..=3 * channels),
                        false => channels,
                    };
                    // The sample that reveals it: the last channel's, or the last one.
                    let turns_out = (length != channels).then_some(length.min(channels) - 1);
                    for at in 0..length {
                        let tlast = at + 1 == length;
                        let misaligned = Some(at) == turns_out;
                        while !offer(&mut block, random.random_ratio(2, 3), tlast) {
                            assert!(!block.misaligned_round.val());
                            tick!(block);
                        }
                        assert_eq!(block.channel.val().index(), at % channels);
                        assert_eq!(block.last.val(), tlast && round + 1 == rounds);
                        assert_eq!(block.misaligned_round.val(), misaligned, "{at} of {length}");
                        if at < channels {
                            assert_eq!(block.fresh.val(), keyframe && round == 0);
                        }
                        misaligned_rounds += u16::from(misaligned);
                        tick!(block);
                        assert_eq!(block.misaligned.val().to_u16(), misaligned_rounds);
                    }
                }
                for _ in 0..random.random_range(0..20) {
                    assert!(!offer(&mut block, true, false), "before the frame is over");
                    tick!(block);
                }
                block.frame_over.next = true;
                assert!(!offer(&mut block, true, false));
                tick!(block);
                block.frame_over.next = false;
            }
        }
    }
}

/// Maybe offers a sample; returns whether it is accepted at this clock.
fn offer(block: &mut Rounds<CHANNEL>, valid: bool, tlast: bool) -> bool {
    block.s_axis_tvalid.next = valid;
    block.s_axis_tlast.next = tlast;
    settle!(*block);
    block.accept.val()
}

/// Of one port: a sample's state is read when it is taken and written some clocks later; never in one bank at
/// once, with any gaps, and no sample waits for more than two clocks.
#[test]
fn no_clock_needs_a_bank_of_one_port_twice() {
    let mut random = generator(seed("no_clock_needs_a_bank_of_one_port_twice"));
    for channels in [6, 8, 32] {
        let frames = Some(Frames { rounds: 50, keyframe_interval: 1 });
        let block = Rounds::<CHANNEL>::new(channels, mean_model::STATE_LOOP, frames);
        let mut block = block.with_one_port();
        block.connect_all();
        block.aresetn.next = true;
        // The banks of the samples taken at the clocks before, the latest first.
        let mut taken: VecDeque<Option<usize>> = VecDeque::from([None; 5]);
        let (mut waited, mut longest, mut collisions, mut at) = (0, 0, 0, 0);
        while at < 50 * channels {
            let offered = random.random_ratio(2, 3) || waited > 0;
            let is_taken = offer(&mut block, offered, (at + 1) % channels == 0);
            let bank = block.channel.val().index() % 2;
            let written = mean_model::WRITES.map(|clocks| taken[clocks - 1]);
            assert!(
                !is_taken || !written.contains(&Some(bank)),
                "{channels} channels, sample {at}"
            );
            // What a schedule without the interlock would have done.
            collisions += usize::from(offered && written.contains(&Some(bank)));
            waited = if offered && !is_taken { waited + 1 } else { 0 };
            longest = longest.max(waited);
            at += usize::from(is_taken);
            taken.push_front(is_taken.then_some(bank));
            taken.pop_back();
            tick!(block);
        }
        assert!(longest <= 2 && collisions > 10, "{longest} clocks, {collisions} collisions");
    }
}
