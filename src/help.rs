//! `tierwire --help`: the commands under the headings of their groups.

use std::fmt::Write as _;

use clap::Command;
use clap::builder::Styles;

use crate::commands;

/// The program's command line with help that lists the commands by group.
pub fn grouped(program: Command) -> Command {
    let styles = Styles::default();
    let (heading, name_style) = (styles.get_header(), styles.get_literal());
    let groups = commands::Command::groups();
    let visible = |group: &Command| -> Vec<(String, String)> {
        let shown = group.get_subcommands().filter(|command| !command.is_hide_set());
        let about = |command: &Command| command.get_about().unwrap_or_default().to_string();
        shown.map(|command| (command.get_name().to_owned(), about(command))).collect()
    };
    let names = groups.iter().flat_map(|(_, group)| visible(group)).map(|(name, _)| name.len());
    let width = names.max().unwrap_or_default();
    let mut list = String::new();
    for (title, group) in &groups {
        let _ = writeln!(list, "{heading}{title}:{heading:#}");
        for (name, about) in visible(group) {
            let _ = writeln!(list, "  {name_style}{name:width$}{name_style:#}  {about}");
        }
        list.push('\n');
    }
    program.help_template(format!(
        "{{about-with-newline}}\n{{usage-heading}} {{usage}}\n\n{list}\
         {heading}Options:{heading:#}\n{{options}}{{after-help}}\n"
    ))
}
