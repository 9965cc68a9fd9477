//! A synthesised netlist, as yosys writes it in JSON, flat, of iCE40 or ECP5 cells.
//!
//! Names contain the path of blocks: the register `held` of the bit packer is `bit_packer.held[0]`,
//! and the LUT in front of it `bit_packer.held_SB_DFFE_Q_D_SB_LUT4_O`.

use crate::power::error::Error;
use serde::Deserialize;
use std::collections::{BTreeMap, HashMap};

/// What a cell is.
#[derive(Clone, Copy, Debug, PartialEq, Eq)]
pub enum Kind {
    /// A look-up table.
    Lut,
    /// A bit of a carry chain.
    Carry,
    /// A flip-flop.
    FlipFlop,
    /// A block RAM.
    Memory,
    /// A multiplier.
    Multiplier,
    /// Oscillators, pins and the like.
    Other,
}

/// One bit: a net, or a constant.
#[derive(Clone, Copy, Debug, PartialEq, Eq)]
pub enum Bit {
    /// The net of this number.
    Net(usize),
    /// Always 0; what is left open counts as 0.
    Zero,
    /// Always 1.
    One,
}

/// A cell.
#[derive(Clone, Debug)]
pub struct Cell {
    /// Its name, with the path of blocks.
    pub name: String,
    /// Its type in yosys.
    pub cell_type: String,
    /// What that is.
    pub kind: Kind,
    /// Its parameters, as yosys writes them: digits of 0 and 1, or text.
    pub parameters: BTreeMap<String, String>,
    /// Its inputs.
    pub inputs: BTreeMap<String, Vec<Bit>>,
    /// Its outputs.
    pub outputs: BTreeMap<String, Vec<Bit>>,
}

impl Cell {
    /// A parameter of digits as a number; 0 where it is not given.
    pub fn number(&self, parameter: &str) -> u32 {
        let text = self.parameters.get(parameter).map_or("", |text| text.trim());
        u32::from_str_radix(text, 2).unwrap_or(0)
    }
}

/// A net of one bit.
#[derive(Clone, Debug, Default)]
pub struct Net {
    /// All its names.
    pub names: Vec<String>,
    /// The cell that drives it; `None` for a pin.
    pub driver: Option<usize>,
    /// The cells that read it, and at which port.
    pub readers: Vec<(usize, String)>,
    /// It is an output of the whole.
    pub is_output: bool,
}

/// A flat module.
#[derive(Clone, Debug)]
pub struct Netlist {
    /// Its cells.
    pub cells: Vec<Cell>,
    /// Its nets.
    pub nets: Vec<Net>,
    /// Its inputs, bit by bit, lowest first.
    pub inputs: BTreeMap<String, Vec<Bit>>,
    /// Its outputs.
    pub outputs: BTreeMap<String, Vec<Bit>>,
}

#[derive(Deserialize)]
struct Design {
    modules: BTreeMap<String, Module>,
}

#[derive(Deserialize)]
struct Module {
    ports: BTreeMap<String, Port>,
    cells: BTreeMap<String, RawCell>,
    netnames: BTreeMap<String, Name>,
}

#[derive(Deserialize)]
struct Port {
    direction: String,
    bits: Vec<RawBit>,
}

#[derive(Deserialize)]
struct RawCell {
    #[serde(rename = "type")]
    cell_type: String,
    parameters: BTreeMap<String, serde_json::Value>,
    port_directions: BTreeMap<String, String>,
    connections: BTreeMap<String, Vec<RawBit>>,
}

#[derive(Deserialize)]
struct Name {
    bits: Vec<RawBit>,
}

#[derive(Clone, Deserialize)]
#[serde(untagged)]
enum RawBit {
    Net(u64),
    Constant(String),
}

impl Netlist {
    /// Reads the module `top` of what `write_json` wrote.
    ///
    /// # Errors
    /// [`Error::Json`], [`Error::NoModule`].
    pub fn parse(json: &str, top: &str) -> Result<Netlist, Error> {
        let mut design: Design = serde_json::from_str(json)?;
        let module = design.modules.remove(top).ok_or_else(|| Error::NoModule(top.into()))?;
        let mut numbers = HashMap::new();
        let mut nets: Vec<Net> = Vec::new();
        let mut bits = |raw: &[RawBit], nets: &mut Vec<Net>| -> Vec<Bit> {
            let bit = |raw: &RawBit| match raw {
                RawBit::Net(number) => Bit::Net(*numbers.entry(*number).or_insert_with(|| {
                    nets.push(Net::default());
                    nets.len() - 1
                })),
                RawBit::Constant(value) if value == "1" => Bit::One,
                RawBit::Constant(_) => Bit::Zero,
            };
            raw.iter().map(bit).collect()
        };

        let mut cells: Vec<Cell> = Vec::with_capacity(module.cells.len());
        for (name, raw) in module.cells {
            let (mut inputs, mut outputs) = (BTreeMap::new(), BTreeMap::new());
            for (port, connected) in &raw.connections {
                let connected = bits(connected, &mut nets);
                let is_output = raw.port_directions.get(port).is_some_and(|d| d == "output");
                for bit in &connected {
                    match *bit {
                        Bit::Net(net) if is_output => nets[net].driver = Some(cells.len()),
                        Bit::Net(net) => nets[net].readers.push((cells.len(), port.clone())),
                        Bit::Zero | Bit::One => {}
                    }
                }
                if is_output { &mut outputs } else { &mut inputs }.insert(port.clone(), connected);
            }
            let text = |value: serde_json::Value| match value {
                serde_json::Value::String(text) => text,
                other => other.to_string(),
            };
            cells.push(Cell {
                name,
                kind: kind(&raw.cell_type),
                cell_type: raw.cell_type,
                parameters: raw.parameters.into_iter().map(|(k, v)| (k, text(v))).collect(),
                inputs,
                outputs,
            });
        }
        let (mut inputs, mut outputs) = (BTreeMap::new(), BTreeMap::new());
        for (name, port) in module.ports {
            let connected = bits(&port.bits, &mut nets);
            if port.direction == "output" {
                for bit in &connected {
                    if let Bit::Net(net) = *bit {
                        nets[net].is_output = true;
                    }
                }
                outputs.insert(name, connected);
            } else {
                inputs.insert(name, connected);
            }
        }
        for (name, raw) in &module.netnames {
            let wide = raw.bits.len() > 1;
            for (index, bit) in bits(&raw.bits, &mut nets).into_iter().enumerate() {
                if let Bit::Net(net) = bit {
                    let name = if wide { format!("{name}[{index}]") } else { name.clone() };
                    nets[net].names.push(name);
                }
            }
        }
        Ok(Netlist { cells, nets, inputs, outputs })
    }

    /// Whether a net feeds a clock input.
    pub fn is_clock(&self, net: usize) -> bool {
        let clock = |(cell, port): &(usize, String)| match self.cells[*cell].kind {
            Kind::FlipFlop => matches!(port.as_str(), "C" | "CLK"),
            Kind::Memory => port.contains("CLK") && !port.contains("CLKE"),
            Kind::Multiplier => port.starts_with("CLK"),
            _ => false,
        };
        self.nets[net].readers.iter().any(clock)
    }

    /// Whether a net runs through the routing between logic cells. A logic cell holds a LUT, its bit
    /// of the carry chain and a flip-flop: what goes from one to the other never leaves it. The
    /// feedback of a counter's bit to its own LUT does not leave it either. What a multiplier drives
    /// counts as part of its operation.
    pub fn is_routed(&self, net: usize) -> bool {
        let Net { driver, readers, is_output, .. } = &self.nets[net];
        let Some(driver) = *driver else { return !readers.is_empty() };
        if self.is_clock(net) || matches!(self.cells[driver].kind, Kind::Carry | Kind::Multiplier) {
            return false;
        }
        if *is_output {
            return true;
        }
        let own = match self.cells[driver].kind {
            Kind::Lut => Some(driver),
            Kind::FlipFlop => self.lut_in_front(driver),
            _ => None,
        };
        !readers.iter().all(|(reader, port)| match self.cells[*reader].kind {
            Kind::FlipFlop => self.cells[driver].kind == Kind::Lut && is_data(port),
            // The ECP5's multiplexers stand behind the LUTs of their own slice.
            Kind::Lut if is_slice_mux(&self.cells[*reader].cell_type) => {
                port.as_str() != "C0" && port.as_str() != "SD"
            }
            Kind::Lut => own == Some(*reader) && *reader != driver,
            Kind::Carry => own.is_some_and(|lut| self.share_a_cell(lut, *reader)),
            _ => false,
        })
    }

    /// The LUT that drives this flip-flop's data and nothing else.
    fn lut_in_front(&self, flip_flop: usize) -> Option<usize> {
        let inputs = &self.cells[flip_flop].inputs;
        let data = inputs.iter().find(|(port, _)| is_data(port))?.1;
        let &[Bit::Net(net)] = data.as_slice() else { return None };
        let lut = self.nets[net].driver?;
        let alone = self.nets[net].readers.len() == 1 && !self.nets[net].is_output;
        (alone && self.cells[lut].kind == Kind::Lut).then_some(lut)
    }

    /// Whether a LUT and a bit of a carry chain fit one logic cell: they have their inputs in common.
    fn share_a_cell(&self, lut: usize, carry: usize) -> bool {
        let input = |cell: usize, port: &str| self.cells[cell].inputs.get(port)?.first().copied();
        input(lut, "I3") == input(carry, "CI")
            && [("I1", "I0"), ("I2", "I1")].iter().all(|(of_lut, of_carry)| {
                input(lut, of_lut) == input(carry, of_carry)
                    || matches!(input(carry, of_carry), Some(Bit::Zero | Bit::One))
            })
    }

    /// The block of a cell, at most two deep; `top` if none is named.
    pub fn block(&self, cell: usize) -> String {
        let name = self.cells[cell].name.as_str();
        // A memory has the name of its block.
        let name = name.split_once(".mem.").map_or(name, |(block, _)| &name[..block.len() + 1]);
        let parts: Vec<&str> = name.split('.').collect();
        match parts[..parts.len() - 1] {
            [] => "top".into(),
            [one] => one.into(),
            [one, two, ..] => format!("{one}.{two}"),
        }
    }

    /// How many cells of a kind there are.
    pub fn count(&self, kind: Kind) -> usize {
        self.cells.iter().filter(|cell| cell.kind == kind).count()
    }
}

fn is_data(port: &str) -> bool {
    matches!(port, "D" | "DI")
}

fn is_slice_mux(cell_type: &str) -> bool {
    matches!(cell_type, "PFUMX" | "L6MUX21")
}

fn kind(cell_type: &str) -> Kind {
    match cell_type {
        "SB_LUT4" | "LUT4" | "PFUMX" | "L6MUX21" => Kind::Lut,
        "SB_CARRY" | "CCU2C" => Kind::Carry,
        "SB_RAM40_4K" | "SB_SPRAM256KA" | "DP16KD" | "PDPW16KD" | "TRELLIS_DPR16X4" => Kind::Memory,
        "SB_MAC16" | "MULT18X18D" => Kind::Multiplier,
        "TRELLIS_FF" => Kind::FlipFlop,
        other if other.starts_with("SB_DFF") => Kind::FlipFlop,
        _ => Kind::Other,
    }
}
