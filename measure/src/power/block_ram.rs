//! A block RAM of an iCE40: 4096 bits that are read and written at the clock's edge.

use crate::power::error::Error;
use crate::power::netlist::Cell;

/// How a port sees the 256 words of 16 bits: as words of 16, 8, 4 or 2 bits. Narrow words that share a
/// word of 16 lie in it bit beside bit, and the address's upper bits tell which one is meant.
#[derive(Clone, Copy, Debug)]
struct Mode(u32);

impl Mode {
    fn of(cell: &Cell, parameter: &str) -> Mode {
        Mode(cell.number(parameter) & 3)
    }

    /// Narrow words in one of 16 bits.
    fn parts(self) -> u32 {
        1 << self.0
    }

    /// The bits of a word of 16 that an address means.
    fn mask(self, address: u16) -> u16 {
        let part = u32::from(address >> 8) & (self.parts() - 1);
        (0..16).filter(|bit| bit % self.parts() == part).map(|bit| 1 << bit).sum()
    }

    /// The pin of a bit: all 16; the even ones of words of 8; 1, 5, 9 and 13 of words of 4; 3 and
    /// 11 of words of 2.
    fn pin(self, bit: u32) -> u32 {
        let parts = self.parts();
        bit / parts * parts + (parts / 2).saturating_sub(1)
    }
}

/// Its inputs at one edge.
#[derive(Clone, Copy, Debug, Default)]
pub(crate) struct Access {
    /// The address to read, if any.
    pub(crate) read: Option<u16>,
    /// The address and data to write, and the masked pins.
    pub(crate) write: Option<(u16, u16, u16)>,
}

/// The memory's contents, and its last output.
#[derive(Clone, Debug)]
pub(crate) struct BlockRam {
    words: Vec<u16>,
    read_mode: Mode,
    write_mode: Mode,
    /// Its outputs.
    pub(crate) output: u16,
}

impl BlockRam {
    /// Its state after configuration; bits without an initial value are zero.
    ///
    /// # Errors
    /// [`Error::Unsupported`] for a memory that works at the falling edge.
    pub(crate) fn new(cell: &Cell) -> Result<BlockRam, Error> {
        for edge in ["NEG_CLK_R", "NEG_CLK_W"] {
            if cell.parameters.get(edge).is_some_and(|text| text.contains('1')) {
                return Err(Error::Unsupported(cell.name.clone(), "the falling edge"));
            }
        }
        let mut words = vec![0; 256];
        for (row, sixteen) in words.chunks_mut(16).enumerate() {
            let Some(text) = cell.parameters.get(&format!("INIT_{row:X}")) else { continue };
            // The highest bit stands first.
            for (at, digit) in text.trim().bytes().rev().enumerate().take(256) {
                sixteen[at / 16] |= u16::from(digit == b'1') << (at % 16);
            }
        }
        let [read_mode, write_mode] = ["READ_MODE", "WRITE_MODE"].map(|name| Mode::of(cell, name));
        Ok(BlockRam { words, read_mode, write_mode, output: 0 })
    }

    /// An edge of the clock. A read returns the old contents.
    pub(crate) fn clock(&mut self, access: Access) {
        if let Some(address) = access.read {
            let mode = self.read_mode;
            let word = self.words[usize::from(address & 255)] & mode.mask(address);
            let set = (0..16).filter(|bit| word >> bit & 1 == 1);
            self.output = set.fold(0, |output, bit| output | 1 << mode.pin(bit));
        }
        if let Some((address, data, not)) = access.write {
            let mode = self.write_mode;
            let mask = mode.mask(address) & if mode.parts() == 1 { !not } else { u16::MAX };
            let given = (0..16).filter(|&bit| data >> mode.pin(bit) & 1 == 1);
            let given = given.fold(0, |given, bit| given | 1 << bit);
            let word = &mut self.words[usize::from(address & 255)];
            *word = *word & !mask | given & mask;
        }
    }
}

#[cfg(test)]
mod tests {
    use super::*;
    use crate::power::netlist::Kind;
    use std::collections::BTreeMap;

    fn memory(mode: &str, init: &str) -> BlockRam {
        let parameters = [("READ_MODE", mode), ("WRITE_MODE", mode), ("INIT_1", init)];
        BlockRam::new(&Cell {
            name: "memory".into(),
            cell_type: "ICESTORM_RAM".into(),
            kind: Kind::Memory,
            parameters: parameters.map(|(name, text)| (name.into(), text.into())).into(),
            inputs: BTreeMap::new(),
            outputs: BTreeMap::new(),
        })
        .unwrap()
    }

    fn read(memory: &mut BlockRam, address: u16) -> u16 {
        memory.clock(Access { read: Some(address), write: None });
        memory.output
    }

    #[test]
    fn a_register_starts_with_its_initial_value() {
        let mut memory = memory("00", &format!("{}{:016b}", "x".repeat(224), 0x8001));
        assert_eq!((read(&mut memory, 16), read(&mut memory, 17)), (0x8001, 0));
    }

    #[test]
    fn reading_the_address_being_written_returns_the_old_word() {
        let mut memory = memory("00", "");
        memory.clock(Access { read: None, write: Some((7, 0xffff, 0x00ff)) });
        memory.clock(Access { read: Some(7), write: Some((7, 0x1234, 0)) });
        assert_eq!(memory.output, 0xff00);
        memory.clock(Access::default());
        assert_eq!(memory.output, 0xff00);
        assert_eq!(read(&mut memory, 7), 0x1234);
    }

    #[test]
    fn narrow_words_share_a_word_and_have_pins_of_their_own() {
        for (mode, pins) in [
            ("01", &[0, 2, 4, 6, 8, 10, 12, 14][..]),
            ("10", &[1, 5, 9, 13][..]),
            ("11", &[3, 11][..]),
        ] {
            let mut memory = memory(mode, "");
            let parts = 16 / pins.len() as u16;
            let all: u16 = pins.iter().map(|pin| 1 << pin).sum();
            for part in 0..parts {
                // One bit in each, always another pin's.
                let data = 1 << pins[usize::from(part) % pins.len()];
                memory.clock(Access { read: None, write: Some((part << 8 | 5, data | !all, 0)) });
            }
            for part in 0..parts {
                let data = 1 << pins[usize::from(part) % pins.len()];
                assert_eq!(read(&mut memory, part << 8 | 5), data, "{mode} {part}");
            }
        }
    }
}
