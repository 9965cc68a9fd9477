//! The CRC against `crc32fast`: random words in frames of random length, with gaps.

use golden_model::frames::crc;
use hdl::stream::crc::{Crc, start_of};
use rand::RngExt as _;
use rand::rngs::StdRng;
use rust_hdl::prelude::*;
use testbench::seed::{generator, seed};
use testbench::tick;

#[test]
fn random_frames() {
    let mut random = generator(seed("random_frames"));
    for start in [0, 0x1234_5678, u32::MAX] {
        frames_after(start, &mut random);
    }
    // The check value for "12345678".
    assert_eq!(crc(0, &[0x3132_3334, 0x3536_3738]), 0x9ae0_daaf);
}

fn frames_after(start: u32, random: &mut StdRng) {
    let mut block = Crc::default();
    block.connect_all();
    block.from.next = u64::from(start_of(start)).into();
    block.restart.next = true;
    tick!(block);
    block.restart.next = false;
    for frame in 0..300 {
        let words: Vec<u32> = match frame {
            0 => vec![0],
            1 => vec![u32::MAX; 3],
            2 => vec![0x3132_3334, 0x3536_3738],
            _ => (0..random.random_range(1..30)).map(|_| random.random()).collect(),
        };
        for &word in &words {
            while random.random_ratio(1, 4) {
                block.enable.next = false;
                block.word.next = u64::from(random.random::<u32>()).into();
                tick!(block);
            }
            block.enable.next = true;
            block.word.next = u64::from(word).into();
            tick!(block);
        }
        block.word.next = 0_u64.into();
        tick!(block);
        assert_eq!(block.crc.val().to_u32(), crc(start, &words));
        block.restart.next = true;
        block.enable.next = random.random();
        block.word.next = u64::from(random.random::<u32>()).into();
        tick!(block);
        block.restart.next = false;
    }
}
