//! From ranks to words: both coders, and what packs their bits.

use super::{hold, number, when};
use golden_model::Converter;
use golden_model::converter::Token;
use hdl::Profile;
use hdl::codec::bit_packer::BitPacker;
use hdl::codec::converter::Input;
use hdl::codec::range_coder::RangeCoder;
use hdl::codec::range_coder::encoder::RangeEncoder;
use hdl::codec::range_coder::packer::CarryPacker;
use hdl::codec::tier_coder::TierCoder;
use hdl::shape::CHALLENGE;
use hdl::stream::word_fifo::WordFifo;
use rust_hdl::prelude::*;
use testbench::waveform::Level::{Bit, Hex, Nothing, Number};
use testbench::waveform::Waveform;
use testbench::{settle, tick};

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
