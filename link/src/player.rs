//! **Player**: frames at their own pace onto a transport, as an implant sends them.

use std::fmt;
use std::sync::atomic::{AtomicBool, Ordering};
use std::time::{Duration, Instant};

use golden_model::frames::{Framer, Header, crc};

use crate::{StreamFormat, Target, TargetError};

/// Frames that can be sent again and again: the same codes under new numbers, so that a short recording
/// lasts as long as it has to.
///
/// That is right when they are a multiple of the keyframe interval, as [`Codes::length`] makes them: every
/// repetition then begins with a keyframe.
pub struct Codes<I> {
    /// Those that are sent once.
    fresh: I,
    /// Those that are repeated.
    kept: Vec<Vec<u32>>,
    next: u64,
    all: u64,
    crc_start: u32,
}

impl Codes<()> {
    /// How many frames to encode of a recording of so many, when `all` are to be sent: all of them, or, if
    /// they are repeated, those of whole keyframe intervals.
    pub fn length(format: &StreamFormat, frames: u64, all: u64) -> u64 {
        let interval = format.layout.keyframe_interval();
        if all <= frames { all } else { (frames / interval).max(1) * interval }
    }
}

/// The golden encoder's frames of samples, one of each channel in turn.
pub fn encode(
    format: &StreamFormat,
    samples: impl Iterator<Item = i16>,
) -> impl Iterator<Item = Vec<u32>> {
    let mut framer = Framer::new(&format.set, format.layout);
    samples.filter_map(move |sample| framer.push(sample).map(<[u32]>::to_vec))
}

impl<I: Iterator<Item = Vec<u32>>> Codes<I> {
    /// The first `length` frames of `fresh`, again and again until there were `all`. What is repeated is
    /// encoded here, before the first frame is due.
    pub fn new(format: &StreamFormat, mut fresh: I, length: u64, all: u64) -> Codes<I> {
        let interval = format.layout.keyframe_interval();
        debug_assert!(all <= length || length.is_multiple_of(interval));
        let crc_start = format.layout.crc_start(&format.set);
        let kept = if all > length { fresh.by_ref().collect() } else { Vec::new() };
        Codes { fresh, kept, next: 0, all, crc_start }
    }
}

impl<I: Iterator<Item = Vec<u32>>> Iterator for Codes<I> {
    type Item = Vec<u32>;

    fn next(&mut self) -> Option<Vec<u32>> {
        if self.next >= self.all {
            return None;
        }
        let number = self.next;
        self.next += 1;
        if self.kept.is_empty() {
            return self.fresh.next();
        }
        let mut frame = self.kept[(number % self.kept.len() as u64) as usize].clone();
        let header = Header::read(frame[0])?;
        frame[0] = Header { sequence: number as u16, ..header }.word();
        let end = frame.len() - 1;
        frame[end] = crc(self.crc_start, &frame[..end]);
        Some(frame)
    }
}

/// Plays frames.
pub struct Player<'a> {
    /// Their format.
    pub format: &'a StreamFormat,
    /// How much faster than the recording's own rate; `None`: as fast as the transport takes them.
    pub speed: Option<f64>,
    /// Ends when set.
    pub stop: &'a AtomicBool,
}

/// What was sent.
#[derive(Clone, Copy, Debug, PartialEq)]
pub struct Sent {
    /// Frames.
    pub frames: u64,
    /// Bytes that went out, without those that were dropped on purpose.
    pub bytes: u64,
    /// How far behind its time the last frame was.
    pub late: Duration,
}

impl fmt::Display for Sent {
    fn fmt(&self, f: &mut fmt::Formatter<'_>) -> fmt::Result {
        let Sent { frames, bytes, late } = self;
        write!(f, "{frames} frames sent, {bytes} bytes")?;
        match late.as_millis() {
            0..100 => Ok(()),
            late => write!(f, "; {late} ms late at the end: too fast for this machine"),
        }
    }
}

impl Player<'_> {
    /// Sends frames, numbered from 0.
    ///
    /// # Errors
    /// [`TargetError`]; when the other end has gone, there is none.
    pub fn play(
        &self,
        frames: impl Iterator<Item = Vec<u32>>,
        mut target: Target,
    ) -> Result<Sent, TargetError> {
        let begin = Instant::now();
        let (mut sent, mut late) = (0, Duration::ZERO);
        for frame in frames {
            if self.stop.load(Ordering::Relaxed) {
                break;
            }
            if let Some(speed) = self.speed {
                let due = (sent + 1) as f64 * self.format.frame_seconds() / speed;
                let due = begin + Duration::from_secs_f64(due);
                let now = Instant::now();
                std::thread::sleep(due.saturating_duration_since(now));
                late = now.saturating_duration_since(due);
            }
            let bytes = frame.iter().flat_map(|word| word.to_be_bytes()).collect();
            match target.send(sent, bytes) {
                Err(error) if error.is_gone() => {
                    return Ok(Sent { frames: sent, bytes: target.sent(), late });
                }
                other => other?,
            }
            sent += 1;
        }
        Ok(Sent { frames: sent, bytes: target.finish(sent)?, late })
    }
}
