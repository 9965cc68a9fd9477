//! **Profiles**: a table set with a number of channels and a sampling rate that fits the hardware.
//!
//! [`profile_file`](crate::profile_file) reads one from a file, and has those that come with
//! tierwire.

use crate::circuit::{self, Circuit};
use crate::codec::{bigram_model, converter, mean_model, means_model, neighbour_model, tier_coder};
use crate::shape::{MAX_CHANNELS, MAX_RANK_ADDRESS, Shape};
use crate::stream::framer::Frames;
use crate::stream::word_fifo::FRAME_RESERVE;
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
    /// No sampling rate.
    #[error("{0} samples per second, not a number above 0")]
    Rate(f64),
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
    /// A tier of ranks by nearness that begins within a class of them.
    #[error("context {0} has a tier from rank {1}, where no class of ranks begins")]
    Class(usize, u16),
    /// No block is the twin of the range coder yet.
    #[error("no hardware for the range coder")]
    RangeCoder,
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
        if table_set.range_code().is_some() {
            return Err(Unfit::RangeCoder);
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
        if circuit::pipeline(&table_set, shape, channels.number(), None).is_none() {
            return Err(Unfit::Shape(shape));
        }
        let samples_per_s = SAMPLES_PER_S;
        Ok(Profile { name: name.into(), table_set, channels, samples_per_s, frames: None, shape })
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
        to_rank + tier_coder::LATENCY
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
        let pipeline = circuit::pipeline(&self.table_set, self.shape, self.channels(), self.frames);
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
mod tests {
    use super::*;
    use golden_model::table_set::CoderParts;
    use golden_model::tier_coder::TierShape;

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

    /// Widths and words of the memories of a module, `reg [11:0] mem [0:1023];` or `mem_2` of a bank.
    fn memories(verilog: &str) -> Vec<(usize, usize)> {
        let number = |text: &str| text.parse::<usize>().unwrap();
        let memory = |line: &str| {
            let (width, memory) = line.trim().strip_prefix("reg [")?.split_once(":0] mem")?;
            let words = memory.split_once(" [0:")?.1;
            Some((number(width) + 1, number(words.strip_suffix("];")?) + 1))
        };
        verilog.lines().filter_map(memory).collect()
    }

    #[test]
    fn bits_of_state_and_ranks_are_those_of_the_memories_in_the_verilog() {
        for (name, bits) in [
            ("nano-bigram", 23),
            ("tile256-lms", 115),
            ("nano", 29),
            ("implant1024", 29),
            ("array1024", 116),
        ] {
            let profile = Profile::named(name).unwrap();
            let shape = profile.shape();
            let verilog = profile.circuit().raw_verilog();
            let words = 1 << shape.channel.unwrap();
            // Only a `Ram` has this attribute; a ROM or the FIFO may have as many words.
            let rams = verilog.split("(* ram_style = \"block\", no_rw_check *)").skip(1);
            let state = rams.filter_map(|ram| memories(ram).first().copied());
            // In banks of 256 words, or not.
            let state = state.filter(|ram| ram.1 == words || ram.1 == words.min(256));
            let held = state.map(|(width, depth)| width * depth).sum::<usize>() / words;
            assert_eq!((held, shape.state_bits()), (bits, bits), "{name}");
            let rom = (shape.rank, 1 << (shape.row.unwrap() + shape.rank));
            let bits = |module| memories(module).iter().map(|m| m.0 * m.1).sum::<usize>();
            assert!(verilog.split("endmodule").any(|m| bits(m) == rom.0 * rom.1), "{name}");
            assert_eq!(rom.0 * rom.1, shape.rank_rom_bits(), "{name}");
        }
    }

    #[test]
    fn trained_sets_fit_with_any_number_of_channels() {
        for name in [
            "bigram-32",
            "bigram-128",
            "mean-64",
            "mean-128",
            "means-64",
            "means-128",
            "neuropixels-10",
            "intan-16",
        ] {
            let set = golden_model::shipped(name).unwrap();
            for channels in [1, 2, 32, 33, 100, 256, 257, 384, 512, 513, 1024] {
                let profile = Profile::new("own", set.clone(), Channels::Many(channels)).unwrap();
                let bits = profile.shape().channel.unwrap();
                assert!(
                    (channels..=2 * channels).contains(&(1 << bits)),
                    "{channels}: {bits} bits"
                );
            }
        }
    }

    #[test]
    fn the_table_set_of_every_profile_has_hardware() {
        for profile in Profile::all() {
            let shape = Profile::shape_of(profile.table_set()).unwrap();
            assert_eq!(shape.rank_rom_bits(), profile.shape().rank_rom_bits());
            assert_eq!(shape.state_bits(), profile.shape().state_bits());
        }
    }

    #[test]
    fn a_table_set_that_does_not_fit_is_refused_with_the_reason() {
        let set = golden_model::shipped("seed").unwrap();
        let unfit = Profile::new("full", set, Channels::One).unwrap_err();
        assert_eq!(unfit, Unfit::Ranks(1024, 1024));

        let set = golden_model::shipped("range-128").unwrap();
        let unfit = Profile::new("fractions", set, Channels::Many(2)).unwrap_err();
        assert_eq!(unfit, Unfit::RangeCoder);

        let set = golden_model::shipped("bigram-32").unwrap();
        for none_or_too_many in [0, 1025] {
            let channels = Channels::Many(none_or_too_many);
            let unfit = Profile::new("crowd", set.clone(), channels).unwrap_err();
            assert_eq!(unfit, Unfit::Channels(none_or_too_many));
        }

        let set = golden_model::shipped("means-64").unwrap();
        let profile = || Profile::new("slow", set.clone(), Channels::Many(2)).unwrap();
        assert_eq!(profile().samples_per_s(), SAMPLES_PER_S);
        assert_eq!(profile().with_rate(30e3).unwrap().samples_per_s(), 30e3);
        assert_eq!(profile().with_rate(0.0).unwrap_err(), Unfit::Rate(0.0));
        assert!(profile().with_rate(f64::NAN).is_err());
        let unfit = Profile::new("learning", set, Channels::One).unwrap_err();
        assert!(matches!(unfit, Unfit::Shape(Shape { predictor: predictor::Shape::Means, .. })));

        let mut parts = golden_model::shipped("bigram-32").unwrap().parts();
        (parts.fold, parts.rows) = (31, vec![vec![]; 31]);
        let unfit = Profile::new("odd", TableSet::new(parts).unwrap(), Channels::One).unwrap_err();
        assert_eq!(unfit, Unfit::NoPowerOfTwo("the fold", 31));

        let with_tiers = |name, context: usize, shape| {
            let mut parts = golden_model::shipped(name).unwrap().parts();
            let CoderParts::Tiers(tiers) = &mut parts.coder else { panic!("{name} has tiers") };
            tiers[context] = shape;
            TableSet::new(parts).unwrap()
        };
        let tiers = vec![(5, 1), (0, 2), (5, 3)];
        let shape = TierShape { tiers, token_escape: 4, sample_escape: 4 };
        let set = with_tiers("intan-16", 3, shape);
        let unfit = Profile::new("between", set, Channels::Many(2)).unwrap_err();
        assert_eq!(unfit, Unfit::Class(3, 33));

        let tiers = [vec![(2, 4); 14], vec![(5, 5), (5, 4)]].concat();
        let shape = TierShape { tiers, token_escape: 6, sample_escape: 6 };
        let set = with_tiers("seed-64", 0, shape);
        let unfit = Profile::new("many", set, Channels::One).unwrap_err();
        assert_eq!(unfit, Unfit::Tiers(0, 16));
    }
}
