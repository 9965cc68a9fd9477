//! The range coder and its packer compared with the golden model: every part of every class, random streams, and
//! the packer alone with carries wherever they are possible.

use golden_model::TableSet;
use golden_model::converter::Token;
use golden_model::range_coder::{CarryPacker as GoldenPacker, Interval, RangeEncoder};
use golden_model::tier_coder::Code;
use hdl::codec::converter::Input;
use hdl::codec::range_coder::RangeCoder;
use hdl::codec::range_coder::packer::CarryPacker;
use hdl::shape::CHALLENGE;
use rand::RngExt as _;
use rand::rngs::StdRng;
use rust_hdl::prelude::*;
use testbench::seed::{generator, seed};
use testbench::{settle, tick};

/// What one sample looks like to the coder.
#[derive(Clone, Copy, Debug, Default)]
struct Work {
    context: usize,
    row: usize,
    rank: Option<usize>,
    sample: i16,
}

fn interval(set: &TableSet, work: Work) -> Interval {
    let range = set.range_code().unwrap();
    let class = range.class(work.context, work.row);
    let Some(token) = set.converter().token(work.sample) else {
        return range.sample_escape(class, work.sample as u16);
    };
    let rank = work.rank.and_then(|rank| range.rank(class, rank));
    let token_bits = set.converter().token_bits();
    rank.unwrap_or_else(|| range.token_escape(class, token.number(), token_bits))
}

fn golden(set: &TableSet, packet: &[Work]) -> Vec<u32> {
    let mut encoder = RangeEncoder::default();
    let mut words: Vec<u32> =
        packet.iter().filter_map(|&work| encoder.push(interval(set, work))).collect();
    words.extend(encoder.flush().into_iter().flatten());
    words
}

/// Words of a packer, divided into packets.
#[derive(Default)]
struct Words {
    packets: Vec<Vec<u32>>,
    open: Vec<u32>,
}

impl Words {
    fn take(&mut self, packer: &CarryPacker) {
        if packer.word_valid.val() {
            self.open.push(packer.word.val().to_u32());
            if packer.word_last.val() {
                self.packets.push(std::mem::take(&mut self.open));
            }
        } else {
            assert_eq!(packer.word.val().to_u32(), 0);
        }
    }
}

/// Sends packets with `gaps` percent of idle clocks, and the one behind each packet.
fn check(set: &TableSet, packets: &[Vec<Work>], gaps: u32, random: &mut StdRng) {
    let mut coder = RangeCoder::<CHALLENGE>::new(set, Input::Samples);
    let mut packer = CarryPacker::default();
    coder.connect_all();
    packer.connect_all();
    coder.aresetn.next = true;
    packer.aresetn.next = true;
    let mut inputs: Vec<Option<(Work, bool)>> = Vec::new();
    for packet in packets {
        for (at, &work) in packet.iter().enumerate() {
            while random.random_ratio(gaps, 100) {
                inputs.push(None);
            }
            inputs.push(Some((work, at + 1 == packet.len())));
        }
        inputs.push(None);
    }
    inputs.extend([None; 12]);

    let mut words = Words::default();
    let mut before = 0;
    for input in inputs {
        let (work, last) = input.unwrap_or_default();
        let rank = work.rank.unwrap_or(random.random_range(0..128));
        coder.valid.next = input.is_some();
        coder.last.next = last;
        coder.activity_context.next = (work.context as u64).into();
        // Above the row's bits comes what a token has there.
        coder.row.next = ((work.row + 128 * random.random_range(0..8)) as u64).into();
        coder.rank.next = (rank as u64).into();
        coder.in_window.next = work.rank.is_some();
        coder.on_lattice.next = set.converter().token(work.sample).is_some();
        // The sample comes one clock after the rest.
        coder.sample.next = u64::from(before as u16).into();
        before = work.sample;
        settle!(coder);
        packer.valid.next = coder.code_valid.val();
        packer.last.next = coder.code_last.val();
        packer.code.next = coder.code.val();
        packer.length.next = coder.length.val();
        settle!(packer);
        words.take(&packer);
        tick!(coder);
        tick!(packer);
    }
    let expected: Vec<Vec<u32>> = packets.iter().map(|packet| golden(set, packet)).collect();
    assert!(words.packets == expected, "other words");
    assert!(words.open.is_empty());
}

fn range_128() -> TableSet {
    golden_model::shipped("range-128").unwrap()
}

/// A sample of some token.
fn on_lattice(set: &TableSet, random: &mut StdRng) -> i16 {
    let number = random.random::<u16>() & set.converter().last_token().number();
    set.converter().sample(Token::new(number))
}

#[test]
fn every_part_of_every_class() {
    let mut random = generator(seed("every_part_of_every_class"));
    let set = range_128();
    let range = set.range_code().unwrap();
    let rows = usize::from(set.rank_table().fold());
    let mut seen = vec![false; range.classes()];
    let mut packets = Vec::new();
    for context in 0..set.activity().contexts() {
        for row in 0..rows {
            let mut work =
                |rank| Work { context, row, rank, sample: on_lattice(&set, &mut random) };
            // Each place of the ROM of classes, with the rank that tells classes apart best.
            let mut packet = vec![work(Some(0)), work(Some(1)), work(None)];
            if !std::mem::replace(&mut seen[range.class(context, row)], true) {
                packet.extend((0..set.rank_table().width()).map(|rank| work(Some(rank))));
                packet.push(Work { sample: 1, ..work(Some(3)) });
            }
            packets.push(packet);
        }
    }
    assert!(seen.iter().all(|&seen| seen));
    check(&set, &packets, 0, &mut random);
}

#[test]
fn random_packets_with_gaps() {
    let mut random = generator(seed("range coder: random packets with gaps"));
    let set = range_128();
    for gaps in [0, 30, 90] {
        let packets: Vec<Vec<Work>> = (0..150)
            .map(|_| {
                let likely = random.random_range(1..8);
                let length = random.random_range(1..120);
                let mut work = || Work {
                    context: random.random_range(0..16),
                    row: random.random_range(0..128),
                    rank: match random.random_range(0..10) {
                        0 => None,
                        1 => Some(random.random_range(0..128)),
                        _ => Some(random.random_range(0..likely)),
                    },
                    sample: match random.random_ratio(1, 12) {
                        true => random.random(),
                        false => on_lattice(&set, &mut random),
                    },
                };
                (0..length).map(|_| work()).collect()
            })
            .collect();
        check(&set, &packets, gaps, &mut random);
    }
}

/// Codes mostly of ones, with a carry now and then where the bits before leave room for it, and at last one
/// without.
fn codes(length: usize, random: &mut StdRng) -> Vec<Code> {
    let mut room = false;
    let longest = random.random_range(1..=31);
    let mut codes: Vec<Code> = (0..length)
        .map(|_| {
            let len = random.random_range(0..=longest);
            let mask = (1_u32 << len) - 1;
            let bits = if random.random_ratio(4, 5) { mask } else { random.random::<u32>() & mask };
            let carry = room && random.random_ratio(1, 6);
            room = (room && !carry) || bits != mask;
            Code { bits: bits | u32::from(carry) << len, len }
        })
        .collect();
    codes.push(Code { bits: random.random::<u32>() >> 16, len: 16 });
    codes
}

#[test]
fn the_packer_with_carries_into_words_of_ones() {
    let mut random = generator(seed("the_packer_with_carries_into_words_of_ones"));
    let mut packer = CarryPacker::default();
    packer.connect_all();
    packer.aresetn.next = true;
    let (mut words, mut expected) = (Words::default(), Vec::new());
    let (mut after_ones, mut carried) = (0, 0);
    for _ in 0..1500 {
        let codes = codes(random.random_range(0..40), &mut random);
        let mut golden = GoldenPacker::default();
        let mut packet: Vec<u32> = codes.iter().filter_map(|&code| golden.push(code)).collect();
        packet.extend(golden.flush().into_iter().flatten());
        for pair in packet.windows(2).filter(|pair| pair[0] == u32::MAX) {
            after_ones += 1;
            carried += pair[1] >> 31;
        }
        expected.push(packet);
        let last = codes.len() - 1;
        // The next packet may follow at once.
        let gap = random.random_bool(0.5).then_some(None);
        let codes = codes.into_iter().map(Some).chain(gap);
        for (at, code) in codes.enumerate() {
            packer.valid.next = code.is_some();
            packer.last.next = at == last;
            let code = code.unwrap_or(Code { bits: 0x2a_aaaa, len: 26 });
            packer.code.next = u64::from(code.bits).into();
            packer.length.next = u64::from(code.len).into();
            settle!(packer);
            words.take(&packer);
            tick!(packer);
        }
    }
    packer.valid.next = false;
    for _ in 0..4 {
        settle!(packer);
        words.take(&packer);
        tick!(packer);
    }
    assert!(words.packets == expected, "other words");
    assert!(words.open.is_empty());
    // Both kinds of words of ones, and carries that meet them, were there.
    assert!(after_ones > 300 && carried > 30, "{after_ones}, {carried}");
}
