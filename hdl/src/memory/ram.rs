//! # Ram
//!
//! ## Purpose
//! A memory with a write port and a read port that synthesis maps to block RAM, for example for one field
//! of the channels' state.
//!
//! ## Ports
//! | port | direction | bits | meaning |
//! |---|---|---|---|
//! | `clock` | in | 1 | |
//! | `write`, `write_address`, `write_data` | in | 1, `ADDRESS`, `DATA` | the write port |
//! | `read`, `read_address` | in | 1, `ADDRESS` | the read port |
//! | `data` | out | `DATA` | the word read, one clock later; held until the next read |
//!
//! ## Latency and throughput
//! One clock; one write and one read per clock.
//!
//! ## How it works
//! [`rounds`](crate::stream::rounds) ensures that no channel is read in the clock that writes it. What is read of a
//! channel without a past, or in a dropped frame, is not used. So the result of such a read does not
//! matter: `no_rw_check` saves the logic that would define it, and the memory needs no contents at
//! power-up. `ram_style` requests a block RAM even where the memory is small.
//!
//! A memory in banks ([`Ram::banked`]) is made of memories of 256 words, the widest form of an iCE40's block
//! RAM, of which one is enabled. The others keep still, which saves the energy of their accesses.
//!
//! A memory of one port ([`Ram::one_port`]) is two memories, of the even addresses and of the odd ones, each of which is read or
//! written at a clock. A write comes first: a read of the same memory at that clock leaves the word that was read
//! before. [`rounds`](crate::stream::rounds) sees to it that none comes.
//!
//! A memory may be smaller than its ports: a pipeline's ports are as wide as its largest profile needs,
//! its memories as large as its own profile needs.
//!
//! ## Waveform
//! Two words written and read, each read one clock before its data:
//! ```text
#![doc = include_str!("../../waveforms/ram.txt")]
//! ```
//!
//! ## Proofs
//! `testbench/tests/ram.rs`: random reads and writes against a vector.

use crate::memory::cells::{Cells, Held, ONE_PORT, filled_up, low_bits, unused};
use rust_hdl::prelude::*;
use std::fmt::Write as _;

/// A memory with ports for `2^ADDRESS` words of `DATA` bits.
#[derive(LogicBlock, Default)]
pub struct Ram<const ADDRESS: usize, const DATA: usize> {
    /// The clock.
    pub clock: Signal<In, Clock>,
    /// Write at this clock.
    pub write: Signal<In, Bit>,
    /// Where to.
    pub write_address: Signal<In, Bits<ADDRESS>>,
    /// The word to write.
    pub write_data: Signal<In, Bits<DATA>>,
    /// Read at this clock.
    pub read: Signal<In, Bit>,
    /// Where from.
    pub read_address: Signal<In, Bits<ADDRESS>>,
    /// The word read.
    pub data: Signal<Out, Bits<DATA>>,
    cells: Held<Cells<DATA>>,
    /// Address bits of a bank.
    bank: Held<usize>,
    one_port: Held<bool>,
}

/// Address bits of a bank: 256 words of 16 bits are a block RAM of an iCE40.
const BANK: usize = 8;

impl<const ADDRESS: usize, const DATA: usize> Ram<ADDRESS, DATA> {
    /// A memory as large as its ports, which nobody has written.
    pub fn new() -> Self {
        Self::narrow(ADDRESS, DATA)
    }

    /// A memory that takes only so many low bits of its addresses and words; the other bits of
    /// `data` are zeros.
    ///
    /// # Panics
    /// When the ports have fewer bits.
    pub fn narrow(address_bits: usize, data_bits: usize) -> Self {
        assert!((1..=ADDRESS).contains(&address_bits), "addresses of {address_bits} bits");
        Self {
            cells: Held(Cells::unwritten(address_bits, data_bits)),
            bank: Held(address_bits),
            ..Self::default()
        }
    }

    /// The same in banks of 256 words.
    ///
    /// # Panics
    /// When the ports have fewer bits.
    pub fn banked(address_bits: usize, data_bits: usize) -> Self {
        Self { bank: Held(address_bits.min(BANK)), ..Self::narrow(address_bits, data_bits) }
    }

    /// The same in two memories of one port each, of at least four words.
    ///
    /// # Panics
    /// When the ports have fewer bits.
    pub fn one_port(address_bits: usize, data_bits: usize) -> Self {
        assert!(address_bits > 1, "two memories of two words at least");
        Self { one_port: Held(true), ..Self::narrow(address_bits, data_bits) }
    }

    /// The Verilog of two memories of one port.
    fn even_and_odd(&self) -> String {
        let (address_bits, bits) = (self.cells.0.address_bits(), self.cells.0.bits);
        let (top, last, upper) = (bits - 1, (1 << (address_bits - 1)) - 1, address_bits - 1);
        let written = low_bits("write_data", DATA, bits);
        let memory = |odd: usize| {
            let is = if odd == 1 { "" } else { "~" };
            let writes = format!("write & {is}write_address[0]");
            format!(
                "\
(* ram_style = \"block\", no_rw_check, {ONE_PORT} *)
reg [{top}:0] mem_{odd} [0:{last}];
reg [{top}:0] word_{odd};

always @(posedge clock) begin
   if ({writes}) begin
      mem_{odd}[write_address[{upper}:1]] <= {written};
   end
end

always @(posedge clock) begin
   if (read & {is}read_address[0] & ~({writes})) begin
      word_{odd} <= mem_{odd}[read_address[{upper}:1]];
   end
end

"
            )
        };
        let word = |odd: usize| filled_up(&format!("word_{odd}"), DATA, bits);
        format!(
            "\
reg is_odd;
{}{}always @(posedge clock) begin
   if (read) begin
      is_odd <= read_address[0];
   end
end

always @(*) begin
   data = is_odd ? {} : {};
end",
            memory(0),
            memory(1),
            word(1),
            word(0),
        )
    }

    /// The Verilog of several banks.
    fn banks(&self) -> String {
        let (address_bits, bits, bank) =
            (self.cells.0.address_bits(), self.cells.0.bits, self.bank.0);
        let (top, last, below) = (bits - 1, (1 << bank) - 1, bank - 1);
        let chosen = format!("{}:{bank}", address_bits - 1);
        let written = low_bits("write_data", DATA, bits);
        let choice = address_bits - bank;
        let mut text = format!("reg [{}:0] chosen;\n", choice - 1);
        let mut cases = String::new();
        for n in 0..1 << choice {
            let _ = write!(
                text,
                "\
(* ram_style = \"block\", no_rw_check *)
reg [{top}:0] mem_{n} [0:{last}];
reg [{top}:0] word_{n};

always @(posedge clock) begin
   if (write & (write_address[{chosen}] == {choice}'d{n})) begin
      mem_{n}[write_address[{below}:0]] <= {written};
   end
end

always @(posedge clock) begin
   if (read & (read_address[{chosen}] == {choice}'d{n})) begin
      word_{n} <= mem_{n}[read_address[{below}:0]];
   end
end

"
            );
            let word = filled_up(&format!("word_{n}"), DATA, bits);
            let _ = writeln!(cases, "      {choice}'d{n}: data = {word};");
        }
        format!(
            "\
{text}always @(posedge clock) begin
   if (read) begin
      chosen <= read_address[{chosen}];
   end
end

always @(*) begin
   case (chosen)
{cases}   endcase
end"
        )
    }

    /// Tells lint what the memory does not look at.
    fn unused(&self) -> String {
        let (address_bits, bits) = (self.cells.0.address_bits(), self.cells.0.bits);
        unused(&[
            ("write_address", ADDRESS, address_bits),
            ("write_data", DATA, bits),
            ("read_address", ADDRESS, address_bits),
        ])
    }
}

impl<const ADDRESS: usize, const DATA: usize> Logic for Ram<ADDRESS, DATA> {
    fn update(&mut self) {
        if self.clock.pos_edge() {
            let bank = |address: Bits<ADDRESS>| address.index() & 1;
            let is_busy = self.one_port.0
                && self.write.val()
                && bank(self.write_address.val()) == bank(self.read_address.val());
            if self.read.val() && !is_busy {
                self.data.next = self.cells.0.read(self.read_address.val());
            }
            if self.write.val() {
                self.cells.0.write(self.write_address.val(), self.write_data.val());
            }
        }
    }

    fn connect(&mut self) {
        self.data.connect();
    }

    fn hdl(&self) -> Verilog {
        let (address_bits, bits) = (self.cells.0.address_bits(), self.cells.0.bits);
        if self.one_port.0 {
            return Verilog::Custom(self.even_and_odd() + &self.unused());
        }
        if self.bank.0 < address_bits {
            return Verilog::Custom(self.banks() + &self.unused());
        }
        let read = low_bits("read_address", ADDRESS, address_bits);
        Verilog::Custom(format!(
            "\
(* ram_style = \"block\", no_rw_check *)
reg [{top}:0] mem [0:{last}];

always @(posedge clock) begin
   if (write) begin
      mem[{write}] <= {written};
   end
end

always @(posedge clock) begin
   if (read) begin
      data <= {word};
   end
end{unused}",
            top = bits - 1,
            last = (1 << address_bits) - 1,
            write = low_bits("write_address", ADDRESS, address_bits),
            written = low_bits("write_data", DATA, bits),
            word = filled_up(&format!("mem[{read}]"), DATA, bits),
            unused = self.unused(),
        ))
    }

    fn timing(&self) -> Vec<TimingInfo> {
        let inputs = ["write", "write_address", "write_data", "read", "read_address"];
        vec![TimingInfo {
            name: "ram".into(),
            clock: "clock".into(),
            inputs: inputs.map(String::from).to_vec(),
            outputs: vec!["data".into()],
        }]
    }
}
