//! **Profiles**: the table sets that have hardware.

use crate::array_pipeline::{BigramArray, MeansArray};
use crate::circuit::Circuit;
use crate::codec::bigram_model;
use crate::codec::means_model;
use crate::codec::tier_coder;
use crate::pipeline::Pipeline;
use crate::stream::framer::Frames;
use crate::stream::word_fifo::FRAME_RESERVE;
use golden_model::TableSet;
use golden_model::frames::Layout;
use golden_model::predictor;
use golden_model::tier_coder::{Payload, TierCode};
use rust_hdl::prelude::Block;

/// Most tiers of ranks in a context: 16 with the two escapes, so that a tier has 4 bits.
pub const MAX_TIERS: usize = 14;
/// Longest prefix, so that the longest code has 11 + 16 bits.
pub const MAX_PREFIX_BITS: u8 = 11;
/// Most activity contexts: 4 bits.
pub const MAX_CONTEXTS: usize = 16;

/// Most channels that share a pipeline: 10 bits.
pub const MAX_CHANNELS: usize = 1024;

/// A profile that comes with tierwire.
#[derive(Clone, Copy, Debug)]
pub struct Shipped {
    /// Its name.
    pub name: &'static str,
    /// The table set that it is made from.
    pub table_set: &'static str,
    /// How many channels it has.
    pub channels: Channels,
    /// How its stream is cut into frames; packets if it is not.
    pub frames: Option<Frames>,
}

/// A frame every millisecond at 19531 rounds per second, a keyframe every quarter of a second: four
/// times as rare gives 0.1 % in ratio and lets the loss of a frame on the way cost a second. A frame
/// lost in the hardware itself needs no keyframe in time: the next frame is one.
pub const STREAMING: Frames = Frames { rounds: 19, keyframe_interval: 256 };

/// All of them.
pub const PROFILES: [Shipped; 6] = [
    one("seed", "seed-64"),
    one("bigram-128", "bigram-128"),
    one("bigram-32", "bigram-32"),
    many("nano", "bigram-32", 32),
    many("tile256", "means-64", 256),
    many("array1024", "means-128", 1024),
];

const fn one(name: &'static str, table_set: &'static str) -> Shipped {
    Shipped { name, table_set, channels: Channels::One, frames: None }
}

const fn many(name: &'static str, table_set: &'static str, channels: usize) -> Shipped {
    Shipped { name, table_set, channels: Channels::Many(channels), frames: Some(STREAMING) }
}

/// How many channels, and where their state is.
#[derive(Clone, Copy, Debug, PartialEq, Eq)]
pub enum Channels {
    /// One, in registers.
    One,
    /// Any number from 1, in memory: samples come in rounds, one of every channel.
    Many(usize),
}

impl Channels {
    /// How many.
    pub fn number(self) -> usize {
        match self {
            Channels::One => 1,
            Channels::Many(number) => number,
        }
    }
}

/// A table set that fits the hardware, under the profile's name.
#[derive(Clone, Debug)]
pub struct Profile {
    name: String,
    table_set: TableSet,
    channels: Channels,
    frames: Option<Frames>,
    shape: Shape,
}

/// Widths of the hardware, in bits.
#[derive(Clone, Copy, Debug, PartialEq, Eq)]
pub struct Shape {
    /// The predictor.
    pub predictor: predictor::Shape,
    /// A channel's number; `None` where the one channel has none.
    pub channel: Option<usize>,
    /// Address of a row of the rank table.
    pub row: usize,
    /// A rank.
    pub rank: usize,
    /// The running mean.
    pub mean: usize,
    /// Address of a word in the FIFO.
    pub fifo: usize,
}

/// Why a table set does not fit the hardware.
#[derive(Clone, Debug, PartialEq, Eq, thiserror::Error)]
pub enum Unfit {
    /// Fold or window.
    #[error("{0} is {1}: hardware needs a power of two")]
    NoPowerOfTwo(&'static str, u16),
    /// No channels or too many.
    #[error("{0} channels, not 1 to {MAX_CHANNELS}")]
    Channels(usize),
    /// Frames of one channel in registers, of too many rounds, or with keyframes too rare or not at
    /// a power of two.
    #[error("no hardware for {0:?}")]
    Frames(Frames),
    /// Too many contexts.
    #[error("{0} contexts, at most {MAX_CONTEXTS}")]
    Contexts(usize),
    /// Too many tiers.
    #[error("context {0} has {1} tiers, at most {MAX_TIERS}")]
    Tiers(usize, usize),
    /// Too long a prefix.
    #[error("context {0} has a prefix of {1} bits, at most {MAX_PREFIX_BITS}")]
    Prefix(usize, u8),
    /// No pipeline was compiled for these widths.
    #[error("no pipeline for {0:?}: add the shape to hdl/src/profile.rs")]
    Shape(Shape),
}

impl Profile {
    /// The profile of this name, if there is one.
    pub fn named(name: &str) -> Option<Profile> {
        let found = PROFILES.into_iter().find(|profile| profile.name == name)?;
        let set = golden_model::shipped(found.table_set).expect("a profile's table set is shipped");
        let profile = Profile::new(name, set, found.channels).and_then(|profile| {
            found.frames.map_or(Ok(profile.clone()), |frames| profile.with_frames(frames))
        });
        Some(profile.expect("a shipped profile fits: a test builds each"))
    }

    /// All profiles that come with tierwire.
    pub fn all() -> impl Iterator<Item = Profile> {
        PROFILES.into_iter().filter_map(|profile| Profile::named(profile.name))
    }

    /// A profile of one's own, in packets.
    ///
    /// # Errors
    /// The reason, when the table set does not fit the hardware.
    pub fn new(name: &str, table_set: TableSet, channels: Channels) -> Result<Profile, Unfit> {
        if !(1..=MAX_CHANNELS).contains(&channels.number()) {
            return Err(Unfit::Channels(channels.number()));
        }
        let table = table_set.rank_table();
        for (what, number) in [("the fold", table.fold()), ("the window", table.window())] {
            if !number.is_power_of_two() {
                return Err(Unfit::NoPowerOfTwo(what, number));
            }
        }
        if table_set.activity().contexts() > MAX_CONTEXTS {
            return Err(Unfit::Contexts(table_set.activity().contexts()));
        }
        for (context, code) in table_set.tier_codes().iter().enumerate() {
            check_tiers(context, code)?;
        }
        // The narrowest channel number that a pipeline is compiled for.
        let channel = match channels {
            Channels::One => None,
            Channels::Many(1..=32) if table_set.shape() == predictor::Shape::Bigram => Some(5),
            Channels::Many(1..=256) => Some(8),
            Channels::Many(_) => Some(10),
        };
        // As many words as a block RAM of the target holds.
        let fifo = match channel {
            None => 5,
            Some(5 | 8) => 8,
            Some(_) => 9,
        };
        let shape = Shape {
            predictor: table_set.shape(),
            channel,
            row: table.fold().ilog2() as usize,
            rank: table.width().ilog2() as usize,
            mean: table_set.activity().ceiling(table.window()).ilog2() as usize + 1,
            fifo,
        };
        let profile = Profile { name: name.into(), table_set, channels, frames: None, shape };
        profile.pipeline().map(|_| profile)
    }

    /// The same profile with its stream cut into frames instead of packets.
    ///
    /// # Errors
    /// [`Unfit::Frames`].
    pub fn with_frames(self, frames: Frames) -> Result<Profile, Unfit> {
        if self.channels == Channels::One || !frames.fit() {
            return Err(Unfit::Frames(frames));
        }
        Ok(Profile { frames: Some(frames), ..self })
    }

    /// The same profile in packets: the input waits for the sink, and nothing is ever lost.
    pub fn in_packets(self) -> Profile {
        Profile { frames: None, ..self }
    }

    /// How its stream is cut into frames, if it is.
    pub fn frames(&self) -> Option<Frames> {
        self.frames
    }

    /// What a receiver of its frames has to know, if it has frames.
    pub fn layout(&self) -> Option<Layout> {
        self.frames.map(|frames| frames.layout(self.channels()))
    }

    /// Words that come to wait for the sink before a frame is given up or the input waits: what
    /// the FIFO takes while the sink takes nothing.
    pub fn burst(&self) -> usize {
        match self.frames {
            Some(_) => (1 << self.shape.fifo) - FRAME_RESERVE,
            None => 1 << (self.shape.fifo - 1),
        }
    }

    /// The profile's name.
    pub fn name(&self) -> &str {
        &self.name
    }

    /// The table set that its hardware is made from.
    pub fn table_set(&self) -> &TableSet {
        &self.table_set
    }

    /// How many channels it has.
    pub fn channels(&self) -> usize {
        self.channels.number()
    }

    /// The hardware's widths.
    pub fn shape(&self) -> Shape {
        self.shape
    }

    /// Clocks from a sample to its code at the packer.
    pub fn code_clocks(&self) -> usize {
        let to_rank = match self.shape.predictor {
            predictor::Shape::Bigram => bigram_model::LATENCY,
            // The LMS; no other shape has hardware.
            _ => means_model::LATENCY,
        };
        to_rank + tier_coder::LATENCY
    }

    /// Clocks after which a channel may come again.
    pub fn state_loop(&self) -> usize {
        match (self.channels, self.shape.predictor) {
            (Channels::One, _) => 1,
            (Channels::Many(_), predictor::Shape::Bigram) => bigram_model::STATE_LOOP,
            (Channels::Many(_), _) => means_model::STATE_LOOP,
        }
    }

    /// The pipeline, ready to be simulated.
    pub fn circuit(&self) -> Box<dyn Circuit> {
        self.pipeline().expect("checked when the profile was made")
    }

    /// The one place that knows which widths are compiled.
    fn pipeline(&self) -> Result<Box<dyn Circuit>, Unfit> {
        use predictor::Shape::{Bigram, Means};
        fn ready(mut circuit: impl Circuit + Block + 'static) -> Result<Box<dyn Circuit>, Unfit> {
            circuit.connect_all();
            Ok(Box::new(circuit))
        }
        let Shape { predictor, channel, row, rank, mean, fifo } = self.shape;
        let (set, channels, frames) = (&self.table_set, self.channels(), self.frames);
        match (predictor, channel, row, rank, mean, fifo) {
            (Bigram, None, 5, 6, 13, 5) => ready(Pipeline::<5, 6, 13>::new(set)),
            (Bigram, None, 7, 7, 13, 5) => ready(Pipeline::<7, 7, 13>::new(set)),
            (Bigram, None, 7, 7, 14, 5) => ready(Pipeline::<7, 7, 14>::new(set)),
            (Bigram, Some(5), 5, 6, 13, 8) => {
                ready(BigramArray::<5, 5, 6, 13, 8>::new(set, channels, frames))
            }
            (Means, Some(8), 6, 6, 13, 8) => {
                ready(MeansArray::<8, 6, 6, 13, 8>::new(set, channels, frames))
            }
            (Means, Some(10), 7, 7, 14, 9) => {
                ready(MeansArray::<10, 7, 7, 14, 9>::new(set, channels, frames))
            }
            _ => Err(Unfit::Shape(self.shape)),
        }
    }
}

fn check_tiers(context: usize, code: &TierCode) -> Result<(), Unfit> {
    let of_ranks = |t: &&golden_model::tier_coder::Tier| matches!(t.payload, Payload::Ranks { .. });
    let tiers = code.tiers().iter().filter(of_ranks).count();
    if tiers > MAX_TIERS {
        return Err(Unfit::Tiers(context, tiers));
    }
    let longest = code.tiers().iter().map(|tier| tier.prefix_len).max().unwrap_or(0);
    if longest > MAX_PREFIX_BITS {
        return Err(Unfit::Prefix(context, longest));
    }
    Ok(())
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn every_profile_fits_and_bears_its_name() {
        for Shipped { name, table_set, channels, frames } in PROFILES {
            let profile = Profile::named(name).unwrap();
            assert_eq!((profile.name(), profile.table_set().name()), (name, table_set));
            assert_eq!((profile.channels(), profile.frames()), (channels.number(), frames));
        }
        assert!(Profile::named("unknown").is_none());
    }

    #[test]
    fn frames_that_the_hardware_cannot_count_are_refused() {
        let frames = |rounds, keyframe_interval| Frames { rounds, keyframe_interval };
        let nano = || Profile::named("nano").unwrap();
        assert_eq!(nano().with_frames(frames(19, 64)).unwrap().frames(), Some(frames(19, 64)));
        for unfit in [frames(0, 1), frames(257, 1), frames(1, 0), frames(1, 3), frames(1, 32768)] {
            assert_eq!(nano().with_frames(unfit).unwrap_err(), Unfit::Frames(unfit));
        }
        let one = Profile::named("seed").unwrap().with_frames(frames(19, 64));
        assert_eq!(one.unwrap_err(), Unfit::Frames(frames(19, 64)));
    }

    #[test]
    fn a_table_set_that_does_not_fit_is_refused_with_the_reason() {
        let set = golden_model::shipped("seed").unwrap();
        let unfit = Profile::new("full", set, Channels::One).unwrap_err();
        assert_eq!(
            unfit,
            Unfit::Shape(Shape {
                predictor: predictor::Shape::Bigram,
                channel: None,
                row: 10,
                rank: 10,
                mean: 16,
                fifo: 5
            })
        );

        let set = golden_model::shipped("bigram-32").unwrap();
        for none_or_too_many in [0, 1025] {
            let channels = Channels::Many(none_or_too_many);
            let unfit = Profile::new("crowd", set.clone(), channels).unwrap_err();
            assert_eq!(unfit, Unfit::Channels(none_or_too_many));
        }

        let set = golden_model::shipped("means-64").unwrap();
        let unfit = Profile::new("learning", set, Channels::One).unwrap_err();
        assert!(matches!(unfit, Unfit::Shape(Shape { predictor: predictor::Shape::Means, .. })));

        let mut parts = golden_model::shipped("bigram-32").unwrap().parts();
        (parts.fold, parts.rows) = (31, vec![vec![]; 31]);
        let unfit = Profile::new("odd", TableSet::new(parts).unwrap(), Channels::One).unwrap_err();
        assert_eq!(unfit, Unfit::NoPowerOfTwo("the fold", 31));

        let mut parts = golden_model::shipped("seed-64").unwrap().parts();
        parts.tiers[0].tiers = vec![(2, 4); 14];
        parts.tiers[0].tiers.push((5, 5));
        (parts.tiers[0].token_escape, parts.tiers[0].sample_escape) = (6, 6);
        parts.tiers[0].tiers.push((5, 4));
        let unfit = Profile::new("many", TableSet::new(parts).unwrap(), Channels::One).unwrap_err();
        assert_eq!(unfit, Unfit::Tiers(0, 16));
    }
}
