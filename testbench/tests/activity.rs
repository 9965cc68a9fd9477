//! The activity compared with the golden model: every mean, with offsets on both sides of every
//! edge.

use hdl::Profile;
use hdl::codec::activity::Activity;
use hdl::shape::{CHALLENGE, NEUROPIXELS_2, SAMPLE};
use rust_hdl::prelude::*;
use testbench::{settle, tick};

fn check<const TOKEN: usize>(profile: &str) {
    let profile = Profile::named(profile).unwrap();
    let set = profile.table_set();
    let golden = set.activity();
    let window = set.window();
    let mut block = Activity::<TOKEN>::new(golden, window);
    block.connect_all();
    block.enable.next = true;
    let edge = window as i16;
    let half = (1_i32 << (TOKEN - 1)) as i16;
    let offsets = [
        0,
        1,
        -1,
        7,
        -7,
        edge - 1,
        edge,
        edge + 1,
        1 - edge,
        -edge,
        -edge - 1,
        half.wrapping_sub(1),
        half.wrapping_neg(),
    ];
    for mean in 0..=golden.ceiling(window) {
        block.mean.next = u64::from(mean).into();
        for offset in offsets {
            block.offset.next = (u64::from(offset as u16) & ((1 << TOKEN) - 1)).into();
            settle!(block);
            let next = golden.next(mean, offset, window);
            assert_eq!(block.next_mean.val().to_u16(), next, "mean {mean}, offset {offset}");
            tick!(block);
            let context = u64::from(set.context(mean));
            assert_eq!(block.activity_context.val().to_u64(), context, "mean {mean}");
        }
    }
}

#[test]
fn every_mean_seed() {
    check::<CHALLENGE>("seed");
}

#[test]
fn every_mean_bigram_128() {
    check::<CHALLENGE>("bigram-128");
}

#[test]
fn every_mean_bigram_32() {
    check::<CHALLENGE>("bigram-32");
}

#[test]
fn every_mean_of_codes() {
    check::<CHALLENGE>("neuropixels384");
    check::<NEUROPIXELS_2>("neuropixels2-384");
    check::<SAMPLE>("intan128");
}
