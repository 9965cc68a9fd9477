//! Packets to simulate, and what has to come out.

use crate::simulation::PacketWords;
use golden_model::bit_packer::BitPacker;
use golden_model::encoder::SampleEncoder;
use golden_model::tokenizer::{self, TOKENS, Token};
use golden_model::{ChannelState, TableSet};
use rand::rngs::StdRng;
use rand::{Rng as _, RngExt as _};

/// What the golden model sends for each packet.
pub fn expected(set: &TableSet, packets: &[Vec<i16>]) -> Vec<PacketWords> {
    let coder = SampleEncoder::new(set);
    packets.iter().map(|samples| expected_packet(set, &coder, samples)).collect()
}

fn expected_packet(set: &TableSet, coder: &SampleEncoder<'_>, samples: &[i16]) -> PacketWords {
    let mut state = ChannelState::initial(set);
    let mut packer = BitPacker::default();
    let mut words = Vec::new();
    let mut bits = 0_u64;
    for &sample in samples {
        let code = coder.encode(&mut state, sample);
        bits += u64::from(code.len);
        words.extend(packer.push(code));
    }
    words.extend(packer.flush());
    let bytes = bits.div_ceil(8);
    let last_word_bytes = if bytes == 0 { 0 } else { (bytes - 1) % 4 + 1 };
    PacketWords { words, last_word_bytes: last_word_bytes as u8 }
}

/// Samples from anywhere: on the lattice, off it, still, and jumping.
pub fn anything(samples: usize, random: &mut StdRng) -> Vec<i16> {
    let mut previous = 0_i16;
    (0..samples)
        .map(|_| {
            let lattice = |number: u16| tokenizer::sample(Token::new(number % TOKENS as u16));
            let near = |step: u16| {
                let token = tokenizer::token(previous).unwrap_or(Token::MIDDLE);
                lattice(token.number().wrapping_add(step))
            };
            previous = match random.random_range(0..8) {
                0 => random.random(),
                1 => lattice(random.random()),
                2 => previous,
                // Around both edges of the windows in use.
                3 => near([31, 32, 33, 63, 64, 65][random.random_range(0..6)]),
                4 => near([31, 32, 33, 63, 64, 65_u16][random.random_range(0..6)].wrapping_neg()),
                _ => near((random.next_u32() % 9) as u16),
            };
            previous
        })
        .collect()
}
