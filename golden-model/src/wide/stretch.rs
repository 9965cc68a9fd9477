//! **Stretch**: the tokens of a group of channels over about a second, coded from the initial state.
//!
//! Channels are coded in rounds: one token of each, in order. A channel that *holds* (stays on one
//! value for many rounds, since it is dead or its packets were lost) is left out of its rounds and its
//! state rests; its holds are stored beside the codes. An *exception* is a sample that is no token, or
//! that is cheaper sent as one: one more bit says whether it is the set's hole, or raw. It leaves the
//! state of its channel as it is.
//!
//! A channel's first token is predicted by the token before it in the round, or 0; it only initialises
//! the channel.

use super::activity::{self, LEVELS};
use super::bits::{BitReader, BitWriter};
use super::predictor::{Past, Round, Tokens, Width, step, with_wide_shape};
use super::set::WideSet;
use super::tiers::{Counts, Payload, Tiers};

/// Tokens in rounds, what of them is no token, and what is not coded at all.
#[derive(Clone, Debug, Default, PartialEq)]
pub struct Stretch<T> {
    /// Channels, at least 1.
    pub channels: usize,
    /// `[round * channels + channel]`; arbitrary at exceptions and holds.
    pub tokens: Vec<T>,
    /// By rising index.
    pub exceptions: Vec<Exception>,
    /// By rising first round, then by rising channel.
    pub holds: Vec<Hold>,
}

/// A sample that may or must be sent as it is.
#[derive(Clone, Copy, Debug, PartialEq, Eq)]
pub struct Exception {
    /// Index among the tokens.
    pub index: usize,
    /// The sample.
    pub sample: i32,
    /// Whether there is no token for it.
    pub must: bool,
}

/// A channel on one value.
#[derive(Clone, Copy, Debug, PartialEq, Eq)]
pub struct Hold {
    /// The channel.
    pub channel: usize,
    /// The first round of it.
    pub from: usize,
    /// How many.
    pub rounds: usize,
    /// The sample that it holds.
    pub sample: i32,
}

/// Why codes are no stretch.
#[derive(Clone, Copy, Debug, PartialEq, Eq, thiserror::Error)]
#[non_exhaustive]
pub enum StretchError {
    /// The bits end before the last sample.
    #[error("the stream is too short: it ends before its last sample")]
    TooShort,
    /// Bits are left over.
    #[error("the stream is too long: bits follow its last sample")]
    TooLong,
    /// Holds that overlap or reach beyond the stretch.
    #[error("a channel's hold lies outside the stretch or overlaps another")]
    Hold,
    /// A rank beyond the tokens.
    #[error("a code names a rank that no token has")]
    Rank,
}

impl<T: Width> Stretch<T> {
    /// Rounds.
    pub fn rounds(&self) -> usize {
        self.tokens.len() / self.channels
    }

    /// Codes it.
    pub fn encode(&self, set: &WideSet) -> Vec<u8> {
        let mut sink = BitSink { set, writer: BitWriter::default() };
        with_wide_shape!(set.shape(), |D, N| {
            self.walk::<D, N>(set, &mut sink);
        });
        sink.writer.finish()
    }

    /// Runs the codec without writing, and says what it saw.
    pub fn trial(&self, set: &WideSet) -> Trial {
        let counts = (0..LEVELS).map(Counts::of_level).collect();
        let weights = vec![0; set.shape().features()];
        let (first, firsts, activity, channels) = (0, 0, 0, 0);
        let mut sink = CountSink { set, counts, first, firsts, weights, activity, channels };
        with_wide_shape!(set.shape(), |D, N| {
            let last = self.walk::<D, N>(set, &mut sink);
            sink.look(&last);
        });
        sink.trial()
    }

    fn walk<const D: usize, const N: usize>(
        &self,
        set: &WideSet,
        sink: &mut impl Sink,
    ) -> Vec<Channel<T, D, N>> {
        let tokens = Tokens { bits: set.bits() };
        let mut channels = vec![Channel::<T, D, N>::new(set); self.channels];
        let mut active = Active::new(self.channels, &self.holds);
        let mut exceptions = self.exceptions.iter().peekable();
        let mut next_exception = exceptions.peek().map_or(usize::MAX, |e| e.index);
        for (number, round_tokens) in self.tokens.chunks_exact(self.channels).enumerate() {
            let step = step(number);
            let mut round = Round::default();
            let mut before = T::default();
            for &c in active.at(number) {
                let c = usize::from(c);
                let token = round_tokens[c];
                let channel = &mut channels[c];
                let exception = if number * self.channels + c == next_exception {
                    let exception = exceptions.next();
                    next_exception = exceptions.peek().map_or(usize::MAX, |e| e.index);
                    exception
                } else {
                    None
                };
                let level = channel.level;
                if let Some(must) = exception.filter(|exception| exception.must) {
                    sink.exception(level, must.sample, T::BITS);
                    round.add(0);
                    continue;
                }
                if channel.fresh {
                    let residual = tokens.wrapped(token.number() - before.number());
                    sink.first(residual);
                    channel.begin(set, token);
                    round.add(0);
                    before = token;
                    continue;
                }
                let (expected, features) = channel.past.predict(&round, tokens);
                let residual = tokens.wrapped(token.number() - expected);
                let rank = rank_of(residual);
                if let Some(exception) = exception
                    && sink.is_dearer(level, rank)
                {
                    sink.exception(level, exception.sample, T::BITS);
                    round.add(0);
                    continue;
                }
                sink.rank(level, rank);
                channel.learn(&features, token, residual, step);
                round.add(residual);
                before = token;
            }
            if number % LOOK_EVERY == LOOK_EVERY - 1 {
                sink.look(&channels);
            }
        }
        channels
    }

    /// Decodes `rounds` rounds of `channels` channels of which `holds` were left out.
    ///
    /// # Errors
    /// [`StretchError`], for bytes that no encoder made.
    pub fn decode(
        set: &WideSet,
        channels: usize,
        rounds: usize,
        holds: Vec<Hold>,
        bytes: &[u8],
    ) -> Result<Stretch<T>, StretchError> {
        let held = check_holds(channels, rounds, &holds)?;
        // No code is shorter than a bit.
        if (channels * rounds - held).div_ceil(8) > bytes.len() {
            return Err(StretchError::TooShort);
        }
        let tokens = vec![T::default(); channels * rounds];
        let mut stretch = Stretch { channels, tokens, exceptions: Vec::new(), holds };
        let mut reader = BitReader::new(bytes);
        with_wide_shape!(set.shape(), |D, N| stretch.fill::<D, N>(set, &mut reader))?;
        if reader.overrun() {
            return Err(StretchError::TooShort);
        }
        if reader.ends_here() { Ok(stretch) } else { Err(StretchError::TooLong) }
    }

    fn fill<const D: usize, const N: usize>(
        &mut self,
        set: &WideSet,
        reader: &mut BitReader<'_>,
    ) -> Result<(), StretchError> {
        let tokens = Tokens { bits: set.bits() };
        let codes = Codes::new(set);
        let mut channels = vec![Channel::<T, D, N>::new(set); self.channels];
        let mut active = Active::new(self.channels, &self.holds);
        for (number, round_tokens) in self.tokens.chunks_exact_mut(self.channels).enumerate() {
            let step = step(number);
            let mut round = Round::default();
            let mut before = T::default();
            for &c in active.at(number) {
                let c = usize::from(c);
                let channel = &mut channels[c];
                let level = if channel.fresh { set.first_level() } else { channel.level };
                let Some(rank) = codes.rank(level, reader, set.bits())? else {
                    let raw = reader.take(1) == 1;
                    let sample = if raw { reader.take(T::BITS) as i32 } else { set.hole() };
                    let sample = if raw && T::BITS == 16 { sample as i16 as i32 } else { sample };
                    let index = number * self.channels + c;
                    self.exceptions.push(Exception { index, sample, must: true });
                    round.add(0);
                    continue;
                };
                let residual = residual_of(rank);
                if channel.fresh {
                    let token = T::wrapped(tokens.wrapped(before.number() + residual));
                    channel.begin(set, token);
                    round_tokens[c] = token;
                    round.add(0);
                    before = token;
                    continue;
                }
                let (expected, features) = channel.past.predict(&round, tokens);
                let token = T::wrapped(tokens.wrapped(expected + residual));
                round_tokens[c] = token;
                channel.learn(&features, token, residual, step);
                round.add(residual);
                before = token;
            }
            if reader.overrun() {
                return Err(StretchError::TooShort);
            }
        }
        Ok(())
    }
}

/// Residuals by nearness: 0, -1, 1, -2, 2 ...
#[inline(always)]
fn rank_of(residual: i64) -> u32 {
    // Plain form: 2 r for r >= 0, else -2 r - 1.
    (residual << 1 ^ residual >> 63) as u32
}

/// The residual of a rank.
#[inline(always)]
fn residual_of(rank: u32) -> i64 {
    i64::from(rank >> 1) ^ -i64::from(rank & 1)
}

/// The state of a channel.
#[derive(Clone, Debug)]
struct Channel<T, const D: usize, const N: usize> {
    past: Past<T, D, N>,
    activity: u32,
    /// The level of the activity: known before the channel's turn comes.
    level: usize,
    /// Before its first token.
    fresh: bool,
}

impl<T: Width, const D: usize, const N: usize> Channel<T, D, N> {
    fn new(set: &WideSet) -> Channel<T, D, N> {
        let past = Past::after(T::default(), set.start_weights());
        Channel { past, activity: 0, level: set.first_level(), fresh: true }
    }

    fn begin(&mut self, set: &WideSet, first: T) {
        self.past = Past::after(first, set.start_weights());
        self.activity = activity::middle(set.start_level());
        self.level = set.start_level();
        self.fresh = false;
    }

    #[inline(always)]
    fn learn(&mut self, features: &[T; N], token: T, residual: i64, step: i16) {
        self.past.learn(features, token, residual, step);
        self.activity = activity::next(self.activity, residual.unsigned_abs() as u32);
        self.level = activity::level(self.activity);
    }
}

/// The channels that are coded, round by round.
struct Active<'h> {
    list: Vec<u16>,
    held: Vec<bool>,
    /// Holds that are still to come.
    coming: std::iter::Peekable<std::slice::Iter<'h, Hold>>,
    /// Ends of the holds that have begun, and their channels.
    ends: std::collections::BinaryHeap<std::cmp::Reverse<(usize, usize)>>,
}

impl<'h> Active<'h> {
    fn new(channels: usize, holds: &'h [Hold]) -> Active<'h> {
        Active {
            list: (0..channels as u16).collect(),
            held: vec![false; channels],
            coming: holds.iter().peekable(),
            ends: std::collections::BinaryHeap::new(),
        }
    }

    /// The channels that are coded in this round.
    #[inline]
    fn at(&mut self, round: usize) -> &[u16] {
        let ending = self.ends.peek().is_some_and(|end| end.0.0 == round);
        if ending || self.coming.peek().is_some_and(|hold| hold.from == round) {
            self.change(round);
        }
        &self.list
    }

    #[cold]
    fn change(&mut self, round: usize) {
        while let Some(&std::cmp::Reverse((_, channel))) =
            self.ends.peek().filter(|end| end.0.0 == round)
        {
            self.ends.pop();
            self.held[channel] = false;
        }
        while let Some(hold) = self.coming.next_if(|hold| hold.from == round) {
            self.held[hold.channel] = true;
            self.ends.push(std::cmp::Reverse((round + hold.rounds, hold.channel)));
        }
        self.list.clear();
        self.list.extend((0..self.held.len()).filter(|&c| !self.held[c]).map(|c| c as u16));
    }
}

/// How many samples the holds leave out.
fn check_holds(channels: usize, rounds: usize, holds: &[Hold]) -> Result<usize, StretchError> {
    let mut free_from = vec![0; channels];
    let mut last = (0, 0);
    let mut held = 0;
    for hold in holds {
        let inside = hold.channel < channels
            && hold.rounds > 0
            && hold.from.checked_add(hold.rounds).is_some_and(|end| end <= rounds);
        if !inside || (hold.from, hold.channel) < last || hold.from < free_from[hold.channel] {
            return Err(StretchError::Hold);
        }
        last = (hold.from, hold.channel);
        free_from[hold.channel] = hold.from + hold.rounds;
        held += hold.rounds;
    }
    Ok(held)
}

/// Rounds between two looks at the channels' states.
const LOOK_EVERY: usize = 1024;

/// What a walk over a stretch gives its results to.
trait Sink {
    /// The channels' states, now and then.
    fn look<T: Width, const D: usize, const N: usize>(&mut self, _: &[Channel<T, D, N>]) {}

    /// The residual of a channel's first token.
    fn first(&mut self, residual: i64);
    fn rank(&mut self, level: usize, rank: u32);
    fn exception(&mut self, level: usize, sample: i32, bits: u32);
    /// Whether a rank takes more bits than the hole as an exception.
    fn is_dearer(&self, level: usize, rank: u32) -> bool;
}

/// Whether `rank` takes more bits than the hole does as an exception.
fn is_dearer(set: &WideSet, level: usize, rank: u32) -> bool {
    let code = &set.tiers()[level];
    let symbol = code.of_rank(rank);
    let bits = match symbol.payload {
        Payload::Beyond => u32::from(symbol.prefix_len) + set.bits(),
        _ => u32::from(symbol.prefix_len + symbol.suffix_len),
    };
    bits > u32::from(code.exception().prefix_len) + 1
}

struct BitSink<'s> {
    set: &'s WideSet,
    writer: BitWriter,
}

impl Sink for BitSink<'_> {
    fn first(&mut self, residual: i64) {
        self.rank(self.set.first_level(), rank_of(residual));
    }

    #[inline(always)]
    fn rank(&mut self, level: usize, rank: u32) {
        let symbol = self.set.tiers()[level].of_rank(rank);
        let (first, suffix_len) = match symbol.payload {
            Payload::Rank(first) => (first, u32::from(symbol.suffix_len)),
            Payload::Beyond | Payload::Exception => (0, self.set.bits()),
        };
        let (prefix, prefix_len) = (u32::from(symbol.prefix), u32::from(symbol.prefix_len));
        if prefix_len + suffix_len <= 32 {
            self.writer.push((prefix << suffix_len) + (rank - first), prefix_len + suffix_len);
        } else {
            self.writer.push(prefix, prefix_len);
            self.writer.push(rank - first, suffix_len);
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

    fn is_dearer(&self, level: usize, rank: u32) -> bool {
        is_dearer(self.set, level, rank)
    }
}

struct CountSink<'s> {
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

impl CountSink<'_> {
    fn trial(self) -> Trial {
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
    fn look<T: Width, const D: usize, const N: usize>(&mut self, channels: &[Channel<T, D, N>]) {
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

    fn is_dearer(&self, level: usize, rank: u32) -> bool {
        is_dearer(self.set, level, rank)
    }
}

/// What a run of the codec over a stretch saw.
#[derive(Clone, Debug)]
pub struct Trial {
    /// The weights, averaged over channels and time.
    pub weights: Vec<i16>,
    /// The level of the average activity.
    pub level: u8,
    /// The level of the first tokens' residuals.
    pub first_level: u8,
    /// Of each level.
    pub counts: Vec<Counts>,
}

impl Trial {
    /// Bits that the codes of `set` would take for the same ranks and exceptions, but for what is sent
    /// raw.
    pub fn cost(&self, set: &WideSet) -> u64 {
        set.tiers().iter().zip(&self.counts).map(|(code, counts)| code.cost(counts)).sum()
    }
}

/// Bits of a prefix that are looked up at once.
const LOOKED_UP: u32 = 9;

/// The codes of a set, for decoding.
struct Codes<'s> {
    set: &'s WideSet,
    /// `[level << LOOKED_UP | bits] -> symbol`
    symbols: Vec<Entry>,
}

#[derive(Clone, Copy)]
struct Entry {
    first: u32,
    prefix_len: u8,
    suffix_len: u8,
    kind: Kind,
}

#[derive(Clone, Copy, PartialEq)]
enum Kind {
    Rank,
    Beyond,
    Exception,
    /// The prefix is longer than what is looked up.
    Long,
}

impl Entry {
    const LONG: Entry = Entry { first: 0, prefix_len: 0, suffix_len: 0, kind: Kind::Long };

    fn of(symbol: &super::tiers::Symbol) -> Entry {
        let (first, kind) = match symbol.payload {
            Payload::Rank(first) => (first, Kind::Rank),
            Payload::Beyond => (0, Kind::Beyond),
            Payload::Exception => (0, Kind::Exception),
        };
        Entry { first, prefix_len: symbol.prefix_len, suffix_len: symbol.suffix_len, kind }
    }
}

impl<'s> Codes<'s> {
    fn new(set: &'s WideSet) -> Codes<'s> {
        let mut symbols = vec![Entry::LONG; LEVELS << LOOKED_UP];
        for (table, code) in symbols.chunks_exact_mut(1 << LOOKED_UP).zip(set.tiers()) {
            for symbol in code.symbols() {
                let len = u32::from(symbol.prefix_len);
                if len <= LOOKED_UP {
                    let first = usize::from(symbol.prefix) << (LOOKED_UP - len);
                    table[first..][..1 << (LOOKED_UP - len)].fill(Entry::of(symbol));
                }
            }
        }
        Codes { set, symbols }
    }

    /// The next rank, or `None` for an exception.
    #[inline(always)]
    fn rank(
        &self,
        level: usize,
        reader: &mut BitReader<'_>,
        token_bits: u32,
    ) -> Result<Option<u32>, StretchError> {
        let bits = reader.peek();
        let entry = self.symbols[level << LOOKED_UP | (bits >> (64 - LOOKED_UP)) as usize];
        if entry.kind == Kind::Rank {
            // Two shifts, since a suffix of no bits would be a shift by 64.
            let suffix = (bits << entry.prefix_len) >> 1 >> (63 - entry.suffix_len);
            reader.consume(u32::from(entry.prefix_len + entry.suffix_len));
            let rank = entry.first + suffix as u32;
            return if u64::from(rank) >> token_bits == 0 {
                Ok(Some(rank))
            } else {
                Err(StretchError::Rank)
            };
        }
        self.rare(level, reader, token_bits)
    }

    /// A long prefix, a rank beyond the tiers, or an exception.
    #[cold]
    fn rare(
        &self,
        level: usize,
        reader: &mut BitReader<'_>,
        token_bits: u32,
    ) -> Result<Option<u32>, StretchError> {
        let bits = reader.peek();
        let code: &Tiers = &self.set.tiers()[level];
        let is_next = |s: &&super::tiers::Symbol| bits >> (64 - s.prefix_len) == s.prefix.into();
        let entry = code.symbols().iter().find(is_next).map(Entry::of);
        let entry = entry.expect("the code is complete");
        reader.consume(entry.prefix_len.into());
        let rank = match entry.kind {
            Kind::Exception => return Ok(None),
            Kind::Beyond => reader.take(token_bits),
            Kind::Rank | Kind::Long => {
                entry.first.wrapping_add(reader.take(entry.suffix_len.into()))
            }
        };
        if u64::from(rank) >> token_bits == 0 { Ok(Some(rank)) } else { Err(StretchError::Rank) }
    }
}

#[cfg(test)]
mod tests;
