//! What a walk over a stretch is made into: bits, or counts of what it saw.

use super::channel::rank_of;
use super::codes::RankCodes;
use crate::wide::activity::{self, LEVELS};
use crate::wide::bits::BitWriter;
use crate::wide::set::WideSet;
use crate::wide::tiers::{Counts, Payload};
use crate::wide::trial::Trial;

/// What a walk over a stretch gives its results to.
pub trait Sink {
    /// A channel's weights and activity, now and then.
    fn look(&mut self, _: &mut dyn Iterator<Item = i16>, _: u32) {}

    /// The residual of a channel's first token, in this stream.
    fn first(&mut self, stream: usize, residual: i64);
    fn rank(&mut self, stream: usize, level: usize, rank: u32);
    /// A rank of each stream: one call for all, so that walks in lanes need not be compiled for each sink.
    fn ranks(&mut self, levels: &[i32], ranks: &[i32]) {
        for (stream, (&level, &rank)) in levels.iter().zip(ranks).enumerate() {
            self.rank(stream, level as usize, rank as u32);
        }
    }
    fn exception(&mut self, stream: usize, level: usize, sample: i32, bits: u32);
}

/// Writes the codes.
pub struct BitSink<'s> {
    set: &'s WideSet,
    codes: RankCodes,
    writers: Vec<BitWriter>,
}

impl<'s> BitSink<'s> {
    /// For so many streams.
    pub fn new(set: &'s WideSet, streams: usize) -> BitSink<'s> {
        BitSink { set, codes: RankCodes::new(set), writers: vec![BitWriter::default(); streams] }
    }

    pub fn finish(self) -> Vec<Vec<u8>> {
        self.writers.into_iter().map(BitWriter::finish).collect()
    }
}

impl Sink for BitSink<'_> {
    fn first(&mut self, stream: usize, residual: i64) {
        self.rank(stream, self.set.first_level(), rank_of(residual));
    }

    #[inline(always)]
    fn rank(&mut self, stream: usize, level: usize, rank: u32) {
        let writer = &mut self.writers[stream];
        match self.codes.code(level, rank) {
            Some((code, bits)) => writer.push(code, bits),
            None => push_long(writer, self.set, level, rank),
        }
    }

    #[cold]
    fn exception(&mut self, stream: usize, level: usize, sample: i32, bits: u32) {
        let writer = &mut self.writers[stream];
        let symbol = self.set.tiers()[level].exception();
        writer.push(symbol.prefix.into(), symbol.prefix_len.into());
        if sample == self.set.hole() {
            writer.push(0, 1);
        } else {
            writer.push(1, 1);
            let mask = u32::MAX >> (32 - bits);
            writer.push(sample as u32 & mask, bits);
        }
    }
}

/// A code of more than 32 bits, or of a rank beyond the tiers.
#[cold]
fn push_long(writer: &mut BitWriter, set: &WideSet, level: usize, rank: u32) {
    let symbol = set.tiers()[level].of_rank(rank);
    let suffix = match symbol.payload {
        Payload::Rank(first) => rank - first,
        Payload::Beyond | Payload::Exception => rank,
    };
    writer.push(symbol.prefix.into(), symbol.prefix_len.into());
    writer.push(suffix, symbol.rank_bits(set.bits()));
}

/// Counts ranks, and looks at what the channels learn.
pub struct CountSink<'s> {
    set: &'s WideSet,
    counts: Vec<Counts>,
    /// Sum of the magnitudes of first tokens' residuals, and how many there were.
    first: u64,
    firsts: u64,
    /// Sums over all looks at channels.
    weights: Vec<i64>,
    activity: u64,
    channels: u64,
}

impl<'s> CountSink<'s> {
    pub fn new(set: &'s WideSet) -> CountSink<'s> {
        CountSink {
            set,
            counts: (0..LEVELS).map(Counts::of_level).collect(),
            first: 0,
            firsts: 0,
            weights: vec![0; set.shape().features()],
            activity: 0,
            channels: 0,
        }
    }

    pub fn trial(self) -> Trial {
        let average = |sum: u64, count: u64| (sum / count.max(1)).min(1 << 30) as u32;
        let first_level = activity::level(average(64 * self.first, self.firsts)) as u8;
        let Some(channels) = std::num::NonZero::new(self.channels) else {
            let (weights, level) =
                (self.set.start_weights().to_vec(), self.set.start_level() as u8);
            return Trial { weights, level, first_level, counts: self.counts };
        };
        let weight = |sum: &i64| sum.div_euclid(channels.get() as i64) as i16;
        let level = activity::level(average(self.activity, channels.get())) as u8;
        let weights = self.weights.iter().map(weight).collect();
        Trial { weights, level, first_level, counts: self.counts }
    }
}

impl Sink for CountSink<'_> {
    fn look(&mut self, weights: &mut dyn Iterator<Item = i16>, activity: u32) {
        self.weights.iter_mut().zip(weights).for_each(|(sum, weight)| *sum += i64::from(weight));
        self.activity += u64::from(activity);
        self.channels += 1;
    }

    fn first(&mut self, _: usize, residual: i64) {
        self.first += residual.unsigned_abs();
        self.firsts += 1;
    }

    #[inline(always)]
    fn rank(&mut self, _: usize, level: usize, rank: u32) {
        self.counts[level].rank(rank);
    }

    fn exception(&mut self, _: usize, level: usize, _: i32, _: u32) {
        self.counts[level].exception();
    }
}
