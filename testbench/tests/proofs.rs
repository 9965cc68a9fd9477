//! The proofs hold, and each fails on every deliberately wrong copy of its block.

use hdl::Profile;
use std::sync::Mutex;
use std::sync::atomic::{AtomicUsize, Ordering};
use std::thread;
use synth::{Prover, Tools, Verdict};
use testbench::proofs::proofs;

fn prover() -> Prover {
    Tools::locate().prover().expect("the prover can be installed")
}

/// The failures. Two threads, because a proof uses about one core.
fn complaints<T: Sync>(items: &[T], check: impl Fn(&T) -> Option<String> + Sync) -> Vec<String> {
    let next = AtomicUsize::new(0);
    let found = Mutex::new(Vec::new());
    thread::scope(|scope| {
        for _ in 0..2 {
            scope.spawn(|| {
                while let Some(item) = items.get(next.fetch_add(1, Ordering::Relaxed)) {
                    found.lock().unwrap().extend(check(item));
                }
            });
        }
    });
    found.into_inner().unwrap()
}

#[test]
fn every_proof_holds_and_reaches_its_covers() {
    let prover = prover();
    let proofs = proofs();
    let vacuous = complaints(&proofs, |proof| {
        let reached = proof.reach(&prover).unwrap();
        (reached != Verdict::Proved).then(|| format!("{}: {reached:?}", proof.block))
    });
    assert!(vacuous.is_empty(), "{vacuous:#?}");
    let designs: Vec<_> =
        proofs.iter().flat_map(|proof| proof.designs.iter().map(move |d| (proof, d))).collect();
    let unproved = complaints(&designs, |(proof, design)| {
        let verdict = proof.prove(design, &prover).unwrap();
        (verdict != Verdict::Proved).then(|| format!("{}: {verdict:?}", design.name))
    });
    assert!(unproved.is_empty(), "{unproved:#?}");
}

#[test]
fn every_wrong_copy_fails_its_proof() {
    let prover = prover();
    let proofs = proofs();
    let mutants: Vec<_> =
        proofs.iter().flat_map(|proof| proof.mutants.iter().map(move |m| (proof, m))).collect();
    let unseen = complaints(&mutants, |(proof, mutant)| {
        let verdict = proof.prove_of(mutant, &prover).unwrap();
        let refuted = matches!(verdict, Verdict::Refuted { .. });
        (!refuted).then(|| format!("{}, {}: {verdict:?}", proof.block, mutant.says))
    });
    assert!(unseen.is_empty(), "{unseen:#?}");
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
