//! The rust-hdl simulator as an engine, stepped directly.

use crate::axi_stream::{Beat, Watch};
use crate::seed::generator;
use crate::simulation::{Fault, PacketWords, Simulation, Stalls};
use core::cell::Cell;
use hdl::{Circuit, Inputs, Outputs, Profile};
use rand::RngExt as _;
use rand::rngs::StdRng;

/// Clocks of reset before the first sample.
const RESET_CLOCKS: usize = 2;
/// Clocks without any movement after which the hardware counts as stuck; stalls are at most 99 %.
const PATIENCE: u64 = 10_000;
/// Clocks without any movement after which no word will come any more; the same.
const QUIET: u64 = 2_000;

/// Runs packets through a profile's hardware. `progress` hears of the samples taken, every 4096.
///
/// # Errors
/// [`Fault`]: a broken stream rule, or no end.
pub fn simulate(
    profile: &Profile,
    packets: &[Vec<i16>],
    stalls: Stalls,
    mut progress: impl FnMut(u64),
) -> Result<Simulation, Fault> {
    let mut bench = Bench::new(profile.circuit(), stalls);
    bench.reset(RESET_CLOCKS)?;
    bench.run(packets, &mut progress)?;
    Ok(bench.into_simulation(packets))
}

/// Runs a stream of samples, each with its `s_axis_tlast`, and gives back the words between one
/// `m_axis_tlast` and the next, whatever there is of them.
///
/// # Errors
/// [`Fault`]: a broken stream rule, or no end.
pub fn stream(
    profile: &Profile,
    samples: impl Iterator<Item = (i16, bool)>,
    stalls: Stalls,
    mut progress: impl FnMut(u64),
) -> Result<Simulation, Fault> {
    let mut bench = Bench::new(profile.circuit(), stalls);
    bench.reset(RESET_CLOCKS)?;
    let last_movement = bench.pass(samples, &mut progress)?;
    let mut packets = bench.complete;
    if !bench.partial.words.is_empty() {
        packets.push(bench.partial);
    }
    Ok(Simulation { packets, cycles: last_movement, cpu_seconds: 0.0 })
}

/// A circuit between a source and a sink, clock by clock.
pub struct Bench {
    circuit: Box<dyn Circuit>,
    stalls: Stalls,
    random: StdRng,
    watch: Watch,
    cycle: u64,
    /// The sample on the wires, offered until it is taken.
    offered: Option<(i16, bool)>,
    /// Packets that came out whole.
    complete: Vec<PacketWords>,
    /// The packet that is coming out.
    partial: PacketWords,
}

impl Bench {
    /// A bench around a circuit fresh from power-up.
    pub fn new(circuit: Box<dyn Circuit>, stalls: Stalls) -> Bench {
        let random = generator(stalls.seed);
        Bench {
            circuit,
            stalls,
            random,
            watch: Watch::default(),
            cycle: 0,
            offered: None,
            complete: Vec::new(),
            partial: PacketWords::default(),
        }
    }

    /// Holds reset for some clocks. Whatever was under way is lost.
    ///
    /// # Errors
    /// A broken stream rule.
    pub fn reset(&mut self, clocks: usize) -> Result<(), Fault> {
        for _ in 0..clocks {
            let inputs = Inputs { aresetn: false, ..Inputs::default() };
            self.clock(&inputs)?;
        }
        self.offered = None;
        self.complete.clear();
        self.partial = PacketWords::default();
        Ok(())
    }

    /// Sends packets and waits for all of their words.
    ///
    /// # Errors
    /// [`Fault`].
    pub fn run(
        &mut self,
        packets: &[Vec<i16>],
        progress: &mut impl FnMut(u64),
    ) -> Result<(), Fault> {
        let packets = || packets.iter().filter(|packet| !packet.is_empty());
        let mut samples = packets().flat_map(|packet| {
            let last = packet.len() - 1;
            packet.iter().enumerate().map(move |(at, &sample)| (sample, at == last))
        });
        let goal = self.complete.len() + packets().count();
        let mut last_movement = self.cycle;
        let mut taken = 0;
        while self.complete.len() < goal {
            let moved = self.step(&mut samples)?;
            if moved.sample {
                taken += 1;
                if taken % 4096 == 0 {
                    progress(taken);
                }
            }
            if moved.sample || moved.word {
                last_movement = self.cycle;
            } else if self.cycle - last_movement > PATIENCE {
                let packets = self.complete.len();
                return Err(Fault::Stuck { cycle: self.cycle, taken, packets });
            }
        }
        progress(taken);
        // Nothing may follow.
        for _ in 0..4 {
            if self.step(&mut core::iter::empty())?.word {
                return Err(Fault::Excess { cycle: self.cycle });
            }
        }
        self.cycle -= 4;
        Ok(())
    }

    /// Sends samples and takes words until none has come for long; gives back the clock of the last
    /// movement.
    fn pass(
        &mut self,
        mut samples: impl Iterator<Item = (i16, bool)>,
        progress: &mut impl FnMut(u64),
    ) -> Result<u64, Fault> {
        let ended = Cell::new(false);
        let mut samples = core::iter::from_fn(|| {
            let next = samples.next();
            ended.set(next.is_none());
            next
        });
        let (mut last_movement, mut taken) = (self.cycle, 0);
        loop {
            let moved = self.step(&mut samples)?;
            if moved.sample {
                taken += 1;
                if taken % 4096 == 0 {
                    progress(taken);
                }
            }
            let still = self.cycle - last_movement;
            if moved.sample || moved.word {
                last_movement = self.cycle;
            } else if ended.get() && still > QUIET {
                return Ok(last_movement);
            } else if still > PATIENCE {
                let packets = self.complete.len();
                return Err(Fault::Stuck { cycle: self.cycle, taken, packets });
            }
        }
    }

    /// One clock: offers the next sample, perhaps, and takes a word, perhaps.
    ///
    /// # Errors
    /// A broken stream rule.
    pub fn step(
        &mut self,
        samples: &mut impl Iterator<Item = (i16, bool)>,
    ) -> Result<Moved, Fault> {
        if self.offered.is_none() && !self.chance(self.stalls.source_idle) {
            self.offered = samples.next();
        }
        let (sample, last) = self.offered.unwrap_or_default();
        let inputs = Inputs {
            aresetn: true,
            s_axis_tdata: sample,
            s_axis_tlast: last,
            s_axis_tvalid: self.offered.is_some(),
            m_axis_tready: !self.chance(self.stalls.sink_busy),
        };
        let outputs = self.clock(&inputs)?;
        let moved = Moved {
            sample: self.offered.is_some() && outputs.s_axis_tready,
            word: outputs.m_axis_tvalid && inputs.m_axis_tready,
        };
        if moved.sample {
            self.offered = None;
        }
        if moved.word {
            self.partial.words.push(outputs.m_axis_tdata.swap_bytes());
            if outputs.m_axis_tlast {
                self.partial.last_word_bytes = outputs.m_axis_tkeep.count_ones() as u8;
                self.complete.push(core::mem::take(&mut self.partial));
            }
        }
        Ok(moved)
    }

    /// Packets that came out whole since the last reset, without the empty ones.
    pub fn complete(&self) -> &[PacketWords] {
        &self.complete
    }

    /// Clocks so far.
    pub fn cycles(&self) -> u64 {
        self.cycle
    }

    fn into_simulation(self, packets: &[Vec<i16>]) -> Simulation {
        let mut complete = self.complete.into_iter();
        let words = packets.iter().map(|packet| {
            if packet.is_empty() {
                PacketWords::default()
            } else {
                complete.next().expect("run() waited for every packet")
            }
        });
        Simulation { packets: words.collect(), cycles: self.cycle, cpu_seconds: 0.0 }
    }

    fn clock(&mut self, inputs: &Inputs) -> Result<Outputs, Fault> {
        let outputs = self.circuit.settle(inputs);
        let offer = outputs.m_axis_tvalid.then_some(Beat {
            data: outputs.m_axis_tdata,
            keep: outputs.m_axis_tkeep,
            last: outputs.m_axis_tlast,
        });
        self.watch
            .clock(offer, inputs.m_axis_tready, !inputs.aresetn)
            .map_err(|rule| Fault::Rule { cycle: self.cycle, rule })?;
        self.circuit.rise();
        self.cycle += 1;
        Ok(outputs)
    }

    fn chance(&mut self, percent: u8) -> bool {
        percent > 0 && self.random.random_range(0..100) < percent
    }
}

/// What moved at a clock.
#[derive(Clone, Copy, Debug, PartialEq, Eq)]
pub struct Moved {
    /// A sample went in.
    pub sample: bool,
    /// A word came out.
    pub word: bool,
}
