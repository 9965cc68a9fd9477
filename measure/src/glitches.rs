//! The glitches of a placed circuit, simulated with the delays of its cells and wires.

use crate::Error;
use crate::power::saif::Saif;
use crate::power::{Glitches, Netlist, Routed, Simulation};
use hdl::Profile;
use synth::{Placing, Target, Tools, Traceable};
use testbench::probe::{Probe, Run};
use testbench::simulator::TracedWord;

/// Frames of 1 ms that are simulated with all delays.
const FRAMES: usize = 16;
/// Clocks of reset before them.
const RESET: usize = 8;

/// A netlist placed alone, on few pins, in a simulation.
///
/// # Errors
/// When a tool fails.
pub fn place(
    tools: &Tools,
    name: &str,
    netlist: &Traceable,
    top: &str,
    target: &'static Target,
    mhz: f64,
) -> Result<Simulation, Error> {
    let placement = tools.nextpnr(target)?.place(&Placing {
        name,
        netlist: &tools.yosys()?.on_few_pins(netlist, top)?,
        target,
        constraints: None,
        mhz,
        seed: 1,
        delays: true,
    })?;
    let (json, sdf) = placement.routed()?;
    Ok(Simulation::new(Routed::parse(&json, &sdf)?))
}

/// The glitches of a profile that takes samples at the pace of its channels: those of the first
/// frames given. The words that leave it are compared with those of the probe on the same netlist
/// without delays, which are the golden model's, and so is every net that settles.
///
/// # Errors
/// If a tool fails, or the result differs from the simulation without delays.
pub fn of_profile(
    mut simulation: Simulation,
    netlist: &Netlist,
    profile: &Profile,
    probe: &Probe,
    samples: &[i16],
    clocks_per_frame: u64,
) -> Result<Glitches, Error> {
    let samples = samples.get(..FRAMES * probe.frame_samples()).unwrap_or(samples);
    let run = probe.run(samples, clocks_per_frame)?;
    let saif = Saif::parse(run.saif.as_deref().unwrap_or_default())?;

    let ports = Ports::of(&simulation)?;
    (0..RESET).for_each(|_| simulation.clock());
    let differs = |what: String| Error::Differs(profile.name().into(), what);
    let mut words = run.words.iter();
    for (clock, inputs) in inputs(&run, samples, profile.channels()).enumerate() {
        ports.set(&mut simulation, inputs);
        simulation.clock();
        if clock == 0 {
            simulation.restart_counts();
        } else if let Some(seen) = ports.word(&simulation, clock as u32 - 1)
            && words.next() != Some(&seen)
        {
            return Err(differs(format!("{seen:?} is another word")));
        }
    }
    if words.next().is_some() {
        return Err(differs("words are missing".into()));
    }
    // A channel's state is undefined until its first token has been written.
    Ok(Glitches::count(netlist, &saif, &simulation, profile.channels() as u64)?)
}

/// The pipeline's inputs in a clock.
#[derive(Clone, Copy, Debug, PartialEq, Eq)]
struct Inputs {
    valid: bool,
    last: bool,
    sample: i16,
}

/// The probe's inputs, clock by clock; the last one twice, to see the effect of the last edge.
fn inputs(run: &Run, samples: &[i16], round: usize) -> impl Iterator<Item = Inputs> {
    let mut next = 0;
    let mut inputs = Inputs { valid: false, last: false, sample: 0 };
    (0..=run.clocks).map(move |clock| {
        if clock == run.clocks {
            return inputs;
        }
        let way = run.samples.get(next).filter(|way| u64::from(way.arrived) <= clock);
        inputs.valid = way.is_some();
        if let Some(way) = way {
            inputs.sample = samples[next];
            inputs.last = (next + 1) % round == 0;
            next += usize::from(u64::from(way.taken) == clock);
        }
        inputs
    })
}

/// The ports of a pipeline on few pins.
struct Ports {
    reset: usize,
    ready: usize,
    valid: usize,
    last: usize,
    sample: Vec<usize>,
    word_valid: usize,
    word_last: usize,
    word: Vec<usize>,
}

impl Ports {
    fn of(simulation: &Simulation) -> Result<Ports, Error> {
        let circuit = simulation.circuit();
        let pins = |port: &str| {
            let found = circuit.pins(&format!("bench.{port}"));
            found.map(<[usize]>::to_vec).ok_or_else(|| Error::NoNet(format!("pins for {port}")))
        };
        let pin = |port: &str| Ok::<_, Error>(pins(port)?[0]);
        let held = |bit: String| {
            let name = format!("bench.{bit}");
            circuit.net(&name).ok_or_else(|| Error::NoNet(format!("net {name}")))
        };
        Ok(Ports {
            reset: pin("aresetn")?,
            ready: pin("m_axis_tready")?,
            valid: pin("s_axis_tvalid")?,
            last: pin("s_axis_tlast")?,
            sample: pins("s_axis_tdata")?,
            word_valid: held("m_axis_tvalid[0]".into())?,
            word_last: held("m_axis_tlast[0]".into())?,
            word: (0..32)
                .map(|bit| held(format!("m_axis_tdata[{bit}]")))
                .collect::<Result<_, _>>()?,
        })
    }

    /// Out of reset, the sink ready.
    fn set(&self, simulation: &mut Simulation, inputs: Inputs) {
        simulation.set(self.reset, true);
        simulation.set(self.ready, true);
        simulation.set(self.valid, inputs.valid);
        simulation.set(self.last, inputs.last);
        for (bit, pin) in self.sample.iter().enumerate() {
            simulation.set(*pin, inputs.sample >> bit & 1 == 1);
        }
    }

    /// The word that left in a clock, seen one clock later in the registers behind the outputs.
    fn word(&self, simulation: &Simulation, clock: u32) -> Option<TracedWord> {
        let bit = |(bit, net): (usize, &usize)| u32::from(simulation.value(*net)) << bit;
        simulation.value(self.word_valid).then(|| TracedWord {
            clock,
            bytes: 4,
            last: simulation.value(self.word_last),
            // m_axis_tdata has the first byte of the stream in its lowest lane.
            word: self.word.iter().enumerate().map(bit).sum::<u32>().swap_bytes(),
        })
    }
}

#[cfg(test)]
mod tests {
    use super::*;
    use testbench::probe::Taken;

    #[test]
    fn samples_are_offered_until_they_are_taken() {
        let taken = |arrived, taken| Taken { arrived, taken };
        let run = Run {
            clocks: 6,
            samples: vec![taken(1, 2), taken(2, 3), taken(5, 5)],
            words: vec![],
            saif: None,
        };
        let seen: Vec<(bool, bool, i16)> = inputs(&run, &[7, 8, 9], 2)
            .map(|inputs| (inputs.valid, inputs.last, inputs.sample))
            .collect();
        let (before, idle) = ((false, false, 0), (false, true, 8));
        let last = (true, false, 9);
        assert_eq!(
            seen,
            [before, (true, false, 7), (true, false, 7), (true, true, 8), idle, last, last]
        );
    }
}
