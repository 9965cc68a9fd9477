//! The tier coder compared with the golden model: every context with every rank and both escapes.

use golden_model::Converter;
use golden_model::converter::Token;
use golden_model::tier_coder::{Code, TierCode};
use hdl::Profile;
use hdl::codec::converter::Input;
use hdl::codec::tier_coder::TierCoder;
use hdl::shape::{CHALLENGE, NEUROPIXELS_2, SAMPLE};
use rand::RngExt as _;
use rust_hdl::prelude::*;
use std::collections::VecDeque;
use testbench::seed::{generator, seed};
use testbench::{settle, tick};

/// What one sample looks like to the tier coder.
#[derive(Clone, Copy, Debug)]
struct Work {
    context: usize,
    rank: Option<u16>,
    sample: i16,
}

fn golden(converter: &Converter, code: &TierCode, work: Work) -> Code {
    let Some(token) = converter.token(work.sample) else {
        return code.sample_escape().code(work.sample as u16);
    };
    let tier = &code.tiers()[code.tier_of(work.rank)];
    match work.rank {
        Some(rank) if tier != code.token_escape() => tier.code(rank),
        _ => code.token_escape().code(token.number()),
    }
}

fn check<const TOKEN: usize>(profile: &str) {
    let mut random = generator(seed(profile));
    let profile = Profile::named(profile).unwrap();
    let set = profile.table_set();
    let converter = set.converter();
    let width = set.rank_table().width() as u32;
    let mut works = Vec::new();
    for context in 0..set.tier_codes().len() {
        // By nearness, all offsets have a rank: those up to the last class of the tiers, and some others.
        let ranks: Vec<Option<u16>> = if set.rank_table().is_by_nearness() {
            let random = (0..100).map(|_| random.random_range(0..width) as u16);
            (0..width.min(3000) as u16).chain(random.collect::<Vec<_>>()).map(Some).collect()
        } else {
            (0..width as u16).map(Some).chain([None; 20]).collect()
        };
        works.extend(ranks.into_iter().map(|rank| {
            let token = random.random::<u16>() & converter.last_token().number();
            let sample = converter.sample(Token::new(token));
            Work { context, rank, sample }
        }));
        // Off the lattice, whatever the rank table outputs.
        works.extend([1, -1, i16::MIN + 1, i16::MAX - 1].map(|sample| {
            let rank = random.random_bool(0.5).then(|| random.random_range(0..width) as u16);
            Work { context, rank, sample }
        }));
    }

    let mut block = TierCoder::<TOKEN>::new(set, Input::Samples);
    block.connect_all();
    block.aresetn.next = true;
    let mut waiting = VecDeque::new();
    let mut came = 0;
    let mut before = 0;
    let mut next = works.iter().copied().peekable();
    while came < works.len() {
        // With gaps, in which the inputs are random.
        let valid = next.peek().is_some() && random.random_ratio(3, 4);
        let work = if valid { next.next().unwrap() } else { works[0] };
        let last = random.random_bool(0.5);
        block.valid.next = valid;
        block.last.next = last;
        block.activity_context.next = (work.context as u64).into();
        block.rank.next = u64::from(work.rank.unwrap_or(0)).into();
        block.in_window.next = work.rank.is_some();
        // The sample comes one clock after the rest.
        block.sample.next = u64::from(before as u16).into();
        before = work.sample;
        block.on_lattice.next = converter.token(work.sample).is_some();
        settle!(block);
        if block.code_valid.val() {
            let (work, last): (Work, bool) = waiting.pop_front().expect("a code without a sample");
            let code = Code { bits: block.code.val().to_u32(), len: block.length.val().to_u8() };
            assert_eq!(code, golden(converter, &set.tier_codes()[work.context], work), "{work:?}");
            assert_eq!(block.code_last.val(), last);
            came += 1;
        }
        if valid {
            waiting.push_back((work, last));
        }
        tick!(block);
    }
    assert!(waiting.is_empty());
}

#[test]
fn every_context_with_every_rank_and_both_escapes_seed() {
    check::<CHALLENGE>("seed");
}

#[test]
fn every_context_with_every_rank_and_both_escapes_bigram_128() {
    check::<CHALLENGE>("bigram-128");
}

#[test]
fn every_context_with_every_rank_and_both_escapes_bigram_32() {
    check::<CHALLENGE>("bigram-32");
}

#[test]
fn ranks_by_nearness_and_both_escapes() {
    check::<CHALLENGE>("neuropixels384");
    check::<NEUROPIXELS_2>("neuropixels2-384");
    check::<SAMPLE>("intan128");
}
