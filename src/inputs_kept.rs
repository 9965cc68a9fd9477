//! **No input is overwritten**: one check for all commands, before any of them begins.
//!
//! A command's outputs are the arguments named in [`OUTPUTS`]; every other argument may be an input.
//! An output is refused when it is the same file as an input, whatever the two are called (another
//! spelling, a link, standard input), or a file beside the recordings in a folder that is an input.

use std::path::Path;

use clap::ArgMatches;
use recorders::output::keep;

/// Names of the arguments that are outputs, in every command.
const OUTPUTS: [&str; 11] =
    ["output", "json", "csv", "markdown", "svg", "page", "short", "root", "sidecar", "to", "flow"];

/// Refuses outputs of the command that would overwrite one of its inputs.
pub fn check(matches: &ArgMatches) -> anyhow::Result<()> {
    let Some((_, command)) = matches.subcommand() else { return Ok(()) };
    let of = |outputs: bool| {
        let ids = command.ids().filter(move |id| OUTPUTS.contains(&id.as_str()) == outputs);
        ids.filter_map(|id| command.try_get_raw(id.as_str()).ok().flatten()).flatten()
    };
    for output in of(true) {
        of(false).try_for_each(|input| keep(Path::new(output), Path::new(input)))?;
    }
    Ok(())
}

#[cfg(test)]
mod tests {
    use std::path::PathBuf;

    use super::*;

    /// Arguments that are paths and are only read. A new argument has to be put in one of the lists.
    const INPUTS: [&str; 12] = [
        "input",
        "inputs",
        "folder",
        "original",
        "compressed",
        "recordings",
        "signoff",
        "tables",
        "pdk",
        "liberty",
        "memories",
        "set",
    ];

    #[test]
    fn every_path_of_every_command_is_an_input_or_an_output() {
        let path = clap::value_parser!(PathBuf).type_id();
        for command in crate::command_line().get_subcommands() {
            for argument in command.get_arguments() {
                let id = argument.get_id().as_str();
                let known = OUTPUTS.contains(&id) != INPUTS.contains(&id);
                let is_path = argument.get_value_parser().type_id() == path;
                assert!(!is_path || known, "{}: {id}", command.get_name());
            }
        }
    }
}
