//! The command line of tierwire.

mod commands;
mod given;
mod help;
mod inputs_kept;
mod messages;
mod output;
mod profiles;
mod recordings;
mod tables;

use std::process::ExitCode;

use clap::{CommandFactory, FromArgMatches, Parser};

use commands::Command;
use messages::{reasons, say};

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
    recorders::output::clean_up_when_interrupted();
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
