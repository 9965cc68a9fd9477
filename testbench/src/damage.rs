//! Damage to streams of frames, of every kind there is on the way from an implant: a receiver is never
//! handed a wrong sample, is told of what is missing, and from the first keyframe behind the damage
//! the stream is complete again.

use std::ops::Range;

use golden_model::frames::{Deframer, Event, Framer, Header, Layout, Reader};
use golden_model::synthetic::{Channel, Synthetic};
use golden_model::{SHIPPED, TableSet, shipped};
use rand::RngExt as _;
use rand::rngs::StdRng;

/// A kind of damage, by its name.
#[derive(Clone, Copy, Debug)]
pub struct Kind {
    /// What happens to the stream.
    pub name: &'static str,
    damage: Damage,
}

const fn kind(name: &'static str, damage: Damage) -> Kind {
    Kind { name, damage }
}

/// Every kind.
pub const KINDS: [Kind; 12] = [
    kind("lost frames", lost),
    kind("repeated frames", repeated),
    kind("reordered frames", reordered),
    kind("truncated frames", truncated),
    kind("flipped bits", flipped),
    kind("frames of another table set", foreign_tables),
    kind("frames of another layout", foreign_layout),
    kind("random words", foreign_words),
    kind("frames given up by the sender", broken),
    kind("spliced frames", spliced),
    kind("inserted bytes", inserted),
    kind("many kinds at once", everything),
];

/// What came of damaged streams.
#[derive(Clone, Copy, Debug, Default, PartialEq, Eq)]
pub struct Survived {
    /// Samples that were sent.
    pub samples: u64,
    /// Frames that were sent.
    pub frames: u64,
    /// Frames handed out of datagrams, and of bytes without marks between frames; all of them right.
    pub handed_out: [u64; 2],
}

/// A stream as it was sent, and what the damage leaves of it.
struct Stream<'t> {
    set: &'t TableSet,
    layout: Layout,
    samples: Vec<i16>,
    /// What the transport delivers. As bytes: all of it, back to back.
    delivered: Vec<Vec<u8>>,
    /// `[frame] -> whether damage came near it`
    touched: Vec<bool>,
}

/// Other senders' table sets, and where random channels come from.
struct Source {
    sets: Vec<TableSet>,
    channel: Channel,
}

impl Source {
    fn new(seed: u64) -> Source {
        let sets = SHIPPED.iter().map(|s| shipped(s.name).unwrap()).collect();
        Source { sets, channel: Synthetic::default().channel(seed) }
    }

    /// Samples, some of them jumps and some off the lattice.
    fn samples(&mut self, count: usize, rng: &mut StdRng) -> Vec<i16> {
        let mut sample = || match rng.random_range(0..40) {
            0 => rng.random(),
            _ => self.channel.sample(),
        };
        (0..count).map(|_| sample()).collect()
    }
}

fn layout(rng: &mut StdRng) -> Layout {
    let [channels, rounds] = [6, 8].map(|most| rng.random_range(1..=most));
    Layout::new(channels, rounds, rng.random_range(1..=6)).unwrap()
}

/// Frames of `samples`; one is given up wherever `give_up` says so.
fn frames(
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

fn words(count: usize, rng: &mut StdRng) -> Vec<u8> {
    (0..count).flat_map(|_| rng.random::<u32>().to_be_bytes()).collect()
}

impl Stream<'_> {
    /// The same stream with its CRCs bound to tables and layout.
    fn bind(&mut self) {
        self.layout = self.layout.bound();
        self.delivered = frames(self.set, self.layout, &self.samples, |_| false);
    }

    fn frames(&self) -> usize {
        self.touched.len()
    }

    fn any(&self, rng: &mut StdRng) -> usize {
        rng.random_range(0..self.frames())
    }

    /// Frames that have to come whole: no damage from their keyframe on. `right` are those that did,
    /// out of bytes without marks: a truncated frame among them took the byte that it lacked from the
    /// one behind, which happened to begin with it, and that one is the truncated one now.
    fn due(&self, right: Option<&[bool]>) -> Vec<bool> {
        let (mut sound, mut robbed) = (true, false);
        let due = |(frame, &touched): (usize, &bool)| {
            let hurt = touched || robbed;
            robbed = touched && right.is_some_and(|right| right[frame]);
            sound = (sound || self.layout.is_keyframe(frame as u64)) && !hurt;
            sound
        };
        self.touched.iter().enumerate().map(due).collect()
    }

    /// Puts a datagram that is none of ours in front of one that is.
    fn insert(&mut self, at: usize, datagram: Vec<u8>) {
        self.delivered.insert(at.min(self.delivered.len()), datagram);
    }
}

/// The kinds: each damages a stream of which every frame was delivered, in order.
type Damage = fn(&mut Stream<'_>, &mut Source, &mut StdRng);

fn lost(stream: &mut Stream<'_>, _: &mut Source, rng: &mut StdRng) {
    for _ in 0..rng.random_range(1..4) {
        let begin = stream.any(rng);
        let end = (begin + rng.random_range(1..10)).min(stream.frames());
        stream.touched[begin..end].fill(true);
        stream.delivered[begin..end].fill(Vec::new());
    }
}

fn repeated(stream: &mut Stream<'_>, _: &mut Source, rng: &mut StdRng) {
    // From the last on, so that the places before stay what they are.
    let mut places: Vec<usize> = (0..rng.random_range(1..6)).map(|_| stream.any(rng)).collect();
    places.sort_unstable();
    for &frame in places.iter().rev() {
        let again = stream.delivered[frame].clone();
        let later = [1, 1, 2, 20][rng.random_range(0..4)];
        stream.insert(frame + later, again);
    }
}

fn reordered(stream: &mut Stream<'_>, _: &mut Source, rng: &mut StdRng) {
    for _ in 0..rng.random_range(1..4) {
        let [from, distance] = [stream.any(rng), rng.random_range(1..6)];
        let to = (from + distance).min(stream.frames() - 1);
        stream.touched[from..=to].fill(true);
        match rng.random() {
            true => stream.delivered[from..=to].rotate_left(1),
            false => stream.delivered[from..=to].rotate_right(1),
        }
    }
}

fn truncated(stream: &mut Stream<'_>, _: &mut Source, rng: &mut StdRng) {
    for _ in 0..rng.random_range(1..4) {
        let frame = stream.any(rng);
        let left = rng.random_range(0..stream.delivered[frame].len().max(1));
        stream.touched[frame] = true;
        stream.delivered[frame].truncate(left);
    }
}

fn flipped(stream: &mut Stream<'_>, _: &mut Source, rng: &mut StdRng) {
    for _ in 0..rng.random_range(1..4) {
        let frame = stream.any(rng);
        let bytes = stream.delivered[frame].len();
        if bytes == 0 {
            continue;
        }
        let (flips, burst) = (rng.random_range(1..9), rng.random());
        let first = rng.random_range(0..8 * bytes);
        let before = stream.delivered[frame].clone();
        for flip in 0..flips {
            let bit = if burst { first + flip } else { rng.random_range(0..8 * bytes) };
            stream.delivered[frame][bit / 8 % bytes] ^= 0x80 >> (bit % 8);
        }
        stream.touched[frame] |= stream.delivered[frame] != before;
    }
}

/// Another sender's frames, each right in front of or in place of ours of the same number.
fn mix_in(stream: &mut Stream<'_>, foreign: &[Vec<u8>], rng: &mut StdRng) {
    for frame in (0..stream.frames()).rev() {
        match rng.random_range(0..8) {
            0 | 1 => stream.insert(frame, foreign[frame].clone()),
            2 => {
                stream.delivered[frame] = foreign[frame].clone();
                stream.touched[frame] = true;
            }
            _ => {}
        }
    }
}

fn foreign_tables(stream: &mut Stream<'_>, source: &mut Source, rng: &mut StdRng) {
    stream.bind();
    let others: Vec<usize> = (0..source.sets.len())
        .filter(|&other| source.sets[other].digest() != stream.set.digest())
        .collect();
    let samples = match rng.random() {
        true => stream.samples.clone(),
        false => source.samples(stream.samples.len(), rng),
    };
    let other = others[rng.random_range(0..others.len())];
    let foreign = frames(&source.sets[other], stream.layout, &samples, |_| false);
    mix_in(stream, &foreign, rng);
}

fn foreign_layout(stream: &mut Stream<'_>, source: &mut Source, rng: &mut StdRng) {
    stream.bind();
    let [channels, rounds] = [stream.layout.channels(), stream.layout.frame_rounds()];
    let other = match rng.random_range(0..3) {
        // As many samples, which is the hardest to tell.
        0 if channels != rounds => (rounds, channels),
        1 => (channels + 1, rounds),
        _ => (channels, rounds + rng.random_range(1..3)),
    };
    let other = Layout::new(other.0, other.1, stream.layout.keyframe_interval()).unwrap().bound();
    let samples = source.samples(stream.frames() * other.frame_samples(), rng);
    let foreign = frames(stream.set, other, &samples, |_| false);
    mix_in(stream, &foreign, rng);
}

fn foreign_words(stream: &mut Stream<'_>, _: &mut Source, rng: &mut StdRng) {
    let mut foreign: Vec<Vec<u8>> =
        (0..stream.frames()).map(|_| words(rng.random_range(0..40), rng)).collect();
    for (frame, bytes) in foreign.iter_mut().enumerate() {
        if bytes.len() >= 4 && rng.random() {
            // With the header that is due.
            let keyframe = stream.layout.is_keyframe(frame as u64);
            let header = Header { keyframe, sequence: frame as u16 };
            bytes[..4].copy_from_slice(&header.word().to_be_bytes());
        }
    }
    mix_in(stream, &foreign, rng);
}

fn broken(stream: &mut Stream<'_>, _: &mut Source, rng: &mut StdRng) {
    let mut touched = vec![false; stream.frames()];
    let often = rng.random_range(1..200);
    stream.delivered = frames(stream.set, stream.layout, &stream.samples, |frame| {
        let now = rng.random_range(0..often) == 0;
        touched[frame as usize] |= now;
        now
    });
    stream.touched = touched;
}

fn spliced(stream: &mut Stream<'_>, _: &mut Source, rng: &mut StdRng) {
    for _ in 0..rng.random_range(1..4) {
        let first = stream.any(rng);
        let last = (first + rng.random_range(0..4)).min(stream.frames() - 1);
        let head = rng.random_range(0..=stream.delivered[first].len());
        let tail = rng.random_range(0..=stream.delivered[last].len());
        let kept = [&stream.delivered[first][..head], &stream.delivered[last][tail..]].concat();
        stream.touched[first..=last].fill(true);
        stream.delivered[first..=last].fill(Vec::new());
        stream.delivered[first] = kept;
    }
}

fn inserted(stream: &mut Stream<'_>, _: &mut Source, rng: &mut StdRng) {
    for _ in 0..rng.random_range(1..4) {
        let frame = stream.any(rng);
        let mut alien = words(rng.random_range(1..20), rng);
        if rng.random() {
            alien.truncate(rng.random_range(1..=alien.len()));
        }
        let place = rng.random_range(0..=stream.delivered[frame].len());
        stream.delivered[frame].splice(place..place, alien);
        stream.touched[frame] = true;
    }
}

fn everything(stream: &mut Stream<'_>, source: &mut Source, rng: &mut StdRng) {
    let kinds: [Damage; 5] = [lost, reordered, truncated, flipped, spliced];
    for _ in 0..rng.random_range(2..4) {
        kinds[rng.random_range(0..kinds.len())](stream, source, rng);
    }
    repeated(stream, source, rng);
}

/// Damages so many streams, delivers them, and lets nothing wrong pass. They are of this table set, or
/// each of any that is shipped.
///
/// # Panics
/// When a receiver is handed a wrong sample, is not told of a missing frame, or misses one without
/// need.
pub fn survive(kind: Kind, streams: usize, set: Option<&TableSet>, rng: &mut StdRng) -> Survived {
    let mut source = Source::new(rng.random());
    let mut survived = Survived::default();
    for _ in 0..streams {
        let any = source.sets[rng.random_range(0..source.sets.len())].clone();
        let set = set.unwrap_or(&any);
        let layout = if rng.random() { layout(rng) } else { layout(rng).bound() };
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
            // What is no whole word at the end, a transport of words does not deliver.
            let words: Vec<u32> =
                datagram.as_chunks().0.iter().map(|&word| u32::from_be_bytes(word)).collect();
            deframer.push(&words, |event| receiver.take(event));
        }
        deframer.finish(end, |event| receiver.take(event));
    }
    receiver
}

/// A receiver that knows what was sent, and lets nothing wrong pass.
struct Receiver<'s> {
    sent: &'s [i16],
    frame_samples: usize,
    /// The frame that has to be accounted for next.
    next: u64,
    /// `[frame] -> whether its samples were handed out`
    right: Vec<bool>,
}

impl<'s> Receiver<'s> {
    fn new(sent: &'s [i16], frame_samples: usize) -> Receiver<'s> {
        let right = vec![false; sent.len() / frame_samples];
        Receiver { sent, frame_samples, next: 0, right }
    }

    /// Takes an event; fails if a sample is wrong, or if frames do not tile the time.
    fn take(&mut self, event: Event<'_>) {
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
            Event::Missing { frames, .. } => {
                let Range { start, end } = frames;
                assert!(start == self.next && end > start, "frames unaccounted for, or twice");
                self.next = end;
            }
            Event::Refused(_) => {}
        }
    }
}
