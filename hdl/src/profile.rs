//! **Profiles**: a table set with a number of channels and a sampling rate that fits the hardware.
//!
//! [`profile_file`](crate::profile_file) reads one from a file, and has those that come with
//! tierwire.

use crate::circuit::{self, Circuit};
use crate::codec::{bigram_model, converter, mean_model, means_model, neighbour_model};
use crate::codec::{range_coder, tier_coder};
use crate::shape::{FIFO, MAX_CHANNELS, MAX_RANK_ADDRESS, Shape};
use crate::stream::framer::Frames;
use crate::stream::rounds::MAX_LOOP;
use crate::stream::word_fifo::FRAME_RESERVE;
use crate::tables::image;
use golden_model::TableSet;
use golden_model::converter::ConverterParts;
use golden_model::frames::Layout;
use golden_model::tier_coder::{Payload, TierCode};
use golden_model::{predictor, rank_class};

/// Most tiers of ranks in a context: 16 with the two escapes, so that a tier has 4 bits.
pub const MAX_TIERS: usize = 14;
/// Longest prefix, so that the longest code has 11 + 16 bits.
pub const MAX_PREFIX_BITS: u8 = 11;
/// Most activity contexts: 4 bits.
pub const MAX_CONTEXTS: usize = 16;

/// Samples of a channel per second where a profile does not say otherwise: those of the recordings
/// that the shipped table sets were trained on.
pub const SAMPLES_PER_S: f64 = golden_model::synthetic::RATE as f64;

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

    /// How many have their state in memory.
    fn in_memory(self) -> Option<usize> {
        match self {
            Channels::One => None,
            Channels::Many(number) => Some(number),
        }
    }
}

/// A table set that fits the hardware, under the profile's name.
#[derive(Clone, Debug)]
pub struct Profile {
    name: String,
    table_set: TableSet,
    channels: Channels,
    samples_per_s: f64,
    frames: Option<Frames>,
    loaded: bool,
    shape: Shape,
}

/// Why a table set does not fit the hardware.
#[derive(Clone, Debug, PartialEq, thiserror::Error)]
#[non_exhaustive]
pub enum Unfit {
    /// Fold or window.
    #[error("{0} is {1}: hardware needs a power of two")]
    NoPowerOfTwo(&'static str, u16),
    /// No channels or too many.
    #[error("{0} channels, not 1 to {MAX_CHANNELS}")]
    Channels(usize),
    /// A FIFO of another number of words than a memory can have.
    #[error("a FIFO of {0} words; it takes a power of two from 16 to 512")]
    Fifo(usize),
    /// No sampling rate.
    #[error("{0} samples per second, not a number above 0")]
    Rate(f64),
    /// Frames of one channel in registers, of too many rounds, or with keyframes too rare or not at
    /// a power of two.
    #[error("no hardware for {0:?}")]
    Frames(Frames),
    /// State in memories of one port, of another predictor or an odd number of channels.
    #[error(
        "state_ports = 1 takes a table set with one mean (not {0:?}) and an even number of channels from {MAX_LOOP}"
    )]
    OnePort(predictor::Shape),
    /// Tables to be loaded, in packets.
    #[error(
        "tables are loaded into a core with frames: packets do not say what they were made with"
    )]
    LoadedPackets,
    /// Too many contexts.
    #[error("{0} contexts, at most {MAX_CONTEXTS}")]
    Contexts(usize),
    /// Too many tiers.
    #[error("context {0} has {1} tiers, at most {MAX_TIERS}")]
    Tiers(usize, usize),
    /// Too long a prefix.
    #[error("context {0} has a prefix of {1} bits, at most {MAX_PREFIX_BITS}")]
    Prefix(usize, u8),
    /// A tier of ranks by nearness that begins within a class of them.
    #[error("context {0} has a tier from rank {1}, where no class of ranks begins")]
    Class(usize, u16),
    /// A converter that no block is the twin of.
    #[error("no hardware for the converter {0}")]
    Converter(ConverterParts),
    /// Too many rows of too many ranks.
    #[error("{0} rows of {1} ranks, over {max} in all", max = 1 << MAX_RANK_ADDRESS)]
    Ranks(u16, usize),
    /// No pipeline was compiled for these widths.
    #[error("no pipeline is compiled for {0:?}")]
    Shape(Shape),
}

impl Profile {
    /// A profile of one's own, in packets, at [`SAMPLES_PER_S`].
    ///
    /// # Errors
    /// The reason, when the table set does not fit the hardware.
    pub fn new(name: &str, table_set: TableSet, channels: Channels) -> Result<Profile, Unfit> {
        if !(1..=MAX_CHANNELS).contains(&channels.number()) {
            return Err(Unfit::Channels(channels.number()));
        }
        if !converter::has_hardware(table_set.converter().parts()) {
            return Err(Unfit::Converter(table_set.converter().parts()));
        }
        let table = table_set.rank_table();
        for (what, number) in [("the fold", table.fold()), ("the window", table_set.window())] {
            // Without rows the fold is 0.
            if number != 0 && !number.is_power_of_two() {
                return Err(Unfit::NoPowerOfTwo(what, number));
            }
        }
        if table_set.activity().contexts() > MAX_CONTEXTS {
            return Err(Unfit::Contexts(table_set.activity().contexts()));
        }
        for (context, code) in table_set.tier_codes().iter().enumerate() {
            check_tiers(context, code)?;
            if table.is_by_nearness() {
                check_classes(context, code)?;
            }
        }
        let shape = Shape::new(&table_set, channels.in_memory());
        if shape.row.is_some_and(|row| row + shape.rank > MAX_RANK_ADDRESS) {
            return Err(Unfit::Ranks(table.fold(), table.width()));
        }
        if circuit::pipeline(&table_set, shape, channels.number(), None, None).is_none() {
            return Err(Unfit::Shape(shape));
        }
        let samples_per_s = SAMPLES_PER_S;
        let name = name.into();
        let (frames, loaded) = (None, false);
        Ok(Profile { name, table_set, channels, samples_per_s, frames, loaded, shape })
    }

    /// The hardware's widths for a table set in a pipeline of many channels, or of one channel where
    /// there is no other; `None` for a set that has no hardware.
    pub fn shape_of(table_set: &TableSet) -> Option<Shape> {
        let pipelines = [Channels::Many(MAX_CHANNELS), Channels::One].into_iter();
        let profile = |channels| Profile::new("any", table_set.clone(), channels).ok();
        pipelines.filter_map(profile).map(|profile| profile.shape).next()
    }

    /// The same profile at so many samples per second and channel.
    ///
    /// # Errors
    /// [`Unfit::Rate`].
    pub fn with_rate(self, samples_per_s: f64) -> Result<Profile, Unfit> {
        if !(samples_per_s.is_finite() && samples_per_s > 0.0) {
            return Err(Unfit::Rate(samples_per_s));
        }
        Ok(Profile { samples_per_s, ..self })
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

    /// The same profile with its state in memories that are read or written at a clock, not both: on a chip
    /// they have half the area. A sample behind a gap may wait two clocks more.
    ///
    /// # Errors
    /// [`Unfit::OnePort`].
    pub fn with_one_port(self) -> Result<Profile, Unfit> {
        let predictor = self.shape.predictor;
        if predictor != predictor::Shape::Mean
            || self.channels() < MAX_LOOP
            || !self.channels().is_multiple_of(2)
        {
            return Err(Unfit::OnePort(predictor));
        }
        let shape = Shape { one_port: true, ..self.shape };
        Ok(Profile { shape, ..self })
    }

    /// The same profile with tables that are loaded at run time, from the set's own ones to any that
    /// [fit the core](crate::tables::image::Image).
    ///
    /// # Errors
    /// [`Unfit::LoadedPackets`] without frames: packets do not say which tables they were made with.
    pub fn with_loaded_tables(self) -> Result<Profile, Unfit> {
        match self.frames {
            Some(_) => Ok(Profile { loaded: true, ..self }),
            None => Err(Unfit::LoadedPackets),
        }
    }

    /// The same profile with the tables of its set in it.
    pub fn with_fixed_tables(self) -> Profile {
        Profile { loaded: false, ..self }
    }

    /// The same profile with a FIFO of so many words: fewer take less memory, and the sink has to be
    /// more even.
    ///
    /// # Errors
    /// [`Unfit::Fifo`].
    pub fn with_fifo(self, words: usize) -> Result<Profile, Unfit> {
        if !words.is_power_of_two() || !(16..=1 << FIFO).contains(&words) {
            return Err(Unfit::Fifo(words));
        }
        let shape = Shape { fifo: words.ilog2() as usize, ..self.shape };
        Ok(Profile { shape, ..self })
    }

    /// The same profile in packets, its tables fixed: the input waits for the sink, and nothing is ever lost.
    pub fn in_packets(self) -> Profile {
        Profile { frames: None, loaded: false, ..self }
    }

    /// How its stream is cut into frames, if it is.
    pub fn frames(&self) -> Option<Frames> {
        self.frames
    }

    /// Whether its tables are loaded at run time.
    pub fn is_loaded(&self) -> bool {
        self.loaded
    }

    /// What a receiver of its frames has to know, if it has frames.
    pub fn layout(&self) -> Option<Layout> {
        self.frames.map(|frames| frames.layout(self.channels()))
    }

    /// Words that wait for the sink before a frame is dropped or the input waits: what
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

    /// Bits of a token, and of the converter's code.
    pub fn token_bits(&self) -> usize {
        self.shape.token
    }

    /// Samples of a channel per second.
    pub fn samples_per_s(&self) -> f64 {
        self.samples_per_s
    }

    /// The hardware's widths.
    pub fn shape(&self) -> Shape {
        self.shape
    }

    /// Clocks from a sample to its code at the packer.
    pub fn code_clocks(&self) -> usize {
        let to_rank = match self.shape.predictor {
            predictor::Shape::Bigram => bigram_model::LATENCY,
            predictor::Shape::Mean => mean_model::LATENCY,
            predictor::Shape::Neighbours => neighbour_model::LATENCY,
            // The LMS; no other shape has hardware.
            _ => means_model::LATENCY,
        };
        let to_code = match self.table_set.range_code() {
            None => tier_coder::LATENCY,
            Some(_) => range_coder::LATENCY,
        };
        to_rank + to_code
    }

    /// Clocks after which a channel may come again.
    pub fn state_loop(&self) -> usize {
        match (self.channels, self.shape.predictor) {
            (Channels::One, _) => 1,
            (Channels::Many(_), predictor::Shape::Bigram) => bigram_model::STATE_LOOP,
            (Channels::Many(_), predictor::Shape::Mean) => mean_model::STATE_LOOP,
            (Channels::Many(_), predictor::Shape::Neighbours) => neighbour_model::STATE_LOOP,
            (Channels::Many(_), _) => means_model::STATE_LOOP,
        }
    }

    /// The pipeline, ready to be simulated.
    pub fn circuit(&self) -> Box<dyn Circuit> {
        let structure = self.loaded.then(|| image::structure(self));
        let (shape, channels) = (self.shape, self.channels());
        let loaded = structure.as_deref();
        let pipeline = circuit::pipeline(&self.table_set, shape, channels, self.frames, loaded);
        pipeline.expect("checked when the profile was made")
    }
}

/// Ranks by nearness are looked up by class: a tier has whole classes.
fn check_classes(context: usize, code: &TierCode) -> Result<(), Unfit> {
    let mut first = 0_usize;
    for tier in &code.tiers()[..code.tiers().len() - 2] {
        first += 1 << tier.suffix_len;
        // Behind the last tier no rank may be left.
        let Ok(rank) = u16::try_from(first) else { return Ok(()) };
        if rank_class::first(rank_class::class(rank)) != first {
            return Err(Unfit::Class(context, rank));
        }
    }
    Ok(())
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
mod tests;
