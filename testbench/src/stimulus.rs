//! What both ends of a pipeline do in a simulation: when the source offers each sample, when the sink
//! takes a word, when there is a reset.

use hdl::Profile;
use rand::RngExt as _;
use rand::rngs::StdRng;

use crate::driver::Access;
use crate::seed::generator;

/// Random stalls on both sides.
#[derive(Clone, Copy, Debug, PartialEq, Eq)]
pub struct Stalls {
    /// Of 100 clocks, those at which the source offers nothing new; at most 99.
    pub source_idle: u8,
    /// Of 100 clocks, those at which the sink takes nothing; at most 99.
    pub sink_busy: u8,
    /// Which clocks; see [`seed`](crate::seed).
    pub seed: u64,
}

impl Stalls {
    /// A source that always has a sample and a sink that always takes the word.
    pub const NONE: Stalls = Stalls { source_idle: 0, sink_busy: 0, seed: 0 };
}

/// A sample, and when the source offers it. Then it stays until it is taken.
#[derive(Clone, Copy, Debug, Default, PartialEq, Eq)]
pub struct Offer {
    /// `s_axis_tdata`.
    pub sample: i16,
    /// `s_axis_tlast`.
    pub last: bool,
    /// So many clocks without an offer come before it, at most [`Offer::LONGEST_GAP`].
    pub gap: u16,
    /// Not before this clock since reset.
    pub from: u32,
}

impl Offer {
    /// The harness has 15 bits for a gap.
    pub const LONGEST_GAP: u16 = 0x7fff;
}

/// What the sink does in a clock.
#[derive(Clone, Copy, Debug, PartialEq, Eq)]
pub struct Clock {
    /// It takes a word.
    pub take: bool,
    /// Reset is active. A sample that is offered stays so.
    pub reset: bool,
}

impl Clock {
    /// What it does when nothing is said.
    pub const READY: Clock = Clock { take: true, reset: false };
}

/// What a simulator is to do.
pub struct Stimulus<'a> {
    /// The samples.
    pub offers: Box<dyn Iterator<Item = Offer> + Send + 'a>,
    /// What the sink does, clock by clock from reset.
    pub clocks: Vec<Clock>,
    /// After the last one of `clocks`: the same again. Otherwise the sink takes every word.
    pub repeats: bool,
    /// The run ends when so many packets have come; without, when nothing comes any more.
    pub packets: Option<u64>,
    /// Of what has no value at power-up.
    pub seed: u64,
    /// What a driver asks of the registers. Without, the profile's own table set is loaded, after each reset
    /// again.
    pub accesses: Option<Vec<Access>>,
}

impl<'a> Stimulus<'a> {
    /// Samples, each with its `s_axis_tlast`, offered as fast as they are taken.
    pub fn samples(samples: impl Iterator<Item = (i16, bool)> + Send + 'a) -> Stimulus<'a> {
        Stimulus::offers(samples.map(|(sample, last)| Offer { sample, last, ..Offer::default() }))
    }

    /// Offers, to a sink that takes every word.
    pub fn offers(offers: impl Iterator<Item = Offer> + Send + 'a) -> Stimulus<'a> {
        let offers = Box::new(offers);
        let clocks = Vec::new();
        Stimulus { offers, clocks, repeats: false, packets: None, seed: 0, accesses: None }
    }

    /// Packets, with stalls.
    pub fn packets(packets: &'a [Vec<i16>], stalls: Stalls) -> Stimulus<'a> {
        let samples = packets.iter().flat_map(|packet| {
            let ends = |at| at + 1 == packet.len();
            packet.iter().enumerate().map(move |(at, &sample)| (sample, ends(at)))
        });
        Stimulus::samples(samples).stalled(stalls)
    }

    /// The same with stalls on both sides.
    #[must_use]
    pub fn stalled(self, stalls: Stalls) -> Stimulus<'a> {
        /// The sink's stalls repeat after a prime number of clocks: in step with nothing.
        const PERIOD: usize = 65_521;
        let mut random = generator(stalls.seed);
        let mut clocks = Vec::new();
        if stalls.sink_busy > 0 {
            let clock = |_| {
                let take = random.random_range(0..100) >= stalls.sink_busy;
                Clock { take, reset: false }
            };
            clocks = (0..PERIOD).map(clock).collect();
        }
        let offers = self.offers.map(move |offer| {
            let mut gap = offer.gap;
            while gap < Offer::LONGEST_GAP
                && stalls.source_idle > 0
                && random.random_range(0..100) < stalls.source_idle
            {
                gap += 1;
            }
            Offer { gap, ..offer }
        });
        Stimulus { offers: Box::new(offers), clocks, repeats: true, seed: stalls.seed, ..self }
    }

    /// The same; `progress` hears of the samples sent, every 65536, and of all in the end.
    #[must_use]
    pub fn watched(self, mut progress: impl FnMut(u64) + Send + 'a) -> Stimulus<'a> {
        const EVERY: u64 = 1 << 16;
        let (mut offers, mut sent) = (self.offers, 0);
        let offers = core::iter::from_fn(move || {
            let next = offers.next();
            if next.is_none() || sent % EVERY == 0 {
                progress(sent);
            }
            sent += u64::from(next.is_some());
            next
        });
        Stimulus { offers: Box::new(offers.fuse()), ..self }
    }
}

/// The offers of a stimulus as they stand on the wires.
pub(crate) struct Source<'a> {
    offers: Box<dyn Iterator<Item = Offer> + Send + 'a>,
    next: Option<Offer>,
    from: u32,
}

impl<'a> Source<'a> {
    pub(crate) fn new(offers: Box<dyn Iterator<Item = Offer> + Send + 'a>) -> Source<'a> {
        let mut source = Source { offers, next: None, from: 0 };
        source.fetch(0);
        source
    }

    /// What it offers in a clock.
    pub(crate) fn offer(&self, clock: u32) -> Option<Offer> {
        self.next.filter(|_| clock >= self.from)
    }

    /// Its sample was taken in this clock.
    pub(crate) fn taken(&mut self, clock: u32) {
        self.fetch(clock + 1);
    }

    /// Whether everything was taken.
    pub(crate) fn is_empty(&self) -> bool {
        self.next.is_none()
    }

    fn fetch(&mut self, clock: u32) {
        self.next = self.offers.next();
        self.from = self.next.map_or(0, |next| next.from.max(clock + u32::from(next.gap)));
    }
}

/// How a sink behaves.
#[derive(Clone, Copy, Debug, PartialEq, Eq)]
pub enum Sink {
    /// It always takes the word.
    Ready,
    /// It takes nothing in this percentage of clocks, at random.
    Random(u32),
    /// It takes words for a number of clocks, then nothing for a number of clocks, and so on.
    Periodic(usize, usize),
    /// It alternates between taking words and taking nothing, each for a random number of clocks.
    Long(usize, usize),
    /// It takes nothing between two percentages of the shortest possible run.
    Dead(usize, usize),
}

/// A stimulus that can be looked at, cut, and run more than once.
#[derive(Clone, Debug, Default)]
pub struct Script {
    /// The samples.
    pub offers: Vec<Offer>,
    /// What the sink does; after that it takes every word.
    pub clocks: Vec<Clock>,
}

impl Script {
    /// Clocks for samples in these rounds, whatever their lengths: the source offers nothing at
    /// `idle` of 100 clocks, the sink behaves as it is said, and in the end takes all.
    pub fn new(
        profile: &Profile,
        rounds: &[Vec<i16>],
        idle: u8,
        sink: Sink,
        random: &mut StdRng,
    ) -> Script {
        let samples = rounds
            .iter()
            .flat_map(|round| round.iter().enumerate().map(|(at, &s)| (s, at + 1 == round.len())));
        let stalls = Stalls { source_idle: idle, sink_busy: 0, seed: random.random() };
        let offers: Vec<Offer> = Stimulus::samples(samples).stalled(stalls).offers.collect();
        // The interlock accepts one sample of each channel per loop of at most six clocks; after a
        // frame the input waits for at most 11.
        let waits = 6_usize.div_ceil(profile.channels()) * 100 / (100 - usize::from(idle)) + 1;
        let frames = rounds.len() / profile.layout().map_or(1, |layout| layout.frame_rounds());
        let count = offers.len() * waits + frames * 12;
        let clocks = sink
            .clocks(count, offers.len(), random)
            .into_iter()
            .map(|take| Clock { take, reset: false })
            .collect();
        Script { offers, clocks }
    }

    /// As a stimulus.
    pub fn stimulus(&self) -> Stimulus<'_> {
        let clocks = self.clocks.clone();
        Stimulus { clocks, ..Stimulus::offers(self.offers.iter().copied()) }
    }

    /// Reset in a clock, instead of what this script says from then on, and another script after it.
    /// `taken` samples of this one have been taken by then.
    pub fn cut_by_reset(&mut self, clock: u32, taken: usize, then: &Script) {
        self.offers.truncate(taken);
        let from = clock + 1;
        self.offers.extend(then.offers.iter().map(|&offer| Offer { from, ..offer }));
        self.clocks.resize(clock as usize, Clock::READY);
        self.clocks.push(Clock { take: true, reset: true });
        self.clocks.extend(&then.clocks);
    }
}

impl Sink {
    /// Whether it takes a word, clock by clock.
    fn clocks(self, count: usize, samples: usize, random: &mut StdRng) -> Vec<bool> {
        match self {
            Sink::Ready => Vec::new(),
            Sink::Random(busy) => (0..count).map(|_| !random.random_ratio(busy, 100)).collect(),
            Sink::Periodic(ready, busy) => {
                (0..count).map(|at| at % (ready + busy) < ready).collect()
            }
            Sink::Long(ready, busy) => {
                let mut clocks = Vec::with_capacity(count + ready + busy);
                while clocks.len() < count {
                    let spell = |most: usize, random: &mut StdRng| random.random_range(1..=most);
                    clocks.resize(clocks.len() + spell(ready, random), true);
                    clocks.resize(clocks.len() + spell(busy, random), false);
                }
                clocks.truncate(count);
                clocks
            }
            Sink::Dead(from, to) => {
                (0..count).map(|at| !(from..to).contains(&(at * 100 / samples))).collect()
            }
        }
    }
}
