//! Identical modules once, named by their block.
//!
//! rust-hdl writes a module for each instance and names it by its path. Those with the same text
//! become one, named by the last part of the path, `tile256_multiplier`; a memory that several
//! blocks share is named by its shape, `ram_256x16`.

use super::module::{Body, Module};
use std::collections::{BTreeMap, BTreeSet};

/// What says too little by itself; the block around it is named too.
const VAGUE: [&str; 4] = ["rom", "memory", "ring", "lattice"];

/// Leaves one of each module. The first is the top and gets this name, with which all others begin.
pub(super) fn remove_duplicates(modules: &mut Vec<Module>, top: &str) {
    // A module comes before the modules in it, so the other way round those are already settled.
    let mut first_with: BTreeMap<String, String> = BTreeMap::new();
    let mut same: BTreeMap<String, String> = BTreeMap::new();
    let mut paths: BTreeMap<String, Vec<String>> = BTreeMap::new();
    for module in modules.iter_mut().rev() {
        for block in &mut module.blocks {
            block.module = same[&block.module].clone();
        }
        let name = std::mem::take(&mut module.name);
        let one = first_with.entry(module.text()).or_insert_with(|| name.clone()).clone();
        same.insert(name.clone(), one.clone());
        paths.entry(one).or_default().push(name.clone());
        module.name = name;
    }
    modules.retain(|module| same[&module.name] == module.name);

    let mut names: BTreeMap<String, String> = BTreeMap::new();
    let mut taken: BTreeSet<String> = BTreeSet::new();
    names.insert(modules[0].name.clone(), top.to_owned());
    for module in &modules[1..] {
        let mut choices = choices(module, &paths[&module.name]).into_iter();
        let free = choices.find(|name| taken.insert(name.clone()));
        let free = free.unwrap_or_else(|| panic!("no name is left for {}", module.name));
        names.insert(module.name.clone(), format!("{top}_{free}"));
    }
    for module in modules {
        module.name = names[&module.name].clone();
        module.blocks.iter_mut().for_each(|block| block.module = names[&block.module].clone());
    }
}

/// Names for a module that is in these places, the best first.
fn choices(module: &Module, paths: &[String]) -> Vec<String> {
    let mut choices = Vec::new();
    choices.extend(shape(module));
    let parts: Vec<Vec<&str>> = paths.iter().map(|path| without_numbers(path)).collect();
    for length in 1.. {
        let ends: BTreeSet<String> = parts
            .iter()
            .map(|parts| parts[parts.len().saturating_sub(length).max(1)..].join("_"))
            .collect();
        let longest = parts.iter().map(Vec::len).max().unwrap_or(0);
        if length >= longest {
            choices.extend(ends);
            break;
        }
        if ends.len() == 1 {
            choices.extend(ends.into_iter().filter(|end| !VAGUE.contains(&&**end)));
        }
    }
    // Several of one name that differ: with their numbers.
    choices.extend(paths.iter().filter_map(|path| Some(path.rsplit_once('$')?.1.to_owned())));
    choices
}

/// The parts of `top$model$multiplier_0`: `top`, `model`, `multiplier`.
fn without_numbers(path: &str) -> Vec<&str> {
    let is_number = |text: &str| !text.is_empty() && text.chars().all(|c| c.is_ascii_digit());
    let parts = path.split('$').filter(|part| !is_number(part));
    parts
        .map(|part| match part.rsplit_once('_') {
            Some((name, number)) if is_number(number) => name,
            _ => part,
        })
        .collect()
}

/// `ram_256x16` for a memory with one port to write and one to read.
fn shape(module: &Module) -> Option<String> {
    let ports: Vec<&str> = module.ports.iter().map(|port| port.name.as_str()).collect();
    const PORTS: [&str; 7] =
        ["clock", "write", "write_address", "write_data", "read", "read_address", "data"];
    let (Body::Custom(lines), true) = (&module.body, ports == PORTS) else { return None };
    let number = |text: &str| text.trim_end_matches("];").parse::<usize>().ok();
    // In one memory, `mem`, or in banks, `mem_0` and so on.
    let memories = lines.iter().filter_map(|line| {
        let (high, memory) = line.trim().strip_prefix("reg [")?.split_once(":0] mem")?;
        Some((number(high)? + 1, number(memory.split_once("[0:")?.1)? + 1))
    });
    let memories: Vec<(usize, usize)> = memories.collect();
    let words: usize = memories.iter().map(|memory| memory.1).sum();
    Some(format!("ram_{words}x{}", memories.first()?.0))
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn a_path_without_numbers() {
        assert_eq!(without_numbers("top$model$multiplier_0"), ["top", "model", "multiplier"]);
        assert_eq!(without_numbers("top$step$3$late_ring"), ["top", "step", "late_ring"]);
    }
}
