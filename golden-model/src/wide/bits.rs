//! Bits into bytes, the first one most significant, and back.

/// Collects bits.
#[derive(Clone, Debug, Default)]
pub struct BitWriter {
    bytes: Vec<u8>,
    /// The bits not yet in `bytes`, right-aligned: fewer than 32.
    pending: u64,
    count: u32,
}

impl BitWriter {
    /// Appends the low `len` bits of `bits`, at most 32; the rest of `bits` is zero.
    #[inline(always)]
    pub fn push(&mut self, bits: u32, len: u32) {
        self.pending = self.pending << len | u64::from(bits);
        self.count += len;
        if self.count >= 32 {
            self.count -= 32;
            self.bytes.extend(((self.pending >> self.count) as u32).to_be_bytes());
        }
    }

    /// All bytes; the last one is filled up with zeros.
    pub fn finish(mut self) -> Vec<u8> {
        let left = self.count.div_ceil(8);
        let aligned = (self.pending << (32 - self.count)) as u32;
        self.bytes.extend(&aligned.to_be_bytes()[..left as usize]);
        self.bytes
    }
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
        let at = self.position / 8;
        let eight = match self.bytes.get(at..at + 8) {
            Some(bytes) => u64::from_be_bytes(bytes.try_into().unwrap_or_default()),
            None => near_the_end(self.bytes, at),
        };
        eight << (self.position % 8)
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

// Takes the bytes and not the reader, whose place then stays in a register.
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
