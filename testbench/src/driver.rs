//! A driver of a core whose tables are loaded: what it asks of the core's registers, and when.

use hdl::Profile;
use hdl::circuit::{Answers, Questions};
use hdl::tables::Image;
use hdl::tables::register_map::{CONTROL, STATUS, control, status};

/// What is asked of a register.
#[derive(Clone, Copy, Debug, PartialEq, Eq)]
pub enum Question {
    /// Write a word.
    Write {
        /// The register's byte address.
        address: u8,
        /// The word.
        word: u32,
    },
    /// Read it again and again until, of these bits, these are set.
    Until {
        /// The register's byte address.
        address: u8,
        /// The bits that count; none: read once.
        mask: u32,
        /// Those that have to be set.
        wanted: u32,
    },
}

/// A question, and from which clock on it is asked; never before the one before is answered.
#[derive(Clone, Copy, Debug, PartialEq, Eq)]
pub struct Access {
    /// The clock.
    pub from: u32,
    /// The question.
    pub question: Question,
}

impl Access {
    /// A write, as soon as it can be.
    pub fn write(address: u8, word: u32) -> Access {
        Access { from: 0, question: Question::Write { address, word } }
    }

    /// A read, as soon as it can be.
    pub fn read(address: u8) -> Access {
        Access::until(address, 0, 0)
    }

    /// Reads until of the bits in `mask` those in `wanted` are set.
    pub fn until(address: u8, mask: u32, wanted: u32) -> Access {
        Access { from: 0, question: Question::Until { address, mask, wanted } }
    }

    /// The same, not before a clock.
    #[must_use]
    pub fn not_before(self, from: u32) -> Access {
        Access { from, ..self }
    }

    /// As the harness reads it: `{kind (47:40), address (39:32), from}`, then `{mask, word}`.
    pub(crate) fn record(&self) -> [u64; 2] {
        let (kind, address, mask, word) = match self.question {
            Question::Write { address, word } => (1, address, 0, word),
            Question::Until { address, mask, wanted } => (0, address, mask, wanted),
        };
        [
            u64::from(self.from) | u64::from(address) << 32 | kind << 40,
            u64::from(word) | u64::from(mask) << 32,
        ]
    }
}

/// Loads an image: without commit.
pub fn load(image: &Image) -> Vec<Access> {
    image.writes().map(|(address, word)| Access::write(address, word)).collect()
}

/// Loads an image, and waits until it is in use.
pub fn load_and_commit(image: &Image) -> Vec<Access> {
    let mut accesses = load(image);
    accesses.extend([
        Access::until(STATUS, status::COMPLETE, status::COMPLETE),
        Access::write(CONTROL, control::COMMIT),
        Access::until(STATUS, status::ACTIVE | status::PENDING, status::ACTIVE),
    ]);
    accesses
}

/// Loads a profile's own table set; nothing where tables are fixed.
pub(crate) fn own(profile: &Profile) -> Vec<Access> {
    let image = hdl::tables::image(profile, profile.table_set());
    image.map_or(Vec::new(), |image| load_and_commit(&image))
}

/// Asks one question after the other.
pub(crate) struct Driver {
    accesses: Vec<Access>,
    at: usize,
    is_asking: bool,
    is_taken: bool,
    begins_again: bool,
}

impl Driver {
    /// After each reset it may begin again.
    pub(crate) fn new(accesses: Vec<Access>, begins_again: bool) -> Driver {
        Driver { accesses, at: 0, is_asking: false, is_taken: false, begins_again }
    }

    /// Whether everything was answered.
    pub(crate) fn is_done(&self) -> bool {
        self.at == self.accesses.len()
    }

    /// What stands on the bus in a clock.
    pub(crate) fn ask(&mut self, clock: u32, is_reset: bool) -> Questions {
        if is_reset {
            (self.is_asking, self.is_taken) = (false, false);
            if self.begins_again {
                self.at = 0;
            }
            return Questions::default();
        }
        let Some(access) = self.accesses.get(self.at) else { return Questions::default() };
        self.is_asking |= clock >= access.from;
        if !self.is_asking || self.is_taken {
            return Questions::default();
        }
        match access.question {
            Question::Write { address, word } => {
                Questions { write: Some((address, word)), read: None }
            }
            Question::Until { address, .. } => Questions { write: None, read: Some(address) },
        }
    }

    /// Hears what the core says to that; an answer that came: what was read, nothing for a write, `None` if it was
    /// refused.
    pub(crate) fn hear(&mut self, answers: &Answers) -> Option<Option<u32>> {
        let question = self.accesses.get(self.at)?.question;
        if !self.is_asking {
            return None;
        }
        let (is_taken, answer) = match question {
            Question::Write { .. } => {
                (answers.takes_write, answers.written.map(|is_done| is_done.then_some(0)))
            }
            Question::Until { .. } => (answers.takes_read, answers.read),
        };
        if !self.is_taken {
            self.is_taken = is_taken;
            return None;
        }
        let answer = answer?;
        self.is_taken = false;
        let is_over = match (question, answer) {
            (Question::Until { mask, wanted, .. }, Some(word)) => word & mask == wanted,
            _ => true,
        };
        if is_over {
            self.at += 1;
            self.is_asking = false;
        }
        Some(answer)
    }
}
