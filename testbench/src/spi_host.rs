//! A host at a board's word port: the master of SPI mode 1 that fetches words when they are ready.
//!
//! It does what `docs/boards.md` tells a user's host to do. Times are in picoseconds, as the
//! [recorder](crate::recorder)'s.

use crate::seed::generator;
use hdl::boards::board_circuit::{BoardInputs, BoardOutputs};
use rand::RngExt as _;
use rand::rngs::StdRng;

/// How fast a host is, and how attentive.
#[derive(Clone, Copy, Debug)]
pub struct Habits {
    /// Lanes of bits.
    pub lanes: u32,
    /// Half a period of its clock.
    pub half_period: u64,
    /// From chip select to the first edge, and from one transaction to the next.
    pub settle: u64,
    /// Between two transactions it does other things for a random time of this range.
    pub pause: (u64, u64),
    /// How often it does so; afterwards it fetches every word at once.
    pub pauses: u32,
    /// Of 100 transactions, those that it ends after some of the words.
    pub breaks_off: u32,
    /// Seed of both.
    pub seed: u64,
}

/// What a board says at the beginning of each transaction.
#[derive(Clone, Copy, Debug, Default, PartialEq, Eq)]
pub struct StatusWord {
    /// Words that the transaction may read.
    pub words: u8,
    /// Samples lost at the port, modulo 64.
    pub lost: u8,
    /// Frames dropped after their header, modulo 64.
    pub broken_frames: u8,
    /// Frames dropped before any of it was sent, modulo 64.
    pub overruns: u8,
    /// Rounds of the wrong length, modulo 64.
    pub misaligned: u8,
}

impl StatusWord {
    /// Of the first word.
    pub fn read(word: u32) -> StatusWord {
        let count = |lowest: u32| (word >> lowest & 63) as u8;
        StatusWord {
            words: (word >> 24) as u8,
            lost: count(18),
            broken_frames: count(12),
            overruns: count(6),
            misaligned: count(0),
        }
    }
}

/// A host, and the word that it is fetching.
#[derive(Debug)]
pub struct SpiHost {
    habits: Habits,
    random: StdRng,
    step: Step,
    /// The word that is coming in, and its bits so far.
    word: u32,
    bits: u32,
    /// Words to come in this transaction; `None` before its status.
    to_come: Option<u32>,
    fetched: Option<u32>,
    status: u32,
}

/// What comes next.
#[derive(Clone, Copy, Debug, PartialEq, Eq)]
enum Step {
    Look,
    Rise,
    Fall,
    Deselect,
}

impl SpiHost {
    /// A host that has fetched nothing.
    pub fn new(habits: Habits) -> SpiHost {
        SpiHost {
            habits,
            random: generator(habits.seed),
            step: Step::Look,
            word: 0,
            bits: 0,
            to_come: None,
            fetched: None,
            status: 0,
        }
    }

    /// The word that it has just fetched, once.
    pub fn take_word(&mut self) -> Option<u32> {
        self.fetched.take()
    }

    /// The last status word.
    pub fn status(&self) -> u32 {
        self.status
    }

    /// Whether it is between two transactions.
    pub fn is_idle(&self) -> bool {
        self.step == Step::Look
    }

    /// Does the next thing; gives back how long until the one after it.
    pub fn act(&mut self, pins: &mut BoardInputs, outputs: &BoardOutputs) -> u64 {
        let Habits { half_period, settle, .. } = self.habits;
        match self.step {
            Step::Look => {
                pins.host_cs_n = !outputs.host_ready;
                if outputs.host_ready {
                    (self.step, self.to_come) = (Step::Rise, None);
                }
                settle
            }
            Step::Rise => {
                pins.host_sclk = true;
                self.step = Step::Fall;
                half_period
            }
            Step::Fall => {
                // The level before the edge: what has been there since the clock rose.
                self.word = self.word << self.habits.lanes | u32::from(outputs.host_miso);
                self.bits += self.habits.lanes;
                pins.host_sclk = false;
                self.step = Step::Rise;
                if self.bits == 32 {
                    self.bits = 0;
                    self.word_is_in();
                    if self.to_come == Some(0) {
                        self.step = Step::Deselect;
                    }
                }
                half_period
            }
            Step::Deselect => {
                pins.host_cs_n = true;
                self.step = Step::Look;
                let (shortest, longest) = self.habits.pause;
                let pauses = self.habits.pauses;
                self.habits.pauses = pauses.saturating_sub(1);
                settle
                    + match pauses {
                        0 => 0,
                        _ => self.random.random_range(shortest..=longest),
                    }
            }
        }
    }

    fn word_is_in(&mut self) {
        self.to_come = match self.to_come {
            None => {
                self.status = self.word;
                let words = u32::from(StatusWord::read(self.word).words);
                let breaks_off = self.random.random_ratio(self.habits.breaks_off, 100);
                Some(if breaks_off { self.random.random_range(0..=words) } else { words })
            }
            Some(to_come) => {
                self.fetched = Some(self.word);
                Some(to_come - 1)
            }
        };
    }
}
