//! A short run of every target: right inputs, and right inputs damaged at random.

use fuzz::TARGETS;
use rand::rngs::StdRng;
use rand::seq::IndexedRandom;
use rand::{RngExt, SeedableRng};

/// Damaged inputs of each target.
const INPUTS: usize = 3000;

/// Seeded with `TIERWIRE_SEED`, or 1; printed, so that a failure can be repeated.
fn generator() -> StdRng {
    let seed = match std::env::var("TIERWIRE_SEED") {
        Ok(text) => text.parse().unwrap_or_else(|_| panic!("TIERWIRE_SEED={text} is no number")),
        Err(_) => 1,
    };
    println!("to run this again, set TIERWIRE_SEED={seed}");
    StdRng::seed_from_u64(seed)
}

/// One kind of damage, somewhere.
fn damage(input: &mut Vec<u8>, others: &[Vec<u8>], rng: &mut StdRng) {
    let at = rng.random_range(0..=input.len());
    let up_to = rng.random_range(at..=input.len().min(at + 16));
    match rng.random_range(0..6) {
        0 => input.truncate(at),
        1 => drop(input.drain(at..up_to)),
        2 => {
            let bytes: Vec<u8> = (at..up_to).map(|_| rng.random()).collect();
            drop(input.splice(at..up_to, bytes));
        }
        3 => {
            let extreme = [0, 1, 0x7f, 0x80, 0xff][rng.random_range(0..5)];
            input[at..up_to].fill(extreme);
        }
        4 => {
            let copy = input[at..up_to].to_vec();
            drop(input.splice(at..at, copy));
        }
        _ => {
            let other = others.choose(rng).expect("there are seeds");
            let from = rng.random_range(0..=other.len());
            drop(input.splice(at..up_to, other[from..other.len().min(from + 40)].to_vec()));
        }
    }
}

#[test]
fn damaged_inputs_are_survived_in_bounded_memory() {
    let mut rng = generator();
    for target in TARGETS {
        let seeds = (target.seeds)();
        let mut most = 0;
        for number in 0..INPUTS {
            let mut input = seeds[number % seeds.len()].clone();
            // The seeds themselves come first.
            if number >= seeds.len() {
                (0..rng.random_range(1..6)).for_each(|_| damage(&mut input, &seeds, &mut rng));
            }
            most = most.max(target.run(&input));
        }
        println!("{}: {INPUTS} inputs, at most {most} bytes of memory", target.name);
    }
}
