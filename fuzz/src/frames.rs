//! Frames, as datagrams and as a plain stream of bytes, with CRCs unchanged or corrected.

use golden_model::TableSet;
use golden_model::frames::{Deframer, Event, Header, Layout, Reader, crc};

use crate::choices::{choose, table_sets};

/// Channels, rounds of a frame, frames between keyframes.
const LAYOUTS: [(usize, usize, u64); 6] =
    [(1, 1, 1), (1, 19, 4), (3, 5, 16), (32, 2, 3), (256, 1, 8), (1, 1, 100)];

/// An input is a table set, a layout, how it is sent, and datagrams, each behind its length.
pub fn run(mut input: &[u8]) {
    let Some(set) = choose(table_sets(), &mut input) else { return };
    let Some(&(channels, rounds, interval)) = choose(&LAYOUTS, &mut input) else { return };
    let Some(&sealed) = choose(&[false, true], &mut input) else { return };
    let Ok(layout) = Layout::new(channels, rounds, interval) else { panic!("a legal layout") };
    let mut deframer = Deframer::new(set, layout);
    let mut reader = Reader::new(Deframer::new(set, layout.bound()));
    let mut of_frames = Given::new(layout);
    let mut of_bytes = Given::new(layout);
    while let Some((&length, rest)) = input.split_first() {
        let (datagram, rest) = rest.split_at(usize::from(length).min(rest.len()));
        input = rest;
        let words = words(datagram);
        let sent = |layout| if sealed { seal(set, layout, &words) } else { words.clone() };
        deframer.push(&sent(layout), |event| of_frames.take(event));
        match sealed {
            true => reader.push_words(&sent(layout.bound()), |event| of_bytes.take(event)),
            false => reader.push(datagram, |event| of_bytes.take(event)),
        }
    }
    deframer.finish(deframer.heard(), |event| of_frames.take(event));
    reader.finish(None, |event| of_bytes.take(event));
}

/// Checks the events: every frame once and in order, with its samples or as missing.
struct Given {
    layout: Layout,
    next: u64,
}

impl Given {
    fn new(layout: Layout) -> Given {
        Given { layout, next: 0 }
    }

    fn take(&mut self, event: Event<'_>) {
        match event {
            Event::Samples { frame, samples } => {
                assert_eq!(frame, self.next, "out of order");
                assert_eq!(samples.len(), self.layout.frame_samples());
                self.next += 1;
            }
            Event::Missing { frames, .. } => {
                assert_eq!(frames.start, self.next, "out of order");
                assert!(!frames.is_empty());
                self.next = frames.end;
            }
            Event::Refused(_) => {}
        }
    }
}

fn words(bytes: &[u8]) -> Vec<u32> {
    let word = |four: &[u8]| four.iter().fold(0, |word, byte| word << 8 | u32::from(*byte));
    bytes.chunks(4).map(word).collect()
}

/// A header made of the first word, and a right CRC after the rest.
fn seal(set: &TableSet, layout: Layout, words: &[u32]) -> Vec<u32> {
    let Some((&first, rest)) = words.split_first() else { return Vec::new() };
    let keyframe = first & 1 != 0;
    let header = Header { sequence: (first >> 16) as u16, keyframe };
    let mut frame = vec![header.word()];
    frame.extend(keyframe.then_some(set.digest()));
    frame.extend(rest);
    frame.push(crc(layout.crc_start(set), &frame));
    frame
}
