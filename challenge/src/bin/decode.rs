//! `decode IN OUT`: gives a compressed file back, byte for byte.

use std::process::ExitCode;

fn main() -> ExitCode {
    challenge::run(challenge::form::decode)
}
