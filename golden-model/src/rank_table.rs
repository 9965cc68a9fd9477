//! **RankTable**: the likelihood order of successors after each prediction.
//!
//! `row = prediction mod fold`, `offset = token - prediction` around the circle of tokens. Inside
//! the window of `2 W` offsets, `-W..=W-1`, each row orders the offsets by their frequency in
//! training; the place in that order is the rank. Outside the window there is no rank: the token
//! escapes.
//!
//! A converter whose codes are about equally wide needs no table: without rows, offsets rank by
//! *nearness* alone, `0, -1, 1, -2, 2 ...`, and every offset has a rank. In bits that is the offset shifted
//! left by one, and inverted where it is negative.

use alloc::vec;
use alloc::vec::Vec;

use crate::converter::{Converter, Token};

/// The successors of one prediction class, in order of rank; see [`RankTable::new`].
pub type Row = Vec<i16>;

/// Why a rank table is invalid.
#[derive(Clone, Copy, Debug, PartialEq, Eq, thiserror::Error)]
#[non_exhaustive]
pub enum RankTableError {
    /// More rows than there are tokens.
    #[error("fold {fold} is not in 0..={most}")]
    Fold {
        /// The rows asked for.
        fold: u16,
        /// The most there may be.
        most: usize,
    },
    /// No offsets, or more than half the tokens on a side.
    #[error("window {window} is not in 1..={most}")]
    Window {
        /// The offsets on each side asked for.
        window: u16,
        /// The most there may be.
        most: usize,
    },
    /// Not as many rows as the fold says.
    #[error("{rows} rows for fold {fold}")]
    Rows {
        /// The rows given.
        rows: usize,
        /// The rows wanted.
        fold: u16,
    },
    /// An offset outside the window.
    #[error("row {row} names offset {offset}, outside ±{window}")]
    Outside {
        /// The row.
        row: usize,
        /// The offset.
        offset: i16,
        /// The window.
        window: u16,
    },
    /// An offset that has a rank already.
    #[error("row {row} names offset {offset} twice")]
    Twice {
        /// The row.
        row: usize,
        /// The offset.
        offset: i16,
    },
}

/// Rows of successors, and their inverse.
#[derive(Clone, Debug, PartialEq, Eq)]
pub struct RankTable {
    fold: u16,
    window: u16,
    /// `[row][rank] -> offset`
    successors: Vec<i16>,
    /// `[row][offset + window] -> rank`
    ranks: Vec<u16>,
}

impl RankTable {
    /// A table of `fold` rows, or of none: by nearness. At most one for each token, over a window of `window` offsets on each
    /// side, at most half the tokens.
    ///
    /// A row lists offsets in order of rank and may stop early: the offsets that it does not name
    /// follow nearest first, the lower of two equally near ones last ([`nearness_order`]). That is
    /// the rule for pairs never seen in training. Without rows the window is half the tokens.
    ///
    /// # Errors
    /// [`RankTableError`], when the shape is out of range or a row names an offset twice or one
    /// outside the window.
    pub fn new(
        converter: &Converter,
        fold: u16,
        window: u16,
        rows: &[Row],
    ) -> Result<RankTable, RankTableError> {
        let most = converter.tokens();
        if usize::from(fold) > most {
            return Err(RankTableError::Fold { fold, most });
        }
        if !(1..=most / 2).contains(&usize::from(window)) {
            return Err(RankTableError::Window { window, most: most / 2 });
        }
        if rows.len() != usize::from(fold) {
            return Err(RankTableError::Rows { rows: rows.len(), fold });
        }
        if fold == 0 {
            return Ok(RankTable::by_nearness(converter));
        }
        let width = 2 * usize::from(window);
        let nearest: Vec<i16> = nearness_order(window).collect();
        let mut successors = Vec::with_capacity(rows.len() * width);
        let mut ranks = vec![u16::MAX; rows.len() * width];
        for (number, listed) in rows.iter().enumerate() {
            let ranks = &mut ranks[number * width..][..width];
            let mut next_rank = 0;
            for (position, &offset) in listed.iter().chain(&nearest).enumerate() {
                let column = i32::from(offset) + i32::from(window);
                let Some(rank) = usize::try_from(column).ok().and_then(|c| ranks.get_mut(c)) else {
                    return Err(RankTableError::Outside { row: number, offset, window });
                };
                if *rank == u16::MAX {
                    *rank = next_rank;
                    next_rank += 1;
                    successors.push(offset);
                } else if position < listed.len() {
                    return Err(RankTableError::Twice { row: number, offset });
                }
            }
        }
        Ok(RankTable { fold, window, successors, ranks })
    }

    /// Ranks by nearness, of all offsets.
    fn by_nearness(converter: &Converter) -> RankTable {
        let window = (converter.tokens() / 2) as u16;
        RankTable { fold: 0, window, successors: Vec::new(), ranks: Vec::new() }
    }

    /// Whether offsets rank by nearness alone.
    #[inline]
    pub fn is_by_nearness(&self) -> bool {
        self.fold == 0
    }

    /// Rows in the table; none, when offsets rank by nearness alone.
    pub fn fold(&self) -> u16 {
        self.fold
    }

    /// Offsets on each side of the prediction that have a rank.
    pub fn window(&self) -> u16 {
        self.window
    }

    /// Ranks in a row: `2 * window`.
    pub fn width(&self) -> usize {
        2 * usize::from(self.window)
    }

    /// The row that a prediction selects.
    #[inline]
    pub fn row(&self, prediction: Token) -> usize {
        if self.is_by_nearness() {
            0
        } else if self.fold.is_power_of_two() {
            // prediction mod fold
            usize::from(prediction.number() & (self.fold - 1))
        } else {
            usize::from(prediction.number() % self.fold)
        }
    }

    /// The rank of the successor at `offset`, or `None` outside the window.
    #[inline]
    pub fn rank(&self, row: usize, offset: i16) -> Option<u16> {
        if self.is_by_nearness() {
            return Some((offset << 1 ^ offset >> 15) as u16);
        }
        // One comparison: an offset below the window wraps to a large column.
        let column = (i32::from(offset) + i32::from(self.window)) as u32 as usize;
        (column < self.width()).then(|| self.ranks[row * self.width() + column])
    }

    /// The offset of the successor with `rank`, or `None` past the last rank.
    #[inline]
    pub fn offset(&self, row: usize, rank: usize) -> Option<i16> {
        if self.is_by_nearness() {
            // The lowest bit is the sign.
            let offset = (rank >> 1) as i16 ^ -((rank & 1) as i16);
            return (rank < self.width()).then_some(offset);
        }
        (rank < self.width()).then(|| self.successors[row * self.width() + rank])
    }

    /// The successors of `row`, in order of rank.
    ///
    /// # Panics
    /// When there is no such row.
    pub fn successors(&self, row: usize) -> &[i16] {
        &self.successors[row * self.width()..][..self.width()]
    }

    /// Bits that the table takes in a ROM: a rank for each offset of each row.
    pub fn rom_bits(&self) -> usize {
        let rank_bits = self.width().next_power_of_two().trailing_zeros() as usize;
        self.ranks.len() * rank_bits
    }
}

/// All offsets of a window, nearest first: `0, 1, -1, 2, -2, ... , W-1, -(W-1), -W`.
pub fn nearness_order(window: u16) -> impl Iterator<Item = i16> {
    let window = window as i16;
    (0..=window)
        .flat_map(|distance| [distance, -distance])
        .filter(move |&offset| offset < window)
        .scan(false, |zero_was_given, offset| {
            let repeated = offset == 0 && *zero_was_given;
            *zero_was_given |= offset == 0;
            Some((!repeated).then_some(offset))
        })
        .flatten()
}

#[cfg(test)]
mod tests {
    use super::*;
    use crate::converter::{ConverterParts, Kind};

    #[test]
    fn nearest_offsets_come_first_and_each_comes_once() {
        assert_eq!(nearness_order(3).collect::<Vec<_>>(), [0, 1, -1, 2, -2, -3]);
        for window in [1, 2, 32, 512] {
            let mut all: Vec<i16> = nearness_order(window).collect();
            all.sort_unstable();
            let window = window as i16;
            assert_eq!(all, (-window..window).collect::<Vec<_>>());
        }
    }

    #[test]
    fn rank_and_offset_are_inverse_for_any_fold_and_window() {
        for (fold, window) in [(1, 1), (3, 5), (32, 32), (100, 64), (1024, 512)] {
            let rows: Vec<Row> = (0..fold as i16).map(|r| vec![-1, r % window as i16]).collect();
            let rows: Vec<Row> =
                rows.into_iter().map(|r| if r[1] == -1 { vec![-1] } else { r }).collect();
            let table = RankTable::new(&Converter::challenge(), fold, window, &rows).unwrap();
            for row in 0..usize::from(fold) {
                for rank in 0..table.width() {
                    let offset = table.offset(row, rank).unwrap();
                    assert_eq!(table.rank(row, offset), Some(rank as u16));
                }
                assert_eq!(table.offset(row, table.width()), None);
                assert_eq!(table.rank(row, window as i16), None);
                assert_eq!(table.rank(row, -(window as i16) - 1), None);
            }
        }
    }

    #[test]
    fn without_rows_the_nearest_offset_has_the_lowest_rank() {
        for bits in [8, 10, 16] {
            let parts = ConverterParts { kind: Kind::Direct, bits };
            let table = RankTable::new(&Converter::new(parts).unwrap(), 0, 4, &[]).unwrap();
            assert_eq!([0, -1, 1, -2, 2].map(|o| table.rank(0, o)), [0, 1, 2, 3, 4].map(Some));
            for rank in 0..1 << bits {
                let offset = table.offset(0, rank).unwrap();
                assert_eq!(usize::from(offset.unsigned_abs()), rank.div_ceil(2));
                assert_eq!(table.rank(0, offset), Some(rank as u16));
            }
            assert_eq!(table.offset(0, 1 << bits), None);
            assert_eq!((table.row(Token::new(77)), table.rom_bits()), (0, 0));
        }
    }

    #[test]
    fn a_row_is_a_prediction_modulo_the_fold() {
        for fold in [1, 7, 32, 1000, 1024] {
            let rows = vec![vec![]; usize::from(fold)];
            let table = RankTable::new(&Converter::challenge(), fold, 1, &rows).unwrap();
            for p in 0..1024 {
                assert_eq!(table.row(Token::new(p)), usize::from(p % fold));
            }
        }
    }

    #[test]
    fn a_row_that_does_not_order_the_window_is_refused() {
        let refused = |fold, window, rows: &[Row], why| {
            let made = RankTable::new(&Converter::challenge(), fold, window, rows);
            assert_eq!(made, Err(why));
        };
        use RankTableError::{Fold, Outside, Rows, Twice, Window};
        refused(1, 4, &[vec![0, 1, 0]], Twice { row: 0, offset: 0 });
        refused(1, 4, &[vec![4]], Outside { row: 0, offset: 4, window: 4 });
        refused(1, 4, &[vec![-5]], Outside { row: 0, offset: -5, window: 4 });
        refused(2, 4, &[vec![]], Rows { rows: 1, fold: 2 });
        refused(1025, 4, &[], Fold { fold: 1025, most: 1024 });
        refused(0, 4, &[vec![]], Rows { rows: 1, fold: 0 });
        refused(1, 513, &[vec![]], Window { window: 513, most: 512 });
    }
}
