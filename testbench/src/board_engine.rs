//! A board's exported top in Verilator, between a recorder and a host.
//!
//! The program (`board_harness.cpp`) has its own recorder and host, the same as those of the
//! [rust-hdl bench](crate::board_bench): nothing crosses a language boundary in the inner loop.

use std::fs;
use std::io;
use std::path::PathBuf;
use std::process::{Command, Stdio};

use golden_model::Converter;
use hdl::Profile;
use hdl::boards::board::{Board, SamplePort};
use synth::{ModelSource, Verilator};

use crate::board_bench::Fetched;
use crate::recorder::Pace;
use crate::spi_host::{Habits, Status};
use crate::verilator_engine::EngineError;

const HARNESS: &str = include_str!("board_harness.cpp");

/// A board's exported top, ready to run.
#[derive(Clone, Debug)]
pub struct BoardEngine {
    name: String,
    program: PathBuf,
    board: Board,
    converter: Converter,
    channels: usize,
}

impl BoardEngine {
    /// Builds the simulator of a board's top around a profile, or takes it from the cache.
    ///
    /// # Errors
    /// [`EngineError::Tool`].
    ///
    /// # Panics
    /// When the board has no top for the profile.
    pub fn new(
        verilator: &Verilator,
        board: &Board,
        profile: &Profile,
    ) -> Result<BoardEngine, EngineError> {
        let verilog = board.verilog(profile).expect("a top for this profile");
        let name = board.top_name(profile);
        let parallel = u8::from(board.sample_port == SamplePort::Parallel);
        let flags = [format!("-DPARALLEL={parallel}"), format!("-DLANES={}", board.lanes)];
        let program = verilator.build(&ModelSource {
            name: &name,
            verilog: &verilog,
            top: &name,
            harness: HARNESS,
            compiler_flags: &flags.each_ref().map(String::as_str),
            ..ModelSource::default()
        })?;
        let converter = profile.table_set().converter().clone();
        let (board, channels) = (board.clone(), profile.channels());
        Ok(BoardEngine { name, program, board, converter, channels })
    }

    /// Runs a recording through the board with this period of its oscillator, until the host has
    /// all.
    ///
    /// # Errors
    /// [`EngineError`].
    ///
    /// # Panics
    /// When a parallel port is to carry a sample that is none of the converter's.
    pub fn run(
        &self,
        clock_period: u64,
        samples: &[i16],
        pace: Pace,
        habits: Habits,
    ) -> Result<Fetched, EngineError> {
        let io = |source| EngineError::Io { profile: self.name.clone(), source };
        let folder = tempfile::tempdir().map_err(io)?;
        let [input, output] = ["samples", "words"].map(|name| folder.path().join(name));
        let on_the_pins = |&sample: &i16| match self.board.sample_port {
            SamplePort::Serial => sample.to_le_bytes(),
            SamplePort::Parallel => {
                let code = self.converter.token(sample).expect("a sample of the converter");
                code.number().to_le_bytes()
            }
        };
        let bytes: Vec<u8> = samples.iter().flat_map(on_the_pins).collect();
        fs::write(&input, bytes).map_err(io)?;
        let Pace { half_period, between_rounds, jitter, seed } = pace;
        let recorder = [half_period, between_rounds, jitter];
        let (shortest, longest) = habits.pause;
        let host = [habits.half_period, habits.settle, shortest, longest];
        let often = [habits.pauses, habits.breaks_off];
        let run = Command::new(&self.program)
            .args([&input, &output])
            .args([seed, self.channels as u64, clock_period / 2].map(|n| n.to_string()))
            .args(recorder.map(|n| n.to_string()))
            .args(host.map(|n| n.to_string()))
            .args(often.map(|n| n.to_string()))
            .stdin(Stdio::null())
            .output()
            .map_err(io)?;
        let told = String::from_utf8_lossy(&run.stdout);
        let last = told.lines().last().unwrap_or("it ended without a word");
        let done = last.strip_prefix("done ").and_then(|numbers| numbers.split_once(' '));
        let Some((Ok(clocks), Ok(status))) = done.map(|(c, s)| (c.parse(), s.parse())) else {
            return Err(EngineError::Fault(last.to_string()));
        };
        if !run.status.success() {
            let why = io::Error::other(format!("it ended with {}", run.status));
            return Err(io(why));
        }
        let bytes = fs::read(&output).map_err(io)?;
        Ok(Fetched { bytes, status: Status::read(status), clocks })
    }
}
