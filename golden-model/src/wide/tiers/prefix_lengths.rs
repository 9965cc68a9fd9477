//! The best prefix code for counts.

/// The lengths of the best complete prefix code of at most `longest` bits for these counts:
/// the package-merge algorithm (Larmore and Hirschberg 1990). Counts of zero count as one.
pub fn prefix_lengths(counts: &[u64], longest: u8) -> Vec<u8> {
    // A package is its weight, and how often each symbol is in it.
    type Package = (u64, Vec<u8>);
    let mut coins: Vec<Package> = Vec::new();
    for (symbol, &count) in counts.iter().enumerate() {
        let mut symbols = vec![0; counts.len()];
        symbols[symbol] = 1;
        coins.push((count.max(1), symbols));
    }
    coins.sort_by_key(|(weight, _)| *weight);
    let mut packages: Vec<Package> = Vec::new();
    for _ in 0..longest {
        let mut row = coins.clone();
        row.append(&mut packages);
        // Stable: of equal weights the coin goes first, so the result is the same everywhere.
        row.sort_by_key(|(weight, _)| *weight);
        let pair = |pair: &[Package]| {
            let sum = pair[0].1.iter().zip(&pair[1].1).map(|(a, b)| a + b).collect();
            (pair[0].0 + pair[1].0, sum)
        };
        packages = row.chunks_exact(2).map(pair).collect();
    }
    let mut lengths = vec![0; counts.len()];
    for (_, symbols) in &packages[..counts.len() - 1] {
        lengths.iter_mut().zip(symbols).for_each(|(sum, times)| *sum += times);
    }
    lengths
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn prefix_lengths_are_those_of_huffman_within_the_limit() {
        assert_eq!(prefix_lengths(&[1, 1, 2, 4], 14), [3, 3, 2, 1]);
        assert_eq!(prefix_lengths(&[5, 5, 5, 5], 14), [2; 4]);
        let fibonacci: Vec<u64> = (0..30)
            .scan((1, 1), |(a, b), _| {
                (*a, *b) = (*b, *a + *b);
                Some(*a)
            })
            .collect();
        let lengths = prefix_lengths(&fibonacci, 14);
        assert_eq!(lengths.iter().max(), Some(&14));
        let kraft: u32 = lengths.iter().map(|len| 1 << (14 - len)).sum();
        assert_eq!(kraft, 1 << 14);
    }
}
