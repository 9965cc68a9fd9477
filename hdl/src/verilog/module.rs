//! A module of Verilog, as data and as text.

use super::expression::Expr;
use super::widths;
use super::wires::{Known, Widths};
use std::collections::BTreeSet;
use std::fmt::Write as _;

/// A module.
#[derive(Clone, Debug, PartialEq, Eq)]
pub(crate) struct Module {
    /// Its name.
    pub(super) name: String,
    /// Its ports, in the order of its head; the outputs are set here.
    pub(super) ports: Vec<Signal>,
    /// Its constants: name, width, value.
    pub(super) constants: Vec<(String, usize, u128)>,
    /// Its signals; registers come apart.
    pub(super) signals: Vec<Signal>,
    /// Its registers.
    pub(super) registers: Vec<Register>,
    /// The modules in it.
    pub(super) blocks: Vec<Instance>,
    /// What it does.
    pub(super) body: Body,
    /// What is read by nothing, so that lint can be told: signals or parts of them.
    pub(super) unused: Vec<Expr>,
}

/// A signal.
#[derive(Clone, Debug, PartialEq, Eq)]
pub(crate) struct Signal {
    /// Its name.
    pub(super) name: String,
    /// The highest bit of its range; `None` if it is one bit without a range.
    pub(super) high: Option<usize>,
    /// Whether the module itself sets it, and not one of its blocks.
    pub(super) is_set_here: bool,
}

/// A register. Its next value is the signal `NAME_next`.
#[derive(Clone, Debug, PartialEq, Eq)]
pub(super) struct Register {
    /// Its name.
    pub(super) name: String,
    /// Its clock.
    pub(super) clock: String,
    /// Its value when the chip is switched on, as Verilog; empty if it has none.
    pub(super) initial: String,
    /// The highest bit of its range.
    pub(super) high: Option<usize>,
}

/// A module within a module.
#[derive(Clone, Debug, PartialEq, Eq)]
pub(super) struct Instance {
    /// The name of the module.
    pub(super) module: String,
    /// Its own name.
    pub(super) name: String,
    /// Ports and the signals on them.
    pub(super) connections: Vec<(String, String)>,
}

/// What a module does.
#[derive(Clone, Debug, PartialEq, Eq)]
pub(super) enum Body {
    /// The statements of an `always @(*)`.
    Kernel(Vec<Statement>),
    /// Verilog that the block brings with it, line by line.
    Custom(Vec<String>),
}

/// A statement.
#[derive(Clone, Debug, PartialEq, Eq)]
pub(super) enum Statement {
    /// `target = value;`
    Assign {
        /// The signal that is set.
        target: String,
        /// What it is set to.
        value: Expr,
    },
    /// `if (condition) ... else ...`
    If {
        /// When it holds ...
        condition: Expr,
        /// ... these follow,
        then: Vec<Statement>,
        /// and else these.
        otherwise: Vec<Statement>,
    },
    /// A line for the reader.
    Comment(String),
}

impl Signal {
    /// Its width.
    pub(super) fn width(&self) -> usize {
        self.high.map_or(1, |high| high + 1)
    }

    fn as_port(&self) -> String {
        let kind = if self.is_set_here { "output reg" } else { "input wire" };
        format!("    {kind} {}", ranged(self.high, &self.name))
    }
}

impl Register {
    /// The name of the signal with its next value.
    pub(super) fn next(&self) -> String {
        format!("{}_next", self.name)
    }
}

impl Module {
    /// Whether its kernel reads a signal.
    pub(super) fn reads(&self, signal: &str) -> bool {
        let Body::Kernel(statements) = &self.body else { return true };
        let mut is_read = false;
        statements.iter().for_each(|s| s.reads(&mut |name, _| is_read |= name == signal));
        is_read
    }

    /// Its inputs.
    pub(super) fn inputs(&self) -> impl Iterator<Item = &Signal> {
        self.ports.iter().filter(|port| !port.is_set_here)
    }

    /// What is known of all that an expression may name.
    pub(super) fn widths(&self) -> Widths {
        let signals = self.ports.iter().chain(&self.signals);
        let mut widths: Vec<(String, usize, Option<u128>)> =
            signals.map(|signal| (signal.name.clone(), signal.width(), None)).collect();
        for register in &self.registers {
            let width = register.high.map_or(1, |high| high + 1);
            widths.extend([register.name.clone(), register.next()].map(|name| (name, width, None)));
        }
        widths
            .extend(self.constants.iter().map(|(name, w, value)| (name.clone(), *w, Some(*value))));
        widths.into_iter().map(|(name, width, value)| (name, Known { width, value })).collect()
    }

    /// Writes every expression with the widths that Verilog gives it.
    ///
    /// # Panics
    /// When an expression cannot be written so; the tests export every profile and every board.
    pub(super) fn size(&mut self) {
        let widths = self.widths();
        if let Body::Kernel(statements) = &mut self.body {
            statements.iter_mut().for_each(|statement| statement.size(&self.name, &widths));
            // A constant amount of a shift may have become a part of a signal.
            let mut read = BTreeSet::new();
            statements.iter().for_each(|s| {
                s.reads(&mut |name, _| {
                    read.insert(name);
                })
            });
            self.constants.retain(|(name, ..)| read.contains(&**name));
        }
    }

    /// The module as Verilog.
    pub(super) fn text(&self) -> String {
        let ports: Vec<String> = self.ports.iter().map(Signal::as_port).collect();
        let mut text = format!("module {}(\n{}\n);\n", self.name, ports.join(",\n"));
        let mut section = |title: &str, lines: Vec<String>| {
            if !lines.is_empty() {
                let _ = writeln!(text, "    // {title}\n{}", lines.join("\n"));
            }
        };
        section("Constants", self.constants.iter().map(constant).collect());
        let signals = |set_here| {
            let signals = self.signals.iter().filter(move |s| s.is_set_here == set_here);
            let kind = if set_here { "reg" } else { "wire" };
            signals.map(|s| format!("    {kind} {};", ranged(s.high, &s.name))).collect()
        };
        section("Outputs of the blocks", signals(false));
        let mut registers: Vec<String> = Vec::new();
        for register in &self.registers {
            registers.push(format!("    reg {};", ranged(register.high, &register.name)));
            registers.push(format!("    reg {};", ranged(register.high, &register.next())));
        }
        section("Registers and their next values", registers);
        section("Signals", signals(true));
        section("Blocks", self.blocks.iter().map(Instance::text).collect());
        let statements = match &self.body {
            Body::Kernel(statements) if statements.is_empty() => vec![],
            Body::Kernel(statements) => {
                let mut lines = vec!["    always @(*) begin".to_owned()];
                statements.iter().for_each(|statement| statement.write(2, &mut lines));
                lines.push("    end".to_owned());
                lines
            }
            Body::Custom(lines) => lines.clone(),
        };
        section("Logic", statements);
        section("At each clock", self.clocked());
        if !self.unused.is_empty() {
            let unused: Vec<String> = self.unused.iter().map(Expr::to_string).collect();
            let line = format!("    wire unused = &{{1'b0, {}}};", unused.join(", "));
            section("What nothing reads, named here so that lint does not report it", vec![line]);
        }
        text + "endmodule\n"
    }

    /// The registers' initial values, and what they do at their clocks.
    fn clocked(&self) -> Vec<String> {
        let mut lines = Vec::new();
        let known = self.registers.iter().filter(|r| !r.initial.is_empty());
        let initial: Vec<String> =
            known.map(|r| format!("        {} = {};", r.name, r.initial)).collect();
        if !initial.is_empty() {
            lines.push("    initial begin".to_owned());
            lines.extend(initial);
            lines.push("    end".to_owned());
        }
        let mut clocks: Vec<&str> = self.registers.iter().map(|r| r.clock.as_str()).collect();
        clocks.sort_unstable();
        clocks.dedup();
        for clock in clocks {
            lines.push(format!("    always @(posedge {clock}) begin"));
            let registers = self.registers.iter().filter(|r| r.clock == clock);
            lines.extend(registers.map(|r| format!("        {} <= {};", r.name, r.next())));
            lines.push("    end".to_owned());
        }
        lines
    }
}

impl Instance {
    fn text(&self) -> String {
        let connections: Vec<String> = self
            .connections
            .iter()
            .map(|(port, signal)| format!("        .{port}({signal})"))
            .collect();
        format!("    {} {}(\n{}\n    );", self.module, self.name, connections.join(",\n"))
    }
}

impl Statement {
    /// Calls `visit` with every name that it reads and the bits of it, `None` for all.
    pub(super) fn reads<'s>(&'s self, visit: &mut impl FnMut(&'s str, Option<(usize, usize)>)) {
        match self {
            Statement::Comment(_) => {}
            Statement::Assign { value, .. } => value.names(visit),
            Statement::If { condition, then, otherwise } => {
                condition.names(visit);
                then.iter().chain(otherwise).for_each(|inner| inner.reads(visit));
            }
        }
    }

    fn size(&mut self, module: &str, widths: &Widths) {
        let sized = |result: Result<Expr, String>| match result {
            Ok(expr) => expr,
            Err(why) => panic!("{module}: {why}"),
        };
        match self {
            Statement::Assign { target, value } => {
                let known = widths.get(target);
                let known = known.unwrap_or_else(|| panic!("{module}: {target} is not declared"));
                *value = sized(widths::assigned(value, known.width, widths));
            }
            Statement::If { condition, then, otherwise } => {
                *condition = sized(widths::condition(condition, widths));
                then.iter_mut().chain(otherwise).for_each(|inner| inner.size(module, widths));
            }
            Statement::Comment(_) => {}
        }
    }

    fn write(&self, depth: usize, lines: &mut Vec<String>) {
        let indent = "    ".repeat(depth);
        match self {
            Statement::Assign { target, value } => {
                lines.push(format!("{indent}{target} = {value};"))
            }
            Statement::Comment(text) => lines.push(format!("{indent}// {text}")),
            Statement::If { condition, then, otherwise } => {
                lines.push(format!("{indent}if ({condition}) begin"));
                then.iter().for_each(|statement| statement.write(depth + 1, lines));
                match &otherwise[..] {
                    [] => lines.push(format!("{indent}end")),
                    [only @ Statement::If { .. }] => {
                        let at = lines.len();
                        only.write(depth, lines);
                        lines[at] = format!("{indent}end else {}", lines[at].trim_start());
                    }
                    several => {
                        lines.push(format!("{indent}end else begin"));
                        several.iter().for_each(|statement| statement.write(depth + 1, lines));
                        lines.push(format!("{indent}end"));
                    }
                }
            }
        }
    }
}

fn constant((name, width, value): &(String, usize, u128)) -> String {
    let number = Expr::Number { width: *width, value: *value };
    let high = (*width > 1).then(|| width - 1);
    format!("    localparam {} = {number};", ranged(high, name))
}

fn ranged(high: Option<usize>, name: &str) -> String {
    match high {
        Some(high) => format!("[{high}:0] {name}"),
        None => name.to_owned(),
    }
}
