//! The receiving end of a link: datagrams and bytes, with headers and CRCs unchanged or corrected.

use ::link::{Datagram, Event, Options, Receiver, StreamFormat};
use golden_model::TableSet;
use golden_model::frames::{Header, Layout, crc};

use crate::choices::{choose, table_sets};

/// Channels, rounds of a frame, frames between keyframes.
const LAYOUTS: [(usize, usize, u64); 4] = [(1, 1, 1), (3, 5, 16), (32, 2, 3), (1, 1, 100)];
/// How datagrams are sent: as they are, with a right header before the piece, or bare with a right CRC.
const FORMS: [Form; 4] = [Form::AsIs, Form::Bytes, Form::Marked, Form::Sealed];

#[derive(Clone, Copy)]
enum Form {
    AsIs,
    Bytes,
    Marked,
    Sealed,
}

/// An input is a table set, a layout, a form, and datagrams, each behind its length. In marked ones a byte
/// of the session, two of the number, two of the length and two of the offset come first.
pub fn run(mut input: &[u8]) {
    let Some(set) = choose(table_sets(), &mut input) else { return };
    let Some(&(channels, rounds, interval)) = choose(&LAYOUTS, &mut input) else { return };
    let Some(&form) = choose(&FORMS, &mut input) else { return };
    let Some(&from_start) = choose(&[false, true], &mut input) else { return };
    let layout = Layout::new(channels, rounds, interval).expect("a legal layout").bound();
    let format = StreamFormat {
        profile: "fuzz".into(),
        set: set.clone(),
        others: vec![],
        layout,
        samples_per_s: 1000.0,
    };
    let datagrams = !matches!(form, Form::Bytes);
    let mut receiver = Receiver::new(&format, Options { datagrams, from_start, window: 8 });
    let mut due = 0;
    let mut take = |event: Event<'_>| match event {
        Event::Samples { round, samples } => {
            assert_eq!(round, due, "out of order");
            assert_eq!(samples.len(), layout.frame_samples());
            due += rounds as u64;
        }
        Event::Missing(missing) => {
            assert_eq!(missing.rounds.start, due, "out of order");
            assert!(!missing.rounds.is_empty());
            due = missing.rounds.end;
        }
        Event::Restarted { round } => assert_eq!(round, due, "out of order"),
    };
    while let Some((&length, rest)) = input.split_first() {
        let (datagram, rest) = rest.split_at(usize::from(length).min(rest.len()));
        input = rest;
        let sent = match form {
            Form::AsIs | Form::Bytes => datagram.to_vec(),
            Form::Marked => marked(datagram),
            Form::Sealed => sealed(set, layout, datagram),
        };
        receiver.push(&sent, &mut take);
        let _ = receiver.misfit();
    }
    receiver.finish(&mut take);
    let _ = receiver.nothing();
}

fn marked(bytes: &[u8]) -> Vec<u8> {
    let Some((&[session, n1, n0, l1, l0, o1, o0], piece)) = bytes.split_first_chunk() else {
        return bytes.to_vec();
    };
    let two = |high: u8, low: u8| u32::from(high) << 8 | u32::from(low);
    // Far jumps as well.
    let number = u64::from(two(n1, n0)) << (8 * (session >> 5));
    let (length, offset) = (two(l1, l0), two(o1, o0));
    Datagram { session: (session & 3).into(), number, length, offset, piece }.to_bytes()
}

/// A header made of the first bytes, and a right CRC after the rest.
fn sealed(set: &TableSet, layout: Layout, bytes: &[u8]) -> Vec<u8> {
    let Some((&[flags, high, low], rest)) = bytes.split_first_chunk() else {
        return bytes.to_vec();
    };
    let keyframe = flags & 1 != 0;
    let header = Header { keyframe, sequence: u16::from(high) << 8 | u16::from(low) };
    let mut frame = vec![header.word()];
    frame.extend(keyframe.then_some(set.digest()));
    frame.extend(rest.as_chunks().0.iter().map(|&word| u32::from_be_bytes(word)));
    frame.push(crc(layout.crc_start(set), &frame));
    frame.iter().flat_map(|word| word.to_be_bytes()).collect()
}
