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
//! ## Waveform
//! Two words written and read, each read one clock before its data:
//! ```text
#![doc = include_str!("../../waveforms/ram.txt")]
//! ```
//!
//! ## Proofs
//! `testbench/tests/ram.rs`: random reads and writes against a vector.

use rust_hdl::prelude::*;

/// A memory of `2^ADDRESS` words of `DATA` bits.
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
    cells: Cells<DATA>,
}

/// What a [`Ram`] holds in simulation.
#[derive(Clone, Debug, Default)]
struct Cells<const DATA: usize>(Vec<Bits<DATA>>);

impl<const DATA: usize> Logic for Cells<DATA> {
    fn update(&mut self) {}
}

impl<const DATA: usize> Block for Cells<DATA> {
    fn connect_all(&mut self) {}
    fn update_all(&mut self) {}
    fn has_changed(&self) -> bool {
        false
    }
    fn accept(&self, _name: &str, _probe: &mut dyn Probe) {}
}

impl<const ADDRESS: usize, const DATA: usize> Ram<ADDRESS, DATA> {
    /// A memory that nobody has written. In simulation it holds ones, which no initial state is:
    /// whoever reads before writing is found out.
    pub fn new() -> Self {
        Self { cells: Cells(vec![Bits::mask(); 1 << ADDRESS]), ..Self::default() }
    }
}

impl<const ADDRESS: usize, const DATA: usize> Logic for Ram<ADDRESS, DATA> {
    fn update(&mut self) {
        if self.clock.pos_edge() {
            if self.read.val() {
                self.data.next = self.cells.0[self.read_address.val().index()];
            }
            if self.write.val() {
                self.cells.0[self.write_address.val().index()] = self.write_data.val();
            }
        }
    }

    fn connect(&mut self) {
        self.data.connect();
    }

    fn hdl(&self) -> Verilog {
        Verilog::Custom(format!(
            "\
(* ram_style = \"block\", no_rw_check *)
reg [{top}:0] mem [0:{last}];

always @(posedge clock) begin
   if (write) begin
      mem[write_address] <= write_data;
   end
end

always @(posedge clock) begin
   if (read) begin
      data <= mem[read_address];
   end
end",
            top = DATA - 1,
            last = (1 << ADDRESS) - 1,
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
