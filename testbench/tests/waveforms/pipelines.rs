//! Whole pipelines, and the blocks before and after them.

use super::{bigram_32, hold, number, when};
use hdl::shape::CHANNEL;
use hdl::stream::crc::start_of;
use hdl::stream::framer::{Framer, Frames};
use hdl::stream::rounds::Rounds;
use hdl::{Channels, Inputs, Profile};
use rust_hdl::prelude::*;
use testbench::waveform::Level::{Bit, Hex, Number};
use testbench::waveform::Waveform;
use testbench::{settle, tick};

/// The streams of a pipeline that is offered these samples from clock 1 on.
fn streams(profile: &Profile, samples: &[(i16, bool)], clocks: usize) -> Waveform {
    let names = [
        "aresetn",
        "s_axis_tvalid",
        "s_axis_tready",
        "s_axis_tdata",
        "s_axis_tlast",
        "m_axis_tvalid",
        "m_axis_tdata",
        "m_axis_tkeep",
        "m_axis_tlast",
    ];
    let mut waveform = Waveform::new(&names);
    let mut circuit = profile.circuit();
    let mut samples = samples.iter().peekable();
    for clock in 0..clocks {
        let offer = if clock == 0 { None } else { samples.peek().copied() };
        let (sample, last) = offer.copied().unwrap_or_default();
        let inputs = Inputs {
            aresetn: clock > 0,
            s_axis_tdata: sample,
            s_axis_tlast: last,
            s_axis_tvalid: offer.is_some(),
            m_axis_tready: true,
            ..Inputs::default()
        };
        let outputs = circuit.settle(&inputs);
        if offer.is_some() && outputs.s_axis_tready {
            samples.next();
        }
        let valid = outputs.m_axis_tvalid;
        waveform.clock(&[
            Bit(inputs.aresetn),
            Bit(inputs.s_axis_tvalid),
            Bit(outputs.s_axis_tready),
            when(inputs.s_axis_tvalid, Number(sample.into())),
            Bit(inputs.s_axis_tlast),
            Bit(valid),
            when(valid, Hex(outputs.m_axis_tdata.into())),
            when(valid, Hex(outputs.m_axis_tkeep.into())),
            Bit(valid && outputs.m_axis_tlast),
        ]);
        circuit.rise();
    }
    waveform
}

#[test]
fn pipeline() {
    // Two samples, the second off the lattice, then a packet of one sample.
    let samples = [(95, false), (1, true), (0, true)];
    hold("pipeline", &streams(&bigram_32(), &samples, 16));
}

#[test]
fn rounds() {
    let names = ["s_axis_tvalid", "s_axis_tready", "s_axis_tlast", "accept", "channel", "fresh"];
    let mut waveform = Waveform::new(&names);
    let mut block = Rounds::<CHANNEL>::new(2, 3, None);
    block.connect_all();
    block.aresetn.next = true;
    block.room.next = true;
    block.keyframe.next = true;
    // Two rounds and a sample, then a packet of one sample.
    let mut lasts = [false, false, false, false, true, true].into_iter().peekable();
    for clock in 0..13 {
        let offer = if clock == 7 { None } else { lasts.peek().copied() };
        block.s_axis_tvalid.next = offer.is_some();
        block.s_axis_tlast.next = offer.unwrap_or_default();
        settle!(block);
        let accept = block.accept.val();
        waveform.clock(&[
            Bit(offer.is_some()),
            Bit(block.s_axis_tready.val()),
            Bit(offer.unwrap_or_default()),
            Bit(accept),
            when(accept, number(block.channel.val())),
            Bit(accept && block.fresh.val()),
        ]);
        if accept {
            lasts.next();
        }
        tick!(block);
    }
    hold("rounds", &waveform);
}

#[test]
fn array_pipeline() {
    // Two rounds of three channels, the sample of the second one off the lattice.
    let set = golden_model::shipped("bigram-32").unwrap();
    let profile = Profile::new("three", set, Channels::Many(3)).unwrap();
    let samples = [(95, false), (1, false), (-32, false), (95, false), (1, false), (0, true)];
    hold("array_pipeline", &streams(&profile, &samples, 18));
}

/// The framer of frames of one word, one at clock 1 and one at clock 8, where the FIFO has no room
/// for the words at some clocks.
fn framer_without_room(full: &[usize]) -> Waveform {
    let names = [
        "code_valid",
        "word_valid",
        "word",
        "word_last",
        "room",
        "write",
        "frame_word",
        "frame_word_last",
    ];
    let mut waveform = Waveform::new(&names);
    let frames = Frames { rounds: 1, keyframe_interval: 2 };
    let mut block = Framer::new(Some(frames));
    block.connect_all();
    block.digest.next = 0x1234_5678_u64.into();
    block.crc_start.next = u64::from(start_of(0)).into();
    block.aresetn.next = true;
    for clock in 0..14 {
        // A code at clocks 1 and 8, two clocks later its word.
        let (code, word) = (clock % 7 == 1, clock % 7 == 3);
        let room = !full.contains(&clock);
        block.code_valid.next = code;
        block.word_valid.next = word;
        block.word_last.next = word;
        block.word.next = (if word { 0x8000_0000_u64 } else { 0 }).into();
        block.room.next = room;
        settle!(block);
        let write = block.write.val();
        waveform.clock(&[
            Bit(code),
            Bit(word),
            when(word, Hex(0x8000_0000)),
            Bit(word),
            Bit(room),
            Bit(write),
            when(write, Hex(block.frame_word.val().to_u64())),
            Bit(write && block.frame_word_last.val()),
        ]);
        tick!(block);
    }
    waveform
}

#[test]
fn framer() {
    hold("framer", &framer_without_room(&[]));
    hold("framer_gives_up", &framer_without_room(&[3]));
}
