//! The command line of tierwire.

mod channel_writer;
mod commands;
mod help;
mod inputs_kept;
mod marked;
mod output;
mod profiles;
mod recordings;
mod tables;
mod temporary;

use std::io::Write;
use std::process::ExitCode;

use clap::{CommandFactory, FromArgMatches, Parser};

use commands::Command;

/// Lossless compression of neural recordings, in software and in hardware.
#[derive(Parser)]
#[command(version)]
#[command(
    after_help = "`tierwire COMMAND --help` explains a command; without a command, `demo` runs.
Exit codes: 0 done, 1 failed with the reason on one line, 2 wrong usage."
)]
struct Arguments {
    #[command(subcommand)]
    command: Option<Command>,
}

/// The command line as clap parses it.
fn command_line() -> clap::Command {
    help::grouped(Arguments::command())
}

fn main() -> ExitCode {
    let matches = command_line().get_matches();
    let arguments = Arguments::from_arg_matches(&matches).unwrap_or_else(|error| error.exit());
    let command = arguments.command.unwrap_or_default();
    let Err(error) = inputs_kept::check(&matches).and_then(|()| command.run()) else {
        return ExitCode::SUCCESS;
    };
    if let Some(usage) = error.downcast_ref::<clap::Error>() {
        usage.exit();
    }
    say(&reasons(&error));
    ExitCode::FAILURE
}

/// An error and its causes in one line. Many errors name their cause themselves, and it is not
/// printed a second time.
fn reasons(error: &anyhow::Error) -> String {
    let mut text = error.to_string();
    for cause in error.chain().skip(1).map(ToString::to_string) {
        if !text.ends_with(&cause) {
            text += &format!(": {cause}");
        }
    }
    text
}

/// One line on stderr, with any characters in names and reasons; a closed stderr is not an error.
fn say(text: &str) {
    let safe = |c: char| if c.is_control() { c.escape_default().to_string() } else { c.into() };
    let line: String = text.chars().map(safe).collect();
    let _ = writeln!(std::io::stderr(), "tierwire: {line}");
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn a_cause_is_printed_once() {
        let cause = || std::io::Error::other("disk on fire");
        let named = golden_model::twr::Error::Read(cause());
        let error = anyhow::Error::from(named).context("a.twr");
        assert_eq!(reasons(&error), "a.twr: cannot be read: disk on fire");
        let error = anyhow::Error::from(cause()).context("a.twr");
        assert_eq!(reasons(&error), "a.twr: disk on fire");
    }
}
