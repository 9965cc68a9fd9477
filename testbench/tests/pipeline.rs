//! The pipeline in the rust-hdl simulator, bit-exact against the golden model.

use golden_model::converter::Token;
use hdl::Profile;
use rand::RngExt as _;
use testbench::packets::{anything, synthetic};
use testbench::recordings::{recordings, rounds};
use testbench::rust_hdl_engine::RustHdl;
use testbench::seed::{generator, seed};
use testbench::stimulus::{Script, Stimulus};
use testbench::{Simulator as _, Stalls, expected};

use crate::kinds::{converters, kinds};

/// Runs packets, compares every word and byte count with the golden model, and returns the number
/// of clocks.
fn check(profile: &Profile, packets: &[Vec<i16>], stalls: Stalls) -> u64 {
    let simulation = RustHdl::new(profile).simulate(packets, stalls).unwrap();
    let expected = expected(profile, packets);
    for (number, (packet, expected)) in simulation.packets.iter().zip(&expected).enumerate() {
        assert_eq!(packet, expected, "{}: packet {number}, {stalls:?}", profile.name());
    }
    assert_eq!(simulation.packets.len(), expected.len());
    simulation.cycles
}

#[test]
fn one_sample_per_clock_when_nobody_stalls() {
    let seed = seed("one_sample_per_clock_when_nobody_stalls");
    for profile in Profile::all().map(Profile::in_packets) {
        let samples = synthetic(&profile, seed, 5000);
        let cycles = check(&profile, &[samples], Stalls::NONE);
        assert!(cycles < 5000 + 20, "{}: {cycles} clocks", profile.name());
    }
}

#[test]
fn random_packets_with_random_stalls_on_both_sides() {
    let seed = seed("random_packets_with_random_stalls_on_both_sides");
    let mut random = generator(seed);
    for profile in kinds().map(Profile::in_packets) {
        for (source_idle, sink_busy) in [(0, 0), (50, 0), (0, 50), (30, 90), (95, 20), (0, 98)] {
            let packets: Vec<Vec<i16>> = (0..25)
                .map(|_| {
                    let length = random.random_range(0..60);
                    anything(&profile, length, &mut random)
                })
                .collect();
            let stalls = Stalls { source_idle, sink_busy, seed: random.random() };
            check(&profile, &packets, stalls);
        }
    }
}

#[test]
fn every_sample_value() {
    let all: Vec<i16> = (i16::MIN..=i16::MAX).collect();
    for profile in converters().map(Profile::in_packets) {
        check(&profile, std::slice::from_ref(&all), Stalls::NONE);
    }
}

#[test]
fn packets_of_one_sample() {
    let mut random = generator(seed("packets_of_one_sample"));
    for profile in kinds().map(Profile::in_packets) {
        let converter = profile.table_set().converter();
        let packets: Vec<Vec<i16>> = (0..1024)
            .map(|number| vec![converter.sample(Token::new(number))])
            .chain((0..200).map(|_| vec![random.random()]))
            .collect();
        check(&profile, &packets, Stalls::NONE);
        check(&profile, &packets[500..700], Stalls { source_idle: 20, sink_busy: 70, seed: 1 });
    }
}

#[test]
fn long_runs_of_the_shortest_and_of_the_longest_codes() {
    for profile in kinds().map(Profile::in_packets) {
        let converter = profile.table_set().converter();
        let still = vec![converter.sample(converter.middle()); 4000];
        // Of every converter but the widest, which has all samples.
        let off_the_lattice = vec![i16::MAX - 1; 4000];
        let jumping: Vec<i16> = (0..4000).map(|n| if n % 2 == 0 { i16::MIN } else { 0 }).collect();
        check(&profile, &[still, off_the_lattice, jumping], Stalls::NONE);
    }
}

#[test]
fn a_reset_in_mid_stream_leaves_no_trace() {
    let seed = seed("a_reset_in_mid_stream_leaves_no_trace");
    let (mut random, mut packets) = (generator(seed), generator(!seed));
    for profile in Profile::all().map(Profile::in_packets) {
        let simulator = RustHdl::new(&profile);
        // The pipeline is less than twelve stages deep: a reset hits each of them.
        for clock in 20..32 {
            // Packets, then a reset at any place in them, then a whole packet.
            let mut script = |packets: &[Vec<i16>]| {
                let stalls = Stalls { source_idle: 20, sink_busy: 40, seed: random.random() };
                let stimulus = Stimulus::packets(packets, stalls);
                let clocks = stimulus.clocks[..200].to_vec();
                Script { offers: stimulus.offers.collect(), clocks }
            };
            let mut cut = script(&[
                anything(&profile, 7, &mut packets),
                anything(&profile, 60, &mut packets),
            ]);
            let after = [anything(&profile, 100, &mut packets)];
            let then = script(&after);
            let uncut = simulator.trace(cut.stimulus()).unwrap();
            let taken = uncut.taken.iter().filter(|&&taken| taken < clock).count();
            cut.cut_by_reset(clock, taken, &then);
            let mut trace = simulator.trace(cut.stimulus()).unwrap();
            trace.words.retain(|word| word.clock > clock);
            let expected = expected(&profile, &after).remove(0);
            let words: Vec<u32> = trace.words.iter().map(|word| word.word).collect();
            assert_eq!(words, expected.words, "{}: {clock}", profile.name());
            let last = trace.words.last().unwrap();
            assert_eq!((last.bytes, last.last), (expected.last_word_bytes, true));
        }
    }
}

#[test]
fn it_works_from_power_up_without_a_reset() {
    let mut random = generator(seed("it_works_from_power_up_without_a_reset"));
    for profile in Profile::all().map(Profile::in_packets) {
        let packets = [anything(&profile, 300, &mut random)];
        let simulator = RustHdl::without_reset(&profile);
        let simulation = simulator.simulate(&packets, Stalls::NONE).unwrap();
        assert_eq!(simulation.packets, expected(&profile, &packets));
    }
}

#[test]
fn a_whole_recording() {
    let test = "a_whole_recording";
    let files = recordings(test);
    if files.is_empty() {
        return;
    }
    let seed = seed(test);
    let mut random = generator(seed);
    for profile in kinds().map(Profile::in_packets) {
        let stalls = Stalls { source_idle: 5, sink_busy: 20, seed };
        let mut rounds = rounds(&files[random.random_range(0..files.len())..], profile.channels());
        rounds.truncate(50_000);
        check(&profile, &[rounds], stalls);
    }
}
