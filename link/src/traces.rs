//! **Traces**: a few channels of the last seconds, as little as a picture needs.

use std::collections::VecDeque;

use serde::Serialize;

use crate::{Event, StreamFormat};

/// Seconds that are shown.
const SECONDS: f64 = 2.0;
/// Columns that they are divided into.
pub(crate) const COLUMNS: usize = 400;
/// Channels that are shown at most.
const CHANNELS: usize = 8;

/// The least and the greatest sample of a channel in a column's time; none where all are missing.
pub(crate) type Span = Option<(i16, i16)>;

/// A few channels, spread over all.
#[derive(Clone, Debug, Serialize)]
pub(crate) struct Traces {
    /// Which channels.
    pub channels: Vec<usize>,
    /// `[channel][column] -> its samples' range`, the oldest column first.
    pub columns: Vec<VecDeque<Span>>,
    #[serde(skip)]
    all: usize,
    #[serde(skip)]
    column_rounds: u64,
    /// Rounds in the last column.
    #[serde(skip)]
    rounds: u64,
}

impl Traces {
    /// Of a stream.
    pub fn new(format: &StreamFormat) -> Traces {
        let all = format.channels();
        let count = all.min(CHANNELS);
        let column_rounds = (format.samples_per_s * SECONDS / COLUMNS as f64).ceil().max(1.0);
        Traces {
            channels: (0..count).map(|index| index * all / count).collect(),
            columns: vec![VecDeque::with_capacity(COLUMNS); count],
            all,
            column_rounds: column_rounds as u64,
            rounds: column_rounds as u64,
        }
    }

    /// Adds what was received, or is missing.
    pub fn take(&mut self, event: &Event<'_>) {
        match event {
            Event::Samples { samples, .. } => {
                for round in samples.chunks_exact(self.all) {
                    self.advance();
                    for (columns, &channel) in self.columns.iter_mut().zip(&self.channels) {
                        let (sample, last) = (round[channel], columns.back_mut());
                        let Some(last) = last else { continue };
                        let (least, greatest) = last.unwrap_or((sample, sample));
                        *last = Some((least.min(sample), greatest.max(sample)));
                    }
                }
            }
            Event::Missing(missing) => {
                // More than all that is shown makes no difference.
                let most = self.column_rounds * COLUMNS as u64;
                let rounds = (missing.rounds.end - missing.rounds.start).min(most);
                (0..rounds).for_each(|_| self.advance());
            }
            Event::Restarted { .. } => {}
        }
    }

    /// To the next round.
    fn advance(&mut self) {
        if self.rounds == self.column_rounds {
            self.rounds = 0;
            for columns in &mut self.columns {
                if columns.len() == COLUMNS {
                    columns.pop_front();
                }
                columns.push_back(None);
            }
        }
        self.rounds += 1;
    }
}

#[cfg(test)]
mod tests {
    use golden_model::frames::Layout;

    use super::*;
    use crate::receiver::{Missing, Why};

    #[test]
    fn a_column_has_the_range_of_its_time() {
        let format = StreamFormat {
            profile: "test".into(),
            set: golden_model::shipped("bigram-32").unwrap(),
            others: vec![],
            layout: Layout::new(16, 2, 1).unwrap(),
            // Two rounds in a column.
            samples_per_s: 400.0,
        };
        let mut traces = Traces::new(&format);
        assert_eq!(traces.channels, [0, 2, 4, 6, 8, 10, 12, 14]);
        let samples: Vec<i16> = (0..48).collect();
        traces.take(&Event::Samples { round: 0, samples: &samples });
        let missing = Missing { rounds: 3..6, frames: 0..1, why: Why::Lost };
        traces.take(&Event::Missing(missing));
        assert_eq!(traces.columns[1], [Some((2, 18)), Some((34, 34)), None]);
        for round in 0..1000 {
            traces.take(&Event::Samples { round, samples: &samples[..16] });
        }
        assert_eq!(traces.columns[1], [Some((2, 2)); COLUMNS]);
    }
}
