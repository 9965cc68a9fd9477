//! The framer behind the packer, against the format in plain words: random frames and gaps, resets,
//! and words that pass unchanged when there are no frames.

use golden_model::bit_packer::BitPacker as GoldenPacker;
use golden_model::tier_coder::Code;
use hdl::bit_packer::BitPacker;
use hdl::framer::{Framer, Frames};
use rand::RngExt as _;
use rand::rngs::StdRng;
use rust_hdl::prelude::*;
use testbench::packets::crc;
use testbench::seed::{generator, seed};
use testbench::{settle, tick};

const DIGEST: u32 = 0x8765_4321;
/// Clocks without a code after a frame's last one.
const GAP: usize = 4;

fn random_codes(random: &mut StdRng) -> Vec<Code> {
    let most = if random.random() { 3 } else { 60 };
    (0..random.random_range(1..=most))
        .map(|_| {
            let len = if random.random() { 27 } else { random.random_range(1..=27) };
            Code { bits: random.random::<u32>() >> (32 - u32::from(len)), len }
        })
        .collect()
}

/// Sends codes through packer and framer; gives back each word with its number of bytes and
/// whether it is a last one.
struct Bench {
    packer: BitPacker,
    framer: Framer,
    sent: Vec<(u32, u8, bool)>,
}

impl Bench {
    fn new(frames: Option<Frames>) -> Bench {
        let mut packer = BitPacker::default();
        let mut framer = Framer::new(DIGEST, frames);
        packer.connect_all();
        framer.connect_all();
        Bench { packer, framer, sent: Vec::new() }
    }

    fn clock(&mut self, reset: bool, code: Option<(Code, bool)>) {
        let (valid, (code, last)) =
            (code.is_some(), code.unwrap_or((Code { bits: 0, len: 1 }, false)));
        let (packer, framer) = (&mut self.packer, &mut self.framer);
        packer.aresetn.next = !reset;
        packer.valid.next = valid;
        packer.last.next = last;
        packer.code.next = u64::from(code.bits).into();
        packer.length.next = u64::from(code.len).into();
        settle!(*packer);
        framer.aresetn.next = !reset;
        framer.code_valid.next = valid;
        framer.word_valid.next = packer.word_valid.val();
        framer.word.next = packer.word.val();
        framer.word_bytes.next = packer.word_bytes.val();
        framer.word_last.next = packer.word_last.val();
        settle!(*framer);
        if framer.write.val() {
            let bytes = framer.frame_word_bytes.val().to_u8() + 1;
            let last = framer.frame_word_last.val();
            self.sent.push((framer.frame_word.val().to_u32(), bytes, last));
        }
        tick!(*packer);
        tick!(*framer);
    }

    fn send(&mut self, codes: &[Code], gap: usize, random: &mut StdRng) {
        for (at, &code) in codes.iter().enumerate() {
            while random.random_ratio(1, 5) {
                self.clock(false, None);
            }
            self.clock(false, Some((code, at + 1 == codes.len())));
        }
        for _ in 0..gap {
            self.clock(false, None);
        }
    }
}

fn payload(codes: &[Code]) -> Vec<u32> {
    let mut packer = GoldenPacker::default();
    let mut words: Vec<u32> = codes.iter().filter_map(|&code| packer.push(code)).collect();
    words.extend(packer.flush());
    words
}

#[test]
fn random_frames_and_gaps() {
    let mut random = generator(seed("random_frames_and_gaps"));
    for keyframe_interval in [1, 2, 3, 7] {
        let mut bench = Bench::new(Some(Frames { rounds: 1, keyframe_interval }));
        for _reset in 0..3 {
            bench.sent.clear();
            let mut expected = Vec::new();
            for number in 0..100_u32 {
                let codes = random_codes(&mut random);
                let extra = if random.random() { 0 } else { random.random_range(0..10) };
                bench.send(&codes, GAP + extra, &mut random);
                let keyframe = (number as usize).is_multiple_of(keyframe_interval);
                let mut words = vec![0xa5c1_0000 | u32::from(keyframe) << 19 | number];
                words.extend(keyframe.then_some(DIGEST));
                words.extend(payload(&codes));
                words.push(crc(&words));
                let last = words.len() - 1;
                expected.extend(words.iter().enumerate().map(|(at, &w)| (w, 4, at == last)));
            }
            assert_eq!(bench.sent, expected, "keyframes every {keyframe_interval}");
            assert_eq!(bench.framer.frames.val().to_u32(), 100);
            bench.send(&random_codes(&mut random), 0, &mut random);
            bench.clock(true, None);
        }
    }
}

#[test]
fn without_frames_words_pass_unchanged() {
    let mut random = generator(seed("without_frames_words_pass_unchanged"));
    let mut bench = Bench::new(None);
    let mut expected = Vec::new();
    for _ in 0..200 {
        let codes = random_codes(&mut random);
        bench.send(&codes, 1, &mut random);
        let bytes = (codes.iter().map(|code| usize::from(code.len)).sum::<usize>() - 1) / 8 % 4 + 1;
        let words = payload(&codes);
        let last = words.len() - 1;
        let flags = |at| (if at == last { bytes as u8 } else { 4 }, at == last);
        expected.extend(words.iter().enumerate().map(|(at, &w)| (w, flags(at).0, flags(at).1)));
    }
    for _ in 0..4 {
        bench.clock(false, None);
    }
    assert_eq!(bench.sent, expected);
}
