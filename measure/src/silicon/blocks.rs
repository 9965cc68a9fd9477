//! Which block each cell of a flat netlist belongs to.

use std::collections::BTreeMap;

use crate::power::Netlist;
use crate::power::netlist::Bit;

/// What nothing named belongs to.
const TOP: &str = "top";

/// The block of each cell. Synthesis keeps the names of registers, macros and most outputs of blocks;
/// a cell between them belongs to the block of what it feeds.
pub fn blocks(netlist: &Netlist) -> Vec<String> {
    let mut blocks: Vec<Option<String>> = vec![None; netlist.cells.len()];
    for (cell, block) in blocks.iter_mut().enumerate() {
        *block = named(netlist, cell);
    }
    loop {
        let mut found = Vec::new();
        for cell in (0..blocks.len()).filter(|&cell| blocks[cell].is_none()) {
            // The block that most of its readers are in.
            let mut votes: BTreeMap<&str, usize> = BTreeMap::new();
            for reader in readers(netlist, cell) {
                if let Some(block) = &blocks[reader] {
                    *votes.entry(block).or_default() += 1;
                }
            }
            if let Some((block, _)) = votes.into_iter().max_by_key(|&(_, votes)| votes) {
                found.push((cell, block.to_owned()));
            }
        }
        if found.is_empty() {
            break;
        }
        found.into_iter().for_each(|(cell, block)| blocks[cell] = Some(block));
    }
    blocks.into_iter().map(|block| block.unwrap_or_else(|| TOP.to_owned())).collect()
}

/// By the cell's own name or that of a net that it drives: the path without its last part.
fn named(netlist: &Netlist, cell: usize) -> Option<String> {
    let nets = netlist.cells[cell].outputs.values().flatten();
    let nets = nets.filter_map(|bit| if let Bit::Net(net) = bit { Some(*net) } else { None });
    let names = nets.flat_map(|net| &netlist.nets[net].names);
    let mut paths = names.chain([&netlist.cells[cell].name]).filter_map(|name| {
        let (path, _) = name.rsplit_once('.')?;
        Some(path.splitn(3, '.').take(2).collect::<Vec<_>>().join("."))
    });
    paths.next()
}

fn readers(netlist: &Netlist, cell: usize) -> impl Iterator<Item = usize> {
    let nets = netlist.cells[cell].outputs.values().flatten();
    let readers = nets.flat_map(|bit| match bit {
        Bit::Net(net) => netlist.nets[*net].readers.as_slice(),
        Bit::Zero | Bit::One => &[],
    });
    readers.map(|(reader, _)| *reader)
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn a_cell_without_a_name_belongs_to_what_it_feeds() {
        let netlist = r#"{"modules": {"top": {
            "ports": {"a": {"direction": "input", "bits": [2]}},
            "cells": {
                "_1_": {"type": "INV", "parameters": {}, "port_directions": {"A": "input", "Y": "output"},
                        "connections": {"A": [2], "Y": [3]}},
                "_2_": {"type": "INV", "parameters": {}, "port_directions": {"A": "input", "Y": "output"},
                        "connections": {"A": [3], "Y": [4]}},
                "_3_": {"type": "DFF", "parameters": {}, "port_directions": {"D": "input", "Q": "output"},
                        "connections": {"D": [4], "Q": [5]}}},
            "netnames": {"_7_": {"bits": [3]}, "model.predictor.deep.s2": {"bits": [5]}}}}}"#;
        let netlist = Netlist::parse(netlist, "top").unwrap();
        assert_eq!(blocks(&netlist), ["model.predictor"; 3]);
    }
}
