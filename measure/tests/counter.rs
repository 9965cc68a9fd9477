//! A counter of four bits as yosys made it, over 16 clocks as Verilator counted them.

use measure::power::netlist::Kind;
use measure::power::saif::Saif;
use measure::power::{Activity, Error, Netlist};

const JSON: &str = include_str!("files/counter.json");
const SAIF: &str = include_str!("files/counter.saif");

fn counter() -> Netlist {
    Netlist::parse(JSON, "design").unwrap()
}

#[test]
fn its_cells_are_found() {
    let netlist = counter();
    let of = |kind| netlist.count(kind);
    assert_eq!((of(Kind::FlipFlop), of(Kind::Lut), of(Kind::Carry)), (4, 4, 2));
    assert_eq!(netlist.inputs.keys().collect::<Vec<_>>(), ["clock"]);
    assert!(matches!(Netlist::parse(JSON, "other"), Err(Error::NoModule(_))));
    assert!(matches!(Netlist::parse(&JSON[..200], "design"), Err(Error::Json(_))));
}

#[test]
fn only_what_leaves_its_logic_cell_is_routed() {
    let netlist = counter();
    let routed: Vec<&str> = (0..netlist.nets.len())
        .filter(|&net| netlist.is_routed(net) && netlist.nets[net].driver.is_some())
        .map(|net| netlist.nets[net].names[0].as_str())
        .collect();
    // The lowest bit starts the carry chain in another cell than its own; the highest is an output.
    assert_eq!(routed, ["counter_0[0]", "counter_0[3]"]);
}

#[test]
fn each_bit_toggles_half_as_often_as_the_bit_below() {
    let activity = Activity::count(&counter(), &Saif::parse(SAIF).unwrap()).unwrap();
    assert_eq!(activity.clocks, 16);
    let work = activity.total();
    assert_eq!((work.flip_flops, work.nets, work.toggles), (4, 2, 2 + 16));
    assert_eq!((work.accesses, work.operations), (0.0, 0.0));
}

#[test]
fn toggles_of_another_netlist_are_refused() {
    let saif = Saif::parse(&SAIF.replace("counter_0", "other")).unwrap();
    let refused = Activity::count(&counter(), &saif);
    assert!(matches!(refused, Err(Error::NotCounted(name)) if name.starts_with("counter_0")));
}

#[test]
fn memories_and_multipliers_count_only_when_enabled() {
    let json = r#"{"modules": {"top": {"ports": {"clock": {"direction": "input", "bits": [2]}},
        "cells": {
            "a.mem.0.0": {"type": "SB_RAM40_4K", "parameters": {},
                "port_directions": {"RE": "input", "RCLKE": "input", "WE": "input", "WCLKE": "input"},
                "connections": {"RE": ["1"], "RCLKE": [3], "WE": ["0"], "WCLKE": ["1"]}},
            "a.product_SB_MAC16_O": {"type": "SB_MAC16", "parameters": {},
                "port_directions": {"A": "input", "B": "input"},
                "connections": {"A": [4], "B": ["0"]}}},
        "netnames": {"a.read": {"bits": [3]}, "a.factor": {"bits": [4]}}}}}"#;
    let saif =
        "(DURATION 100)\n(a.read (T0 70) (T1 30) (TC 9))\n(a.factor (T0 50) (T1 50) (TC 20))\n";
    let netlist = Netlist::parse(json, "top").unwrap();
    let activity = Activity::count(&netlist, &Saif::parse(saif).unwrap()).unwrap();
    let work = activity.total();
    assert_eq!((work.accesses, work.operations), (30.0, 40.0));
    assert_eq!(activity.blocks.keys().collect::<Vec<_>>(), ["a"]);
}
