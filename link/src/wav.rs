//! WAV files whose length is not known before the end: RF64 where they become larger than 4 GB.

use std::io::Write;
use std::path::Path;

use recorders::output::Output;

use crate::{Encoding, Sink, SinkError, StreamFormat};

/// A WAV file.
pub struct Wav {
    output: Output,
    head: Head,
    length: u64,
}

/// What stands at the beginning, but for the lengths.
#[derive(Clone, Copy)]
struct Head {
    channels: u16,
    rate: u32,
    encoding: Encoding,
}

impl Wav {
    pub fn create(
        path: &Path,
        format: &StreamFormat,
        encoding: Encoding,
    ) -> Result<Wav, SinkError> {
        // A layout has fewer channels than 16 bits can name.
        let channels = format.channels() as u16;
        let head = Head { channels, rate: format.whole_rate(), encoding };
        let mut wav = Wav { output: Output::create(path)?, head, length: 0 };
        // What a reader of a pipe sees: a length that is not known.
        wav.put(&head.bytes(None))?;
        Ok(wav)
    }

    fn put(&mut self, bytes: &[u8]) -> Result<(), SinkError> {
        let written = self.output.write_all(bytes);
        Ok(written.map_err(|error| self.output.cannot_be_written(error))?)
    }
}

impl Sink for Wav {
    fn write(&mut self, rounds: &[u8]) -> Result<(), SinkError> {
        self.length += rounds.len() as u64;
        self.put(rounds)
    }

    fn finish(mut self: Box<Self>) -> Result<(), SinkError> {
        self.output.replace_start(&self.head.bytes(Some(self.length)))?;
        Ok(self.output.finish()?)
    }
}

impl Head {
    /// A head of always as many bytes: the chunk before the format has the sizes of a large file, or is
    /// skipped.
    fn bytes(self, length: Option<u64>) -> Vec<u8> {
        let Head { channels, rate, encoding } = self;
        let (kind, sample) = match encoding {
            Encoding::I16 => (1_u16, 2_u16),
            Encoding::F32 => (3, 4),
        };
        let align = channels.wrapping_mul(sample);
        let file = length.map(|length| length + 72);
        let small = file.filter(|&file| file < u64::from(u32::MAX)).map(|file| file as u32);
        let wide = length.filter(|_| small.is_none());
        let mut bytes = Vec::with_capacity(80);
        bytes.extend(if wide.is_some() { b"RF64" } else { b"RIFF" });
        bytes.extend(small.unwrap_or(u32::MAX).to_le_bytes());
        bytes.extend(b"WAVE");
        bytes.extend(if wide.is_some() { b"ds64" } else { b"JUNK" });
        bytes.extend(28_u32.to_le_bytes());
        let rounds = wide.map(|length| length / u64::from(align.max(1)));
        for size in [wide.and(file), wide, rounds] {
            bytes.extend(size.unwrap_or(0).to_le_bytes());
        }
        bytes.extend(0_u32.to_le_bytes());
        bytes.extend(b"fmt ");
        bytes.extend(16_u32.to_le_bytes());
        bytes.extend(kind.to_le_bytes());
        bytes.extend(channels.to_le_bytes());
        bytes.extend(rate.to_le_bytes());
        bytes.extend(rate.wrapping_mul(align.into()).to_le_bytes());
        bytes.extend(align.to_le_bytes());
        bytes.extend((8 * sample).to_le_bytes());
        bytes.extend(b"data");
        bytes.extend(small.map_or(u32::MAX, |file| file - 72).to_le_bytes());
        bytes
    }
}

#[cfg(test)]
mod tests {
    use golden_model::wav::{self, Content};

    use super::*;

    #[test]
    fn heads_say_what_follows_however_long_it_is() {
        let head = Head { channels: 3, rate: 19531, encoding: Encoding::I16 };
        for (length, declared) in
            [(Some(12), Some(12)), (Some(1 << 33), Some(1 << 33)), (None, None)]
        {
            let bytes = head.bytes(length);
            assert_eq!(bytes.len(), 80);
            let read = wav::Head::read(&mut &bytes[..], None).unwrap();
            assert_eq!(read.declared, declared);
            assert_eq!(read.content, Content::Samples { rate: 19531, channels: 3 });
        }
    }
}
