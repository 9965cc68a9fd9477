//! One channel of a WAV file, sample by sample, in memory that does not grow with the file.

use std::fs::File;
use std::io::{BufReader, Read};
use std::path::Path;

use super::error::{Error, Fault};
use crate::wav::{self, Content, Data, Head};

/// Bytes that are read at a time, fewer by a part of a round.
const STEP: usize = 1 << 18;

/// The samples of one channel, read as they are asked for; a partial last round is left out.
#[derive(Debug)]
pub struct ChannelSamples {
    data: Data<BufReader<File>>,
    /// Bytes of a round.
    round: usize,
    /// Where in a round the channel is.
    place: usize,
    /// Whole rounds, and where the next sample is in them.
    bytes: Vec<u8>,
    at: usize,
    fault: Option<wav::Error>,
}

impl ChannelSamples {
    /// Calls `use_it` with each channel of a WAV file in turn.
    ///
    /// # Errors
    /// When the file cannot be read, is none, or its samples do not have 16 bits.
    pub fn of_each(path: &Path, mut use_it: impl FnMut(&mut Self)) -> Result<(), Error> {
        let (mut channel, mut channels) = (0, 1);
        while channel < channels {
            let (mut samples, all) = Self::open(path, channel).map_err(|fault| fault.of(path))?;
            channels = all;
            use_it(&mut samples);
            if let Some(error) = samples.fault {
                return Err(Fault::Wav(error).of(path));
            }
            channel += 1;
        }
        Ok(())
    }

    /// One channel, and how many there are.
    fn open(path: &Path, channel: u16) -> Result<(Self, u16), Fault> {
        let file = File::open(path).map_err(Fault::Io)?;
        let length = file.metadata().map_err(Fault::Io)?.len();
        let mut file = BufReader::new(file);
        let head = Head::read(&mut file, Some(length)).map_err(Fault::Wav)?;
        let channels = match head.content {
            Content::Samples { channels, .. } => channels,
            Content::Other(why) => return Err(Fault::Wav(wav::Error::OtherSamples(why))),
        };
        let (round, place) = (2 * usize::from(channels), 2 * usize::from(channel));
        let data = Data::new(file, &head);
        Ok((Self { data, round, place, bytes: Vec::new(), at: 0, fault: None }, channels))
    }
}

impl Iterator for ChannelSamples {
    type Item = i16;

    fn next(&mut self) -> Option<i16> {
        if self.at >= self.bytes.len() {
            self.bytes.clear();
            let rounds = (STEP / self.round).max(1);
            self.fault = self.data.read(rounds * self.round, &mut self.bytes).err();
            self.bytes.truncate(self.bytes.len() / self.round * self.round);
            self.at = self.place;
        }
        let sample = *self.bytes.get(self.at..)?.first_chunk()?;
        self.at += self.round;
        Some(i16::from_le_bytes(sample))
    }
}

/// The CRC-32 of all bytes of a file, after those that `digest` has taken.
///
/// # Errors
/// When the file cannot be read.
pub fn digest(path: &Path, digest: &mut crc32fast::Hasher) -> Result<(), Error> {
    let mut sum = || {
        let (mut file, mut bytes) = (File::open(path)?, vec![0; STEP]);
        loop {
            match file.read(&mut bytes)? {
                0 => return Ok(()),
                got => digest.update(&bytes[..got]),
            }
        }
    };
    sum().map_err(|error| Fault::Io(error).of(path))
}
