//! What a walk over a stretch is made into: bits, or counts of what it saw.

use super::channel::{Channel, rank_of};
use crate::wide::activity::{self, LEVELS};
use crate::wide::bits::BitWriter;
use crate::wide::predictor::Width;
use crate::wide::set::WideSet;
use crate::wide::tiers::{Counts, Payload};
use crate::wide::trial::Trial;

/// What a walk over a stretch gives its results to.
pub(super) trait Sink {
    /// The channels' states, now and then.
    fn look<T: Width, const D: usize, const N: usize, const W: usize>(
        &mut self,
        _: &[Channel<T, D, N, W>],
    ) {
    }

    /// The residual of a channel's first token.
    fn first(&mut self, residual: i64);
    fn rank(&mut self, level: usize, rank: u32);
    fn exception(&mut self, level: usize, sample: i32, bits: u32);
}

/// Writes the codes.
pub(super) struct BitSink<'s> {
    set: &'s WideSet,
    writer: BitWriter,
}

impl<'s> BitSink<'s> {
    pub fn new(set: &'s WideSet) -> BitSink<'s> {
        BitSink { set, writer: BitWriter::default() }
    }

    pub fn finish(self) -> Vec<u8> {
        self.writer.finish()
    }
}

impl Sink for BitSink<'_> {
    fn first(&mut self, residual: i64) {
        self.rank(self.set.first_level(), rank_of(residual));
    }

    #[inline(always)]
    fn rank(&mut self, level: usize, rank: u32) {
        let symbol = self.set.tiers()[level].of_rank(rank);
        let suffix = match symbol.payload {
            Payload::Rank(first) => rank - first,
            Payload::Beyond | Payload::Exception => rank,
        };
        let suffix_len = symbol.rank_bits(self.set.bits());
        let (prefix, prefix_len) = (u32::from(symbol.prefix), u32::from(symbol.prefix_len));
        if prefix_len + suffix_len <= 32 {
            self.writer.push((prefix << suffix_len) + suffix, prefix_len + suffix_len);
        } else {
            self.writer.push(prefix, prefix_len);
            self.writer.push(suffix, suffix_len);
        }
    }

    #[cold]
    fn exception(&mut self, level: usize, sample: i32, bits: u32) {
        let symbol = self.set.tiers()[level].exception();
        self.writer.push(symbol.prefix.into(), symbol.prefix_len.into());
        if sample == self.set.hole() {
            self.writer.push(0, 1);
        } else {
            self.writer.push(1, 1);
            let mask = u32::MAX >> (32 - bits);
            self.writer.push(sample as u32 & mask, bits);
        }
    }
}

/// Counts ranks, and looks at what the channels learn.
pub(super) struct CountSink<'s> {
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
    fn look<T: Width, const D: usize, const N: usize, const W: usize>(
        &mut self,
        channels: &[Channel<T, D, N, W>],
    ) {
        for channel in channels.iter().filter(|channel| !channel.fresh) {
            let sums = self.weights.iter_mut().zip(channel.past.weights());
            sums.for_each(|(sum, weight)| *sum += i64::from(weight));
            self.activity += u64::from(channel.activity);
            self.channels += 1;
        }
    }

    fn first(&mut self, residual: i64) {
        self.first += residual.unsigned_abs();
        self.firsts += 1;
    }

    #[inline(always)]
    fn rank(&mut self, level: usize, rank: u32) {
        self.counts[level].rank(rank);
    }

    fn exception(&mut self, level: usize, _: i32, _: u32) {
        self.counts[level].exception();
    }
}
