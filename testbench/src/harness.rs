//! Runs a program that was built around `harness.cpp`: its arguments, what goes through its pipes, and
//! its last line. Nothing crosses a language boundary in the inner loop.

use std::io::{self, BufWriter, Read, Write};
use std::path::{Path, PathBuf};
use std::process::{ChildStdin, Command, Stdio};

use synth::{ModelSource, Verilator};

use crate::axi_stream::BrokenRule;
use crate::simulator::{EngineError, Event, Fault, PATIENCE, QUIET, TracedWord};

/// A program around the harness.
#[derive(Clone, Debug)]
pub(crate) struct Harness {
    name: String,
    program: PathBuf,
}

/// What the harness is given.
pub(crate) struct Input<'a, I> {
    /// The numbers on its command line.
    pub numbers: &'a [u64],
    /// A file on its command line.
    pub file: Option<&'a Path>,
    /// Bytes on standard input, before the records.
    pub head: &'a [u8],
    /// What follows.
    pub records: I,
}

/// The numbers of the last line.
pub(crate) struct Done {
    pub clocks: u64,
    pub cpu_seconds: f64,
    pub counters: Vec<u32>,
}

impl Harness {
    /// Builds the program, or takes it from the cache.
    pub(crate) fn build(
        verilator: &Verilator,
        source: &ModelSource<'_>,
        defines: &[String],
    ) -> Result<Harness, EngineError> {
        let limits = [format!("-DPATIENCE={PATIENCE}"), format!("-DQUIET={QUIET}")];
        let flags: Vec<&str> = limits.iter().chain(defines).map(String::as_str).collect();
        let program = verilator.build(&ModelSource {
            harness: include_str!("harness.cpp"),
            compiler_flags: &flags,
            ..*source
        })?;
        Ok(Harness { name: source.name.into(), program })
    }

    /// Runs it.
    pub(crate) fn run(
        &self,
        input: Input<'_, impl Iterator<Item = u64> + Send>,
        seen: &mut dyn FnMut(Event),
    ) -> Result<Done, EngineError> {
        let io = |source| EngineError::Io { profile: self.name.clone(), source };
        let mut process = Command::new(&self.program)
            .args(input.numbers.iter().map(u64::to_string))
            .args(input.file)
            .stdin(Stdio::piped())
            .stdout(Stdio::piped())
            .stderr(Stdio::piped())
            .spawn()
            .map_err(io)?;
        let stdin = process.stdin.take().expect("it is piped");
        let mut stdout = process.stdout.take().expect("it is piped");
        let mut stderr = process.stderr.take().expect("it is piped");
        let (sent, read) = std::thread::scope(|scope| {
            let sender = scope.spawn(|| send(input.head, input.records, stdin));
            let read = read_events(&mut stdout, seen);
            (sender.join().expect("the sender does not panic"), read)
        });
        let mut said = String::new();
        stderr.read_to_string(&mut said).map_err(io)?;
        let status = process.wait().map_err(io)?;
        // A simulator that stops on a fault reads no further: that fault counts, not the pipe's.
        let last = said.lines().next_back().unwrap_or_default();
        if let Some(fault) = read_fault(last) {
            return Err(fault.into());
        }
        let (Some(done), true) = (read_done(last), status.success()) else {
            return Err(EngineError::Ended {
                profile: self.name.clone(),
                status,
                said: last.into(),
            });
        };
        sent.map_err(io)?;
        read.map_err(io)?;
        Ok(done)
    }

    /// Its name, and what went wrong with a file of its.
    pub(crate) fn error(&self, source: io::Error) -> EngineError {
        EngineError::Io { profile: self.name.clone(), source }
    }
}

fn send(head: &[u8], records: impl Iterator<Item = u64>, stdin: ChildStdin) -> io::Result<()> {
    let mut pipe = BufWriter::with_capacity(1 << 16, stdin);
    pipe.write_all(head)?;
    for record in records {
        pipe.write_all(&record.to_le_bytes())?;
    }
    pipe.flush()
}

/// Reads events to the end of a pipe.
fn read_events(pipe: &mut impl Read, seen: &mut dyn FnMut(Event)) -> io::Result<()> {
    let mut bytes = vec![0; 3 << 15];
    let mut held = 0;
    loop {
        let read = pipe.read(&mut bytes[held..])?;
        if read == 0 {
            break;
        }
        held += read;
        let (events, rest) = bytes[..held].as_chunks::<12>();
        for event in events {
            let [kind, clock, value] = [0, 4, 8]
                .map(|at| u32::from_le_bytes(*event[at..].first_chunk().expect("4 bytes")));
            seen(match kind {
                0 => Event::Sample { clock },
                0x20 => Event::Answer { clock, word: Some(value) },
                0x21 => Event::Answer { clock, word: None },
                _ => Event::Word(TracedWord::new(clock, value, kind as u8 & 0xf, kind >> 4 == 1)),
            });
        }
        let (start, rest) = (held - rest.len(), rest.len());
        bytes.copy_within(start..held, 0);
        held = rest;
    }
    if held > 0 { Err(io::ErrorKind::UnexpectedEof.into()) } else { Ok(()) }
}

/// A line `done CLOCKS MICROSECONDS COUNTERS...`.
fn read_done(line: &str) -> Option<Done> {
    let numbers = line.strip_prefix("done ")?.split(' ').map(|number| number.parse::<u64>().ok());
    let numbers = numbers.collect::<Option<Vec<u64>>>()?;
    let [clocks, microseconds, counters @ ..] = &numbers[..] else { return None };
    let counters = counters.iter().map(|&counter| u32::try_from(counter).ok());
    Some(Done {
        clocks: *clocks,
        cpu_seconds: *microseconds as f64 / 1e6,
        counters: counters.collect::<Option<_>>()?,
    })
}

/// A line `fault CLOCK RULE`.
fn read_fault(line: &str) -> Option<Fault> {
    let (clock, rule) = line.strip_prefix("fault ")?.split_once(' ')?;
    let clock = clock.parse().ok()?;
    let rule = match rule.split_once(' ').unwrap_or((rule, "")) {
        ("withdrawn", _) => BrokenRule::Withdrawn,
        ("changed", _) => BrokenRule::Changed,
        ("offered-in-reset", _) => BrokenRule::OfferedInReset,
        ("keep", lanes) => BrokenRule::Keep(lanes.parse().ok()?),
        ("stuck", _) => return Some(Fault::Stuck { clock }),
        _ => return None,
    };
    Some(Fault::Rule { clock, rule })
}

#[cfg(test)]
mod tests {
    use super::*;

    /// Gives out a few bytes at a time, as pipes may.
    struct Few<'a>(&'a [u8]);

    impl Read for Few<'_> {
        fn read(&mut self, buffer: &mut [u8]) -> io::Result<usize> {
            let count = self.0.len().min(buffer.len()).min(5);
            buffer[..count].copy_from_slice(&self.0[..count]);
            self.0 = &self.0[count..];
            Ok(count)
        }
    }

    #[test]
    fn events_are_read_wherever_the_pipe_cuts_them() {
        let bytes: Vec<u8> = [0_u32, 3, 0, 0xf, 4, 0x0403_0201, 0x13, 5, 5]
            .iter()
            .flat_map(|number| number.to_le_bytes())
            .collect();
        let word = |clock, word, bytes, last| Event::Word(TracedWord { clock, word, bytes, last });
        let expected = [
            Event::Sample { clock: 3 },
            word(4, 0x0102_0304, 4, false),
            word(5, 0x0500_0000, 2, true),
        ];
        let mut seen = Vec::new();
        read_events(&mut Few(&bytes), &mut |event| seen.push(event)).unwrap();
        assert_eq!(seen, expected);
        let cut = read_events(&mut Few(&bytes[..20]), &mut |_| {}).unwrap_err();
        assert_eq!(cut.kind(), io::ErrorKind::UnexpectedEof);
    }

    #[test]
    fn the_last_line_of_a_simulator_is_understood() {
        let done = read_done("done 12 3456000 7 8").unwrap();
        assert_eq!((done.clocks, done.cpu_seconds, done.counters), (12, 3.456, vec![7, 8]));
        assert!(read_done("done 12").is_none() && read_done("fault 12 stuck").is_none());
        let rule = |line| read_fault(line);
        assert_eq!(rule("fault 12 stuck"), Some(Fault::Stuck { clock: 12 }));
        let keep = Fault::Rule { clock: 3, rule: BrokenRule::Keep(5) };
        assert_eq!(rule("fault 3 keep 5"), Some(keep));
        assert_eq!(rule("fault 3 other"), None);
    }
}
