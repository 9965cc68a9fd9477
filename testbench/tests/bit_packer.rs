//! The bit packer compared with the golden model: random codes, gaps and packets, and every pair of
//! fill level and length.

use golden_model::bit_packer::BitPacker as Golden;
use golden_model::tier_coder::Code;
use hdl::codec::bit_packer::BitPacker;
use rand::RngExt as _;
use rand::rngs::StdRng;
use rust_hdl::prelude::*;
use testbench::seed::{generator, seed};
use testbench::{PacketWords, settle, tick};

fn expected(packet: &[Code]) -> PacketWords {
    let mut golden = Golden::default();
    let mut words: Vec<u32> = packet.iter().filter_map(|&code| golden.push(code)).collect();
    words.extend(golden.flush());
    let bits: u32 = packet.iter().map(|code| u32::from(code.len)).sum();
    PacketWords { words, last_word_bytes: ((bits.div_ceil(8) - 1) % 4 + 1) as u8 }
}

/// Sends packets with `gaps` percent of idle clocks, and the one after each packet.
fn check(packets: &[Vec<Code>], gaps: u32, random: &mut StdRng) {
    let mut block = BitPacker::default();
    block.connect_all();
    block.aresetn.next = true;
    let codes = packets.iter().flat_map(|packet| {
        packet.iter().enumerate().map(|(at, &code)| (code, at + 1 == packet.len()))
    });
    let mut inputs: Vec<Option<(Code, bool)>> = Vec::new();
    for (code, last) in codes {
        while random.random_ratio(gaps, 100) {
            inputs.push(None);
        }
        inputs.push(Some((code, last)));
        if last {
            inputs.push(None);
        }
    }
    inputs.extend([None; 4]);

    let mut came = Vec::new();
    let mut partial = PacketWords::default();
    for input in inputs {
        let rubbish = (Code { bits: 0x2aaaaaa, len: 26 }, true);
        let (code, last) = input.unwrap_or(rubbish);
        block.valid.next = input.is_some();
        block.last.next = last;
        block.code.next = u64::from(code.bits).into();
        block.length.next = u64::from(code.len).into();
        settle!(block);
        if block.word_valid.val() {
            partial.words.push(block.word.val().to_u32());
            let bytes = block.word_bytes.val().to_u8() + 1;
            if block.word_last.val() {
                partial.last_word_bytes = bytes;
                came.push(std::mem::take(&mut partial));
            } else {
                assert_eq!(bytes, 4);
            }
        }
        tick!(block);
    }
    assert_eq!(came, packets.iter().map(|packet| expected(packet)).collect::<Vec<_>>());
    assert_eq!(partial, PacketWords::default());
}

fn code(len: u8, random: &mut StdRng) -> Code {
    Code { bits: random.random::<u32>() >> (32 - len), len }
}

#[test]
fn every_pair_of_fill_level_and_length_with_and_without_a_flush() {
    let mut random = generator(seed("every_pair_of_fill_level_and_length"));
    let mut packets = Vec::new();
    for level in 0..32 {
        for len in 1..=27 {
            // Two codes at most make the level.
            let mut packet: Vec<Code> = [level - level / 2, level / 2]
                .into_iter()
                .filter(|&len| len > 0)
                .map(|len| code(len, &mut random))
                .collect();
            packet.push(code(len, &mut random));
            packets.push(packet.clone());
            packet.push(code(13, &mut random));
            packets.push(packet);
        }
    }
    check(&packets, 0, &mut random);
}

#[test]
fn random_codes_with_gaps() {
    let mut random = generator(seed("random_codes_with_gaps"));
    for gaps in [0, 30, 90] {
        let packets: Vec<Vec<Code>> = (0..200)
            .map(|_| {
                let longest = random.random_range(1..=27);
                (0..random.random_range(1..60))
                    .map(|_| {
                        let len = random.random_range(1..=longest);
                        code(len, &mut random)
                    })
                    .collect()
            })
            .collect();
        check(&packets, gaps, &mut random);
    }
}
