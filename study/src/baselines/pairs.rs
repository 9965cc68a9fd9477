//! Programs for sound on pairs of channels, which they code together, in samples of any width.
//!
//! A compressed file is rate, channels, bytes of a sample and rounds in 12 bytes, then for each pair its
//! length in 4 bytes and what the program wrote.

use std::ffi::OsStr;
use std::fs;

use crate::baselines::method::{Clock, Coded, Error, Facts, Method};
use crate::baselines::program::{Calls, run};
use crate::baselines::wav::{Form, file_of, take, take_many};

/// Channels that a program is given together.
const TOGETHER: usize = 2;

/// A program as a method.
pub struct Pairs {
    /// Its description.
    pub facts: Facts,
    /// How it is called.
    pub calls: Calls,
}

impl Method for Pairs {
    fn facts(&self) -> &Facts {
        &self.facts
    }

    fn available(&self) -> Result<(), Error> {
        self.calls.available()
    }

    fn encode(&self, wav: &[u8], clock: &mut Clock) -> Result<Coded, Error> {
        let Form { rate, channels, width, head } = Form::of(wav)?;
        let samples = &wav[head..];
        if file_of(rate, channels, width, samples).as_deref() != Some(wav) {
            return Err(Error::Wav("more than its samples"));
        }
        let (width, align) = (usize::from(width), usize::from(width * channels));
        let rounds = samples.len() / align;
        let mut bytes = rate.to_le_bytes().to_vec();
        bytes.extend([channels, width as u16].map(u16::to_le_bytes).as_flattened());
        bytes.extend((rounds as u32).to_le_bytes());
        let (arguments, folder) = (arguments(self.calls.encode.1), tempfile::tempdir()?);
        for first in (0..align).step_by(TOGETHER * width) {
            let field = first..align.min(first + TOGETHER * width);
            let channels = (field.len() / width) as u16;
            let pair: Vec<u8> = samples
                .chunks_exact(align)
                .flat_map(|round| &round[field.clone()])
                .copied()
                .collect();
            let file = file_of(rate, channels, width as u16, &pair).ok_or(Error::Damaged)?;
            fs::write(folder.path().join("in.wav"), file)?;
            clock.add(run(self.calls.encode.0, &arguments, folder.path())?);
            let written = folder.path().join(self.calls.file);
            let coded = fs::read(&written)?;
            fs::remove_file(written)?;
            bytes.extend((coded.len() as u32).to_le_bytes());
            bytes.extend(coded);
        }
        Ok(bytes.into())
    }

    fn decode(&self, coded: &Coded, clock: &mut Clock) -> Result<Vec<u8>, Error> {
        let mut bytes = &coded.bytes[..];
        let bytes = &mut bytes;
        let rate = u32::from_le_bytes(*take(bytes).ok_or(Error::Damaged)?);
        let channels = u16::from_le_bytes(*take(bytes).ok_or(Error::Damaged)?);
        let width = u16::from_le_bytes(*take(bytes).ok_or(Error::Damaged)?);
        let rounds = u32::from_le_bytes(*take(bytes).ok_or(Error::Damaged)?) as usize;
        let align = usize::from(channels.checked_mul(width).ok_or(Error::Damaged)?);
        let all = rounds.checked_mul(align).filter(|&all| u32::try_from(all).is_ok());
        let mut samples = vec![0; all.ok_or(Error::Damaged)?];
        let (arguments, folder) = (arguments(self.calls.decode.1), tempfile::tempdir()?);
        for first in (0..align).step_by(TOGETHER * usize::from(width)) {
            let field = first..align.min(first + TOGETHER * usize::from(width));
            let length = u32::from_le_bytes(*take(bytes).ok_or(Error::Damaged)?);
            let coded = take_many(bytes, length).ok_or(Error::Damaged)?;
            fs::write(folder.path().join(self.calls.file), coded)?;
            clock.add(run(self.calls.decode.0, &arguments, folder.path())?);
            let back = folder.path().join("back.wav");
            let file = fs::read(&back)?;
            fs::remove_file(back)?;
            let pair = file.len().checked_sub(rounds * field.len()).ok_or(Error::Damaged)?;
            let rounds = file[pair..].chunks_exact(field.len());
            for (round, part) in samples.chunks_exact_mut(align).zip(rounds) {
                round[field.clone()].copy_from_slice(part);
            }
        }
        file_of(rate, channels, width, &samples).ok_or(Error::Damaged)
    }
}

fn arguments(all: &'static [&'static str]) -> Vec<&'static OsStr> {
    all.iter().map(OsStr::new).collect()
}
