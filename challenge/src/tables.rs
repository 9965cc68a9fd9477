//! The table set inside the executables.
//!
//! A table set's file is text of 100 kB; its numbers fit 20 kB. They are written as bits, the most
//! significant first, by `tests/tables.rs`:
//!
//! ```text
//! differences:4 means:4 weight:16...  fold:11 window:10
//! shift:4 start:16 thresholds:8 threshold:8...
//! for each context, for each row: class:8
//! classes:9, for each: widths:8, for each width: its change, folded to an unsigned number
//! for each row, for each rank: Rice code of the place of its offset
//! ```
//!
//! The *place* of an offset is counted among the offsets that the row has not named yet, nearest
//! first. Rows run roughly from near to far, so places are small: a Rice code of 2 low bits (ones
//! for `place / 4`, a zero, the low bits) takes 4 bits on average, where an offset takes 7. A width is near the
//! one before it. Its change has as many low bits as the logarithm of that one says, less 2. What is above
//! them, plus one, is sent as ones for its bits but the first, a zero, and these bits.

use alloc::vec::Vec;

use golden_model::TableSet;
use golden_model::activity::{Activity, LEVEL_FRACTION};
use golden_model::bit_packer::BitReader;
use golden_model::converter::ConverterParts;
use golden_model::range_coder::RangeShape;
use golden_model::rank_table::nearness_order;
use golden_model::table_set::{CoderParts, Parts, Provenance};

/// The set with the best ratio.
pub const NAME: &str = "range-128";
static IMAGE: &[u8] = include_bytes!("tables.bin");
/// Low bits of a Rice code; 2 makes the rows of the set smallest.
pub const RICE_BITS: u32 = 2;
/// Low bits of a width's change: so many fewer than the width before has.
pub const WIDTH_BITS: u32 = 2;

/// The table set.
pub fn tables() -> Option<TableSet> {
    let mut image = Image { bytes: IMAGE.iter(), reader: BitReader::default() };
    let (differences, means) = (image.number(4)? as u8, image.number(4)? as u8);
    let weights = (0..differences + means).map(|_| Some(image.number(16)? as u16 as i16));
    let weights = weights.collect::<Option<_>>()?;
    let (fold, window) = (image.number(11)? as u16, image.number(10)? as u16);
    let (shift, start) = (image.number(4)? as u8, image.number(16)? as u16);
    let thresholds = (0..image.number(8)?).map(|_| Some(image.number(8)? as u8));
    let thresholds: Vec<u8> = thresholds.collect::<Option<_>>()?;
    let classes = (0..=thresholds.len()).map(|_| {
        let of_rows = (0..fold).map(|_| Some(image.number(8)? as u8));
        of_rows.collect::<Option<_>>()
    });
    let classes = classes.collect::<Option<_>>()?;
    let widths = (0..image.number(9)?).map(|_| image.widths()).collect::<Option<_>>()?;
    let rows = (0..fold).map(|_| {
        let mut left: Vec<i16> = nearness_order(window).collect();
        let next = |_| {
            let place = image.rice()?;
            (place < left.len()).then(|| left.remove(place))
        };
        (0..2 * window).map(next).collect()
    });
    let rows = rows.collect::<Option<_>>()?;
    let activity = Activity { shift, start, thresholds, fraction: LEVEL_FRACTION };
    let (name, provenance) = (NAME.into(), Provenance::default());
    let parts = Parts {
        name,
        converter: ConverterParts::CHALLENGE,
        differences,
        means,
        neighbours: 0,
        weights,
        fold,
        window,
        activity,
        rows,
        coder: CoderParts::Range(RangeShape { classes, widths }),
        provenance,
    };
    TableSet::new(parts).ok()
}

/// The numbers that are left.
struct Image {
    bytes: core::slice::Iter<'static, u8>,
    reader: BitReader,
}

impl Image {
    fn number(&mut self, len: u32) -> Option<u32> {
        while self.reader.held() < len {
            let word = [(); 4].map(|()| self.bytes.next().copied().unwrap_or(0));
            self.reader.push(u32::from_be_bytes(word));
        }
        // Two shifts, since none may be by 64.
        let number = self.reader.peek() >> 1 >> (63 - len);
        self.reader.consume(len).then_some(number as u32)
    }

    /// How many ones there are before a zero.
    fn ones(&mut self) -> Option<u32> {
        let mut ones = 0;
        while self.number(1)? == 1 {
            ones += 1;
        }
        Some(ones)
    }

    fn rice(&mut self) -> Option<usize> {
        Some((self.ones()? << RICE_BITS | self.number(RICE_BITS)?) as usize)
    }

    fn widths(&mut self) -> Option<Vec<u16>> {
        let mut before = 0;
        let of_class = (0..self.number(8)?).map(|_| {
            let low_bits = (before | 1u16).ilog2().saturating_sub(WIDTH_BITS);
            let bits = self.ones()?;
            let upper = (1 << bits | self.number(bits)?) - 1;
            let folded = upper << low_bits | self.number(low_bits)?;
            let change = (folded >> 1) as u16 ^ (folded as u16 & 1).wrapping_neg();
            before = before.wrapping_add(change);
            Some(before)
        });
        of_class.collect()
    }
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn the_executables_carry_the_shipped_set() {
        let (ours, shipped) = (tables().unwrap(), golden_model::shipped(NAME).unwrap());
        assert_eq!(ours.digest(), shipped.digest());
        assert_eq!(Parts { provenance: Provenance::default(), ..shipped.parts() }, ours.parts());
        assert!(IMAGE.len() < 21_000, "{} bytes", IMAGE.len());
    }
}
