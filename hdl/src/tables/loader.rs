//! # Loader
//!
//! ## Purpose
//! Takes an [image](crate::tables::image::Image) word by word, writes its tables into the bank that is not in use, checks it,
//! and brings it into use where a keyframe begins. Until then the core is held.
//!
//! ## Ports
//! | port | direction | bits | meaning |
//! |---|---|---|---|
//! | `clock`, `aresetn` | in | 1 | reset: no table is in use |
//! | `start` | in | 1 | an image begins; one that is half loaded, or not committed, is forgotten |
//! | `word_valid`, `word` | in | 1, 32 | its next word |
//! | `commit` | in | 1 | use the whole image from the next keyframe |
//! | `hold` | in | 1 | hold the core in reset |
//! | `frame_over`, `keyframe` | in | 1 | of the core's framer |
//! | `load_at`, `load_word` | out | 22, 32 | to every table, see [`table`](crate::tables::table) |
//! | `runs` | out | 1 | a table is in use and the core is not held |
//! | `digest`, `crc_start` | out | 32 | of the table set in use: what frames are made with |
//! | `active`, `bank`, `loading`, `complete`, `pending` | out | 1 | where it stands |
//! | `wrong_layout`, `wrong_crc`, `too_long`, `not_complete` | out | 1 | what was wrong since `start` |
//! | `loaded` | out | 20 | words of the image that have come |
//!
//! ## Latency and throughput
//! A word at every clock. `complete` follows the last word after two clocks. The bank changes in the clock behind
//! `frame_over`, in which the next frame's first sample may be taken.
//!
//! ## How it works
//! ```text
//! word 0          the layout: has to be this core's
//! word 1, 2       digest, and where the CRC of frames starts: kept until the change
//! words between   the tables, one behind the other
//! last word       CRC-32 of all words before it
//! ```
//! No word can be left out, added or changed without `complete` staying low, and only what is complete can be
//! committed. The tables are looked up in stages behind the input, and the input waits until the last word of a frame has
//! left the packer. So in the clock behind `frame_over` nothing is under way that needs the old tables, and if
//! the next frame is a keyframe it carries the new digest. While the core is held there are no frames, and the bank
//! changes at once.
//!
//! ## Waveform
//! An image of one table with two words, its commit, and the change at a keyframe:
//! ```text
#![doc = include_str!("../../waveforms/loader.txt")]
//! ```
//!
//! ## Proofs
//! `testbench/proofs/loader.sv`, for any inputs: the bank changes only to a whole image that was committed, where no
//! frame is under way and a keyframe is next; nothing is written into the bank in use.
//!
//! `testbench/tests/loaded.rs`: in a pipeline, images that are cut, changed, begun anew and committed at random moments, in both
//! simulators.

use super::table::{ADDRESS, LOAD_AT, LOAD_WORD, TABLE};
use crate::block::{block, comment};
use crate::memory::cells::Held;
use crate::stream::crc::{Crc, start_of};
use rust_hdl::prelude::*;

/// Bits of the number of an image's words.
pub const COUNT: usize = 20;
/// Words before the tables.
pub const HEAD: usize = 3;

block! {
    /// From an image's words to tables.
    pub struct Loader {
        /// The clock.
        pub clock: Signal<In, Clock>,
        /// Low: no table is in use.
        pub aresetn: Signal<In, Bit>,
        /// An image begins.
        pub start: Signal<In, Bit>,
        /// A word of it is there.
        pub word_valid: Signal<In, Bit>,
        /// The word.
        pub word: Signal<In, Bits<LOAD_WORD>>,
        /// Use the image.
        pub commit: Signal<In, Bit>,
        /// Hold the core in reset.
        pub hold: Signal<In, Bit>,
        /// The last of a frame's words is out of the packer.
        pub frame_over: Signal<In, Bit>,
        /// The frame under way, or the next one, is a keyframe.
        pub keyframe: Signal<In, Bit>,

        /// To the tables: where to.
        pub load_at: Signal<Out, Bits<LOAD_AT>>,
        /// To the tables: the word.
        pub load_word: Signal<Out, Bits<LOAD_WORD>>,
        /// The core may run.
        pub runs: Signal<Out, Bit>,
        /// Digest of the table set in use.
        pub digest: Signal<Out, Bits<32>>,
        /// Where the CRC of its frames starts.
        pub crc_start: Signal<Out, Bits<32>>,
        /// A table is in use.
        pub active: Signal<Out, Bit>,
        /// Which bank.
        pub bank: Signal<Out, Bit>,
        /// More words are wanted.
        pub loading: Signal<Out, Bit>,
        /// A whole image is there.
        pub complete: Signal<Out, Bit>,
        /// It waits for a keyframe.
        pub pending: Signal<Out, Bit>,
        /// The image was another core's.
        pub wrong_layout: Signal<Out, Bit>,
        /// Its CRC was wrong.
        pub wrong_crc: Signal<Out, Bit>,
        /// A word came when none was wanted.
        pub too_long: Signal<Out, Bit>,
        /// A commit came without a whole image.
        pub not_complete: Signal<Out, Bit>,
        /// Words of the image that have come.
        pub loaded: Signal<Out, Bits<COUNT>>,

        crc: Crc,
        lengths: Lengths = Lengths { of: Held(lengths.to_vec()), ..Lengths::default() },
        in_use: DFF<Bit>,
        bank_in_use: DFF<Bit>,
        takes: DFF<Bit>,
        whole: DFF<Bit>,
        waits: DFF<Bit>,
        layout_fault: DFF<Bit>,
        crc_fault: DFF<Bit>,
        length_fault: DFF<Bit>,
        commit_fault: DFF<Bit>,
        count: DFF<Bits<COUNT>>,
        number: DFF<Bits<TABLE>>,
        address: DFF<Bits<ADDRESS>>,
        check: DFF<Bit>,
        expected_crc: DFF<Bits<LOAD_WORD>>,
        next_digest: DFF<Bits<32>>,
        next_crc_start: DFF<Bits<32>>,
        used_digest: DFF<Bits<32>>,
        used_crc_start: DFF<Bits<32>>,
        over: DFF<Bit>,

        crc_of_nothing: Constant<Bits<32>> = Constant::new(u64::from(start_of(0)).into()),
        layout: Constant<Bits<LOAD_WORD>> = Constant::new(u64::from(layout).into()),
        last_word: Constant<Bits<COUNT>> = Constant::new((words - 1).to_bits()),
        bank_place: Constant<Bits<LOAD_AT>> = Constant::new((1_usize << (ADDRESS + TABLE + 1)).to_bits()),
        write_place: Constant<Bits<LOAD_AT>> = Constant::new((1_usize << (ADDRESS + TABLE)).to_bits()),
        table_shift: Constant<Bits<5>> = Constant::new(ADDRESS.to_bits()),
        taken: Signal<Local, Bit>,
        is_last: Signal<Local, Bit>,
        is_of_table: Signal<Local, Bit>,
        core_runs: Signal<Local, Bit>,
        changes: Signal<Local, Bit>,
        bank_part: Signal<Local, Bits<LOAD_AT>>,
        write_part: Signal<Local, Bits<LOAD_AT>>,
        table_wide: Signal<Local, Bits<LOAD_AT>>,
        table_part: Signal<Local, Bits<LOAD_AT>>,
    }

    /// The loader of images of this layout: the words of each table.
    ///
    /// # Panics
    /// When there are no tables, or one of no words, or more than have numbers.
    pub fn new(layout: u32, lengths: &[usize]) -> Self {
        assert!((1..=1 << TABLE).contains(&lengths.len()), "{} tables", lengths.len());
        assert!(lengths.iter().all(|length| (1..=1 << ADDRESS).contains(length)));
        let words = image_words(lengths);
    }
}

/// Words of an image with tables of so many.
pub fn image_words(lengths: &[usize]) -> usize {
    HEAD + lengths.iter().sum::<usize>() + 1
}

/// A loader without tables, for what is compiled but has them fixed.
impl Default for Loader {
    fn default() -> Self {
        Loader::new(0, &[1])
    }
}

/// The address of each table's last word.
#[derive(LogicBlock, Default)]
struct Lengths {
    number: Signal<In, Bits<TABLE>>,
    last: Signal<Out, Bits<ADDRESS>>,
    of: Held<Vec<usize>>,
}

impl Logic for Lengths {
    fn update(&mut self) {
        let length = self.of.0.get(self.number.val().index()).copied().unwrap_or(1);
        self.last.next = (length - 1).to_bits();
    }

    fn connect(&mut self) {
        self.last.connect();
    }

    fn hdl(&self) -> Verilog {
        let case = |(table, length): (usize, &usize)| {
            format!("      {TABLE}'d{table}: last = {ADDRESS}'d{};\n", length - 1)
        };
        Verilog::Custom(format!(
            "\
always @(*) begin
   case (number)
{}      default: last = {ADDRESS}'d0;
   endcase
end",
            self.of.0.iter().enumerate().map(case).collect::<String>()
        ))
    }
}

impl Logic for Loader {
    #[hdl_gen]
    fn update(&mut self) {
        dff_setup!(self, clock, in_use, bank_in_use, takes, whole, waits, check, over);
        dff_setup!(self, clock, layout_fault, crc_fault, length_fault, commit_fault);
        dff_setup!(self, clock, count, number, address, expected_crc);
        dff_setup!(self, clock, next_digest, next_crc_start, used_digest, used_crc_start);
        clock!(self, clock, crc);

        comment!("A word: of the head, of a table, or the last one.");
        self.taken.next = self.word_valid.val() & self.takes.q.val();
        self.is_last.next = self.count.q.val() == self.last_word.val();
        self.is_of_table.next = (self.count.q.val() > 2) & !self.is_last.val();
        self.lengths.number.next = self.number.q.val();
        if self.taken.val() {
            self.count.d.next = self.count.q.val() + 1;
            if self.is_of_table.val() {
                self.address.d.next = self.address.q.val() + 1;
                if self.address.q.val() == self.lengths.last.val() {
                    self.address.d.next = 0.into();
                    self.number.d.next = self.number.q.val() + 1;
                }
            }
            if (self.count.q.val() == 0) & (self.word.val() != self.layout.val()) {
                self.layout_fault.d.next = true;
                self.takes.d.next = false;
            }
            if self.count.q.val() == 1 {
                self.next_digest.d.next = self.word.val();
            }
            if self.count.q.val() == 2 {
                self.next_crc_start.d.next = self.word.val();
            }
            if self.is_last.val() {
                self.takes.d.next = false;
                self.expected_crc.d.next = self.word.val();
            }
        }
        if self.word_valid.val() & !self.takes.q.val() {
            self.length_fault.d.next = true;
        }

        comment!("The CRC is there a clock behind the last word, for which it takes a zero.");
        self.crc.enable.next = self.taken.val();
        self.crc.word.next = self.word.val();
        if self.is_last.val() {
            self.crc.word.next = 0.into();
        }
        self.crc.from.next = self.crc_of_nothing.val();
        self.crc.restart.next = self.start.val() | !self.aresetn.val();
        self.check.d.next = self.taken.val() & self.is_last.val();
        if self.check.q.val() {
            if self.crc.crc.val() == self.expected_crc.q.val() {
                self.whole.d.next = true;
            } else {
                self.crc_fault.d.next = true;
            }
        }

        comment!("The change: where no frame is under way and a keyframe is next.");
        self.core_runs.next = self.in_use.q.val() & !self.hold.val();
        self.over.d.next = self.frame_over.val();
        self.changes.next = self.waits.q.val()
            & (!self.core_runs.val() | (self.over.q.val() & self.keyframe.val()));
        if self.commit.val() {
            if self.whole.q.val() {
                self.waits.d.next = true;
            } else {
                self.commit_fault.d.next = true;
            }
        }
        if self.changes.val() {
            self.in_use.d.next = true;
            self.bank_in_use.d.next = !self.bank_in_use.q.val();
            self.used_digest.d.next = self.next_digest.q.val();
            self.used_crc_start.d.next = self.next_crc_start.q.val();
            self.waits.d.next = false;
            self.whole.d.next = false;
        }

        comment!("A new image: of the last one only what is in use stays.");
        if self.start.val() {
            self.takes.d.next = true;
            self.whole.d.next = false;
            self.waits.d.next = false;
            self.check.d.next = false;
            self.layout_fault.d.next = false;
            self.crc_fault.d.next = false;
            self.length_fault.d.next = false;
            self.commit_fault.d.next = false;
            self.count.d.next = 0.into();
            self.number.d.next = 0.into();
            self.address.d.next = 0.into();
        }
        if !self.aresetn.val() {
            self.in_use.d.next = false;
            self.bank_in_use.d.next = false;
            self.takes.d.next = false;
            self.whole.d.next = false;
            self.waits.d.next = false;
            self.check.d.next = false;
            self.over.d.next = false;
            self.layout_fault.d.next = false;
            self.crc_fault.d.next = false;
            self.length_fault.d.next = false;
            self.commit_fault.d.next = false;
            self.count.d.next = 0.into();
            self.number.d.next = 0.into();
            self.address.d.next = 0.into();
            self.used_digest.d.next = 0.into();
        }

        comment!("To the tables.");
        self.bank_part.next = 0.into();
        if self.bank_in_use.q.val() {
            self.bank_part.next = self.bank_place.val();
        }
        self.write_part.next = 0.into();
        if self.taken.val() & self.is_of_table.val() {
            self.write_part.next = self.write_place.val();
        }
        self.table_wide.next = bit_cast::<LOAD_AT, TABLE>(self.number.q.val());
        self.table_part.next =
            (self.table_wide.val().index() << self.table_shift.val().index()).to_bits();
        self.load_at.next = self.bank_part.val()
            | self.write_part.val()
            | self.table_part.val()
            | bit_cast::<LOAD_AT, ADDRESS>(self.address.q.val());
        self.load_word.next = self.word.val();

        self.runs.next = self.core_runs.val();
        self.digest.next = self.used_digest.q.val();
        self.crc_start.next = self.used_crc_start.q.val();
        self.active.next = self.in_use.q.val();
        self.bank.next = self.bank_in_use.q.val();
        self.loading.next = self.takes.q.val();
        self.complete.next = self.whole.q.val();
        self.pending.next = self.waits.q.val();
        self.wrong_layout.next = self.layout_fault.q.val();
        self.wrong_crc.next = self.crc_fault.q.val();
        self.too_long.next = self.length_fault.q.val();
        self.not_complete.next = self.commit_fault.q.val();
        self.loaded.next = self.count.q.val();
    }
}
