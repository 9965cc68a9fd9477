//! The table set inside the executables.
//!
//! A table set's file is text of 57 kB; its numbers fit 9 kB. They are written as bits, the most
//! significant first, by the build script:
//!
//! ```text
//! differences:4 means:4 weight:16...  fold:11 window:10
//! shift:4 start:16 thresholds:8 threshold:8...
//! for each context: tiers:6 (suffix:4 prefix:5)... token-escape:5 sample-escape:5
//! for each row, for each rank: Rice code of the place of its offset
//! ```
//!
//! The *place* of an offset is counted among the offsets that the row has not named yet, nearest
//! first. Rows run roughly from near to far, so places are small: a Rice code of 2 low bits (ones
//! for `place / 4`, a zero, the low bits) takes 4 bits on average, where an offset takes 7.

use alloc::vec::Vec;

use golden_model::TableSet;
use golden_model::activity::{Activity, LEVEL_FRACTION};
use golden_model::bit_packer::BitReader;
use golden_model::converter::ConverterParts;
use golden_model::rank_table::nearness_order;
use golden_model::table_set::{CoderParts, Parts, Provenance};
use golden_model::tier_coder::TierShape;

static IMAGE: &[u8] = include_bytes!(concat!(env!("OUT_DIR"), "/tables.bin"));
const RICE_BITS: u32 = 2;

/// The table set `means-128`.
pub fn tables() -> Option<TableSet> {
    let mut image = Image { bytes: IMAGE.iter(), reader: BitReader::default() };
    let (differences, means) = (image.number(4)? as u8, image.number(4)? as u8);
    let weights = (0..differences + means).map(|_| Some(image.number(16)? as u16 as i16));
    let weights = weights.collect::<Option<_>>()?;
    let (fold, window) = (image.number(11)? as u16, image.number(10)? as u16);
    let (shift, start) = (image.number(4)? as u8, image.number(16)? as u16);
    let thresholds = (0..image.number(8)?).map(|_| Some(image.number(8)? as u8));
    let thresholds: Vec<u8> = thresholds.collect::<Option<_>>()?;
    let tiers = (0..=thresholds.len()).map(|_| image.tier_shape()).collect::<Option<_>>()?;
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
    let (name, provenance) = ("means-128".into(), Provenance::default());
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
        coder: CoderParts::Tiers(tiers),
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
        let number = self.reader.peek() >> (64 - len);
        self.reader.consume(len).then_some(number as u32)
    }

    fn rice(&mut self) -> Option<usize> {
        let mut quotient = 0;
        while self.number(1)? == 1 {
            quotient += 1;
        }
        Some(quotient << RICE_BITS | self.number(RICE_BITS)? as usize)
    }

    fn tier_shape(&mut self) -> Option<TierShape> {
        let tiers =
            (0..self.number(6)?).map(|_| Some((self.number(4)? as u8, self.number(5)? as u8)));
        let tiers = tiers.collect::<Option<_>>()?;
        let (token_escape, sample_escape) = (self.number(5)? as u8, self.number(5)? as u8);
        Some(TierShape { tiers, token_escape, sample_escape })
    }
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn the_executables_carry_the_shipped_set() {
        let (ours, shipped) = (tables().unwrap(), golden_model::shipped("means-128").unwrap());
        assert_eq!(ours.digest(), shipped.digest());
        assert_eq!(Parts { provenance: Provenance::default(), ..shipped.parts() }, ours.parts());
        assert!(IMAGE.len() < 9000, "{} bytes", IMAGE.len());
    }
}
