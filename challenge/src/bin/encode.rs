//! `encode IN OUT`: compresses a file.

use std::process::ExitCode;

fn main() -> ExitCode {
    challenge::run(|file, set| Some(challenge::form::encode(file, set)))
}
