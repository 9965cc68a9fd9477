//! **RankTable**: the likelihood order of successors after each prediction.
//!
//! `row = prediction mod fold`, `offset = token - prediction` around the circle of tokens. Inside
//! the window of `2 W` offsets, `-W..=W-1`, each row orders the offsets by their frequency in
//! training; the place in that order is the rank. Outside the window there is no rank: the token
//! escapes.

use alloc::format;
use alloc::string::String;
use alloc::vec;
use alloc::vec::Vec;

use crate::tokenizer::{TOKENS, Token};

/// The successors of one prediction class, in order of rank; see [`RankTable::new`].
pub type Row = Vec<i16>;

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
    /// A table of `fold` rows (1..=1024) over a window of `window` (1..=512) offsets on each side.
    ///
    /// A row lists offsets in order of rank and may stop early: the offsets that it does not name
    /// follow nearest first, the lower of two equally near ones last ([`nearness_order`]). That is
    /// the rule for pairs never seen in training.
    ///
    /// # Errors
    /// The reason, when the shape is out of range or a row names an offset twice or one outside
    /// the window.
    pub fn new(fold: u16, window: u16, rows: &[Row]) -> Result<RankTable, String> {
        if !(1..=TOKENS as u16).contains(&fold) {
            return Err(format!("fold {fold} is not in 1..=1024"));
        }
        if !(1..=TOKENS as u16 / 2).contains(&window) {
            return Err(format!("window {window} is not in 1..=512"));
        }
        if rows.len() != usize::from(fold) {
            return Err(format!("{} rows for fold {fold}", rows.len()));
        }
        let width = 2 * usize::from(window);
        let nearest: Vec<i16> = nearness_order(window).collect();
        let mut successors = Vec::with_capacity(rows.len() * width);
        let mut ranks = vec![u16::MAX; rows.len() * width];
        for (number, row) in rows.iter().enumerate() {
            let ranks = &mut ranks[number * width..][..width];
            let mut next_rank = 0;
            for (position, &offset) in row.iter().chain(&nearest).enumerate() {
                let column = i32::from(offset) + i32::from(window);
                let Some(rank) = usize::try_from(column).ok().and_then(|c| ranks.get_mut(c)) else {
                    return Err(format!("row {number} names offset {offset}, outside ±{window}"));
                };
                if *rank == u16::MAX {
                    *rank = next_rank;
                    next_rank += 1;
                    successors.push(offset);
                } else if position < row.len() {
                    return Err(format!("row {number} names offset {offset} twice"));
                }
            }
        }
        Ok(RankTable { fold, window, successors, ranks })
    }

    /// Rows in the table.
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
        if self.fold.is_power_of_two() {
            // prediction mod fold
            usize::from(prediction.number() & (self.fold - 1))
        } else {
            usize::from(prediction.number() % self.fold)
        }
    }

    /// The rank of the successor at `offset`, or `None` outside the window.
    #[inline]
    pub fn rank(&self, row: usize, offset: i16) -> Option<u16> {
        // One comparison: an offset below the window wraps to a large column.
        let column = (i32::from(offset) + i32::from(self.window)) as u32 as usize;
        (column < self.width()).then(|| self.ranks[row * self.width() + column])
    }

    /// The offset of the successor with `rank`, or `None` past the last rank.
    #[inline]
    pub fn offset(&self, row: usize, rank: usize) -> Option<i16> {
        (rank < self.width()).then(|| self.successors[row * self.width() + rank])
    }

    /// The successors of `row`, in order of rank.
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
            let table = RankTable::new(fold, window, &rows).unwrap();
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
    fn a_row_is_a_prediction_modulo_the_fold() {
        for fold in [1, 7, 32, 1000, 1024] {
            let table = RankTable::new(fold, 1, &vec![vec![]; usize::from(fold)]).unwrap();
            for p in 0..1024 {
                assert_eq!(table.row(Token::new(p)), usize::from(p % fold));
            }
        }
    }

    #[test]
    fn a_row_that_does_not_order_the_window_is_refused() {
        let refusal = |fold, window, rows: &[Row]| RankTable::new(fold, window, rows).unwrap_err();
        assert!(refusal(1, 4, &[vec![0, 1, 0]]).contains("offset 0 twice"));
        assert!(refusal(1, 4, &[vec![4]]).contains("outside"));
        assert!(refusal(1, 4, &[vec![-5]]).contains("outside"));
        assert!(refusal(2, 4, &[vec![]]).contains("1 rows for fold 2"));
        assert!(refusal(0, 4, &[]).contains("fold 0"));
        assert!(refusal(1, 513, &[vec![]]).contains("window 513"));
    }
}
