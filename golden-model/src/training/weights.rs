//! Start weights: the first pass over the recordings.

use crate::channel_state::{ChannelState, ChannelStates};
use crate::converter::Converter;
use crate::predictor::{MAX_FEATURES, Shape, with_shape};
use crate::recipe::Recipe;

/// Finds the start weights.
#[derive(Clone, Debug)]
pub struct WeightTrainer {
    converter: Converter,
    shape: Shape,
    window: u16,
    initial: ChannelState,
    sums: [i64; MAX_FEATURES],
    channels: i64,
}

impl WeightTrainer {
    /// A trainer without data, which starts with these weights, one for each feature.
    pub fn new(recipe: &Recipe, weights: &[i16]) -> WeightTrainer {
        let (converter, shape, window) = (recipe.converter.clone(), recipe.shape, recipe.window);
        let initial = ChannelState::new(&converter, weights, 0);
        WeightTrainer { converter, shape, window, initial, sums: [0; MAX_FEATURES], channels: 0 }
    }

    /// Runs the predictor over some channels of a recording, in rounds.
    pub fn add(&mut self, channels: usize, samples: impl Iterator<Item = i16>) {
        let (converter, window) = (&self.converter, self.window);
        let mut states = ChannelStates::new(self.initial, channels);
        with_shape!(self.shape, |D, M, N| samples.for_each(|sample| {
            let (state, round) = states.current();
            match converter.token(sample) {
                None => round.add(0),
                Some(token) => {
                    let prediction = state.past.predict::<D, M, N>(converter, round);
                    state.past.learn::<D, M, N>(converter, window, round, prediction, token);
                }
            }
            states.advance();
        }));
        self.channels += channels as i64;
        for state in states.iter() {
            for (sum, weight) in self.sums.iter_mut().zip(state.past.weights) {
                *sum += i64::from(weight);
            }
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
