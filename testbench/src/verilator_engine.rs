//! Verilator as an engine: the exported Verilog, compiled to a program.
//!
//! The program (`verilator_harness.cpp`) reads packets from a file, drives the stream rules and the
//! random stalls itself, and writes the words to another file: nothing crosses a language boundary
//! in the inner loop. It is built once per Verilog text and kept in the tools' cache.

use std::fs;
use std::io::{self, BufRead, BufReader, BufWriter, Write};
use std::path::{Path, PathBuf};
use std::process::{Command, Stdio};

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
    /// Files or the process.
    #[error("the simulator of {profile}: {source}")]
    Io {
        /// Which profile.
        profile: String,
        /// What went wrong.
        source: io::Error,
    },
}

/// A profile's exported Verilog, ready to run.
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
        let verilog = hdl::export::verilog(profile);
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
        let netlist = netlist::synthesise(&tools.yosys()?, profile, family)?.verilog();
        let verilog = fs::read_to_string(&netlist)
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
            top: &hdl::export::top_name(profile),
            harness: HARNESS,
            ..ModelSource::default()
        })?;
        Ok(VerilatorEngine { profile: profile.name().into(), program })
    }

    /// Runs packets through the hardware. `progress` hears of the samples taken, about every
    /// million.
    ///
    /// # Errors
    /// [`EngineError`].
    pub fn simulate(
        &self,
        packets: &[Vec<i16>],
        stalls: Stalls,
        mut progress: impl FnMut(u64),
    ) -> Result<Simulation, EngineError> {
        let io = |source| EngineError::Io { profile: self.profile.clone(), source };
        let folder = tempfile::tempdir().map_err(io)?;
        let [input, output] = ["packets", "words"].map(|name| folder.path().join(name));
        write_packets(&input, packets).map_err(io)?;
        let mut process = Command::new(&self.program)
            .args([&input, &output])
            .arg(stalls.seed.to_string())
            .args([stalls.source_idle, stalls.sink_busy].map(|percent| of_256(percent).to_string()))
            .stdin(Stdio::null())
            .stdout(Stdio::piped())
            .spawn()
            .map_err(io)?;
        let mut result = Err("it ended without a word".to_string());
        for line in BufReader::new(process.stdout.take().expect("it is piped")).lines() {
            let line = line.map_err(io)?;
            match line.split_once(' ') {
                Some(("progress", samples)) => progress(samples.parse().unwrap_or(0)),
                Some(("done", cycles)) => result = cycles.parse().map_err(|_| line.clone()),
                Some(("fault", reason)) => result = Err(reason.to_string()),
                _ => result = Err(format!("it says {line:?}")),
            }
        }
        let status = process.wait().map_err(io)?;
        let cycles: u64 = result.map_err(EngineError::Fault)?;
        if !status.success() {
            return Err(EngineError::Fault(format!("the simulator ended with {status}")));
        }
        let words = read_words(&fs::read(&output).map_err(io)?, packets);
        let packets = words.ok_or_else(|| EngineError::Fault("words are missing".into()))?;
        Ok(Simulation { packets, cycles })
    }
}

/// A chance in 100 as one in 256; only 100 of 100 is 256 of 256.
fn of_256(percent: u8) -> u32 {
    u32::from(percent) * 256 / 100
}

fn write_packets(path: &Path, packets: &[Vec<i16>]) -> io::Result<()> {
    let mut file = BufWriter::new(fs::File::create(path)?);
    for packet in packets.iter().filter(|packet| !packet.is_empty()) {
        file.write_all(&(packet.len() as u32).to_le_bytes())?;
        for sample in packet {
            file.write_all(&sample.to_le_bytes())?;
        }
    }
    file.flush()
}

/// The words of each packet; `None` when the file does not hold exactly them.
fn read_words(bytes: &[u8], packets: &[Vec<i16>]) -> Option<Vec<PacketWords>> {
    let (numbers, []) = bytes.as_chunks::<4>() else { return None };
    let mut numbers = numbers.iter().map(|n| u32::from_le_bytes(*n));
    let mut all = Vec::with_capacity(packets.len());
    for packet in packets {
        if packet.is_empty() {
            all.push(PacketWords::default());
            continue;
        }
        let count = numbers.next()? as usize;
        let last_word_bytes = u8::try_from(numbers.next()?).ok()?;
        // m_axis_tdata has the first byte of the stream in its lowest lane.
        let words: Vec<u32> = numbers.by_ref().take(count).map(u32::swap_bytes).collect();
        (words.len() == count).then(|| all.push(PacketWords { words, last_word_bytes }))?;
    }
    numbers.next().is_none().then_some(all)
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn words_that_are_not_exactly_those_of_the_packets_are_refused() {
        let packets = [vec![1], vec![], vec![2, 3]];
        let numbers = [1u32, 2, 0x0403_0201, 2, 4, 7, 8];
        let bytes = |n: &[u32]| n.iter().flat_map(|n| n.to_le_bytes()).collect::<Vec<_>>();
        let words = read_words(&bytes(&numbers), &packets).unwrap();
        assert_eq!(words[0], PacketWords { words: vec![0x0102_0304], last_word_bytes: 2 });
        assert_eq!(words[1], PacketWords::default());
        assert_eq!(words[2].words.len(), 2);
        assert_eq!(read_words(&bytes(&numbers[..6]), &packets), None);
        assert_eq!(read_words(&bytes(&[&numbers[..], &[9]].concat()), &packets), None);
        assert_eq!(read_words(&bytes(&numbers)[..27], &packets), None);
    }
}
