//! Counts of successor pairs: the part of the bigram that fits a page.

use serde::Serialize;

use super::counts::Counts;
use super::lattice::Lattice;

/// Codes on each side of the heat map.
const SIDE: i32 = 128;

/// Counts of `SIDE` codes after `SIDE` codes, around the median.
#[derive(Clone, Debug, Default, PartialEq, Serialize)]
pub struct Successors {
    /// The first code of rows and columns.
    pub first: i32,
    /// `[code before][code after] -> how often`
    pub counts: Vec<Vec<u64>>,
    /// Part of all pairs that these are.
    pub part: f64,
}

impl Successors {
    /// The successors in these counts.
    pub fn new(counts: &Counts, lattice: &Lattice) -> Successors {
        let Some(median) = counts.values.quantile(0.5) else { return Successors::default() };
        let first = lattice.code(median) - SIDE / 2;
        let mut table = vec![vec![0; SIDE as usize]; SIDE as usize];
        let (mut shown, mut all) = (0, 0);
        for (&(before, after), &count) in &counts.pairs {
            all += count;
            let place = |value| usize::try_from(lattice.code(value) - first).ok();
            let (Some(row), Some(column)) = (place(before), place(after)) else { continue };
            if let Some(cell) =
                table.get_mut(row).and_then(|row: &mut Vec<u64>| row.get_mut(column))
            {
                *cell += count;
                shown += count;
            }
        }
        Successors { first, counts: table, part: shown as f64 / u64::max(all, 1) as f64 }
    }
}
