//! Classes and widths of a range coder, for histograms of ranks.
//!
//! Every row of every context has a histogram of its own, but there is no room for a table each. So rows
//! alike share a *class*: one begins with a class for each context, splits the class that gains the most
//! bits, and at last lets every row go where it is cheapest, again and again. Widths are whole numbers as near
//! to a class's frequencies as cost says.

use crate::range_coder::{MAX_WIDTH, RangeShape, TOTAL};
use crate::tier_search::RankHistogram;

/// What a row counts of its context's histogram, in samples, beside its own: a row may be rare.
const PRIOR: f64 = 30.0;
/// Rounds of two classes that share the rows of one.
const SPLIT_ROUNDS: usize = 6;
/// Most rounds in which rows change their class.
const ROUNDS: usize = 12;

/// At most `classes` classes for the rows of each context, `[context][row]`, and their widths. `by_context`
/// has the contexts' histograms, with a prior.
pub fn best_ranges(
    by_context: &[RankHistogram],
    by_row: &[Vec<RankHistogram>],
    classes: usize,
) -> RangeShape {
    let rows = by_row.first().map_or(0, Vec::len);
    let points: Vec<Vec<f64>> = by_context
        .iter()
        .zip(by_row)
        .flat_map(|(context, rows)| {
            let context = frequencies(context);
            let all: f64 = context.iter().sum();
            rows.iter().map(move |row| {
                let own = frequencies(row).into_iter();
                own.zip(&context).map(|(own, of_all)| own + PRIOR * of_all / all).collect()
            })
        })
        .collect();
    let mut class_of = cluster(&points, rows, classes);
    let count = class_of.iter().max().map_or(0, |last| last + 1);
    // Classes without rows are left out.
    let used: Vec<usize> = (0..count).filter(|class| class_of.contains(class)).collect();
    class_of.iter_mut().for_each(|class| *class = used.partition_point(|used| used < class));
    let widths = (0..used.len()).map(|class| {
        let members = (0..points.len()).filter(|&point| class_of[point] == class);
        widths(&sum(&points, members))
    });
    RangeShape {
        widths: widths.collect(),
        classes: class_of
            .chunks(rows.max(1))
            .map(|list| list.iter().map(|&class| class as u8).collect())
            .collect(),
    }
}

/// Escapes, then ranks.
fn frequencies(histogram: &RankHistogram) -> Vec<f64> {
    let counts = histogram.counts.iter().map(|&count| count as f64);
    core::iter::once(histogram.escapes as f64).chain(counts).collect()
}

/// What some points count together; no symbol is impossible.
fn sum(points: &[Vec<f64>], members: impl IntoIterator<Item = usize>) -> Vec<f64> {
    let mut sum = vec![0.001; points[0].len()];
    for member in members {
        sum.iter_mut().zip(&points[member]).for_each(|(sum, count)| *sum += count);
    }
    sum
}

/// Bits that each symbol takes with these frequencies.
fn lengths(frequencies: &[f64]) -> Vec<f64> {
    let all: f64 = frequencies.iter().sum();
    frequencies.iter().map(|frequency| -(frequency / all).log2()).collect()
}

/// Bits that a point takes.
fn cost(point: &[f64], lengths: &[f64]) -> f64 {
    point.iter().zip(lengths).map(|(count, length)| count * length).sum()
}

/// A class, and the best two that it may be split into.
struct Split {
    gain: f64,
    halves: [Vec<usize>; 2],
}

/// The class of each point; `rows` points in a row are a context.
fn cluster(points: &[Vec<f64>], rows: usize, classes: usize) -> Vec<usize> {
    let all: Vec<usize> = (0..points.len()).collect();
    // With fewer classes than contexts all begin together.
    let first = if rows * classes >= points.len() { rows } else { points.len() };
    let mut splits: Vec<Split> = all.chunks(first.max(1)).map(|rows| split(points, rows)).collect();
    while splits.len() < classes {
        let gains = splits.iter().enumerate().max_by(|(_, a), (_, b)| a.gain.total_cmp(&b.gain));
        let Some((best, Split { gain, .. })) = gains else { break };
        if *gain <= 0.0 {
            break;
        }
        let halves = splits.swap_remove(best).halves;
        splits.extend(halves.iter().map(|half| split(points, half)));
    }
    let mut class_of = vec![0; points.len()];
    for (class, split) in splits.iter().enumerate() {
        split.halves.iter().flatten().for_each(|&point| class_of[point] = class);
    }
    for _ in 0..ROUNDS {
        let tables: Vec<Vec<f64>> = (0..splits.len())
            .map(|class| {
                lengths(&sum(points, all.iter().copied().filter(|&p| class_of[p] == class)))
            })
            .collect();
        let nearest = |point: &Vec<f64>| {
            let costs = tables.iter().map(|table| cost(point, table)).enumerate();
            costs.min_by(|(_, a), (_, b)| a.total_cmp(b)).map_or(0, |(class, _)| class)
        };
        let next: Vec<usize> = points.iter().map(nearest).collect();
        if next == class_of {
            break;
        }
        class_of = next;
    }
    class_of
}

/// Splits a class: the point that gains most from a table of its own begins the second.
fn split(points: &[Vec<f64>], members: &[usize]) -> Split {
    let together = lengths(&sum(points, members.iter().copied()));
    let whole = || Split { gain: 0.0, halves: [members.to_vec(), Vec::new()] };
    let gain = |&point: &usize| {
        let own = sum(points, [point]);
        cost(&points[point], &together) - cost(&points[point], &lengths(&own))
    };
    let gains = members.iter().map(|point| (gain(point), *point));
    let Some((_, far)) = gains.max_by(|(a, _), (b, _)| a.total_cmp(b)) else { return whole() };
    let mut tables = [lengths(&sum(points, [far])), together.clone()];
    let mut halves = [Vec::new(), Vec::new()];
    for _ in 0..SPLIT_ROUNDS {
        let (first, second) = members.iter().partition(|&&point| {
            cost(&points[point], &tables[0]) < cost(&points[point], &tables[1])
        });
        halves = [first, second];
        if halves.iter().any(Vec::is_empty) {
            return whole();
        }
        tables = halves.each_ref().map(|half| lengths(&sum(points, half.iter().copied())));
    }
    let bits = |members: &[usize], table: &[f64]| -> f64 {
        members.iter().map(|&point| cost(&points[point], table)).sum()
    };
    let after: f64 = halves.iter().zip(&tables).map(|(half, table)| bits(half, table)).sum();
    Split { gain: bits(members, &together) - after, halves }
}

/// Widths for frequencies of the token escape and the ranks. A rank that is rarer than half a width escapes,
/// unless it is the first.
fn widths(frequencies: &[f64]) -> Vec<u16> {
    // The sample escape takes one.
    let total = u32::from(TOTAL) - 1;
    let scale = f64::from(total) / frequencies.iter().sum::<f64>();
    let escapes = |(symbol, frequency): (usize, &f64)| symbol > 1 && frequency * scale < 0.5;
    let rare: f64 =
        frequencies.iter().enumerate().filter(|&pair| escapes(pair)).map(|(_, f)| f).sum();
    let wanted: Vec<f64> = frequencies
        .iter()
        .enumerate()
        .map(|(symbol, &frequency)| match symbol {
            0 => frequency + rare,
            _ if escapes((symbol, &frequency)) => 0.0,
            _ => frequency,
        })
        .collect();
    let nearest = |&wanted: &f64| match wanted {
        0.0 => 0,
        _ => ((wanted * scale).round() as u32).clamp(1, MAX_WIDTH.into()),
    };
    let mut widths: Vec<u32> = wanted.iter().map(nearest).collect();
    let mut sum: u32 = widths.iter().sum();
    while sum != total {
        let step: i32 = if sum < total { 1 } else { -1 };
        let may = |&symbol: &usize| match step {
            1 => (1..MAX_WIDTH.into()).contains(&widths[symbol]),
            _ => widths[symbol] > 1,
        };
        let gain = |&symbol: &usize| {
            let width = f64::from(widths[symbol]);
            wanted[symbol] * ((width + f64::from(step)) / width).ln()
        };
        let best = (0..widths.len()).filter(may).max_by(|a, b| gain(a).total_cmp(&gain(b)));
        let Some(best) = best else { break };
        widths[best] = widths[best].wrapping_add_signed(step);
        sum = sum.wrapping_add_signed(step);
    }
    let named = widths.iter().rposition(|&width| width > 0).map_or(0, |last| last + 1);
    widths[..named].iter().map(|&width| width as u16).collect()
}

#[cfg(test)]
mod tests {
    use super::*;

    /// Rows of two kinds, in two contexts.
    fn rows() -> Vec<Vec<RankHistogram>> {
        let row = |sharp: bool| {
            let counts = (0..16u32).map(|rank| if sharp { 60_000 >> (2 * rank) } else { 4000 });
            RankHistogram { counts: counts.collect(), escapes: 5, ..RankHistogram::empty(16, 10) }
        };
        vec![[true, false, true].map(row).to_vec(), [false, false, true].map(row).to_vec()]
    }

    fn contexts(rows: &[Vec<RankHistogram>]) -> Vec<RankHistogram> {
        let sum = |rows: &Vec<RankHistogram>| {
            let mut sum = rows[0].emptied();
            rows.iter().for_each(|row| sum.add(row));
            sum
        };
        rows.iter().map(sum).collect()
    }

    #[test]
    fn rows_alike_share_a_class() {
        let rows = rows();
        let shape = best_ranges(&contexts(&rows), &rows, 4);
        let [first, second] = &shape.classes[..] else { panic!("two contexts") };
        assert!(first[0] == first[2] && first[0] != first[1]);
        assert!(second[0] == second[1] && second[0] != second[2]);
        let one = best_ranges(&contexts(&rows), &rows, 1);
        assert_eq!((one.widths.len(), one.classes), (1, vec![vec![0; 3]; 2]));
    }

    #[test]
    fn widths_cost_hardly_more_than_the_frequencies() {
        let frequencies: Vec<f64> =
            (0..60).map(|rank| 1e6 * (-0.2 * f64::from(rank)).exp()).collect();
        let widths = widths(&frequencies);
        assert_eq!(widths.iter().map(|&width| u32::from(width)).sum::<u32>(), 32_767);
        assert!(widths.len() < 60, "what is rare escapes: {widths:?}");
        let real = frequencies.iter().enumerate().map(|(symbol, frequency)| {
            let width = |symbol: usize| f64::from(widths.get(symbol).copied().unwrap_or(0));
            match width(symbol) {
                0.0 => frequency * (10.0 - (width(0) / 32_768.0).log2()),
                width => -frequency * (width / 32_768.0).log2(),
            }
        });
        let (real, ideal) = (real.sum::<f64>(), cost(&frequencies, &lengths(&frequencies)));
        assert!((real / ideal - 1.0).abs() < 0.0005, "{real} against {ideal}");
    }

    #[test]
    fn nothing_is_wider_than_it_may_be() {
        assert_eq!(widths(&[1.0, 1e9]), [2047, MAX_WIDTH]);
        assert_eq!(widths(&[1e9, 0.001]), [MAX_WIDTH, 2047]);
    }
}
