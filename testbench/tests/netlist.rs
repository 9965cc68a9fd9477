//! The synthesised netlist in Verilator, bit-exact against the golden model: a profile of one channel,
//! of many, with one mean, with tokens of 10 and of 16 bits, with neighbours, and with the range coder, each on one family.
//! `tierwire signoff` runs that of any profile on any chip.

use hdl::Profile;
use rand::RngExt as _;
use synth::{Family, Tools};
use testbench::packets::{anything, synthetic};
use testbench::seed::{generator, seed};
use testbench::verilator_engine::VerilatorEngine;
use testbench::{Simulator as _, Stalls, expected};

fn check(family: Family, profiles: &[&str]) {
    let mut random = generator(seed(&format!("netlist, {}", family.name())));
    let tools = Tools::locate();
    for &name in profiles {
        let profile = Profile::named(name).unwrap().in_packets();
        let engine = VerilatorEngine::of_netlist(&tools, &profile, family).unwrap();
        let stalls = Stalls { source_idle: 20, sink_busy: 30, seed: random.random() };
        let mut packets: Vec<Vec<i16>> = (0..50)
            .map(|_| anything(&profile, random.random_range(0..2000), &mut random))
            .collect();
        packets.push(synthetic(&profile, random.random(), 100_000));
        let simulation = engine.simulate(&packets, stalls).unwrap();
        let same = simulation.packets == expected(&profile, &packets);
        assert!(same, "{}: {} cells send other words", profile.name(), family.name());
    }
}

#[test]
fn ice40_cells_send_the_golden_models_words() {
    check(Family::Ice40, &["bigram-32", "nano", "tile256-range"]);
}

#[test]
fn ecp5_cells_send_the_golden_models_words() {
    check(Family::Ecp5, &["intan128", "neuropixels384"]);
}
