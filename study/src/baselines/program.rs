//! Programs for sound, run on temporary files; only what is installed can be measured.
//!
//! Their input is a WAV file of one channel, unchanged or with every sample replaced by its 10-bit
//! code around zero. Their time is the CPU time reported by the system, including start-up.

use std::ffi::OsStr;
use std::fs;
use std::io::{ErrorKind, Read};
use std::process::{Command, Stdio};

use wait4::Wait4;

use crate::baselines::lattice::Scale;
use crate::baselines::method::{Clock, Coded, Error};
use crate::baselines::per_channel::Codec;
use crate::baselines::wav::{Wav, head_of};

/// Rate of the temporary files: the challenge's. The real one stands in the compressed file.
const RATE: u32 = 19531;

/// How a program is called.
#[derive(Clone, Copy, Debug)]
pub struct Calls {
    /// The name of the compressed file.
    pub file: &'static str,
    /// The program that compresses `in.wav` to that, and its arguments.
    pub encode: (&'static str, &'static [&'static str]),
    /// The program that gives `back.wav` from it, and its arguments.
    pub decode: (&'static str, &'static [&'static str]),
}

impl Calls {
    /// Whether both programs are there.
    ///
    /// # Errors
    /// [`Error::NotInstalled`].
    pub fn available(&self) -> Result<(), Error> {
        for (program, _) in [self.encode, self.decode] {
            run(program, &["--version".as_ref()], fs::canonicalize(".")?.as_ref())?;
        }
        Ok(())
    }
}

/// A program as a codec.
pub struct Program {
    /// How it is called.
    pub calls: Calls,
    /// Whether samples are recoded to 10 bits where all of a channel have such codes.
    pub recoded: bool,
}

impl Codec for Program {
    fn available(&self) -> Result<(), Error> {
        self.calls.available()
    }

    fn encode(&self, samples: &[i16], clock: &mut Clock) -> Result<Coded, Error> {
        let scale = if self.recoded { Scale::of(samples) } else { Scale::SixteenBits };
        if samples.is_empty() {
            // Some programs have no use for that.
            return Ok(vec![scale.byte()].into());
        }
        let folder = tempfile::tempdir()?;
        let wav = Wav {
            head: head_of(RATE, 1, samples.len() as u32).to_vec(),
            rate: RATE,
            channels: vec![samples.iter().map(|&sample| scale.number(sample)).collect()],
            tail: Vec::new(),
        };
        fs::write(folder.path().join("in.wav"), wav.join())?;
        let (program, arguments) = self.calls.encode;
        let arguments: Vec<&OsStr> = arguments.iter().map(OsStr::new).collect();
        clock.add(run(program, &arguments, folder.path())?);
        let mut bytes = vec![scale.byte()];
        bytes.extend(fs::read(folder.path().join(self.calls.file))?);
        Ok(bytes.into())
    }

    fn decode(&self, coded: &Coded, count: usize, clock: &mut Clock) -> Result<Vec<i16>, Error> {
        let (&scale, bytes) = coded.bytes.split_first().ok_or(Error::Damaged)?;
        let scale = Scale::from_byte(scale).ok_or(Error::Damaged)?;
        if count == 0 {
            return Ok(Vec::new());
        }
        let folder = tempfile::tempdir()?;
        fs::write(folder.path().join(self.calls.file), bytes)?;
        let (program, arguments) = self.calls.decode;
        let arguments: Vec<&OsStr> = arguments.iter().map(OsStr::new).collect();
        clock.add(run(program, &arguments, folder.path())?);
        let wav = Wav::split(&fs::read(folder.path().join("back.wav"))?)?;
        let samples = wav.channels.into_iter().flatten();
        samples.map(|number| scale.sample(number.into()).ok_or(Error::Damaged)).collect()
    }
}

/// Runs a program in `folder` and returns its CPU time.
pub(super) fn run(
    program: &'static str,
    arguments: &[&OsStr],
    folder: &std::path::Path,
) -> Result<std::time::Duration, Error> {
    let mut command = Command::new(program);
    command.args(arguments).current_dir(folder);
    command.stdin(Stdio::null()).stdout(Stdio::null()).stderr(Stdio::piped());
    let mut child = command.spawn().map_err(|error| match error.kind() {
        ErrorKind::NotFound => Error::NotInstalled(program),
        _ => Error::Io(error),
    })?;
    let mut said = Vec::new();
    if let Some(mut stderr) = child.stderr.take() {
        stderr.read_to_end(&mut said)?;
    }
    let end = child.wait4()?;
    if !end.status.success() {
        let said = String::from_utf8_lossy(&said);
        let why = said.trim().lines().last().unwrap_or("it failed without a word").into();
        return Err(Error::Program { program, why });
    }
    Ok(end.rusage.utime + end.rusage.stime)
}
