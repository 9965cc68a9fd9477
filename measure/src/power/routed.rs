//! A netlist as routed on an iCE40, with the delays of its cells and wires, from nextpnr's
//! `--write` and `--sdf`.
//!
//! A logic cell is a table of four inputs, with a register behind it or without, and a bit of a
//! carry chain beside it. For a register only the value of its inputs at the clock's edge matters;
//! for everything else also when they change.

use crate::power::block_ram::BlockRam;
use crate::power::error::Error;
use crate::power::multiplier::Multiplier;
use crate::power::netlist::{Bit, Cell, Netlist};
use crate::power::sdf::Sdf;
use std::collections::{BTreeMap, HashMap};

/// The net of an input, if it is connected.
pub(crate) type Wire = Option<usize>;

/// The routed circuit.
#[derive(Clone, Debug)]
pub struct Routed {
    /// The inputs that each net drives, except those that are only read at the clock's edge.
    pub(crate) sinks: Vec<Vec<Sink>>,
    pub(crate) parts: Vec<Part>,
    pub(crate) flip_flops: Vec<FlipFlop>,
    pub(crate) memories: Vec<Memory>,
    pub(crate) products: Vec<ClockedProduct>,
    numbers: HashMap<String, usize>,
    pins: BTreeMap<String, Vec<usize>>,
}

/// An end of a wire.
#[derive(Clone, Copy, Debug)]
pub(crate) struct Sink {
    pub(crate) part: u32,
    pub(crate) input: u32,
    /// The wire's delay.
    pub(crate) delay: u32,
}

/// Combinational parts.
#[derive(Clone, Debug)]
pub(crate) enum Part {
    /// A table of up to four inputs.
    Table { table: u16, output: usize, delays: [u32; 4] },
    /// A multiplier without registers: 16 inputs of one factor, then 16 of the other.
    Product { multiplier: Multiplier, outputs: Vec<ProductBit> },
}

/// An output of a product, and its delay from each input.
#[derive(Clone, Debug)]
pub(crate) struct ProductBit {
    pub(crate) bit: usize,
    pub(crate) output: usize,
    pub(crate) delays: [u32; 32],
}

/// A register behind a table.
#[derive(Clone, Debug)]
pub(crate) struct FlipFlop {
    pub(crate) table: u16,
    pub(crate) inputs: [Wire; 4],
    pub(crate) enable: Wire,
    pub(crate) reset: Wire,
    /// Its reset.
    pub(crate) to: bool,
    pub(crate) output: usize,
    pub(crate) delay: u32,
}

/// A block RAM.
#[derive(Clone, Debug)]
pub(crate) struct Memory {
    pub(crate) cells: BlockRam,
    pub(crate) read: Option<[Wire; 2]>,
    pub(crate) read_address: Vec<Wire>,
    pub(crate) write: Option<[Wire; 2]>,
    pub(crate) write_address: Vec<Wire>,
    pub(crate) data: Vec<Wire>,
    pub(crate) mask: Vec<Wire>,
    pub(crate) outputs: Vec<Launch>,
}

/// A multiplier with registers.
#[derive(Clone, Debug)]
pub(crate) struct ClockedProduct {
    pub(crate) multiplier: Multiplier,
    pub(crate) factors: [Vec<Wire>; 2],
    /// Its upper and its lower half.
    pub(crate) addend: [Vec<Wire>; 2],
    pub(crate) enable: Wire,
    pub(crate) hold: [Wire; 2],
    pub(crate) outputs: Vec<Launch>,
}

/// A bit that changes with the clock.
#[derive(Clone, Copy, Debug)]
pub(crate) struct Launch {
    pub(crate) bit: usize,
    pub(crate) output: usize,
    pub(crate) delay: u32,
}

impl Routed {
    /// Reads the two files.
    ///
    /// # Errors
    /// [`Error::Json`], [`Error::NoModule`], [`Error::Sdf`]; [`Error::NoDelay`] where one does not
    /// belong to the other; [`Error::Unsupported`].
    pub fn parse(json: &str, sdf: &str) -> Result<Routed, Error> {
        let netlist = Netlist::parse(json, "top")?;
        let sdf = Sdf::parse(sdf)?;
        let mut numbers = HashMap::new();
        for (number, net) in netlist.nets.iter().enumerate() {
            numbers.extend(net.names.iter().map(|name| (name.clone(), number)));
        }
        let mut routed = Routed {
            sinks: vec![Vec::new(); netlist.nets.len()],
            parts: Vec::new(),
            flip_flops: Vec::new(),
            memories: Vec::new(),
            products: Vec::new(),
            numbers,
            pins: pins(&netlist),
        };
        for cell in &netlist.cells {
            let reader = Reader { netlist: &netlist, sdf: &sdf, cell };
            match cell.cell_type.as_str() {
                "ICESTORM_LC" => routed.logic_cell(&reader)?,
                "ICESTORM_RAM" => routed.memory(&reader)?,
                "ICESTORM_DSP" => routed.multiplier(&reader)?,
                "SB_GB" => {
                    let inputs = [Some("USER_SIGNAL_TO_GLOBAL_BUFFER"), None, None, None];
                    routed.table(&reader, 0b10, inputs, "GLOBAL_BUFFER_OUTPUT")?;
                }
                "SB_IO" => {}
                _ => return reader.unsupported("a cell of this type"),
            }
        }
        Ok(routed)
    }

    /// The net of this name.
    pub fn net(&self, name: &str) -> Option<usize> {
        self.numbers.get(name).copied()
    }

    /// The nets behind the pins of an input port, lowest first.
    pub fn pins(&self, port: &str) -> Option<&[usize]> {
        self.pins.get(port).map(Vec::as_slice)
    }

    /// How many nets there are.
    pub fn nets(&self) -> usize {
        self.sinks.len()
    }

    /// The longest single delay.
    pub(crate) fn longest_delay(&self) -> u32 {
        let wires = self.sinks.iter().flatten().map(|sink| sink.delay);
        let parts = self.parts.iter().flat_map(|part| match part {
            Part::Table { delays, .. } => delays.to_vec(),
            Part::Product { outputs, .. } => outputs.iter().flat_map(|bit| bit.delays).collect(),
        });
        let memories = self.memories.iter().flat_map(|memory| &memory.outputs);
        let launches = memories.chain(self.products.iter().flat_map(|product| &product.outputs));
        let launches = launches.map(|launch| launch.delay);
        let launches = launches.chain(self.flip_flops.iter().map(|register| register.delay));
        wires.chain(parts).chain(launches).max().unwrap_or(0)
    }

    fn logic_cell(&mut self, reader: &Reader<'_>) -> Result<(), Error> {
        const INPUTS: [&str; 4] = ["I0", "I1", "I2", "I3"];
        let Reader { cell, .. } = reader;
        let table = reader.cell.number("LUT_INIT") as u16;
        if reader.cell.number("CARRY_ENABLE") == 1 {
            // The majority of three; of two and a constant.
            let carried =
                reader.cell.number("CIN_CONST") == 1 && reader.cell.number("CIN_SET") == 1;
            let table = if carried { 0b1110 } else { 0b1110_1000 };
            let inputs = [Some("I1"), Some("I2"), Some("CIN"), None];
            self.table(reader, table, inputs, "COUT")?;
        }
        if reader.cell.number("DFF_ENABLE") == 0 {
            return self.table(reader, table, INPUTS.map(Some), "O");
        }
        if reader.cell.number("NEG_CLK") == 1 || reader.cell.number("ASYNC_SR") == 1 {
            return reader.unsupported("the falling edge, or a reset without a clock");
        }
        let Some(output) = reader.output("O") else { return Ok(()) };
        if reader.has_clock("CLK")? {
            self.flip_flops.push(FlipFlop {
                table,
                inputs: INPUTS.map(|port| cell_input(cell, port)),
                enable: cell_input(cell, "CEN"),
                reset: cell_input(cell, "SR"),
                to: reader.cell.number("SET_NORESET") == 1,
                output,
                delay: reader.launch("CLK", "O")?,
            });
        }
        Ok(())
    }

    /// A table whose output follows its inputs.
    fn table(
        &mut self,
        reader: &Reader<'_>,
        table: u16,
        inputs: [Option<&str>; 4],
        output: &str,
    ) -> Result<(), Error> {
        let Some(net) = reader.output(output) else { return Ok(()) };
        let mut delays = [0; 4];
        for (input, port) in inputs.into_iter().enumerate() {
            // An input of the carry chain alone has no path through the table.
            let Some(port) = port.filter(|_| depends(table, input)) else { continue };
            let Some(from) = cell_input(reader.cell, port) else { continue };
            delays[input] = reader.path(port, output)?;
            let sink = Sink {
                part: self.parts.len() as u32,
                input: input as u32,
                delay: reader.wire(port)?,
            };
            self.sinks[from].push(sink);
        }
        self.parts.push(Part::Table { table, output: net, delays });
        Ok(())
    }

    fn memory(&mut self, reader: &Reader<'_>) -> Result<(), Error> {
        let clocked = |clock, enables: [&str; 2]| -> Result<Option<[Wire; 2]>, Error> {
            let enables = enables.map(|port| cell_input(reader.cell, port));
            Ok(reader.has_clock(clock)?.then_some(enables))
        };
        let (read, write) = (clocked("RCLK", ["RE", "RCLKE"])?, clocked("WCLK", ["WE", "WCLKE"])?);
        let outputs = if read.is_some() { reader.launches("RCLK", "RDATA", 16)? } else { vec![] };
        self.memories.push(Memory {
            cells: BlockRam::new(reader.cell)?,
            read,
            read_address: reader.bus("RADDR", 11),
            write,
            write_address: reader.bus("WADDR", 11),
            data: reader.bus("WDATA", 16),
            mask: reader.bus("MASK", 16),
            outputs,
        });
        Ok(())
    }

    fn multiplier(&mut self, reader: &Reader<'_>) -> Result<(), Error> {
        let multiplier = Multiplier::new(reader.cell)?;
        if !multiplier.is_combinational() {
            if reader.has_clock("CLK")? {
                self.products.push(ClockedProduct {
                    multiplier,
                    factors: ["A", "B"].map(|port| reader.bus(port, 16)),
                    addend: ["C", "D"].map(|port| reader.bus(port, 16)),
                    enable: cell_input(reader.cell, "CE"),
                    hold: ["AHOLD", "BHOLD"].map(|port| cell_input(reader.cell, port)),
                    outputs: reader.launches("CLK", "O", 32)?,
                });
            }
            return Ok(());
        }
        let ports: Vec<String> =
            (0..32).map(|n| format!("{}_{}", ["A", "B"][n / 16], n % 16)).collect();
        let mut outputs = Vec::new();
        for bit in 0..32 {
            let port = format!("O_{bit}");
            let Some(output) = reader.output(&port) else { continue };
            let mut delays = [0; 32];
            for (from, delay) in ports.iter().zip(&mut delays) {
                if cell_input(reader.cell, from).is_some() {
                    *delay = reader.path(from, &port).unwrap_or(PRODUCT_PS);
                }
            }
            outputs.push(ProductBit { bit, output, delays });
        }
        for (input, port) in ports.iter().enumerate() {
            if let Some(from) = cell_input(reader.cell, port) {
                let sink = Sink {
                    part: self.parts.len() as u32,
                    input: input as u32,
                    delay: reader.wire(port)?,
                };
                self.sinks[from].push(sink);
            }
        }
        self.parts.push(Part::Product { multiplier, outputs });
        Ok(())
    }
}

/// A product's delay, in picoseconds, where nextpnr takes its block for a clocked one and says none. It is the same
/// for all bits, so it delays glitches and adds none.
const PRODUCT_PS: u32 = 10_000;

/// The nets behind the pins of each input.
fn pins(netlist: &Netlist) -> BTreeMap<String, Vec<usize>> {
    let behind = |pad: &Bit| {
        let Bit::Net(pad) = *pad else { return None };
        let mut readers = netlist.nets[pad].readers.iter();
        readers.find_map(|(cell, _)| first_net(netlist.cells[*cell].outputs.get("D_IN_0")?))
    };
    let port = |(name, pads): (&String, &Vec<Bit>)| {
        (name.clone(), pads.iter().filter_map(behind).collect())
    };
    netlist.inputs.iter().map(port).collect()
}

fn first_net(bits: &[Bit]) -> Wire {
    match bits.first() {
        Some(Bit::Net(net)) => Some(*net),
        _ => None,
    }
}

fn cell_input(cell: &Cell, port: &str) -> Wire {
    first_net(cell.inputs.get(port)?)
}

/// Whether the table's output depends on an input.
fn depends(table: u16, input: usize) -> bool {
    (0..16).any(|at| (table >> at ^ table >> (at ^ 1 << input)) & 1 == 1)
}

/// A cell, with its entries in both files.
struct Reader<'a> {
    netlist: &'a Netlist,
    sdf: &'a Sdf,
    cell: &'a Cell,
}

impl Reader<'_> {
    fn output(&self, port: &str) -> Wire {
        first_net(self.cell.outputs.get(port)?)
    }

    fn bus(&self, port: &str, width: usize) -> Vec<Wire> {
        (0..width).map(|bit| cell_input(self.cell, &format!("{port}_{bit}"))).collect()
    }

    fn path(&self, from: &str, to: &str) -> Result<u32, Error> {
        let no_delay = || Error::NoDelay(self.cell.name.clone(), format!("{from} to {to}"));
        self.sdf.path(&self.cell.name, from, to).ok_or_else(no_delay)
    }

    fn wire(&self, to: &str) -> Result<u32, Error> {
        let no_delay = || Error::NoDelay(self.cell.name.clone(), format!("the wire to {to}"));
        self.sdf.wire(&self.cell.name, to).ok_or_else(no_delay)
    }

    /// From the clock's edge to an output.
    fn launch(&self, clock: &str, output: &str) -> Result<u32, Error> {
        Ok(self.wire(clock)? + self.path(clock, output)?)
    }

    fn launches(&self, clock: &str, port: &str, width: usize) -> Result<Vec<Launch>, Error> {
        let mut launches = Vec::new();
        for bit in 0..width {
            let port = format!("{port}_{bit}");
            if let Some(output) = self.output(&port) {
                launches.push(Launch { bit, output, delay: self.launch(clock, &port)? });
            }
        }
        Ok(launches)
    }

    /// Whether a clock input is on the circuit's clock; otherwise it is constant.
    fn has_clock(&self, port: &str) -> Result<bool, Error> {
        let mut net = cell_input(self.cell, port);
        loop {
            let Some(driver) = net.and_then(|net| self.netlist.nets[net].driver) else {
                return Ok(false);
            };
            let driver = &self.netlist.cells[driver];
            match driver.cell_type.as_str() {
                "SB_GB" => net = cell_input(driver, "USER_SIGNAL_TO_GLOBAL_BUFFER"),
                "SB_IO" if cell_input(driver, "PACKAGE_PIN") == self.pad("clock") => {
                    return Ok(true);
                }
                // A table of zeros.
                "ICESTORM_LC"
                    if driver
                        .parameters
                        .get("LUT_INIT")
                        .is_some_and(|init| !init.contains('1')) =>
                {
                    return Ok(false);
                }
                _ => return self.unsupported("another clock"),
            }
        }
    }

    fn pad(&self, port: &str) -> Wire {
        first_net(self.netlist.inputs.get(port)?)
    }

    fn unsupported<T>(&self, what: &'static str) -> Result<T, Error> {
        Err(Error::Unsupported(self.cell.name.clone(), what))
    }
}
