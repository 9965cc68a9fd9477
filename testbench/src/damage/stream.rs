//! Streams of frames, before and after damage.

use golden_model::frames::{Framer, Layout};
use golden_model::synthetic::{Channel, Synthetic};
use golden_model::{SHIPPED, TableSet, shipped};
use rand::RngExt as _;
use rand::rngs::StdRng;

use crate::judge::Given;

/// A stream as it was sent, and after the damage.
pub struct Stream<'t> {
    pub set: &'t TableSet,
    pub layout: Layout,
    pub samples: Vec<i16>,
    /// What the transport delivers. As bytes: all of it, back to back.
    pub delivered: Vec<Vec<u8>>,
    /// `[frame] -> whether damage may affect it`
    pub touched: Vec<bool>,
}

/// Other senders' table sets, and where random channels come from.
pub struct Source {
    pub sets: Vec<TableSet>,
    channel: Channel,
}

impl Source {
    pub fn new(seed: u64) -> Source {
        let sets = SHIPPED.iter().map(|s| shipped(s.name).unwrap()).collect();
        Source { sets, channel: Synthetic::default().channel(seed) }
    }

    /// Samples, some of them jumps and some off the lattice.
    pub fn samples(&mut self, count: usize, rng: &mut StdRng) -> Vec<i16> {
        let mut sample = || match rng.random_range(0..40) {
            0 => rng.random(),
            _ => self.channel.sample(),
        };
        (0..count).map(|_| sample()).collect()
    }
}

/// Any layout, of few channels and rounds.
pub fn any_layout(rng: &mut StdRng) -> Layout {
    let [channels, rounds] = [6, 8].map(|most| rng.random_range(1..=most));
    Layout::new(channels, rounds, rng.random_range(1..=6)).unwrap()
}

/// Frames of `samples`; `give_up` selects the dropped ones.
pub fn frames(
    set: &TableSet,
    layout: Layout,
    samples: &[i16],
    mut give_up: impl FnMut(u64) -> bool,
) -> Vec<Vec<u8>> {
    let bytes = |words: &[u32]| words.iter().flat_map(|word| word.to_be_bytes()).collect();
    let mut framer = Framer::new(set, layout);
    let mut frames = Vec::new();
    for &sample in samples {
        if give_up(framer.frame()) {
            frames.extend(framer.give_up().map(bytes));
        }
        frames.extend(framer.push(sample).map(bytes));
    }
    frames
}

impl Given for Stream<'_> {
    fn frames(&self) -> u64 {
        self.touched.len() as u64
    }

    fn frame(&self, number: u64, samples: &mut Vec<i16>) -> usize {
        let length = self.layout.frame_samples();
        samples.extend(&self.samples[number as usize * length..][..length]);
        0
    }
}

impl Stream<'_> {
    /// The same stream with its CRCs bound to tables and layout.
    pub fn bind(&mut self) {
        self.layout = self.layout.bound();
        self.delivered = frames(self.set, self.layout, &self.samples, |_| false);
    }

    /// Any of them.
    pub fn any(&self, rng: &mut StdRng) -> usize {
        rng.random_range(0..self.touched.len())
    }

    /// Frames that must be decoded: no damage since their keyframe. `right` are those that did, out
    /// of bytes without marks: a truncated frame among them took the byte that it lacked from the
    /// one behind, which happened to begin with it, and that one is the truncated one now.
    pub fn due(&self, right: Option<&[bool]>) -> Vec<bool> {
        let (mut sound, mut robbed) = (true, false);
        let due = |(frame, &touched): (usize, &bool)| {
            let hurt = touched || robbed;
            robbed = touched && right.is_some_and(|right| right[frame]);
            sound = (sound || self.layout.is_keyframe(frame as u64)) && !hurt;
            sound
        };
        self.touched.iter().enumerate().map(due).collect()
    }

    /// Inserts a foreign datagram before one of ours.
    pub fn insert(&mut self, at: usize, datagram: Vec<u8>) {
        self.delivered.insert(at.min(self.delivered.len()), datagram);
    }
}
