//! Decisions that no encoder made.

use golden_model::layout::Samples;
use golden_model::wide::group::Group;

/// An input is channels, rounds (two bytes), and a stretch of the challenge's converter. What is decoded
/// has to come back when it is coded anew.
pub fn run(input: &[u8]) {
    let [channels, low, high, stretch @ ..] = input else { return };
    let group = Group::of_the_challenge(u16::from(channels % 40) + 1);
    let rounds = usize::from(u16::from_le_bytes([*low, *high]) % 4096);
    let mut samples = Samples::I16(Vec::new());
    if group.decode(rounds, stretch, &mut samples).is_ok() {
        assert_eq!(samples.len(), rounds * group.channels());
        let mut again = Samples::I16(Vec::new());
        group.decode(rounds, &group.encode(&samples), &mut again).expect("what was just coded");
        assert!(again == samples, "other samples");
    }
}
