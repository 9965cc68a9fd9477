//! The parallel port compared with a queue: every code, strobes in any phase, stalls and resets.

use golden_model::Converter;
use golden_model::converter::Token;
use hdl::circuit::rest;
use hdl::ports::parallel_port::ParallelPort;
use hdl::shape::CHALLENGE;
use rand::RngExt as _;
use rust_hdl::prelude::*;
use std::collections::VecDeque;
use testbench::seed::{generator, seed};
use testbench::tick;

fn port() -> ParallelPort<CHALLENGE> {
    let mut block = ParallelPort::new(&Converter::challenge());
    block.connect_all();
    block.aresetn.next = true;
    rest(&mut block);
    block
}

fn strobe(block: &mut ParallelPort<CHALLENGE>, code: u16, round_end: bool) {
    block.code.next = u64::from(code).into();
    block.round_end.next = round_end;
    block.strobe.next = false.into();
    rest(block);
    block.strobe.next = true.into();
    rest(block);
}

#[test]
fn every_code_is_output_as_its_sample() {
    let mut block = port();
    block.m_axis_tready.next = true;
    for code in 0..1024 {
        strobe(&mut block, code, code % 3 == 0);
        let mut clocks = 0;
        while !block.m_axis_tvalid.val() {
            tick!(block);
            clocks += 1;
        }
        assert!(clocks <= 5, "{clocks} clocks");
        let sample = block.m_axis_tdata.val().to_u16() as i16;
        assert_eq!(sample, Converter::challenge().sample(Token::new(code)), "code {code}");
        assert_eq!(block.m_axis_tlast.val(), code % 3 == 0);
        tick!(block);
    }
}

#[test]
fn strobes_of_any_speed_against_a_queue() {
    let mut random = generator(seed("parallel_port: strobes of any speed"));
    let mut block = port();
    let mut queue: VecDeque<(i16, bool)> = VecDeque::new();
    let (mut strobes, mut takes) = (50, 50);
    let (mut lost, mut lost_any, mut taken, mut most) = (0_u8, false, 0, 0);
    for clock in 0..60_000 {
        if clock % 200 == 0 {
            (strobes, takes) = (random.random_range(0..=100), random.random_range(0..=100));
        }
        // At most one strobe per clock, before or after the edge.
        let strobes_now = random.random_ratio(strobes, 100);
        let early = random.random::<bool>();
        let (code, round_end) = (random.random_range(0..1024_u16), random.random());
        let ready = random.random_ratio(takes, 100);
        block.m_axis_tready.next = ready;
        block.aresetn.next = true;
        let lost_before = block.lost.val().to_u8();
        if strobes_now && early {
            strobe(&mut block, code, round_end);
        }
        testbench::settle!(block);
        let offered = block
            .m_axis_tvalid
            .val()
            .then(|| (block.m_axis_tdata.val().to_u16() as i16, block.m_axis_tlast.val()));
        tick!(block);
        if strobes_now && !early {
            strobe(&mut block, code, round_end);
        }
        if strobes_now {
            queue.push_back((Converter::challenge().sample(Token::new(code)), round_end));
        }
        if let Some(offered) = offered {
            assert_eq!(Some(&offered), queue.front(), "clock {clock}");
            if ready {
                queue.pop_front();
                taken += 1;
            }
        }
        // The oldest waiting code, except the offered one, is dropped.
        if block.lost.val().to_u8() != lost_before {
            assert!(offered.is_some() && !ready);
            queue.remove(1);
            lost = (lost + 1) % 64;
            lost_any = true;
        }
        assert_eq!(block.lost.val().to_u8(), lost);
        most = most.max(queue.len());
    }
    assert!(taken > 10_000 && lost_any && most >= 24, "{taken} taken, {most} waited at most");
}

#[test]
fn reset_drops_waiting_words() {
    let mut block = port();
    for code in 0..10 {
        strobe(&mut block, code, false);
    }
    (0..3).for_each(|_| tick!(block));
    assert!(block.m_axis_tvalid.val());
    block.aresetn.next = false;
    (0..4).for_each(|_| tick!(block));
    block.aresetn.next = true;
    (0..10).for_each(|_| {
        tick!(block);
        assert!(!block.m_axis_tvalid.val());
    });
    strobe(&mut block, 77, true);
    (0..4).for_each(|_| tick!(block));
    assert!(block.m_axis_tvalid.val() && block.m_axis_tlast.val());
    assert_eq!(
        block.m_axis_tdata.val().to_u16() as i16,
        Converter::challenge().sample(Token::new(77))
    );
}
