//! The receiver on streams that were damaged in every way: no sample is wrong, time has no gap and no
//! overlap, and nothing is missing without need.

use link::{Damage, DamageRates, Event, Misfit, Options, Receiver, end_of_session, pieces};
use proptest::prelude::*;

use crate::sent::{format, frames, samples};

/// What a receiver reported.
#[derive(Debug, Default, PartialEq)]
struct Report {
    /// `[round] -> its samples`, none where it is missing.
    rounds: Vec<Option<Vec<i16>>>,
    restarts: Vec<u64>,
}

impl Report {
    fn take(&mut self, event: &Event<'_>) {
        match event {
            Event::Samples { round, samples } => {
                assert_eq!(*round, self.rounds.len() as u64, "time has no gap and no overlap");
                self.rounds.extend(samples.chunks(4).map(|round| Some(round.to_vec())));
            }
            Event::Missing(missing) => {
                assert_eq!(missing.rounds.start, self.rounds.len() as u64);
                assert!(!missing.rounds.is_empty());
                self.rounds.resize(missing.rounds.end as usize, None);
            }
            Event::Restarted { round } => {
                assert_eq!(*round, self.rounds.len() as u64);
                self.restarts.push(*round);
            }
        }
    }

    /// How many rounds were received; each has to be right.
    fn right(&self, sent: &[i16]) -> usize {
        let mut right = 0;
        for (round, sent) in self.rounds.iter().zip(sent.chunks(4)) {
            if let Some(round) = round {
                assert_eq!(round, sent);
                right += 1;
            }
        }
        assert!(self.rounds.len() <= sent.len() / 4);
        right
    }
}

const FROM_START: Options = Options { datagrams: true, from_start: true, window: 16 };

fn received(options: Options, inputs: &[Vec<u8>]) -> (Report, link::Counters) {
    let format = format();
    let mut receiver = Receiver::new(&format, options);
    let mut report = Report::default();
    inputs.iter().for_each(|input| receiver.push(input, |event| report.take(&event)));
    receiver.finish(|event| report.take(&event));
    (report, *receiver.counters())
}

/// Frames as they are sent: in pieces, bare, or as bytes.
#[derive(Clone, Copy, Debug, PartialEq)]
enum Form {
    Pieces(usize),
    Bare,
    Bytes,
}

fn units(form: Form, frames: &[Vec<u8>]) -> Vec<Vec<u8>> {
    match form {
        Form::Pieces(most) => {
            let numbered = (0..).zip(frames);
            let mut units: Vec<_> =
                numbered.flat_map(|(number, frame)| pieces(9, number, frame, most)).collect();
            units.push(end_of_session(9, frames.len() as u64));
            units
        }
        Form::Bare | Form::Bytes => frames.to_vec(),
    }
}

fn damaged(units: Vec<Vec<u8>>, rates: &str, seed: u64) -> Vec<Vec<u8>> {
    let mut damage = Damage::new(rates.parse::<DamageRates>().unwrap(), seed);
    let mut arrived = Vec::new();
    let mut arrive = |unit: &[u8]| {
        arrived.push(unit.to_vec());
        Ok::<(), ()>(())
    };
    units.into_iter().for_each(|unit| damage.pass(unit, &mut arrive).unwrap());
    damage.finish(&mut arrive).unwrap();
    arrived
}

fn forms() -> impl Strategy<Value = Form> {
    prop_oneof![(1_usize..80).prop_map(Form::Pieces), Just(Form::Bare), Just(Form::Bytes)]
}

proptest! {
    #![proptest_config(ProptestConfig::with_cases(128))]

    #[test]
    fn nothing_that_a_link_does_makes_a_sample_wrong(
        form in forms(),
        percent in proptest::array::uniform5(0_u32..12),
        seed in any::<u64>(),
    ) {
        let sent = samples(60);
        let [drop, flip, truncate, reorder, duplicate] = percent;
        let rates = format!(
            "drop={drop},flip={flip},truncate={truncate},reorder={reorder},duplicate={duplicate}"
        );
        let inputs = damaged(units(form, &frames(&format(), &sent)), &rates, seed);
        let options = Options { datagrams: form != Form::Bytes, ..FROM_START };
        let (report, counters) = received(options, &inputs);
        let right = report.right(&sent);
        prop_assert_eq!(right as u64, 5 * counters.frames);
        prop_assert_eq!((report.rounds.len() - right) as u64, 5 * counters.missing);
    }

    #[test]
    fn datagrams_in_any_order_and_twice_lose_nothing(
        form in prop_oneof![(1_usize..80).prop_map(Form::Pieces), Just(Form::Bare)],
        seed in any::<u64>(),
    ) {
        let sent = samples(40);
        let mut units = units(form, &frames(&format(), &sent));
        // Where a frame has many pieces, one of them can come only a few frames late.
        let end = matches!(form, Form::Pieces(_)).then(|| units.pop().unwrap());
        let mut inputs = damaged(units, "reorder=30,duplicate=30", seed);
        inputs.extend(end);
        let (report, counters) = received(FROM_START, &inputs);
        prop_assert_eq!(report.right(&sent), sent.len() / 4);
        prop_assert_eq!(counters.missing, 0);
    }

    #[test]
    fn any_input_at_all_is_survived(
        inputs in proptest::collection::vec(proptest::collection::vec(any::<u8>(), 0..200), 0..20),
        datagrams in any::<bool>(),
    ) {
        let (report, _) = received(Options { datagrams, ..FROM_START }, &inputs);
        prop_assert!(report.rounds.iter().all(Option::is_none));
    }
}

#[test]
fn the_same_frames_under_another_number_are_refused() {
    // A wrong copy of a sender: each number is one too high.
    let sent = samples(10);
    let inputs: Vec<_> = (1..)
        .zip(&frames(&format(), &sent))
        .flat_map(|(number, frame)| pieces(1, number, frame, 50))
        .collect();
    let (report, counters) = received(FROM_START, &inputs);
    assert_eq!((report.right(&sent), counters.refused), (0, 10));
}

#[test]
fn a_stream_is_joined_at_its_next_keyframe() {
    let sent = samples(40);
    let frames = frames(&format(), &sent);
    for form in [Form::Pieces(30), Form::Bare, Form::Bytes] {
        let inputs = units(form, &frames);
        let late: Vec<_> = inputs[inputs.len() / 4 + 1..].to_vec();
        let options = Options { from_start: false, datagrams: form != Form::Bytes, window: 4 };
        let (report, counters) = received(options, &late);
        // Frame 16 is the first keyframe after a quarter.
        assert_eq!((counters.frames, counters.missing), (24, 0), "{form:?}");
        assert_eq!(report.right(&sent[16 * 20..]), 24 * 5);
    }
}

#[test]
fn a_sender_that_begins_anew_is_followed() {
    let sent = samples(200);
    let frames = frames(&format(), &sent);
    let session = |session| {
        let numbered = (0..).zip(&frames[..100]);
        numbered.flat_map(move |(number, frame)| pieces(session, number, frame, 1000))
    };
    let marked: Vec<_> = session(1).chain(session(2)).collect();
    let bare: Vec<_> = frames[..100].iter().chain(&frames[..100]).cloned().collect();
    for (inputs, datagrams) in [(marked, true), (bare.clone(), true), (bare, false)] {
        let (report, counters) = received(Options { datagrams, ..FROM_START }, &inputs);
        assert_eq!((counters.restarts, &report.restarts[..]), (1, &[500][..]));
        // It takes 64 frames to be sure, and then a keyframe.
        let (before, after) = report.rounds.split_at(500);
        let before = Report { rounds: before.to_vec(), restarts: Vec::new() };
        assert_eq!(before.right(&sent), 500);
        assert!(after.len() >= 5 * 24 && after.iter().all(Option::is_some));
        let first = sent.chunks(4).position(|round| Some(round) == after[0].as_deref()).unwrap();
        assert!(after.iter().flatten().flatten().eq(&sent[4 * first..2000]), "{datagrams}");
    }
}

#[test]
fn a_stream_of_another_profile_is_refused_with_the_reason() {
    let (own, sent) = (format(), samples(100));
    let other_set =
        link::StreamFormat { set: golden_model::shipped("means-64").unwrap(), ..format() };
    let layout = golden_model::frames::Layout::new(2, 10, 8).unwrap().bound();
    let other_layout = link::StreamFormat { layout, ..format() };
    for form in [Form::Pieces(1000), Form::Bare, Form::Bytes] {
        let options = Options { datagrams: form != Form::Bytes, ..FROM_START };
        let misfit = |sender: &link::StreamFormat| {
            let mut receiver = Receiver::new(&own, options);
            for unit in units(form, &frames(sender, &sent)) {
                receiver.push(&unit, |_| ());
                if let Some(misfit) = receiver.misfit() {
                    assert_eq!(receiver.counters().frames, 0);
                    return Some(misfit);
                }
            }
            None
        };
        let Some(why @ Misfit::Tables { .. }) = misfit(&other_set) else { panic!("{form:?}") };
        assert!(why.to_string().starts_with("frames of means-64 (digest 0x"), "{why}");
        assert!(matches!(misfit(&other_layout), Some(Misfit::Layout { .. })), "{form:?}");
        assert_eq!(misfit(&own), None);
    }
}

#[test]
fn a_silence_too_long_for_sequence_numbers_needs_the_clock() {
    let (own, sent) = (format(), samples(8));
    let codes = || link::Codes::new(&own, link::encode(&own, sent.iter().copied()), 8, 40_008);
    let bytes = |frame: Vec<u32>| frame.iter().flat_map(|word| word.to_be_bytes()).collect();
    let [first, late]: [Vec<u8>; 2] = [0, 40_000].map(|at| bytes(codes().nth(at).unwrap()));
    for datagrams in [false, true] {
        for (silent, expected) in [(None, 0), (Some(39_000), 39_999)] {
            let mut receiver = Receiver::new(&own, Options { datagrams, ..FROM_START });
            receiver.push(&first, |_| ());
            silent.into_iter().for_each(|frames| receiver.silent_for(frames));
            receiver.push(&late, |_| ());
            receiver.finish(|_| ());
            assert_eq!(receiver.counters().missing, expected, "{datagrams}");
        }
    }
}
