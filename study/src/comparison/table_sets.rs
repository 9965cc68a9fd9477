//! The shipped table sets as methods: the size of whole `.twr` files, the speed of the codec alone. And the best
//! ratio that such a file can have, with the speed of the whole.

use std::borrow::Cow;

use super::four_lengths;
use crate::baselines::{Clock, Coded, Error, Facts, Family, Latency, Method};
use golden_model::twr;
use golden_model::wav::Recording;
use golden_model::{ChannelState, Decoder, Encoder, TableSet, shipped};

/// All of those that are for the challenge's recordings, what `--best` makes of them, and the one of [`four_lengths`].
pub fn methods() -> Vec<Box<dyn Method>> {
    let sets = shipped::of_the_challenge();
    let mut all: Vec<_> =
        sets.map(|(_, set)| Box::new(TwrFile::new(set)) as Box<dyn Method>).collect();
    all.extend(shipped(shipped::DEFAULT).map(|set| Box::new(Best::new(set)) as Box<dyn Method>));
    all.extend(four_lengths::set().map(|set| {
        let mut method = TwrFile::new(set);
        method.facts.name = "0, 4, 7 or 10 bits".into();
        method.facts.family = Family::Samples;
        method.facts.note =
            format!("predictor of {}, prefixes of 1 to 4 bits", four_lengths::PREDICTOR);
        Box::new(method) as Box<dyn Method>
    }));
    all
}

/// Decisions in the place of a table set's codes; the set is the one that a file names by default.
struct Best {
    facts: Facts,
    set: TableSet,
}

impl Best {
    fn new(set: TableSet) -> Best {
        let facts = Facts {
            name: "tierwire --best".into(),
            family: Family::Tierwire,
            causal: true,
            state_bytes: 1 << 20,
            latency: Latency::Recording,
            note: "weights that learn while coding; for files alone".into(),
        };
        Best { facts, set }
    }
}

impl Method for Best {
    fn facts(&self) -> &Facts {
        &self.facts
    }

    fn encode(&self, wav: &[u8], clock: &mut Clock) -> Result<Coded, Error> {
        let options = twr::Options { best: true, ..twr::Options::new(&self.set) };
        let mut file = Vec::new();
        clock.run(|| twr::compress(wav, &mut file, &options)).map_err(Error::other)?;
        Ok(file.into())
    }

    fn decode(&self, coded: &Coded, clock: &mut Clock) -> Result<Vec<u8>, Error> {
        let mut wav = Vec::new();
        let lookup = |_: &twr::Identity| Some(Cow::Borrowed(&self.set));
        clock.run(|| twr::decompress(&coded.bytes[..], &mut wav, lookup)).map_err(Error::other)?;
        Ok(wav)
    }
}

/// A table set, in a `.twr` file.
struct TwrFile {
    facts: Facts,
    set: TableSet,
}

impl TwrFile {
    fn new(set: TableSet) -> TwrFile {
        let table = set.rank_table();
        let rank_bits =
            u64::from(table.fold()) * (table.width() * table.width().ilog2() as usize) as u64;
        let multipliers = match set.shape().features() {
            0 => "no multiplier".into(),
            features => format!("{features} multipliers"),
        };
        TwrFile {
            facts: Facts {
                name: format!("tierwire {}", set.name()),
                family: Family::Tierwire,
                causal: true,
                state_bytes: ChannelState::bits(&set).div_ceil(8).into(),
                latency: Latency::Samples(1),
                note: format!("rank table {} kbit, {multipliers}", rank_bits.div_ceil(1000)),
            },
            set,
        }
    }
}

impl Method for TwrFile {
    fn facts(&self) -> &Facts {
        &self.facts
    }

    fn encode(&self, wav: &[u8], clock: &mut Clock) -> Result<Coded, Error> {
        let mut file = Vec::new();
        twr::compress(wav, &mut file, &twr::Options::new(&self.set)).map_err(Error::other)?;
        self.words(&Recording::read(wav).map_err(Error::other)?, clock);
        Ok(file.into())
    }

    fn decode(&self, coded: &Coded, clock: &mut Clock) -> Result<Vec<u8>, Error> {
        let mut wav = Vec::new();
        let lookup = |_: &twr::Identity| Some(Cow::Borrowed(&self.set));
        twr::decompress(&coded.bytes[..], &mut wav, lookup).map_err(Error::other)?;
        // The time of the decoder alone, on the words that the encoder sends for these samples.
        let recording = Recording::read(&wav[..]).map_err(Error::other)?;
        let words = self.words(&recording, &mut Clock::default());
        let mut decoder = Decoder::new(&self.set, recording.channels.into());
        let mut samples = vec![0; recording.samples.len()];
        clock.run(|| decoder.fill(&words, &mut samples)).map_err(Error::other)?;
        if samples == recording.samples { Ok(wav) } else { Err(Error::Damaged) }
    }
}

impl TwrFile {
    /// Encodes and adds the time to the clock.
    fn words(&self, recording: &Recording, clock: &mut Clock) -> Vec<u32> {
        let mut encoder = Encoder::new(&self.set, recording.channels.into());
        let mut words = Vec::with_capacity(recording.samples.len());
        clock.run(|| {
            encoder.extend(&recording.samples, &mut words);
            words.extend(encoder.flush());
        });
        words
    }
}
