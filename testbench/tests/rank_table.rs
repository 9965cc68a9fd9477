//! The rank table compared with the golden model: every prediction with every offset.

use golden_model::converter::Token;
use hdl::Profile;
use hdl::codec::rank_table::RankTable;
use hdl::shape::CHALLENGE;
use rust_hdl::prelude::*;
use testbench::tick;

fn check(profile: &str) {
    let profile = Profile::named(profile).unwrap();
    let golden = profile.table_set().rank_table();
    let mut block = RankTable::<CHALLENGE>::new(golden);
    block.connect_all();
    block.enable.next = true;
    for prediction in 0..1024 {
        block.prediction.next = u64::from(prediction).into();
        let row = golden.row(Token::new(prediction));
        for offset in -512_i16..512 {
            block.offset.next = u64::from(offset as u16 & 1023).into();
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
    check("seed");
}

#[test]
fn every_prediction_with_every_offset_bigram_128() {
    check("bigram-128");
}

#[test]
fn every_prediction_with_every_offset_bigram_32() {
    check("bigram-32");
}
