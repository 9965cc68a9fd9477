//! Frames as rounds of the recording.

use golden_model::frames::{self, Loss, Refusal};

use super::event::{Event, Missing};
use crate::{Counters, StreamFormat};

/// Frames as rounds of the recording.
#[derive(Debug)]
pub(super) struct Track {
    frame_rounds: u64,
    frame_samples: usize,
    /// The frame that the recording began with, and its round.
    begin: Option<(u64, u64)>,
    /// The round that comes next.
    pub due: u64,
    pub late_in_a_row: u32,
    last_late: u16,
    pub counters: Counters,
}

impl Track {
    pub fn new(format: &StreamFormat, from_start: bool) -> Track {
        Track {
            frame_rounds: format.layout.frame_rounds() as u64,
            frame_samples: format.layout.frame_samples(),
            begin: from_start.then_some((0, 0)),
            due: 0,
            late_in_a_row: 0,
            last_late: 0,
            counters: Counters::default(),
        }
    }

    pub fn restart(&mut self) {
        self.counters.restarts += 1;
        self.begin = None;
        self.late_in_a_row = 0;
    }

    /// The round that a frame begins with.
    fn round(&mut self, frame: u64) -> u64 {
        let &mut (first, round) = self.begin.get_or_insert((frame, self.due));
        round + (frame - first) * self.frame_rounds
    }

    pub fn take(&mut self, event: frames::Event<'_>, report: &mut dyn FnMut(Event<'_>)) {
        match event {
            frames::Event::Samples { frame, samples } => {
                debug_assert_eq!(samples.len(), self.frame_samples);
                let round = self.round(frame);
                self.due = round + self.frame_rounds;
                self.counters.frames += 1;
                self.late_in_a_row = 0;
                report(Event::Samples { round, samples });
            }
            frames::Event::Missing { frames, why } => {
                let rounds = self.round(frames.start)..self.round(frames.end);
                self.due = rounds.end;
                self.count(frames.end - frames.start, why);
                report(Event::Missing(Missing { rounds, frames, why: why.into() }));
            }
            frames::Event::Refused(refusal) => self.refused(refusal),
        }
    }

    fn count(&mut self, frames: u64, why: Loss) {
        let counters = &mut self.counters;
        counters.missing += frames;
        *match why {
            Loss::Lost => &mut counters.lost,
            Loss::Damaged | Loss::Foreign => &mut counters.damaged,
            Loss::Broken => &mut counters.broken,
            Loss::AwaitingKeyframe => &mut counters.undecodable,
        } += frames;
    }

    fn refused(&mut self, refusal: Refusal) {
        match refusal {
            Refusal::Late { sequence } => {
                self.counters.late += 1;
                let follows = sequence == self.last_late.wrapping_add(1);
                self.late_in_a_row = if follows { self.late_in_a_row + 1 } else { 1 };
                self.last_late = sequence;
            }
            Refusal::Skipped { bytes } => self.counters.skipped_bytes += bytes,
            Refusal::AwaitingKeyframe { .. } | Refusal::Broken { .. } => {}
            _ => self.counters.refused += 1,
        }
    }
}
