//! Tables loaded at run time: the registers, and frames around a change of tables, in both simulators.

use std::sync::LazyLock;

use golden_model::TableSet;
use golden_model::frames::{Deframer, Event as Received};
use golden_model::synthetic::Synthetic;
use hdl::tables::register_map::{self as map, control, status};
use hdl::tables::{CannotLoad, Image, image};
use hdl::{Channels, Frames, Profile};
use rand::RngExt as _;
use synth::Tools;
use testbench::Simulator;
use testbench::driver::{Access, load, load_and_commit};
use testbench::rust_hdl_engine::RustHdl;
use testbench::seed::generator;
use testbench::simulator::{Event, TracedWord};
use testbench::stimulus::{Clock, Offer, Stimulus};
use testbench::verilator_engine::VerilatorEngine;

const CHANNELS: usize = 3;
const ROUNDS: usize = 4;
/// Frames from one keyframe to the next.
const INTERVAL: usize = 4;

/// Few channels in short frames, their tables loaded.
fn small(set: TableSet) -> Profile {
    let profile = Profile::new("loaded", set, Channels::Many(CHANNELS)).unwrap();
    let frames = Frames { rounds: ROUNDS, keyframe_interval: INTERVAL };
    profile.with_frames(frames).unwrap().with_loaded_tables().unwrap()
}

fn mean_32() -> TableSet {
    golden_model::shipped("mean-32").unwrap()
}

/// Another set that fits the same core: other ranks, tiers, thresholds and start value.
fn other() -> TableSet {
    let mut parts = mean_32().parts();
    parts.name = "other".into();
    parts.rows.reverse();
    parts.activity.start = 300;
    parts.activity.thresholds.truncate(4);
    if let golden_model::table_set::CoderParts::Tiers(tiers) = &mut parts.coder {
        tiers.drain(..11);
    }
    TableSet::new(parts).unwrap()
}

/// Both simulators of the small core.
static ENGINES: LazyLock<[Box<dyn Simulator + Send>; 2]> = LazyLock::new(|| {
    let profile = small(mean_32());
    let verilator = Tools::locate().verilator().unwrap();
    [
        Box::new(RustHdl::new(&profile)),
        Box::new(VerilatorEngine::new(&verilator, &profile).unwrap()),
    ]
});

fn image_of(set: &TableSet) -> Image {
    image(&small(mean_32()), set).unwrap()
}

/// Rounds of samples, whole frames of them.
fn samples(frames: usize) -> Vec<i16> {
    Synthetic::default().rounds(7, CHANNELS, frames * ROUNDS)
}

/// Each offered from this clock on, the last one of a round marked.
fn offers(samples: &[i16], from: u32) -> Vec<Offer> {
    let offer = |(at, &sample): (usize, &i16)| {
        let last = (at + 1).is_multiple_of(CHANNELS);
        Offer { sample, last, from, ..Offer::default() }
    };
    samples.iter().enumerate().map(offer).collect()
}

/// The same one after the other, `over` of them in so many clocks.
fn paced(samples: &[i16], from: u32, clocks: u32, over: usize) -> Vec<Offer> {
    let mut offers = offers(samples, 0);
    for (at, offer) in offers.iter_mut().enumerate() {
        offer.from = from + at as u32 * clocks / over as u32;
    }
    offers
}

/// Samples that come slowly enough to last until a second image is loaded.
fn slow(samples: &[i16]) -> Vec<Offer> {
    let first = 3 * image_of(&mean_32()).words.len() as u32;
    paced(samples, first, first, samples.len() - 40)
}

/// One set, and another one behind it.
fn one_and_the_other() -> Vec<Access> {
    let images = [mean_32(), other()].map(|set| image_of(&set));
    images.iter().flat_map(load_and_commit).collect()
}

/// What a simulator did.
#[derive(Debug, PartialEq)]
struct Run {
    words: Vec<TracedWord>,
    /// `[question] -> word read, None if refused`; a question that is repeated has several.
    answers: Vec<Option<u32>>,
    taken: usize,
}

/// Runs one simulator.
fn run_on(engine: &dyn Simulator, offers: &[Offer], accesses: &[Access], clocks: &[Clock]) -> Run {
    let mut run = Run { words: vec![], answers: vec![], taken: 0 };
    let stimulus = Stimulus {
        accesses: Some(accesses.to_vec()),
        clocks: clocks.to_vec(),
        ..Stimulus::offers(offers.iter().copied())
    };
    engine
        .run(stimulus, &mut |event| match event {
            Event::Word(word) => run.words.push(word),
            Event::Sample { .. } => run.taken += 1,
            Event::Answer { word, .. } => run.answers.push(word),
        })
        .unwrap();
    run
}

fn run(offers: &[Offer], accesses: &[Access], clocks: &[Clock]) -> Run {
    let [rust_hdl, verilog] =
        ENGINES.each_ref().map(|engine| run_on(&**engine, offers, accesses, clocks));
    assert_eq!(rust_hdl, verilog);
    verilog
}

/// The frames of a run.
fn frames(run: &Run) -> Vec<Vec<u32>> {
    let frames = run.words.split_inclusive(|word| word.last);
    frames.map(|frame| frame.iter().map(|word| word.word).collect()).collect()
}

/// Frames that a receiver with this set takes, with their samples.
fn received(set: &TableSet, frames: &[Vec<u32>]) -> Vec<(u64, Vec<i16>)> {
    let mut deframer = Deframer::new(set, small(mean_32()).layout().unwrap());
    let mut received = Vec::new();
    for frame in frames {
        deframer.push(frame, |event| {
            if let Received::Samples { frame, samples } = event {
                received.push((frame, samples.to_vec()));
            }
        });
    }
    received
}

/// That every frame is the right one of one of two sets; how many are of which.
fn judge(frames: &[Vec<u32>], samples: &[i16]) -> [usize; 2] {
    let each = [mean_32(), other()].map(|set| {
        let of_set = received(&set, frames);
        for (frame, of_frame) in &of_set {
            let right = &samples[*frame as usize * CHANNELS * ROUNDS..][..CHANNELS * ROUNDS];
            assert_eq!(of_frame, right, "frame {frame}");
        }
        of_set.len()
    });
    assert_eq!(each[0] + each[1], frames.len(), "a frame of no set");
    each
}

#[test]
fn an_image_is_of_its_core_and_its_set() {
    let (one, two) = (image_of(&mean_32()), image_of(&other()));
    assert_eq!(one.layout(), two.layout());
    assert_eq!((one.digest(), two.digest()), (mean_32().digest(), other().digest()));
    assert_eq!(one.words.len(), two.words.len());
    assert_ne!(one.words[3..], two.words[3..]);
    assert_eq!(
        golden_model::frames::crc(0, &one.words[..one.words.len() - 1]),
        *one.words.last().unwrap()
    );
    let more = small(mean_32()).with_frames(Frames { rounds: 5, keyframe_interval: 4 }).unwrap();
    assert_ne!(image(&more, &mean_32()).unwrap().layout(), one.layout());
}

#[test]
fn a_set_that_does_not_fit_is_refused_with_the_reason() {
    let refused = |set: &str| image(&small(mean_32()), &golden_model::shipped(set).unwrap());
    let error = refused("mean-64").unwrap_err().to_string();
    assert_eq!(error, "the table set mean-64 has rows 64, the core 32");
    assert!(refused("bigram-32").is_err() && refused("mean-range-64").is_err());
    let core = small(other());
    let error = image(&core, &mean_32()).unwrap_err();
    assert!(matches!(error, CannotLoad::TooLarge { .. }), "{error}");
    let fixed = Profile::named("nano").unwrap();
    assert!(matches!(image(&fixed, &mean_32()), Err(CannotLoad::FixedTables(_))));
}

#[test]
fn nothing_is_sent_before_a_whole_table_is_committed() {
    let samples = samples(3);
    let image = image_of(&mean_32());
    // Loaded, and not committed: no sample is taken in a thousand clocks.
    let mut accesses = load(&image);
    accesses.push(Access::until(map::STATUS, status::COMPLETE, status::COMPLETE));
    let before = accesses.len();
    accesses.push(Access::read(map::DIGEST));
    accesses.push(Access::write(map::CONTROL, control::COMMIT).not_before(20_000));
    accesses.push(Access::until(map::STATUS, status::PENDING | status::ACTIVE, status::ACTIVE));
    accesses.push(Access::read(map::DIGEST));
    let run = run(&offers(&samples, 0), &accesses, &[]);
    assert!(run.words[0].clock > 20_000, "{:?}", run.words[0]);
    assert_eq!(run.taken, samples.len());
    assert_eq!(judge(&frames(&run), &samples), [3, 0]);
    let [.., digest] = run.answers[..] else { panic!("no answers") };
    assert_eq!(digest, Some(mean_32().digest()));
    assert_eq!(run.answers[before], Some(0), "no digest without a table");
}

#[test]
fn registers_say_what_they_are() {
    let image = image_of(&mean_32());
    let mut accesses: Vec<Access> =
        [map::ID, map::VERSION, map::LAYOUT, map::WORDS, map::STATUS].map(Access::read).to_vec();
    // No such register, one that is written only, one that is read only, no whole address.
    accesses.extend([0x34, map::DATA, map::CONTROL, 0x3c, 2].map(Access::read));
    accesses.extend([map::ID, map::STATUS, 0x34, 1].map(|address| Access::write(address, 1)));
    let run = run(&[], &accesses, &[]);
    let known = [map::ID_VALUE, map::VERSION_VALUE, image.layout(), image.words.len() as u32, 0];
    assert_eq!(run.answers[..5], known.map(Some));
    assert_eq!(run.answers[5..], [None; 9]);
}

#[test]
fn what_is_wrong_with_an_image_is_said_and_it_is_not_used() {
    let image = image_of(&mean_32());
    let end = image.words.len() - 1;
    // (what becomes of the words, the status after them and a commit)
    type Change = fn(&mut Vec<u32>);
    let wrong: [(Change, u32); 5] = [
        (|words| words[0] ^= 1, status::WRONG_LAYOUT | status::TOO_LONG | status::NOT_COMPLETE),
        (|words| words[1] ^= 1, status::WRONG_CRC | status::NOT_COMPLETE),
        (|words| words[700] ^= 1 << 31, status::WRONG_CRC | status::NOT_COMPLETE),
        (|words| *words.last_mut().unwrap() ^= 8, status::WRONG_CRC | status::NOT_COMPLETE),
        (|words| words.truncate(words.len() - 1), status::LOADING | status::NOT_COMPLETE),
    ];
    for (change, expected) in wrong {
        let mut changed = image.clone();
        change(&mut changed.words);
        let mut accesses = load(&changed);
        accesses.push(Access::read(map::LOADED));
        accesses.push(Access::write(map::CONTROL, control::COMMIT));
        accesses.push(Access::read(map::STATUS));
        let run = run(&offers(&samples(1), 0)[..0], &accesses, &[]);
        let [.., loaded, _, status] = run.answers[..] else { panic!("no answers") };
        assert_eq!(status, Some(expected));
        let came = if expected & status::WRONG_LAYOUT != 0 { 1 } else { changed.words.len() };
        assert_eq!(loaded, Some(came as u32));
    }
    // One word too many does no harm to a whole image, and is said.
    let mut accesses = load(&image);
    accesses.push(Access::write(map::DATA, 0));
    accesses.push(Access::read(map::STATUS));
    let run = run(&[], &accesses, &[]);
    assert_eq!(run.answers.last(), Some(&Some(status::COMPLETE | status::TOO_LONG)));
    assert!(end > 2000);
}

#[test]
fn a_table_changes_at_a_keyframe_without_a_wrong_frame() {
    let samples = samples(12);
    // The second set comes while samples are compressed with the first one.
    let mut accesses = one_and_the_other();
    accesses.push(Access::read(map::DIGEST));
    let run = run(&slow(&samples), &accesses, &[]);
    let frames = frames(&run);
    let [before, after] = judge(&frames, &samples);
    assert_eq!(before % INTERVAL, 0, "the change is at a keyframe");
    assert!(before > 0 && after > 0, "{before} frames before, {after} after");
    assert_eq!(run.answers.last(), Some(&Some(other().digest())));
}

#[test]
fn commits_starts_holds_and_resets_at_any_moment_make_no_wrong_frame() {
    let images = [image_of(&mean_32()), image_of(&other())];
    let length = images[0].words.len() as u32;
    let mut random = generator(0x5eed);
    let mut of_both = [0; 2];
    for _ in 0..4 {
        let samples = samples(20);
        let mut accesses = load_and_commit(&images[0]);
        for _ in 0..3 {
            let chosen = &images[random.random_range(0..2)];
            match random.random_range(0..4) {
                // A half-loaded image, and a commit of it.
                0 => {
                    let cut = Image { words: chosen.words[..700].to_vec() };
                    accesses.extend(load(&cut));
                    accesses.push(Access::write(map::CONTROL, control::COMMIT));
                }
                // Two commits in a row, and the counters cleared.
                1 => {
                    accesses.extend(load_and_commit(chosen));
                    accesses.push(Access::write(map::CONTROL, control::COMMIT | control::CLEAR));
                }
                // A commit that a new beginning takes back.
                2 => {
                    accesses.extend(load(chosen));
                    accesses.push(Access::until(map::STATUS, status::COMPLETE, status::COMPLETE));
                    accesses.push(Access::write(map::CONTROL, control::COMMIT));
                    accesses.push(Access::write(map::CONTROL, control::START));
                }
                _ => accesses.extend(load_and_commit(chosen)),
            }
        }
        let offers = paced(&samples, 3 * length, 10 * length, samples.len());
        let run = run(&offers, &accesses, &[]);
        let [one, two] = judge(&frames(&run), &samples);
        of_both = [of_both[0] + one, of_both[1] + two];
    }
    assert!(of_both[0] > 5 && of_both[1] > 5, "{of_both:?}");
}

#[test]
fn counters_begin_at_zero_when_they_are_cleared() {
    let samples = samples(5);
    let mut accesses = load_and_commit(&image_of(&mean_32()));
    let last = 4 * image_of(&mean_32()).words.len() as u32;
    accesses.push(Access::read(map::FRAMES).not_before(last));
    accesses.push(Access::write(map::CONTROL, control::CLEAR));
    accesses.extend([map::FRAMES, map::BROKEN, map::OVERRUNS, map::MISALIGNED].map(Access::read));
    accesses.push(Access::read(map::FRAMES).not_before(2 * last));
    let mut offers = offers(&samples, 0);
    // A sample too many in the last frame but one, after the counters were cleared.
    let late = 3 * CHANNELS * ROUNDS;
    offers[late..].iter_mut().for_each(|offer| offer.from = last + 100);
    let run = run(&offers, &accesses, &[]);
    let [.., before, _, frames, broken, overruns, misaligned, after] = run.answers[..] else {
        panic!("no answers")
    };
    assert_eq!(before, Some(3));
    assert_eq!([frames, broken, overruns, misaligned], [Some(0); 4]);
    assert_eq!(after, Some(2));
}

#[test]
fn a_reset_takes_the_table_away_and_a_hold_does_not() {
    let samples = samples(4);
    let image = image_of(&mean_32());
    let loaded = 4 * image.words.len() as u32;
    let mut accesses = load_and_commit(&image);
    accesses.push(Access::write(map::CONTROL, control::HOLD).not_before(loaded));
    accesses.push(Access::read(map::STATUS));
    accesses.push(Access::write(map::CONTROL, control::RELEASE));
    accesses.push(Access::read(map::STATUS));
    accesses.push(Access::read(map::STATUS).not_before(2 * loaded + 10));
    accesses.push(Access::read(map::DIGEST));
    let mut clocks = vec![Clock::READY; 2 * loaded as usize];
    clocks.push(Clock { take: true, reset: true });
    // All of it before the hold, and once more after it.
    let mut twice = offers(&samples, 0);
    twice.extend(offers(&samples, loaded + 50));
    let run = run(&twice, &accesses, &clocks);
    let frames = frames(&run);
    assert_eq!(judge(&frames[..4], &samples), [4, 0]);
    assert_eq!(frames[4..], frames[..4], "after a hold it begins anew");
    let [.., held, _, released, reset, digest] = run.answers[..] else { panic!("no answers") };
    assert_eq!(held.map(|word| word & !status::BANK), Some(status::ACTIVE | status::HELD));
    assert_eq!(released.map(|word| word & !status::BANK), Some(status::ACTIVE));
    assert_eq!((reset, digest), (Some(0), Some(0)));
}

/// A change to the exported Verilog that makes it wrong.
struct Wrong {
    says: &'static str,
    right: &'static str,
    wrong: &'static str,
}

const WRONG: [Wrong; 5] = [
    Wrong { says: "the banks change in mid-frame", right: "(over & keyframe)", wrong: "1'b1" },
    Wrong { says: "the banks change at any frame", right: "(over & keyframe)", wrong: "over" },
    Wrong {
        says: "a word goes into the bank in use",
        right: "if (load_at[20] & load_at[21] &",
        wrong: "if (load_at[20] & ~load_at[21] &",
    },
    Wrong {
        says: "frames carry the next table's digest",
        right: "digest = used_digest;",
        wrong: "digest = next_digest;",
    },
    Wrong { says: "a wrong CRC is none", right: "crc_crc == expected_crc", wrong: "1'b1" },
];

#[test]
fn wrong_copies_are_seen() {
    let profile = small(mean_32());
    let verilator = Tools::locate().verilator().unwrap();
    let right = hdl::verilog::export::verilog(&profile);
    let samples = samples(12);
    let offers = slow(&samples);
    // The second image, and then a third one with a wrong word.
    let mut accesses = one_and_the_other();
    let mut broken = image_of(&mean_32());
    broken.words[9] ^= 1;
    accesses.extend(load(&broken));
    accesses.push(Access::read(map::STATUS));
    for Wrong { says, right: part, wrong } in WRONG {
        assert!(right.contains(part), "{says}");
        let copy = right.replace(part, wrong);
        let engine = VerilatorEngine::of_verilog(&verilator, &profile, &copy, &[]).unwrap();
        let run = run_on(&engine, &offers, &accesses, &[]);
        let frames = frames(&run);
        let judged = std::panic::catch_unwind(|| judge(&frames, &samples));
        let is_right = judged.is_ok_and(|[before, after]| before % INTERVAL == 0 && after > 0)
            && run
                .answers
                .last()
                .is_some_and(|status| status.is_some_and(|status| status & status::WRONG_CRC != 0));
        assert!(!is_right, "{says}: nobody notices");
    }
}
