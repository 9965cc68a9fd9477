//! What sender and receiver agree on.

use golden_model::TableSet;
use golden_model::frames::Layout;
use golden_model::layout::Rate;

/// What sender and receiver agree on: a profile, as far as its stream is concerned.
#[derive(Clone, Debug)]
pub struct StreamFormat {
    /// The profile's name, for messages and for what is written.
    pub profile: String,
    /// Its table set.
    pub set: TableSet,
    /// Other table sets that the sender's may change to, where they are loaded at run time.
    pub others: Vec<TableSet>,
    /// How rounds are cut into frames.
    pub layout: Layout,
    /// Samples per second of each channel.
    pub samples_per_s: f64,
}

impl StreamFormat {
    /// Channels of a round.
    pub fn channels(&self) -> usize {
        self.layout.channels()
    }

    /// Seconds of a frame.
    pub fn frame_seconds(&self) -> f64 {
        self.layout.frame_rounds() as f64 / self.samples_per_s
    }

    /// The rate as files have it.
    pub fn rate(&self) -> Rate {
        // A profile's rate is finite and above 0; one too long to be written is rounded.
        let exact = self.samples_per_s.to_string().parse();
        let rounded = || format!("{}", self.samples_per_s.round().max(1.0)).parse();
        exact.or_else(|_| rounded()).expect("a rate above 0")
    }

    /// The rate in whole samples per second, for formats without fractions.
    pub fn whole_rate(&self) -> u32 {
        self.samples_per_s.round().max(1.0) as u32
    }
}
