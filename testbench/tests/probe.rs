//! The probe on a pipeline whose timing is known.

use hdl::{Channels, Frames, Profile};
use synth::Tools;
use testbench::packets::synthetic;
use testbench::probe::Probe;

#[test]
fn samples_and_words_are_seen_in_their_clocks() {
    let set = golden_model::shipped("bigram-32").unwrap();
    let profile = Profile::new("probed", set, Channels::Many(32)).unwrap();
    let profile = profile.with_frames(Frames { rounds: 4, keyframe_interval: 2 }).unwrap();
    let samples = synthetic(&profile, 7, 6 * 4 * 32);
    let verilator = Tools::locate().verilator().unwrap();
    let probe =
        Probe::new(&verilator, &profile, &hdl::verilog::export::verilog(&profile), false).unwrap();

    // One sample a clock, and a gap of 7 or 8 clocks after each frame.
    let clocks = probe.clocks_per_frame(&samples).unwrap();
    assert!((7..=8).contains(&(clocks - 128)), "{clocks}");
    let run = probe.run(&samples, 0).unwrap();
    for (number, pair) in run.samples.windows(2).enumerate() {
        let gap = if (number + 1) % 128 == 0 { 7..=8 } else { 0..=0 };
        assert!(gap.contains(&(pair[1].taken - pair[0].taken - 1)), "{number}: {pair:?}");
    }

    // At half the pace, samples arrive every other clock and wait only for the gap.
    let run = probe.run(&samples, 256).unwrap();
    for (number, sample) in run.samples.iter().enumerate() {
        assert_eq!(sample.arrived, 2 * number as u32);
        let waited = u64::from(sample.taken - sample.arrived);
        assert!(waited == 0 || (number >= 128 && number % 128 < 8 && waited <= 8), "{sample:?}");
    }
    assert_eq!(run.words.iter().filter(|word| word.last).count(), 6);
    assert!(run.words.windows(2).all(|pair| pair[0].clock < pair[1].clock));
}
