//! Blocks that the one-channel pipeline has.

use super::{bigram_32, hold, number, signed, when};
use golden_model::ChannelState as GoldenState;
use golden_model::Converter;
use golden_model::converter::Token;
use golden_model::predictor::{MAX_FEATURES, Past};
use hdl::Profile;
use hdl::circuit::rest;
use hdl::codec::activity::Activity;
use hdl::codec::bit_packer::BitPacker;
use hdl::codec::channel_state::ChannelState;
use hdl::codec::converter::{Converter as ConverterBlock, Input};
use hdl::codec::predictor::Predictor;
use hdl::codec::range_coder::RangeCoder;
use hdl::codec::range_coder::encoder::RangeEncoder;
use hdl::codec::range_coder::packer::CarryPacker;
use hdl::codec::rank_table::RankTable;
use hdl::codec::tier_coder::TierCoder;
use hdl::shape::CHALLENGE;
use hdl::stream::word_fifo::WordFifo;
use rust_hdl::prelude::*;
use testbench::waveform::Level::{Bit, Hex, Nothing, Number};
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

#[test]
fn tier_coder() {
    let names =
        ["valid", "rank", "in_window", "on_lattice", "sample", "code_valid", "code", "length"];
    let mut waveform = Waveform::new(&names);
    let mut block =
        TierCoder::<CHALLENGE>::new(Profile::named("seed").unwrap().table_set(), Input::Samples);
    block.connect_all();
    block.aresetn.next = true;
    let sample = |token| Converter::challenge().sample(Token::new(token));
    let steps = [
        Some((5, true, sample(515))),
        Some((8, true, sample(509))),
        Some((0, false, sample(900))),
        None,
        Some((0, true, 1)),
        None,
        None,
        None,
    ];
    let mut before: Option<i16> = None;
    for step in steps {
        let valid = step.is_some();
        let (rank, in_window, sample) = step.unwrap_or_default();
        let on_lattice = Converter::challenge().token(sample).is_some();
        block.valid.next = valid;
        block.rank.next = (rank as u64).into();
        block.in_window.next = in_window;
        block.on_lattice.next = on_lattice;
        block.sample.next = u64::from(before.unwrap_or(0) as u16).into();
        settle!(block);
        let code_valid = block.code_valid.val();
        waveform.clock(&[
            Bit(valid),
            when(valid && in_window && on_lattice, Number(rank)),
            Bit(valid && in_window),
            Bit(valid && on_lattice),
            before.map_or(Nothing, |sample| Number(sample.into())),
            Bit(code_valid),
            when(code_valid, Hex(block.code.val().to_u64())),
            when(code_valid, number(block.length.val())),
        ]);
        before = valid.then_some(sample);
        tick!(block);
    }
    hold("tier_coder", &waveform);
}

#[test]
fn range_coder() {
    let names = [
        "valid",
        "last",
        "rank",
        "in_window",
        "on_lattice",
        "sample",
        "code_valid",
        "code_last",
        "code",
        "length",
    ];
    let mut waveform = Waveform::new(&names);
    let set = golden_model::shipped("mean-range-64").unwrap();
    let mut block = RangeCoder::<CHALLENGE>::new(&set, Input::Samples);
    block.connect_all();
    block.aresetn.next = true;
    block.activity_context.next = 4.into();
    block.row.next = 5.into();
    let sample = |token| Converter::challenge().sample(Token::new(token));
    let steps = [
        Some((0, true, sample(515))),
        Some((9, true, sample(509))),
        Some((0, false, sample(900))),
        Some((0, true, 1)),
    ];
    let mut before: Option<i16> = None;
    for clock in 0..12 {
        let step = steps.get(clock).copied().flatten();
        let valid = step.is_some();
        let (rank, in_window, sample) = step.unwrap_or_default();
        let on_lattice = Converter::challenge().token(sample).is_some();
        let last = clock + 1 == steps.len();
        block.valid.next = valid;
        block.last.next = last;
        block.rank.next = (rank as u64).into();
        block.in_window.next = in_window;
        block.on_lattice.next = on_lattice;
        block.sample.next = u64::from(before.unwrap_or(0) as u16).into();
        settle!(block);
        let code_valid = block.code_valid.val();
        waveform.clock(&[
            Bit(valid),
            Bit(last),
            when(valid && in_window && on_lattice, Number(rank)),
            Bit(valid && in_window),
            Bit(valid && on_lattice),
            before.map_or(Nothing, |sample| Number(sample.into())),
            Bit(code_valid),
            Bit(code_valid && block.code_last.val()),
            when(code_valid, Hex(block.code.val().to_u64())),
            when(code_valid, number(block.length.val())),
        ]);
        before = valid.then_some(sample);
        tick!(block);
    }
    hold("range_coder", &waveform);
}

#[test]
fn encoder() {
    let names = [
        "valid",
        "last",
        "part_begin",
        "part_end",
        "token_escape",
        "raw",
        "code_valid",
        "code_last",
        "code",
        "length",
    ];
    let mut waveform = Waveform::new(&names);
    let mut block = RangeEncoder::<CHALLENGE>::default();
    block.connect_all();
    block.aresetn.next = true;
    let steps = [
        Some((0x2000, 0x6000, false, 0, false)),
        Some((0x6000, 0, false, 0, false)),
        Some((0x6000, 0, false, 0, false)),
        Some((1, 0x100, true, 515, true)),
    ];
    for clock in 0..9 {
        let step = steps.get(clock).copied().flatten();
        let valid = step.is_some();
        let (begin, end, escape, raw, last) = step.unwrap_or((0, 0, false, 0, false));
        block.valid.next = valid;
        block.last.next = last;
        block.part_begin.next = begin.into();
        block.part_end.next = end.into();
        block.token_escape.next = escape;
        block.raw.next = raw.into();
        settle!(block);
        let code_valid = block.code_valid.val();
        waveform.clock(&[
            Bit(valid),
            Bit(last),
            when(valid, Hex(begin)),
            when(valid, Hex(end)),
            Bit(escape),
            when(escape, Number(raw as i64)),
            Bit(code_valid),
            Bit(code_valid && block.code_last.val()),
            when(code_valid, Hex(block.code.val().to_u64())),
            when(code_valid, number(block.length.val())),
        ]);
        tick!(block);
    }
    hold("encoder", &waveform);
}

#[test]
fn packer() {
    let names = ["valid", "last", "code", "length", "word_valid", "word_last", "word"];
    let mut waveform = Waveform::new(&names);
    let mut block = CarryPacker::default();
    block.connect_all();
    block.aresetn.next = true;
    let steps = [
        Some((0x7fff_ffff, 31, false)),
        // Completes a word of ones but for the last bit, into which the next code's carry goes.
        Some((0x0, 1, false)),
        Some((0x5, 2, false)),
        Some((0x1234, 16, true)),
    ];
    for clock in 0..8 {
        let step = steps.get(clock).copied().flatten();
        let (code, length, last) = step.unwrap_or_default();
        block.valid.next = step.is_some();
        block.last.next = last;
        block.code.next = code.into();
        block.length.next = length.into();
        settle!(block);
        let word_valid = block.word_valid.val();
        waveform.clock(&[
            Bit(step.is_some()),
            Bit(last),
            when(step.is_some(), Hex(code)),
            when(step.is_some(), Number(length as i64)),
            Bit(word_valid),
            Bit(word_valid && block.word_last.val()),
            when(word_valid, Hex(block.word.val().to_u64())),
        ]);
        tick!(block);
    }
    hold("packer", &waveform);
}

#[test]
fn bit_packer() {
    let names =
        ["valid", "last", "code", "length", "word_valid", "word_last", "word", "word_bytes"];
    let mut waveform = Waveform::new(&names);
    let mut block = BitPacker::default();
    block.connect_all();
    block.aresetn.next = true;
    let steps = [
        Some((0xabc, 12, false)),
        Some((0xdef, 12, false)),
        // Ends the first word and begins the second, which is sent at once because the packet ends.
        Some((0x1234, 16, true)),
        None,
        Some((0x5, 3, true)),
        None,
        None,
        None,
    ];
    for step in steps {
        let (code, length, last) = step.unwrap_or_default();
        block.valid.next = step.is_some();
        block.last.next = last;
        block.code.next = code.into();
        block.length.next = length.into();
        settle!(block);
        let word_valid = block.word_valid.val();
        waveform.clock(&[
            Bit(step.is_some()),
            Bit(last),
            when(step.is_some(), Hex(code)),
            when(step.is_some(), Number(length as i64)),
            Bit(word_valid),
            Bit(block.word_last.val()),
            when(word_valid, Hex(block.word.val().to_u64())),
            when(word_valid, number(block.word_bytes.val())),
        ]);
        tick!(block);
    }
    hold("bit_packer", &waveform);
}

#[test]
fn word_fifo() {
    let names = [
        "write",
        "word",
        "word_last",
        "m_axis_tvalid",
        "m_axis_tready",
        "m_axis_tdata",
        "m_axis_tkeep",
        "m_axis_tlast",
    ];
    let mut waveform = Waveform::new(&names);
    let mut block = WordFifo::<5>::of_packets(5);
    block.connect_all();
    block.aresetn.next = true;
    let words = [Some((0x11223344, 3, false)), Some((0x55667700, 2, true))];
    let ready = [true, true, false, false, true, true, true];
    for (clock, ready) in ready.into_iter().enumerate() {
        let word = words.get(clock).copied().flatten();
        let (data, bytes, last) = word.unwrap_or_default();
        block.write.next = word.is_some();
        block.word.next = data.into();
        block.word_bytes.next = bytes.into();
        block.word_last.next = last;
        block.m_axis_tready.next = ready;
        settle!(block);
        let valid = block.m_axis_tvalid.val();
        waveform.clock(&[
            Bit(word.is_some()),
            when(word.is_some(), Hex(data)),
            Bit(last),
            Bit(valid),
            Bit(ready),
            when(valid, Hex(block.m_axis_tdata.val().to_u64())),
            when(valid, Hex(block.m_axis_tkeep.val().to_u64())),
            Bit(valid && block.m_axis_tlast.val()),
        ]);
        tick!(block);
    }
    hold("word_fifo", &waveform);
}
