//! Frames, and how the deframer reports missing ones.

mod gaps;

use crate::receiver::Receiver;
use proptest::prelude::*;
use tierwire_codec::frames::{Deframer, Event, Framer, Header, Layout, Loss, Reader, Refusal, crc};
use tierwire_codec::synthetic::Synthetic;
use tierwire_codec::{Encoder, SHIPPED, TableSet, shipped};

fn set() -> TableSet {
    shipped("bigram-32").unwrap()
}

fn frames(set: &TableSet, layout: Layout, samples: &[i16]) -> Vec<Vec<u32>> {
    let mut frames = Vec::new();
    Framer::new(set, layout).extend(samples, |frame| frames.push(frame.to_vec()));
    frames
}

/// A stream of one channel and one round a frame: what the tests of time need.
fn narrow(interval: u64, count: usize) -> (TableSet, Layout, Vec<i16>, Vec<Vec<u32>>) {
    let (set, layout) = (set(), Layout::new(1, 1, interval).unwrap());
    let samples = Synthetic::default().rounds(1, 1, count);
    let frames = frames(&set, layout, &samples);
    (set, layout, samples, frames)
}

proptest! {
    #[test]
    fn every_layout_is_decoded_from_frames_and_from_bytes(
        set in prop::sample::select(&SHIPPED[..]),
        (channels, rounds, interval, bound) in (1usize..9, 1usize..40, 1u64..9, any::<bool>()),
        frame_count in 0usize..20,
        seed: u64,
        wild in prop::collection::vec((any::<prop::sample::Index>(), any::<i16>()), 0..40),
    ) {
        let set = shipped(set.name).unwrap();
        let layout = Layout::new(channels, rounds, interval).unwrap();
        let layout = if bound { layout.bound() } else { layout };
        let mut samples = Synthetic::default().rounds(seed, channels, rounds * frame_count);
        for (index, sample) in wild.iter().filter(|_| frame_count > 0) {
            let place = index.index(samples.len());
            samples[place] = *sample;
        }
        let sent = frames(&set, layout, &samples);
        prop_assert_eq!(sent.len(), frame_count);

        let mut receiver = Receiver::new(&samples, layout.frame_samples());
        let mut deframer = Deframer::new(&set, layout);
        for frame in &sent {
            prop_assert!(frame.len() <= layout.max_words(&set));
            deframer.push(frame, |event| receiver.take(event));
        }
        prop_assert!(receiver.right.iter().all(|&right| right));

        let mut receiver = Receiver::new(&samples, layout.frame_samples());
        let mut reader = Reader::new(Deframer::new(&set, layout));
        reader.push_words(&sent.concat(), |event| receiver.take(event));
        reader.finish(None, |event| receiver.take(event));
        prop_assert!(receiver.right.iter().all(|&right| right));
        prop_assert_eq!(receiver.refused, []);
    }

    #[test]
    fn the_payload_between_keyframes_is_what_the_encoder_sends(seed: u64, channels in 1usize..5) {
        // One frame from keyframe to keyframe: no bits of filling within.
        let set = set();
        let layout = Layout::new(channels, 50, 1).unwrap();
        let samples = Synthetic::default().rounds(seed, channels, 100);
        for (frame, samples) in frames(&set, layout, &samples).iter().zip(samples.chunks(50 * channels)) {
            let mut words = Vec::new();
            let mut encoder = Encoder::new(&set, channels);
            encoder.extend(samples, &mut words);
            words.extend(encoder.flush());
            prop_assert_eq!(&frame[2..frame.len() - 1], &words[..]);
        }
    }

    #[test]
    fn any_words_with_a_right_header_and_crc_are_survived(
        payloads in prop::collection::vec(prop::collection::vec(any::<u32>(), 0..12), 1..20),
        (channels, rounds) in (1usize..4, 1usize..8),
        inverted: [bool; 20],
    ) {
        let (set, layout) = (set(), Layout::new(channels, rounds, 2).unwrap());
        let (mut due, mut all) = (0, Vec::new());
        let mut tiles = |event: Event<'_>| match event {
            Event::Samples { frame, .. } => {
                assert_eq!(frame, due);
                due += 1;
            }
            Event::Missing { frames, .. } => {
                assert_eq!(frames.start, due);
                due = frames.end;
            }
            Event::Refused(_) => {}
        };
        let mut deframer = Deframer::new(&set, layout);
        for ((number, payload), inverted) in (0..).zip(payloads).zip(inverted) {
            let header = Header { keyframe: number % 2 == 0, sequence: number };
            let mut frame = vec![header.word()];
            frame.extend(header.keyframe.then_some(set.digest()));
            frame.extend(payload);
            let crc = crc(0, &frame);
            frame.push(if inverted { !crc } else { crc });
            deframer.push(&frame, &mut tiles);
            all.extend(frame);
        }
        deframer.finish(20, tiles);
        prop_assert!(due >= 20);
        let mut reader = Reader::new(Deframer::new(&set, layout));
        reader.push_words(&all, |_| {});
        reader.finish(None, |_| {});
    }
}

#[test]
fn reasons_are_printed() {
    let (set, layout, samples, frames) = narrow(10, 60);
    let mut receiver = Receiver::new(&samples, 1);
    let mut deframer = Deframer::new(&set, layout);
    let mut damaged = frames[12].clone();
    damaged[1] ^= 1;
    let foreign = shipped("bigram-128").unwrap();
    let foreign = self::frames(&foreign, layout, &samples);
    let delivered = [
        &frames[0..5], // 5 and 6 are lost
        &frames[7..12],
        &[damaged], // 12
        &frames[13..15],
        &frames[20..30], // 15 to 19 are lost
        &foreign[30..31],
        &frames[31..32],
        &frames[40..45],
        &frames[44..45],
        &frames[42..43],
        &[vec![0; 100], vec![7]],
    ];
    for frame in delivered.into_iter().flatten() {
        deframer.push(frame, |event| receiver.take(event));
    }
    assert_eq!(deframer.due(), 45);
    deframer.finish(50, |event| receiver.take(event));
    deframer.push(&frames[51], |event| receiver.take(event));
    assert_eq!((deframer.due(), deframer.heard()), (50, 52));
    deframer.finish(deframer.heard(), |event| receiver.take(event));
    use Loss::{AwaitingKeyframe, Damaged, Foreign, Lost};
    let expected = [
        (5..7, Lost),
        (7..10, AwaitingKeyframe),
        (12..13, Damaged),
        (13..20, AwaitingKeyframe),
        (30..31, Foreign),
        (31..40, AwaitingKeyframe),
        (45..50, Damaged),
        (50..51, Lost),
        (51..52, AwaitingKeyframe),
    ];
    assert_eq!(receiver.missing, expected);
    let refused = |wanted: Refusal| receiver.refused.iter().filter(|&&r| r == wanted).count();
    assert_eq!(refused(Refusal::Damaged), 1);
    assert_eq!(refused(Refusal::Length { words: 100 }) + refused(Refusal::Length { words: 1 }), 2);
    let digest = shipped("bigram-128").unwrap().digest();
    assert_eq!(refused(Refusal::ForeignTables { digest }), 1);
    assert_eq!(
        refused(Refusal::Late { sequence: 44 }) + refused(Refusal::Late { sequence: 42 }),
        2
    );
    assert_eq!(refused(Refusal::AwaitingKeyframe { frame: 8 }), 1);
}

/// Why [`Layout::bound`] is there.
#[test]
fn a_foreign_frame_with_the_expected_number_may_be_accepted_unless_the_crc_is_bound() {
    let set = shipped("seed").unwrap();
    let samples = Synthetic::default().rounds(5, 2, 12);
    // The seed's codes are the same in every state, so 2 x 6 samples decode as 3 x 4.
    let [ours, theirs] = [(2, 6), (3, 4)].map(|(c, r)| Layout::new(c, r, 1).unwrap());
    let given = |ours: Layout, theirs: Layout| {
        let mut given = None;
        Deframer::new(&set, ours).push(&frames(&set, theirs, &samples)[0], |event| {
            if let Event::Samples { samples, .. } = event {
                given = Some(samples.to_vec());
            }
        });
        given
    };
    assert_eq!(given(ours.bound(), ours.bound()).as_ref(), Some(&samples[..12].to_vec()));
    assert!(given(ours, theirs).is_some_and(|given| given != samples[..12]));
    assert_eq!(given(ours.bound(), theirs.bound()), None);
    assert_eq!(given(ours.bound(), ours), None);
}

#[test]
fn many_headers_and_ends_neither_stop_the_reader_nor_hide_later_frames() {
    let (set, layout) = (set(), Layout::new(64, 19, 4).unwrap());
    let samples = Synthetic::default().rounds(6, 64, 19 * 40);
    let sent = frames(&set, layout, &samples);
    let headers: Vec<u32> =
        (0..20_000).map(|n| Header { keyframe: false, sequence: n }.word()).collect();
    // Every word of it is the CRC of all before.
    let mut ends = vec![Header { keyframe: true, sequence: 12 }.word(), set.digest()];
    let mut running = crc(0, &ends);
    for _ in 0..5000 {
        ends.push(running);
        running = crc(running, &[running]);
    }
    let mut receiver = Receiver::new(&samples, layout.frame_samples());
    let mut reader = Reader::new(Deframer::new(&set, layout));
    for words in
        [&sent[..10].concat(), &headers, &sent[10..12].concat(), &ends, &sent[12..].concat()]
    {
        reader.push_words(words, |event| receiver.take(event));
    }
    reader.finish(None, |event| receiver.take(event));
    assert_eq!(receiver.missing, []);
    assert_eq!(receiver.right.len(), 40);
    assert_eq!(receiver.refused.len(), 2);
}

/// A sender whose tables change at a keyframe: what it sends, with the first set, the second, and the first again.
fn with_changes(sets: [&TableSet; 2], layout: Layout, samples: &[i16]) -> Vec<Vec<u32>> {
    let interval = 4 * layout.frame_samples();
    let mut sent = Vec::new();
    for (part, samples) in samples.chunks(interval).enumerate() {
        let set = sets[part % 2];
        let mut framer = Framer::new(set, layout);
        // The frames before are the other set's; only their number goes on.
        for _ in 0..4 * part {
            framer.extend(&vec![0; layout.frame_samples()], |_| {});
        }
        framer.extend(samples, |frame| sent.push(frame.to_vec()));
    }
    sent
}

#[test]
fn a_receiver_follows_a_change_of_tables() {
    let sets = ["mean-32", "bigram-32"].map(|name| tierwire_codec::shipped(name).unwrap());
    let layout = Layout::new(2, 3, 4).unwrap().bound();
    let samples: Vec<i16> =
        (0..12 * layout.frame_samples() as i16).map(|n| 64 * (n % 7) + 31).collect();
    let sent = with_changes([&sets[0], &sets[1]], layout, &samples);
    assert_eq!(sent.len(), 12);
    let all = |sent: &[Vec<u32>], bytes: bool| {
        let deframer = Deframer::new(&sets[0], layout).with_others([&sets[1]]);
        let (mut received, mut missing) = (Vec::new(), Vec::new());
        let mut take = |event: Event<'_>| match event {
            Event::Samples { frame, samples } => received.push((frame, samples.to_vec())),
            Event::Missing { frames, .. } => missing.extend(frames),
            Event::Refused(_) => {}
        };
        if bytes {
            let mut reader = Reader::new(deframer);
            sent.iter().for_each(|frame| reader.push_words(frame, &mut take));
            reader.finish(Some(12), &mut take);
        } else {
            let mut deframer = deframer;
            sent.iter().for_each(|frame| deframer.push(frame, &mut take));
            deframer.finish(12, &mut take);
        }
        for (frame, of_frame) in &received {
            let right = &samples[*frame as usize * layout.frame_samples()..][..of_frame.len()];
            assert_eq!(of_frame, right, "frame {frame}");
        }
        let received: Vec<u64> = received.into_iter().map(|(frame, _)| frame).collect();
        (received, missing)
    };
    for bytes in [false, true] {
        assert_eq!(all(&sent, bytes), ((0..12).collect(), vec![]));
        // Without the keyframe of the change nothing fits until the next one.
        let lost: Vec<Vec<u32>> = [&sent[..4], &sent[5..]].concat();
        assert_eq!(all(&lost, bytes), ((0..4).chain(8..12).collect(), (4..8).collect()));
        // A digest that was damaged on the way names no tables.
        let mut damaged = sent.clone();
        damaged[4][1] ^= 1;
        assert_eq!(all(&damaged, bytes), ((0..4).chain(8..12).collect(), (4..8).collect()));
    }
    // One that does not know the second set has the first one's frames, as before.
    let mut alone = Deframer::new(&sets[0], layout);
    let mut received = Vec::new();
    for frame in &sent {
        alone.push(frame, |event| match event {
            Event::Samples { frame, .. } => received.push(frame),
            Event::Missing { .. } | Event::Refused(_) => {}
        });
    }
    assert_eq!(received, (0..4).chain(8..12).collect::<Vec<u64>>());
}
