//! **Training**: from recordings to a table set.
//!
//! One pass counts how often each successor came in each row at each step of activity. Everything
//! follows from these counts: the order of each row, the contexts, the tiers. The result depends on
//! the recordings and the recipe alone, not on the order in which files were counted.
//!
//! Successors that came equally often, and those that never came, are ranked nearest first: a
//! channel that moves somewhere new is most likely still near.

use crate::activity::Activity;
use crate::channel_state::ChannelState;
use crate::predictor::Predictor;
use crate::rank_table::{Row, nearness_order};
use crate::table_set::{Parts, Provenance, TableSet};
use crate::tier_coder::TierShape;
use crate::tier_search::{RankHistogram, TierLimits, best_tiers};
use crate::tokenizer;

/// Steps of activity that are counted apart: 16 octaves of 4 steps.
const STEPS: usize = 64;
/// Counted at the finest: contexts of 1 or 2 steps per octave are merged from these.
const FINE_OCTAVE_BITS: u8 = 2;

/// Where the tiers come from.
#[derive(Clone, Debug, PartialEq, Eq)]
pub enum TierRecipe {
    /// The cheapest that fit the limits.
    Best(TierLimits),
    /// These, whatever the recordings say.
    Fixed(TierShape),
}

/// What to train.
#[derive(Clone, Debug, PartialEq, Eq)]
pub struct Recipe {
    /// Name of the table set.
    pub name: &'static str,
    /// Order of the predictor.
    pub order: u8,
    /// Rows of the rank table.
    pub fold: u16,
    /// Offsets with a rank, on each side.
    pub window: u16,
    /// Activity contexts.
    pub contexts: u8,
    /// Memory of the running mean, `2^shift` samples.
    pub shift: u8,
    /// Tiers.
    pub tiers: TierRecipe,
}

/// Mean distance that a channel is assumed to have moved before its first sample, in tokens.
const START_DISTANCE: u16 = 8;

impl Recipe {
    /// The recipe of a shipped table set.
    pub fn of(name: &str) -> Option<Recipe> {
        let fixed = |suffixes: [u8; 3]| {
            // A fixed prefix of two bits; a third tells the two escapes apart.
            let tiers = suffixes.map(|suffix| (suffix, 2)).to_vec();
            TierRecipe::Fixed(TierShape { tiers, token_escape: 3, sample_escape: 3 })
        };
        let best = TierRecipe::Best(TierLimits::HARDWARE);
        let bigram = Recipe {
            name: "bigram-32",
            order: 0,
            fold: 32,
            window: 32,
            contexts: 8,
            shift: 7,
            tiers: best,
        };
        let seed = Recipe { contexts: 1, shift: 6, tiers: fixed([3, 5, 7]), ..bigram.clone() };
        Some(match name {
            "seed" => Recipe { name: "seed", fold: 1024, window: 512, ..seed },
            "seed-code" => {
                let tiers = fixed([0, 2, 5]);
                Recipe { name: "seed-code", fold: 1024, window: 512, tiers, ..seed }
            }
            "seed-64" => Recipe { name: "seed-64", fold: 128, window: 64, ..seed },
            "bigram-32" => bigram,
            "bigram-128" => {
                Recipe { name: "bigram-128", fold: 128, window: 64, contexts: 16, ..bigram }
            }
            _ => return None,
        })
    }
}

/// Counts recordings for a recipe.
#[derive(Clone, Debug)]
pub struct Trainer {
    recipe: Recipe,
    activity: Activity,
    predictor: Predictor,
    /// `[step][row][offset + window, or escape at the end] -> count`
    counts: Vec<u32>,
    samples: u64,
    files: u64,
}

impl Trainer {
    /// A trainer that has seen nothing.
    ///
    /// # Errors
    /// The reason, when the recipe is out of range.
    pub fn new(recipe: Recipe) -> Result<Trainer, String> {
        let activity = Activity {
            contexts: recipe.contexts,
            shift: recipe.shift,
            octave_bits: FINE_OCTAVE_BITS,
            first_step: 0,
            start: START_DISTANCE.min(recipe.window) << recipe.shift,
        };
        activity.validate(recipe.window)?;
        let predictor = Predictor::of_order(recipe.order)?;
        let steps = if recipe.contexts == 1 { 1 } else { STEPS };
        let row = 2 * usize::from(recipe.window) + 1;
        let counts = vec![0; steps * usize::from(recipe.fold) * row];
        Ok(Trainer { recipe, activity, predictor, counts, samples: 0, files: 0 })
    }

    /// Counts one channel of a recording; samples off the lattice teach nothing.
    pub fn add(&mut self, samples: impl Iterator<Item = i16>) {
        let window = self.recipe.window;
        let columns = 2 * usize::from(window) + 1;
        let fold = usize::from(self.recipe.fold);
        let mut state = ChannelState::at(self.activity.start);
        for sample in samples {
            self.samples += 1;
            let Some(token) = tokenizer::token(sample) else { continue };
            let prediction = self.predictor.predict(&state);
            let offset = token.offset_from(prediction);
            let column = (i32::from(offset) + i32::from(window)) as u32 as usize;
            let step = match self.recipe.contexts {
                1 => 0,
                _ => usize::from(self.activity.step(state.mean)),
            };
            let row = step * fold + usize::from(prediction.number()) % fold;
            self.counts[row * columns + column.min(columns - 1)] += 1;
            state.last = token;
            state.mean = self.activity.next(state.mean, offset, window);
        }
        self.files += 1;
    }

    /// Takes over what another trainer of the same recipe has counted.
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
    /// The reason, when the recipe cannot be met.
    pub fn finish(self, digest: u32) -> Result<TableSet, String> {
        let rows = self.rows();
        let fine = self.histograms(&rows);
        let (activity, merged) = self.choose_contexts(&fine);
        let tiers = match &self.recipe.tiers {
            TierRecipe::Fixed(shape) => vec![shape.clone(); merged.len()],
            TierRecipe::Best(limits) => std::thread::scope(|scope| {
                let searches: Vec<_> = merged
                    .iter()
                    .map(|histogram| scope.spawn(|| best_tiers(histogram, *limits)))
                    .collect();
                searches.into_iter().map(|s| s.join().expect("the search ends")).collect()
            }),
        };
        TableSet::new(Parts {
            name: self.recipe.name.into(),
            order: self.recipe.order,
            fold: self.recipe.fold,
            window: self.recipe.window,
            activity,
            rows,
            tiers,
            provenance: Provenance {
                method: format!("tierwire train DIR --codec {}", self.recipe.name),
                files: self.files,
                samples: self.samples,
                digest,
            },
        })
    }

    fn columns(&self) -> usize {
        2 * usize::from(self.recipe.window) + 1
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

    /// How often each rank came at each step of activity.
    fn histograms(&self, rows: &[Row]) -> Vec<RankHistogram> {
        let columns = self.columns();
        let steps = self.counts.chunks(columns * rows.len());
        steps
            .map(|step| {
                let mut histogram = RankHistogram { ranks: vec![0; columns - 1], escapes: 0 };
                for (counts, row) in step.chunks(columns).zip(rows) {
                    for (count, &offset) in histogram.ranks.iter_mut().zip(row) {
                        let column = (offset + self.recipe.window as i16) as usize;
                        *count += u64::from(counts[column]);
                    }
                    histogram.escapes += u64::from(counts[columns - 1]);
                }
                histogram
            })
            .collect()
    }

    /// The steps per octave and the first step that would suit an ideal coder best.
    fn choose_contexts(&self, fine: &[RankHistogram]) -> (Activity, Vec<RankHistogram>) {
        if self.recipe.contexts == 1 {
            let activity = Activity { contexts: 1, start: self.activity.start, ..Activity::NONE };
            return (Activity { shift: self.recipe.shift, ..activity }, fine.to_vec());
        }
        let mut best: Option<(f64, Activity, Vec<RankHistogram>)> = None;
        for octave_bits in 0..=FINE_OCTAVE_BITS {
            for first_step in 0..16 << octave_bits {
                let activity = Activity { octave_bits, first_step, ..self.activity };
                let merged = merge_steps(fine, &activity);
                let cost = merged.iter().map(RankHistogram::ideal_cost).sum();
                if best.as_ref().is_none_or(|b| cost < b.0) {
                    best = Some((cost, activity, merged));
                }
            }
        }
        let (_, activity, merged) = best.expect("there are candidates");
        (activity, merged)
    }
}

/// The histograms of contexts, from those of the finest steps.
fn merge_steps(fine: &[RankHistogram], activity: &Activity) -> Vec<RankHistogram> {
    let empty = RankHistogram { ranks: vec![0; fine[0].ranks.len()], escapes: 0 };
    let mut merged = vec![empty; usize::from(activity.contexts)];
    for (step, histogram) in fine.iter().enumerate() {
        let coarse = (step as u8) >> (FINE_OCTAVE_BITS - activity.octave_bits);
        let context = &mut merged[usize::from(activity.context_of_step(coarse))];
        context.escapes += histogram.escapes;
        for (sum, count) in context.ranks.iter_mut().zip(&histogram.ranks) {
            *sum += count;
        }
    }
    merged
}

#[cfg(test)]
mod tests {
    use super::*;
    use crate::{Decoder, Encoder};

    fn recording(seed: u32) -> Vec<i16> {
        let mut x = seed;
        let mut token = 512i32;
        let step = |_| {
            x = x.wrapping_mul(1_664_525).wrapping_add(1_013_904_223);
            token = (token + (x >> 24) as i32 % 21 - 10).clamp(400, 600);
            tokenizer::sample(tokenizer::Token::new(token as u16))
        };
        (0..20_000).map(step).collect()
    }

    #[test]
    fn every_recipe_trains_a_set_that_gives_its_recordings_back() {
        for name in ["seed", "seed-code", "seed-64", "bigram-32", "bigram-128"] {
            let mut trainer = Trainer::new(Recipe::of(name).unwrap()).unwrap();
            trainer.add(recording(1).into_iter());
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
            let mut trainer = Trainer::new(recipe.clone()).unwrap();
            seeds.iter().for_each(|&seed| trainer.add(recording(seed).into_iter()));
            trainer
        };
        let together = train(&[1, 2, 3]).finish(0).unwrap();
        assert_eq!(train(&[3, 1, 2]).finish(0).unwrap(), together);
        assert_eq!(train(&[2]).merge(train(&[3, 1])).finish(0).unwrap(), together);
    }

    #[test]
    fn an_unseen_successor_ranks_by_nearness() {
        let trainer = Trainer::new(Recipe::of("bigram-32").unwrap()).unwrap();
        let set = trainer.finish(0).unwrap();
        assert_eq!(set.rank_table().successors(0)[..5], [0, 1, -1, 2, -2]);
    }
}
