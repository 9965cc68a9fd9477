//! The framer after the packer, against an independent description of the format: random frames and
//! gaps, output without room, misaligned rounds, resets; and words that pass unchanged without
//! frames.

use golden_model::bit_packer::BitPacker as GoldenPacker;
use golden_model::frames::{Header, crc};
use golden_model::tier_coder::Code;
use hdl::codec::bit_packer::BitPacker;
use hdl::stream::crc::start_of;
use hdl::stream::framer::{Framer, Frames};
use rand::RngExt as _;
use rand::rngs::StdRng;
use rust_hdl::prelude::*;
use testbench::seed::{generator, seed};
use testbench::{settle, tick};

const DIGEST: u32 = 0x8765_4321;
/// The start value of the CRC.
const CRC_START: u32 = 0x0bad_cafe;

/// The fate of a frame.
#[derive(Clone, Copy, Debug, PartialEq, Eq)]
enum Fate {
    /// Nothing.
    Whole,
    /// No room for its header.
    Overrun,
    /// No room for this word of its payload and the next ones.
    Full(usize),
    /// This sample reveals a misaligned round.
    Misaligned(usize),
}

fn random_fate(codes: usize, words: usize, random: &mut StdRng) -> Fate {
    match random.random_range(0..6) {
        0 => Fate::Overrun,
        1 => Fate::Full(random.random_range(0..words)),
        2 => Fate::Misaligned(random.random_range(0..codes)),
        _ => Fate::Whole,
    }
}

fn random_codes(random: &mut StdRng) -> Vec<Code> {
    let most = if random.random() { 3 } else { 60 };
    (0..random.random_range(1..=most))
        .map(|_| {
            let len = if random.random() { 27 } else { random.random_range(1..=27) };
            Code { bits: random.random::<u32>() >> (32 - u32::from(len)), len }
        })
        .collect()
}

/// Sends codes through packer and framer; keeps each word with its number of bytes and whether it
/// is a last one.
struct Bench {
    packer: BitPacker,
    framer: Framer,
    sent: Vec<(u32, u8, bool)>,
    /// Words of the current frame that left the packer.
    words: usize,
    /// The last of them is out.
    over: bool,
}

impl Bench {
    fn new(frames: Option<Frames>) -> Bench {
        let mut packer = BitPacker::default();
        let mut framer = Framer::new(frames);
        framer.digest.next = u64::from(DIGEST).into();
        framer.crc_start.next = u64::from(start_of(CRC_START)).into();
        packer.connect_all();
        framer.connect_all();
        Bench { packer, framer, sent: Vec::new(), words: 0, over: false }
    }

    fn clock(&mut self, reset: bool, code: Option<(Code, bool)>, fate: Fate, misaligned: bool) {
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
        framer.misaligned_round.next = misaligned;
        framer.word_valid.next = packer.word_valid.val();
        framer.word.next = packer.word.val();
        framer.word_bytes.next = packer.word_bytes.val();
        framer.word_last.next = packer.word_last.val();
        // Where a frame does not need room, there is none either.
        framer.room.next = match fate {
            Fate::Whole => valid || packer.word_valid.val(),
            Fate::Overrun => packer.word_valid.val(),
            Fate::Full(word) if packer.word_valid.val() => self.words != word,
            Fate::Full(_) => valid,
            Fate::Misaligned(_) => true,
        };
        settle!(*framer);
        if framer.write.val() {
            let bytes = framer.frame_word_bytes.val().to_u8() + 1;
            let last = framer.frame_word_last.val();
            self.sent.push((framer.frame_word.val().to_u32(), bytes, last));
        }
        self.words += usize::from(packer.word_valid.val());
        self.over = packer.word_valid.val() && packer.word_last.val();
        assert!(!framer.frame_over.val() || self.over);
        tick!(*packer);
        tick!(*framer);
    }

    /// Sends a frame or a packet, and waits for its end.
    fn send(&mut self, codes: &[Code], fate: Fate, random: &mut StdRng) {
        (self.words, self.over) = (0, false);
        for (at, &code) in codes.iter().enumerate() {
            while random.random_ratio(1, 5) {
                self.clock(false, None, fate, false);
            }
            // Rounds are clocks ahead of codes: it is known before the last code comes.
            let misaligned = fate == Fate::Misaligned(at);
            self.clock(false, Some((code, at + 1 == codes.len())), fate, misaligned);
        }
        while !self.over {
            self.clock(false, None, fate, false);
        }
    }

    fn status(&self) -> [u32; 3] {
        let framer = &self.framer;
        [&framer.frames, &framer.broken_frames, &framer.overruns].map(|n| n.val().to_u32())
    }
}

fn payload(codes: &[Code]) -> Vec<u32> {
    let mut packer = GoldenPacker::default();
    let mut words: Vec<u32> = codes.iter().filter_map(|&code| packer.push(code)).collect();
    words.extend(packer.flush());
    words
}

/// The expected output of a frame with `words` words of payload.
fn expected(number: u32, keyframe: bool, payload: &[u32], words: usize) -> Vec<u32> {
    let mut sent = vec![Header { keyframe, sequence: number as u16 }.word()];
    sent.extend(keyframe.then_some(DIGEST));
    sent.extend(&payload[..words]);
    let crc = crc(CRC_START, &sent);
    sent.push(if words < payload.len() { !crc } else { crc });
    sent
}

#[test]
fn random_frames_gaps_and_room() {
    let mut random = generator(seed("random_frames_gaps_and_room"));
    for keyframe_interval in [1, 2, 4, 64] {
        let mut bench = Bench::new(Some(Frames { rounds: 1, keyframe_interval }));
        for always_whole in [true, false, false] {
            let (mut lost_before, mut broken, mut overruns) = (false, 0, 0);
            for number in 0..150_u32 {
                let codes = random_codes(&mut random);
                let payload = payload(&codes);
                let fate = match always_whole {
                    true => Fate::Whole,
                    false => random_fate(codes.len(), payload.len(), &mut random),
                };
                bench.sent.clear();
                bench.send(&codes, fate, &mut random);
                // The trailer comes three clocks after the last word.
                for _ in 0..random.random_range(3..10) {
                    bench.clock(false, None, fate, false);
                }
                let keyframe = lost_before || (number as usize).is_multiple_of(keyframe_interval);
                let head = if keyframe { 3 } else { 2 };
                let words = match fate {
                    Fate::Whole => payload.len(),
                    Fate::Overrun => 0,
                    Fate::Full(word) => word,
                    Fate::Misaligned(_) => bench.sent.len() - head,
                };
                let mut whole = expected(number, keyframe, &payload, words);
                if fate == Fate::Overrun {
                    whole.clear();
                }
                let last = whole.len().wrapping_sub(1);
                let flagged = whole.iter().enumerate().map(|(at, &w)| (w, 4, at == last));
                assert_eq!(bench.sent, flagged.collect::<Vec<_>>(), "frame {number}, {fate:?}");
                lost_before = fate != Fate::Whole;
                assert!(!lost_before || words < payload.len());
                overruns += u32::from(fate == Fate::Overrun);
                broken += u32::from(lost_before && fate != Fate::Overrun);
                assert_eq!(bench.status(), [number + 1, broken, overruns]);
                assert_eq!(
                    bench.framer.keyframe.val(),
                    lost_before || (number as usize + 1).is_multiple_of(keyframe_interval)
                );
            }
            bench.send(&random_codes(&mut random), Fate::Whole, &mut random);
            bench.clock(true, None, Fate::Whole, false);
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
        bench.send(&codes, Fate::Whole, &mut random);
        bench.clock(false, None, Fate::Whole, false);
        let bytes = (codes.iter().map(|code| usize::from(code.len)).sum::<usize>() - 1) / 8 % 4 + 1;
        let words = payload(&codes);
        let last = words.len() - 1;
        let flags = |at| (if at == last { bytes as u8 } else { 4 }, at == last);
        expected.extend(words.iter().enumerate().map(|(at, &w)| (w, flags(at).0, flags(at).1)));
    }
    assert_eq!(bench.sent, expected);
}
