//! A part of each proof. `tierwire prove --mutants` proves all designs, and refutes all wrong copies: CI
//! runs it.

use hdl::Profile;
use rayon::prelude::*;
use synth::Tools;
use testbench::proofs::{Line, Proof, proofs};

#[test]
fn each_proof_holds_of_its_first_design_and_a_wrong_copy_fails() {
    let prover = Tools::locate().prover().expect("the prover can be installed");
    let ask = |proof: &Proof| {
        [
            Line::reach(proof, &prover).unwrap(),
            Line::prove(proof, &proof.designs[0], &prover).unwrap(),
            Line::refute(proof, &proof.mutants[0], &prover).unwrap(),
        ]
    };
    let lines: Vec<Line> = proofs().par_iter().flat_map_iter(ask).collect();
    let bad: Vec<String> = lines.iter().filter(|line| !line.good).map(Line::text).collect();
    assert_eq!(bad, [""; 0]);
}

#[test]
fn every_proof_has_at_least_two_wrong_copies() {
    for proof in proofs() {
        assert!(proof.mutants.len() >= 2, "{}", proof.block);
    }
}

/// What a frame can cost at worst follows from four proofs: a whole frame has `rounds * channels`
/// samples (`rounds.sv`), no code is longer than the table set's longest (`tier_coder.sv`, `encoder.sv`), the
/// words of a packet are its bits by 32, rounded up (`bit_packer.sv`), or with the 16 bits of low by 31, if every
/// word is all ones (`packer.sv`), and header, digest and trailer are all that is added (`frames.sv`).
#[test]
fn the_longest_frame_of_every_profile_follows_from_the_proofs() {
    let proofs = proofs();
    let proved: Vec<&str> =
        proofs.iter().flat_map(|proof| &proof.designs).map(|design| &design.name[..]).collect();
    for profile in Profile::all() {
        let (set, channels) = (profile.table_set(), profile.channels());
        let ranged = set.range_code().is_some();
        match ranged {
            true => assert!(proved.contains(&"encoder") && proved.contains(&"packer")),
            false => assert!(proved.contains(&&format!("tier_coder {}", set.name())[..])),
        }
        let (Some(frames), Some(layout)) = (profile.frames(), profile.layout()) else {
            continue;
        };
        assert!(proved.contains(&&format!("rounds {channels} frames")[..]), "{channels} channels");
        assert!(proved.contains(&&format!("frames {}", profile.name())[..]), "{}", profile.name());
        let bits = channels * frames.rounds * usize::from(set.longest_code());
        let words = if ranged { (bits + 16).div_ceil(31) } else { bits.div_ceil(32) };
        assert_eq!(layout.max_words(set), 3 + words, "{}", profile.name());
    }
}
