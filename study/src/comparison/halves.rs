//! **Held out**: each half of a recording coded with what was chosen and trained on the other half. How far
//! this stays behind the archive, whose tables are of the recording itself, is what they learn by heart.

use golden_model::layout::{SampleFormat, Samples};
use golden_model::wide::choose::choose;
use golden_model::wide::group::Group;

use crate::baselines::wav::{Wav, take, take_many};
use crate::baselines::{Clock, Coded, Error, Facts, Family, Latency, Method};

/// Bits of a sample.
const BITS: u32 = 16;

/// The method. A compressed file is the WAV file's frame (15 bytes, see [`Wav::frame`]), then for each half
/// the tables and the samples, both with their length in 4 bytes before them.
pub struct Halves {
    facts: Facts,
}

impl Halves {
    pub fn new() -> Halves {
        Halves {
            facts: Facts {
                name: "tierwire, tables of the other half".into(),
                family: Family::Tierwire,
                causal: false,
                state_bytes: 1 << 20,
                latency: Latency::Recording,
                note: "held out: no half is coded with tables that were trained on it".into(),
            },
        }
    }
}

impl Method for Halves {
    fn facts(&self) -> &Facts {
        &self.facts
    }

    fn encode(&self, wav: &[u8], clock: &mut Clock) -> Result<Coded, Error> {
        let wav = Wav::split(wav)?;
        let mut bytes = wav.frame();
        let channels = wav.channels.len();
        let (middle, all) = (wav.rounds() / 2, wav.rounds());
        let halves = [0..middle, middle..all].map(|half| {
            let rounds = half.map(|round| wav.channels.iter().map(move |channel| channel[round]));
            Samples::I16(rounds.flatten().collect())
        });
        for (own, other) in [(&halves[0], &halves[1]), (&halves[1], &halves[0])] {
            let (tables, samples) = clock.run(|| {
                let group = choose(other, other.len(), channels, BITS, 0);
                (group.to_bytes(), group.encode(own))
            });
            for part in [tables, samples] {
                bytes.extend((part.len() as u32).to_le_bytes());
                bytes.extend(part);
            }
        }
        Ok(bytes.into())
    }

    fn decode(&self, coded: &Coded, clock: &mut Clock) -> Result<Vec<u8>, Error> {
        let mut bytes = &coded.bytes[..];
        let (mut wav, rounds) = Wav::from_frame(&mut bytes).ok_or(Error::Damaged)?;
        let channels = wav.channels.len();
        for half in [rounds / 2, rounds - rounds / 2] {
            let mut part = || {
                let length = u32::from_le_bytes(*take(&mut bytes)?);
                take_many(&mut bytes, length)
            };
            let (mut tables, samples) = part().zip(part()).ok_or(Error::Damaged)?;
            let decoded = clock.run(|| {
                let group = Group::from_bytes(&mut tables, channels, BITS)?;
                let mut decoded = Samples::of(SampleFormat::I16);
                group.decode(half, samples, &mut decoded).map(|()| decoded)
            });
            let Samples::I16(samples) = decoded.map_err(Error::other)? else {
                return Err(Error::Damaged);
            };
            for (at, sample) in samples.into_iter().enumerate() {
                wav.channels[at % channels].push(sample);
            }
        }
        Ok(wav.join())
    }
}

#[cfg(test)]
mod tests {
    use super::*;
    use crate::baselines::wav::head_of;
    use golden_model::synthetic::Synthetic;

    #[test]
    fn both_halves_come_back_with_the_tables_of_the_other() {
        let rounds = Synthetic::default().rounds(1, 3, 3001);
        let channels =
            (0..3).map(|c| rounds.iter().skip(c).step_by(3).copied().collect()).collect();
        let head = head_of(19531, 3, 3001).to_vec();
        let wav = Wav { head, rate: 19531, channels, tail: Vec::new() }.join();
        let coded = Halves::new().encode(&wav, &mut Clock::default()).unwrap();
        assert!(coded.bytes.len() < wav.len() / 2);
        assert_eq!(Halves::new().decode(&coded, &mut Clock::default()).unwrap(), wav);
        let cut = Coded { bytes: coded.bytes[..coded.bytes.len() - 9].to_vec(), ..coded };
        assert!(Halves::new().decode(&cut, &mut Clock::default()).is_err());
    }
}
