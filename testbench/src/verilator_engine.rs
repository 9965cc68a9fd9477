//! Verilator as an engine: the exported Verilog, or the netlist that yosys makes of it, compiled to
//! a program.
//!
//! The program (`verilator_harness.cpp`) reads samples from a pipe, drives the stream rules and the
//! random stalls itself, and writes the words to another pipe: nothing crosses a language boundary
//! in the inner loop. It is built once per Verilog text and kept in the tools' cache.

use std::io::{self, BufWriter, Read, Write};
use std::path::PathBuf;
use std::process::{ChildStdin, Command, Stdio};

use hdl::Profile;
use synth::{Family, ModelSource, Tools, Verilator};

use crate::netlist;
use crate::simulation::{PacketWords, Simulation, Stalls};

const HARNESS: &str = include_str!("verilator_harness.cpp");

/// Why a simulation in Verilator failed.
#[derive(Debug, thiserror::Error)]
pub enum EngineError {
    /// The simulator could not be built.
    #[error(transparent)]
    Tool(#[from] synth::ToolError),
    /// The hardware broke a rule of its streams, or stopped.
    #[error("the hardware in Verilator: {0}")]
    Fault(String),
    /// The process, or the pipes to it.
    #[error("the simulator of {profile}: {source}")]
    Io {
        /// Which profile.
        profile: String,
        /// What went wrong.
        source: io::Error,
    },
}

/// A profile's hardware, ready to run.
#[derive(Clone, Debug)]
pub struct VerilatorEngine {
    profile: String,
    program: PathBuf,
}

impl VerilatorEngine {
    /// Builds the simulator of a profile, or takes it from the cache.
    ///
    /// # Errors
    /// [`EngineError::Tool`].
    pub fn new(verilator: &Verilator, profile: &Profile) -> Result<VerilatorEngine, EngineError> {
        let verilog = hdl::verilog::export::verilog(profile);
        VerilatorEngine::of_verilog(verilator, profile, &verilog)
    }

    /// Synthesises a profile, and builds the simulator of its netlist; or takes it from the cache.
    ///
    /// # Errors
    /// [`EngineError::Tool`].
    pub fn of_netlist(
        tools: &Tools,
        profile: &Profile,
        family: Family,
    ) -> Result<VerilatorEngine, EngineError> {
        let netlist = netlist::synthesise(&tools.yosys()?, profile, family, true)?.verilog();
        let verilog = std::fs::read_to_string(&netlist)
            .map_err(|source| EngineError::Io { profile: profile.name().into(), source })?;
        VerilatorEngine::of_verilog(&tools.verilator()?, profile, &verilog)
    }

    /// Builds the simulator of any Verilog text with the ports of a profile's top module.
    ///
    /// # Errors
    /// [`EngineError::Tool`].
    pub fn of_verilog(
        verilator: &Verilator,
        profile: &Profile,
        verilog: &str,
    ) -> Result<VerilatorEngine, EngineError> {
        let program = verilator.build(&ModelSource {
            name: profile.name(),
            verilog,
            top: &hdl::verilog::export::top_name(profile),
            harness: HARNESS,
            ..ModelSource::default()
        })?;
        Ok(VerilatorEngine { profile: profile.name().into(), program })
    }

    /// Runs packets through the hardware. `progress` hears of the samples sent, every 65536.
    ///
    /// # Errors
    /// [`EngineError`].
    pub fn simulate(
        &self,
        packets: &[Vec<i16>],
        stalls: Stalls,
        progress: impl FnMut(u64) + Send,
    ) -> Result<Simulation, EngineError> {
        let samples = packets.iter().flat_map(|packet| {
            let ends = |at| at + 1 == packet.len();
            packet.iter().enumerate().map(move |(at, &sample)| (sample, ends(at)))
        });
        let mut simulation = self.stream(samples, stalls, progress)?;
        let mut complete = std::mem::take(&mut simulation.packets).into_iter();
        for packet in packets {
            // A packet without samples has no words: a stream cannot send it.
            let words =
                if packet.is_empty() { Some(PacketWords::default()) } else { complete.next() };
            let missing = || EngineError::Fault("words are missing".into());
            simulation.packets.push(words.ok_or_else(missing)?);
        }
        match complete.next() {
            None => Ok(simulation),
            Some(_) => Err(EngineError::Fault("a word that belongs to no packet".into())),
        }
    }

    /// Runs a stream of samples, each with its `s_axis_tlast`, through the hardware, and gives back
    /// the words between one `m_axis_tlast` and the next, whatever there is of them.
    ///
    /// # Errors
    /// [`EngineError`].
    pub fn stream(
        &self,
        samples: impl Iterator<Item = (i16, bool)> + Send,
        stalls: Stalls,
        progress: impl FnMut(u64) + Send,
    ) -> Result<Simulation, EngineError> {
        let io = |source| EngineError::Io { profile: self.profile.clone(), source };
        let mut process = Command::new(&self.program)
            .arg(stalls.seed.to_string())
            .args([stalls.source_idle, stalls.sink_busy].map(|percent| of_256(percent).to_string()))
            .stdin(Stdio::piped())
            .stdout(Stdio::piped())
            .stderr(Stdio::piped())
            .spawn()
            .map_err(io)?;
        let stdin = process.stdin.take().expect("it is piped");
        let mut stdout = process.stdout.take().expect("it is piped");
        let mut stderr = process.stderr.take().expect("it is piped");
        let (sent, packets) = std::thread::scope(|scope| {
            let sender = scope.spawn(|| send(samples, stdin, progress));
            let packets = read_packets(&mut stdout);
            (sender.join().expect("the sender does not panic"), packets)
        });
        let mut said = String::new();
        stderr.read_to_string(&mut said).map_err(io)?;
        let status = process.wait().map_err(io)?;
        // A simulator that stops on a fault reads no further: that fault counts, not the pipe's.
        let last = said.lines().next_back().unwrap_or("it ended without a word");
        let (cycles, microseconds) = parse_done(last).ok_or_else(|| {
            let reason = last.strip_prefix("fault ").unwrap_or(last);
            EngineError::Fault(format!("{reason} ({status})"))
        })?;
        sent.map_err(io)?;
        Ok(Simulation {
            packets: packets.map_err(io)?,
            cycles,
            cpu_seconds: microseconds as f64 / 1e6,
        })
    }
}

/// A chance in 100 as one in 256; only 100 of 100 is 256 of 256.
fn of_256(percent: u8) -> u32 {
    u32::from(percent) * 256 / 100
}

/// The two numbers of a line `done CYCLES MICROSECONDS`.
fn parse_done(line: &str) -> Option<(u64, u64)> {
    let (cycles, microseconds) = line.strip_prefix("done ")?.split_once(' ')?;
    Some((cycles.parse().ok()?, microseconds.parse().ok()?))
}

fn send(
    samples: impl Iterator<Item = (i16, bool)>,
    stdin: ChildStdin,
    mut progress: impl FnMut(u64),
) -> io::Result<()> {
    let mut pipe = BufWriter::with_capacity(1 << 16, stdin);
    for (number, (sample, last)) in samples.enumerate() {
        let word = u32::from(sample as u16) | u32::from(last) << 16;
        pipe.write_all(&word.to_le_bytes())?;
        if number % (1 << 16) == 0 {
            progress(number as u64);
        }
    }
    pipe.flush()
}

/// The words of each packet, up to the last `m_axis_tlast`, and what may follow it.
fn read_packets(pipe: &mut impl Read) -> io::Result<Vec<PacketWords>> {
    let mut packets = Vec::new();
    let mut packet = PacketWords::default();
    let mut bytes = vec![0; 1 << 16];
    let mut held = 0;
    loop {
        let read = pipe.read(&mut bytes[held..])?;
        if read == 0 {
            break;
        }
        held += read;
        let (words, rest) = bytes[..held].as_chunks::<8>();
        for word in words.iter().map(|word| u64::from_le_bytes(*word)) {
            // m_axis_tdata has the first byte of the stream in its lowest lane.
            packet.words.push((word as u32).swap_bytes());
            packet.last_word_bytes = (word >> 32 & 0xf).count_ones() as u8;
            if word >> 36 == 1 {
                packets.push(std::mem::take(&mut packet));
            }
        }
        let (start, rest) = (held - rest.len(), rest.len());
        bytes.copy_within(start..held, 0);
        held = rest;
    }
    if !packet.words.is_empty() || held > 0 {
        packets.push(packet);
    }
    Ok(packets)
}

#[cfg(test)]
mod tests {
    use super::*;

    /// Gives out a few bytes at a time, as pipes may.
    struct Few<'a>(&'a [u8]);

    impl Read for Few<'_> {
        fn read(&mut self, buffer: &mut [u8]) -> io::Result<usize> {
            let count = self.0.len().min(buffer.len()).min(3);
            buffer[..count].copy_from_slice(&self.0[..count]);
            self.0 = &self.0[count..];
            Ok(count)
        }
    }

    #[test]
    fn words_become_packets_wherever_the_pipe_cuts_them() {
        let word = |data: u32, keep: u64, last: u64| u64::from(data) | keep << 32 | last << 36;
        let sent = [word(0x0403_0201, 0xf, 0), word(5, 0x3, 1), word(6, 0xf, 1), word(7, 0xf, 0)];
        let bytes: Vec<u8> = sent.iter().flat_map(|word| word.to_le_bytes()).collect();
        let packet =
            |words: &[u32], last_word_bytes| PacketWords { words: words.to_vec(), last_word_bytes };
        let expected = [
            packet(&[0x0102_0304, 0x0500_0000], 2),
            packet(&[0x0600_0000], 4),
            packet(&[0x0700_0000], 4),
        ];
        assert_eq!(read_packets(&mut Few(&bytes)).unwrap(), expected);
        assert_eq!(read_packets(&mut Few(&bytes[..24])).unwrap(), expected[..2]);
        assert_eq!(read_packets(&mut Few(&[])).unwrap(), []);
    }

    #[test]
    fn the_last_line_of_a_simulator_is_understood() {
        assert_eq!(parse_done("done 12 3456"), Some((12, 3456)));
        assert_eq!(parse_done("fault nothing has moved"), None);
        assert_eq!(parse_done("done 12"), None);
    }
}
