//! From samples to ranks, in the one-channel pipeline.

use super::{bigram_32, hold, number, signed, when};
use golden_model::ChannelState as GoldenState;
use golden_model::Converter;
use golden_model::predictor::{MAX_FEATURES, Past};
use hdl::circuit::rest;
use hdl::codec::activity::Activity;
use hdl::codec::channel_state::ChannelState;
use hdl::codec::converter::{Converter as ConverterBlock, Input};
use hdl::codec::predictor::Predictor;
use hdl::codec::rank_table::RankTable;
use hdl::shape::CHALLENGE;
use rust_hdl::prelude::*;
use testbench::waveform::Level::{Bit, Number};
use testbench::waveform::Waveform;
use testbench::{settle, tick};

#[test]
fn converter() {
    let mut waveform = Waveform::new(&["sample", "token", "on_lattice"]);
    let mut block = ConverterBlock::<CHALLENGE>::new(&Converter::challenge(), Input::Samples);
    block.connect_all();
    for sample in [i16::MIN, -32703, -32704, -32, -1, 0, 31, 32, i16::MAX] {
        block.sample.next = u64::from(sample as u16).into();
        rest(&mut block);
        let token = number(block.token.val());
        waveform.clock(&[Number(sample.into()), token, Bit(block.on_lattice.val())]);
    }
    hold("converter", &waveform);
}

#[test]
fn predictor() {
    let mut waveform = Waveform::new(&["last", "token", "prediction", "offset"]);
    let mut block = Predictor::<CHALLENGE>::default();
    block.connect_all();
    for (last, token) in [(512, 515), (515, 515), (515, 509), (1023, 0), (0, 1023), (0, 512)] {
        block.last.next = last.into();
        block.token.next = token.into();
        rest(&mut block);
        let prediction = number(block.prediction.val());
        let offset = signed(block.offset.val());
        waveform.clock(&[Number(last as i64), Number(token as i64), prediction, offset]);
    }
    hold("predictor", &waveform);
}

#[test]
fn rank_table() {
    let names = ["enable", "row", "offset", "rank", "in_window"];
    let mut waveform = Waveform::new(&names);
    let mut block = RankTable::<CHALLENGE>::new(bigram_32().table_set().rank_table());
    block.connect_all();
    let idle = (false, 0, 0);
    for (enable, prediction, offset) in
        [(true, 512, 0), (true, 512, -5), (true, 513, 1), idle, (true, 0, 31), (true, 0, 32), idle]
    {
        block.enable.next = enable;
        block.row.next = (prediction as u64).into();
        block.offset.next = u64::from(offset as u16 & 1023).into();
        settle!(block);
        waveform.clock(&[
            Bit(enable),
            when(enable, Number(prediction)),
            when(enable, Number(i64::from(offset))),
            number(block.rank.val()),
            Bit(block.in_window.val()),
        ]);
        tick!(block);
    }
    hold("rank_table", &waveform);
}

#[test]
fn activity() {
    let names = ["enable", "mean", "offset", "next_mean", "activity_context"];
    let mut waveform = Waveform::new(&names);
    let profile = bigram_32();
    let window = profile.table_set().window();
    let mut block = Activity::<CHALLENGE>::new(profile.table_set().activity(), window);
    block.connect_all();
    let mut mean = 600;
    for (clock, offset) in [0_i16, 3, -3, 200, -32, 5, 0, -512].into_iter().enumerate() {
        let enable = clock != 6;
        block.enable.next = enable;
        block.mean.next = mean.into();
        block.offset.next = u64::from(offset as u16 & 1023).into();
        settle!(block);
        let next = block.next_mean.val();
        let context = number(block.activity_context.val());
        waveform.clock(&[
            Bit(enable),
            Number(mean as i64),
            when(enable, Number(offset.into())),
            when(enable, number(next)),
            when(clock > 0, context),
        ]);
        mean = if enable { next.to_u64() } else { mean };
        tick!(block);
    }
    hold("activity", &waveform);
}

#[test]
fn channel_state() {
    let names = ["aresetn", "write", "restart", "new_last", "new_mean", "last", "mean"];
    let mut waveform = Waveform::new(&names);
    let initial =
        GoldenState { past: Past::new(&Converter::challenge(), [0; MAX_FEATURES]), mean: 1024 };
    let mut block = ChannelState::<CHALLENGE>::new(&initial);
    block.connect_all();
    let steps = [(1, 1, 0), (1, 1, 0), (1, 0, 0), (1, 1, 1), (1, 1, 0), (0, 0, 0), (1, 0, 0)];
    for (clock, (aresetn, write, restart)) in steps.into_iter().enumerate() {
        let (new_last, new_mean) = (515 + clock as u64, 1000 + clock as u64);
        block.aresetn.next = aresetn == 1;
        block.write.next = write == 1;
        block.restart.next = restart == 1;
        block.new_last.next = new_last.into();
        block.new_mean.next = new_mean.into();
        settle!(block);
        waveform.clock(&[
            Bit(aresetn == 1),
            Bit(write == 1),
            Bit(restart == 1),
            when(write == 1, Number(new_last as i64)),
            when(write == 1, Number(new_mean as i64)),
            number(block.last.val()),
            number(block.mean.val()),
        ]);
        tick!(block);
    }
    hold("channel_state", &waveform);
}
