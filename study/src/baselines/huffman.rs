//! Huffman code of the values, one tree per channel.
//!
//! Two passes: the first counts how often each value comes, the second sends its code. Codes are
//! canonical, so the lengths define the tree.

use std::cmp::Reverse;
use std::collections::BinaryHeap;

use crate::baselines::bits::{BitReader, BitWriter};
use crate::baselines::lattice::Scale;

/// Longest code, limited so that one look-up decodes. All 65,536 values still fit.
const LONGEST: u32 = 17;

/// A compressed channel.
#[derive(Clone, Debug, PartialEq, Eq)]
pub struct Coded {
    /// Byte of the scale, then the lengths of the codes of rising values, a byte each, from the
    /// lowest that occurs to the highest; a run of values that do not occur is a zero and how many,
    /// in two bytes. Before the lengths: the lowest value in two bytes.
    pub tree: Vec<u8>,
    /// The codes.
    pub body: Vec<u8>,
}

/// Compresses one channel.
pub fn encode(samples: &[i16]) -> Coded {
    let scale = Scale::of(samples);
    let mut counts = vec![0u64; 1 << 16];
    samples.iter().for_each(|&sample| counts[index(scale.number(sample))] += 1);
    let lengths = lengths(counts);
    let codes = codes(&lengths);
    let mut out = BitWriter::default();
    for &sample in samples {
        let symbol = index(scale.number(sample));
        out.put(codes[symbol], lengths[symbol].into());
    }
    Coded { tree: tree(scale, &lengths), body: out.finish() }
}

/// Decodes `count` samples; `None` if the bytes are not a valid code.
pub fn decode(tree: &[u8], body: &[u8], count: usize) -> Option<Vec<i16>> {
    let (scale, lengths) = from_tree(tree)?;
    let longest = u32::from(lengths.iter().copied().max().unwrap_or(0));
    // `[next bits] -> symbol, length`
    let mut table = vec![(0u16, 0u8); 1 << longest];
    let codes = codes(&lengths);
    for (symbol, (&code, &length)) in codes.iter().zip(&lengths).enumerate() {
        if length > 0 {
            let free = longest - u32::from(length);
            let first = (code << free) as usize;
            table.get_mut(first..first + (1 << free))?.fill((symbol as u16, length));
        }
    }
    let mut bits = BitReader::new(body);
    let mut samples = Vec::new();
    for _ in 0..count {
        let (symbol, length) = table[(bits.peek() >> 1 >> (63 - longest)) as usize];
        if length == 0 {
            return None;
        }
        bits.skip(length.into())?;
        samples.push(scale.sample(i32::from(symbol) - 32768)?);
    }
    Some(samples)
}

fn index(number: i16) -> usize {
    (i32::from(number) + 32768) as usize
}

/// The length of each symbol's code; zero for symbols that do not occur.
fn lengths(mut counts: Vec<u64>) -> Vec<u8> {
    loop {
        let lengths = unlimited_lengths(&counts);
        if lengths.iter().all(|&length| u32::from(length) <= LONGEST) {
            return lengths;
        }
        // Flatter counts, shorter codes; in the end all are 1 and codes have 16 bits.
        counts.iter_mut().for_each(|count| *count = count.div_ceil(2));
    }
}

fn unlimited_lengths(counts: &[u64]) -> Vec<u8> {
    let mut heap: BinaryHeap<Reverse<(u64, usize)>> = BinaryHeap::new();
    let symbols: Vec<usize> = (0..counts.len()).filter(|&symbol| counts[symbol] > 0).collect();
    heap.extend(symbols.iter().enumerate().map(|(node, &symbol)| Reverse((counts[symbol], node))));
    let mut lengths = vec![0; counts.len()];
    if let [only] = symbols[..] {
        lengths[only] = 1;
    }
    // Nodes are numbered as they are made, so a parent comes after its children.
    let mut parents = vec![0; symbols.len()];
    while let (Some(Reverse((a, left))), Some(Reverse((b, right)))) = (heap.pop(), heap.pop()) {
        let node = parents.len();
        parents.push(0);
        (parents[left], parents[right]) = (node, node);
        heap.push(Reverse((a + b, node)));
        if heap.len() == 1 {
            break;
        }
    }
    let mut depths = vec![0u8; parents.len()];
    for node in (0..parents.len().saturating_sub(1)).rev() {
        depths[node] = depths[parents[node]].saturating_add(1);
        if let Some(&symbol) = symbols.get(node).filter(|_| symbols.len() > 1) {
            lengths[symbol] = depths[node];
        }
    }
    lengths
}

/// The canonical codes of these lengths: shorter ones first, then lower symbols.
fn codes(lengths: &[u8]) -> Vec<u32> {
    let mut starts = [0u32; LONGEST as usize + 2];
    lengths.iter().filter(|&&l| l > 0).for_each(|&l| starts[usize::from(l) + 1] += 1);
    for length in 1..starts.len() {
        starts[length] = (starts[length] + starts[length - 1]) << 1;
    }
    let code = |&length: &u8| {
        let next = &mut starts[usize::from(length)];
        *next += 1;
        *next - 1
    };
    lengths.iter().map(code).collect()
}

fn tree(scale: Scale, lengths: &[u8]) -> Vec<u8> {
    let mut tree = vec![scale.byte()];
    let used = |length: &u8| *length > 0;
    let Some(lowest) = lengths.iter().position(used) else { return tree };
    tree.extend((lowest as u16).to_le_bytes());
    let mut rest = &lengths[lowest..];
    while let Some(gap) = rest.iter().position(used) {
        if gap > 0 {
            tree.push(0);
            tree.extend((gap as u16).to_le_bytes());
        }
        tree.push(rest[gap]);
        rest = &rest[gap + 1..];
    }
    tree
}

/// Scale and lengths; `None` if they do not form a tree.
fn from_tree(tree: &[u8]) -> Option<(Scale, Vec<u8>)> {
    let (&scale, rest) = tree.split_first()?;
    let scale = Scale::from_byte(scale)?;
    let mut lengths = vec![0; 1 << 16];
    let mut rest = rest;
    if !rest.is_empty() {
        let mut symbol = usize::from(number(&mut rest)?);
        while let Some((&length, after)) = rest.split_first() {
            rest = after;
            if length == 0 {
                symbol += usize::from(number(&mut rest)?);
            } else if u32::from(length) <= LONGEST {
                *lengths.get_mut(symbol)? = length;
                symbol += 1;
            } else {
                return None;
            }
        }
    }
    let room: u64 =
        lengths.iter().filter(|&&l| l > 0).map(|&l| 1 << (LONGEST - u32::from(l))).sum();
    (room <= 1 << LONGEST).then_some((scale, lengths))
}

fn number(bytes: &mut &[u8]) -> Option<u16> {
    let (&two, rest) = bytes.split_first_chunk()?;
    *bytes = rest;
    Some(u16::from_le_bytes(two))
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn codes_are_those_of_huffman() {
        let mut counts = vec![0; 16];
        for (symbol, count) in [(3, 1), (5, 1), (6, 2), (9, 4)] {
            counts[symbol] = count;
        }
        let lengths = lengths(counts);
        assert_eq!([3, 5, 6, 9].map(|symbol| lengths[symbol]), [3, 3, 2, 1]);
        let codes = codes(&lengths);
        assert_eq!([9, 6, 3, 5].map(|symbol| codes[symbol]), [0b0, 0b10, 0b110, 0b111]);
    }

    #[test]
    fn no_code_is_too_long_to_be_looked_up() {
        // Fibonacci counts give the deepest tree.
        let (mut a, mut b) = (1u64, 1);
        let mut counts = vec![0; 1 << 16];
        for count in &mut counts[..60] {
            *count = a;
            (a, b) = (b, a + b);
        }
        let lengths = lengths(counts);
        assert!(lengths.iter().all(|&length| u32::from(length) <= LONGEST));
        assert_eq!(
            from_tree(&tree(Scale::SixteenBits, &lengths)),
            Some((Scale::SixteenBits, lengths))
        );
        assert!(super::lengths(vec![1; 1 << 16]).iter().all(|&length| length == 16));
    }

    #[test]
    fn an_invalid_tree_is_refused() {
        let oversubscribed = [16, 0, 0, 1, 1, 1];
        let too_long = [16, 0, 0, 18];
        let cut = [16, 0];
        let past_the_end = [16, 255, 255, 1, 1];
        for tree in [&oversubscribed[..], &too_long, &cut, &past_the_end, &[]] {
            assert_eq!(decode(tree, &[0; 8], 1), None);
        }
    }
}
