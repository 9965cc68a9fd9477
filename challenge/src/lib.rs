//! tierwire in the form of the Neuralink compression challenge: two executables, `encode IN OUT`
//! and `decode IN OUT`, whose own bytes count.
//!
//! The codec is the golden model's; here are the table set in as few bytes as it takes
//! ([`tables`]) and a file format with less than a byte around the codec's bits ([`form`]).
//! `scripts/build-challenge.sh` builds the executables, `scripts/eval.sh` scores a folder.

pub mod form;
pub mod tables;

use golden_model::TableSet;
use std::process::ExitCode;
use std::{env, fs};

/// Turns the file that the first argument names into the one that the second names.
///
/// Exit codes: 0 done, 1 failed, 2 wrong usage. Nothing is printed: messages would weigh more than
/// the codec.
pub fn run(turn: fn(&[u8], &TableSet) -> Option<Vec<u8>>) -> ExitCode {
    let mut arguments = env::args_os().skip(1);
    let (Some(from), Some(to), None) = (arguments.next(), arguments.next(), arguments.next())
    else {
        return ExitCode::from(2);
    };
    let turned = || turn(&fs::read(from).ok()?, &tables::tables()?);
    match turned().map(|bytes| fs::write(to, bytes)) {
        Some(Ok(())) => ExitCode::SUCCESS,
        _ => ExitCode::FAILURE,
    }
}
