//! **Auto**: what a group of channels is coded with, chosen by measuring.
//!
//! The first stretch, or as much of it as takes bounded time, is looked at. Half of that is coded for trial with
//! each predictor: half of that from weights of zero, then all of it from the weights that this found. The cheapest wins; a
//! predictor with more features must be better by a thousandth, one with thirteen neighbours by 1 in
//! 150, another order of the channels by 1 in 300. Its tiers are trained on the trial, level by level,
//! where that saves more than it takes to store.

use super::converter::Converter;
use super::detect::detect;
use super::filter::{Filter, Products};
use super::group::Group;
use super::lanes;
use super::list::List;
use super::order::by_likeness;
use super::predictor::{Shape, Width};
use super::set::WideSet;
use super::stretch::Stretch;
use super::trial::Trial;
use crate::layout::Samples;

/// Samples that are coded for trial.
pub const LOOKED_AT: usize = 1 << 21;
/// Samples that predictors are compared on.
const COMPARED: usize = LOOKED_AT / 2;
/// Gain that more features must bring: 1 in this many bits.
const WORTH: u64 = 1000;
/// The same for thirteen neighbours, which take half as long again.
const THIRTEEN_WORTH: u64 = 150;
/// The same for another order of the channels, which makes a decoder move every sample.
const ORDER_WORTH: u64 = 300;
/// A sample at the hole this many mean distances from the one before is tried as an exception.
const HOLE_DISTANCES: u64 = 16;
/// Share of exceptions that must be at one sample for it to be the hole.
const LEAST_HOLES: usize = 4;

/// What to code a group of `channels` channels with, whose first stretch this is: samples of `bits`
/// bits in rounds, of which the first `looked_at` are looked at. With `max_error`, samples will be
/// [coarsened](Group::coarsen).
pub fn choose(
    samples: &Samples,
    looked_at: usize,
    channels: usize,
    bits: u32,
    max_error: u32,
) -> Group {
    // Whole rounds, at least one.
    let looked_at = (channels * (looked_at / channels).max(1)).min(samples.len());
    match samples {
        Samples::I16(samples) => choose_for(&samples[..looked_at], channels, bits, max_error),
        Samples::I32(samples) => choose_for(&samples[..looked_at], channels, bits, max_error),
    }
}

/// As [`choose`], for all of the samples.
pub(super) fn choose_for<T: Width>(
    samples: &[T],
    channels: usize,
    bits: u32,
    max_error: u32,
) -> Group {
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
    let group = Group {
        converters,
        list: None,
        order,
        set,
        hole_distance: u32::MAX,
        best: false,
        known: false,
    };
    let mut samples = samples.to_vec();
    if max_error > 0 {
        group.coarsen(&mut samples, max_error);
    }
    let list = if group.is_direct() { List::of(&samples) } else { None };
    let listed = list.map(|list| {
        let room = 8 * list.to_bytes().len() as u64;
        let (listed, cost) = fitted(Group { list: Some(list), ..group.clone() }, &samples);
        (listed, cost + room)
    });
    let (group, cost) = fitted(group, &samples);
    listed.filter(|listed| listed.1 < cost).map_or(group, |listed| listed.0)
}

/// The group with predictor and tiers for these samples, and in the order that suits them; and the bits
/// that they take then.
fn fitted<T: Width>(mut group: Group, samples: &[T]) -> (Group, u64) {
    let channels = group.channels();
    find_hole(&mut group, samples, channels);
    let compared =
        &samples[..channels * (samples.len() / channels).min((COMPARED / channels).max(1))];
    let mut search = Search::new(&group, compared);
    let shape = |differences, neighbours| Shape { differences, neighbours, filtered: false };
    let filtered = |differences, neighbours| Shape { differences, neighbours, filtered: true };
    let mut neighbours = 0;
    if channels > 1 && search.consider(shape(8, 5)) {
        if let Some(order) = by_likeness(&search.stretch.tokens, channels) {
            search.consider_order(&mut group, order, compared);
        }
        neighbours = if search.consider(shape(8, 13)) { 13 } else { 5 };
    }
    if neighbours == 0 {
        search.consider(shape(16, 0));
        search.consider(shape(32, 0));
    }
    if search.filter.is_some() && search.consider(filtered(8, neighbours)) {
        search.consider(filtered(16, neighbours.min(5)));
    } else if neighbours == 5 {
        search.consider(shape(16, 5));
    }
    let (stretch, best) = if compared.len() == samples.len() {
        (search.stretch, search.best)
    } else {
        let stretch = group.stretch(samples);
        let best = search.tried(search.best.set.shape(), &stretch);
        (stretch, best)
    };
    let Tried { set, trial, cost } = best;
    group.set = set.trained(&trial);
    // What is sent raw: one bit more, and the sample.
    let raw = stretch.exceptions.iter().filter(|exception| exception.must).count();
    (group, cost + raw as u64 * u64::from(T::BITS + 1))
}

/// The search for a predictor.
struct Search<T> {
    stretch: Stretch<T>,
    filter: Option<Filter>,
    bits: u32,
    hole: i32,
    best: Tried,
}

impl<T: Width> Search<T> {
    fn new(group: &Group, samples: &[T]) -> Search<T> {
        let stretch = group.stretch(samples);
        let filter = filter_of(&stretch);
        let (bits, hole) = (group.set.bits(), group.set.hole());
        let set = WideSet::parametric(bits, Shape::ALL[0]).with_hole(hole);
        let best = Tried::new(&stretch, set);
        Search { stretch, filter, bits, hole, best }
    }

    fn tried(&self, shape: Shape, stretch: &Stretch<T>) -> Tried {
        let set = WideSet::parametric(self.bits, shape).with_hole(self.hole);
        Tried::new(stretch, set.with_filter(&self.filter.clone().unwrap_or_default()))
    }

    /// Whether a predictor is better, which is kept then.
    fn consider(&mut self, shape: Shape) -> bool {
        let tried = self.tried(shape, &self.stretch);
        let worth = if shape.neighbours == 13 { THIRTEEN_WORTH } else { WORTH };
        let is_better = tried.cost + self.best.cost / worth < self.best.cost;
        if is_better {
            self.best = tried;
        }
        is_better
    }

    /// Takes another order of the channels if that gains.
    fn consider_order(&mut self, group: &mut Group, order: Vec<u16>, samples: &[T]) {
        let other = Group { order, ..group.clone() };
        let stretch = other.stretch(samples);
        let tried = self.tried(self.best.set.shape(), &stretch);
        let room = 16 * other.channels() as u64;
        if tried.cost + room + self.best.cost / ORDER_WORTH < self.best.cost {
            (self.stretch, self.best, *group) = (stretch, tried, other);
        }
    }
}

/// A predictor, tried.
struct Tried {
    set: WideSet,
    trial: Trial,
    cost: u64,
}

impl Tried {
    fn new<T: Width>(stretch: &Stretch<T>, cold: WideSet) -> Tried {
        let tried = |set: &WideSet, rounds: usize| {
            lanes::trial(stretch, set, rounds).unwrap_or_else(|| stretch.trial(set, rounds))
        };
        let set = cold.clone().warmed(&tried(&cold, stretch.rounds().div_ceil(2)));
        let trial = tried(&set, stretch.rounds());
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
    products.filter()
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
