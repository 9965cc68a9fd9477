//! The rust-hdl simulator, stepped directly.

use hdl::{Inputs, Outputs, Profile};

use crate::axi_stream::{Beat, Watch};
use crate::driver::{self, Access, Driver};
use crate::simulator::{
    EngineError, Event, Fault, Outcome, PATIENCE, QUIET, Simulator, TracedWord,
};
use crate::stimulus::{Clock, Source, Stimulus};

/// A profile's hardware in the rust-hdl simulator.
#[derive(Clone, Debug)]
pub struct RustHdl {
    profile: Profile,
    reset_clocks: usize,
    /// Loads the profile's own table set, if tables are loaded.
    own: Vec<Access>,
}

impl RustHdl {
    /// With a reset before each run.
    pub fn new(profile: &Profile) -> RustHdl {
        RustHdl { profile: profile.clone(), reset_clocks: 2, own: driver::own(profile) }
    }

    /// Without: the hardware as it is at power-up.
    pub fn without_reset(profile: &Profile) -> RustHdl {
        RustHdl { reset_clocks: 0, ..RustHdl::new(profile) }
    }
}

impl Simulator for RustHdl {
    fn run(
        &self,
        stimulus: Stimulus<'_>,
        seen: &mut dyn FnMut(Event),
    ) -> Result<Outcome, EngineError> {
        let mut circuit = self.profile.circuit();
        for _ in 0..self.reset_clocks {
            circuit.settle(&Inputs::default());
            circuit.rise();
        }
        let mut driver = match (stimulus.accesses, &self.own) {
            (Some(accesses), _) => Driver::new(accesses, false),
            (None, own) => Driver::new(own.clone(), true),
        };
        let mut watch = Watch::default();
        let mut source = Source::new(stimulus.offers);
        let (mut movement, mut packets) = (0, 0);
        let mut outputs = Outputs::default();
        for clock in 0_u32.. {
            let still = clock - movement;
            let over = match stimulus.packets {
                Some(wanted) => packets == wanted,
                None => {
                    let rests = source.is_empty() && driver.is_done();
                    rests && !outputs.m_axis_tvalid && still > QUIET
                }
            };
            if over {
                break;
            }
            if still > PATIENCE {
                return Err(Fault::Stuck { clock: clock.into() }.into());
            }
            let at = match stimulus.repeats && !stimulus.clocks.is_empty() {
                true => clock as usize % stimulus.clocks.len(),
                false => clock as usize,
            };
            let now = *stimulus.clocks.get(at).unwrap_or(&Clock::READY);
            let offer = source.offer(clock);
            let inputs = Inputs {
                aresetn: !now.reset,
                s_axis_tdata: offer.map_or(0, |offer| offer.sample),
                s_axis_tlast: offer.is_some_and(|offer| offer.last),
                s_axis_tvalid: offer.is_some(),
                m_axis_tready: now.take,
                axi_lite: driver.ask(clock, now.reset),
            };
            outputs = circuit.settle(&inputs);
            let beat = Beat {
                data: outputs.m_axis_tdata,
                keep: outputs.m_axis_tkeep,
                last: outputs.m_axis_tlast,
            };
            watch
                .clock(outputs.m_axis_tvalid.then_some(beat), now.take, now.reset)
                .map_err(|rule| Fault::Rule { clock: clock.into(), rule })?;
            if let Some(word) = driver.hear(&outputs.axi_lite) {
                seen(Event::Answer { clock, word });
                movement = clock;
            }
            if offer.is_some() && outputs.s_axis_tready {
                seen(Event::Sample { clock });
                source.taken(clock);
                movement = clock;
            }
            if outputs.m_axis_tvalid && now.take {
                seen(Event::Word(TracedWord::new(clock, beat.data, beat.keep, beat.last)));
                packets += u64::from(beat.last);
                movement = clock;
            }
            circuit.rise();
        }
        let status = circuit.settle(&Inputs { aresetn: true, ..Inputs::default() }).status;
        Ok(Outcome { clocks: u64::from(movement) + 1, status, ..Outcome::default() })
    }
}
