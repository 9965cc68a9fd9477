//! Start weights: the first pass over the recordings.

use crate::converter::Converter;
use crate::predictor::{MAX_FEATURES, Past, Shape, with_shape};
use crate::recipe::Recipe;

/// Finds the start weights.
#[derive(Clone, Debug)]
pub struct WeightTrainer {
    converter: Converter,
    shape: Shape,
    sums: [i64; MAX_FEATURES],
    channels: i64,
}

impl WeightTrainer {
    /// A trainer without data.
    pub fn new(recipe: &Recipe) -> WeightTrainer {
        let (converter, shape) = (recipe.converter.clone(), recipe.shape);
        WeightTrainer { converter, shape, sums: [0; MAX_FEATURES], channels: 0 }
    }

    /// Runs the predictor over one channel of a recording, starting with weights of zero.
    pub fn add(&mut self, samples: impl Iterator<Item = i16>) {
        let converter = &self.converter;
        let mut past = Past::new(converter, [0; MAX_FEATURES]);
        let tokens = samples.filter_map(|sample| converter.token(sample));
        with_shape!(self.shape, |D, M| tokens.for_each(|token| {
            let prediction = past.predict::<D, M>(converter);
            past.learn::<D, M>(prediction, token);
        }));
        self.channels += 1;
        for (sum, weight) in self.sums.iter_mut().zip(past.weights) {
            *sum += i64::from(weight);
        }
    }

    /// Adds the data of another trainer of the same recipe.
    pub fn merge(mut self, other: WeightTrainer) -> WeightTrainer {
        self.channels += other.channels;
        for (sum, more) in self.sums.iter_mut().zip(other.sums) {
            *sum += more;
        }
        self
    }

    /// The average of the weights at the ends of the channels, one for each feature.
    pub fn finish(self) -> Vec<i16> {
        let averages = self.sums.map(|sum| sum.div_euclid(self.channels.max(1)) as i16);
        averages[..self.shape.features()].to_vec()
    }
}
