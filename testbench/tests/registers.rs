//! The C header, the Rust constants and the Python module are of one register map.
//!
//! PeakRDL makes the header, `scripts/registers.py` the others: two readers of one description.

use std::collections::BTreeMap;

const HEADER: &str = include_str!("../../c/include/tierwire_registers.h");
const RUST: &str = include_str!("../../hdl/src/tables/register_map.rs");
const PYTHON: &str = include_str!("../../python/package/tierwire/registers.py");

/// Addresses, masks of single bits, and what a register always reads, by name.
type Map = BTreeMap<String, u64>;

fn number(text: &str) -> u64 {
    let text = text.replace('_', "");
    match (text.strip_prefix("0x"), text.strip_prefix("1 << ")) {
        (Some(digits), _) => u64::from_str_radix(digits, 16).unwrap(),
        (_, Some(bit)) => 1 << bit.parse::<u32>().unwrap(),
        _ => text.parse().unwrap(),
    }
}

/// Of the header: the members of its struct are the registers, a word each.
fn of_header(header: &str) -> Map {
    let mut map = Map::new();
    let mut resets: BTreeMap<String, u64> = BTreeMap::new();
    let mut fields: BTreeMap<String, [u64; 2]> = BTreeMap::new();
    let mut address = 0;
    for line in header.lines() {
        if let Some(register) = line.trim().strip_prefix("uint32_t ") {
            map.insert(register.trim_end_matches(';').to_owned(), address);
            address += 4;
        }
        let Some(line) = line.strip_prefix("#define TIERWIRE__") else { continue };
        let (name, value) = line.split_once(' ').unwrap();
        let (name, property) = name.rsplit_once('_').unwrap();
        let (register, field) = name.split_once("__").unwrap();
        let [place, width] = fields.entry(name.to_owned()).or_default();
        match property {
            "bp" => *place = number(value),
            "bw" => *width = number(value),
            "reset" => *resets.entry(register.to_owned()).or_default() |= number(value) << *place,
            _ => assert_eq!(property, "bm"),
        }
        if property == "bw" && *width == 1 {
            map.insert(format!("{register}.{field}"), 1 << *place);
        }
    }
    // What is written resets to 0, as orders are over at once.
    let read_only = resets.into_iter().filter(|(register, _)| register != "CONTROL");
    map.extend(read_only.map(|(register, value)| (register + "_VALUE", value)));
    map
}

/// Of source text: `begins` is what a group of bits begins with.
fn of_source(text: &str, begins: &str, constant: &str) -> Map {
    let mut map = Map::new();
    let mut group = String::new();
    for line in text.lines() {
        if let Some(name) = line.strip_prefix(begins) {
            group = name.split([' ', '(']).next().unwrap().to_uppercase();
        }
        let Some(line) = line.trim().strip_prefix(constant) else { continue };
        let Some((name, value)) = line.split_once(" = ") else { continue };
        let name = name.split(':').next().unwrap();
        let value = number(value.trim_end_matches(';'));
        let flag = group != "REGISTER" && line.contains("<<");
        map.insert(if flag { format!("{group}.{name}") } else { name.to_owned() }, value);
    }
    map
}

#[test]
fn header_rust_and_python_have_the_same_registers_and_bits() {
    let header = of_header(HEADER);
    assert_eq!(header["DATA"], 0x18);
    assert_eq!(header["STATUS.WRONG_CRC"], 1 << 9);
    assert_eq!(header, of_source(RUST, "pub mod ", "pub const "));
    assert_eq!(header, of_source(PYTHON, "class ", ""));
    // The comparison sees a bit and an address that moved.
    for (right, wrong) in [("WRONG_CRC_bp 9", "WRONG_CRC_bp 8"), ("uint32_t DATA;\n", "")] {
        assert!(HEADER.contains(right));
        assert_ne!(of_header(&HEADER.replace(right, wrong)), header);
    }
}
