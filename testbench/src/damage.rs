//! Damage to streams of frames, of every kind that a radio link can cause. A receiver must never
//! output a wrong sample, must report what is missing, and must be complete again from the first
//! keyframe after the damage.

mod kinds;
mod stream;

use golden_model::TableSet;
use golden_model::frames::{Deframer, Reader};
use rand::RngExt as _;
use rand::rngs::StdRng;

use crate::judge::{Finding, Given as _, Receiver};

pub use kinds::{KINDS, Kind};
use stream::{Source, Stream, any_layout, frames};

/// Results for damaged streams.
#[derive(Clone, Debug, Default, PartialEq, Eq)]
pub struct Survived {
    /// Samples that were sent.
    pub samples: u64,
    /// Frames that were sent.
    pub frames: u64,
    /// Frames decoded from datagrams, and from bytes without marks between frames.
    pub handed_out: [u64; 2],
    /// Wrong samples, frames not reported, and frames missing without need.
    pub findings: Vec<Finding>,
}

/// Damages and delivers this many streams and checks the receiver. They use this table set, or each
/// a random shipped one.
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
            let (findings, received) = deliver(&stream, bytes, rng);
            survived.findings.extend(findings);
            *right += received;
        }
    }
    survived
}

/// Delivers a stream as datagrams, or as bytes in pieces of any size; what is wrong, and how many
/// frames were received.
fn deliver(stream: &Stream<'_>, bytes: bool, rng: &mut StdRng) -> (Vec<Finding>, u64) {
    let mut receiver = Receiver::new(stream, |_, _| {});
    let mut deframer = Deframer::new(stream.set, stream.layout);
    let end = stream.frames();
    if bytes {
        let mut reader = Reader::new(deframer);
        let all = stream.delivered.concat();
        let mut rest = &all[..];
        while !rest.is_empty() {
            let (piece, after) = rest.split_at(rng.random_range(1..=rest.len().min(50)));
            reader.push(piece, |event| receiver.take(&event));
            rest = after;
        }
        reader.finish(Some(end), |event| receiver.take(&event));
    } else {
        for datagram in stream.delivered.iter().filter(|datagram| !datagram.is_empty()) {
            // A transport of words does not deliver a partial word at the end.
            let words: Vec<u32> =
                datagram.as_chunks().0.iter().map(|&word| u32::from_be_bytes(word)).collect();
            deframer.push(&words, |event| receiver.take(&event));
        }
        deframer.finish(end, |event| receiver.take(&event));
    }
    let right = receiver.right();
    let due = stream.due(bytes.then_some(&right));
    (receiver.withheld(due.into_iter()), right.into_iter().filter(|&right| right).count() as u64)
}

#[cfg(test)]
mod tests {
    use super::*;
    use crate::seed::generator;

    fn findings(damage: kinds::Damage) -> Vec<Finding> {
        survive(kinds::kind("wrong", damage), 20, None, &mut generator(1)).findings
    }

    #[test]
    fn a_receiver_that_is_wrong_is_found() {
        // As a receiver that misses frames that nothing happened to.
        let missing = findings(|stream, _, _| stream.delivered[3].truncate(4));
        assert!(missing.iter().any(|f| matches!(f, Finding::Withheld { frame: 3, .. })));
        // As one that outputs a wrong sample.
        let wrong = findings(|stream, _, _| stream.samples[0] ^= 1);
        assert!(
            wrong.iter().all(|f| *f == Finding::WrongSamples { frame: 0 }) && wrong.len() == 40
        );
        assert_eq!(findings(|_, _, _| {}), []);
    }
}
