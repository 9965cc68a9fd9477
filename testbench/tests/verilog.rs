//! The exported Verilog in Verilator and in yosys, with the same vectors as everything else.

use golden_model::converter::{ConverterParts, Kind};
use golden_model::recipe::Recipe;
use golden_model::synthetic::Synthetic;
use golden_model::training::Trainer;
use golden_model::{Converter, Decoder};
use hdl::Profile;
use rand::RngExt as _;
use std::fs;
use synth::Tools;
use testbench::axi_stream::BrokenRule;
use testbench::packets::{anything, synthetic};
use testbench::recordings::{recordings, rounds, samples};
use testbench::seed::{generator, seed};
use testbench::simulator::{EngineError, Fault, PATIENCE};
use testbench::stimulus::{Clock, Stimulus};
use testbench::verilator_engine::VerilatorEngine;
use testbench::{Simulator as _, Stalls, expected};

use crate::kinds::{converters, kinds};

fn engine(profile: &Profile) -> VerilatorEngine {
    let verilator = Tools::locate().verilator().unwrap();
    VerilatorEngine::new(&verilator, profile).unwrap()
}

/// Runs packets, compares every word with the golden model, and decodes them again.
fn check(profile: &Profile, packets: &[Vec<i16>], stalls: Stalls) -> u64 {
    let simulation = engine(profile).simulate(packets, stalls).unwrap();
    assert_eq!(simulation.packets.len(), packets.len());
    for (sent, expected) in simulation.packets.iter().zip(expected(profile, packets)) {
        assert_eq!(*sent, expected, "{}: {stalls:?}", profile.name());
    }
    let mut decoder = Decoder::new(profile.table_set(), profile.channels());
    for (sent, samples) in simulation.packets.iter().zip(packets) {
        let mut back = vec![0; samples.len()];
        decoder.reset();
        decoder.fill(&sent.words, &mut back).unwrap();
        assert_eq!(back, *samples);
    }
    simulation.cycles
}

#[test]
fn yosys_finds_no_fault_in_any_module() {
    let yosys = Tools::locate().yosys().unwrap();
    for profile in kinds() {
        // Without the ROMs' contents, which are most of the text and cannot be at fault here.
        let verilog = hdl::verilog::export::verilog(&profile);
        let lines = verilog.lines().filter(|line| hdl::verilog::export::rom_word(line).is_none());
        let verilog: String = lines.map(|line| format!("{line}\n")).collect();
        yosys.check_module(&verilog, &hdl::verilog::export::top_name(&profile)).unwrap();
    }
}

#[test]
fn random_packets_with_random_stalls_on_both_sides() {
    let mut random = generator(seed("verilog: random packets with random stalls"));
    for profile in kinds().map(Profile::in_packets) {
        for (source_idle, sink_busy) in [(0, 0), (50, 0), (0, 50), (30, 90), (95, 20), (0, 98)] {
            let packets: Vec<Vec<i16>> = (0..400)
                .map(|_| {
                    let length = random.random_range(0..60);
                    anything(&profile, length, &mut random)
                })
                .collect();
            check(&profile, &packets, Stalls { source_idle, sink_busy, seed: random.random() });
        }
    }
}

/// A profile's file of a user's own, with tables trained for another converter in a file beside it.
#[test]
fn files_of_profiles_with_converters_of_8_and_12_bits() {
    let mut random = generator(seed("verilog: converters of 8 and 12 bits"));
    for (bits, like, window) in [(8, "intan-16", 64), (12, "neuropixels2-14", 256)] {
        let converter = ConverterParts { kind: Kind::Direct, bits };
        let converter = Converter::new(converter).unwrap();
        let recipe = Recipe { converter, window, ..Recipe::of(like).unwrap() };
        let features = recipe.shape.features();
        let mut trainer = Trainer::new(recipe, vec![0; features]).unwrap();
        let rounds = Synthetic::default().rounds(1, 5, 2000);
        // Codes of 8 bits, or of 12.
        trainer.add(5, rounds.iter().map(|&sample| sample >> (16 - bits)));
        let folder = tempfile::tempdir().unwrap();
        let file = |name: &str| folder.path().join(name);
        fs::write(file("mine.toml"), trainer.finish(0).unwrap().to_toml()).unwrap();
        let text =
            "name = \"own\"\ntable_set = \"mine.toml\"\nchannels = 5\nsamples_per_s = 20000\n";
        fs::write(file("own.toml"), text).unwrap();

        let profile = Profile::from_file(&file("own.toml")).unwrap();
        assert_eq!(profile.token_bits(), usize::from(bits));
        let packets: Vec<Vec<i16>> = (0..100)
            .map(|_| anything(&profile, random.random_range(0..200), &mut random))
            .collect();
        check(&profile, &packets, Stalls { source_idle: 20, sink_busy: 30, seed: random.random() });
    }
}

#[test]
fn every_sample_value_and_every_first_sample() {
    let all: Vec<i16> = (i16::MIN..=i16::MAX).collect();
    let mut packets: Vec<Vec<i16>> = all.iter().map(|&sample| vec![sample]).collect();
    packets.push(all);
    for profile in converters().map(Profile::in_packets) {
        check(&profile, &packets, Stalls::NONE);
    }
}

#[test]
fn a_long_recording_at_one_sample_per_clock() {
    let seed = seed("verilog: a long recording");
    for profile in kinds().map(Profile::in_packets) {
        let samples = synthetic(&profile, seed, 100_000);
        let cycles = check(&profile, &[samples], Stalls::NONE);
        assert!(cycles < 100_020, "{}: {cycles} clocks", profile.name());
    }
}

#[test]
fn real_recordings() {
    let files = recordings("verilog: real recordings");
    let packets: Vec<Vec<i16>> = files.iter().take(20).map(|file| samples(file)).collect();
    for profile in kinds().map(Profile::in_packets).filter(|_| !packets.is_empty()) {
        if profile.channels() > 1 {
            let mut rounds = rounds(&files, profile.channels());
            rounds.truncate(2_000_000);
            check(&profile, &[rounds], Stalls::NONE);
        } else {
            check(&profile, &packets, Stalls::NONE);
        }
        check(&profile, &packets[..2], Stalls { source_idle: 10, sink_busy: 50, seed: 1 });
    }
}

/// Verilog with one wrong bit in one common rank.
pub fn with_a_wrong_rank(verilog: &str) -> String {
    let ranks = verilog.find("_rank_table_rom(\n").expect("there is a ROM of ranks");
    let at = ranks + verilog[ranks..].find("[1] = ").expect("a ROM has contents");
    let end = at + verilog[at..].find(';').unwrap();
    let line = &verilog[at..end];
    let last = line.chars().next_back().unwrap().to_digit(16).unwrap();
    let wrong = format!("{}{:x}", &line[..line.len() - 1], last ^ 1);
    format!("{}{wrong}{}", &verilog[..at], &verilog[end..])
}

#[test]
fn wrong_verilog_is_detected() {
    let profile = Profile::named("bigram-32").unwrap();
    let verilog = with_a_wrong_rank(&hdl::verilog::export::verilog(&profile));
    let verilator = Tools::locate().verilator().unwrap();
    let engine = VerilatorEngine::of_verilog(&verilator, &profile, &verilog, &[]).unwrap();
    let packets = [Synthetic::default().rounds(1, 1, 100_000)];
    let simulation = engine.simulate(&packets, Stalls::NONE).unwrap();
    assert!(simulation.packets != expected(&profile, &packets), "the wrong bit was not seen");
}

#[test]
fn wrong_ranks_by_nearness_are_detected() {
    let profile = Profile::named("intan128").unwrap().in_packets();
    let verilog = hdl::verilog::export::verilog(&profile);
    let wrong = verilog.replace("^ {16{low[15]}}", "^ {16{low[14]}}");
    assert_ne!(wrong, verilog);
    let verilator = Tools::locate().verilator().unwrap();
    let engine = VerilatorEngine::of_verilog(&verilator, &profile, &wrong, &[]).unwrap();
    let packets = [anything(&profile, 2000, &mut generator(1))];
    let simulation = engine.simulate(&packets, Stalls::NONE).unwrap();
    assert!(simulation.packets != expected(&profile, &packets), "the wrong sign was not seen");
}

/// Each change of a profile's Verilog, from what is right to what is wrong, gives wrong words.
fn are_detected(profile: &str, changes: &[(&str, &str)]) {
    let profile = Profile::named(profile).unwrap().in_packets();
    let verilog = hdl::verilog::export::verilog(&profile);
    let verilator = Tools::locate().verilator().unwrap();
    let mut random = generator(1);
    let packets = [synthetic(&profile, 1, 4000), anything(&profile, 4000, &mut random)];
    let expected = expected(&profile, &packets);
    for (right, wrong) in changes {
        let wrong = verilog.replace(right, wrong);
        assert_ne!(wrong, verilog, "{right}");
        let engine = VerilatorEngine::of_verilog(&verilator, &profile, &wrong, &[]).unwrap();
        let simulation = engine.simulate(&packets, Stalls::NONE).unwrap();
        assert!(simulation.packets != expected, "not seen: {right}");
    }
}

#[test]
fn neighbours_of_another_round_or_channel_are_detected() {
    let changes = [
        // A round's first channel keeps the last round's.
        ("neighbours_begins = s4_valid & (s4_channel == 10'h0);", "neighbours_begins = 1'b0;"),
        // The product is of the residual of one channel further away.
        ("product_feature = nearest;", "product_feature = farther;"),
    ];
    are_detected("neuropixels384", &changes);
}

#[test]
fn parts_and_carries_that_are_wrong_are_detected() {
    let changes = [
        // A carry does not reach the word that waits.
        ("carried = waiting + carry;", "carried = waiting;"),
        // An odd rank ends where it begins: it escapes.
        ("rank_end = even_place;", "rank_end = odd_rom_data;"),
        // The last rank does not end at the top.
        ("even_place = 15'h0;", "even_place = even_rom_data;"),
        // A token's bits lie one place off.
        ("raw = {6'h0, candidate_token};", "raw = {5'h0, candidate_token, 1'b0};"),
    ];
    are_detected("array1024-range", &changes);
}

#[test]
fn means_of_another_channel_or_sign_are_detected() {
    let changes = [
        // The prediction is written to the channel before.
        ("s5_place_next = s5_place + 10'h1;", "s5_place_next = s5_place;"),
        // So is the running mean.
        ("s3_place_next = s3_place + 10'h1;", "s3_place_next = s3_place;"),
        // The lag loses its sign.
        ("lag_wide = s2_lag | lag_fill;", "lag_wide = s2_lag;"),
        // The mean does not follow.
        ("lag_left = s4_ahead - pull;", "lag_left = s4_ahead;"),
    ];
    are_detected("nano", &changes);
}

/// A top module that breaks the rule that `s_axis_tdata` names.
const LAWLESS: &str = "
module TOP(input wire aclk, input wire aresetn,
    input wire [15:0] s_axis_tdata, input wire s_axis_tlast, input wire s_axis_tvalid,
    output wire s_axis_tready, output wire [31:0] m_axis_tdata, output wire [3:0] m_axis_tkeep,
    output wire m_axis_tlast, output wire m_axis_tvalid, input wire m_axis_tready);
    reg [7:0] clocks;
    always @(posedge aclk) clocks <= aresetn ? clocks + 8'd1 : 8'd0;
    assign s_axis_tready = s_axis_tdata == 16'd0;
    assign m_axis_tdata = s_axis_tdata == 16'd2 ? {24'd0, clocks} : 32'd0;
    assign m_axis_tkeep = s_axis_tdata == 16'd4 ? 4'd5 : 4'd15;
    assign m_axis_tlast = 1'b0;
    assign m_axis_tvalid = s_axis_tdata == 16'd1 ? clocks[0] : s_axis_tdata == 16'd3
        | (s_axis_tdata == 16'd2 | s_axis_tdata == 16'd4) & clocks != 8'd0;
endmodule
";

#[test]
fn broken_rules_and_standstill_are_found() {
    let profile = Profile::named("bigram-32").unwrap();
    let verilog = LAWLESS.replace("TOP", &hdl::verilog::export::top_name(&profile));
    let verilator = Tools::locate().verilator().unwrap();
    let engine = VerilatorEngine::of_verilog(&verilator, &profile, &verilog, &[]).unwrap();
    let never = vec![Clock { take: false, reset: false }; 10];
    let fault = |sample| {
        let stimulus = Stimulus::samples([(sample, true)].into_iter());
        match engine.stream(Stimulus { clocks: never.clone(), ..stimulus }) {
            Err(EngineError::Fault(fault)) => fault,
            other => panic!("{other:?}"),
        }
    };
    let rule = |clock, rule| Fault::Rule { clock, rule };
    assert_eq!(fault(1), rule(2, BrokenRule::Withdrawn));
    assert_eq!(fault(2), rule(2, BrokenRule::Changed));
    assert_eq!(fault(3), rule(0, BrokenRule::OfferedInReset));
    assert_eq!(fault(4), rule(1, BrokenRule::Keep(5)));
    assert_eq!(fault(5), Fault::Stuck { clock: u64::from(PATIENCE) + 1 });
    let missing = engine.simulate(&[vec![0]], Stalls::NONE).unwrap_err();
    let packets = Fault::Packets { sent: 1, came: 0 };
    assert!(matches!(missing, EngineError::Fault(fault) if fault == packets));
}
