//! tierwire in the form of the Neuralink compression challenge: two executables, `encode IN OUT`
//! and `decode IN OUT`, whose own bytes count.
//!
//! The codec is the golden model's; here are the table set in as few bytes as it takes
//! ([`tables`]) and a file format with less than a byte around the codec's bits ([`form`]).
//! `scripts/build-challenge.sh` builds the executables, `scripts/eval.py` scores a folder.

#![cfg_attr(bare, no_std)]
#![cfg_attr(not(bare), forbid(unsafe_code))]

extern crate alloc;

#[cfg(bare)]
pub mod bare;
pub mod form;
pub mod tables;

use alloc::vec::Vec;

use golden_model::TableSet;

/// The conversion that an executable does.
pub type Turn = fn(&[u8], &TableSet) -> Option<Vec<u8>>;

/// Turns the file that the first argument names into the one that the second names.
///
/// Exit codes: 0 done, 1 failed, 2 wrong usage. Nothing is printed: messages would take more bytes
/// than the codec.
#[cfg(not(bare))]
pub fn run(turn: Turn) -> std::process::ExitCode {
    use std::process::ExitCode;
    let mut arguments = std::env::args_os().skip(1);
    let (Some(from), Some(to), None) = (arguments.next(), arguments.next(), arguments.next())
    else {
        return ExitCode::from(2);
    };
    let turned = || turn(&std::fs::read(from).ok()?, &tables::tables()?);
    match turned().map(|bytes| std::fs::write(to, bytes)) {
        Some(Ok(())) => ExitCode::SUCCESS,
        _ => ExitCode::FAILURE,
    }
}

/// The same without a standard library.
#[cfg(bare)]
pub fn run(
    turn: Turn,
    from: Option<&core::ffi::CStr>,
    to: Option<&core::ffi::CStr>,
    more: bool,
) -> i32 {
    let (Some(from), Some(to), false) = (from, to, more) else { return 2 };
    let turned = || {
        let bytes = turn(&bare::File::open(from)?.read()?, &tables::tables()?)?;
        bare::File::create(to)?.write(&bytes)
    };
    if turned().is_some() { 0 } else { 1 }
}

/// The `main` of an executable, with a standard library or without.
#[macro_export]
macro_rules! main {
    ($turn:expr) => {
        #[cfg(not(bare))]
        fn main() -> std::process::ExitCode {
            $crate::run($turn)
        }

        #[cfg(bare)]
        #[unsafe(no_mangle)]
        fn challenge_main(
            from: Option<&core::ffi::CStr>,
            to: Option<&core::ffi::CStr>,
            more: bool,
        ) -> i32 {
            $crate::run($turn, from, to, more)
        }
    };
}
