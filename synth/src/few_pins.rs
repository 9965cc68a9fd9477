//! A netlist on few pins: to place a circuit by itself that has more ports than a chip has pins.

use serde_json::{Map, Value, json};

use crate::timing::CLOCK;

/// What the added cells, nets and pins are called after.
const BENCH: &str = "bench";
/// The clock of a core; on its pin it is called [`CLOCK`], and so is its net, as on the boards.
const CORE_CLOCK: &str = "aclk";

/// Puts a register before each input of the module `top` and behind each output, its clock left
/// as it is. The registers before the inputs are on pins `bench.PORT`; those behind the outputs are
/// called `bench.PORT[BIT]` and folded by exclusive or into the pin `bench.fold`. So the circuit has
/// registers around it, as in use, and none of it can be left out. Every net but the
/// clock's keeps the name that it has here.
///
/// `None` if the text is no netlist of a module `top` with a clock `aclk` or `clock`.
pub(crate) fn with_few_pins(netlist: &str, top: &str) -> Option<String> {
    let mut design: Value = serde_json::from_str(netlist).ok()?;
    let module = design.get_mut("modules")?.get_mut(top)?;
    let mut names = names(module.get("netnames")?)?;
    let ports = module.get("ports")?.as_object()?.clone();
    let core_clock = [CORE_CLOCK, CLOCK].into_iter().find(|name| ports.contains_key(*name))?;
    let clock = ports[core_clock].clone();
    if let Some(net) = names.remove(core_clock) {
        names.insert(CLOCK.into(), net);
    }
    let mut bench = Bench {
        clock: clock.get("bits")?.get(0)?.as_u64()?,
        last: highest_net(module)?,
        cells: Map::new(),
        names,
    };
    let mut pins: Map<String, Value> = [(CLOCK.to_owned(), clock)].into_iter().collect();
    let mut held = Vec::new();
    for (name, port) in ports.iter().filter(|(name, _)| *name != core_clock) {
        let bits = port.get("bits")?.as_array()?;
        if port.get("direction")? == "output" {
            // What is constant is not looked at.
            for (index, bit) in bits.iter().enumerate().filter(|(_, bit)| bit.is_number()) {
                held.push(bench.register(&format!("{BENCH}.{name}[{index}]"), bit.clone()));
            }
        } else {
            let mut on_pins = Vec::new();
            for (index, bit) in bits.iter().enumerate() {
                let pin = bench.net();
                bench.register_to(&format!("{BENCH}.{name}[{index}]"), json!(pin), bit.clone());
                on_pins.push(pin);
            }
            let port = json!({ "direction": "input", "bits": on_pins });
            pins.insert(format!("{BENCH}.{name}"), port);
        }
    }
    while held.len() > 1 {
        let rest = held.split_off(held.len().min(4));
        let folded = bench.fold(&held);
        held = rest;
        held.push(folded);
    }
    pins.insert(format!("{BENCH}.fold"), json!({ "direction": "output", "bits": held }));
    module.get_mut("cells")?.as_object_mut()?.append(&mut bench.cells);
    module["ports"] = pins.into();
    module["netnames"] = bench.names.into();
    Some(design.to_string())
}

/// What is put around the circuit.
struct Bench {
    clock: u64,
    /// The highest number of a net so far.
    last: u64,
    cells: Map<String, Value>,
    names: Map<String, Value>,
}

impl Bench {
    fn net(&mut self) -> u64 {
        self.last += 1;
        self.last
    }

    /// A register of this name behind a net.
    fn register(&mut self, name: &str, from: Value) -> u64 {
        let to = self.net();
        self.names.insert(name.into(), net_name(&json!(to)));
        self.register_to(name, from, json!(to));
        to
    }

    fn register_to(&mut self, name: &str, from: Value, to: Value) {
        let cell = json!({
            "type": "SB_DFF",
            "parameters": {},
            "attributes": {},
            "port_directions": { "C": "input", "D": "input", "Q": "output" },
            "connections": { "C": [self.clock], "D": [from], "Q": [to] },
        });
        // No cell may be called as a pin.
        self.cells.insert(format!("{name}.register"), cell);
    }

    /// The exclusive or of up to four nets.
    fn fold(&mut self, nets: &[u64]) -> u64 {
        let to = self.net();
        let input = |at: usize| nets.get(at).map_or(json!(["0"]), |net| json!([net]));
        let cell = json!({
            "type": "SB_LUT4",
            "parameters": { "LUT_INIT": "0110100110010110" },
            "attributes": {},
            "port_directions":
                { "I0": "input", "I1": "input", "I2": "input", "I3": "input", "O": "output" },
            "connections":
                { "I0": input(0), "I1": input(1), "I2": input(2), "I3": input(3), "O": [to] },
        });
        self.cells.insert(format!("{BENCH}.fold_{to}"), cell);
        to
    }
}

/// Every bit under a name of its own: nextpnr makes `held[4][4]` of bit 4 of a bus that was split.
fn names(netnames: &Value) -> Option<Map<String, Value>> {
    let mut names = Map::new();
    for (name, net) in netnames.as_object()? {
        let bits = net.get("bits")?.as_array()?;
        for (index, bit) in bits.iter().enumerate().filter(|(_, bit)| bit.is_number()) {
            let one = bits.len() == 1;
            let name = if one { name.clone() } else { format!("{name}[{index}]") };
            names.insert(name, net_name(bit));
        }
    }
    Some(names)
}

fn net_name(bit: &Value) -> Value {
    json!({ "hide_name": 0, "bits": [bit], "attributes": {} })
}

fn highest_net(module: &Value) -> Option<u64> {
    let cells = module.get("cells")?.as_object()?.values();
    let connections = cells.filter_map(|cell| cell.get("connections")?.as_object());
    let bits = connections.flat_map(Map::values).filter_map(Value::as_array).flatten();
    let ports = module.get("ports")?.as_object()?.values();
    let port_bits = ports.filter_map(|port| port.get("bits")?.as_array()).flatten();
    bits.chain(port_bits).filter_map(Value::as_u64).max()
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn registers_lie_around_the_circuit() {
        let netlist = r#"{"modules": {"top": {
            "ports": {
                "aclk": {"direction": "input", "bits": [2]},
                "a": {"direction": "input", "bits": [3, 4]},
                "z": {"direction": "output", "bits": [5, "0"]}},
            "cells": {"z_LUT": {"type": "SB_LUT4", "connections": {"I0": [3], "I1": [4], "O": [5]}}},
            "netnames": {"aclk": {"bits": [2]}, "a": {"bits": [3, 4]}, "z[0]": {"bits": [5], "offset": 1}}}}}"#;
        let made: Value = serde_json::from_str(&with_few_pins(netlist, "top").unwrap()).unwrap();
        let top = &made["modules"]["top"];
        let ports: Vec<&String> = top["ports"].as_object().unwrap().keys().collect();
        assert_eq!(ports, ["bench.a", "bench.fold", "clock"]);
        // Before an input: from the pin to the net that was there.
        let before = &top["cells"]["bench.a[1].register"]["connections"];
        assert_eq!(
            (&before["D"][0], &before["Q"][0]),
            (&top["ports"]["bench.a"]["bits"][1], &json!(4))
        );
        // Behind an output: held, and with only one of them nothing is left to fold.
        let behind = &top["cells"]["bench.z[0].register"]["connections"];
        assert_eq!((&behind["D"][0], &behind["C"][0]), (&json!(5), &json!(2)));
        assert_eq!(behind["Q"][0], top["ports"]["bench.fold"]["bits"][0]);
        let names: Vec<&String> = top["netnames"].as_object().unwrap().keys().collect();
        assert_eq!(names, ["a[0]", "a[1]", "bench.z[0]", "clock", "z[0]"]);
        assert_eq!(top["netnames"]["z[0]"], net_name(&json!(5)));
        assert_eq!(with_few_pins(netlist, "other"), None);
        assert_eq!(with_few_pins("{", "top"), None);
    }

    #[test]
    fn outputs_are_combined_into_one() {
        let bits: Vec<u64> = (3..12).collect();
        let netlist = json!({"modules": {"top": {
            "ports": {
                "aclk": {"direction": "input", "bits": [2]},
                "z": {"direction": "output", "bits": bits}},
            "cells": {}, "netnames": {}}}});
        let made = with_few_pins(&netlist.to_string(), "top").unwrap();
        let made: Value = serde_json::from_str(&made).unwrap();
        let top = &made["modules"]["top"];
        let luts = top["cells"].as_object().unwrap().values().filter(|c| c["type"] == "SB_LUT4");
        // 9 to 6 to 3 to 1.
        assert_eq!(luts.count(), 3);
        assert_eq!(top["ports"]["bench.fold"]["bits"].as_array().unwrap().len(), 1);
    }
}
