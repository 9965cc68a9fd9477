//! Simulates a routed circuit with all delays, so that glitches are seen.
//!
//! Between two edges of the clock the circuit settles event by event. A change at an output travels
//! to each input at the end of its wire, in the time of that wire, whatever follows it (*transport*
//! delay). A cell responds to a change at an input after the delay of that path. If its inputs
//! revert before that, the output does not change: a pulse shorter than the delay is suppressed
//! (*inertial* delay). Registers, memories and clocked multipliers read their settled inputs at the
//! next edge.
//!
//! Each net has a single driver. Its current and its pending value belong to the net.
//!
//! Why there is such a simulation: glitches differ from design to design, so that no constant serves a
//! new profile, and the same run shows that the placed netlist settles to the golden model's words.

use crate::power::block_ram::Access;
use crate::power::calendar::Calendar;
use crate::power::multiplier::Operands;
use crate::power::routed::{Launch, Part, ProductBit, Routed, Sink, Wire};
use std::num::NonZeroU32;

/// A running simulation.
#[derive(Debug)]
pub struct Simulation {
    circuit: Routed,
    /// The value of each net.
    values: Vec<bool>,
    /// The number of the pending change of each net, if any.
    coming: Vec<Option<NonZeroU32>>,
    /// The current inputs of each part, one bit each.
    inputs: Vec<u32>,
    events: Calendar<Event>,
    /// Changes scheduled since the last edge.
    announced: u32,
    /// Nets that have changed since the last edge, and how often.
    changes: Vec<u32>,
    changed: Vec<usize>,
    counts: Vec<Count>,
    clocks: u64,
}

/// The activity of one net.
#[derive(Clone, Copy, Debug, Default, PartialEq, Eq)]
pub struct Count {
    /// Every change.
    pub transitions: u64,
    /// Changes from edge to edge.
    pub settled: u64,
    /// Its value when counting began.
    pub started: bool,
}

#[derive(Clone, Copy, Debug)]
enum Event {
    /// A net changes, unless this change was cancelled.
    Change { net: u32, number: NonZeroU32 },
    /// A change arrives at an input of a part.
    Arrive { part: u32, input: u32 },
}

impl Simulation {
    /// The circuit after configuration: registers at zero, everything else settled.
    pub fn new(circuit: Routed) -> Simulation {
        let nets = circuit.nets();
        let mut simulation = Simulation {
            values: vec![false; nets],
            coming: vec![None; nets],
            inputs: vec![0; circuit.parts.len()],
            events: Calendar::new(circuit.longest_delay()),
            announced: 0,
            changes: vec![0; nets],
            changed: Vec::new(),
            counts: vec![Count::default(); nets],
            clocks: 0,
            circuit,
        };
        for part in 0..simulation.circuit.parts.len() {
            simulation.answer(part, None);
        }
        simulation.settle();
        simulation.restart_counts();
        simulation
    }

    /// Sets a pin, from the next edge on.
    pub fn set(&mut self, pin: usize, value: bool) {
        self.drive(pin, value, 0);
    }

    /// The value of a net.
    pub fn value(&self, net: usize) -> bool {
        self.values[net]
    }

    /// An edge of the clock, and all changes that follow.
    pub fn clock(&mut self) {
        self.settle();
        for (net, value, delay) in self.edge() {
            self.drive(net, value, delay);
        }
        self.settle();
        self.clocks += 1;
        for net in self.changed.drain(..) {
            let changes = std::mem::take(&mut self.changes[net]);
            self.counts[net].transitions += u64::from(changes);
            // An odd number of changes leaves it changed.
            self.counts[net].settled += u64::from(changes % 2);
        }
    }

    /// Resets the counts.
    pub fn restart_counts(&mut self) {
        for (count, value) in self.counts.iter_mut().zip(&self.values) {
            *count = Count { started: *value, ..Count::default() };
        }
        for net in self.changed.drain(..) {
            self.changes[net] = 0;
        }
        self.clocks = 0;
    }

    /// The activity of a net; `None` if the circuit has no net of this name.
    pub fn count(&self, name: &str) -> Option<Count> {
        Some(self.counts[self.circuit.net(name)?])
    }

    /// Edges since counting began.
    pub fn clocks(&self) -> u64 {
        self.clocks
    }

    /// The circuit.
    pub fn circuit(&self) -> &Routed {
        &self.circuit
    }

    /// The outputs of registers, memories and multipliers after an edge, with their delays.
    fn edge(&mut self) -> Vec<(usize, bool, u32)> {
        let values = &self.values;
        let read = |wire: Wire, open: bool| wire.map_or(open, |net| values[net]);
        let bus = |wires: &[Wire]| {
            let bits = wires.iter().enumerate();
            bits.fold(0, |sum, (bit, wire)| sum | u16::from(read(*wire, false)) << bit)
        };
        let mut launched = Vec::new();
        for register in &self.circuit.flip_flops {
            if !read(register.enable, true) {
                continue;
            }
            let at = bus(&register.inputs);
            let next = match read(register.reset, false) {
                true => register.to,
                false => register.table >> at & 1 == 1,
            };
            launched.push((register.output, next, register.delay));
        }
        for memory in &mut self.circuit.memories {
            // An open enable of the clock is on, an open enable of the access off.
            let on = |[access, clock]: [Wire; 2]| read(access, false) && read(clock, true);
            let reads = memory.read.is_some_and(on);
            let writes = memory.write.is_some_and(on);
            memory.cells.clock(Access {
                read: reads.then(|| bus(&memory.read_address)),
                write: writes
                    .then(|| (bus(&memory.write_address), bus(&memory.data), bus(&memory.mask))),
            });
            let output = memory.cells.output;
            let launch = |bit: &Launch| (bit.output, output >> bit.bit & 1 == 1, bit.delay);
            launched.extend(memory.outputs.iter().map(launch));
        }
        for product in &mut self.circuit.products {
            let [a, b] = [0, 1].map(|factor: usize| bus(&product.factors[factor]));
            let enabled = read(product.enable, true);
            let hold = product.hold.map(|wire| read(wire, false));
            let [upper, lower] = [0, 1].map(|half: usize| bus(&product.addend[half]));
            let addend = u32::from(upper) << 16 | u32::from(lower);
            let output = product.multiplier.clock(Operands { a, b, addend, enabled, hold });
            let launch = |bit: &Launch| (bit.output, output >> bit.bit & 1 == 1, bit.delay);
            launched.extend(product.outputs.iter().map(launch));
        }
        launched
    }

    /// Lets everything settle.
    fn settle(&mut self) {
        while let Some(event) = self.events.next() {
            match event {
                Event::Change { net, number } => {
                    let net = net as usize;
                    if self.coming[net] != Some(number) {
                        continue;
                    }
                    self.coming[net] = None;
                    self.values[net] ^= true;
                    if self.changes[net] == 0 {
                        self.changed.push(net);
                    }
                    self.changes[net] += 1;
                    for &Sink { part, input, delay } in &self.circuit.sinks[net] {
                        self.events.put(delay, Event::Arrive { part, input });
                    }
                }
                Event::Arrive { part, input } => {
                    self.inputs[part as usize] ^= 1 << input;
                    self.answer(part as usize, Some(input as usize));
                }
            }
        }
        // Nothing is pending.
        self.announced = 0;
    }

    /// Evaluates a part after a change at one of its inputs.
    fn answer(&mut self, part: usize, input: Option<usize>) {
        let inputs = self.inputs[part];
        match &self.circuit.parts[part] {
            Part::Table { table, output, delays } => {
                let delay = input.map_or(0, |input| delays[input]);
                self.drive(*output, table >> inputs & 1 == 1, delay);
            }
            Part::Product { multiplier, outputs } => {
                let product = multiplier.product(inputs as u16, (inputs >> 16) as u16);
                let answer = |bit: &ProductBit| {
                    let delay = input.map_or(0, |input| bit.delays[input]);
                    (bit.output, product >> bit.bit & 1 == 1, delay)
                };
                for (net, value, delay) in outputs.iter().map(answer).collect::<Vec<_>>() {
                    self.drive(net, value, delay);
                }
            }
        }
    }

    /// Schedules a net's new value. If the net already has it, a pending change is cancelled; if
    /// the same change is already pending, it keeps its time.
    fn drive(&mut self, net: usize, value: bool, delay: u32) {
        if value == self.values[net] {
            self.coming[net] = None;
        } else if self.coming[net].is_none() {
            let number = NonZeroU32::MIN.saturating_add(self.announced);
            self.announced += 1;
            self.coming[net] = Some(number);
            self.events.put(delay, Event::Change { net: net as u32, number });
        }
    }
}
