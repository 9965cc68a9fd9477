//! **WAV files**: where the samples are, and every byte around them.
//!
//! hound interprets the format chunk and converts bytes and samples. The chunks are read here,
//! because a file must be restored byte for byte: hound keeps none of the chunks that it skips,
//! does not skip the pad byte after an odd one, and refuses a file that ends in the middle of a
//! round.
//!
//! A file is its *head* (all bytes before the samples), the samples, and the *tail* (all that
//! follows: a partial round, a pad byte, more chunks).

mod error;
mod format;
mod head;

use std::io::{self, Read, Write};

use hound::{Sample, SampleFormat};

pub use error::{Error, HEAD_LIMIT, STANDARD_HEAD, Unsupported};
pub use format::{Content, Integers};
pub(crate) use head::grow;
pub use head::{CutShort, Head, standard_head};

/// The samples of `bytes`, an even number of them, appended to `samples`.
pub fn to_samples(mut bytes: &[u8], samples: &mut Vec<i16>) {
    samples.reserve(bytes.len() / 2);
    while let Ok(sample) = i16::read(&mut bytes, SampleFormat::Int, 2, 16) {
        samples.push(sample);
    }
}

/// The bytes of `samples`, appended to `bytes`.
pub fn to_bytes(samples: &[i16], bytes: &mut Vec<u8>) {
    bytes.reserve(2 * samples.len());
    for sample in samples {
        sample.write(bytes, 16).expect("memory takes every byte");
    }
}

/// The bytes between head and tail.
#[derive(Debug)]
pub struct Data<R> {
    input: R,
    /// Bytes declared and bytes read; no declaration: up to the end of the file.
    declared: Option<u64>,
    found: u64,
    /// The input has ended.
    ended: bool,
}

impl<R: Read> Data<R> {
    /// The data after `head`.
    pub fn new(input: R, head: &Head) -> Data<R> {
        Data { input, declared: head.declared, found: 0, ended: false }
    }

    /// Appends the next `len` bytes, fewer only at the end of the data.
    ///
    /// # Errors
    /// [`Error::Read`].
    pub fn read(&mut self, len: usize, bytes: &mut Vec<u8>) -> Result<u64, Error> {
        let left = self.declared.map_or(u64::MAX, |declared| declared - self.found);
        let asked = left.min(len as u64);
        let got = grow(&mut self.input, bytes, asked)?;
        self.found += got;
        self.ended |= got < asked;
        Ok(got)
    }

    /// Whether the file has ended before the declared length, as far as it has been read.
    pub fn cut_short(&self) -> Option<CutShort> {
        CutShort::of(self.declared.filter(|_| self.ended)?, self.found)
    }
}

/// A whole recording in memory.
#[derive(Clone, Debug, PartialEq, Eq)]
pub struct Recording {
    /// Rounds per second.
    pub rate: u32,
    /// Channels.
    pub channels: u16,
    /// Samples in rounds: one of every channel, in channel order.
    pub samples: Vec<i16>,
}

impl Recording {
    /// Reads a WAV file of 16-bit samples; a partial last round is left out. A file that ends before
    /// its declared length yields the samples that it has.
    ///
    /// # Errors
    /// [`Error`], when the file is broken or its samples are of another kind.
    pub fn read(mut input: impl Read) -> Result<Recording, Error> {
        let head = Head::read(&mut input, None)?;
        Recording::after(&head, input)
    }

    /// The samples that follow `head` in `input`, as [`read`](Self::read) does.
    ///
    /// # Errors
    /// As [`read`](Self::read).
    pub fn after(head: &Head, input: impl Read) -> Result<Recording, Error> {
        let (rate, channels) = match &head.content {
            Content::Samples { rate, channels } => (*rate, *channels),
            Content::Other(why) => return Err(Error::OtherSamples(*why)),
        };
        let mut data = Data::new(input, head);
        let (mut bytes, mut samples) = (Vec::new(), Vec::new());
        // An even step, so that no sample is cut in two before the end; a byte that is half a sample
        // is left out.
        while data.read(1 << 20, &mut bytes)? > 0 {
            to_samples(&bytes, &mut samples);
            bytes.clear();
        }
        samples.truncate(samples.len() / usize::from(channels) * usize::from(channels));
        Ok(Recording { rate, channels, samples })
    }

    /// Writes a WAV file with a standard head.
    ///
    /// # Errors
    /// What `output` says, or that the samples are too many for a WAV file.
    pub fn write(&self, mut output: impl Write) -> io::Result<()> {
        let length = u32::try_from(2 * self.samples.len()).ok().filter(|l| *l <= u32::MAX - 36);
        let length = length.ok_or_else(|| io::Error::other("too many samples for a WAV file"))?;
        output.write_all(&standard_head(self.rate, self.channels, length))?;
        let mut bytes = Vec::new();
        for samples in self.samples.chunks(1 << 19) {
            bytes.clear();
            to_bytes(samples, &mut bytes);
            output.write_all(&bytes)?;
        }
        Ok(())
    }

    /// The samples of one channel.
    pub fn channel(&self, channel: u16) -> impl Iterator<Item = i16> {
        self.samples.iter().copied().skip(channel.into()).step_by(self.channels.into())
    }
}
