//! Intervals into words.

use super::{CarryPacker, Interval, RANGE_BITS, TOTAL_BITS, WHOLE};
use crate::tier_coder::Code;

/// Narrows the interval, as [the module](super) says, and packs what is settled.
#[derive(Clone, Debug)]
pub struct RangeEncoder {
    low: u32,
    range: u32,
    /// Whether nothing has been coded yet.
    fresh: bool,
    packer: CarryPacker,
}

impl Default for RangeEncoder {
    fn default() -> RangeEncoder {
        RangeEncoder { low: 0, range: WHOLE, fresh: true, packer: CarryPacker::default() }
    }
}

impl RangeEncoder {
    /// Takes the next interval and returns the word that has become final, if any.
    #[inline]
    pub fn push(&mut self, interval: Interval) -> Option<u32> {
        let code = self.narrow(interval);
        self.packer.push(code)
    }

    /// The bits that an interval settles; bit `len` is the carry.
    #[inline]
    fn narrow(&mut self, interval: Interval) -> Code {
        self.fresh = false;
        let at = |place: u16| (self.range * u32::from(place)) >> TOTAL_BITS;
        let (begin, end) = (at(interval.begin), at(interval.end));
        let width = end - begin;
        let shift = width.leading_zeros() - (u32::BITS - RANGE_BITS);
        let len = shift + u32::from(interval.raw_bits);
        let mut low = u64::from(self.low + begin) << len;
        self.range = width << shift;
        if interval.raw_bits > 0 {
            self.range = 1 << (RANGE_BITS - 1);
            low += u64::from(interval.raw) << (RANGE_BITS - 1);
        }
        self.low = low as u32 & ((1 << RANGE_BITS) - 1);
        Code { bits: (low >> RANGE_BITS) as u32, len: len as u8 }
    }

    /// Ends the stream and returns its last words: two more than its bits fill at most. Nothing, where nothing
    /// was coded.
    pub fn flush(&mut self) -> [Option<u32>; 3] {
        if self.fresh {
            return [None; 3];
        }
        let first = self.packer.push(Code { bits: self.low, len: RANGE_BITS as u8 });
        let [second, third] = self.packer.flush();
        *self = RangeEncoder::default();
        [first, second, third]
    }
}
