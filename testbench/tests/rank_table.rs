//! The rank table compared with the golden model: every prediction with every offset.

use golden_model::converter::Token;
use golden_model::rank_table::RankTable as Golden;
use hdl::Profile;
use hdl::codec::rank_table::RankTable;
use hdl::shape::{CHALLENGE, NEUROPIXELS_2, SAMPLE};
use rust_hdl::prelude::*;
use testbench::tick;

fn check<const TOKEN: usize>(profile: &str, predictions: impl Iterator<Item = u16>) {
    let profile = Profile::named(profile).unwrap();
    let golden = profile.table_set().rank_table();
    let by_prediction = RankTable::<TOKEN>::new(golden);
    check_block(golden, by_prediction, |prediction, _| prediction, predictions);
}

fn check_block<const TOKEN: usize>(
    golden: &Golden,
    mut block: RankTable<TOKEN>,
    row_of: fn(u16, i16) -> u16,
    predictions: impl Iterator<Item = u16>,
) {
    block.connect_all();
    block.enable.next = true;
    let half = 1_i32 << (TOKEN - 1);
    let mask = 2 * half as u64 - 1;
    for prediction in predictions {
        let row = golden.row(Token::new(prediction));
        for offset in (-half..half).map(|offset| offset as i16) {
            block.row.next = (u64::from(row_of(prediction, offset)) & mask).into();
            block.offset.next = (u64::from(offset as u16) & mask).into();
            tick!(block);
            let rank = block.in_window.val().then(|| block.rank.val().to_u16());
            assert_eq!(rank, golden.rank(row, offset), "prediction {prediction}, offset {offset}");
        }
    }
    // Without enable, it keeps its last output.
    let before = (block.rank.val(), block.in_window.val());
    block.enable.next = false;
    block.offset.next = 0.into();
    tick!(block);
    assert_eq!((block.rank.val(), block.in_window.val()), before);
}

#[test]
fn every_prediction_with_every_offset_seed() {
    check::<CHALLENGE>("seed", 0..1024);
}

#[test]
fn every_prediction_with_every_offset_bigram_128() {
    check::<CHALLENGE>("bigram-128", 0..1024);
}

#[test]
fn every_prediction_with_every_offset_bigram_32() {
    check::<CHALLENGE>("bigram-32", 0..1024);
}

#[test]
fn every_offset_ranks_by_nearness() {
    // Whatever the prediction is.
    check::<CHALLENGE>("neuropixels384", [0, 700].into_iter());
    check::<NEUROPIXELS_2>("neuropixels2-384", [0, 10_000].into_iter());
    check::<SAMPLE>("intan128", [0, 50_000].into_iter());
}

#[test]
fn every_token_with_every_offset() {
    for profile in ["nano", "implant1024"] {
        let profile = Profile::named(profile).unwrap();
        let golden = profile.table_set().rank_table();
        let by_token = RankTable::<CHALLENGE>::by_token(golden);
        let token = |prediction: u16, offset: i16| prediction.wrapping_add(offset as u16);
        check_block(golden, by_token, token, 0..1024);
    }
}
