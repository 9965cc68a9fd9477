//! Frames that were dropped, never sent, or lost for long: the time goes on.

use super::{narrow, set};
use crate::receiver::Receiver;
use tierwire_codec::frames::{Deframer, Event, Framer, Header, Layout, Loss, Reader, Refusal};
use tierwire_codec::synthetic::Synthetic;

#[test]
fn a_dropped_frame_is_broken_wherever_it_ends() {
    let (set, layout) = (set(), Layout::new(2, 5, 3).unwrap());
    let samples = Synthetic::default().rounds(3, 2, 45);
    for given_up in 0..9 {
        for after in 0..10 {
            let mut framer = Framer::new(&set, layout);
            let mut sent: Vec<Vec<u32>> = Vec::new();
            for (place, &sample) in samples.iter().enumerate() {
                if place == 10 * given_up + after {
                    assert_eq!(framer.pending(), after);
                    sent.extend(framer.give_up().map(<[u32]>::to_vec));
                    assert_eq!(framer.give_up(), None);
                }
                sent.extend(framer.push(sample).map(<[u32]>::to_vec));
            }
            assert_eq!((sent.len(), framer.frame()), (9, 9));
            let mut receiver = Receiver::new(&samples, 10);
            let mut deframer = Deframer::new(&set, layout);
            sent.iter().for_each(|frame| deframer.push(frame, |event| receiver.take(event)));
            deframer.finish(9, |event| receiver.take(event));
            let number = given_up as u64;
            let missing = [(number..number + 1, Loss::Broken)];
            assert_eq!(receiver.missing, missing);
            for (number, frame) in sent.iter().enumerate() {
                let keyframe = number % 3 == 0 || number == given_up + 1;
                assert_eq!(Header::read(frame[0]).unwrap().keyframe, keyframe);
            }

            let mut receiver = Receiver::new(&samples, 10);
            let mut reader = Reader::new(Deframer::new(&set, layout));
            reader.push_words(&sent.concat(), |event| receiver.take(event));
            reader.finish(None, |event| receiver.take(event));
            assert_eq!(receiver.missing, missing);
            assert!(receiver.refused.contains(&Refusal::Broken { frame: number }));
        }
    }
}

#[test]
fn frames_that_are_not_sent_are_missing_and_the_next_is_a_keyframe() {
    let (set, layout) = (set(), Layout::new(2, 5, 4).unwrap());
    let samples = Synthetic::default().rounds(3, 2, 60);
    let mut framer = Framer::new(&set, layout);
    let mut sent: Vec<Vec<u32>> = Vec::new();
    for &sample in &samples {
        match (framer.frame(), framer.pending()) {
            (2..=4, 0) => assert_eq!(framer.overrun(), None),
            // Too late for that: its header is out.
            (6, 3) => sent.extend(framer.overrun().map(<[u32]>::to_vec)),
            _ => {}
        }
        sent.extend(framer.push(sample).map(<[u32]>::to_vec));
    }
    let mut receiver = Receiver::new(&samples, 10);
    let mut deframer = Deframer::new(&set, layout);
    sent.iter().for_each(|frame| deframer.push(frame, |event| receiver.take(event)));
    assert_eq!((deframer.due(), sent.len()), (12, 9));
    assert_eq!(receiver.missing, [(2..5, Loss::Lost), (6..7, Loss::Broken)]);
    let keyframes = sent.iter().filter_map(|frame| Header::read(frame[0])).filter(|h| h.keyframe);
    assert_eq!(keyframes.map(|h| h.sequence).collect::<Vec<_>>(), [0, 5, 7, 8]);
}

#[test]
fn numbers_go_on_beyond_sixteen_bits() {
    let (set, layout, samples, frames) = narrow(1000, 200_000);
    let mut receiver = Receiver::new(&samples, 1);
    let mut deframer = Deframer::new(&set, layout);
    frames.iter().for_each(|frame| deframer.push(frame, |event| receiver.take(event)));
    assert!(receiver.right.iter().all(|&right| right));
}

#[test]
fn a_gap_is_measured_up_to_32767_frames_and_beyond_that_only_by_a_clock() {
    let (set, layout, samples, frames) = narrow(1, 200_000);
    let gap = |missing: usize, clock: Option<u64>| {
        let mut receiver = Receiver::new(&samples, 1);
        let mut deframer = Deframer::new(&set, layout);
        deframer.push(&frames[0], |event| receiver.take(event));
        clock.into_iter().for_each(|about| deframer.expect(about));
        deframer.push(&frames[1 + missing], |event| receiver.take(event));
        (receiver.missing.len(), receiver.refused)
    };
    assert_eq!(gap(32_767, None), (1, vec![]));
    for missing in [32_768, 40_000, 65_535] {
        let late = Refusal::Late { sequence: (missing + 1) as u16 };
        assert_eq!(gap(missing, None), (0, vec![late]));
    }
    for missing in [32_767, 32_768, 65_535, 65_536, 150_000] {
        for off in [-32_000, 0, 32_000] {
            let about = (missing as u64).saturating_add_signed(off);
            assert_eq!(gap(missing, Some(about)), (1, vec![]), "{missing} {off}");
        }
    }
}

/// A sender whose output is too slow may drop frames for any length of time.
#[test]
fn frames_without_samples_still_advance_the_time() {
    let (set, layout, samples, frames) = narrow(1, 200_000);
    let mut receiver = Receiver::new(&samples, 1);
    let mut deframer = Deframer::new(&set, layout);
    for (number, frame) in frames.iter().enumerate() {
        let mut frame = frame.clone();
        if (3391..3391 + 65_536).contains(&number) {
            // Every frame is dropped, and only every 30,000th of these arrives.
            *frame.last_mut().unwrap() ^= u32::MAX;
            if number % 30_000 != 0 {
                continue;
            }
        }
        deframer.push(&frame, |event| receiver.take(event));
    }
    assert_eq!(receiver.right.iter().filter(|&&right| !right).count(), 65_536);
    assert_eq!(deframer.due(), 200_000);
}

#[test]
fn a_stream_is_joined_at_its_next_keyframe() {
    let (set, layout, _, frames) = narrow(1000, 140_000);
    for (about, number) in [(32_768, 71_000 % 65_536), (70_000, 71_000), (71_100, 71_000)] {
        let mut deframer = Deframer::joining(&set, layout, about);
        let mut first = None;
        for frame in &frames[70_500..71_500] {
            deframer.push(frame, |event| match event {
                Event::Samples { frame, .. } => {
                    first.get_or_insert(frame);
                }
                Event::Missing { .. } => panic!("{event:?}"),
                Event::Refused(_) => assert_eq!(first, None),
            });
        }
        assert_eq!((first, deframer.due()), (Some(number), number + 500));
    }
}
