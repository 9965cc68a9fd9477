//! Small circuits as nextpnr would write them, at work with their delays, and their glitches counted.

use crate::circuit::Circuit;
use measure::power::glitches::Transitions;
use measure::power::saif::Saif;
use measure::power::simulation::Count;
use measure::power::{Error, Glitches, Netlist, Routed, Simulation};

/// A register that toggles with every clock, and the exclusive or of it with itself over a way that
/// is longer by `longer` ps. The table itself takes 1000 ps.
fn hazard(longer: u32) -> Simulation {
    let mut circuit = Circuit::default();
    circuit.register("toggling", "0101010101010101", &["q"], "q");
    circuit.table("late", "1010101010101010", &["q"], "buffered", longer);
    circuit.table("both", "0110011001100110", &["q", "buffered"], "pulse", 1000);
    circuit.simulation()
}

fn count(simulation: &Simulation, net: &str) -> (u64, u64) {
    let Count { transitions, settled, .. } = simulation.count(net).unwrap();
    (transitions, settled)
}

#[test]
fn a_hazard_glitches() {
    let mut simulation = hazard(1200);
    (0..10).for_each(|_| simulation.clock());
    assert_eq!(count(&simulation, "q"), (10, 10));
    assert_eq!(count(&simulation, "buffered"), (10, 10));
    assert_eq!(count(&simulation, "pulse"), (20, 0));
}

#[test]
fn a_cell_suppresses_pulses_shorter_than_its_delay() {
    // The wire between them takes another 100 ps.
    for (longer, seen) in [(890, 0), (910, 20)] {
        let mut simulation = hazard(longer);
        (0..10).for_each(|_| simulation.clock());
        assert_eq!(count(&simulation, "pulse"), (seen, 0), "{longer} ps");
    }
}

#[test]
fn a_wire_suppresses_no_pulse() {
    let mut circuit = Circuit::default();
    circuit.register("toggling", "0101010101010101", &["q"], "q");
    circuit.table("late", "1010101010101010", &["q"], "buffered", 50);
    circuit.table("both", "0110011001100110", &["q", "buffered"], "pulse", 20);
    circuit.table("after", "1010101010101010", &["pulse"], "seen", 20);
    circuit.wire("after", "I0", 5000);
    let mut simulation = circuit.simulation();
    (0..10).for_each(|_| simulation.clock());
    assert_eq!(count(&simulation, "seen"), (20, 0));
}

#[test]
fn a_register_is_enabled_and_reset_by_the_clock() {
    let mut circuit = Circuit::default();
    for pin in ["data", "enable", "reset"] {
        circuit.pin(pin);
    }
    circuit.register("register", "1010101010101010", &["data"], "q");
    circuit.connect("register", "CEN", "input", "enable");
    circuit.connect("register", "SR", "input", "reset");
    circuit.set("register", "SET_NORESET", "1");
    let mut simulation = circuit.simulation();
    let [data, enable, reset] =
        ["data", "enable", "reset"].map(|pin| simulation.circuit().pins(pin).unwrap()[0]);
    let q = simulation.circuit().net("q").unwrap();
    let mut seen = Vec::new();
    for pins in [[1, 0, 0], [1, 1, 0], [0, 0, 0], [0, 1, 0], [0, 0, 1], [0, 1, 1], [0, 1, 0]] {
        for (pin, value) in [data, enable, reset].into_iter().zip(pins) {
            simulation.set(pin, value == 1);
        }
        simulation.clock();
        seen.push(u8::from(simulation.value(q)));
    }
    // Without its enable, not even a reset is seen.
    assert_eq!(seen, [0, 1, 1, 0, 0, 1, 0]);
}

#[test]
fn a_carry_runs_along_its_chain() {
    // A counter: 0 and the carry at the start of its chain are added to it.
    let mut circuit = Circuit::default();
    let bits: Vec<String> = (0..4).map(|bit| format!("q{bit}")).collect();
    for (bit, net) in bits.iter().enumerate() {
        let (cell, carry) = (format!("bit{bit}"), format!("c{bit}"));
        // q ^ I3, the carry that comes.
        let table = "0011001111001100";
        circuit.register(&cell, table, &["", net], net);
        circuit.set(&cell, "CARRY_ENABLE", "1");
        if bit == 0 {
            circuit.set(&cell, "LUT_INIT", "0011001100110011");
            circuit.set(&cell, "CIN_CONST", "1");
            circuit.set(&cell, "CIN_SET", "1");
        } else {
            let before = format!("c{}", bit - 1);
            circuit.connect(&cell, "CIN", "input", &before);
            circuit.connect(&cell, "I3", "input", &before);
            circuit.path(&cell, "CIN", "COUT", 278);
        }
        circuit.connect(&cell, "COUT", "output", &carry);
        circuit.path(&cell, "I1", "COUT", 675);
    }
    let mut simulation = circuit.simulation();
    let mut values = Vec::new();
    for _ in 0..10 {
        simulation.clock();
        let nets = bits.iter().map(|bit| simulation.circuit().net(bit).unwrap());
        let value = |(bit, net): (usize, usize)| usize::from(simulation.value(net)) << bit;
        values.push(nets.enumerate().map(value).sum::<usize>());
    }
    assert_eq!(values, [1, 2, 3, 4, 5, 6, 7, 8, 9, 10]);
}

#[test]
fn a_memory_shows_what_it_has_read_after_the_edge() {
    let mut circuit = Circuit::default();
    for pin in ["address", "read"] {
        circuit.pin(pin);
    }
    circuit.cell("memory", "ICESTORM_RAM");
    // Word 0 is 2, word 1 is 1.
    circuit.set("memory", "INIT_0", &format!("{:016b}{:016b}", 1, 2));
    for (port, net) in [("RADDR_0", "address"), ("RE", "read"), ("RCLK", "clock_in")] {
        circuit.connect("memory", port, "input", net);
    }
    for bit in 0..2 {
        circuit.connect("memory", &format!("RDATA_{bit}"), "output", &format!("data{bit}"));
        circuit.path("memory", "RCLK", &format!("RDATA_{bit}"), 2100);
    }
    let mut simulation = circuit.simulation();
    let pin = |simulation: &Simulation, name| simulation.circuit().pins(name).unwrap()[0];
    let (address, read) = (pin(&simulation, "address"), pin(&simulation, "read"));
    let mut seen = Vec::new();
    for (at, reads) in [(0, true), (1, false), (1, true)] {
        simulation.set(address, at == 1);
        simulation.set(read, reads);
        simulation.clock();
        let bit = |net| simulation.value(simulation.circuit().net(net).unwrap());
        seen.push([bit("data0"), bit("data1")]);
    }
    assert_eq!(seen, [[false, true], [false, true], [true, false]]);
    assert_eq!(count(&simulation, "data1"), (2, 2));
}

#[test]
fn a_multiplier_without_registers_glitches_with_its_factors() {
    let mut circuit = Circuit::default();
    circuit.register("toggling", "0101010101010101", &["q"], "q");
    circuit.cell("product", "ICESTORM_DSP");
    for parameter in ["TOPOUTPUT_SELECT", "BOTOUTPUT_SELECT"] {
        circuit.set("product", parameter, "11");
    }
    // q times not q is always 0, but for a while.
    circuit.table("not", "0101010101010101", &["q"], "other", 3000);
    for (port, net) in [("A_0", "q"), ("B_0", "other")] {
        circuit.connect("product", port, "input", net);
        circuit.path("product", port, "O_0", 700);
    }
    circuit.connect("product", "O_0", "output", "bit");
    let mut simulation = circuit.simulation();
    (0..10).for_each(|_| simulation.clock());
    // When q rises, other is still 1; when q falls, other is still 0.
    assert_eq!(count(&simulation, "bit"), (10, 0));

    // With registers before it, it squares q and is a clock late.
    for parameter in ["A_REG", "B_REG"] {
        circuit.set("product", parameter, "1");
    }
    circuit.connect("product", "B_0", "input", "q");
    circuit.connect("product", "CLK", "input", "clock_in");
    circuit.path("product", "CLK", "O_0", 100);
    let mut simulation = circuit.simulation();
    (0..10).for_each(|_| simulation.clock());
    assert_eq!(count(&simulation, "bit"), (9, 9));
}

#[test]
fn mismatched_parts_are_refused() {
    let mut circuit = Circuit::default();
    circuit.register("toggling", "0101010101010101", &["q"], "q");
    let (json, sdf) = circuit.texts();
    let refused = |json: &str, sdf: &str| Routed::parse(json, sdf).unwrap_err();
    assert!(
        matches!(refused(&json, "(TIMESCALE 1ps)"), Error::NoDelay(cell, _) if cell == "toggling")
    );
    assert!(matches!(refused(&json, ""), Error::Sdf(1, _)));
    assert!(matches!(refused("{}", &sdf), Error::Json(_)));
    let other = json.replace("\"ICESTORM_LC\"", "\"ICESTORM_PLL\"");
    assert!(matches!(refused(&other, &sdf), Error::Unsupported(..)));
    circuit.set("toggling", "NEG_CLK", "1");
    let (json, sdf) = circuit.texts();
    assert!(matches!(refused(&json, &sdf), Error::Unsupported(..)));
}

/// As yosys would write it: a register `a.q`, and a table of it and its own echo in block `b`.
const NETLIST: &str = r#"{"modules": {"top": {
    "ports": {"clock": {"direction": "input", "bits": [2]}, "seen": {"direction": "output", "bits": [5]}},
    "cells": {
        "a.q_SB_DFF_Q": {"type": "SB_DFF", "parameters": {},
            "port_directions": {"C": "input", "D": "input", "Q": "output"},
            "connections": {"C": [2], "D": [6], "Q": [3]}},
        "a.q_SB_LUT4": {"type": "SB_LUT4", "parameters": {},
            "port_directions": {"I0": "input", "O": "output"}, "connections": {"I0": [3], "O": [6]}},
        "a.echo_SB_LUT4": {"type": "SB_LUT4", "parameters": {},
            "port_directions": {"I0": "input", "O": "output"}, "connections": {"I0": [3], "O": [4]}},
        "b.pulse_SB_LUT4": {"type": "SB_LUT4", "parameters": {},
            "port_directions": {"I0": "input", "I1": "input", "O": "output"},
            "connections": {"I0": [3], "I1": [4], "O": [5]}}},
    "netnames": {"a.q": {"bits": [3]}, "a.next": {"bits": [6]}, "a.echo": {"bits": [4]}, "b.pulse": {"bits": [5]}}}}}"#;

/// The same, placed; under other names with `prefix`.
fn placed(prefix: &str) -> Simulation {
    let [q, echo, pulse] = ["a.q", "a.echo", "b.pulse"].map(|net| format!("{prefix}{net}"));
    let mut circuit = Circuit::default();
    circuit.register("toggling", "0101010101010101", &[&q], &q);
    circuit.table("late", "1010101010101010", &[&q], &echo, 1200);
    circuit.table("both", "0110011001100110", &[&q, &echo], &pulse, 1000);
    let mut simulation = circuit.simulation();
    // The count begins with the register at 1, and Verilator's with one toggle more for that.
    simulation.clock();
    simulation.restart_counts();
    (0..40).for_each(|_| simulation.clock());
    simulation
}

fn saif(toggles: u64) -> Saif {
    let net = |name: &str, toggles| format!("({name} (T0 20) (T1 20) (TC {toggles}))\n");
    let nets = [net("a\\.q", toggles), net("a\\.echo", 41), net("b\\.pulse", 0)];
    Saif::parse(&format!("(DURATION 40)\n{}", nets.concat())).unwrap()
}

#[test]
fn each_block_has_its_factor() {
    let netlist = Netlist::parse(NETLIST, "top").unwrap();
    let glitches = Glitches::count(&netlist, &saif(41), &placed(""), 0).unwrap();
    assert_eq!(glitches.clocks, 40);
    assert_eq!(glitches.blocks["a"], Transitions { nets: 2, settled: 80, all: 80 });
    assert_eq!(glitches.blocks["b"], Transitions { nets: 1, settled: 0, all: 80 });
    assert_eq!((glitches.factor("a"), glitches.total().factor()), (1.0, Some(2.0)));
    // Where nothing settles anew, or nothing is known: as the whole.
    assert_eq!((glitches.factor("b"), glitches.factor("c")), (2.0, 2.0));
}

#[test]
fn a_simulation_of_something_else_is_refused() {
    let netlist = Netlist::parse(NETLIST, "top").unwrap();
    let refused = Glitches::count(&netlist, &saif(5), &placed(""), 0);
    assert!(matches!(refused, Err(Error::Settled(net, 40, 4)) if net == "a.q"));
    let refused = Glitches::count(&netlist, &saif(41), &placed("other."), 0);
    assert!(matches!(refused, Err(Error::NotRouted(0, 3))));
}
