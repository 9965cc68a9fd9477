//! The best contexts for levels of activity, by an exact search.
//!
//! Each context is a run of neighbouring levels. Its cost is the number of bits that an ideal coder
//! needs for its ranks. So the best contexts are a shortest path over (levels covered, contexts
//! used).

use crate::tier_search::RankHistogram;

/// The levels at which contexts 1, 2, 3 ... begin, when there may be `contexts` of them at most.
///
/// `by_level[level]` counts the ranks that came at that level. Returns fewer contexts if more would
/// gain nothing.
pub fn best_thresholds(by_level: &[RankHistogram], contexts: usize) -> Vec<u8> {
    let levels = by_level.len();
    let costs = run_costs(by_level);
    // least[end]: the cheapest way to cover the levels before `end` so far; begins[n][end]: where
    // the last of its n + 1 contexts begins.
    let mut least: Vec<f64> = (0..=levels).map(|end| costs[0][end]).collect();
    let mut begins = vec![vec![0; levels + 1]];
    let mut best = (least[levels], 1);
    for n in 2..=contexts.min(levels) {
        let mut next = vec![f64::INFINITY; levels + 1];
        let mut begin = vec![0; levels + 1];
        for end in n..=levels {
            for middle in n - 1..end {
                let cost = least[middle] + costs[middle][end];
                if cost < next[end] {
                    (next[end], begin[end]) = (cost, middle);
                }
            }
        }
        (least, _) = (next, begins.push(begin));
        if least[levels] < best.0 {
            best = (least[levels], n);
        }
    }
    let mut end = levels;
    let mut thresholds: Vec<u8> = (1..best.1)
        .rev()
        .map(|n| {
            end = begins[n][end];
            end as u8
        })
        .collect();
    thresholds.reverse();
    thresholds
}

/// `[begin][end]`: the ideal cost of the levels from `begin` up to, not with, `end`.
fn run_costs(by_level: &[RankHistogram]) -> Vec<Vec<f64>> {
    let empty = by_level[0].emptied();
    (0..=by_level.len())
        .map(|begin| {
            let mut run = empty.clone();
            let mut costs = vec![0.0; by_level.len() + 1];
            for end in begin..by_level.len() {
                run.add(&by_level[end]);
                costs[end + 1] = run.ideal_cost();
            }
            costs
        })
        .collect()
}

#[cfg(test)]
mod tests {
    use super::*;

    fn peaked_at(rank: usize) -> RankHistogram {
        let mut histogram = RankHistogram::empty(8, 10);
        histogram.counts[rank] = 1000;
        histogram.counts[7] = 10;
        histogram
    }

    #[test]
    fn a_cut_stands_where_the_ranks_change() {
        let levels: Vec<_> = [0, 0, 0, 3, 3, 5, 5, 5].map(peaked_at).into();
        assert_eq!(best_thresholds(&levels, 3), [3, 5]);
        assert_eq!(best_thresholds(&levels, 1), [0u8; 0]);
        assert_eq!(best_thresholds(&levels[..1], 4), [0u8; 0]);
    }

    #[test]
    fn no_other_cuts_are_cheaper() {
        let count = |level: u64, rank: u64| (level * 37 + rank * rank * 11) % 23 * (level + 1);
        let levels: Vec<_> = (0..9)
            .map(|level| RankHistogram {
                counts: (0..6).map(|rank| count(level, rank)).collect(),
                escapes: level,
                token_bits: 10,
                by_class: false,
            })
            .collect();
        let costs = run_costs(&levels);
        let cost = |a: usize, b: usize| costs[0][a] + costs[a][b] + costs[b][9];
        let best = best_thresholds(&levels, 3);
        let found = cost(best[0].into(), best[1].into());
        for a in 1..9 {
            for b in a + 1..9 {
                assert!(found <= cost(a, b) + 1e-9, "{best:?} against {a} {b}");
            }
        }
    }
}
