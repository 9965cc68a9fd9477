//! # SpiBridge
//!
//! ## Purpose
//! Gives a chip with few pins access to the registers of its core: an SPI slave that is the master of an
//! AXI4-Lite port.
//!
//! ## Ports
//! | port | direction | bits | meaning |
//! |---|---|---|---|
//! | `aclk`, `aresetn` | in | 1 | the core's clock and reset |
//! | `spi_sck`, `spi_cs_n`, `spi_mosi` | in | 1 | the host's clock, chip select and bits, in any phase to `aclk` |
//! | `spi_miso` | out | 1 | the bits to the host; a pin that others share is to be driven only while `spi_cs_n` is low |
//! | `m_axil_awaddr`, `m_axil_awvalid`, `m_axil_awready` | out, out, in | 6, 1, 1 | the address of a write |
//! | `m_axil_wdata`, `m_axil_wstrb` | out | 32, 4 | its word |
//! | `m_axil_wvalid`, `m_axil_wready` | out, in | 1 | its handshake |
//! | `m_axil_bresp`, `m_axil_bvalid`, `m_axil_bready` | in, in, out | 2, 1, 1 | its answer |
//! | `m_axil_araddr`, `m_axil_arvalid`, `m_axil_arready` | out, out, in | 6, 1, 1 | the address of a read |
//! | `m_axil_rdata`, `m_axil_rresp` | in | 32, 2 | its answer |
//! | `m_axil_rvalid`, `m_axil_rready` | in, out | 1 | the answer's handshake |
//!
//! ## Latency and throughput
//! `spi_sck` may be as fast as an eighth of `aclk`: each of its levels lasts at least four clocks. So long is
//! also the time from the fall of `spi_cs_n` to the first edge of `spi_sck`, from its last edge to the rise of
//! `spi_cs_n`, and from there to the next fall. A word takes 32 periods of `spi_sck`. A read has 8 of them to
//! be answered, 64 clocks or more, and a write 32. The core answers in a few clocks.
//!
//! ## How it works
//! SPI mode 0 or 3: a bit is taken at the rise of `spi_sck` and given at its fall, the most significant one
//! first. While `spi_cs_n` is low there is one message, all of it about one register:
//!
//! ```text
//!         8 bits              8 bits       32 bits       32 bits
//! write   1 0 address  mosi                word          word ...     mosi
//! read    0 0 address  mosi   nothing      word          word ...     miso
//! both    status       miso
//! ```
//! `address` is the register's, in bytes. A word is written when its last bit has come; one that is cut short by
//! `spi_cs_n` is not. Each word of a read is a read of its own, which begins eight bits before the word.
//!
//! The status, in the highest bit first:
//!
//! | bit | meaning |
//! |---|---|
//! | 7 | since the last status, a word came too late for a read (it reads 0) or too early for a write (it was dropped) |
//! | 6 | since the last status, an answer was an error, or bit 6 of an address byte was not 0 (its message was ignored) |
//! | 5:0 | always 010101, so that a host sees whether anybody answers |
//!
//! A status is told when its eight bits have gone; if the message ends sooner, the next one tells it again.
//! A host that has sent its last word learns whether all went well from the status of one more message.
//!
//! The pins pass two registers each. The answer to a read waits on the AXI4-Lite port until its bits are
//! due, so that the bridge does not have to store it; an answer that nobody wants any more is taken and thrown away.
//! After a reset the bridge ignores what comes until `spi_cs_n` has been high.
//!
//! ## Waveform
//! The register at address 4 is read; it has the word 60000005. A column is a period of `spi_sck`; the bits in the
//! middle of the word are left out. The answer to the second read, for a word that does not come, is thrown away:
//! ```text
#![doc = include_str!("../../waveforms/spi_bridge.txt")]
//! ```
//!
//! ## Proofs
//! `testbench/proofs/spi_bridge.sv`, for any host, slave and resets: an address or a word that is offered stays,
//! unchanged, until it is taken; what is written is the 32 bits of a whole word, at its message's
//! address; a whole word is written or its loss is reported; a read gets only its own answer.
//!
//! `testbench/tests/spi_bridge.rs`: hosts of any speed, messages that end at any bit, slaves of any latency and
//! resets, against a model; every clock of it again in Verilator on the exported Verilog.

use crate::block::{block, comment};
use rust_hdl::prelude::*;

/// The status when all is well.
pub const STATUS: u8 = 0b01_0101;
/// In the status: a word came too late or too early.
pub const LATE: u8 = 1 << 7;
/// In the status: an answer was an error.
pub const ERROR: u8 = 1 << 6;
/// In the address byte: a write.
pub const WRITE: u8 = 1 << 7;
/// Clocks that each level of `spi_sck` lasts at least.
pub const HALF_PERIOD: u32 = 4;

/// Of the first word of a message, whose first byte is the status.
const fn in_first_byte(byte: u8) -> u64 {
    (byte as u64) << 24
}

block! {
    /// SPI in, AXI4-Lite out.
    pub struct SpiBridge {
        /// The core's clock.
        pub aclk: Signal<In, Clock>,
        /// Low: forget the message and what is under way.
        pub aresetn: Signal<In, Bit>,

        /// The host's clock.
        pub spi_sck: Signal<In, Bit>,
        /// The host's chip select.
        pub spi_cs_n: Signal<In, Bit>,
        /// The host's bits.
        pub spi_mosi: Signal<In, Bit>,
        /// The bits for the host.
        pub spi_miso: Signal<Out, Bit>,

        /// Where to write.
        pub m_axil_awaddr: Signal<Out, Bits<6>>,
        /// It is offered.
        pub m_axil_awvalid: Signal<Out, Bit>,
        /// It is taken.
        pub m_axil_awready: Signal<In, Bit>,
        /// What to write.
        pub m_axil_wdata: Signal<Out, Bits<32>>,
        /// All of its bytes.
        pub m_axil_wstrb: Signal<Out, Bits<4>>,
        /// It is offered.
        pub m_axil_wvalid: Signal<Out, Bit>,
        /// It is taken.
        pub m_axil_wready: Signal<In, Bit>,
        /// How it went.
        pub m_axil_bresp: Signal<In, Bits<2>>,
        /// It is offered.
        pub m_axil_bvalid: Signal<In, Bit>,
        /// It is taken.
        pub m_axil_bready: Signal<Out, Bit>,
        /// Where to read.
        pub m_axil_araddr: Signal<Out, Bits<6>>,
        /// It is offered.
        pub m_axil_arvalid: Signal<Out, Bit>,
        /// It is taken.
        pub m_axil_arready: Signal<In, Bit>,
        /// What was read.
        pub m_axil_rdata: Signal<In, Bits<32>>,
        /// How it went.
        pub m_axil_rresp: Signal<In, Bits<2>>,
        /// It is offered.
        pub m_axil_rvalid: Signal<In, Bit>,
        /// It is taken.
        pub m_axil_rready: Signal<Out, Bit>,

        // The pins.
        sck_1: DFF<Bit>,
        sck_2: DFF<Bit>,
        sck_3: DFF<Bit>,
        selected_1: DFF<Bit>,
        selected_2: DFF<Bit>,
        selected_3: DFF<Bit>,
        mosi_1: DFF<Bit>,
        mosi_2: DFF<Bit>,
        miso: DFF<Bit>,

        // The message.
        open: DFF<Bit>,
        place: DFF<Bits<5>>,
        shift: DFF<Bits<32>>,
        addressed: DFF<Bit>,
        writing: DFF<Bit>,
        address: DFF<Bits<6>>,

        // The bus.
        bus_address: DFF<Bits<6>>,
        word: DFF<Bits<32>>,
        awvalid: DFF<Bit>,
        wvalid: DFF<Bit>,
        arvalid: DFF<Bit>,
        write_open: DFF<Bit>,
        read_open: DFF<Bit>,
        unwanted: DFF<Bit>,

        // What the host has to know, and what it is being told.
        late: DFF<Bit>,
        error: DFF<Bit>,
        late_told: DFF<Bit>,
        error_told: DFF<Bit>,

        status: Constant<Bits<32>> = Constant::new(in_first_byte(STATUS).into()),
        late_bit: Constant<Bits<32>> = Constant::new(in_first_byte(LATE).into()),
        error_bit: Constant<Bits<32>> = Constant::new(in_first_byte(ERROR).into()),
        begins: Signal<Local, Bit>,
        rises: Signal<Local, Bit>,
        falls: Signal<Local, Bit>,
        completes: Signal<Local, Bit>,
        kept: Signal<Local, Bits<31>>,
        shifted: Signal<Local, Bits<32>>,
        first_word: Signal<Local, Bits<32>>,
        target: Signal<Local, Bits<6>>,
        is_address: Signal<Local, Bit>,
        is_refused: Signal<Local, Bit>,
        wants_write: Signal<Local, Bit>,
        wants_read: Signal<Local, Bit>,
        answer_due: Signal<Local, Bit>,
        answer_there: Signal<Local, Bit>,
        idle: Signal<Local, Bit>,
        writes: Signal<Local, Bit>,
        reads: Signal<Local, Bit>,
        takes_b: Signal<Local, Bit>,
        takes_r: Signal<Local, Bit>,
        response: Signal<Local, Bits<2>>,
        answer: Signal<Local, Bits<2>>,
        has_late: Signal<Local, Bit>,
        has_error: Signal<Local, Bit>,
    }
}

impl Logic for SpiBridge {
    #[hdl_gen]
    fn update(&mut self) {
        dff_setup!(self, aclk, sck_1, sck_2, sck_3, selected_1, selected_2, selected_3);
        dff_setup!(self, aclk, mosi_1, mosi_2, miso, open, place, shift, addressed, writing);
        dff_setup!(self, aclk, address, bus_address, word, awvalid, wvalid, arvalid);
        dff_setup!(self, aclk, write_open, read_open, unwanted);
        dff_setup!(self, aclk, late, error, late_told, error_told);

        comment!("The pins, as the clock sees them.");
        self.sck_1.d.next = self.spi_sck.val();
        self.sck_2.d.next = self.sck_1.q.val();
        self.sck_3.d.next = self.sck_2.q.val();
        self.selected_1.d.next = !self.spi_cs_n.val();
        self.selected_2.d.next = self.selected_1.q.val();
        self.selected_3.d.next = self.selected_2.q.val();
        self.mosi_1.d.next = self.spi_mosi.val();
        self.mosi_2.d.next = self.mosi_1.q.val();
        self.begins.next = self.selected_2.q.val() & !self.selected_3.q.val();
        self.rises.next =
            self.open.q.val() & self.selected_2.q.val() & self.sck_2.q.val() & !self.sck_3.q.val();
        self.falls.next = !self.sck_2.q.val() & self.sck_3.q.val();

        comment!(
            "The bits. The place runs to 31: from 24 in the address byte and in the byte after it."
        );
        self.kept.next = bit_cast::<31, 32>(self.shift.q.val());
        self.shifted.next = (self.kept.val().index() << 1).to_bits();
        if self.mosi_2.q.val() {
            self.shifted.next = self.shifted.val() | 1;
        }
        self.completes.next = self.rises.val() & (self.place.q.val() == 31);
        self.is_address.next = self.completes.val() & !self.addressed.q.val();
        self.is_refused.next = self.is_address.val() & self.shifted.val().get_bit(6);
        self.target.next = self.address.q.val();
        if self.is_address.val() {
            self.target.next = bit_cast::<6, 32>(self.shifted.val());
        }
        self.wants_write.next =
            self.completes.val() & self.addressed.q.val() & self.writing.q.val();
        self.answer_due.next =
            self.completes.val() & self.addressed.q.val() & !self.writing.q.val();
        self.wants_read.next = (self.rises.val()
            & self.addressed.q.val()
            & !self.writing.q.val()
            & (self.place.q.val() == 23))
            | (self.is_address.val() & !self.is_refused.val() & !self.shifted.val().get_bit(7));

        comment!("The bus: one transaction at a time.");
        self.idle.next = !self.write_open.q.val() & !self.read_open.q.val();
        self.writes.next = self.wants_write.val() & self.idle.val();
        self.reads.next = self.wants_read.val() & self.idle.val();
        self.m_axil_bready.next =
            self.write_open.q.val() & !self.awvalid.q.val() & !self.wvalid.q.val();
        self.takes_b.next = self.m_axil_bready.val() & self.m_axil_bvalid.val();
        self.m_axil_rready.next = self.read_open.q.val()
            & !self.arvalid.q.val()
            & (self.answer_due.val() | self.unwanted.q.val());
        self.takes_r.next = self.m_axil_rready.val() & self.m_axil_rvalid.val();
        self.answer_there.next = self.takes_r.val() & !self.unwanted.q.val();
        if self.m_axil_awready.val() {
            self.awvalid.d.next = false;
        }
        if self.m_axil_wready.val() {
            self.wvalid.d.next = false;
        }
        if self.m_axil_arready.val() {
            self.arvalid.d.next = false;
        }
        if self.takes_b.val() {
            self.write_open.d.next = false;
        }
        if !self.selected_2.q.val() | (self.answer_due.val() & !self.answer_there.val()) {
            self.unwanted.d.next = self.read_open.q.val();
        }
        if self.takes_r.val() {
            self.read_open.d.next = false;
            self.unwanted.d.next = false;
        }
        if self.writes.val() {
            self.awvalid.d.next = true;
            self.wvalid.d.next = true;
            self.write_open.d.next = true;
            self.word.d.next = self.shifted.val();
        }
        if self.reads.val() {
            self.arvalid.d.next = true;
            self.read_open.d.next = true;
        }
        if self.writes.val() | self.reads.val() {
            self.bus_address.d.next = self.target.val();
        }

        comment!("What went wrong. What is told counts as told when the whole status has gone.");
        self.response.next = self.m_axil_bresp.val();
        self.answer.next = self.m_axil_rresp.val();
        self.has_late.next = (self.wants_write.val() & !self.idle.val())
            | (self.answer_due.val() & !self.answer_there.val());
        self.has_error.next = self.is_refused.val()
            | (self.takes_b.val() & self.response.val().get_bit(1))
            | (self.answer_there.val() & self.answer.val().get_bit(1));
        if self.is_address.val() {
            self.late_told.d.next = false;
            self.error_told.d.next = false;
        }
        if self.begins.val() {
            self.late_told.d.next = self.late.q.val() | self.late_told.q.val();
            self.error_told.d.next = self.error.q.val() | self.error_told.q.val();
            self.late.d.next = false;
            self.error.d.next = false;
        }
        if self.has_late.val() {
            self.late.d.next = true;
        }
        if self.has_error.val() {
            self.error.d.next = true;
        }

        comment!("The message.");
        self.first_word.next = self.status.val();
        if self.late.q.val() | self.late_told.q.val() {
            self.first_word.next = self.first_word.val() | self.late_bit.val();
        }
        if self.error.q.val() | self.error_told.q.val() {
            self.first_word.next = self.first_word.val() | self.error_bit.val();
        }
        if self.rises.val() {
            self.shift.d.next = self.shifted.val();
            self.place.d.next = self.place.q.val() + 1;
        }
        if self.is_address.val() {
            self.addressed.d.next = true;
            self.writing.d.next = self.shifted.val().get_bit(7);
            self.address.d.next = self.target.val();
            if !self.shifted.val().get_bit(7) {
                self.place.d.next = 24.into();
            }
        }
        if self.answer_due.val() {
            self.shift.d.next = 0.into();
            if self.answer_there.val() {
                self.shift.d.next = self.m_axil_rdata.val();
            }
        }
        if self.falls.val() {
            self.miso.d.next = self.shift.q.val().get_bit(31)
                & self.open.q.val()
                & !(self.addressed.q.val() & self.writing.q.val());
        }
        if self.begins.val() {
            self.open.d.next = true;
            self.place.d.next = 24.into();
            self.shift.d.next = self.first_word.val();
            self.addressed.d.next = false;
            self.miso.d.next = self.first_word.val().get_bit(31);
        }
        if !self.selected_2.q.val() | self.is_refused.val() {
            self.open.d.next = false;
            self.miso.d.next = false;
        }
        if !self.aresetn.val() {
            self.selected_1.d.next = true;
            self.selected_2.d.next = true;
            self.selected_3.d.next = true;
            self.open.d.next = false;
            self.miso.d.next = false;
            self.awvalid.d.next = false;
            self.wvalid.d.next = false;
            self.arvalid.d.next = false;
            self.write_open.d.next = false;
            self.read_open.d.next = false;
            self.unwanted.d.next = false;
            self.late.d.next = false;
            self.error.d.next = false;
            self.late_told.d.next = false;
            self.error_told.d.next = false;
        }

        self.spi_miso.next = self.miso.q.val();
        self.m_axil_awaddr.next = self.bus_address.q.val();
        self.m_axil_awvalid.next = self.awvalid.q.val();
        self.m_axil_wdata.next = self.word.q.val();
        self.m_axil_wstrb.next = 15.into();
        self.m_axil_wvalid.next = self.wvalid.q.val();
        self.m_axil_araddr.next = self.bus_address.q.val();
        self.m_axil_arvalid.next = self.arvalid.q.val();
    }
}
