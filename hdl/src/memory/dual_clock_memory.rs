//! # DualClockMemory
//!
//! ## Purpose
//! A memory that is written with one clock and read with another: it carries samples from their own
//! clock to the system's.
//!
//! ## Ports
//! | port | direction | bits | meaning |
//! |---|---|---|---|
//! | `write_clock` | in | 1 | every rising edge writes |
//! | `write_address`, `write_data` | in | `ADDRESS`, `DATA` | the write port |
//! | `clock` | in | 1 | of the read port |
//! | `read`, `read_address` | in | 1, `ADDRESS` | the read port |
//! | `data` | out | `DATA` | the word read, one clock later; held until the next read |
//!
//! ## Latency and throughput
//! One clock; one write and one read per clock of its side.
//!
//! ## How it works
//! The reader learns through a synchroniser that a word has been written, which takes longer than the
//! write. So no address is read while it is written, and the memory needs no contents at power-up.
//!
//! ## Waveform
//! See [`parallel_port`](crate::ports::parallel_port), which contains it.
//!
//! ## Proofs
//! `testbench/tests/parallel_port.rs` and `testbench/tests/serial_port.rs`: through the ports that
//! contain it.

use crate::memory::cells::{Cells, Held, filled_up, low_bits, unused};
use rust_hdl::prelude::*;

/// A memory of `2^ADDRESS` words, with ports for `DATA` bits and a clock for each side.
#[derive(LogicBlock, Default)]
pub struct DualClockMemory<const ADDRESS: usize, const DATA: usize> {
    /// Every rising edge writes.
    pub write_clock: Signal<In, Clock>,
    /// Where to.
    pub write_address: Signal<In, Bits<ADDRESS>>,
    /// The word to write.
    pub write_data: Signal<In, Bits<DATA>>,
    /// The clock of the read port.
    pub clock: Signal<In, Clock>,
    /// Read at this clock.
    pub read: Signal<In, Bit>,
    /// Where from.
    pub read_address: Signal<In, Bits<ADDRESS>>,
    /// The word read.
    pub data: Signal<Out, Bits<DATA>>,
    cells: Held<Cells<DATA>>,
}

impl<const ADDRESS: usize, const DATA: usize> DualClockMemory<ADDRESS, DATA> {
    /// A memory that nobody has written, which takes so many low bits of its words.
    ///
    /// # Panics
    /// When the ports have fewer bits.
    pub fn new(data_bits: usize) -> Self {
        Self { cells: Held(Cells::unwritten(ADDRESS, data_bits)), ..Self::default() }
    }
}

impl<const ADDRESS: usize, const DATA: usize> Logic for DualClockMemory<ADDRESS, DATA> {
    fn update(&mut self) {
        if self.clock.pos_edge() && self.read.val() {
            self.data.next = self.cells.0.read(self.read_address.val());
        }
        if self.write_clock.pos_edge() {
            self.cells.0.write(self.write_address.val(), self.write_data.val());
        }
    }

    fn connect(&mut self) {
        self.data.connect();
    }

    fn hdl(&self) -> Verilog {
        let bits = self.cells.0.bits;
        Verilog::Custom(format!(
            "\
reg [{top}:0] mem [0:{last}];

always @(posedge write_clock) begin
   mem[write_address] <= {written};
end

always @(posedge clock) begin
   if (read) begin
      data <= {word};
   end
end{unused}",
            top = bits - 1,
            last = (1 << ADDRESS) - 1,
            written = low_bits("write_data", DATA, bits),
            word = filled_up("mem[read_address]", DATA, bits),
            unused = unused(&[("write_data", DATA, bits)]),
        ))
    }

    fn timing(&self) -> Vec<TimingInfo> {
        vec![
            TimingInfo {
                name: "write".into(),
                clock: "write_clock".into(),
                inputs: vec!["write_address".into(), "write_data".into()],
                outputs: vec![],
            },
            TimingInfo {
                name: "read".into(),
                clock: "clock".into(),
                inputs: vec!["read".into(), "read_address".into()],
                outputs: vec!["data".into()],
            },
        ]
    }
}
