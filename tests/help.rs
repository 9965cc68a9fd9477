//! `--help`: which commands it lists, and their examples.

use std::path::Path;

use crate::program::{Folder, done};

/// For the project's own pages: every command of `--help` but these.
const HIDDEN: [&str; 3] = ["constraints", "frontier", "readme"];
const HEADINGS: [&str; 4] = ["Files", "Recordings", "Hardware", "Hardware, measured"];

/// The names of all commands, a file each.
fn commands() -> Vec<String> {
    let folder = Path::new(env!("CARGO_MANIFEST_DIR")).join("src/commands");
    let stem = |path: &Path| path.file_stem().unwrap().to_str().unwrap().to_string();
    folder.read_dir().unwrap().map(|entry| stem(&entry.unwrap().path())).collect()
}

fn help(arguments: &[&str]) -> String {
    done(&Folder::new().run(&[arguments, &["--help"]].concat()))
}

#[test]
fn every_visible_command_is_listed_once_and_hidden_ones_are_not() {
    let help = help(&[]);
    let lists = HEADINGS.map(|heading| {
        let (_, below) = help.split_once(&format!("\n{heading}:\n")).expect(heading);
        below.split("\n\n").next().unwrap()
    });
    let listed = lists.iter().flat_map(|list| list.lines());
    let listed: Vec<&str> = listed.map(|line| line.split_whitespace().next().unwrap()).collect();
    for command in commands() {
        let times = listed.iter().filter(|name| **name == command).count();
        assert_eq!(times, usize::from(!HIDDEN.contains(&&*command)), "{command}");
    }
    assert_eq!(listed.len(), commands().len() - HIDDEN.len());
}

#[test]
fn every_commands_help_begins_with_an_example_that_is_understood() {
    for command in commands() {
        let help = help(&[&command]);
        let first = help.lines().next().unwrap();
        let example =
            first.strip_prefix("Example: ").unwrap_or_else(|| panic!("{command}: {first}"));
        let words: Vec<&str> = example.split(' ').collect();
        assert_eq!(words[..2], ["tierwire", &*command]);
        // Help comes only if everything before it is understood.
        assert_eq!(self::help(&words[1..]), help, "{example}");
    }
}
