//! What frames and keyframes cost: the ratio for every keyframe interval and frame length.

pub mod plot;

use std::fmt::Write;
use std::fs;
use std::path::PathBuf;

use golden_model::frames::{Deframer, Event, Framer, Layout};
use golden_model::wav::Recording;
use golden_model::{Encoder, TableSet};
use rayon::prelude::*;
use serde::Serialize;

use crate::Error;

/// Frames from one keyframe to the next.
pub const KEYFRAME_INTERVALS: [u64; 6] = [1, 4, 16, 64, 256, 1024];
/// Rounds of a frame: 1, 2, 4 and 10 ms at 19531 rounds per second.
pub const FRAME_ROUNDS: [usize; 4] = [19, 38, 76, 190];
/// A number of rounds that is a whole number of frames of every length.
const COMMON_ROUNDS: usize = 380;

/// Recordings, dealt out as the channels of one array.
pub struct Array {
    files: usize,
    channels: usize,
    /// Rounds per second, of the first recording.
    rate: u32,
    /// Rounds, one after the other.
    samples: Vec<i16>,
}

/// Everything that was measured.
#[derive(Serialize)]
pub struct Costs {
    table_set: String,
    files: usize,
    channels: usize,
    rounds: usize,
    rate: u32,
    /// Without frames: codes alone, from the first sample to the last.
    unframed_ratio: f64,
    cells: Vec<Cell>,
}

/// One keyframe interval with one frame length.
#[derive(Clone, Copy, Serialize)]
pub struct Cell {
    keyframe_interval: u64,
    frame_rounds: usize,
    /// From one keyframe to the next: the most that one lost frame can cost.
    keyframe_ms: f64,
    /// All bits sent, including headers, trailers and padding.
    bits: u64,
    /// 16 bits a sample, per bit sent.
    ratio: f64,
}

impl Array {
    /// Distributes the recordings over `channels` channels in turn; a channel with several has them
    /// one after the other. All are cut to the shortest.
    pub fn deal(files: &[PathBuf], channels: usize) -> Result<Array, Error> {
        let mut dealt: Vec<Vec<i16>> = vec![Vec::new(); channels];
        let (mut next, mut rate) = (0, None);
        for path in files {
            let bytes = fs::read(path).map_err(Error::file(path))?;
            let recording = Recording::read(&bytes[..]).map_err(Error::recording(path))?;
            rate.get_or_insert(recording.rate);
            for channel in 0..recording.channels {
                dealt[next % channels].extend(recording.channel(channel));
                next += 1;
            }
        }
        if next < channels {
            return Err(Error::TooFew(next, channels));
        }
        let shortest = dealt.iter().map(Vec::len).min().unwrap_or(0);
        let rounds = shortest - shortest % COMMON_ROUNDS;
        if rounds == 0 {
            return Err(Error::TooShort(shortest, COMMON_ROUNDS));
        }
        let samples = (0..rounds).flat_map(|round| dealt.iter().map(move |channel| channel[round]));
        Ok(Array {
            files: files.len(),
            channels,
            rate: rate.unwrap_or(1).max(1),
            samples: samples.collect(),
        })
    }
}

impl Costs {
    /// Encodes and decodes the array in frames of every kind, and counts the bits. `done` is called
    /// after each kind.
    ///
    /// # Errors
    /// If a sample is not restored, or the layout is invalid.
    pub fn measure(array: &Array, set: &TableSet, done: impl Fn() + Sync) -> Result<Costs, Error> {
        let kinds: Vec<(u64, usize)> = KEYFRAME_INTERVALS
            .iter()
            .flat_map(|&interval| FRAME_ROUNDS.map(|rounds| (interval, rounds)))
            .collect();
        let cells = kinds.into_par_iter().map(|(interval, rounds)| {
            let cell = Cell::measure(array, set, Layout::new(array.channels, rounds, interval)?)?;
            done();
            Ok(cell)
        });
        let cells = cells.collect::<Result<_, Error>>()?;
        let mut words = Vec::new();
        let mut encoder = Encoder::new(set, array.channels);
        encoder.extend(&array.samples, &mut words);
        words.extend(encoder.flush());
        Ok(Costs {
            table_set: set.name().into(),
            files: array.files,
            channels: array.channels,
            rounds: array.samples.len() / array.channels,
            rate: array.rate,
            unframed_ratio: ratio(array, 32 * words.len() as u64),
            cells,
        })
    }

    /// The ratios as a table: Markdown, which a terminal shows as well.
    pub fn markdown(&self) -> String {
        let mut text = format!(
            "Table set `{}`, {} recordings as {} channels of {} samples. Ratio by keyframe interval \
             and frame length; without frames {:.3}.\n\n| frames to a keyframe |",
            self.table_set, self.files, self.channels, self.rounds, self.unframed_ratio
        );
        for rounds in FRAME_ROUNDS {
            let _ = write!(text, " {rounds} rounds, {:.1} ms |", self.ms(rounds as u64));
        }
        text.push_str("\n|---:|");
        text.push_str(&"---:|".repeat(FRAME_ROUNDS.len()));
        for interval in KEYFRAME_INTERVALS {
            let _ = write!(text, "\n| {interval} |");
            for rounds in FRAME_ROUNDS {
                let cell = self.cells_of(rounds).find(|c| c.keyframe_interval == interval);
                let _ = write!(text, " {:.3} |", cell.map_or(f64::NAN, |cell| cell.ratio));
            }
        }
        text + "\n\nEvery bit sent is counted: headers, trailers and the filling of last words. A lost \
                frame takes with it\nall samples up to the next keyframe. Every sample came back.\n"
    }

    /// The cells of one frame length.
    fn cells_of(&self, frame_rounds: usize) -> impl Iterator<Item = &Cell> {
        self.cells.iter().filter(move |cell| cell.frame_rounds == frame_rounds)
    }

    fn ms(&self, rounds: u64) -> f64 {
        1e3 * rounds as f64 / f64::from(self.rate)
    }
}

impl Cell {
    fn measure(array: &Array, set: &TableSet, layout: Layout) -> Result<Cell, Error> {
        let mut deframer = Deframer::new(set, layout);
        let mut rest = &array.samples[..];
        let (mut words, mut right) = (0, true);
        Framer::new(set, layout).extend(&array.samples, |frame| {
            words += frame.len() as u64;
            deframer.push(frame, |event| match event {
                Event::Samples { samples, .. } if rest.starts_with(samples) => {
                    rest = &rest[samples.len()..];
                }
                _ => right = false,
            });
        });
        if !right || !rest.is_empty() {
            return Err(Error::NotRestored(layout));
        }
        let rounds = layout.keyframe_interval() * layout.frame_rounds() as u64;
        Ok(Cell {
            keyframe_interval: layout.keyframe_interval(),
            frame_rounds: layout.frame_rounds(),
            keyframe_ms: 1e3 * rounds as f64 / f64::from(array.rate),
            bits: 32 * words,
            ratio: ratio(array, 32 * words),
        })
    }
}

fn ratio(array: &Array, bits: u64) -> f64 {
    16.0 * array.samples.len() as f64 / bits as f64
}
