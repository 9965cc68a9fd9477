//! **No input is overwritten**: one check for all commands, before any of them begins.
//!
//! A command's outputs are the arguments named in [`OUTPUTS`]; every other argument may be an input.
//! An output is refused when it is the same file as an input, whatever the two are called (another
//! spelling, a link, standard input), or a file beside the recordings in a folder that is an input.

use std::ffi::OsStr;
use std::path::Path;

use anyhow::bail;
use clap::ArgMatches;
use golden_model::recordings::is_recording;
use same_file::Handle;

/// Names of the arguments that are outputs, in every command.
const OUTPUTS: [&str; 8] = ["output", "json", "csv", "markdown", "svg", "page", "short", "root"];

/// Refuses outputs of the command that would overwrite one of its inputs.
pub fn check(matches: &ArgMatches) -> anyhow::Result<()> {
    let Some((_, command)) = matches.subcommand() else { return Ok(()) };
    let of = |outputs: bool| {
        let ids = command.ids().filter(move |id| OUTPUTS.contains(&id.as_str()) == outputs);
        ids.filter_map(|id| command.try_get_raw(id.as_str()).ok().flatten()).flatten()
    };
    for output in of(true) {
        of(false).try_for_each(|input| keep(output, input))?;
    }
    Ok(())
}

/// What tierwire writes itself, and may write again in a folder that it reads.
const OWN_KINDS: [&str; 7] = ["twr", "json", "csv", "md", "svg", "html", "toml"];

/// Refuses `output` when writing it would overwrite `input` or a file in it, or add a recording to it.
fn keep(output: &OsStr, input: &OsStr) -> anyhow::Result<()> {
    let [output, input] = [output, input].map(Path::new);
    // A device or a pipe is not overwritten.
    if output.is_file() {
        let same = match input == Path::new("-") {
            true => Handle::stdin().and_then(|stdin| Ok(stdin == Handle::from_path(output)?)),
            false => same_file::is_same_file(output, input),
        };
        if same.unwrap_or(false) {
            bail!("{}: is the input as well", output.display());
        }
    }
    let own = output.extension().is_some_and(|kind| OWN_KINDS.iter().any(|own| kind == *own));
    let folder = output.parent().filter(|parent| !parent.as_os_str().is_empty());
    if input.is_dir()
        && (is_recording(output) || output.is_file() && !own)
        && let (Ok(folder), Ok(inputs)) =
            (folder.unwrap_or(Path::new(".")).canonicalize(), input.canonicalize())
        && folder.starts_with(inputs)
    {
        bail!("{}: is among the recordings in {}", output.display(), input.display());
    }
    Ok(())
}

#[cfg(test)]
mod tests {
    use std::path::PathBuf;

    use super::*;

    /// Arguments that are paths and are only read. A new argument has to be put in one of the lists.
    const INPUTS: [&str; 8] =
        ["input", "inputs", "folder", "original", "compressed", "recordings", "signoff", "tables"];

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

    #[test]
    fn an_input_is_found_under_another_name_and_in_a_folder() {
        let folder = tempfile::tempdir().unwrap();
        let at = |name: &str| folder.path().join(name).into_os_string();
        std::fs::create_dir(at("e")).unwrap();
        for name in ["a.wav", "t.toml", "e/a.WAV", "e/figures.json", "e/structure.oebin"] {
            std::fs::write(at(name), name).unwrap();
        }
        std::fs::hard_link(at("a.wav"), at("b.wav")).unwrap();
        let refused = |output: &str, input: &str| keep(&at(output), &at(input)).is_err();
        assert!(refused("a.wav", "a.wav") && refused("e/../a.wav", "a.wav"));
        assert!(refused("b.wav", "a.wav") && refused("t.toml", "t.toml"));
        assert!(refused("e/a.WAV", "e") && refused("e/../e/a.WAV", "."));
        assert!(refused("e/new.wav", "e") && refused("e/structure.oebin", "e"));
        assert!(!refused("e/figures.json", "e") && !refused("new.wav", "a.wav"));
        assert!(!refused("e", "e") && !refused("a.wav", "e"));
    }
}
