//! Packets to simulate, and the expected output.

use crate::simulator::PacketWords;
use golden_model::bit_packer::BitPacker;
use golden_model::converter::{Converter, Kind, Token};
use golden_model::encoder::SampleEncoder;
use golden_model::frames::Framer;
use golden_model::synthetic::Synthetic;
use golden_model::words::WordWriter;
use golden_model::{ChannelStates, TableSet};
use hdl::Profile;
use rand::rngs::StdRng;
use rand::{Rng as _, RngExt as _};

/// The golden model's words for each packet of a profile's hardware.
pub fn expected(profile: &Profile, packets: &[Vec<i16>]) -> Vec<PacketWords> {
    let set = profile.table_set();
    let coder = SampleEncoder::new(set);
    let initial = ChannelStates::initial(set, profile.channels());
    packets.iter().map(|samples| expected_packet(set, &coder, initial.clone(), samples)).collect()
}

fn expected_packet(
    set: &TableSet,
    coder: &SampleEncoder<'_>,
    mut states: ChannelStates,
    samples: &[i16],
) -> PacketWords {
    let mut words = Vec::new();
    if set.range_code().is_some() {
        let mut writer = WordWriter::new(set);
        for &sample in samples {
            words.extend(coder.write(&mut states, &mut writer, sample));
        }
        words.extend(writer.flush());
        // Every word counts whole.
        let last_word_bytes = if words.is_empty() { 0 } else { 4 };
        return PacketWords { words, last_word_bytes };
    }
    let mut packer = BitPacker::default();
    let mut bits = 0_u64;
    for &sample in samples {
        let code = coder.encode(&mut states, sample);
        bits += u64::from(code.len);
        words.extend(packer.push(code));
    }
    words.extend(packer.flush());
    let bytes = bits.div_ceil(8);
    let last_word_bytes = if bytes == 0 { 0 } else { (bytes - 1) % 4 + 1 };
    PacketWords { words, last_word_bytes: last_word_bytes as u8 }
}

/// The golden model's frames, if none is dropped; `samples` has whole frames.
///
/// # Panics
/// When the profile has no frames.
pub fn expected_frames(profile: &Profile, samples: &[i16]) -> Vec<PacketWords> {
    let layout = profile.layout().expect("a profile with frames");
    let mut sent = Vec::new();
    Framer::new(profile.table_set(), layout).extend(samples, |frame| {
        sent.push(PacketWords { words: frame.to_vec(), last_word_bytes: 4 });
    });
    sent
}

/// Samples of every kind for a profile: on its converter's lattice, off it, constant, and jumping.
pub fn anything(profile: &Profile, samples: usize, random: &mut StdRng) -> Vec<i16> {
    let converter = profile.table_set().converter();
    let window = profile.table_set().window();
    let edges = [31, 32, 33, 63, 64, 65, window - 1, window, window + 1];
    let mut previous = 0_i16;
    (0..samples)
        .map(|_| {
            let lattice = |number: u16| {
                converter.sample(Token::new(number & converter.last_token().number()))
            };
            let near = |step: u16| {
                let token = converter.token(previous).unwrap_or(converter.middle());
                lattice(token.number().wrapping_add(step))
            };
            previous = match random.random_range(0..8) {
                0 => random.random(),
                1 => lattice(random.random()),
                2 => previous,
                // Around both edges of the windows in use.
                3 => near(edges[random.random_range(0..9)]),
                4 => near(edges[random.random_range(0..9)].wrapping_neg()),
                _ => near((random.next_u32() % 9) as u16),
            };
            previous
        })
        .collect()
}

/// Rounds of a synthetic recording with a profile's channels, cut at this many samples.
pub fn synthetic(profile: &Profile, seed: u64, samples: usize) -> Vec<i16> {
    let channels = profile.channels();
    let mut rounds = Synthetic::default().rounds(seed, channels, samples.div_ceil(channels));
    rounds.truncate(samples);
    as_samples_of(profile, rounds)
}

/// The same codes of the challenge's converter as a profile's converter has them.
pub fn as_samples_of(profile: &Profile, samples: Vec<i16>) -> Vec<i16> {
    if profile.table_set().converter().parts().kind != Kind::Direct {
        return samples;
    }
    let challenge = Converter::challenge();
    let code = |sample| challenge.token(sample).unwrap_or(challenge.middle()).number() as i16;
    let middle = challenge.middle().number() as i16;
    samples.into_iter().map(|sample| (code(sample) - middle) / 4).collect()
}
