//! Few channels in the rust-hdl simulator, bit-exact against the golden model: the input waits if a
//! channel returns before its state is in memory.

use hdl::codec::{bigram_model, mean_model, means_model, neighbour_model};
use hdl::{Channels, Profile};
use rand::RngExt as _;
use testbench::packets::{anything, synthetic};
use testbench::rust_hdl_engine::RustHdl;
use testbench::seed::{generator, seed};
use testbench::{Simulator as _, Stalls, expected};

/// Table sets with their loops, and the numbers of channels to try them with.
const LOOPS: [(&str, usize); 5] = [
    ("bigram-32", bigram_model::STATE_LOOP),
    ("mean-64", mean_model::STATE_LOOP),
    ("means-64", means_model::STATE_LOOP),
    ("mean-range-64", mean_model::STATE_LOOP),
    ("neuropixels-10", neighbour_model::STATE_LOOP),
];
const FEW: [usize; 8] = [1, 2, 3, 5, 6, 7, 8, 32];

fn profile(table_set: &str, channels: usize) -> Profile {
    let set = golden_model::shipped(table_set).unwrap();
    Profile::new("few", set, Channels::Many(channels)).unwrap()
}

fn check(profile: &Profile, packets: &[Vec<i16>], stalls: Stalls) -> u64 {
    let simulation = RustHdl::new(profile).simulate(packets, stalls).unwrap();
    let (set, channels) = (profile.table_set().name(), profile.channels());
    assert_eq!(simulation.packets, expected(profile, packets), "{set}, {channels} channels");
    simulation.cycles
}

#[test]
fn as_fast_as_the_loop_allows() {
    let seed = seed("as_fast_as_the_loop_allows");
    for (table_set, state_loop) in LOOPS {
        for channels in FEW {
            let profile = profile(table_set, channels);
            let samples = synthetic(&profile, seed, 2000);
            let cycles = check(&profile, &[samples], Stalls::NONE) as usize;
            let waits = 2000 * state_loop.saturating_sub(channels) / channels;
            assert!(cycles < 2000 + waits + 25, "{table_set}, {channels}: {cycles} clocks");
        }
    }
}

#[test]
fn random_packets_with_random_stalls_on_both_sides() {
    let mut random = generator(seed("channels: random packets with random stalls"));
    for (table_set, _) in LOOPS {
        for channels in FEW {
            for (source_idle, sink_busy) in [(0, 0), (50, 0), (30, 90)] {
                let packets: Vec<Vec<i16>> = (0..20)
                    .map(|_| {
                        let length = random.random_range(0..40 + 3 * channels);
                        anything(&profile(table_set, channels), length, &mut random)
                    })
                    .collect();
                let stalls = Stalls { source_idle, sink_busy, seed: random.random() };
                check(&profile(table_set, channels), &packets, stalls);
            }
        }
    }
}
