//! 1000 damaged streams of every kind of damage, delivered frame by frame and as bytes without marks
//! between frames.
//!
//! `cargo test -p testbench damage -- --nocapture` shows how much was lost.

use testbench::damage::{KINDS, survive};
use testbench::seed::{generator, seed};

const STREAMS: usize = 1000;

#[test]
fn no_wrong_sample_is_output_and_none_is_missing_without_need() {
    let mut random = generator(seed("damage"));
    for kind in KINDS {
        let survived = survive(kind, STREAMS, None, &mut random);
        let share = survived.handed_out.map(|right| 100.0 * right as f64 / survived.frames as f64);
        assert_eq!(survived.findings, [], "{}", kind.name);
        println!(
            "{}: {STREAMS} streams, {} frames; handed out {:.1} % of the frames as datagrams, \
             {:.1} % as bytes; 0 wrong samples",
            kind.name, survived.frames, share[0], share[1]
        );
        assert!(share.iter().all(|share| (10.0..=100.0).contains(share)), "{kind:?}: {survived:?}");
    }
}
