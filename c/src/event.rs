//! Events as C sees them.

use std::ptr;

use golden_model::frames::{Event, Loss, Refusal};

/// What an event is about.
#[repr(C)]
#[derive(Clone, Copy, Debug, PartialEq, Eq)]
pub enum TierwireKind {
    /// Samples, every one right: those of frame `frame`.
    Samples,
    /// The samples of `frames` frames from `frame` on are lost.
    Missing,
    /// Input that gave no samples. What is missing for that is reported by itself.
    Refused,
}

/// Why frames are missing or input was refused.
#[repr(C)]
#[derive(Clone, Copy, Debug, PartialEq, Eq)]
pub enum TierwireReason {
    /// Samples need none.
    None,
    /// Missing: nothing arrived instead.
    Lost,
    /// Missing: damaged frames arrived. Refused: the checksum is not right.
    Damaged,
    /// Missing: frames of another table set or another sender arrived. Refused: a keyframe of another
    /// table set, whose digest is `detail`.
    Foreign,
    /// The sender dropped the frame, since its link was too slow.
    Broken,
    /// A frame before is lost; the next keyframe ends this.
    AwaitingKeyframe,
    /// Refused: shorter or longer than any frame; `detail` words.
    Length,
    /// Refused: no header of this format version.
    NoHeader,
    /// Refused: repeated, or later than its successor; `detail` is its sequence number.
    Late,
    /// Refused: not a frame of this layout, though its checksum is right.
    Undecodable,
    /// Refused: `detail` bytes that belong to no frame.
    Skipped,
}

/// What became of some input.
#[repr(C)]
#[derive(Clone, Copy, Debug)]
pub struct TierwireEvent {
    /// What it is about.
    pub kind: TierwireKind,
    /// Why.
    pub reason: TierwireReason,
    /// The number of the frame, counted from the stream's beginning; of the first one where several are missing.
    pub frame: u64,
    /// How many frames: 1 with samples, 0 where input was refused.
    pub frames: u64,
    /// The samples, round after round, in each the channels in order; null without samples.
    pub samples: *const i16,
    /// How many samples.
    pub samples_length: usize,
    /// A number that the reason explains, or 0.
    pub detail: u64,
}

impl TierwireEvent {
    pub(crate) fn of(event: &Event<'_>) -> TierwireEvent {
        let none = TierwireEvent {
            kind: TierwireKind::Refused,
            reason: TierwireReason::None,
            frame: 0,
            frames: 0,
            samples: ptr::null(),
            samples_length: 0,
            detail: 0,
        };
        match event {
            Event::Samples { frame, samples } => TierwireEvent {
                kind: TierwireKind::Samples,
                frame: *frame,
                frames: 1,
                samples: samples.as_ptr(),
                samples_length: samples.len(),
                ..none
            },
            Event::Missing { frames, why } => TierwireEvent {
                kind: TierwireKind::Missing,
                reason: of_loss(*why),
                frame: frames.start,
                frames: frames.end - frames.start,
                ..none
            },
            Event::Refused(refusal) => {
                let (reason, frame, detail) = of_refusal(*refusal);
                TierwireEvent { reason, frame, detail, ..none }
            }
        }
    }
}

fn of_loss(loss: Loss) -> TierwireReason {
    match loss {
        Loss::Lost => TierwireReason::Lost,
        Loss::Damaged => TierwireReason::Damaged,
        Loss::Foreign => TierwireReason::Foreign,
        Loss::Broken => TierwireReason::Broken,
        Loss::AwaitingKeyframe => TierwireReason::AwaitingKeyframe,
    }
}

/// The reason, the frame's number and the detail.
fn of_refusal(refusal: Refusal) -> (TierwireReason, u64, u64) {
    match refusal {
        Refusal::Length { words } => (TierwireReason::Length, 0, words as u64),
        Refusal::Damaged => (TierwireReason::Damaged, 0, 0),
        Refusal::NoHeader => (TierwireReason::NoHeader, 0, 0),
        Refusal::ForeignTables { digest } => (TierwireReason::Foreign, 0, digest.into()),
        Refusal::Broken { frame } => (TierwireReason::Broken, frame, 0),
        Refusal::Late { sequence } => (TierwireReason::Late, 0, sequence.into()),
        Refusal::AwaitingKeyframe { frame } => (TierwireReason::AwaitingKeyframe, frame, 0),
        Refusal::Undecodable { frame } => (TierwireReason::Undecodable, frame, 0),
        Refusal::Skipped { bytes } => (TierwireReason::Skipped, 0, bytes),
    }
}
