//! Tests of `src/help.rs`: what `--help` lists, and its examples.

use super::*;
use crate::command_line;

/// What `tierwire ARGUMENTS --help` prints.
fn help(arguments: &[&str]) -> String {
    let words = ["tierwire"].iter().chain(arguments).chain(&["--help"]);
    let shown = command_line().try_get_matches_from(words).unwrap_err();
    assert_eq!(shown.kind(), clap::error::ErrorKind::DisplayHelp);
    shown.render().to_string()
}

#[test]
fn every_visible_command_is_listed_once_and_hidden_ones_are_not() {
    let help = help(&[]);
    let mut commands = 0;
    for command in command_line().get_subcommands() {
        let line = format!("  {} ", command.get_name());
        let lines = help.lines().filter(|found| found.starts_with(&line)).count();
        assert_eq!(lines, usize::from(!command.is_hide_set()), "{line}");
        commands += lines;
    }
    assert!(commands > 20);
    for (heading, group) in commands::Command::groups() {
        let (_, below) = help.split_once(&format!("\n{heading}:\n")).expect(heading);
        let (list, _) = below.split_once("\n\n").unwrap();
        let visible = group.get_subcommands().filter(|command| !command.is_hide_set());
        assert_eq!(list.lines().count(), visible.count(), "{heading}");
    }
}

#[test]
fn every_commands_help_begins_with_an_example_that_is_understood() {
    for command in command_line().get_subcommands() {
        let name = command.get_name();
        let help = help(&[name]);
        let first = help.lines().next().unwrap();
        let example = first.strip_prefix("Example: ").unwrap_or_else(|| panic!("{name}: {first}"));
        let words: Vec<&str> = example.split(' ').collect();
        assert_eq!(words[..2], ["tierwire", name]);
        if let Err(error) = command_line().try_get_matches_from(words) {
            panic!("{example}: {error}");
        }
    }
}
