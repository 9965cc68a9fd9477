//! Bits into bytes and back, most significant first.

/// Gathers bits.
#[derive(Default)]
pub struct BitWriter {
    out: Vec<u8>,
    bits: u64,
    held: u32,
}

impl BitWriter {
    /// Appends the low `len` bits of `value`, at most 32; the bits above must be zero.
    #[inline]
    pub fn put(&mut self, value: u32, len: u32) {
        self.bits = self.bits << len | u64::from(value);
        self.held += len;
        if self.held >= 32 {
            self.held -= 32;
            self.out.extend(((self.bits >> self.held) as u32).to_be_bytes());
        }
    }

    /// All bytes, the last one filled up with zeros.
    pub fn finish(mut self) -> Vec<u8> {
        let bytes = self.held.div_ceil(8) as usize;
        let left = (self.bits << 1 << (63 - self.held)).to_be_bytes();
        self.out.extend(&left[..bytes]);
        self.out
    }
}

/// Reads bits.
pub struct BitReader<'b> {
    bytes: &'b [u8],
    bits: u64,
    held: u32,
}

impl<'b> BitReader<'b> {
    /// From the first bit of `bytes`.
    pub fn new(bytes: &'b [u8]) -> BitReader<'b> {
        BitReader { bytes, bits: 0, held: 0 }
    }

    /// The next bits, the first one on top; at least 32 of them, zeros after the last.
    #[inline]
    pub fn peek(&mut self) -> u64 {
        if self.held < 32 {
            if let Some((four, rest)) = self.bytes.split_first_chunk() {
                self.bits |= u64::from(u32::from_be_bytes(*four)) << (32 - self.held);
                self.held += 32;
                self.bytes = rest;
            } else {
                for &byte in self.bytes {
                    self.bits |= u64::from(byte) << (56 - self.held);
                    self.held += 8;
                }
                self.bytes = &[];
            }
        }
        self.bits
    }

    /// Skips `len` bits, at most 32; `None` at the end.
    #[inline]
    pub fn skip(&mut self, len: u32) -> Option<()> {
        self.peek();
        self.held = self.held.checked_sub(len)?;
        self.bits <<= len;
        Some(())
    }

    /// The next `len` bits, at most 32; `None` at the end.
    #[inline]
    pub fn take(&mut self, len: u32) -> Option<u32> {
        let bits = (self.peek() >> 1 >> (63 - len)) as u32;
        self.skip(len)?;
        Some(bits)
    }
}

#[cfg(test)]
mod tests {
    use super::*;
    use proptest::prelude::*;

    proptest! {
        #[test]
        fn all_bits_are_read_back_and_no_more(
            pieces in prop::collection::vec((any::<u32>(), 0u32..=32), 0..100),
        ) {
            let low = |value: u32, len| (u64::from(value) & ((1u64 << len) - 1)) as u32;
            let mut writer = BitWriter::default();
            pieces.iter().for_each(|&(value, len)| writer.put(low(value, len), len));
            let bytes = writer.finish();
            let total: u32 = pieces.iter().map(|piece| piece.1).sum();
            prop_assert_eq!(bytes.len(), total.div_ceil(8) as usize);
            let mut reader = BitReader::new(&bytes);
            for (value, len) in pieces {
                prop_assert_eq!(reader.take(len), Some(low(value, len)));
            }
            prop_assert_eq!(reader.take(8), None);
        }
    }
}
