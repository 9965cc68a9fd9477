//! Writes small circuits as nextpnr would.

use measure::power::{Routed, Simulation};
use serde_json::{Map, Value, json};
use std::collections::BTreeMap;
use std::fmt::Write as _;

/// What a wire takes if nothing else is said.
const WIRE: u32 = 100;

/// A circuit, cell by cell; its clock is the net `clock_in`.
#[derive(Default)]
pub struct Circuit {
    cells: BTreeMap<String, Cell>,
    pins: Vec<String>,
    paths: Vec<(String, String, String, u32)>,
    wires: BTreeMap<(String, String), u32>,
}

#[derive(Default)]
struct Cell {
    kind: String,
    parameters: BTreeMap<String, String>,
    /// Port, direction, net.
    ports: BTreeMap<String, (String, String)>,
}

impl Circuit {
    pub fn cell(&mut self, name: &str, kind: &str) {
        let cell = Cell { kind: kind.into(), ..Cell::default() };
        self.cells.insert(name.into(), cell);
    }

    pub fn set(&mut self, cell: &str, parameter: &str, value: &str) {
        let cell = self.cells.get_mut(cell).unwrap();
        cell.parameters.insert(parameter.into(), value.into());
    }

    pub fn connect(&mut self, cell: &str, port: &str, direction: &str, net: &str) {
        let cell = self.cells.get_mut(cell).unwrap();
        cell.ports.insert(port.into(), (direction.into(), net.into()));
    }

    pub fn path(&mut self, cell: &str, from: &str, to: &str, delay: u32) {
        self.paths.push((cell.into(), from.into(), to.into(), delay));
    }

    pub fn wire(&mut self, cell: &str, port: &str, delay: u32) {
        self.wires.insert((cell.into(), port.into()), delay);
    }

    /// An input pin, and the net behind it, of the same name.
    pub fn pin(&mut self, name: &str) {
        self.pins.push(name.into());
        self.io(name, name);
    }

    fn io(&mut self, port: &str, net: &str) {
        let cell = format!("{port}_io");
        self.cell(&cell, "SB_IO");
        self.connect(&cell, "PACKAGE_PIN", "inout", &format!("{port}_pad"));
        self.connect(&cell, "D_IN_0", "output", net);
    }

    /// A table of inputs I0, I1, ... (those without a name are left open).
    pub fn table(&mut self, name: &str, table: &str, inputs: &[&str], output: &str, delay: u32) {
        self.logic_cell(name, table, inputs, output);
        for (input, _) in inputs.iter().enumerate() {
            self.path(name, &format!("I{input}"), "O", delay);
        }
    }

    /// The same with a register behind it.
    pub fn register(&mut self, name: &str, table: &str, inputs: &[&str], output: &str) {
        self.logic_cell(name, table, inputs, output);
        self.set(name, "DFF_ENABLE", "1");
        self.connect(name, "CLK", "input", "clock_in");
        self.path(name, "CLK", "O", 540);
    }

    fn logic_cell(&mut self, name: &str, table: &str, inputs: &[&str], output: &str) {
        self.cell(name, "ICESTORM_LC");
        self.set(name, "LUT_INIT", table);
        for (input, net) in inputs.iter().enumerate().filter(|(_, net)| !net.is_empty()) {
            self.connect(name, &format!("I{input}"), "input", net);
        }
        self.connect(name, "O", "output", output);
    }

    /// The netlist and the delays.
    pub fn texts(&mut self) -> (String, String) {
        self.io("clock", "clock_in");
        let mut numbers: BTreeMap<String, usize> = BTreeMap::new();
        let mut number = |net: &str| {
            let next = numbers.len() + 2;
            *numbers.entry(net.into()).or_insert(next)
        };
        let mut sdf = "(TIMESCALE 1ps)\n".to_string();
        let mut cells = Map::new();
        for (name, cell) in &self.cells {
            let directions: BTreeMap<_, _> =
                cell.ports.iter().map(|(port, (direction, _))| (port, direction)).collect();
            let connections: BTreeMap<_, _> =
                cell.ports.iter().map(|(port, (_, net))| (port, [number(net)])).collect();
            for (port, _) in cell.ports.iter().filter(|(_, (direction, _))| direction == "input") {
                let delay = self.wires.get(&(name.clone(), port.clone())).unwrap_or(&WIRE);
                let triple = format!("({delay}:{delay}:{delay})");
                let _ = writeln!(sdf, "(INTERCONNECT a/O {name}/{port} {triple} {triple})");
            }
            let value = json!({
                "type": cell.kind,
                "parameters": cell.parameters,
                "port_directions": directions,
                "connections": connections,
            });
            cells.insert(name.clone(), value);
        }
        for (cell, from, to, delay) in &self.paths {
            let triple = format!("({delay}:{delay}:{delay})");
            let _ = writeln!(sdf, "(INSTANCE {cell})\n(IOPATH {from} {to} {triple} {triple})");
        }
        let mut ports = Map::new();
        for pin in self.pins.iter().map(String::as_str).chain(["clock"]) {
            let pad = number(&format!("{pin}_pad"));
            ports.insert(pin.into(), json!({ "direction": "input", "bits": [pad] }));
        }
        let names: BTreeMap<_, _> =
            numbers.iter().map(|(net, number)| (net, json!({ "bits": [number] }))).collect();
        let top = json!({ "ports": ports, "cells": Value::from(cells), "netnames": names });
        (json!({ "modules": { "top": top } }).to_string(), sdf)
    }

    pub fn simulation(&mut self) -> Simulation {
        let (json, sdf) = self.texts();
        Simulation::new(Routed::parse(&json, &sdf).unwrap())
    }
}
