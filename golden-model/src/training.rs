//! **Training**: from recordings to a table set.
//!
//! A first pass runs the predictor and averages its final weights: these are the start weights. A
//! second pass counts how often each successor occurs in each row at each level of activity.
//! Everything else follows from these counts: the order of each row, the contexts, the tiers. The
//! result depends only on the recordings and the recipe, not on the order of the files. Where ranks go by
//! nearness alone, their [classes](crate::rank_class) are counted.
//!
//! Successors with equal counts, including zero, are ranked nearest first, because near successors
//! are more likely.

mod weights;

pub use weights::WeightTrainer;

use crate::activity::{Activity, ActivityError, LEVELS};
use crate::channel_state::{ChannelState, ChannelStates};
use crate::context_search::best_thresholds;
use crate::predictor::with_shape;
use crate::range_search::best_ranges;
use crate::rank_class;
use crate::rank_table::{RankTable, RankTableError, Row, nearness_order};
use crate::recipe::{CoderRecipe, Recipe};
use crate::table_set::{CoderParts, Parts, Provenance, TableSet, TableSetError};
use crate::tier_search::{RankHistogram, best_tiers};

/// The mean distance assumed before a channel's first sample, in tokens.
const START_DISTANCE: u16 = 8;

/// Why a recipe yields no table set.
#[derive(Clone, Debug, PartialEq, Eq, thiserror::Error)]
#[non_exhaustive]
pub enum TrainingError {
    /// No contexts, or more than there are levels of activity.
    #[error("{0} contexts, not 1..={LEVELS}")]
    Contexts(usize),
    /// No rank table of this form.
    #[error(transparent)]
    RankTable(#[from] RankTableError),
    /// A running mean out of range.
    #[error(transparent)]
    Activity(#[from] ActivityError),
    /// What was trained is no table set.
    #[error(transparent)]
    Set(#[from] TableSetError),
}

/// Counts recordings for a recipe.
#[derive(Clone, Debug)]
pub struct Trainer {
    recipe: Recipe,
    weights: Vec<i16>,
    activity: Activity,
    /// Ranks by nearness, where the recipe has no rows.
    nearness: Option<RankTable>,
    /// `[level][row][offset + window, or escape at the end] -> count`; without rows,
    /// `[level][class of the rank] -> count`
    counts: Vec<u32>,
    /// Samples that were counted.
    samples: u64,
    files: u64,
}

impl Trainer {
    /// A trainer that has seen nothing; `weights` are those of a [`WeightTrainer`].
    ///
    /// # Errors
    /// [`TrainingError`], when the recipe is out of range.
    pub fn new(recipe: Recipe, weights: Vec<i16>) -> Result<Trainer, TrainingError> {
        let start = START_DISTANCE.min(recipe.window) << recipe.shift;
        let (shift, fraction) = (recipe.shift, recipe.fraction);
        let activity = Activity { shift, start, thresholds: Vec::new(), fraction };
        activity.validate(recipe.window)?;
        if !(1..=LEVELS).contains(&recipe.contexts) {
            return Err(TrainingError::Contexts(recipe.contexts));
        }
        let features = recipe.shape.features();
        if weights.len() != features {
            let weights = weights.len();
            return Err(TableSetError::Weights { weights, features }.into());
        }
        let levels = if recipe.contexts == 1 { 1 } else { LEVELS };
        let nearness = match recipe.fold {
            0 => Some(RankTable::new(&recipe.converter, 0, recipe.window, &[])?),
            _ => None,
        };
        let (counts, samples, files) = (Vec::new(), 0, 0);
        let mut trainer = Trainer { recipe, weights, activity, nearness, counts, samples, files };
        trainer.counts = vec![0; levels * trainer.row_count() * trainer.columns()];
        Ok(trainer)
    }

    /// Rows whose successors are counted.
    fn row_count(&self) -> usize {
        usize::from(self.recipe.fold).max(1)
    }

    /// Counts the samples of some channels in rounds; those off the lattice are ignored. Without
    /// neighbours a recording may be given channel by channel.
    pub fn add(&mut self, channels: usize, samples: impl Iterator<Item = i16>) {
        with_shape!(self.recipe.shape, |D, M, N| self.add_shaped::<D, M, N>(channels, samples));
        self.files += channels as u64;
    }

    fn add_shaped<const D: usize, const M: usize, const N: usize>(
        &mut self,
        channels: usize,
        samples: impl Iterator<Item = i16>,
    ) {
        let window = self.recipe.window;
        let columns = self.columns();
        let converter = &self.recipe.converter;
        let fold = self.row_count();
        let initial = ChannelState::new(converter, &self.weights, self.activity.start);
        let mut states = ChannelStates::new(initial, channels);
        for sample in samples {
            let (ChannelState { past, mean }, round) = states.current();
            let Some(token) = converter.token(sample) else {
                round.add(0);
                states.advance();
                continue;
            };
            self.samples += 1;
            let prediction = past.predict::<D, M, N>(converter, round);
            let offset = converter.offset(token, prediction.token);
            let level = match self.recipe.contexts {
                1 => 0,
                _ => usize::from(self.activity.level(*mean)),
            };
            let row = level * fold + usize::from(prediction.token.number()) % fold;
            let column = match &self.nearness {
                Some(table) => table.rank(0, offset).map_or(columns, rank_class::class),
                None => (i32::from(offset) + i32::from(window)) as u32 as usize,
            };
            self.counts[row * columns + column.min(columns - 1)] += 1;
            past.learn::<D, M, N>(converter, window, round, prediction, token);
            *mean = self.activity.next(*mean, offset, window);
            states.advance();
        }
    }

    /// Adds the counts of another trainer of the same recipe.
    pub fn merge(mut self, other: Trainer) -> Trainer {
        assert_eq!(self.recipe, other.recipe, "trainers of one recipe");
        for (count, more) in self.counts.iter_mut().zip(other.counts) {
            *count += more;
        }
        self.samples += other.samples;
        self.files += other.files;
        self
    }

    /// The table set that suits the counts best; `digest` is the CRC-32 of the recordings.
    ///
    /// # Errors
    /// [`TrainingError`], when the recipe cannot be met.
    pub fn finish(self, digest: u32) -> Result<TableSet, TrainingError> {
        let rows = self.rows();
        let by_level = self.histograms(&rows);
        let thresholds = best_thresholds(&by_level, self.recipe.contexts);
        let activity = Activity { thresholds, ..self.activity.clone() };
        let mut by_context = merge_levels(by_level, &activity);
        for (context, histogram) in by_context.iter_mut().enumerate() {
            add_expectation(histogram, middle_level(&activity, context), activity.fraction);
        }
        let coder = match &self.recipe.coder {
            CoderRecipe::Fixed(shape) => CoderParts::Tiers(vec![shape.clone(); by_context.len()]),
            CoderRecipe::Best(limits) => CoderParts::Tiers(std::thread::scope(|scope| {
                let searches: Vec<_> = by_context
                    .iter()
                    .map(|histogram| scope.spawn(|| best_tiers(histogram, *limits)))
                    .collect();
                searches.into_iter().map(|s| s.join().expect("the search ends")).collect()
            })),
            CoderRecipe::Range(classes) => {
                let by_row = self.histograms_by_row(&rows, &activity);
                CoderParts::Range(best_ranges(&by_context, &by_row, *classes))
            }
        };
        Ok(TableSet::new(Parts {
            name: self.recipe.name.into(),
            converter: self.recipe.converter.parts(),
            differences: self.recipe.shape.differences(),
            means: self.recipe.shape.means(),
            neighbours: self.recipe.shape.neighbours(),
            weights: self.weights,
            fold: self.recipe.fold,
            window: self.recipe.window,
            activity,
            rows,
            coder,
            provenance: Provenance {
                method: format!("tierwire train DIR --codec {}", self.recipe.name),
                files: self.files,
                samples: self.samples,
                digest,
            },
        })?)
    }

    fn columns(&self) -> usize {
        match self.nearness {
            Some(_) => rank_class::classes(self.recipe.converter.token_bits()),
            None => 2 * usize::from(self.recipe.window) + 1,
        }
    }

    /// Successors by rank: the more often, the lower the rank; nearness between equals.
    fn rows(&self) -> Vec<Row> {
        let (columns, fold) = (self.columns(), usize::from(self.recipe.fold));
        (0..fold)
            .map(|row| {
                let mut total = vec![0u64; columns];
                for counts in self.counts.chunks(columns).skip(row).step_by(fold) {
                    total.iter_mut().zip(counts).for_each(|(t, &c)| *t += u64::from(c));
                }
                let column = |offset: i16| (offset + self.recipe.window as i16) as usize;
                let mut order: Row = nearness_order(self.recipe.window).collect();
                // A stable sort keeps the nearness of equals.
                order.sort_by_key(|&offset| core::cmp::Reverse(total[column(offset)]));
                order
            })
            .collect()
    }

    /// How often each rank came in each row of each context.
    fn histograms_by_row(&self, rows: &[Row], activity: &Activity) -> Vec<Vec<RankHistogram>> {
        let columns = self.columns();
        let empty = RankHistogram::empty(columns - 1, self.recipe.converter.token_bits());
        let mut found = vec![vec![empty; self.row_count()]; activity.contexts()];
        let levels = self.counts.chunks(columns * self.row_count());
        for (level, context) in levels.zip(activity.contexts_by_level()) {
            let of_context = &mut found[usize::from(context)];
            for ((counts, row), histogram) in level.chunks(columns).zip(rows).zip(of_context) {
                self.add_row(counts, row, histogram);
            }
        }
        found
    }

    /// Adds the counts of a row, by rank.
    fn add_row(&self, counts: &[u32], row: &[i16], histogram: &mut RankHistogram) {
        for (count, &offset) in histogram.counts.iter_mut().zip(row) {
            *count += u64::from(counts[(offset + self.recipe.window as i16) as usize]);
        }
        histogram.escapes += u64::from(counts[self.columns() - 1]);
    }

    /// How often each rank came at each level of activity.
    fn histograms(&self, rows: &[Row]) -> Vec<RankHistogram> {
        let columns = self.columns();
        let levels = self.counts.chunks(columns * self.row_count());
        let token_bits = self.recipe.converter.token_bits();
        levels
            .map(|level| {
                if self.nearness.is_some() {
                    let counts = level.iter().map(|&count| count.into()).collect();
                    return RankHistogram { counts, ..RankHistogram::of_classes(token_bits) };
                }
                let mut histogram = RankHistogram::empty(columns - 1, token_bits);
                for (counts, row) in level.chunks(columns).zip(rows) {
                    self.add_row(counts, row, &mut histogram);
                }
                histogram
            })
            .collect()
    }
}

/// The histograms of contexts, from those of levels.
fn merge_levels(by_level: Vec<RankHistogram>, activity: &Activity) -> Vec<RankHistogram> {
    let mut merged = vec![by_level[0].emptied(); activity.contexts()];
    for (histogram, context) in by_level.iter().zip(activity.contexts_by_level()) {
        merged[usize::from(context)].add(histogram);
    }
    merged
}

/// The weight of the prior, in samples.
const EXPECTED_SAMPLES: u64 = 3000;

/// Adds the prior that follows from a context's level.
///
/// The busiest contexts occur in a few recordings, and one may not occur in half of the recordings
/// at all. Without a prior its tiers would be arbitrary, at the cost of a recording that does reach
/// it (measured: one file of 279 lost 18 %). At a mean distance of `mu` tokens ranks fall off like
/// `exp(-rank / (2 mu))`; what lies beyond the last rank escapes.
fn add_expectation(histogram: &mut RankHistogram, level: u64, fraction: u8) {
    // Each rank takes 1 / (1 + 2 mu) of the rest; mu = level / 2^fraction. Integers with 20 fraction
    // bits, so that training gives the same result on every machine.
    let mut left = EXPECTED_SAMPLES << 20;
    for place in 0..histogram.counts.len() {
        let before = left;
        for _ in histogram.first(place)..histogram.first(place + 1) {
            left -= (left << fraction) / ((1 << fraction) + 2 * level);
        }
        histogram.counts[place] += (before - left + (1 << 19)) >> 20;
    }
    histogram.escapes += (left + (1 << 19)) >> 20;
}

/// The level in the middle of a context.
fn middle_level(activity: &Activity, context: usize) -> u64 {
    let begin = |k: usize| activity.thresholds.get(k.wrapping_sub(1)).copied().map(u64::from);
    let first = begin(context).unwrap_or(0);
    // The last context has no end: it is taken to be a quarter wide.
    let end = begin(context + 1).unwrap_or(first + first / 4);
    (first + end) / 2
}

#[cfg(test)]
mod tests {
    use super::*;
    use crate::converter::{Converter, Token};
    use crate::decoder::Decoder;
    use crate::encoder::Encoder;
    use crate::shipped::SHIPPED;

    fn recording(seed: u32) -> Vec<i16> {
        let converter = Converter::challenge();
        let mut x = seed;
        let mut token = 512i32;
        let step = |_| {
            x = x.wrapping_mul(1_664_525).wrapping_add(1_013_904_223);
            token = (token + (x >> 24) as i32 % 21 - 10).clamp(400, 600);
            converter.sample(Token::new(token as u16))
        };
        (0..20_000).map(step).collect()
    }

    fn trainer(recipe: &Recipe) -> Trainer {
        let mut weights = WeightTrainer::new(recipe, &vec![0; recipe.shape.features()]);
        weights.add(1, recording(1).into_iter());
        Trainer::new(recipe.clone(), weights.finish()).unwrap()
    }

    #[test]
    fn provenance_counts_the_samples_that_are_codes_of_the_converter() {
        let recipe = Recipe::of("bigram-32").unwrap();
        assert_eq!(recipe.converter.token(1), None);
        let mut trainer = trainer(&recipe);
        trainer.add(1, recording(1).into_iter().chain([1; 100]));
        assert_eq!(trainer.finish(7).unwrap().provenance().samples, 20_000);
    }

    #[test]
    fn every_recipe_trains_a_set_that_restores_its_recordings() {
        assert!(SHIPPED.iter().all(|shipped| Recipe::of(shipped.name).is_some()));
        // One of each kind; the wide ones of a kind differ only in how long the search takes.
        for name in
            ["seed", "seed-code", "bigram-32", "mean-64", "lms4-64", "means-64", "range-128"]
        {
            let mut trainer = trainer(&Recipe::of(name).unwrap());
            trainer.add(1, recording(1).into_iter());
            let set = trainer.finish(7).unwrap();
            assert_eq!((set.name(), set.provenance().samples), (name, 20_000));
            let mut words = Vec::new();
            let mut encoder = Encoder::new(&set, 1);
            encoder.extend(&recording(2), &mut words);
            words.extend(encoder.flush());
            let mut back = vec![0; 20_000];
            assert_eq!(Decoder::new(&set, 1).fill(&words, &mut back), Ok(words.len()));
            assert_eq!(back, recording(2));
        }
    }

    #[test]
    fn the_order_of_files_does_not_matter_and_neither_does_merging() {
        let recipe = Recipe::of("bigram-32").unwrap();
        let train = |seeds: &[u32]| {
            let mut trainer = trainer(&recipe);
            seeds.iter().for_each(|&seed| trainer.add(1, recording(seed).into_iter()));
            trainer
        };
        let together = train(&[1, 2, 3]).finish(0).unwrap();
        assert_eq!(train(&[3, 1, 2]).finish(0).unwrap(), together);
        assert_eq!(train(&[2]).merge(train(&[3, 1])).finish(0).unwrap(), together);
    }

    #[test]
    fn the_prior_falls_with_rank_and_sums_to_its_weight() {
        let mut histogram = RankHistogram::empty(64, 10);
        add_expectation(&mut histogram, 40, 3);
        assert!(histogram.counts.is_sorted_by(|a, b| a >= b));
        let all = histogram.counts.iter().sum::<u64>() + histogram.escapes;
        assert!(all.abs_diff(EXPECTED_SAMPLES) < 32, "{all}");
        // A mean distance of 5 tokens: a tenth of what is left at each rank, as e^(-1/10) does.
        assert_eq!(histogram.counts[..3], [273, 248, 225]);
    }

    #[test]
    fn an_unseen_successor_ranks_by_nearness() {
        let set = trainer(&Recipe::of("bigram-32").unwrap()).finish(0).unwrap();
        assert_eq!(set.rank_table().successors(0)[..5], [0, 1, -1, 2, -2]);
    }
}
