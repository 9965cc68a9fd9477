//! **BitPacker**: codes of 1 to 32 bits into words of 32 bits, and back.
//!
//! Bits are sent most significant first: the first bit of the first code is bit 31 of the first
//! word. Written to a file or a byte stream, a word's most significant byte comes first. At a flush
//! the rest of the last word is filled with zeros.

use crate::tier_coder::Code;

/// Collects codes into words.
#[derive(Clone, Debug, Default)]
pub struct BitPacker {
    /// The residue: `held` bits that do not fill a word yet, at the top; zeros below.
    residue: u32,
    held: u32,
}

impl BitPacker {
    /// Takes a code and returns the word that it completed, if any. One code completes at most one
    /// word.
    #[inline]
    pub fn push(&mut self, code: Code) -> Option<u32> {
        let len = u32::from(code.len);
        debug_assert!((1..=32).contains(&len) && u64::from(code.bits) >> len == 0);
        // Residue and code side by side in 64 bits, aligned to the top.
        let both = u64::from(self.residue) << 32 | u64::from(code.bits) << (64 - len) >> self.held;
        let held = self.held + len;
        if held < 32 {
            (self.residue, self.held) = ((both >> 32) as u32, held);
            return None;
        }
        (self.residue, self.held) = (both as u32, held - 32);
        Some((both >> 32) as u32)
    }

    /// Ends the stream and returns the last word, filled with zeros, if any bit is left.
    pub fn flush(&mut self) -> Option<u32> {
        let packer = core::mem::take(self);
        (packer.held > 0).then_some(packer.residue)
    }

    /// Bits that wait for a word, 0..=31.
    pub fn held(&self) -> u32 {
        self.held
    }
}

/// Reads words as bits.
#[derive(Clone, Copy, Debug, Default)]
pub struct BitReader {
    /// The next bits at the top; zeros below the `held` ones.
    window: u64,
    held: u32,
}

impl BitReader {
    /// Whether another word fits.
    #[inline]
    pub fn wants_a_word(&self) -> bool {
        self.held <= 32
    }

    /// Takes the next word. Only when [`wants_a_word`](Self::wants_a_word).
    #[inline]
    pub fn push(&mut self, word: u32) {
        debug_assert!(self.wants_a_word());
        self.window |= u64::from(word) << (32 - self.held);
        self.held += 32;
    }

    /// The next bits, the first one at bit 63; zeros where none have arrived.
    #[inline]
    pub fn peek(&self) -> u64 {
        self.window
    }

    /// Drops `len` bits (at most 32). Returns false, and drops nothing, if fewer have arrived.
    #[inline]
    pub fn consume(&mut self, len: u32) -> bool {
        let enough = len <= self.held;
        if enough {
            self.window <<= len;
            self.held -= len;
        }
        enough
    }

    /// Whether nothing is left but the zeros that fill the last word.
    pub fn is_over(&self) -> bool {
        self.held < 32 && self.window == 0
    }

    /// Bits that have arrived and wait.
    pub fn held(&self) -> u32 {
        self.held
    }
}

#[cfg(test)]
mod tests {
    use super::*;
    use proptest::prelude::*;

    fn codes() -> impl Strategy<Value = Vec<Code>> {
        let code = (1u8..=32, any::<u32>())
            .prop_map(|(len, bits)| Code { bits: bits >> (32 - u32::from(len)), len });
        prop::collection::vec(code, 0..200)
    }

    proptest! {
        #[test]
        fn every_bit_is_output_once_and_in_order(codes in codes()) {
            let text: String =
                codes.iter().map(|c| format!("{:0len$b}", c.bits, len = usize::from(c.len))).collect();
            let mut packer = BitPacker::default();
            let mut words: Vec<u32> = codes.iter().filter_map(|&c| packer.push(c)).collect();
            prop_assert_eq!(packer.held() as usize, text.len() % 32);
            words.extend(packer.flush());
            prop_assert_eq!(words.len(), text.len().div_ceil(32));
            let sent: String = words.iter().map(|w| format!("{w:032b}")).collect();
            prop_assert!(sent.starts_with(&text));
            prop_assert!(!sent[text.len()..].contains('1'));

            let mut words = words.into_iter();
            let mut reader = BitReader::default();
            for code in codes {
                let len = u32::from(code.len);
                while reader.held() < len {
                    reader.push(words.next().unwrap());
                }
                prop_assert_eq!((reader.peek() >> (64 - len)) as u32, code.bits);
                prop_assert!(reader.consume(len));
            }
        }
    }

    #[test]
    fn a_flushed_packer_is_empty_and_an_empty_one_flushes_nothing() {
        let mut packer = BitPacker::default();
        assert_eq!(packer.flush(), None);
        assert_eq!(packer.push(Code { bits: 0b101, len: 3 }), None);
        assert_eq!(packer.flush(), Some(0b101 << 29));
        assert_eq!(packer.flush(), None);
        assert_eq!(packer.push(Code { bits: u32::MAX, len: 32 }), Some(u32::MAX));
        assert_eq!((packer.held(), packer.flush()), (0, None));
    }

    #[test]
    fn a_reader_never_returns_bits_that_have_not_arrived() {
        let mut reader = BitReader::default();
        assert!(!reader.consume(1));
        reader.push(0xffff_ffff);
        assert!(reader.consume(31));
        assert!(!reader.consume(2));
        assert!(reader.consume(1));
        assert_eq!((reader.held(), reader.peek()), (0, 0));
    }
}
