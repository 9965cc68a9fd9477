//! # AxiLite
//!
//! ## Purpose
//! An AXI4-Lite slave in front of registers of 32 bits: it turns the five channels into single writes and reads.
//!
//! ## Ports
//! | port | direction | bits | meaning |
//! |---|---|---|---|
//! | `clock`, `aresetn` | in | 1 | reset drops what was asked |
//! | `s_axil_*` | | | AXI4-Lite: data of 32 bits, byte addresses of six |
//! | `write`, `write_index`, `write_word` | out | 1, 4, 32 | a register is written at this clock |
//! | `write_refused` | in | 1 | at the same clock: there is no such register to write |
//! | `read_index` | out | 4 | the register that is asked for |
//! | `read_word`, `read_refused` | in | 32, 1 | at the same clock: what it says; there is no such register to read |
//!
//! ## Latency and throughput
//! The answer comes one clock after the question, and one question at every second clock is taken of either kind.
//!
//! ## How it works
//! Address and data of a write are taken together, when both are there and the last answer was taken. A write of
//! less than four bytes, an address that is no multiple of four and what is refused are answered with
//! SLVERR, and nothing is written.
//!
//! ## Waveform
//! Register 4 is written, then read; then there is a read of register 15, which is refused:
//! ```text
#![doc = include_str!("../../waveforms/axi_lite.txt")]
//! ```
//!
//! ## Proofs
//! `testbench/proofs/axi_lite.sv`, for any master: an answer stays until it is taken, there is one for each question and none
//! without, and a register is written once for each write that is answered with OKAY.

use crate::block::{block, comment};
use rust_hdl::prelude::*;

/// Bits of a byte address.
pub const BYTE_ADDRESS: usize = 6;
/// Bits of a register's number.
pub const INDEX: usize = BYTE_ADDRESS - 2;

block! {
    /// From AXI4-Lite to writes and reads.
    pub struct AxiLite {
        /// The clock.
        pub clock: Signal<In, Clock>,
        /// Low: nothing was asked.
        pub aresetn: Signal<In, Bit>,
        /// Where to write.
        pub s_axil_awaddr: Signal<In, Bits<BYTE_ADDRESS>>,
        /// It is there.
        pub s_axil_awvalid: Signal<In, Bit>,
        /// It is taken.
        pub s_axil_awready: Signal<Out, Bit>,
        /// What to write.
        pub s_axil_wdata: Signal<In, Bits<32>>,
        /// Which bytes of it.
        pub s_axil_wstrb: Signal<In, Bits<4>>,
        /// It is there.
        pub s_axil_wvalid: Signal<In, Bit>,
        /// It is taken.
        pub s_axil_wready: Signal<Out, Bit>,
        /// How the write ended.
        pub s_axil_bresp: Signal<Out, Bits<2>>,
        /// That is there.
        pub s_axil_bvalid: Signal<Out, Bit>,
        /// It is taken.
        pub s_axil_bready: Signal<In, Bit>,
        /// Where to read.
        pub s_axil_araddr: Signal<In, Bits<BYTE_ADDRESS>>,
        /// It is there.
        pub s_axil_arvalid: Signal<In, Bit>,
        /// It is taken.
        pub s_axil_arready: Signal<Out, Bit>,
        /// What was read.
        pub s_axil_rdata: Signal<Out, Bits<32>>,
        /// How the read ended.
        pub s_axil_rresp: Signal<Out, Bits<2>>,
        /// That is there.
        pub s_axil_rvalid: Signal<Out, Bit>,
        /// It is taken.
        pub s_axil_rready: Signal<In, Bit>,

        /// A register is written.
        pub write: Signal<Out, Bit>,
        /// Which.
        pub write_index: Signal<Out, Bits<INDEX>>,
        /// With what.
        pub write_word: Signal<Out, Bits<32>>,
        /// It cannot be written.
        pub write_refused: Signal<In, Bit>,
        /// Which register is asked for.
        pub read_index: Signal<Out, Bits<INDEX>>,
        /// What it says.
        pub read_word: Signal<In, Bits<32>>,
        /// It cannot be read.
        pub read_refused: Signal<In, Bit>,

        written: DFF<Bit>,
        write_error: DFF<Bit>,
        read_there: DFF<Bit>,
        read_error: DFF<Bit>,
        read_data: DFF<Bits<32>>,
        takes_write: Signal<Local, Bit>,
        takes_read: Signal<Local, Bit>,
        write_place: Signal<Local, Bits<2>>,
        read_place: Signal<Local, Bits<2>>,
        is_whole: Signal<Local, Bit>,
        read_fails: Signal<Local, Bit>,
    }
}

impl Logic for AxiLite {
    #[hdl_gen]
    fn update(&mut self) {
        dff_setup!(self, clock, written, write_error, read_there, read_error, read_data);

        comment!("A write: address and data together.");
        self.takes_write.next = self.s_axil_awvalid.val()
            & self.s_axil_wvalid.val()
            & !self.written.q.val()
            & self.aresetn.val();
        self.s_axil_awready.next = self.takes_write.val();
        self.s_axil_wready.next = self.takes_write.val();
        self.write_place.next = bit_cast::<2, BYTE_ADDRESS>(self.s_axil_awaddr.val());
        self.is_whole.next = (self.s_axil_wstrb.val() == 15) & (self.write_place.val() == 0);
        self.write.next = self.takes_write.val() & self.is_whole.val();
        self.write_index.next = (self.s_axil_awaddr.val().index() >> 2).to_bits();
        self.write_word.next = self.s_axil_wdata.val();
        if self.takes_write.val() {
            self.written.d.next = true;
            self.write_error.d.next = self.write_refused.val() | !self.is_whole.val();
        } else if self.s_axil_bready.val() {
            self.written.d.next = false;
        }
        self.s_axil_bvalid.next = self.written.q.val();
        self.s_axil_bresp.next = 0.into();
        if self.write_error.q.val() {
            self.s_axil_bresp.next = 2.into();
        }

        comment!("A read.");
        self.takes_read.next =
            self.s_axil_arvalid.val() & !self.read_there.q.val() & self.aresetn.val();
        self.s_axil_arready.next = self.takes_read.val();
        self.read_place.next = bit_cast::<2, BYTE_ADDRESS>(self.s_axil_araddr.val());
        self.read_fails.next = self.read_refused.val() | (self.read_place.val() != 0);
        self.read_index.next = (self.s_axil_araddr.val().index() >> 2).to_bits();
        if self.takes_read.val() {
            self.read_there.d.next = true;
            self.read_error.d.next = self.read_fails.val();
            self.read_data.d.next = self.read_word.val();
            if self.read_fails.val() {
                self.read_data.d.next = 0.into();
            }
        } else if self.s_axil_rready.val() {
            self.read_there.d.next = false;
        }
        self.s_axil_rvalid.next = self.read_there.q.val();
        self.s_axil_rdata.next = self.read_data.q.val();
        self.s_axil_rresp.next = 0.into();
        if self.read_error.q.val() {
            self.s_axil_rresp.next = 2.into();
        }

        if !self.aresetn.val() {
            self.written.d.next = false;
            self.read_there.d.next = false;
        }
    }
}
