//! A receiver that knows what was sent and checks every event.
#![allow(dead_code, reason = "every test program uses a part of it")]

use std::ops::Range;

use tierwire_codec::frames::{Event, Loss, Refusal};

/// Checks every event against the samples that were sent.
pub struct Receiver<'s> {
    sent: &'s [i16],
    frame_samples: usize,
    /// The frame that has to be accounted for next.
    pub next: u64,
    /// `[frame] -> whether its samples were handed out`
    pub right: Vec<bool>,
    pub missing: Vec<(Range<u64>, Loss)>,
    pub refused: Vec<Refusal>,
}

impl<'s> Receiver<'s> {
    pub fn new(sent: &'s [i16], frame_samples: usize) -> Receiver<'s> {
        let right = vec![false; sent.len() / frame_samples];
        Receiver { sent, frame_samples, next: 0, right, missing: vec![], refused: vec![] }
    }

    /// Takes an event; fails if a sample is wrong, or if frames overlap or leave a gap.
    pub fn take(&mut self, event: Event<'_>) {
        match event {
            Event::Samples { frame, samples } => {
                assert_eq!(frame, self.next, "a frame out of turn");
                let begin = frame as usize * self.frame_samples;
                assert!(
                    samples == &self.sent[begin..begin + self.frame_samples],
                    "wrong samples in frame {frame}"
                );
                self.right[frame as usize] = true;
                self.next += 1;
            }
            Event::Missing { frames, why } => {
                assert_eq!(frames.start, self.next, "frames unaccounted for, or twice");
                assert!(!frames.is_empty());
                self.next = frames.end;
                self.missing.push((frames, why));
            }
            Event::Refused(refusal) => self.refused.push(refusal),
        }
    }
}
