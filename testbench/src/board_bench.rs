//! A board between a recorder and a host, in the rust-hdl simulator.

use crate::recorder::Recorder;
use crate::spi_host::{SpiHost, Status};
use hdl::boards::board_circuit::{BoardCircuit, BoardInputs};

/// What a host received from a board.
#[derive(Clone, Debug, Default, PartialEq, Eq)]
pub struct Fetched {
    /// The bytes of the words, in order.
    pub bytes: Vec<u8>,
    /// The last status word.
    pub status: Status,
    /// Clocks of the board.
    pub clocks: u64,
}

/// After this many idle clocks the host assumes that all words have arrived.
const QUIET_CLOCKS: u64 = 2000;
/// Clocks before the recorder starts, longer than the board's reset.
const RESET_CLOCKS: u64 = 200;

/// Runs a recording through a board with this oscillator period, until the host has all words.
pub fn run(
    circuit: &mut dyn BoardCircuit,
    clock_period: u64,
    mut recorder: Recorder<'_>,
    mut host: SpiHost,
) -> Fetched {
    let mut pins = BoardInputs { sample_cs_n: true, host_cs_n: true, ..BoardInputs::default() };
    let mut outputs = circuit.drive(&pins);
    let half_period = clock_period / 2;
    // When each acts next. The phases differ, and no two edges are one event.
    let (mut clock_due, mut recorder_due, mut host_due) = (0, RESET_CLOCKS * clock_period, 1);
    let mut clocks = 0;
    let mut last_activity = 0;
    while clocks < last_activity + QUIET_CLOCKS {
        if clock_due <= recorder_due.min(host_due) {
            pins.clock = !pins.clock;
            clocks += u64::from(pins.clock);
            clock_due += half_period;
        } else if recorder_due <= host_due {
            recorder_due += recorder.act(&mut pins);
        } else {
            host_due += host.act(&mut pins, &outputs);
        }
        outputs = circuit.drive(&pins);
        if !recorder.is_done() || outputs.host_ready || !host.is_idle() {
            last_activity = clocks;
        }
    }
    Fetched { bytes: host.bytes().to_vec(), status: host.status(), clocks }
}
