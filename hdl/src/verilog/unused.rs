//! Takes away what nothing reads: signals, registers, ports of inner modules, whole blocks.
//!
//! What has to stay because a part of it is read is listed, so that lint can be told.

use super::expression::Expr;
use super::module::{Body, Module, Signal, Statement};
use std::collections::{BTreeMap, BTreeSet};

/// Takes away what nothing reads. The first module is the top, whose ports stay; each other module
/// is in one place only.
pub(super) fn remove_unused(modules: &mut Vec<Module>) {
    while (0..modules.len()).any(|at| shrink(at, modules)) {}
    let used: BTreeSet<String> =
        modules.iter().flat_map(|m| &m.blocks).map(|block| block.module.clone()).collect();
    let top = modules[0].name.clone();
    modules.retain(|module| module.name == top || used.contains(&module.name));
}

/// Shrinks one module; whether a port or a block went, so that another module may shrink.
fn shrink(at: usize, modules: &mut [Module]) -> bool {
    let inputs: BTreeMap<String, BTreeSet<String>> = modules
        .iter()
        .map(|m| {
            let inputs = m.ports.iter().filter(|port| !port.is_set_here);
            (m.name.clone(), inputs.map(|port| port.name.clone()).collect())
        })
        .collect();
    let module = &mut modules[at];
    let live = live(module, &inputs);
    let is_input = |block: &str, port: &str| inputs.get(block).is_some_and(|i| i.contains(port));
    let before = module.blocks.len();
    module.blocks.retain(|block| {
        let mut outputs = block.connections.iter().filter(|(p, _)| !is_input(&block.module, p));
        outputs.any(|(_, signal)| live.contains(signal))
    });
    let mut changed = module.blocks.len() != before;

    // Outputs that nobody reads become signals of their module, which shrinks next.
    let dead =
        |block: &str, port: &str, signal: &str| !is_input(block, port) && !live.contains(signal);
    let dead_outputs: Vec<(String, String)> = module
        .blocks
        .iter()
        .flat_map(|b| b.connections.iter().map(move |(port, signal)| (&b.module, port, signal)))
        .filter(|(block, port, signal)| dead(block, port, signal))
        .map(|(block, port, _)| (block.clone(), port.clone()))
        .collect();
    for (block, port) in dead_outputs {
        let inner = modules.iter_mut().find(|m| m.name == block).expect("every module is there");
        if let Body::Kernel(_) = inner.body {
            let taken = take_port(inner, &port);
            inner.signals.extend(taken);
            disconnect(&mut modules[at], &block, &port);
            changed = true;
        }
    }

    prune(&mut modules[at], &live);
    if at > 0 {
        let dead_inputs: Vec<String> =
            inputs[&modules[at].name].difference(&live).cloned().collect();
        let name = modules[at].name.clone();
        for port in dead_inputs {
            take_port(&mut modules[at], &port);
            modules.iter_mut().for_each(|module| disconnect(module, &name, &port));
            changed = true;
        }
    }
    changed
}

fn take_port(module: &mut Module, name: &str) -> Option<Signal> {
    let at = module.ports.iter().position(|port| port.name == name)?;
    Some(module.ports.remove(at))
}

fn disconnect(module: &mut Module, block: &str, port: &str) {
    for block in module.blocks.iter_mut().filter(|b| b.module == block) {
        block.connections.retain(|(name, _)| name != port);
    }
}

/// The names that reach an output or an input of a block.
fn live(module: &Module, inputs: &BTreeMap<String, BTreeSet<String>>) -> BTreeSet<String> {
    let outputs = module.ports.iter().filter(|port| port.is_set_here);
    let mut live: BTreeSet<String> = outputs.map(|port| port.name.clone()).collect();
    for block in &module.blocks {
        let to_block = block.connections.iter().filter(|(p, _)| inputs[&block.module].contains(p));
        live.extend(to_block.map(|(_, signal)| signal.clone()));
    }
    match &module.body {
        Body::Custom(lines) => {
            let is_read =
                |name: &str| lines.iter().any(|line| words(line).any(|word| word == name));
            let ports = module.ports.iter().map(|port| &port.name).filter(|name| is_read(name));
            live.extend(ports.cloned());
            live.extend(module.signals.iter().map(|signal| signal.name.clone()));
            live.extend(module.registers.iter().map(|register| register.name.clone()));
            live.extend(module.constants.iter().map(|(name, ..)| name.clone()));
        }
        Body::Kernel(statements) => loop {
            let before = live.len();
            statements.iter().for_each(|statement| {
                spread(statement, &mut live);
            });
            for register in &module.registers {
                if live.contains(&register.name) {
                    live.extend([register.next(), register.clock.clone()]);
                }
            }
            if live.len() == before {
                break;
            }
        },
    }
    live
}

/// The names and numbers in a line of Verilog.
fn words(line: &str) -> impl Iterator<Item = &str> {
    line.split(|c: char| !c.is_ascii_alphanumeric() && c != '_')
}

/// Makes live what a statement reads to set something live; whether it sets any.
fn spread(statement: &Statement, live: &mut BTreeSet<String>) -> bool {
    let read = |expr: &Expr, live: &mut BTreeSet<String>| {
        expr.names(&mut |name, _| {
            live.insert(name.to_owned());
        });
    };
    match statement {
        Statement::Comment(_) => false,
        Statement::Assign { target, value } => {
            let sets = live.contains(target);
            if sets {
                read(value, live);
            }
            sets
        }
        Statement::If { condition, then, otherwise } => {
            let mut sets = false;
            for inner in then.iter().chain(otherwise) {
                sets |= spread(inner, live);
            }
            if sets {
                read(condition, live);
            }
            sets
        }
    }
}

/// Takes away all that is not live and on no block.
fn prune(module: &mut Module, live: &BTreeSet<String>) {
    let connected: BTreeSet<String> = module
        .blocks
        .iter()
        .flat_map(|block| block.connections.iter().map(|(_, signal)| signal.clone()))
        .collect();
    module.signals.retain(|s| live.contains(&s.name) || connected.contains(&s.name));
    module.registers.retain(|register| live.contains(&register.name));
    module.constants.retain(|(name, ..)| live.contains(name));
    if let Body::Kernel(statements) = &mut module.body {
        prune_statements(statements, live);
    }
}

fn prune_statements(statements: &mut Vec<Statement>, live: &BTreeSet<String>) {
    statements.retain_mut(|statement| match statement {
        Statement::Comment(_) => true,
        Statement::Assign { target, .. } => live.contains(target),
        Statement::If { then, otherwise, .. } => {
            prune_statements(then, live);
            prune_statements(otherwise, live);
            let acts = |s: &Statement| !matches!(s, Statement::Comment(_));
            then.iter().chain(&*otherwise).any(acts)
        }
    });
}

/// Lists the bits that nothing reads of signals of which something is read.
pub(super) fn list_unused(module: &mut Module, is_input: impl Fn(&str, &str) -> bool) {
    let Body::Kernel(statements) = &module.body else { return };
    let widths = module.widths();
    let mut read: BTreeMap<&str, u128> = BTreeMap::new();
    let mut mark = |name, bits: Option<(usize, usize)>| {
        let bits = bits.map_or(u128::MAX, |(high, low)| (u128::MAX >> (127 - (high - low))) << low);
        *read.entry(name).or_default() |= bits;
    };
    statements.iter().for_each(|statement| statement.reads(&mut mark));
    for block in &module.blocks {
        let to_block = block.connections.iter().filter(|(port, _)| is_input(&block.module, port));
        to_block.for_each(|(_, signal)| mark(signal, None));
    }
    module.registers.iter().for_each(|register| mark(&register.clock, None));
    let inputs = module.ports.iter().filter(|port| !port.is_set_here).map(|port| &port.name);
    let signals = module.signals.iter().map(|signal| &signal.name);
    let registers = module.registers.iter().map(|register| &register.name);
    let mut unused = Vec::new();
    for name in inputs.chain(signals).chain(registers) {
        let read = read.get(&**name).copied().unwrap_or(0);
        let is_unread = |bit: &usize| read >> bit & 1 == 0;
        let mut bit = 0;
        while bit < widths[name].width {
            let unread = (bit..widths[name].width).take_while(is_unread).count();
            match unread {
                0 => bit += 1,
                all if all == widths[name].width => {
                    unused.push(Expr::Name(name.clone()));
                    break;
                }
                some => {
                    let high = bit + some - 1;
                    unused.push(Expr::Slice { name: name.clone(), high, low: bit });
                    bit += some;
                }
            }
        }
    }
    module.unused = unused;
}
