//! The proofs hold, and each fails on every deliberately wrong copy of its block.

use std::sync::atomic::{AtomicUsize, Ordering};
use std::thread;
use synth::{Prover, Tools, Verdict};
use testbench::proofs::{Proof, proofs};

fn prover() -> Prover {
    Tools::locate().prover().expect("the prover can be installed")
}

/// Does something with every item, on two threads: a proof keeps hardly more than one core busy.
fn each<T: Sync>(items: &[T], act: impl Fn(&T) + Sync) {
    let next = AtomicUsize::new(0);
    thread::scope(|scope| {
        for _ in 0..2 {
            scope.spawn(|| {
                while let Some(item) = items.get(next.fetch_add(1, Ordering::Relaxed)) {
                    act(item);
                }
            });
        }
    });
}

#[test]
fn every_proof_holds_and_is_about_something() {
    let prover = prover();
    each(&proofs(), |proof: &Proof| {
        let reached = proof.reach(&prover).unwrap();
        assert_eq!(reached, Verdict::Proved, "{}: what it assumes cannot happen", proof.block);
        assert_eq!(
            proof.prove(&prover).unwrap(),
            Verdict::Proved,
            "{}: {}",
            proof.block,
            proof.says
        );
    });
}

#[test]
fn every_wrong_copy_fails_its_proof() {
    let prover = prover();
    let proofs = proofs();
    let mutants: Vec<_> =
        proofs.iter().flat_map(|proof| proof.mutants.iter().map(move |m| (proof, m))).collect();
    each(&mutants, |(proof, mutant)| {
        let verdict = proof.prove_of(mutant, &prover).unwrap();
        let refuted = matches!(verdict, Verdict::Refuted { .. });
        assert!(refuted, "{}, {}: {verdict:?}", proof.block, mutant.says);
    });
}

#[test]
fn every_proof_has_two_wrong_copies_at_the_least() {
    for proof in proofs() {
        assert!(proof.mutants.len() >= 2, "{}", proof.block);
    }
}
