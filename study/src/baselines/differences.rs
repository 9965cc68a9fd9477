//! The method of mtscomp: of each second of all channels the differences along time, one channel after the
//! other, deflated.

use std::io::{Read, Write};

use crate::baselines::method::{Clock, Coded, Error, Facts, Method};
use crate::baselines::wav::{Wav, take, take_many};

/// Level 9 of this crate's zlib finds about as much as level 6 of zlib itself, which mtscomp uses.
const LEVEL: u32 = 9;

/// The method. A compressed file is the WAV file's frame (15 bytes, see [`Wav::frame`]), then for each
/// second its length in 4 bytes and its bytes.
pub struct Differences {
    /// Its description.
    pub facts: Facts,
}

impl Method for Differences {
    fn facts(&self) -> &Facts {
        &self.facts
    }

    fn encode(&self, wav: &[u8], clock: &mut Clock) -> Result<Coded, Error> {
        let wav = Wav::split(wav)?;
        let mut bytes = wav.frame();
        let second = second(&wav);
        for start in (0..wav.rounds()).step_by(second) {
            let end = wav.rounds().min(start + second);
            let coded = clock.run(|| deflate(wav.channels.iter().map(|all| &all[start..end])))?;
            bytes.extend((coded.len() as u32).to_le_bytes());
            bytes.extend(coded);
        }
        Ok(bytes.into())
    }

    fn decode(&self, coded: &Coded, clock: &mut Clock) -> Result<Vec<u8>, Error> {
        let mut bytes = &coded.bytes[..];
        let (mut wav, rounds) = Wav::from_frame(&mut bytes).ok_or(Error::Damaged)?;
        let second = second(&wav);
        for start in (0..rounds).step_by(second) {
            let length = u32::from_le_bytes(*take(&mut bytes).ok_or(Error::Damaged)?);
            let coded = take_many(&mut bytes, length).ok_or(Error::Damaged)?;
            let count = second.min(rounds - start);
            let inflated = clock.run(|| inflate(coded, count * wav.channels.len()))?;
            for (channel, differences) in wav.channels.iter_mut().zip(inflated.chunks(2 * count)) {
                let (differences, _) = differences.as_chunks();
                channel.extend(differences.iter().scan(0i16, |last, &difference| {
                    *last = last.wrapping_add(i16::from_le_bytes(difference));
                    Some(*last)
                }));
            }
        }
        Ok(wav.join())
    }
}

/// Rounds of a second.
fn second(wav: &Wav) -> usize {
    (wav.rate as usize).max(1)
}

fn deflate<'c>(channels: impl Iterator<Item = &'c [i16]>) -> std::io::Result<Vec<u8>> {
    let mut out = flate2::write::ZlibEncoder::new(Vec::new(), flate2::Compression::new(LEVEL));
    for samples in channels {
        let before = [0].iter().chain(samples);
        let differences = samples.iter().zip(before).map(|(next, last)| next.wrapping_sub(*last));
        let bytes: Vec<u8> = differences.flat_map(i16::to_le_bytes).collect();
        out.write_all(&bytes)?;
    }
    out.finish()
}

/// The bytes of `count` differences.
fn inflate(coded: &[u8], count: usize) -> Result<Vec<u8>, Error> {
    let mut bytes = Vec::new();
    let limit = 2 * count as u64 + 1;
    flate2::read::ZlibDecoder::new(coded).take(limit).read_to_end(&mut bytes)?;
    if bytes.len() == 2 * count { Ok(bytes) } else { Err(Error::Damaged) }
}
