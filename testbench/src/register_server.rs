//! A core with loaded tables in Verilator whose registers are reached over lines of text, directly or
//! through the SPI bridge: the bus of a driver under test. `register_server.cpp` says what the lines are.

use std::io::{BufRead as _, BufReader, Error, ErrorKind, Write as _};
use std::path::PathBuf;
use std::process::{Child, ChildStdin, ChildStdout, Command, Stdio};

use hdl::Profile;
use hdl::tables::driver::RegisterBus;
use hdl::verilog::export::{top_name, verilog};
use hdl::verilog::spi_top::{spi_top, spi_top_name};
use synth::{ModelSource, ToolError, Verilator};

/// The way to the registers.
#[derive(Clone, Copy, Debug, PartialEq, Eq)]
pub enum Way {
    /// The core's own port.
    Axi,
    /// The SPI bridge before it.
    Spi,
}

/// Builds the program.
///
/// # Errors
/// [`ToolError`].
///
/// # Panics
/// If the profile's tables are fixed.
pub fn program(verilator: &Verilator, profile: &Profile, way: Way) -> Result<PathBuf, ToolError> {
    let mut text = verilog(profile);
    let mut top = top_name(profile);
    if way == Way::Spi {
        let files = spi_top(profile).expect("the tables are loaded");
        files.iter().for_each(|(_, file)| text += file);
        top = spi_top_name(profile);
    }
    verilator.build(&ModelSource {
        name: &top,
        verilog: &text,
        top: &top,
        harness: include_str!("register_server.cpp"),
        compiler_flags: &[if way == Way::Spi { "-DSPI=1" } else { "-DSPI=0" }],
        ..ModelSource::default()
    })
}

/// A running one.
pub struct RegisterServer {
    child: Child,
    lines: ChildStdin,
    answers: BufReader<ChildStdout>,
}

impl RegisterServer {
    /// Starts it: the core comes out of reset.
    ///
    /// # Errors
    /// When the program does not start.
    pub fn start(program: &PathBuf) -> Result<RegisterServer, Error> {
        let mut child =
            Command::new(program).stdin(Stdio::piped()).stdout(Stdio::piped()).spawn()?;
        let no_pipe = || Error::from(ErrorKind::BrokenPipe);
        let lines = child.stdin.take().ok_or_else(no_pipe)?;
        let answers = BufReader::new(child.stdout.take().ok_or_else(no_pipe)?);
        Ok(RegisterServer { child, lines, answers })
    }

    /// Sends a line; its answer.
    ///
    /// # Errors
    /// When the program has ended.
    pub fn ask(&mut self, line: &str) -> Result<String, Error> {
        self.lines.write_all(format!("{line}\n").as_bytes())?;
        self.lines.flush()?;
        self.answer()
    }

    fn answer(&mut self) -> Result<String, Error> {
        let mut answer = String::new();
        match self.answers.read_line(&mut answer)? {
            0 => Err(ErrorKind::UnexpectedEof.into()),
            _ => Ok(answer.trim_end().to_owned()),
        }
    }

    /// Sends rounds of samples; the frames that came, as they are sent.
    ///
    /// # Errors
    /// When the program has ended.
    pub fn frames(&mut self, samples: &[i16], channels: usize) -> Result<Vec<Vec<u32>>, Error> {
        let mut lines = format!("x {}\n", samples.len());
        for (at, sample) in samples.iter().enumerate() {
            let last = u8::from((at + 1).is_multiple_of(channels));
            lines += &format!("{:04x} {last}\n", *sample as u16);
        }
        self.lines.write_all(lines.as_bytes())?;
        self.lines.flush()?;
        let mut frames = vec![Vec::new()];
        loop {
            let answer = self.answer()?;
            let Some((word, last)) = answer.split_once(' ') else { break };
            let word = u32::from_str_radix(word, 16).map_err(|_| ErrorKind::InvalidData)?;
            frames.last_mut().expect("there is one").push(word.swap_bytes());
            if last == "1" {
                frames.push(Vec::new());
            }
        }
        frames.retain(|frame| !frame.is_empty());
        Ok(frames)
    }
}

impl Drop for RegisterServer {
    fn drop(&mut self) {
        // It may have ended by itself.
        let _ = self.child.kill();
        let _ = self.child.wait();
    }
}

impl RegisterBus for RegisterServer {
    type Error = Error;

    fn read(&mut self, address: u8) -> Result<u32, Error> {
        let answer = self.ask(&format!("r {address:02x}"))?;
        u32::from_str_radix(&answer, 16).map_err(|_| Error::other(answer))
    }

    fn write(&mut self, address: u8, word: u32) -> Result<(), Error> {
        match &*self.ask(&format!("w {address:02x} {word:08x}"))? {
            "ok" => Ok(()),
            answer => Err(Error::other(answer.to_owned())),
        }
    }
}
