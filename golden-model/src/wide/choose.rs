//! **Auto**: what a group of channels is coded with, chosen by measuring.
//!
//! The first stretch, or as much of it as takes bounded time, is coded for trial with each predictor:
//! once from weights of zero, then again from the weights that this found. The cheapest wins; a
//! predictor with more features must be better by a thousandth, one with thirteen neighbours by 1 in
//! 150. Its tiers are trained on the trial, level by level, where that saves more than it takes to store.

use super::converter::Converter;
use super::detect::detect;
use super::filter::{Filter, Products, TAPS};
use super::group::Group;
use super::predictor::{Shape, Width};
use super::set::WideSet;
use super::stretch::Stretch;
use super::trial::Trial;

/// Samples that are coded for trial.
pub const LOOKED_AT: usize = 1 << 21;
/// Gain that more features must bring: 1 in this many bits.
const WORTH: u64 = 1000;
/// The same for thirteen neighbours, which take half as long again.
const THIRTEEN_WORTH: u64 = 150;
/// A sample at the hole this many mean distances from the one before is tried as an exception.
const HOLE_DISTANCES: u64 = 16;
/// Share of exceptions that must be at one sample for it to be the hole.
const LEAST_HOLES: usize = 4;

/// What to code a group of `channels` channels with, whose first stretch this is: samples of `bits`
/// bits in rounds. With `max_error`, samples will be [coarsened](Group::coarsen).
pub fn choose<T: Width>(samples: &[T], channels: usize, bits: u32, max_error: u32) -> Group {
    let rounds = (samples.len() / channels).min((LOOKED_AT / channels).max(1));
    let samples = &samples[..rounds * channels];
    let mut converters = detect(|i| samples[i].number() as i32, channels, rounds);
    if max_error > 0 {
        let factor = 2 * max_error + 1;
        for converter in &mut converters {
            *converter = match *converter {
                Converter::Direct => Converter::every(factor),
                Converter::Linear { step, phase, truncated } => {
                    Converter::Linear { step: step * u64::from(factor), phase, truncated }
                }
            };
        }
    }
    let order: Vec<u16> = (0..channels as u16).collect();
    let set = WideSet::parametric(bits, Shape::ALL[0]);
    let mut group = Group { converters, order, set, hole_distance: u32::MAX };
    let mut samples = samples.to_vec();
    if max_error > 0 {
        group.coarsen(&mut samples, max_error);
    }
    let samples = &samples[..];
    find_hole(&mut group, samples, channels);
    let hole = group.set.hole();
    let stretch = group.stretch(samples);
    let (filter, no_filter) = (filter_of(&stretch), Filter::default());
    let set = |shape: Shape| {
        let filter = filter.as_ref().unwrap_or(&no_filter);
        WideSet::parametric(bits, shape).with_hole(hole).with_filter(filter)
    };
    let mut best = Tried::new(&stretch, set(Shape::ALL[0]));
    let mut consider = |shape: Shape| {
        let tried = Tried::new(&stretch, set(shape));
        let worth = if shape.neighbours == 13 { THIRTEEN_WORTH } else { WORTH };
        let is_better = tried.cost + best.cost / worth < best.cost;
        if is_better {
            best = tried;
        }
        is_better
    };
    let shape = |differences, neighbours| Shape { differences, neighbours, filtered: false };
    let filtered = |differences, neighbours| Shape { differences, neighbours, filtered: true };
    let mut neighbours = 0;
    if channels > 1 && consider(shape(8, 5)) {
        neighbours = if consider(shape(8, 13)) { 13 } else { 5 };
    }
    if neighbours == 0 {
        consider(shape(16, 0));
        consider(shape(32, 0));
    }
    if filter.is_some() && consider(filtered(8, neighbours)) {
        consider(filtered(16, neighbours.min(5)));
    } else if neighbours == 5 {
        consider(shape(16, 5));
    }
    group.set = best.set.trained(&best.trial);
    group
}

/// A predictor, tried.
struct Tried {
    set: WideSet,
    trial: Trial,
    cost: u64,
}

impl Tried {
    fn new<T: Width>(stretch: &Stretch<T>, cold: WideSet) -> Tried {
        let set = cold.clone().warmed(&stretch.trial(&cold));
        let trial = stretch.trial(&set);
        let cost = set.cost(&trial) + 8 * set.to_bytes().len() as u64;
        Tried { set, trial, cost }
    }
}

/// The filter that suits all channels.
fn filter_of<T: Width>(stretch: &Stretch<T>) -> Option<Filter> {
    let channels = stretch.channels;
    let mut products = Products::default();
    for channel in 0..channels {
        products.add(stretch.tokens.iter().skip(channel).step_by(channels).map(|t| t.number()));
    }
    products.filter(TAPS)
}

/// The sample at which exceptions gather: of those that are no token, or else 0.
fn find_hole<T: Width>(group: &mut Group, samples: &[T], channels: usize) {
    let mut exceptions: Vec<i32> = Vec::new();
    // Direct converters have a token for every sample.
    if !group.is_direct() {
        let tried = group.stretch(samples).exceptions;
        exceptions.extend(tried.iter().filter(|one| one.must).map(|one| one.sample));
    }
    exceptions.sort_unstable();
    let runs = exceptions.chunk_by(|a, b| a == b);
    let hole = runs.filter(|run| run.len() >= LEAST_HOLES).max_by_key(|run| run.len());
    group.set = group.set.clone().with_hole(hole.map_or(0, |run| run[0]));
    // The median of distances, since holes make many large ones.
    let distance = |(a, b): (&T, &T)| (b.number() - a.number()).unsigned_abs();
    let mut distances: Vec<u64> =
        samples.iter().zip(samples.iter().skip(channels)).step_by(7).map(distance).collect();
    if distances.is_empty() {
        return;
    }
    let middle = distances.len() / 2;
    let (_, median, _) = distances.select_nth_unstable(middle);
    let far = (*median + 1) * HOLE_DISTANCES;
    group.hole_distance = u32::try_from(far).unwrap_or(u32::MAX);
}
