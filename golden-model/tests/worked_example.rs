//! The worked example of `docs/codec.md`: every number on the way from samples to words, taken from
//! each block, and the words compared with the encoder's.
//!
//! `TIERWIRE_REDRAW=1` writes it into the page again.

use std::fmt::Write as _;
use std::{env, fs, path::Path};

use tierwire_codec::bit_packer::BitPacker;
use tierwire_codec::neighbours::Round;
use tierwire_codec::predictor::Past;
use tierwire_codec::tier_coder::Payload;
use tierwire_codec::{Encoder, TableSet, shipped};

const BEGIN: &str = "<!-- begin: golden-model/tests/worked_example.rs -->\n";
const END: &str = "<!-- end -->\n";

/// A quiet channel, a step out of the window, a sample off the lattice, and quiet again.
const SAMPLES: [i16; 7] = [31, 95, -96, 95, 8231, 1000, 8295];

#[test]
fn the_page_shows_the_values_of_the_blocks() {
    let page = Path::new(env!("CARGO_MANIFEST_DIR")).join("../docs/codec.md");
    let text = fs::read_to_string(&page).unwrap();
    let (head, rest) = text.split_once(BEGIN).expect("the place of the example");
    let (shown, tail) = rest.split_once(END).expect("its end");
    let example = example(&shipped("bigram-32").unwrap());
    if env::var_os("TIERWIRE_REDRAW").is_some() {
        fs::write(&page, format!("{head}{BEGIN}{example}{END}{tail}")).unwrap();
    } else {
        assert!(shown == example, "{}: TIERWIRE_REDRAW=1 writes:\n{example}", page.display());
    }
}

fn example(set: &TableSet) -> String {
    let mut text = String::from(
        "| sample | token | prediction | row | offset | rank | mean | level | context | tier | code |\n\
         |---:|---:|---:|---:|---:|---:|---:|---:|---:|---|---|\n",
    );
    let (table, activity) = (set.rank_table(), set.activity());
    let converter = set.converter();
    let mut past = Past::new(converter, set.start_weights());
    let alone = &mut Round::default();
    let mut mean = activity.start;
    let mut packer = BitPacker::default();
    let mut words = Vec::new();
    let mut bits = Vec::new();
    for sample in SAMPLES {
        let context = set.context(mean);
        let tiers = &set.tier_codes()[usize::from(context)];
        let seen = format!("{mean} | {} | {context}", activity.level(mean));
        let (code, tier) = if let Some(token) = converter.token(sample) {
            let predicted = past.predict::<0, 0, 0>(converter, alone);
            let offset = converter.offset(token, predicted.token);
            let row = table.row(predicted.token);
            let rank = table.rank(row, offset);
            let index = tiers.tier_of(rank);
            let tier = tiers.tiers()[index];
            write!(
                text,
                "| {sample} | {} | {} | {row} | {offset} | {} | {seen} ",
                token.number(),
                predicted.token.number(),
                rank.map_or("none".into(), |rank| rank.to_string()),
            )
            .unwrap();
            past.learn::<0, 0, 0>(converter, set.window(), alone, predicted, token);
            mean = activity.next(mean, offset, table.window());
            match tier.payload {
                Payload::Ranks { base } => {
                    let rank = rank.expect("a tier of ranks");
                    let last = u32::from(base) + (1 << tier.suffix_len) - 1;
                    (tier.code(rank), format!("{index}: ranks {base} to {last}"))
                }
                _ => (tier.code(token.number()), "token escape".into()),
            }
        } else {
            write!(text, "| {sample} | none | | | | | {seen} ").unwrap();
            (tiers.sample_escape().code(sample as u16), "sample escape".into())
        };
        let code_bits = format!("{:0len$b}", code.bits, len = usize::from(code.len));
        writeln!(text, "| {tier} | `{code_bits}` |").unwrap();
        bits.push(code_bits);
        words.extend(packer.push(code));
    }
    words.extend(packer.flush());

    let mut encoder = Encoder::new(set, 1);
    let mut sent = Vec::new();
    encoder.extend(&SAMPLES, &mut sent);
    sent.extend(encoder.flush());
    assert_eq!(sent, words, "the encoder says otherwise");

    let words: Vec<String> = words.iter().map(|word| format!("{word:08x}")).collect();
    writeln!(text, "\nAll codes in a row, and the words that they fill (the rest is zeros):\n")
        .unwrap();
    writeln!(text, "```text\n{}\n{}\n```", bits.join(" "), words.join(" ")).unwrap();
    text
}
