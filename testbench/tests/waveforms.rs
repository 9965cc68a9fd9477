//! Draws the waveform on each block's page from a simulation, and holds it against the page.
//!
//! After a change: `TIERWIRE_REDRAW=1 cargo test -p testbench --test waveforms`, and look at the
//! difference.

use golden_model::ChannelState as GoldenState;
use golden_model::predictor::{MAX_FEATURES, Past};
use golden_model::tokenizer::{self, Token};
use hdl::activity::Activity;
use hdl::bigram_model::BigramModel;
use hdl::bit_packer::BitPacker;
use hdl::channel_state::ChannelState;
use hdl::circuit::rest;
use hdl::crc::Crc;
use hdl::framer::{Framer, Frames};
use hdl::lms_predictor::LmsPredictor;
use hdl::means_model::MeansModel;
use hdl::multiplier::Multiplier;
use hdl::parallel_port::ParallelPort;
use hdl::predictor::Predictor;
use hdl::ram::Ram;
use hdl::rank_table::RankTable;
use hdl::rounds::Rounds;
use hdl::serial_port::SerialPort;
use hdl::tier_coder::TierCoder;
use hdl::tokenizer::Tokenizer;
use hdl::weight_step::WeightStep;
use hdl::word_fifo::WordFifo;
use hdl::word_port::WordPort;
use hdl::{Channels, Inputs, Profile};
use rust_hdl::prelude::*;
use std::path::Path;
use testbench::waveform::Level::{Bit, Hex, Nothing, Number};
use testbench::waveform::{Level, Waveform};
use testbench::{settle, tick};

/// Compares with the page, or redraws it.
fn hold(block: &str, waveform: &Waveform) {
    let folder = Path::new(env!("CARGO_MANIFEST_DIR")).join("../hdl/waveforms");
    let file = folder.join(format!("{block}.txt"));
    let drawing = waveform.draw();
    if std::env::var_os("TIERWIRE_REDRAW").is_some() {
        std::fs::write(&file, &drawing).expect("a writable page");
    }
    let page = std::fs::read_to_string(&file).expect("a page to compare with");
    assert_eq!(page, drawing, "{block}: the page shows something else; see the head of this test");
}

fn number<const N: usize>(bits: Bits<N>) -> Level {
    Number(bits.to_u32().into())
}

/// A number of 10 bits with a sign.
fn signed(bits: Bits<10>) -> Level {
    Number(i64::from((bits.to_u16() << 6) as i16 >> 6))
}

fn when(valid: bool, level: Level) -> Level {
    if valid { level } else { Nothing }
}

fn bigram_32() -> Profile {
    Profile::named("bigram-32").unwrap()
}

#[test]
fn tokenizer() {
    let mut waveform = Waveform::new(&["sample", "token", "remainder", "on_lattice"]);
    let mut block = Tokenizer::default();
    block.connect_all();
    for sample in [i16::MIN, -32703, -32704, -32, -1, 0, 31, 32, i16::MAX] {
        block.sample.next = u64::from(sample as u16).into();
        rest(&mut block);
        let [token, remainder] = [number(block.token.val()), number(block.remainder.val())];
        waveform.clock(&[Number(sample.into()), token, remainder, Bit(block.on_lattice.val())]);
    }
    hold("tokenizer", &waveform);
}

#[test]
fn predictor() {
    let mut waveform = Waveform::new(&["last", "token", "prediction", "offset"]);
    let mut block = Predictor::default();
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
    let names = ["enable", "prediction", "offset", "rank", "in_window"];
    let mut waveform = Waveform::new(&names);
    let mut block = RankTable::<5, 6>::new(bigram_32().table_set().rank_table());
    block.connect_all();
    let idle = (false, 0, 0);
    for (enable, prediction, offset) in
        [(true, 512, 0), (true, 512, -5), (true, 513, 1), idle, (true, 0, 31), (true, 0, 32), idle]
    {
        block.enable.next = enable;
        block.prediction.next = (prediction as u64).into();
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
    let window = profile.table_set().rank_table().window();
    let mut block = Activity::<13>::new(profile.table_set().activity(), window);
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
    let initial = GoldenState { past: Past::new([0; MAX_FEATURES]), mean: 1024 };
    let mut block = ChannelState::<13>::new(&initial);
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
    let mut block = TierCoder::<7>::new(Profile::named("seed").unwrap().table_set());
    block.connect_all();
    block.aresetn.next = true;
    let sample = |token| tokenizer::sample(Token::new(token));
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
    for step in steps {
        let valid = step.is_some();
        let (rank, in_window, sample) = step.unwrap_or_default();
        let on_lattice = tokenizer::token(sample).is_some();
        block.valid.next = valid;
        block.rank.next = (rank as u64).into();
        block.in_window.next = in_window;
        block.on_lattice.next = on_lattice;
        block.token.next = u64::from((sample >> 6) as u16 & 1023 ^ 512).into();
        block.remainder.next = u64::from(sample as u16 & 63).into();
        settle!(block);
        let code_valid = block.code_valid.val();
        waveform.clock(&[
            Bit(valid),
            when(valid && in_window && on_lattice, Number(rank)),
            Bit(valid && in_window),
            Bit(valid && on_lattice),
            when(valid, Number(sample.into())),
            Bit(code_valid),
            when(code_valid, Hex(block.code.val().to_u64())),
            when(code_valid, number(block.length.val())),
        ]);
        tick!(block);
    }
    hold("tier_coder", &waveform);
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
        // Ends the first word and begins the second, which the packet's end sends at once.
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
    let mut block = WordFifo::<5>::of_packets();
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
    let mut block = Rounds::<5>::new(2, 3, None);
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

#[test]
fn lms_predictor() {
    // A token at every clock, each of a channel of its own that stood at 500 and fell by 10.
    let names = [
        "token",
        "last",
        "difference",
        "new_difference",
        "weight_0",
        "prediction",
        "offset",
        "new_steps",
    ];
    let mut waveform = Waveform::new(&names);
    let mut block = LmsPredictor::default();
    block.connect_all();
    for clock in 0..9 {
        let token = 490 + 10 * clock.min(4);
        block.token.next = token.into();
        block.on_lattice.next = true;
        block.seen.next = true;
        block.last.next = 500.into();
        block.difference.next = (2048_u64 - 10).into();
        block.fast_mean.next = (505_u64 << 3).into();
        block.slow_mean.next = (520_u64 << 6).into();
        block.weight_0.next = 4096.into();
        block.weight_1.next = 0.into();
        block.weight_2.next = 0.into();
        settle!(block);
        let there = clock >= 4;
        waveform.clock(&[
            when(clock < 5, Number(token as i64)),
            when(clock < 5, Number(500)),
            when(clock < 5, Number(-10)),
            when(
                clock < 5,
                Number(i64::from((block.new_difference.val().to_u16() << 5) as i16 >> 5)),
            ),
            when(clock < 5, Number(4096)),
            when(there, number(block.prediction.val())),
            when(there, signed(block.offset.val())),
            when(there, number(block.new_steps.val())),
        ]);
        tick!(block);
    }
    hold("lms_predictor", &waveform);
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
    let mut block = Framer::new(0x1234_5678, 0, Some(frames));
    block.connect_all();
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

#[test]
fn crc() {
    let mut waveform = Waveform::new(&["enable", "start", "word", "crc"]);
    let mut block = Crc::new(0);
    block.connect_all();
    let words = [None, Some(0x3132_3334), Some(0x3536_3738), None, None];
    for (clock, word) in words.into_iter().enumerate() {
        let start = clock == 1;
        block.enable.next = word.is_some();
        block.start.next = start;
        block.word.next = word.unwrap_or(0).into();
        settle!(block);
        waveform.clock(&[
            Bit(word.is_some()),
            Bit(start),
            word.map_or(Nothing, Hex),
            when(clock > 1, Hex(block.crc.val().to_u64())),
        ]);
        tick!(block);
    }
    hold("crc", &waveform);
}

#[test]
fn ram() {
    let names = ["write", "write_address", "write_data", "read", "read_address", "data"];
    let mut waveform = Waveform::new(&names);
    let mut block = Ram::<5, 10>::new();
    block.connect_all();
    // Two channels are written; both are read, the first one while the second is written.
    let steps = [
        (Some((3, 515)), None),
        (Some((4, 700)), Some(3)),
        (None, None),
        (None, Some(4)),
        (Some((4, 701)), None),
        (None, None),
    ];
    for (clock, (write, read)) in steps.into_iter().enumerate() {
        let (address, data) = write.unwrap_or_default();
        block.write.next = write.is_some();
        block.write_address.next = (address as u64).into();
        block.write_data.next = (data as u64).into();
        block.read.next = read.is_some();
        block.read_address.next = (read.unwrap_or(0) as u64).into();
        settle!(block);
        waveform.clock(&[
            Bit(write.is_some()),
            when(write.is_some(), Number(address)),
            when(write.is_some(), Number(data)),
            Bit(read.is_some()),
            read.map_or(Nothing, Number),
            when(clock > 1, number(block.data.val())),
        ]);
        tick!(block);
    }
    hold("ram", &waveform);
}

#[test]
fn multiplier() {
    let mut waveform = Waveform::new(&["weight", "feature", "product"]);
    let mut block = Multiplier::default();
    block.connect_all();
    let factors = [Some((4096, 3)), Some((4096, -3)), Some((-8192, 1023)), None];
    for (clock, factors) in factors.into_iter().enumerate() {
        let (weight, feature) = factors.unwrap_or((0, 0));
        block.weight.next = (weight as u64 & 0x3fff).into();
        block.feature.next = (feature as u64 & 0x7ff).into();
        settle!(block);
        let product = (block.product.val().to_u32() << 7) as i32 >> 7;
        waveform.clock(&[
            when(factors.is_some(), Number(weight)),
            when(factors.is_some(), Number(feature)),
            when(clock > 0, Number(product.into())),
        ]);
        tick!(block);
    }
    hold("multiplier", &waveform);
}

#[test]
fn weight_step() {
    let mut waveform = Waveform::new(&["weight", "up", "down", "new_weight"]);
    let mut block = WeightStep::default();
    block.connect_all();
    for (weight, step) in [(4096, 1), (4096, -1), (4096, 0), (8190, 1)] {
        block.weight.next = (weight as u64).into();
        block.up.next = step > 0;
        block.down.next = step < 0;
        rest(&mut block);
        let moved = number(block.new_weight.val());
        waveform.clock(&[Number(weight), Bit(step > 0), Bit(step < 0), moved]);
    }
    hold("weight_step", &waveform);
}

/// A round of six channels and two samples of the next one through a model, a sample at each clock.
macro_rules! model {
    ($model:expr, $clocks:expr) => {{
        let names = [
            "accept",
            "channel",
            "fresh",
            "sample",
            "valid",
            "activity_context",
            "rank",
            "in_window",
            "token",
            "on_lattice",
        ];
        let mut waveform = Waveform::new(&names);
        let mut block = $model;
        block.connect_all();
        block.aresetn.next = true;
        // The last sample is off the lattice.
        let samples = [95, -32, 32, 287, 95, -96, 159, 1];
        for clock in 0..$clocks {
            let sample: Option<i16> = samples.get(clock).copied();
            let (accept, fresh) = (sample.is_some(), clock < 6);
            block.accept.next = accept;
            block.channel.next = (clock as u64 % 6).into();
            block.fresh.next = fresh;
            block.sample.next = u64::from(sample.unwrap_or(0) as u16).into();
            settle!(block);
            let valid = block.valid.val();
            waveform.clock(&[
                Bit(accept),
                when(accept, Number(clock as i64 % 6)),
                Bit(accept && fresh),
                sample.map_or(Nothing, |sample| Number(sample.into())),
                Bit(valid),
                when(valid, number(block.activity_context.val())),
                when(valid, number(block.rank.val())),
                Bit(valid && block.in_window.val()),
                when(valid, number(block.token.val())),
                Bit(valid && block.on_lattice.val()),
            ]);
            tick!(block);
        }
        waveform
    }};
}

#[test]
fn bigram_model() {
    let profile = Profile::named("nano").unwrap();
    let model = BigramModel::<5, 5, 6, 13>::new(profile.table_set());
    hold("bigram_model", &model!(model, 12));
}

#[test]
fn means_model() {
    let profile = Profile::named("tile256").unwrap();
    let model = MeansModel::<8, 6, 6, 13>::new(profile.table_set());
    hold("means_model", &model!(model, 15));
}

#[test]
fn parallel_port() {
    let names = ["strobe", "code", "round_end", "m_axis_tvalid", "m_axis_tready", "m_axis_tdata"];
    let mut waveform = Waveform::new(&[&names[..], &["m_axis_tlast"]].concat());
    let mut block = ParallelPort::default();
    block.connect_all();
    block.aresetn.next = true;
    let mut codes = [511, 512, 515].into_iter().enumerate();
    for clock in 0..12 {
        // A strobe every two clocks, high for one.
        let strobe = clock % 2 == 0 && clock < 6;
        if strobe {
            let (number, code) = codes.next().unwrap();
            block.code.next = (code as u64).into();
            block.round_end.next = number == 2;
        }
        block.strobe.next = strobe.into();
        rest(&mut block);
        block.m_axis_tready.next = clock % 3 == 0;
        settle!(block);
        let valid = block.m_axis_tvalid.val();
        let sample = i64::from(block.m_axis_tdata.val().to_u16() as i16);
        waveform.clock(&[
            Bit(strobe),
            when(clock < 6, number(block.code.val())),
            Bit(block.round_end.val()),
            Bit(valid),
            Bit(block.m_axis_tready.val()),
            when(valid, Number(sample)),
            Bit(valid && block.m_axis_tlast.val()),
        ]);
        tick!(block);
    }
    hold("parallel_port", &waveform);
}

#[test]
fn serial_port() {
    let names = ["cs_n", "sclk", "mosi", "m_axis_tvalid", "m_axis_tdata", "m_axis_tlast"];
    let mut waveform = Waveform::new(&names);
    let mut block = SerialPort::default();
    block.connect_all();
    block.aresetn.next = true;
    block.cs_n.next = true;
    block.m_axis_tready.next = true;
    (0..8).for_each(|_| tick!(block));
    // Half a period of sclk per column, and two clocks.
    let samples: u32 = 0x0005_fffe;
    for half in 0..76 {
        let bit = half / 2;
        let sclk = bit < 32 && half % 2 == 1;
        block.cs_n.next = bit >= 32;
        block.mosi.next = bit < 32 && samples >> (31 - bit) & 1 == 1;
        block.sclk.next = sclk.into();
        rest(&mut block);
        settle!(block);
        let mut valid = block.m_axis_tvalid.val();
        let mut levels = (block.m_axis_tdata.val().to_u16() as i16, block.m_axis_tlast.val());
        tick!(block);
        if block.m_axis_tvalid.val() {
            levels = (block.m_axis_tdata.val().to_u16() as i16, block.m_axis_tlast.val());
            valid = true;
        }
        tick!(block);
        // The first sample's lower bits, and all that follows them.
        if half >= 24 && !(36..60).contains(&half) {
            waveform.clock(&[
                Bit(block.cs_n.val()),
                Bit(sclk),
                Bit(block.mosi.val()),
                Bit(valid),
                when(valid, Number(i64::from(levels.0))),
                Bit(valid && levels.1),
            ]);
        }
    }
    hold("serial_port", &waveform);
}

#[test]
fn word_port() {
    let mut waveform = Waveform::new(&["ready", "cs_n", "sclk", "miso"]);
    let mut block = WordPort::<8>::default();
    block.connect_all();
    block.aresetn.next = true;
    block.cs_n.next = true;
    (0..8).for_each(|_| tick!(block));
    block.s_axis_tvalid.next = true;
    block.s_axis_tlast.next = true;
    block.s_axis_tdata.next = u64::from(0x1234_5678_u32.swap_bytes()).into();
    tick!(block);
    block.s_axis_tvalid.next = false;
    // Half a period of sclk per column, and eight clocks: eight lanes, so a byte a period.
    for half in 0..21 {
        let selected = (1..20).contains(&half);
        let sclk = selected && half >= 3 && half % 2 == 1;
        block.cs_n.next = !selected;
        block.sclk.next = sclk.into();
        rest(&mut block);
        let miso = block.miso.val().to_u64();
        waveform.clock(&[
            Bit(block.ready.val()),
            Bit(!selected),
            Bit(sclk),
            when((3..19).contains(&half), Hex(miso)),
        ]);
        (0..8).for_each(|_| tick!(block));
    }
    hold("word_port", &waveform);
}
