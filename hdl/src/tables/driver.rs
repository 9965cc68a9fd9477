//! **The driver**: loads an [`Image`] into a core through its registers, over any bus.
//!
//! The same in C is `c/driver/tierwire_tables.c`.

use super::Image;
use super::register_map::{
    CONTROL, DIGEST, ID, ID_VALUE, LAYOUT, STATUS, VERSION, VERSION_VALUE, WORDS, control, status,
};
use core::fmt;

/// Access to a core's registers.
pub trait RegisterBus {
    /// Why an access failed; an answer of SLVERR is a failure too.
    type Error: fmt::Display + fmt::Debug;

    /// Reads a register.
    ///
    /// # Errors
    /// When there was no answer, or SLVERR.
    fn read(&mut self, address: u8) -> Result<u32, Self::Error>;

    /// Writes a register.
    ///
    /// # Errors
    /// As for a read.
    fn write(&mut self, address: u8, word: u32) -> Result<(), Self::Error>;
}

/// Why tables were not loaded. The core uses those that it used before.
#[derive(Clone, Debug, PartialEq, Eq, thiserror::Error)]
#[non_exhaustive]
pub enum DriverError<E: fmt::Display + fmt::Debug> {
    /// An access.
    #[error("the bus: {0}")]
    Bus(E),
    /// Something else answers.
    #[error("no core with loaded tables: ID is {0:08x}")]
    NotACore(u32),
    /// A core of another time.
    #[error("version {}.{} of the register map, which this driver does not know", .0 >> 16, .0 & 0xffff)]
    Version(u32),
    /// The image was made for another core.
    #[error("the image is of layout {image:08x}, the core of {core:08x}")]
    Layout {
        /// Of the core.
        core: u32,
        /// Of the image.
        image: u32,
    },
    /// The image is not whole.
    #[error("the image has {image} words, the core takes {core}")]
    Length {
        /// What the core takes.
        core: u32,
        /// What the image has.
        image: usize,
    },
    /// The core's own word: a changed layout, a wrong CRC, too many words, nothing complete.
    #[error("the core refuses the image: {}", refusal(*.0))]
    Refused(u32),
    /// As often as was allowed.
    #[error("the core is not done after {0} reads of its status")]
    NotDone(u32),
    /// Somebody else loads tables too.
    #[error("the core uses the table set {0:08x}")]
    OtherTables(u32),
}

/// The error bits of a status, and their names.
const CAUSES: [(u32, &str); 4] = [
    (status::WRONG_LAYOUT, "WRONG_LAYOUT"),
    (status::WRONG_CRC, "WRONG_CRC"),
    (status::TOO_LONG, "TOO_LONG"),
    (status::NOT_COMPLETE, "NOT_COMPLETE"),
];

/// The error bits of a status, in words.
fn refusal(status: u32) -> String {
    let set = CAUSES.iter().filter(|(bit, _)| status & bit != 0).map(|(_, name)| *name);
    set.collect::<Vec<_>>().join(", ")
}

/// Loads an image, and waits until the core has found it right. The tables in use stay in use. `most_reads` bounds
/// the wait.
///
/// # Errors
/// [`DriverError`].
pub fn load<B: RegisterBus>(
    bus: &mut B,
    image: &Image,
    most_reads: u32,
) -> Result<(), DriverError<B::Error>> {
    let mut read = |address| bus.read(address).map_err(DriverError::Bus);
    let id = read(ID)?;
    if id != ID_VALUE {
        return Err(DriverError::NotACore(id));
    }
    let version = read(VERSION)?;
    if version >> 16 != VERSION_VALUE >> 16 {
        return Err(DriverError::Version(version));
    }
    let (core, words) = (read(LAYOUT)?, read(WORDS)?);
    let first = image.words.first().copied().unwrap_or_default();
    if first != core {
        return Err(DriverError::Layout { core, image: first });
    }
    if u32::try_from(image.words.len()) != Ok(words) {
        return Err(DriverError::Length { core: words, image: image.words.len() });
    }
    for (address, word) in image.writes() {
        bus.write(address, word).map_err(DriverError::Bus)?;
    }
    wait(bus, most_reads, |status| status & status::COMPLETE != 0)
}

/// Has the core use what was loaded, from its next keyframe on, and waits for that. A core that is given no samples
/// has no keyframe.
///
/// # Errors
/// [`DriverError`].
pub fn commit<B: RegisterBus>(
    bus: &mut B,
    image: &Image,
    most_reads: u32,
) -> Result<(), DriverError<B::Error>> {
    bus.write(CONTROL, control::COMMIT).map_err(DriverError::Bus)?;
    let in_use = |status| status & (status::ACTIVE | status::PENDING) == status::ACTIVE;
    wait(bus, most_reads, in_use)?;
    let digest = bus.read(DIGEST).map_err(DriverError::Bus)?;
    if image.words.get(1) != Some(&digest) {
        return Err(DriverError::OtherTables(digest));
    }
    Ok(())
}

/// Reads the status until it is as wanted, or an error stands in it.
fn wait<B: RegisterBus>(
    bus: &mut B,
    most_reads: u32,
    is_wanted: impl Fn(u32) -> bool,
) -> Result<(), DriverError<B::Error>> {
    for _ in 0..most_reads {
        let status = bus.read(STATUS).map_err(DriverError::Bus)?;
        let wrong = CAUSES.iter().fold(0, |wrong, (bit, _)| wrong | status & bit);
        if wrong != 0 {
            return Err(DriverError::Refused(wrong));
        }
        if is_wanted(status) {
            return Ok(());
        }
    }
    Err(DriverError::NotDone(most_reads))
}
