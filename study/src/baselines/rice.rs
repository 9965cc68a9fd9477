//! An adaptive Rice code for signed residuals.
//!
//! A residual is folded to an unsigned number (0, -1, 1, -2 ... become 0, 1, 2, 3 ...), and sent as
//! a quotient in unary and `k` bits of remainder; `k` follows a running mean of the numbers.

use crate::baselines::bits::{BitReader, BitWriter};

/// Longest unary quotient; beyond it the number follows in 17 bits.
const LONGEST_UNARY: u32 = 24;
/// A number is the difference of two 16-bit samples, folded.
const NUMBER_BITS: u32 = 17;
/// The running mean is kept times `2^MEAN_SHIFT`, over as many samples.
const MEAN_SHIFT: u32 = 7;

/// The state of both sides.
pub struct Rice {
    mean: u32,
}

impl Default for Rice {
    fn default() -> Rice {
        Rice { mean: 8 << MEAN_SHIFT }
    }
}

impl Rice {
    /// Bits of remainder: the logarithm of the mean, rounded down; measured as the best on recordings.
    #[inline]
    fn k(&self) -> u32 {
        (self.mean >> MEAN_SHIFT).checked_ilog2().unwrap_or(0)
    }

    #[inline]
    fn update(&mut self, number: u32) {
        self.mean = self.mean + number - (self.mean >> MEAN_SHIFT);
    }

    /// Sends a residual of -65536..=65535.
    #[inline]
    pub fn put(&mut self, residual: i32, out: &mut BitWriter) {
        let number = (residual << 1 ^ residual >> 31) as u32;
        let k = self.k();
        let quotient = number >> k;
        if quotient < LONGEST_UNARY {
            // `quotient` ones, a zero, then the remainder.
            out.put((1 << (quotient + 1)) - 2, quotient + 1);
            out.put(number & ((1 << k) - 1), k);
        } else {
            out.put((1 << LONGEST_UNARY) - 1, LONGEST_UNARY);
            out.put(number, NUMBER_BITS);
        }
        self.update(number);
    }

    /// Reads one; `None` at the end.
    #[inline]
    pub fn take(&mut self, bits: &mut BitReader) -> Option<i32> {
        let quotient = bits.peek().leading_ones().min(LONGEST_UNARY);
        let number = if quotient < LONGEST_UNARY {
            let k = self.k();
            bits.skip(quotient + 1)?;
            quotient << k | bits.take(k)?
        } else {
            bits.skip(LONGEST_UNARY)?;
            bits.take(NUMBER_BITS)?
        };
        self.update(number);
        Some((number >> 1) as i32 ^ -((number & 1) as i32))
    }
}

#[cfg(test)]
mod tests {
    use super::*;
    use proptest::prelude::*;

    proptest! {
        #[test]
        fn residuals_are_restored(residuals in prop::collection::vec(-65536i32..65536, 0..300)) {
            let (mut writer, mut rice) = (BitWriter::default(), Rice::default());
            residuals.iter().for_each(|&residual| rice.put(residual, &mut writer));
            let bytes = writer.finish();
            let (mut reader, mut rice) = (BitReader::new(&bytes), Rice::default());
            for residual in residuals {
                prop_assert_eq!(rice.take(&mut reader), Some(residual));
            }
        }
    }
}
