//! Pipelines with frames in the rust-hdl simulator and in Verilator: sinks that stall and sources
//! that miscount. Every frame is compared with the golden framer, and a golden deframer takes the
//! stream: it must never output a wrong sample, and must miss only the frames that were lost.

use hdl::{Bounds, Channels, Frames, Profile};
use rand::RngExt as _;
use rand::rngs::StdRng;
use synth::Tools;
use testbench::engine::Engine;
use testbench::judge::{Fate, Finding, Judgement, judge_trace};
use testbench::packets::{anything, synthetic};
use testbench::seed::{generator, seed};
use testbench::simulator::{Simulator, Trace};
use testbench::stimulus::{Script, Sink};
use testbench::verilator_engine::VerilatorEngine;
use testbench::waits::Waits;

use crate::verilog::with_a_wrong_rank;

fn few(table_set: &str, channels: usize, rounds: usize, keyframe_interval: usize) -> Profile {
    let set = golden_model::shipped(table_set).unwrap();
    let profile = Profile::new("few", set, Channels::Many(channels)).unwrap();
    profile.with_frames(Frames { rounds, keyframe_interval }).unwrap()
}

/// Few channels with short frames, and the shipped profiles with frames.
fn small() -> Vec<Profile> {
    let shapes = [(1, 1, 1), (1, 1, 4), (1, 7, 2), (2, 2, 2), (3, 5, 4), (8, 3, 64), (32, 19, 4)];
    ["bigram-32", "means-64"]
        .iter()
        .flat_map(|set| {
            shapes.map(|(channels, rounds, interval)| few(set, channels, rounds, interval))
        })
        .collect()
}

fn shipped() -> impl Iterator<Item = Profile> {
    Profile::all().filter(|profile| profile.frames().is_some())
}

/// Rounds of samples of every kind; this percentage has the wrong length.
fn rounds(profile: &Profile, frames: usize, miscounted: u32, random: &mut StdRng) -> Vec<Vec<i16>> {
    let channels = profile.channels();
    (0..frames * profile.frames().unwrap().rounds)
        .map(|_| {
            let length = match random.random_ratio(miscounted, 100) {
                true => random.random_range(1..=2 * channels + 1),
                false => channels,
            };
            anything(profile, length, random)
        })
        .collect()
}

/// The sinks to try, for a pipeline whose FIFO takes `burst` words.
fn sinks(burst: usize) -> [Sink; 8] {
    [
        Sink::Ready,
        Sink::Random(50),
        Sink::Random(90),
        Sink::Random(98),
        Sink::Periodic(1, 3),
        Sink::Periodic(burst / 4, burst),
        Sink::Long(3 * burst, 9 * burst),
        Sink::Dead(10, 60),
    ]
}

/// The simulators of a profile. If there are two, they must agree at every clock.
type Simulators = fn(&Profile) -> Vec<Box<dyn Simulator>>;

fn rust_hdl(profile: &Profile) -> Vec<Box<dyn Simulator>> {
    vec![Engine::RustHdl.simulator(profile).unwrap()]
}

fn verilator(profile: &Profile) -> Vec<Box<dyn Simulator>> {
    vec![Engine::Verilog.simulator(profile).unwrap()]
}

fn both(profile: &Profile) -> Vec<Box<dyn Simulator>> {
    [Engine::RustHdl, Engine::Verilog].map(|engine| engine.simulator(profile).unwrap()).into()
}

fn run(simulators: &[Box<dyn Simulator>], script: &Script) -> Trace {
    let mut traces = simulators.iter().map(|s| s.trace(script.stimulus()).unwrap());
    let trace = traces.next().unwrap();
    assert!(traces.all(|other| other.is_same(&trace)), "the simulators differ");
    trace
}

/// What became of rounds, and that nothing is wrong with it.
fn check(profile: &Profile, rounds: &[Vec<i16>], trace: &Trace) -> Judgement {
    let judgement = judge_trace(profile, rounds, trace);
    let shape = (profile.table_set().name(), profile.layout());
    assert_eq!(judgement.findings, [], "{shape:?}");
    judgement
}

/// Sends rounds, some of the wrong length, to a sink.
fn to_sink(
    simulators: &[Box<dyn Simulator>],
    profile: &Profile,
    sink: Sink,
    frames: usize,
    miscounted: u32,
    random: &mut StdRng,
) -> Judgement {
    let idle = [0, 0, 40][random.random_range(0..3)];
    let rounds = rounds(profile, frames, miscounted, random);
    let script = Script::new(profile, &rounds, idle, sink, random);
    check(profile, &rounds, &run(simulators, &script))
}

/// Sends rounds, some of the wrong length, to every sink.
fn every_sink(
    simulators: Simulators,
    profile: &Profile,
    samples: usize,
    miscounted: u32,
    random: &mut StdRng,
) -> Vec<Judgement> {
    let layout = profile.layout().unwrap();
    // A frame has a head, however short it is: many short ones take the slow sinks long.
    let frames = samples.div_ceil(layout.frame_samples()).clamp(4, samples / 8);
    let simulators = simulators(profile);
    let to = |sink| to_sink(&simulators, profile, sink, frames, miscounted, random);
    sinks(profile.burst()).map(to).to_vec()
}

#[test]
fn rust_hdl_every_sink() {
    let mut random = generator(seed("frames: rust-hdl, every sink"));
    let (mut broken, mut unsent) = (0, 0);
    for profile in small() {
        let fates = every_sink(rust_hdl, &profile, 1000, 0, &mut random);
        assert_eq!(fates[0].count(Fate::Whole), fates[0].fates.len(), "the sink was ready");
        // A sink that stalls for long costs frames, but not the last ones.
        let dead = &fates[7];
        let shape = (profile.table_set().name(), profile.layout());
        assert_eq!(dead.fates.last(), Some(&Fate::Whole), "{shape:?}: {dead:?}");
        broken += dead.count(Fate::Broken);
        unsent += dead.count(Fate::Unsent);
    }
    assert!(broken > 0 && unsent > 0, "{broken} broken, {unsent} unsent");
}

#[test]
fn rust_hdl_sources_that_miscount() {
    let mut random = generator(seed("frames: rust-hdl, sources that miscount"));
    for profile in small() {
        let mut misaligned = 0;
        for miscounted in [5, 60] {
            let fates = every_sink(rust_hdl, &profile, 500, miscounted, &mut random);
            misaligned += fates.iter().map(|fates| fates.misaligned).sum::<u64>();
        }
        assert!(misaligned > 0, "{:?}", profile.layout());
    }
}

/// The bounds hold and are reached.
fn check_bounds(simulators: Simulators, profile: &Profile, frames: usize, random: &mut StdRng) {
    let bounds = Bounds::of(profile);
    let simulators = simulators(profile);
    let layout = profile.layout().unwrap();
    let mut longest = Waits::default();
    // Codes of all kinds, then the shortest ones, then the longest.
    let still = vec![vec![0; profile.channels()]; frames * layout.frame_rounds()];
    let off_the_lattice = vec![vec![1; profile.channels()]; frames * layout.frame_rounds()];
    for rounds in [rounds(profile, frames, 0, random), still, off_the_lattice] {
        let script = Script::new(profile, &rounds, 0, Sink::Ready, random);
        let trace = run(&simulators, &script);
        let fates = check(profile, &rounds, &trace);
        assert_eq!(fates.count(Fate::Whole), frames);
        longest = longest.max(Waits::of(profile, &rounds.concat(), &trace));
    }
    assert!(longest.sample <= bounds.sample_clocks, "{longest:?}, {bounds:?}");
    assert!(longest.frame <= bounds.frame_clocks.unwrap(), "{longest:?}, {bounds:?}");
    // A single code never begins a second word.
    let flush = usize::from(layout.frame_samples() == 1);
    assert_eq!((longest.end, longest.gap), (bounds.end_clocks - flush, bounds.gap_clocks - flush));
}

#[test]
fn rust_hdl_bounds_hold_and_are_reached() {
    let mut random = generator(seed("frames: rust-hdl, bounds"));
    for profile in small() {
        let frames = 600 / profile.layout().unwrap().frame_samples() + 20;
        check_bounds(rust_hdl, &profile, frames, &mut random);
    }
}

#[test]
fn verilator_bounds_hold_and_are_reached() {
    let mut random = generator(seed("frames: Verilator, bounds"));
    for profile in shipped() {
        check_bounds(verilator, &profile, 40, &mut random);
    }
}

/// A run that is interrupted by a reset of one clock, and another one after it.
fn reset_in_mid_frame(
    simulators: &[Box<dyn Simulator>],
    profile: &Profile,
    sink: Sink,
    random: &mut StdRng,
) {
    // A round of the wrong length may read a channel's state before it was ever written. The
    // simulators differ there, and so may the length of the dropped frame.
    let miscounted = if simulators.len() > 1 { 0 } else { 20 };
    let before = rounds(profile, 4, miscounted, random);
    let after = rounds(profile, 4, 0, random);
    let mut script = Script::new(profile, &before, 30, sink, random);
    let uncut = run(simulators, &script);
    let cut = random.random_range(1..*uncut.taken.last().unwrap());
    let taken = uncut.taken.iter().filter(|&&clock| clock < cut).count();

    let then = Script::new(profile, &after, 30, Sink::Ready, random);
    script.cut_by_reset(cut, taken, &then);
    let mut trace = run(simulators, &script);
    trace.words.retain(|word| word.clock > cut);
    trace.taken.drain(..taken);
    let fates = check(profile, &after, &trace);
    assert_eq!(fates.count(Fate::Whole), 4, "{sink:?}, reset at {cut}");
}

#[test]
fn a_reset_in_mid_frame_leaves_no_trace() {
    let mut random = generator(seed("frames: a reset in mid-frame"));
    for sink in [Sink::Ready, Sink::Random(95), Sink::Dead(0, 100)] {
        for profile in small() {
            reset_in_mid_frame(&rust_hdl(&profile), &profile, sink, &mut random);
        }
        for profile in [few("bigram-32", 1, 1, 4), few("means-64", 3, 5, 4)] {
            for simulators in [verilator, both] {
                reset_in_mid_frame(&simulators(&profile), &profile, sink, &mut random);
            }
        }
    }
}

#[test]
fn both_simulators_do_the_same_at_every_clock() {
    let mut random = generator(seed("frames: both simulators"));
    for profile in [few("bigram-32", 1, 1, 4), few("means-64", 3, 5, 4)] {
        every_sink(both, &profile, 2000, 0, &mut random);
    }
    // Every block of the shipped ones, full and empty; rust-hdl takes a minute for all sinks.
    for profile in shipped() {
        let sink = Sink::Periodic(profile.burst() / 4, profile.burst());
        to_sink(&both(&profile), &profile, sink, 2, 0, &mut random);
    }
}

#[test]
fn verilator_every_sink_and_sources_that_miscount() {
    let mut random = generator(seed("frames: Verilator"));
    let mut whole_of_miscounting = 0;
    for profile in
        [few("bigram-32", 1, 1, 4), few("means-64", 3, 5, 4)].into_iter().chain(shipped())
    {
        let [right, miscounting] = [0, 2].map(|miscounted| {
            let fates = every_sink(verilator, &profile, 50_000, miscounted, &mut random);
            let whole: usize = fates.iter().map(|fates| fates.count(Fate::Whole)).sum();
            let all: usize = fates.iter().map(|fates| fates.fates.len()).sum();
            assert!(whole < all, "{}: {whole} of {all}", profile.name());
            (fates, whole)
        });
        // A ready sink gets every frame of a source that counts right.
        let ready = &right.0[0];
        assert_eq!(ready.count(Fate::Whole), ready.fates.len(), "{}", profile.name());
        let misaligned: u64 = miscounting.0.iter().map(|fates| fates.misaligned).sum();
        assert!(misaligned > 0, "{}", profile.name());
        whole_of_miscounting += miscounting.1;
    }
    // Of all profiles together: a large array has so few frames here that chance can break them all.
    assert!(whole_of_miscounting > 0);
}

#[test]
fn wrong_verilog_is_found() {
    let mut random = generator(seed("frames: wrong Verilog"));
    let profile = few("bigram-32", 3, 5, 4);
    let verilog = with_a_wrong_rank(&hdl::verilog::export::verilog(&profile));
    let verilator = Tools::locate().verilator().unwrap();
    let engine = VerilatorEngine::of_verilog(&verilator, &profile, &verilog, &[]).unwrap();
    let samples = synthetic(&profile, 1, 400 * 15);
    let rounds: Vec<Vec<i16>> = samples.chunks(3).map(<[i16]>::to_vec).collect();
    let script = Script::new(&profile, &rounds, 0, Sink::Ready, &mut random);
    let judgement = judge_trace(&profile, &rounds, &engine.trace(script.stimulus()).unwrap());
    let first = judgement.findings.first().expect("a wrong bit");
    assert!(matches!(first, Finding::OtherWord { .. }), "{first}");
    assert!(judgement.count(Fate::Wrong) > 0);
}

#[test]
fn yosys_finds_no_fault() {
    let yosys = Tools::locate().yosys().unwrap();
    let profile = few("means-64", 3, 5, 4);
    let verilog = hdl::verilog::export::verilog(&profile);
    yosys.check_module(&verilog, &hdl::verilog::export::top_name(&profile)).unwrap();
}
