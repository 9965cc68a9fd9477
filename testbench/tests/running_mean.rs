//! The running mean in stages compared with the golden model: every mean, with offsets on both sides of
//! every edge; fresh channels, and samples without a token.

use hdl::Profile;
use hdl::codec::running_mean::RunningMean;
use hdl::shape::CHALLENGE;
use rust_hdl::prelude::*;
use testbench::tick;

fn check(profile: &str) {
    let profile = Profile::named(profile).unwrap();
    let set = profile.table_set();
    let golden = set.activity();
    let window = set.window();
    let mut block = RunningMean::<CHALLENGE>::new(golden, window);
    block.connect_all();
    let edge = window as i16;
    let offsets =
        [0, 1, -1, 7, -7, edge - 1, edge, edge + 1, 1 - edge, -edge, -edge - 1, 511, -512];
    let mut step = |mean: u16, fresh: bool, offset: i16, blank: bool| {
        block.mean.next = u64::from(mean).into();
        block.fresh.next = fresh;
        tick!(block);
        // The next sample's mean is at the input by now.
        block.mean.next = 0x155.into();
        block.fresh.next = false;
        block.enable.next = true;
        block.offset.next = u64::from(offset as u16 & 0x3ff).into();
        block.blank.next = blank;
        tick!(block);
        let before = if fresh { golden.start } else { mean };
        let next = if blank { golden.start } else { golden.next(before, offset, window) };
        assert_eq!(block.new_mean.val().to_u16(), next, "mean {before}, offset {offset}");
        assert_eq!(block.activity_context.val().to_u8(), set.context(before), "mean {before}");
    };
    for mean in 0..=golden.ceiling(window) {
        for offset in offsets {
            step(mean, false, offset, false);
        }
        step(mean, true, edge - 3, false);
        step(mean, true, edge - 3, true);
    }
}

#[test]
fn every_mean_of_64_rows() {
    check("implant1024");
}

#[test]
fn every_mean_of_32_rows() {
    check("nano");
}
