//! The kinds of damage.

use golden_model::frames::{Header, Layout};
use rand::RngExt as _;
use rand::rngs::StdRng;

use super::stream::{Source, Stream, frames};

/// A kind of damage, by its name.
#[derive(Clone, Copy, Debug)]
pub struct Kind {
    /// What happens to the stream.
    pub name: &'static str,
    pub(super) damage: Damage,
}

pub(super) const fn kind(name: &'static str, damage: Damage) -> Kind {
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
    kind("frames dropped by the sender", broken),
    kind("spliced frames", spliced),
    kind("inserted bytes", inserted),
    kind("many kinds at once", everything),
];

/// Applies the damage to a stream that was delivered whole and in order.
pub(super) type Damage = fn(&mut Stream<'_>, &mut Source, &mut StdRng);

fn lost(stream: &mut Stream<'_>, _: &mut Source, rng: &mut StdRng) {
    for _ in 0..rng.random_range(1..4) {
        let begin = stream.any(rng);
        let end = (begin + rng.random_range(1..10)).min(stream.touched.len());
        stream.touched[begin..end].fill(true);
        stream.delivered[begin..end].fill(Vec::new());
    }
}

fn repeated(stream: &mut Stream<'_>, _: &mut Source, rng: &mut StdRng) {
    // From the last to the first, so that earlier positions stay valid.
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
        let to = (from + distance).min(stream.touched.len() - 1);
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

fn words(count: usize, rng: &mut StdRng) -> Vec<u8> {
    (0..count).flat_map(|_| rng.random::<u32>().to_be_bytes()).collect()
}

/// Another sender's frames, each before or instead of our frame with the same number.
fn mix_in(stream: &mut Stream<'_>, foreign: &[Vec<u8>], rng: &mut StdRng) {
    for frame in (0..stream.touched.len()).rev() {
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
        // The same number of samples, which is the hardest to detect.
        0 if channels != rounds => (rounds, channels),
        1 => (channels + 1, rounds),
        _ => (channels, rounds + rng.random_range(1..3)),
    };
    let other = Layout::new(other.0, other.1, stream.layout.keyframe_interval()).unwrap().bound();
    let samples = source.samples(stream.touched.len() * other.frame_samples(), rng);
    let foreign = frames(stream.set, other, &samples, |_| false);
    mix_in(stream, &foreign, rng);
}

fn foreign_words(stream: &mut Stream<'_>, _: &mut Source, rng: &mut StdRng) {
    let mut foreign: Vec<Vec<u8>> =
        (0..stream.touched.len()).map(|_| words(rng.random_range(0..40), rng)).collect();
    for (frame, bytes) in foreign.iter_mut().enumerate() {
        if bytes.len() >= 4 && rng.random() {
            // With the expected header.
            let keyframe = stream.layout.is_keyframe(frame as u64);
            let header = Header { keyframe, sequence: frame as u16 };
            bytes[..4].copy_from_slice(&header.word().to_be_bytes());
        }
    }
    mix_in(stream, &foreign, rng);
}

fn broken(stream: &mut Stream<'_>, _: &mut Source, rng: &mut StdRng) {
    let mut touched = vec![false; stream.touched.len()];
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
        let last = (first + rng.random_range(0..4)).min(stream.touched.len() - 1);
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
