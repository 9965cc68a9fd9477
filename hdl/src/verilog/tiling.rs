//! **Tilings**: which of a process's macros hold a memory, in columns of bits and banks of words.

use super::macros::{Macro, MemoryMacros};

/// A memory on macros takes at most so many times the bits that it has; else it stays registers.
const WASTE: usize = 4;

/// A macro in the place of some bits of a memory's words.
#[derive(Clone, Copy, Debug, PartialEq, Eq)]
pub struct Column<'a> {
    /// The macro.
    pub of: &'a Macro,
    /// The lowest bit of the words that it holds.
    pub low: usize,
    /// How many of them.
    pub bits: usize,
}

/// The macros of a memory: as many rows of these columns as its words need.
#[derive(Clone, Debug, PartialEq, Eq)]
pub struct Tiling<'a> {
    /// Banks of words.
    pub rows: usize,
    /// The macros of a bank.
    pub columns: Vec<Column<'a>>,
}

impl MemoryMacros {
    /// The macros for a memory of so many words of so many bits: those with the fewest bits in all, of
    /// several the ones that stand first in the file. `None` if they had more than four times the
    /// memory's bits. A memory that is never written and read at the same clock needs one port only: it takes
    /// such macros where there are any.
    pub fn tiling(&self, words: usize, bits: usize, one_port: bool) -> Option<Tiling<'_>> {
        let one_port = one_port && self.macros.iter().any(|one| self.has_one_port(one));
        let macros = || self.macros.iter().filter(|one| self.has_one_port(one) == one_port);
        let depths = macros().map(|one| one.words);
        let tilings = depths.filter_map(|depth| {
            let rows = words.div_ceil(depth);
            let of_depth: Vec<&Macro> = macros().filter(|one| one.words == depth).collect();
            let columns = columns(&of_depth, bits)?;
            Some((rows * columns.iter().map(|c| depth * c.of.bits).sum::<usize>(), rows, columns))
        });
        let best = tilings.min_by_key(|(all, ..)| *all)?;
        let (all, rows, columns) = best;
        (all <= WASTE * words * bits).then_some(Tiling { rows, columns })
    }
}

/// Those of these macros, all as deep, that hold so many bits with the fewest to spare.
fn columns<'a>(macros: &[&'a Macro], bits: usize) -> Option<Vec<Column<'a>>> {
    // The best choice for each number of bits, built up from that for none: bits, macros.
    let mut best: Vec<Option<(usize, Vec<&Macro>)>> = vec![Some((0, vec![]))];
    for wanted in 1..=bits {
        let mut choices = Vec::new();
        for &of in macros {
            if let Some((all, before)) = &best[wanted.saturating_sub(of.bits)] {
                choices.push((all + of.bits, [before.as_slice(), &[of]].concat()));
            }
        }
        best.push(choices.into_iter().min_by_key(|(all, chosen)| (*all, chosen.len())));
    }
    let mut low = 0;
    let mut columns = Vec::new();
    for of in best.pop()??.1 {
        columns.push(Column { of, low, bits: of.bits.min(bits - low) });
        low += of.bits;
    }
    Some(columns)
}

#[cfg(test)]
mod tests {
    use super::super::macros::tests::TWO;
    use super::*;

    fn names<'a>(tiling: &Tiling<'a>) -> Vec<(&'a str, usize, usize)> {
        tiling.columns.iter().map(|c| (c.of.name.as_str(), c.low, c.bits)).collect()
    }

    #[test]
    fn a_memory_takes_the_macros_with_the_fewest_bits() {
        let macros = MemoryMacros::from_toml("two.toml", TWO).unwrap();
        let tiling = macros.tiling(64, 35, false).unwrap();
        assert_eq!((tiling.rows, names(&tiling)), (1, vec![("M64X22", 0, 22), ("M64X22", 22, 13)]));
        let tiling = macros.tiling(256, 13, false).unwrap();
        assert_eq!((tiling.rows, names(&tiling)), (1, vec![("M256X16", 0, 13)]));
        // 128 words: two banks of 64 with fewer bits than one of 256.
        let tiling = macros.tiling(128, 20, false).unwrap();
        assert_eq!((tiling.rows, names(&tiling)), (2, vec![("M64X22", 0, 20)]));
        let tiling = macros.tiling(1024, 16, false).unwrap();
        assert_eq!((tiling.rows, names(&tiling)), (4, vec![("M256X16", 0, 16)]));
        assert_eq!(macros.tiling(16, 4, false), None, "too small for any");
        // Of one port there are none.
        assert_eq!(macros.tiling(1024, 16, true), macros.tiling(1024, 16, false));
    }

    #[test]
    fn a_memory_that_needs_one_port_takes_macros_of_one() {
        let macros = &MemoryMacros::all()[0];
        let [one, two] = [true, false].map(|one_port| macros.tiling(2048, 6, one_port).unwrap());
        assert!(one.columns.iter().all(|column| macros.has_one_port(column.of)));
        assert!(!two.columns.iter().any(|column| macros.has_one_port(column.of)));
    }
}
