//! Predictors of many channels.

use super::{FEATURE, LEAKY, SUM, hold, number, signed, when};
use golden_model::Converter;
use golden_model::predictor::{MAX_FEATURES, Past};
use hdl::Profile;
use hdl::codec::bigram_model::BigramModel;
use hdl::codec::converter::Input;
use hdl::codec::lms_predictor::LmsPredictor;
use hdl::codec::mean_model::MeanModel;
use hdl::codec::mean_predictor::MeanPredictor;
use hdl::codec::means_model::MeansModel;
use hdl::codec::neighbour_model::NeighbourModel;
use hdl::codec::neighbours::Neighbours;
use hdl::codec::running_mean::RunningMean;
use hdl::shape::CHALLENGE;
use rust_hdl::prelude::*;
use testbench::waveform::Level::{Bit, Hex, Nothing, Number};
use testbench::waveform::Waveform;
use testbench::{settle, tick};

type Lms = LmsPredictor<CHALLENGE, FEATURE, LEAKY, SUM>;
type Means = MeansModel<CHALLENGE, FEATURE, LEAKY, SUM>;
type WithNeighbours = NeighbourModel<CHALLENGE, FEATURE, LEAKY, SUM>;

#[test]
fn lms_predictor() {
    // A token at every clock, each of another channel, whose last token was 500 after a fall of 10.
    let names = [
        "token",
        "last",
        "difference",
        "new_difference",
        "weight_0",
        "new_weight_0",
        "due_token",
        "prediction",
        "offset",
        "new_error",
    ];
    let mut waveform = Waveform::new(&names);
    let mut block = Lms::new(&Past::new(&Converter::challenge(), [0; MAX_FEATURES]));
    block.connect_all();
    let token_at = |clock: u64| 490 + 10 * clock.min(4);
    for clock in 0..9_u64 {
        let token = token_at(clock);
        let due = token_at(clock.saturating_sub(4));
        block.token.next = token.into();
        block.seen.next = true;
        block.seen_two.next = true;
        block.last.next = 500.into();
        block.difference.next = (2048_u64 - 10).into();
        block.fast_mean.next = (505_u64 << 3).into();
        block.slow_mean.next = (520_u64 << 6).into();
        // It was above the prediction, and the difference was positive.
        block.weight_0.next = (0x4000_u64 | 4094).into();
        block.error.next = 1.into();
        block.due_token.next = due.into();
        block.due_learns.next = true;
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
            when(clock < 5, Hex(0x4ffe)),
            when((1..6).contains(&clock), Hex(block.new_weight_0.val().to_u64())),
            when(there, Number(due as i64)),
            when(there, number(block.prediction.val())),
            when(there, signed(block.offset.val())),
            when(there, number(block.new_error.val())),
        ]);
        tick!(block);
    }
    hold("lms_predictor", &waveform);
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
            "on_lattice",
            "valid_sample",
        ];
        let mut waveform = Waveform::new(&names);
        let mut block = $model;
        block.connect_all();
        block.aresetn.next = true;
        // The last sample is off the lattice.
        let samples = [95, -32, 32, 287, 95, -96, 159, 1];
        let mut before = false;
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
                Bit(valid && block.on_lattice.val()),
                when(before, Number((block.valid_sample.val().to_u16() as i16).into())),
            ]);
            before = valid;
            tick!(block);
        }
        waveform
    }};
}

#[test]
fn neighbours() {
    let names = ["begins", "valid", "own_prediction", "token", "prediction", "offset", "new_error"];
    let mut waveform = Waveform::new(&names);
    let profile = Profile::named("neuropixels384").unwrap();
    let mut block = Neighbours::<CHALLENGE, FEATURE, LEAKY, SUM>::new(profile.table_set());
    block.connect_all();
    // The weight is 1, with no update.
    block.weight_0.next = 4096.into();
    block.own_prediction.next = 500.into();
    (block.on_lattice.next, block.learns.next) = (true, true);
    let tokens = [510, 512, 508, 0, 497, 0, 494, 494];
    let begins = [0, 4].map(|clock| clock + 2);
    for clock in 0..tokens.len() + 2 {
        let token = clock.checked_sub(2).map_or(0, |at| tokens[at]);
        let valid = token > 0;
        block.valid.next = valid;
        block.begins.next = begins.contains(&(clock + 1));
        block.token.next = token.into();
        settle!(block);
        waveform.clock(&[
            Bit(begins.contains(&(clock + 1))),
            Bit(valid),
            when(valid, Number(500)),
            when(valid, Number(token as i64)),
            when(valid, number(block.prediction.val())),
            when(valid, signed(block.offset.val())),
            when(valid, number(block.new_error.val())),
        ]);
        tick!(block);
    }
    hold("neighbours", &waveform);
}

#[test]
fn bigram_model() {
    let profile = Profile::named("nano-bigram").unwrap();
    let model = BigramModel::<CHALLENGE>::new(profile.table_set(), Input::Samples, profile.shape());
    hold("bigram_model", &model!(model, 12));
}

#[test]
fn neighbour_model() {
    let profile = Profile::named("neuropixels384").unwrap();
    let model = WithNeighbours::new(profile.table_set(), Input::Samples, profile.shape());
    hold("neighbour_model", &model!(model, 16));
}

#[test]
fn mean_model() {
    let profile = Profile::named("tile256").unwrap();
    let model = MeanModel::<CHALLENGE>::new(profile.table_set(), Input::Samples, profile.shape());
    hold("mean_model", &model!(model, 12));
}

#[test]
fn mean_predictor() {
    let names = ["token", "offset", "due_token", "new_expected", "new_lag"];
    let mut waveform = Waveform::new(&names);
    let mut block = MeanPredictor::<CHALLENGE>::new(32);
    block.connect_all();
    block.expected.next = 500.into();
    let token_at = |clock: u64| 490 + 10 * clock.min(4);
    for clock in 0..9 {
        block.token.next = token_at(clock).into();
        settle!(block);
        waveform.clock(&[
            when(clock < 5, Number(token_at(clock) as i64)),
            when((1..6).contains(&clock), signed(block.offset.val())),
            when((3..8).contains(&clock), number(block.due_token.val())),
            when(clock >= 4, number(block.new_expected.val())),
            // Six bits with a sign.
            when(clock >= 4, Number(i64::from((block.new_lag.val().to_u16() << 10) as i16 >> 10))),
        ]);
        tick!(block);
    }
    hold("mean_predictor", &waveform);
}

#[test]
fn running_mean() {
    let names = ["mean", "enable", "offset", "new_mean", "activity_context"];
    let mut waveform = Waveform::new(&names);
    let profile = Profile::named("implant1024").unwrap();
    let set = profile.table_set();
    let mut block = RunningMean::<CHALLENGE>::new(set.activity(), set.window());
    block.connect_all();
    let offsets = [4, -4, 600, 0];
    for clock in 0..6_usize {
        let offset: Option<u64> = clock
            .checked_sub(1)
            .and_then(|at| offsets.get(at).copied())
            .map(|o: i64| o as u64 & 0x3ff);
        block.mean.next = 1024.into();
        block.enable.next = offset.is_some();
        block.offset.next = offset.unwrap_or(0).into();
        settle!(block);
        waveform.clock(&[
            when(clock < 4, Number(1024)),
            Bit(offset.is_some()),
            offset.map_or(Nothing, |_| signed(block.offset.val())),
            when(clock >= 2, number(block.new_mean.val())),
            when(clock >= 2, number(block.activity_context.val())),
        ]);
        tick!(block);
    }
    hold("running_mean", &waveform);
}

#[test]
fn means_model() {
    let profile = Profile::named("tile256-lms").unwrap();
    let model = Means::new(profile.table_set(), Input::Samples, profile.shape());
    hold("means_model", &model!(model, 15));
}
