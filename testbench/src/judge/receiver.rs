//! A receiver that is told nothing, and whose every event is compared with what was sent.

use golden_model::frames::{Event, Loss};

use super::fate::{Fate, Given};
use super::finding::Finding;

/// What a receiver got.
pub(crate) struct Receiver<'g, F> {
    given: &'g dyn Given,
    /// Gets the samples of each frame.
    received: F,
    /// `[frame] -> received, or why it is missing`
    found: Vec<Option<Loss>>,
    findings: Vec<Finding>,
    samples: Vec<i16>,
}

impl<'g, F: FnMut(u64, &[i16])> Receiver<'g, F> {
    pub(crate) fn new(given: &'g dyn Given, received: F) -> Receiver<'g, F> {
        Receiver { given, received, found: vec![], findings: vec![], samples: vec![] }
    }

    /// Takes an event.
    pub(crate) fn take(&mut self, event: &Event<'_>) {
        match event {
            Event::Samples { frame, samples } => {
                self.turn(*frame);
                self.samples.clear();
                if *frame < self.given.frames() {
                    self.given.frame(*frame, &mut self.samples);
                }
                if self.samples != *samples {
                    self.findings.push(Finding::WrongSamples { frame: *frame });
                }
                (self.received)(*frame, samples);
                self.found.push(None);
            }
            Event::Missing { frames, why } => {
                self.turn(frames.start);
                self.found.resize(frames.end as usize, Some(*why));
            }
            Event::Refused(_) => {}
        }
    }

    fn turn(&mut self, frame: u64) {
        let due = self.found.len() as u64;
        if frame != due {
            self.findings.push(Finding::OutOfTurn { frame, due });
        }
    }

    /// Whether each frame was received.
    pub(crate) fn right(&self) -> Vec<bool> {
        self.found.iter().map(Option::is_none).collect()
    }

    /// What is wrong, if all the whole frames must be received and no other.
    pub(super) fn compare(self, fates: &[Fate]) -> Vec<Finding> {
        let dropped = |fate| matches!(fate, Fate::Broken | Fate::Unsent);
        let right = self.right();
        let accepted = right.iter().zip(fates).enumerate();
        let accepted = accepted.filter(|(_, (right, fate))| **right && dropped(**fate));
        let accepted = accepted.map(|(frame, _)| Finding::Accepted { frame: frame as u64 });
        let accepted: Vec<Finding> = accepted.collect();
        let due = fates.iter().map(|&fate| fate == Fate::Whole);
        let mut findings = self.withheld(due);
        findings.extend(accepted);
        findings
    }

    /// What is wrong, if these frames must be received.
    pub(crate) fn withheld(self, due: impl ExactSizeIterator<Item = bool>) -> Vec<Finding> {
        let mut findings = self.findings;
        let from = self.found.len();
        if from < due.len() {
            findings.push(Finding::Unaccounted { from: from as u64 });
        }
        for (frame, (&why, due)) in self.found.iter().zip(due).enumerate() {
            if due && why.is_some() {
                findings.push(Finding::Withheld { frame: frame as u64, why });
            }
        }
        findings
    }
}
