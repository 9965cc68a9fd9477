//! Pipelines with frames in the rust-hdl simulator and in Verilator, against the format in plain
//! words: every word of every frame, with random stalls on both sides.

use hdl::{Channels, Frames, Profile};
use rand::RngExt as _;
use synth::Tools;
use testbench::packets::{anything, expected_frames, synthetic};
use testbench::rust_hdl_engine::simulate;
use testbench::seed::{generator, seed};
use testbench::verilator_engine::VerilatorEngine;
use testbench::{Simulation, Stalls};

fn few(table_set: &str, channels: usize, rounds: usize, keyframe_interval: usize) -> Profile {
    let set = golden_model::shipped(table_set).unwrap();
    let profile = Profile::new("few", set, Channels::Many(channels)).unwrap();
    profile.with_frames(Frames { rounds, keyframe_interval }).unwrap()
}

/// A shipped profile in frames of 19 rounds, which take 1 ms.
fn shipped(name: &str, keyframe_interval: usize) -> Profile {
    let frames = Frames { rounds: 19, keyframe_interval };
    Profile::named(name).unwrap().with_frames(frames).unwrap()
}

/// The samples of each frame. To the hardware they are one stream: it does not look at where the
/// source says that a frame ends.
fn frames(profile: &Profile, samples: &[i16]) -> Vec<Vec<i16>> {
    let samples_per_frame = profile.frames().unwrap().rounds * profile.channels();
    samples.chunks_exact(samples_per_frame).map(<[i16]>::to_vec).collect()
}

fn check(profile: &Profile, frames: &[Vec<i16>], simulation: &Simulation) {
    let expected = expected_frames(profile, &frames.concat());
    assert_eq!(simulation.packets.len(), expected.len());
    for (number, (sent, expected)) in simulation.packets.iter().zip(&expected).enumerate() {
        assert!(sent == expected, "{}: frame {number} of {frames:?}", profile.name());
    }
}

#[test]
fn rust_hdl_few_channels_short_frames_random_stalls() {
    let mut random = generator(seed("frames: rust-hdl, few channels"));
    for table_set in ["bigram-32", "means-64"] {
        for (channels, rounds, keyframe_interval) in
            [(1, 1, 1), (1, 1, 3), (1, 7, 2), (2, 2, 2), (3, 5, 4), (8, 3, 2), (32, 19, 3)]
        {
            let profile = few(table_set, channels, rounds, keyframe_interval);
            for (source_idle, sink_busy) in [(0, 0), (50, 0), (30, 90)] {
                let frames = frames(&profile, &anything(12 * channels * rounds, &mut random));
                let stalls = Stalls { source_idle, sink_busy, seed: random.random() };
                check(&profile, &frames, &simulate(&profile, &frames, stalls, |_| {}).unwrap());
            }
        }
    }
}

#[test]
fn rust_hdl_shipped_profiles() {
    let seed = seed("frames: rust-hdl, shipped profiles");
    for (name, number) in [("nano", 40), ("tile256", 8), ("array1024", 3)] {
        let profile = shipped(name, 3);
        let samples = number * 19 * profile.channels();
        let frames = frames(&profile, &synthetic(&profile, seed, samples));
        let simulation = simulate(&profile, &frames, Stalls::NONE, |_| {}).unwrap();
        check(&profile, &frames, &simulation);
        let most = samples + 4 * number + 25;
        assert!(simulation.cycles < most as u64, "{name}: {} clocks", simulation.cycles);
    }
}

#[test]
fn verilator() {
    let mut random = generator(seed("frames: Verilator"));
    let verilator = Tools::locate().verilator().unwrap();
    let profiles = [
        few("bigram-32", 1, 1, 2),
        few("means-64", 3, 5, 4),
        shipped("nano", 50),
        shipped("tile256", 50),
        shipped("array1024", 20),
    ];
    for profile in profiles {
        let engine = VerilatorEngine::new(&verilator, &profile).unwrap();
        let of_a_frame = profile.frames().unwrap().rounds * profile.channels();
        let samples = (1_000_000 / of_a_frame).clamp(1, 500) * of_a_frame;
        for stalls in [Stalls::NONE, Stalls { source_idle: 30, sink_busy: 50, seed: 1 }] {
            let sent = frames(&profile, &synthetic(&profile, random.random(), samples));
            check(&profile, &sent, &engine.simulate(&sent, stalls, |_| {}).unwrap());
        }
        let sent = frames(&profile, &anything(samples / 10 / of_a_frame * of_a_frame, &mut random));
        let stalls = Stalls { source_idle: 0, sink_busy: 80, seed: 2 };
        check(&profile, &sent, &engine.simulate(&sent, stalls, |_| {}).unwrap());
    }
}

#[test]
fn yosys_finds_no_fault() {
    let yosys = Tools::locate().yosys().unwrap();
    let profile = few("means-64", 3, 5, 4);
    let verilog = hdl::export::verilog(&profile);
    yosys.check_module(&verilog, &hdl::export::top_name(&profile)).unwrap();
}
