//! Codes with carries into words.

use crate::tier_coder::Code;

/// Collects codes of 0 to 31 bits, which may carry into the bits before, into words.
///
/// As the [bit packer](crate::bit_packer), most significant bit first, zeros after the last; but behind a word
/// of all ones a word has 31 bits, and its top bit is a carry.
#[derive(Clone, Debug, Default)]
pub struct CarryPacker {
    /// The complete word that a carry may still change.
    waiting: Option<u32>,
    /// `held` bits that fill no word yet, right-aligned; the bit above is a carry out of them.
    residue: u64,
    held: u32,
}

impl CarryPacker {
    /// Takes a code, whose bit `len` is its carry, and returns the word that has become final, if any.
    #[inline]
    pub fn push(&mut self, code: Code) -> Option<u32> {
        debug_assert!(code.len <= super::LONGEST && u64::from(code.bits) >> code.len <= 1);
        self.residue = (self.residue << code.len) + u64::from(code.bits);
        self.held += u32::from(code.len);
        if self.held < 32 {
            return None;
        }
        let (done, width) = self.settle();
        self.held -= width;
        self.waiting = Some((self.residue >> self.held) as u32);
        self.residue &= (1 << self.held) - 1;
        done
    }

    /// The word that waited, with its carry, and the bits of the stream in the word behind it.
    #[inline]
    fn settle(&mut self) -> (Option<u32>, u32) {
        match self.waiting {
            None => (None, 32),
            // Its carry is the top bit of the next word.
            Some(u32::MAX) => (Some(u32::MAX), 31),
            Some(word) => {
                let word = word + (self.residue >> self.held) as u32;
                self.residue &= (1 << self.held) - 1;
                (Some(word), if word == u32::MAX { 31 } else { 32 })
            }
        }
    }

    /// Ends the stream and returns its last words.
    pub fn flush(&mut self) -> [Option<u32>; 2] {
        let (done, width) = self.settle();
        let last = (self.residue << (width - self.held)) as u32;
        let last = (self.held > 0).then_some(last);
        *self = CarryPacker::default();
        [done, last]
    }
}
