//! Bits into bytes, the first one most significant, and back.

/// Collects bits.
#[derive(Clone, Debug, Default)]
pub struct BitWriter {
    /// With room behind what is written.
    bytes: Vec<u8>,
    /// Whole bytes that are written.
    at: usize,
    /// The bits behind them, left-aligned: fewer than 8.
    pending: u64,
    count: u32,
}

impl BitWriter {
    /// Appends the low `len` bits of `bits`, at most 32; the rest of `bits` is zero.
    #[inline(always)]
    pub fn push(&mut self, bits: u32, len: u32) {
        let count = self.count + len;
        // Two shifts, since no bits at all would be a shift by 64.
        self.pending |= u64::from(bits) << 1 << (63 - count);
        // All eight bytes every time, since a branch on how many are full would often be guessed wrong.
        match self.bytes.get_mut(self.at..self.at + 8) {
            Some(eight) => eight.copy_from_slice(&self.pending.to_be_bytes()),
            None => grow(&mut self.bytes, self.at, self.pending),
        }
        self.at += (count / 8) as usize;
        self.pending <<= count & !7;
        self.count = count % 8;
    }

    /// All bytes; the last one is filled up with zeros.
    pub fn finish(mut self) -> Vec<u8> {
        self.bytes.truncate(self.at + usize::from(self.count > 0));
        self.bytes
    }
}

// Takes the bytes and not the writer, whose bits then stay in registers.
#[cold]
fn grow(bytes: &mut Vec<u8>, at: usize, pending: u64) {
    bytes.resize(2 * at + 64, 0);
    bytes[at..at + 8].copy_from_slice(&pending.to_be_bytes());
}

/// Reads bits. Past the end there are zeros; [`overrun`](Self::overrun) says when they were taken.
#[derive(Clone, Debug)]
pub struct BitReader<'b> {
    bytes: &'b [u8],
    position: usize,
}

impl<'b> BitReader<'b> {
    /// Begins at the first bit.
    pub fn new(bytes: &'b [u8]) -> BitReader<'b> {
        BitReader { bytes, position: 0 }
    }

    /// The next bits, left-aligned: at least 57.
    #[inline(always)]
    pub fn peek(&self) -> u64 {
        peek(self.bytes, self.position)
    }

    /// Takes `len` bits.
    #[inline(always)]
    pub fn consume(&mut self, len: u32) {
        self.position += len as usize;
    }

    /// The next `len` bits, at most 32.
    #[inline]
    pub fn take(&mut self, len: u32) -> u32 {
        // Two shifts, since no bits would be a shift by 64.
        let bits = self.peek() >> 1 >> (63 - len);
        self.consume(len);
        bits as u32
    }

    /// Whether more bits were taken than there are.
    pub fn overrun(&self) -> bool {
        self.position > 8 * self.bytes.len()
    }

    /// Whether what is left is less than a byte of zeros: the stream ends here.
    pub fn ends_here(&self) -> bool {
        let left = (8 * self.bytes.len()).checked_sub(self.position);
        left.is_some_and(|left| left < 8 && self.peek() == 0)
    }
}

/// The bits from a position on, left-aligned: at least 57. Past the end there are zeros.
#[inline(always)]
pub fn peek(bytes: &[u8], position: usize) -> u64 {
    let at = position / 8;
    let eight = match bytes.get(at..at + 8) {
        Some(bytes) => u64::from_be_bytes(bytes.try_into().unwrap_or_default()),
        None => near_the_end(bytes, at),
    };
    eight << (position % 8)
}

#[cold]
fn near_the_end(bytes: &[u8], at: usize) -> u64 {
    let mut eight = [0; 8];
    let left = bytes.get(at..).unwrap_or_default();
    eight[..left.len()].copy_from_slice(left);
    u64::from_be_bytes(eight)
}

#[cfg(test)]
mod tests {
    use super::*;
    use proptest::prelude::*;

    proptest! {
        #[test]
        fn what_is_written_is_read(codes in prop::collection::vec((any::<u32>(), 0u32..=32), 0..200)) {
            let mut writer = BitWriter::default();
            let cut = |bits: u32, len: u32| (u64::from(bits) & ((1 << len) - 1)) as u32;
            codes.iter().for_each(|&(bits, len)| writer.push(cut(bits, len), len));
            let bytes = writer.finish();
            let mut reader = BitReader::new(&bytes);
            for &(bits, len) in &codes {
                prop_assert_eq!(reader.take(len), cut(bits, len));
            }
            prop_assert!(!reader.overrun() && reader.ends_here());
            reader.take(8);
            prop_assert!(reader.overrun() && !reader.ends_here());
        }
    }
}
