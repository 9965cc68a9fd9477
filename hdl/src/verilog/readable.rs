//! Registers, clocks and names as an engineer writes them.
//!
//! rust-hdl writes a module for each register, each with a clock of its own that is assigned from
//! the one above. Here
//! - a register becomes `always @(posedge clock) x <= x_next;` in the module that has it,
//! - a block is connected with its clock directly,
//! - `block$port` becomes `block_port`.

use super::expression::{Expr, is_identifier};
use super::module::{Body, Module, Register, Statement};
use std::collections::{BTreeMap, BTreeSet};

/// Makes modules readable; they keep their own names.
///
/// # Panics
/// When two names become one.
pub(super) fn make_readable(modules: &mut Vec<Module>) {
    let initial_values: BTreeMap<String, String> =
        modules.iter().filter_map(|m| Some((m.name.clone(), register_initial(m)?))).collect();
    modules.retain(|module| !initial_values.contains_key(&module.name));
    for module in &mut *modules {
        take_registers(module, &initial_values);
    }
    // A module comes before the modules in it, so the other way round their clocks are known.
    let mut clocks: BTreeMap<String, BTreeSet<String>> = BTreeMap::new();
    let mut ports: BTreeMap<String, BTreeSet<String>> = BTreeMap::new();
    for module in modules.iter_mut().rev() {
        connect_clocks(module, &clocks);
        clocks.insert(module.name.clone(), clocks_of(module, &clocks));
        rename(module);
        // A port that is named as the instance around it is hidden by it in some tools.
        for block in &mut module.blocks {
            if ports[&block.module].contains(&block.name) {
                block.name += "_block";
            }
        }
        let names = module.ports.iter().map(|port| port.name.clone());
        ports.insert(module.name.clone(), names.collect());
    }
}

/// The initial value of a module that is a register and nothing else.
fn register_initial(module: &Module) -> Option<String> {
    let ports: BTreeSet<&str> = module.ports.iter().map(|p| p.name.as_str()).collect();
    let Body::Custom(lines) = &module.body else { return None };
    let mut assignments = lines.iter().filter(|line| line.contains("<="));
    let is_register = ports == BTreeSet::from(["clock", "d", "q"])
        && assignments.next().is_some_and(|line| line.trim() == "q <= d;")
        && assignments.next().is_none();
    let initial = lines.iter().find_map(|line| line.trim().strip_prefix("q = "));
    initial.filter(|_| is_register)?.strip_suffix(';').map(String::from)
}

/// Instances of register modules become registers.
fn take_registers(module: &mut Module, initial_values: &BTreeMap<String, String>) {
    let blocks = std::mem::take(&mut module.blocks);
    for block in blocks {
        let Some(initial) = initial_values.get(&block.module) else {
            module.blocks.push(block);
            continue;
        };
        let [d, q, clock] = ["d", "q", "clock"].map(|port| format!("{}${port}", block.name));
        let high =
            module.signals.iter().find(|s| s.name == q).expect("a register is declared").high;
        module.signals.retain(|signal| ![&d, &q].contains(&&signal.name));
        let Some(clock) = take_assigned(module, &clock) else {
            // One of another of the block's kernels.
            assert!(!module.reads(&q), "{}: the register {q} has no clock", module.name);
            continue;
        };
        let initial = initial.clone();
        module.registers.push(Register { name: block.name, clock, initial, high });
    }
}

/// Connects each block with its clocks directly.
fn connect_clocks(module: &mut Module, clocks: &BTreeMap<String, BTreeSet<String>>) {
    let mut blocks = std::mem::take(&mut module.blocks);
    for block in &mut blocks {
        for (port, signal) in &mut block.connections {
            if clocks[&block.module].contains(port)
                && let Some(source) = take_assigned(module, signal)
            {
                *signal = source;
            }
        }
    }
    module.blocks = blocks;
}

/// The ports of a module that are clocks, of itself or of a block in it.
fn clocks_of(module: &Module, clocks: &BTreeMap<String, BTreeSet<String>>) -> BTreeSet<String> {
    let mut found: BTreeSet<String> = module.registers.iter().map(|r| r.clock.clone()).collect();
    for block in &module.blocks {
        let of_block = &clocks[&block.module];
        let connected = block.connections.iter().filter(|(port, _)| of_block.contains(port));
        found.extend(connected.map(|(_, signal)| signal.clone()));
    }
    if let Body::Custom(lines) = &module.body {
        let edges = lines.iter().filter_map(|line| line.split_once("posedge "));
        found.extend(
            edges.map(|(_, rest)| rest.chars().take_while(|c| is_identifier(*c)).collect()),
        );
    }
    found
}

/// Takes away a signal that one statement sets to another signal, and returns that one.
fn take_assigned(module: &mut Module, signal: &str) -> Option<String> {
    let Body::Kernel(statements) = &mut module.body else { return None };
    let is_it = |s: &Statement| matches!(s, Statement::Assign { target, .. } if target == signal);
    let at = statements.iter().position(is_it)?;
    let Statement::Assign { value: Expr::Name(source), .. } = &statements[at] else { return None };
    let source = source.clone();
    statements.remove(at);
    module.signals.retain(|s| s.name != signal);
    Some(source)
}

/// Gives every signal a name without `$`.
fn rename(module: &mut Module) {
    let mut new_names: BTreeMap<String, String> = BTreeMap::new();
    for register in &module.registers {
        new_names.insert(format!("{}$q", register.name), register.name.clone());
        new_names.insert(format!("{}$d", register.name), register.next());
    }
    let new = |name: &str| new_names.get(name).cloned().unwrap_or_else(|| name.replace('$', "_"));
    module.registers.sort_by(|a, b| a.name.cmp(&b.name));
    for register in &mut module.registers {
        register.clock = new(&register.clock);
    }
    for signal in &mut module.signals {
        signal.name = new(&signal.name);
    }
    for (_, signal) in module.blocks.iter_mut().flat_map(|block| &mut block.connections) {
        *signal = new(signal);
    }
    if let Body::Kernel(statements) = &mut module.body {
        statements.iter_mut().for_each(|statement| rename_in(statement, &new));
    }
    let mut taken = BTreeSet::new();
    let registers = module.registers.iter().flat_map(|r| [r.name.clone(), r.next()]);
    let ports = module.ports.iter().map(|port| port.name.clone());
    let signals = module.signals.iter().map(|signal| signal.name.clone());
    let constants = module.constants.iter().map(|(name, ..)| name.clone());
    for name in registers.chain(ports).chain(signals).chain(constants) {
        assert!(
            taken.insert(name.clone()),
            "two signals of {} would be called {name}",
            module.name
        );
    }
}

fn rename_in(statement: &mut Statement, new: &impl Fn(&str) -> String) {
    match statement {
        Statement::Assign { target, value } => {
            *target = new(target);
            *value = value.renamed(new);
        }
        Statement::If { condition, then, otherwise } => {
            *condition = condition.renamed(new);
            then.iter_mut().chain(otherwise).for_each(|inner| rename_in(inner, new));
        }
        Statement::Comment(_) => {}
    }
}
