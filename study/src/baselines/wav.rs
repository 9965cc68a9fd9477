//! The parts of a WAV file: the bytes before the samples, the samples of each channel, the rest.

use golden_model::wav::{STANDARD_HEAD, standard_head};

use crate::baselines::method::Error;

/// The parts of a WAV file of 16-bit samples.
#[derive(Clone, Debug, PartialEq, Eq)]
pub struct Wav {
    /// All bytes before the first sample.
    pub head: Vec<u8>,
    /// Samples per second and channel.
    pub rate: u32,
    /// The samples of each channel, equally many.
    pub channels: Vec<Vec<i16>>,
    /// All bytes after the last whole round of samples.
    pub tail: Vec<u8>,
}

impl Wav {
    /// Takes a file apart.
    ///
    /// # Errors
    /// [`Error::Wav`]: not a WAV file, or not of 16-bit samples.
    pub fn split(bytes: &[u8]) -> Result<Wav, Error> {
        let Form { rate, channels, width, head } = Form::of(bytes)?;
        if width != 2 {
            return Err(Error::Wav(NOT_16_BITS));
        }
        let (head_bytes, rest) = bytes.split_at(head);
        let declared = head_bytes.last_chunk().map_or(0, |&four| u32::from_le_bytes(four));
        let data = rest.len().min(declared as usize);
        let count = usize::from(channels);
        let rounds = data / (2 * count);
        let (data, tail) = rest.split_at(rounds * 2 * count);
        let (samples, _) = data.as_chunks();
        let channel = |first: usize| {
            samples.iter().skip(first).step_by(count).map(|&two| i16::from_le_bytes(two)).collect()
        };
        Ok(Wav {
            head: head_bytes.to_vec(),
            rate,
            channels: (0..count).map(channel).collect(),
            tail: tail.to_vec(),
        })
    }

    /// The file again.
    pub fn join(&self) -> Vec<u8> {
        let mut bytes = self.head.clone();
        match &self.channels[..] {
            [only] => bytes.extend(only.iter().flat_map(|sample| sample.to_le_bytes())),
            channels => {
                for round in 0..self.rounds() {
                    bytes.extend(channels.iter().flat_map(|channel| channel[round].to_le_bytes()));
                }
            }
        }
        bytes.extend(&self.tail);
        bytes
    }

    /// Samples of each channel.
    pub fn rounds(&self) -> usize {
        self.channels.first().map_or(0, Vec::len)
    }

    /// All but the samples, in 15 bytes when the head is the standard one and nothing follows.
    pub fn frame(&self) -> Vec<u8> {
        let channels = self.channels.len() as u16;
        let rounds = self.rounds() as u32;
        let standard = self.head == head_of(self.rate, channels, rounds);
        let head = if standard { &[] } else { &self.head[..] };
        let mut frame = vec![u8::from(standard)];
        frame.extend(if standard { self.rate } else { head.len() as u32 }.to_le_bytes());
        frame.extend(channels.to_le_bytes());
        frame.extend(rounds.to_le_bytes());
        frame.extend((self.tail.len() as u32).to_le_bytes());
        frame.extend(head);
        frame.extend(&self.tail);
        frame
    }

    /// Reads what [`frame`](Self::frame) wrote: the parts without samples, and the samples per
    /// channel.
    pub fn from_frame(bytes: &mut &[u8]) -> Option<(Wav, usize)> {
        let [standard] = *take(bytes)?;
        let rate_or_length = u32::from_le_bytes(*take(bytes)?);
        let channels = u16::from_le_bytes(*take(bytes)?);
        let rounds = u32::from_le_bytes(*take(bytes)?);
        let tail = u32::from_le_bytes(*take(bytes)?);
        let mut wav = Wav {
            head: head_of(rate_or_length, channels, rounds).to_vec(),
            rate: rate_or_length,
            channels: vec![Vec::new(); channels.into()],
            tail: Vec::new(),
        };
        if standard == 0 {
            wav.head = take_many(bytes, rate_or_length)?.to_vec();
            wav.rate = Form::of(&wav.head).ok()?.rate;
        }
        wav.tail = take_many(bytes, tail)?.to_vec();
        Some((wav, rounds as usize))
    }
}

/// Reads the next bytes.
pub fn take<'b, const N: usize>(bytes: &mut &'b [u8]) -> Option<&'b [u8; N]> {
    let (taken, rest) = bytes.split_first_chunk()?;
    *bytes = rest;
    Some(taken)
}

/// Reads the next `count` bytes.
pub fn take_many<'b>(bytes: &mut &'b [u8], count: u32) -> Option<&'b [u8]> {
    let (taken, rest) = bytes.split_at_checked(count as usize)?;
    *bytes = rest;
    Some(taken)
}

/// What a header says.
#[derive(Clone, Copy, Debug, PartialEq, Eq)]
pub struct Form {
    /// Samples per second and channel.
    pub rate: u32,
    /// Channels.
    pub channels: u16,
    /// Bytes of a sample: 2, 3 or 4.
    pub width: u16,
    /// Where the samples begin.
    pub head: usize,
}

const NOT_16_BITS: &str = "its samples are not 16-bit PCM";

impl Form {
    /// Reads the header of a file.
    ///
    /// # Errors
    /// [`Error::Wav`]: not a WAV file, or not of whole numbers of 16 to 32 bits.
    pub fn of(bytes: &[u8]) -> Result<Form, Error> {
        let mut rest = bytes;
        let riff: Option<&[u8; 12]> = take(&mut rest);
        if !riff.is_some_and(|riff| riff.starts_with(b"RIFF") && riff.ends_with(b"WAVE")) {
            return Err(Error::Wav("no WAV file"));
        }
        let mut format = None;
        loop {
            let (Some(name), Some(&size)) = (take::<4>(&mut rest), take(&mut rest)) else {
                return Err(Error::Wav("no samples in it"));
            };
            let size = u32::from_le_bytes(size);
            if name == b"data" {
                let (rate, channels, width) = format.ok_or(Error::Wav("no format in it"))?;
                return Ok(Form { rate, channels, width, head: bytes.len() - rest.len() });
            }
            let body = take_many(&mut rest, size).ok_or(Error::Wav("it ends within its head"))?;
            if size % 2 == 1 && rest.first() == Some(&0) {
                rest = &rest[1..];
            }
            if name == b"fmt " {
                format = Some(pcm(body).ok_or(Error::Wav(NOT_16_BITS))?);
            }
        }
    }
}

/// Rate, channels and bytes of a sample of a format chunk of PCM.
fn pcm(mut body: &[u8]) -> Option<(u32, u16, u16)> {
    let mut two = || take(&mut body).map(|&two| u16::from_le_bytes(two));
    let (tag, channels, low, high) = (two()?, two()?, two()?, two()?);
    let (_, _, align, bits) = (two()?, two()?, two()?, two()?);
    let rate = u32::from(high) << 16 | u32::from(low);
    let width = bits / 8;
    let right = tag == 1
        && channels > 0
        && matches!(bits, 16 | 24 | 32)
        && u32::from(align) == u32::from(width) * u32::from(channels);
    right.then_some((rate, channels, width))
}

/// A file of samples of `width` bytes, with a header of 44 bytes; `None`: it cannot hold so many.
pub fn file_of(rate: u32, channels: u16, width: u16, samples: &[u8]) -> Option<Vec<u8>> {
    let align = channels.checked_mul(width)?;
    let length = u32::try_from(samples.len()).ok().filter(|length| *length < u32::MAX - 36)?;
    let mut file = standard_head(rate, channels, length).to_vec();
    file[28..32].copy_from_slice(&rate.wrapping_mul(align.into()).to_le_bytes());
    file[32..34].copy_from_slice(&align.to_le_bytes());
    file[34..36].copy_from_slice(&(8 * width).to_le_bytes());
    file.extend(samples);
    Some(file)
}

/// The standard header of so many rounds.
pub fn head_of(rate: u32, channels: u16, rounds: u32) -> [u8; STANDARD_HEAD] {
    standard_head(rate, channels, rounds.wrapping_mul(channels.wrapping_mul(2).into()))
}
