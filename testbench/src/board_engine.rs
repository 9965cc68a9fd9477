//! A whole board between a recorder and a host: in the rust-hdl simulator, and its exported top in
//! Verilator, where the harness has a host of its own, the same as the [`SpiHost`].
//!
//! Nobody sees when a board takes a sample: only words are reported, and without ends of frames.

use hdl::boards::board::{Board, SamplePort};
use hdl::boards::board_circuit::BoardInputs;
use hdl::{Profile, Status};
use synth::{ModelSource, Verilator};

use crate::harness::{Harness, Input};
use crate::recorder::{Pace, Recorder};
use crate::simulator::{EngineError, Event, Outcome, QUIET, Simulator, TracedWord};
use crate::spi_host::{Habits, SpiHost, StatusWord};
use crate::stimulus::Stimulus;

/// Clocks before the recorder starts, longer than a board's reset.
const RESET_CLOCKS: u64 = 200;

/// A board, and what it is connected to.
#[derive(Clone, Debug)]
pub struct Bench {
    /// The board.
    pub board: Board,
    /// The profile on it.
    pub profile: Profile,
    /// The recorder.
    pub pace: Pace,
    /// The host.
    pub habits: Habits,
}

impl Bench {
    /// Picoseconds of a period of the board's oscillator.
    fn clock_period(&self) -> u64 {
        (1e6 / self.board.clock_mhz) as u64
    }

    fn recorder<'a>(&'a self, samples: &'a [i16]) -> Recorder<'a> {
        let converter = self.profile.table_set().converter();
        let channels = self.profile.channels();
        Recorder::new(self.board.sample_port, converter, samples, channels, self.pace)
    }
}

/// The samples of a stimulus that leaves the pace to the board.
fn samples(stimulus: Stimulus<'_>) -> Result<Vec<i16>, EngineError> {
    let mut paced = !stimulus.clocks.is_empty() || stimulus.packets.is_some();
    let samples = stimulus.offers.map(|offer| {
        paced |= offer.gap > 0 || offer.from > 0;
        offer.sample
    });
    let samples = samples.collect();
    if paced { Err(EngineError::Paced) } else { Ok(samples) }
}

/// How a run ended, from the last status word.
fn outcome(clocks: u64, cpu_seconds: f64, word: u32) -> Outcome {
    let StatusWord { lost, broken_frames, overruns, misaligned, .. } = StatusWord::read(word);
    let [broken_frames, overruns, misaligned] =
        [broken_frames, overruns, misaligned].map(u16::from);
    let status = Status { frames: 0, broken_frames, overruns, misaligned };
    Outcome { clocks, cpu_seconds, status, lost }
}

/// A board in the rust-hdl simulator.
#[derive(Clone, Debug)]
pub struct RustHdlBoard(pub Bench);

impl Simulator for RustHdlBoard {
    fn run(
        &self,
        stimulus: Stimulus<'_>,
        seen: &mut dyn FnMut(Event),
    ) -> Result<Outcome, EngineError> {
        let samples = samples(stimulus)?;
        let mut circuit = self.0.board.circuit(&self.0.profile).expect("a top for this profile");
        let (mut recorder, mut host) = (self.0.recorder(&samples), SpiHost::new(self.0.habits));
        let half_period = self.0.clock_period() / 2;
        let mut pins = BoardInputs { sample_cs_n: true, host_cs_n: true, ..BoardInputs::default() };
        let mut outputs = circuit.drive(&pins);
        // When each acts next. The phases differ, and no two edges are one event.
        let (mut clock_due, mut recorder_due, mut host_due) =
            (0, RESET_CLOCKS * 2 * half_period, 1);
        let (mut clock, mut movement) = (0, 0);
        while clock - movement <= QUIET {
            if clock_due <= recorder_due.min(host_due) {
                pins.clock = !pins.clock;
                clock += u32::from(pins.clock);
                clock_due += half_period;
            } else if recorder_due <= host_due {
                recorder_due += recorder.act(&mut pins);
            } else {
                host_due += host.act(&mut pins, &outputs);
                if let Some(word) = host.take_word() {
                    seen(Event::Word(TracedWord { clock, word, bytes: 4, last: false }));
                }
            }
            outputs = circuit.drive(&pins);
            if !recorder.is_done() || outputs.host_ready || !host.is_idle() {
                movement = clock;
            }
        }
        Ok(outcome(clock.into(), 0.0, host.status()))
    }
}

/// A board's exported top in Verilator.
#[derive(Clone, Debug)]
pub struct VerilatorBoard {
    bench: Bench,
    harness: Harness,
}

impl VerilatorBoard {
    /// Builds the simulator of a board's top around a profile, or takes it from the cache.
    ///
    /// # Errors
    /// [`EngineError::Tool`].
    ///
    /// # Panics
    /// When the board has no top for the profile.
    pub fn new(verilator: &Verilator, bench: Bench) -> Result<VerilatorBoard, EngineError> {
        let Bench { board, profile, .. } = &bench;
        let verilog = board.verilog(profile).expect("a top for this profile");
        let name = board.top_name(profile);
        let source =
            ModelSource { name: &name, verilog: &verilog, top: &name, ..ModelSource::default() };
        let parallel = u8::from(board.sample_port == SamplePort::Parallel);
        let defines = [
            "-DBOARD=1".into(),
            format!("-DPARALLEL={parallel}"),
            format!("-DLANES={}", board.lanes),
        ];
        let harness = Harness::build(verilator, &source, &defines)?;
        Ok(VerilatorBoard { bench, harness })
    }
}

impl Simulator for VerilatorBoard {
    fn run(
        &self,
        stimulus: Stimulus<'_>,
        seen: &mut dyn FnMut(Event),
    ) -> Result<Outcome, EngineError> {
        let samples = samples(stimulus)?;
        let Habits { half_period, settle, pause, pauses, breaks_off, seed, .. } = self.bench.habits;
        let clock = self.bench.clock_period() / 2;
        let (pauses, breaks_off) = (pauses.into(), breaks_off.into());
        let mut recorder = self.bench.recorder(&samples);
        let mut pins = BoardInputs { sample_cs_n: true, ..BoardInputs::default() };
        let idle = record(&pins, RESET_CLOCKS * 2 * clock);
        let steps = core::iter::from_fn(|| {
            (!recorder.is_done()).then(|| {
                let until = recorder.act(&mut pins);
                record(&pins, until)
            })
        });
        let done = self.harness.run(
            Input {
                numbers: &[seed, clock, half_period, settle, pause.0, pause.1, pauses, breaks_off],
                file: None,
                head: &[],
                records: core::iter::once(idle).chain(steps),
            },
            seen,
        )?;
        let status = done.counters.first().copied().unwrap_or_default();
        Ok(outcome(done.clocks, done.cpu_seconds, status))
    }
}

/// The recorder's pins for so many picoseconds, as the harness reads them.
fn record(pins: &BoardInputs, picoseconds: u64) -> u64 {
    let parallel = [pins.sample_strobe, pins.round_end];
    let serial = [pins.sample_cs_n, pins.sample_sclk, pins.sample_mosi];
    let bits = |pins: &[bool]| pins.iter().rev().fold(0, |bits, &pin| bits << 1 | u64::from(pin));
    // A board has either of them.
    let code = u64::from(pins.sample_code) << 16;
    bits(&parallel) << 4 | bits(&serial) | code | picoseconds << 32
}
