//! Damage to streams of frames, of every kind that a radio link can cause. A receiver must never
//! output a wrong sample, must report what is missing, and must be complete again from the first
//! keyframe after the damage.

mod kinds;
#[path = "../../golden-model/tests/files/receiver.rs"]
mod receiver;
mod stream;

use golden_model::TableSet;
use golden_model::frames::{Deframer, Reader};
use rand::RngExt as _;
use rand::rngs::StdRng;

pub use kinds::{KINDS, Kind};
use receiver::Receiver;
use stream::{Source, Stream, any_layout, frames};

/// Results for damaged streams.
#[derive(Clone, Copy, Debug, Default, PartialEq, Eq)]
pub struct Survived {
    /// Samples that were sent.
    pub samples: u64,
    /// Frames that were sent.
    pub frames: u64,
    /// Frames decoded from datagrams, and from bytes without marks between frames; all of them
    /// right.
    pub handed_out: [u64; 2],
}

/// Damages and delivers this many streams and checks the receiver. They use this table set, or each
/// a random shipped one.
///
/// # Panics
/// If a receiver outputs a wrong sample, does not report a missing frame, or misses one without
/// need.
pub fn survive(kind: Kind, streams: usize, set: Option<&TableSet>, rng: &mut StdRng) -> Survived {
    let mut source = Source::new(rng.random());
    let mut survived = Survived::default();
    for _ in 0..streams {
        let any = source.sets[rng.random_range(0..source.sets.len())].clone();
        let set = set.unwrap_or(&any);
        let layout = if rng.random() { any_layout(rng) } else { any_layout(rng).bound() };
        let count = rng.random_range(8..50);
        let samples = source.samples(count * layout.frame_samples(), rng);
        let delivered = frames(set, layout, &samples, |_| false);
        let touched = vec![false; count];
        survived.samples += samples.len() as u64;
        survived.frames += count as u64;
        let mut stream = Stream { set, layout, samples, delivered, touched };
        (kind.damage)(&mut stream, &mut source, rng);

        for (bytes, right) in [false, true].into_iter().zip(&mut survived.handed_out) {
            let receiver = deliver(&stream, bytes, rng);
            assert_eq!(receiver.next, count as u64, "frames unaccounted for at the end");
            let due = stream.due(bytes.then_some(&receiver.right));
            for (frame, due) in due.into_iter().enumerate() {
                assert!(
                    receiver.right[frame] || !due,
                    "{}: frame {frame} is missing without need (bytes: {bytes}, {layout:?})",
                    kind.name
                );
            }
            *right += receiver.right.iter().filter(|&&right| right).count() as u64;
        }
    }
    survived
}

/// Delivers a stream as datagrams, or as bytes in pieces of any size.
fn deliver<'s>(stream: &'s Stream<'_>, bytes: bool, rng: &mut StdRng) -> Receiver<'s> {
    let mut receiver = Receiver::new(&stream.samples, stream.layout.frame_samples());
    let mut deframer = Deframer::new(stream.set, stream.layout);
    let end = stream.frames() as u64;
    if bytes {
        let mut reader = Reader::new(deframer);
        let all = stream.delivered.concat();
        let mut rest = &all[..];
        while !rest.is_empty() {
            let (piece, after) = rest.split_at(rng.random_range(1..=rest.len().min(50)));
            reader.push(piece, |event| receiver.take(event));
            rest = after;
        }
        reader.finish(Some(end), |event| receiver.take(event));
    } else {
        for datagram in stream.delivered.iter().filter(|datagram| !datagram.is_empty()) {
            // A transport of words does not deliver a partial word at the end.
            let words: Vec<u32> =
                datagram.as_chunks().0.iter().map(|&word| u32::from_be_bytes(word)).collect();
            deframer.push(&words, |event| receiver.take(event));
        }
        deframer.finish(end, |event| receiver.take(event));
    }
    receiver
}
