//! An archive as a method: a WAV file of any recorder's samples, with what suits it chosen and embedded.

use golden_model::archive::Reader;
use golden_model::wav::Head;
use recorders::{Aim, keep_stream};

use crate::baselines::{Clock, Coded, Error, Facts, Family, Latency, Method};

/// The method.
pub struct Archive {
    facts: Facts,
    aim: Aim,
}

impl Archive {
    pub fn new(best: bool) -> Archive {
        Archive {
            aim: Aim { best, ..Aim::default() },
            facts: Facts {
                name: if best { "tierwire --best" } else { "tierwire" }.into(),
                family: Family::Tierwire,
                causal: false,
                state_bytes: 1 << 20,
                latency: Latency::Samples(16_384),
                note: "tables embedded; all cores at once".into(),
            },
        }
    }
}

impl Method for Archive {
    fn facts(&self) -> &Facts {
        &self.facts
    }

    fn encode(&self, wav: &[u8], clock: &mut Clock) -> Result<Coded, Error> {
        let head = Head::read(&mut &wav[..], None).map_err(Error::other)?;
        let layout = recorders::wav::layout(&head).map_err(Error::other)?;
        let mut file = Vec::new();
        let kept = clock
            .run(|| keep_stream("recording", &layout, &mut &wav[..], &mut file, self.aim, |_| ()));
        kept.map_err(Error::other)?;
        Ok(file.into())
    }

    fn decode(&self, coded: &Coded, clock: &mut Clock) -> Result<Vec<u8>, Error> {
        let mut wav = Vec::new();
        let restored = clock.run(|| -> Result<bool, golden_model::archive::Error> {
            let mut reader = Reader::new(&coded.bytes[..])?;
            let Some(header) = reader.next_file()? else { return Ok(false) };
            reader.restore(&header, &mut wav)?;
            Ok(reader.next_file()?.is_none())
        });
        if restored.map_err(Error::other)? { Ok(wav) } else { Err(Error::Damaged) }
    }
}
