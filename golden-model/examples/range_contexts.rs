//! What finer contexts would gain with ideal frequencies, on recordings of the challenge:
//! `cargo run --release -p tierwire-codec --example range_contexts -- DIR`.
//!
//! Ratios of ideal codes and 40 bytes a file; trained on the recordings of even number and measured on those of
//! odd number and the other way round (*held-out*), and trained and measured on all. The predictor is that of
//! `range-128`, written anew, since a fraction of the prediction and a fourth feature are nowhere else.

use tierwire_codec::recordings::find;
use tierwire_codec::wav::Recording;
use tierwire_codec::{TableSet, shipped};

/// Offsets within the window, and one symbol for all others.
const WINDOW: i32 = 64;
const SYMBOLS: usize = 2 * WINDOW as usize + 1;
const ROWS: usize = 128;
/// Samples that a row's frequencies are drawn towards its context's by.
const PRIOR: f32 = 30.0;
const FILE_BITS: f64 = 8.0 * 40.0;

/// Contexts and rows of each table.
const TABLES: [(usize, usize); 5] = [(16, ROWS), (16, 2 * ROWS), (48, ROWS), (16, ROWS), (4, 1024)];
/// What is measured: tables, mixed in equal parts.
const MEASURED: [(&str, &[usize]); 8] = [
    ("16 contexts x 128 rows", &[0]),
    ("with a fraction bit of the prediction: 256 rows", &[1]),
    ("with three trends, fast mean below, about or above the slow one: 48 contexts", &[2]),
    ("16 contexts of a mean over 16 samples instead of 128", &[3]),
    ("4 contexts x every prediction: 1024 rows", &[4]),
    ("mixture: slow contexts, fast contexts", &[0, 3]),
    ("mixture: slow contexts, every prediction", &[0, 4]),
    ("mixture: all of them but the first", &[1, 2, 3, 4]),
];

/// Calls `seen` for each sample, with its line in each table and its symbol.
fn walk(set: &TableSet, samples: &[i16], shifts: &[u32], mut seen: impl FnMut([usize; 5], usize)) {
    let converter = set.converter();
    let contexts = set.activity().contexts_by_level();
    let mut weights: Vec<i32> = [-45, -836, -158, 0][..=shifts.len()].to_vec();
    let mut means: Vec<i32> = Vec::new();
    let (mut last, mut difference) = (i32::from(converter.middle().number()), 0);
    let (mut slow, mut fast) = (1024, 128);
    for token in samples.iter().filter_map(|&sample| converter.token(sample)) {
        let now = i32::from(token.number());
        let rounded: Vec<i32> =
            means.iter().zip(shifts).map(|(m, s)| (m + (1 << (s - 1))) >> s).collect();
        let features: Vec<i32> =
            std::iter::once(difference).chain(rounded.iter().map(|mean| last - mean)).collect();
        let sum: i32 = weights.iter().zip(&features).map(|(w, x)| w * x).sum();
        let expected = (last + ((sum + 2048) >> 12)).clamp(0, 1023);
        let half = ((sum + 2048) >> 11 & 1) as usize;
        let offset = (now - expected + 512).rem_euclid(1024) - 512;
        let level =
            |mean: i32, shift: u32| usize::from(contexts[(mean >> shift).min(255) as usize]);
        let (context, quick) = (level(slow, 4), level(fast, 1));
        let trend = usize::from(fast * 32 > slow * 3) + usize::from(fast * 32 > slow * 5);
        let (row, prediction) = (expected as usize % ROWS, expected as usize);
        let lines = [
            context * ROWS + row,
            context * 2 * ROWS + 2 * row + half,
            (context * 3 + trend) * ROWS + row,
            quick * ROWS + row,
            context / 4 * 1024 + prediction,
        ];
        let inside = (-WINDOW..WINDOW).contains(&offset);
        seen(lines, if inside { (offset + WINDOW) as usize } else { SYMBOLS - 1 });
        let distance = offset.abs().min(WINDOW);
        slow += distance - (slow >> 7);
        fast += distance - (fast >> 4);
        if means.is_empty() {
            means = shifts.iter().map(|shift| now << shift).collect();
        } else {
            for (weight, x) in weights.iter_mut().zip(&features) {
                let step = 2 * (now - expected).signum() * x.signum();
                *weight = (*weight + step).clamp(-8192, 8191);
            }
            means.iter_mut().zip(&rounded).for_each(|(mean, r)| *mean += now - r);
            difference = now - last;
        }
        last = now;
    }
}

/// The probability of each symbol in each line of each table.
fn train<'r>(
    set: &TableSet,
    recordings: impl Iterator<Item = &'r Vec<i16>>,
    shifts: &[u32],
) -> Vec<Vec<f32>> {
    let mut counts = TABLES.map(|(contexts, rows)| vec![0f32; contexts * rows * SYMBOLS]);
    for samples in recordings {
        walk(set, samples, shifts, |lines, symbol| {
            for (counts, line) in counts.iter_mut().zip(lines) {
                counts[line * SYMBOLS + symbol] += 1.0;
            }
        });
    }
    let tables = counts.into_iter().zip(TABLES);
    let probable = tables.map(|(mut counts, (_, rows))| {
        for context in counts.chunks_mut(rows * SYMBOLS) {
            let mut whole = [0.5 / SYMBOLS as f32; SYMBOLS];
            context.chunks(SYMBOLS).for_each(|row| {
                whole.iter_mut().zip(row).for_each(|(all, count)| *all += count);
            });
            let all: f32 = whole.iter().sum();
            for row in context.chunks_mut(SYMBOLS) {
                let samples: f32 = row.iter().sum();
                for (count, whole) in row.iter_mut().zip(&whole) {
                    *count = (*count + PRIOR * whole / all) / (samples + PRIOR);
                }
            }
        }
        counts
    });
    probable.collect()
}

/// Bits of each of [`MEASURED`].
fn measure<'r>(
    set: &TableSet,
    recordings: impl Iterator<Item = &'r Vec<i16>>,
    shifts: &[u32],
    tables: &[Vec<f32>],
) -> [f64; MEASURED.len()] {
    let mut bits = [0.0; MEASURED.len()];
    for samples in recordings {
        walk(set, samples, shifts, |lines, symbol| {
            let raw = if symbol == SYMBOLS - 1 { 10.0 } else { 0.0 };
            let of = |&table: &usize| tables[table][lines[table] * SYMBOLS + symbol];
            for (bits, (_, mixed)) in bits.iter_mut().zip(MEASURED) {
                let probability = mixed.iter().map(of).sum::<f32>() / mixed.len() as f32;
                *bits += f64::from(raw - probability.log2());
            }
        });
    }
    bits
}

fn main() -> Result<(), Box<dyn std::error::Error>> {
    let folder = std::env::args().nth(1).ok_or("usage: DIR")?;
    let set = shipped("range-128").ok_or("range-128 is not shipped")?;
    let (mut recordings, mut original) = (Vec::new(), 0);
    for path in find(folder.as_ref())?.files {
        original += std::fs::metadata(&path)?.len();
        recordings.push(Recording::read(std::fs::File::open(path)?)?.samples);
    }
    let half = |odd: usize| recordings.iter().skip(odd).step_by(2);
    let ratio = |bits: f64| 8.0 * original as f64 / (bits + FILE_BITS * recordings.len() as f64);
    println!("| contexts | all | held-out |\n|---|---:|---:|");
    for (shifts, features) in [(&[3, 6][..], "three features"), (&[3, 6, 8], "four features")] {
        let everything = train(&set, recordings.iter(), shifts);
        let all = measure(&set, recordings.iter(), shifts, &everything);
        let [even, odd] = [0, 1].map(|which| {
            let tables = train(&set, half(which), shifts);
            measure(&set, half(1 - which), shifts, &tables)
        });
        for (place, (name, _)) in MEASURED.iter().enumerate() {
            let held_out = ratio(even[place] + odd[place]);
            println!("| {name}, {features} | {:.4} | {held_out:.4} |", ratio(all[place]));
        }
    }
    Ok(())
}
