//! Reads the text that rust-hdl writes.
//!
//! One module per instance, named by its path (`top$framer$crc`), with headings between its parts.

use super::expression::{Expr, is_identifier};
use super::module::{Body, Instance, Module, Signal, Statement};
use std::iter::Peekable;

/// The modules of rust-hdl's text.
///
/// # Panics
/// On text of another form than rust-hdl's; the tests export every profile and every board.
pub(super) fn modules(text: &str) -> Vec<Module> {
    let mut lines = text.lines().map(str::trim_end).filter(|line| !line.is_empty());
    let mut modules = Vec::new();
    while let Some(line) = lines.next() {
        if let Some(head) = line.strip_prefix("module ") {
            let (name, _) = head.split_once('(').expect("a module has ports");
            let inside: Vec<&str> =
                lines.by_ref().take_while(|line| !line.starts_with("endmodule")).collect();
            modules.push(module(name, &inside));
        }
    }
    modules
}

fn module(name: &str, lines: &[&str]) -> Module {
    let mut module = Module {
        name: name.to_owned(),
        ports: Vec::new(),
        constants: Vec::new(),
        signals: Vec::new(),
        registers: Vec::new(),
        blocks: Vec::new(),
        body: Body::Kernel(Vec::new()),
        unused: Vec::new(),
    };
    let mut lines = lines.iter().copied().peekable();
    while let Some(line) = lines.next() {
        match line.trim() {
            "// Update code (custom)" => {
                module.body = Body::Custom(lines.by_ref().map(str::to_owned).collect());
            }
            "// Update code" => {
                let begin = lines.next().map(str::trim);
                assert_eq!(begin, Some("always @(*) begin"), "{name}");
                module.body = Body::Kernel(statements(&mut lines));
            }
            line if line.starts_with("//") => {}
            line if line.ends_with('(') => module.blocks.push(instance(line, &mut lines)),
            line => declaration(line, &mut module),
        }
    }
    module
}

/// `input wire  [3:0] in;`, `localparam  limit = 4'h3;`, `reg  [3:0] kept$d;`
fn declaration(line: &str, module: &mut Module) {
    let owner = module.name.clone();
    let wrong = || format!("{owner}: `{line}` is no declaration");
    let words: Vec<&str> = line.trim_end_matches(';').split_whitespace().collect();
    let high = |range: &str| {
        let high = range.strip_prefix('[').and_then(|range| range.strip_suffix(":0]"));
        high.and_then(|high| high.parse().ok()).unwrap_or_else(|| panic!("{}", wrong()))
    };
    let signal =
        |name: &str, high, kind| Signal { name: name.to_owned(), high, is_set_here: kind == "reg" };
    match words[..] {
        ["localparam", name, "=", value] => match Expr::parse(value) {
            Ok(Expr::Number { width, value }) => {
                module.constants.push((name.to_owned(), width, value));
            }
            _ => panic!("{}", wrong()),
        },
        ["input" | "output", kind, name] => {
            module.ports.push(signal(name, None, kind));
        }
        ["input" | "output", kind, range, name] => {
            module.ports.push(signal(name, Some(high(range)), kind));
        }
        [kind @ ("reg" | "wire"), name] => module.signals.push(signal(name, None, kind)),
        [kind @ ("reg" | "wire"), range, name] => {
            module.signals.push(signal(name, Some(high(range)), kind));
        }
        _ => panic!("{}", wrong()),
    }
}

/// `top$framer framer(`, and a connection a line.
fn instance<'t>(head: &str, lines: &mut impl Iterator<Item = &'t str>) -> Instance {
    let (module, name) =
        head.trim_end_matches('(').split_once(' ').expect("an instance has two names");
    let connections = lines.map(str::trim).take_while(|line| *line != ");");
    let connection = |line: &str| {
        let inner = line.trim_end_matches(',').strip_prefix('.')?.strip_suffix(')')?;
        inner.split_once('(').map(|(port, signal)| (port.to_owned(), signal.to_owned()))
    };
    let connection = |line| connection(line).unwrap_or_else(|| panic!("`{line}` connects nothing"));
    Instance {
        module: module.to_owned(),
        name: name.to_owned(),
        connections: connections.map(connection).collect(),
    }
}

/// The statements up to the `end` of their block, which is taken too.
fn statements<'t>(lines: &mut Peekable<impl Iterator<Item = &'t str>>) -> Vec<Statement> {
    let mut statements = Vec::new();
    while let Some(line) = lines.next().map(str::trim) {
        if line == "end" {
            break;
        } else if let Some(text) = line.strip_prefix("//") {
            statements.push(Statement::Comment(comment(text, lines)));
        } else if let Some(condition) = condition(line) {
            statements.push(conditional(condition, lines));
        } else {
            let assigned = line.strip_suffix(';').and_then(|line| line.split_once(" = "));
            let Some((target, value)) = assigned else { panic!("`{line}` is no statement") };
            assert!(target.chars().all(is_identifier), "`{target}` is no signal");
            statements.push(Statement::Assign { target: target.to_owned(), value: parsed(value) });
        }
    }
    statements
}

/// The text of a kernel's `comment!("...")`, of which the compiler decides how much is on one line.
fn comment<'t>(text: &str, lines: &mut impl Iterator<Item = &'t str>) -> String {
    let Some(rest) = text.trim().strip_prefix("comment") else { return text.trim().to_owned() };
    let mut text = rest.trim().trim_start_matches('!').trim();
    if text.is_empty() {
        text = lines.next().expect("a comment has a text").trim();
    }
    text.trim_start_matches("(\"").trim_end_matches("\")").to_owned()
}

/// What follows `if (condition) begin`.
fn conditional<'t>(
    condition_text: &str,
    lines: &mut Peekable<impl Iterator<Item = &'t str>>,
) -> Statement {
    let then = statements(lines);
    let otherwise = match lines.peek().and_then(|line| line.trim().strip_prefix("else ")) {
        None => Vec::new(),
        Some(rest) => {
            lines.next();
            match condition(rest) {
                Some(condition) => vec![conditional(condition, lines)],
                None => statements(lines),
            }
        }
    };
    Statement::If { condition: parsed(condition_text), then, otherwise }
}

/// The condition of `if (condition) begin`.
fn condition(line: &str) -> Option<&str> {
    line.strip_prefix("if (")?.strip_suffix(") begin")
}

fn parsed(text: &str) -> Expr {
    Expr::parse(text).unwrap_or_else(|why| panic!("{why}"))
}
