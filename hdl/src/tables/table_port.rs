//! # TablePort
//!
//! ## Purpose
//! Where a core's tables come from. Fixed ones are part of the core, and this is two constants. Ones that are loaded
//! come through registers behind AXI4-Lite, and the core is held until a whole image is in use.
//!
//! ## Ports
//! | port | direction | bits | meaning |
//! |---|---|---|---|
//! | `clock`, `aresetn` | in | 1 | reset: no table is in use |
//! | `s_axil_*` | | | the registers of [`register_map`](crate::tables::register_map); not there in a core with fixed tables |
//! | `frame_over`, `keyframe` | in | 1 | of the core's framer |
//! | `frames`, `broken_frames`, `overruns`, `misaligned` | in | 16 | the core's counters |
//! | `core_aresetn` | out | 1 | the reset of all else |
//! | `waits` | out | 1 | the input takes nothing |
//! | `digest`, `crc_start` | out | 32 | of the table set in use, for the framer |
//! | `load_at`, `load_word` | out | 22, 32 | to every table, see [`table`](crate::tables::table) |
//!
//! ## Latency and throughput
//! As [`axi_lite`](crate::tables::axi_lite) and [`loader`](crate::tables::loader): a word of an image at every second clock.
//!
//! ## How it works
//! The registers are decoded here. The counters of the core go on counting: frames are numbered by them. What is read
//! is how far they have come since they were cleared.
//!
//! ## Waveform
//! That of the two blocks in it.
//!
//! ## Proofs
//! `testbench/tests/loaded.rs`: every register, in both simulators; a table that changes while samples come, writes
//! in mid-frame, resets at any clock.

use super::axi_lite::{AxiLite, BYTE_ADDRESS, INDEX};
use super::loader::{COUNT, Loader, image_words};
use super::register_map::{self as map, control};
use super::status_word::StatusWord;
use super::table::{LOAD_AT, LOAD_WORD};
use crate::block::{block, comment};
use crate::memory::cells::Held;
use crate::stream::crc::start_of;
use rust_hdl::prelude::*;

block! {
    /// Fixed tables, or registers to load them.
    pub struct TablePort {
        /// The clock.
        pub clock: Signal<In, Clock>,
        /// Low: no table is in use.
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

        /// The last of a frame's words is out of the packer.
        pub frame_over: Signal<In, Bit>,
        /// The frame under way, or the next one, is a keyframe.
        pub keyframe: Signal<In, Bit>,
        /// Frames that are over since reset.
        pub frames: Signal<In, Bits<16>>,
        /// Those dropped after their header.
        pub broken_frames: Signal<In, Bits<16>>,
        /// Those dropped before.
        pub overruns: Signal<In, Bits<16>>,
        /// Rounds of the wrong length.
        pub misaligned: Signal<In, Bits<16>>,

        /// The reset of all else.
        pub core_aresetn: Signal<Out, Bit>,
        /// The input takes nothing.
        pub waits: Signal<Out, Bit>,
        /// Digest of the table set in use.
        pub digest: Signal<Out, Bits<32>>,
        /// Where the CRC of its frames starts.
        pub crc_start: Signal<Out, Bits<32>>,
        /// To the tables: where to.
        pub load_at: Signal<Out, Bits<LOAD_AT>>,
        /// To the tables: the word.
        pub load_word: Signal<Out, Bits<LOAD_WORD>>,

        axi_lite: AxiLite,
        loader: Loader,
        status_word: StatusWord,
        held: DFF<Bit>,
        frames_before: DFF<Bits<16>>,
        broken_before: DFF<Bits<16>>,
        overruns_before: DFF<Bits<16>>,
        misaligned_before: DFF<Bits<16>>,

        is_loaded: Held<bool>,
        fixed_digest: Constant<Bits<32>> = Constant::new(u64::from(digest).into()),
        fixed_crc_start: Constant<Bits<32>> = Constant::new(u64::from(start_of(crc_start)).into()),
        id: Constant<Bits<32>> = Constant::new(u64::from(map::ID_VALUE).into()),
        version: Constant<Bits<32>> = Constant::new(u64::from(map::VERSION_VALUE).into()),
        layout: Constant<Bits<32>> = Constant::new(0_u64.into()),
        words: Constant<Bits<32>> = Constant::new(0_u64.into()),
        at_id: Constant<Bits<INDEX>> = index(map::ID),
        at_version: Constant<Bits<INDEX>> = index(map::VERSION),
        at_layout: Constant<Bits<INDEX>> = index(map::LAYOUT),
        at_words: Constant<Bits<INDEX>> = index(map::WORDS),
        at_control: Constant<Bits<INDEX>> = index(map::CONTROL),
        at_status: Constant<Bits<INDEX>> = index(map::STATUS),
        at_data: Constant<Bits<INDEX>> = index(map::DATA),
        at_loaded: Constant<Bits<INDEX>> = index(map::LOADED),
        at_digest: Constant<Bits<INDEX>> = index(map::DIGEST),
        at_frames: Constant<Bits<INDEX>> = index(map::FRAMES),
        at_broken: Constant<Bits<INDEX>> = index(map::BROKEN),
        at_overruns: Constant<Bits<INDEX>> = index(map::OVERRUNS),
        at_misaligned: Constant<Bits<INDEX>> = index(map::MISALIGNED),
        start_bit: Constant<Bits<32>> = bit(control::START),
        commit_bit: Constant<Bits<32>> = bit(control::COMMIT),
        clear_bit: Constant<Bits<32>> = bit(control::CLEAR),
        hold_bit: Constant<Bits<32>> = bit(control::HOLD),
        release_bit: Constant<Bits<32>> = bit(control::RELEASE),

        controls: Signal<Local, Bit>,
        control: Signal<Local, Bits<32>>,
        clears: Signal<Local, Bit>,
        answer: Signal<Local, Bits<32>>,
        refused: Signal<Local, Bit>,
        frames_since: Signal<Local, Bits<16>>,
        broken_since: Signal<Local, Bits<16>>,
        overruns_since: Signal<Local, Bits<16>>,
        misaligned_since: Signal<Local, Bits<16>>,
    }

    /// The fixed tables of a set with this digest, whose frames' CRCs start here.
    pub fn new(digest: u32, crc_start: u32) -> Self {}
}

impl TablePort {
    /// From now on tables are loaded: of this layout, so many words in each.
    pub fn load(&mut self, layout: u32, lengths: &[usize]) {
        self.is_loaded = Held(true);
        self.loader = Loader::new(layout, lengths);
        self.layout = Constant::new(u64::from(layout).into());
        self.words = Constant::new((image_words(lengths) as u64).into());
    }
}

/// The number of a register at a byte address.
fn index(address: u8) -> Constant<Bits<INDEX>> {
    Constant::new(usize::from(address >> 2).to_bits())
}

fn bit(mask: u32) -> Constant<Bits<32>> {
    Constant::new(u64::from(mask).into())
}

/// Tables that are part of the core.
struct Fixed;
/// Tables that are loaded.
struct Loaded;

impl Logic for TablePort {
    fn update(&mut self) {
        match self.is_loaded.0 {
            true => crate::block::Kernel::<Loaded>::update(self),
            false => crate::block::Kernel::<Fixed>::update(self),
        }
    }

    fn connect(&mut self) {
        // The signals of the other one are dropped from the Verilog.
        crate::block::Kernel::<Fixed>::connect(self);
        crate::block::Kernel::<Loaded>::connect(self);
    }

    fn hdl(&self) -> Verilog {
        match self.is_loaded.0 {
            true => crate::block::Kernel::<Loaded>::hdl(self),
            false => crate::block::Kernel::<Fixed>::hdl(self),
        }
    }
}

impl crate::block::Kernel<Fixed> for TablePort {
    #[hdl_gen]
    fn update(&mut self) {
        self.core_aresetn.next = self.aresetn.val();
        self.digest.next = self.fixed_digest.val();
        self.crc_start.next = self.fixed_crc_start.val();
        self.waits.next = false;
        self.load_at.next = 0.into();
        self.load_word.next = 0.into();
        self.s_axil_awready.next = false;
        self.s_axil_wready.next = false;
        self.s_axil_bresp.next = 0.into();
        self.s_axil_bvalid.next = false;
        self.s_axil_arready.next = false;
        self.s_axil_rdata.next = 0.into();
        self.s_axil_rresp.next = 0.into();
        self.s_axil_rvalid.next = false;
    }
}

impl crate::block::Kernel<Loaded> for TablePort {
    #[hdl_gen]
    fn update(&mut self) {
        dff_setup!(self, clock, held, frames_before, broken_before, overruns_before);
        dff_setup!(self, clock, misaligned_before);
        clock!(self, clock, axi_lite, loader);
        self.axi_lite.aresetn.next = self.aresetn.val();
        self.loader.aresetn.next = self.aresetn.val();

        comment!("The bus.");
        self.axi_lite.s_axil_awaddr.next = self.s_axil_awaddr.val();
        self.axi_lite.s_axil_awvalid.next = self.s_axil_awvalid.val();
        self.s_axil_awready.next = self.axi_lite.s_axil_awready.val();
        self.axi_lite.s_axil_wdata.next = self.s_axil_wdata.val();
        self.axi_lite.s_axil_wstrb.next = self.s_axil_wstrb.val();
        self.axi_lite.s_axil_wvalid.next = self.s_axil_wvalid.val();
        self.s_axil_wready.next = self.axi_lite.s_axil_wready.val();
        self.s_axil_bresp.next = self.axi_lite.s_axil_bresp.val();
        self.s_axil_bvalid.next = self.axi_lite.s_axil_bvalid.val();
        self.axi_lite.s_axil_bready.next = self.s_axil_bready.val();
        self.axi_lite.s_axil_araddr.next = self.s_axil_araddr.val();
        self.axi_lite.s_axil_arvalid.next = self.s_axil_arvalid.val();
        self.s_axil_arready.next = self.axi_lite.s_axil_arready.val();
        self.s_axil_rdata.next = self.axi_lite.s_axil_rdata.val();
        self.s_axil_rresp.next = self.axi_lite.s_axil_rresp.val();
        self.s_axil_rvalid.next = self.axi_lite.s_axil_rvalid.val();
        self.axi_lite.s_axil_rready.next = self.s_axil_rready.val();

        comment!("What is written.");
        self.axi_lite.write_refused.next = (self.axi_lite.write_index.val()
            != self.at_control.val())
            & (self.axi_lite.write_index.val() != self.at_data.val());
        self.controls.next =
            self.axi_lite.write.val() & (self.axi_lite.write_index.val() == self.at_control.val());
        self.control.next = 0.into();
        if self.controls.val() {
            self.control.next = self.axi_lite.write_word.val();
        }
        self.loader.start.next = (self.control.val() & self.start_bit.val()) != 0;
        self.loader.commit.next = (self.control.val() & self.commit_bit.val()) != 0;
        self.clears.next = (self.control.val() & self.clear_bit.val()) != 0;
        if (self.control.val() & self.hold_bit.val()) != 0 {
            self.held.d.next = true;
        }
        if (self.control.val() & self.release_bit.val()) != 0 {
            self.held.d.next = false;
        }
        self.loader.word_valid.next =
            self.axi_lite.write.val() & (self.axi_lite.write_index.val() == self.at_data.val());
        self.loader.word.next = self.axi_lite.write_word.val();
        self.loader.hold.next = self.held.q.val();
        self.loader.frame_over.next = self.frame_over.val();
        self.loader.keyframe.next = self.keyframe.val();

        comment!("The counters, since they were cleared or the core was held.");
        if self.clears.val() {
            self.frames_before.d.next = self.frames.val();
            self.broken_before.d.next = self.broken_frames.val();
            self.overruns_before.d.next = self.overruns.val();
            self.misaligned_before.d.next = self.misaligned.val();
        }
        if !self.loader.runs.val() | !self.aresetn.val() {
            self.frames_before.d.next = 0.into();
            self.broken_before.d.next = 0.into();
            self.overruns_before.d.next = 0.into();
            self.misaligned_before.d.next = 0.into();
        }
        self.frames_since.next = self.frames.val() - self.frames_before.q.val();
        self.broken_since.next = self.broken_frames.val() - self.broken_before.q.val();
        self.overruns_since.next = self.overruns.val() - self.overruns_before.q.val();
        self.misaligned_since.next = self.misaligned.val() - self.misaligned_before.q.val();

        comment!("What is read.");
        self.status_word.active.next = self.loader.active.val();
        self.status_word.bank.next = self.loader.bank.val();
        self.status_word.loading.next = self.loader.loading.val();
        self.status_word.complete.next = self.loader.complete.val();
        self.status_word.pending.next = self.loader.pending.val();
        self.status_word.held.next = self.held.q.val();
        self.status_word.wrong_layout.next = self.loader.wrong_layout.val();
        self.status_word.wrong_crc.next = self.loader.wrong_crc.val();
        self.status_word.too_long.next = self.loader.too_long.val();
        self.status_word.not_complete.next = self.loader.not_complete.val();
        self.answer.next = 0.into();
        self.refused.next = true;
        if self.axi_lite.read_index.val() == self.at_id.val() {
            self.answer.next = self.id.val();
            self.refused.next = false;
        }
        if self.axi_lite.read_index.val() == self.at_version.val() {
            self.answer.next = self.version.val();
            self.refused.next = false;
        }
        if self.axi_lite.read_index.val() == self.at_layout.val() {
            self.answer.next = self.layout.val();
            self.refused.next = false;
        }
        if self.axi_lite.read_index.val() == self.at_words.val() {
            self.answer.next = self.words.val();
            self.refused.next = false;
        }
        if self.axi_lite.read_index.val() == self.at_status.val() {
            self.answer.next = self.status_word.word.val();
            self.refused.next = false;
        }
        if self.axi_lite.read_index.val() == self.at_loaded.val() {
            self.answer.next = bit_cast::<32, COUNT>(self.loader.loaded.val());
            self.refused.next = false;
        }
        if self.axi_lite.read_index.val() == self.at_digest.val() {
            self.answer.next = self.loader.digest.val();
            self.refused.next = false;
        }
        if self.axi_lite.read_index.val() == self.at_frames.val() {
            self.answer.next = bit_cast::<32, 16>(self.frames_since.val());
            self.refused.next = false;
        }
        if self.axi_lite.read_index.val() == self.at_broken.val() {
            self.answer.next = bit_cast::<32, 16>(self.broken_since.val());
            self.refused.next = false;
        }
        if self.axi_lite.read_index.val() == self.at_overruns.val() {
            self.answer.next = bit_cast::<32, 16>(self.overruns_since.val());
            self.refused.next = false;
        }
        if self.axi_lite.read_index.val() == self.at_misaligned.val() {
            self.answer.next = bit_cast::<32, 16>(self.misaligned_since.val());
            self.refused.next = false;
        }
        self.axi_lite.read_word.next = self.answer.val();
        self.axi_lite.read_refused.next = self.refused.val();

        comment!("The core.");
        if !self.aresetn.val() {
            self.held.d.next = false;
        }
        self.core_aresetn.next = self.aresetn.val() & self.loader.runs.val();
        self.waits.next = !self.loader.runs.val();
        self.digest.next = self.loader.digest.val();
        self.crc_start.next = self.loader.crc_start.val();
        self.load_at.next = self.loader.load_at.val();
        self.load_word.next = self.loader.load_word.val();
    }
}
