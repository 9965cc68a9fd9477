//! The command line of tierwire.

mod against_original;
mod channel_files;
mod commands;
mod dealing;
mod engines;
mod input;
mod marked;
mod output;
mod profiles;
mod recordings;
mod signoff;
mod sources;
mod tables;
mod temporary;

use std::io::Write;
use std::process::ExitCode;

use clap::Parser;

use commands::Command;

/// Lossless compression of neural recordings.
///
/// Exit codes: 0 done, 1 failed with the reason on one line, 2 wrong usage.
#[derive(Parser)]
#[command(version)]
struct Arguments {
    /// Without one, `demo`.
    #[command(subcommand)]
    command: Option<Command>,
}

fn main() -> ExitCode {
    let Err(error) = Arguments::parse().command.unwrap_or_default().run() else {
        return ExitCode::SUCCESS;
    };
    if let Some(usage) = error.downcast_ref::<clap::Error>() {
        usage.exit();
    }
    say(&format!("{error:#}"));
    ExitCode::FAILURE
}

/// One line on stderr, whatever names and reasons are made of; a closed stderr is no reason to fail.
fn say(text: &str) {
    let safe = |c: char| if c.is_control() { c.escape_default().to_string() } else { c.into() };
    let line: String = text.chars().map(safe).collect();
    let _ = writeln!(std::io::stderr(), "tierwire: {line}");
}
