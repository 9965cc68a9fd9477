//! The successor look-up coder: for each value, the 128 values that follow it most often.
//!
//! A sample is one byte if it is among the successors of the one before, and more otherwise:
//!
//! ```text
//! 0rrrrrrr                    the successor of rank r
//! 100000cc cccccccc           10-bit code c, no successor
//! 11111111 ssssssss ssssssss  sample s, low byte first, which has no 10-bit code
//! ```
//!
//! The first sample follows code 512. A sample after one without a code follows the last code
//! before it. [`Table`] comes from the channel itself, sent before it, or from many recordings,
//! once and for all. The bytes may go through zlib afterwards, which finds that low ranks come more
//! often.

use crate::baselines::bits::{BitReader, BitWriter};
use crate::baselines::lattice::{self, CODES};

/// Successors per value.
pub const SUCCESSORS: usize = 128;
/// Before the first sample.
const START: u16 = 512;
/// First byte of a code that is no successor, in its upper bits.
const MISS: u8 = 0x80;
/// First byte of a sample without a code.
const OFF: u8 = 0xff;
/// What [`Table::ranks`] holds where there is none.
const NO_RANK: u8 = 0xff;

/// How often each code followed each.
pub struct Counts(Vec<u64>);

impl Default for Counts {
    fn default() -> Counts {
        Counts(vec![0; CODES * CODES])
    }
}

impl Counts {
    /// Counts a channel.
    pub fn add(&mut self, samples: &[i16]) {
        let mut last = START;
        for code in samples.iter().filter_map(|&sample| lattice::code(sample)) {
            self.0[usize::from(last) * CODES + usize::from(code)] += 1;
            last = code;
        }
    }

    /// The most frequent successors of each code, of those that came at least `least` times.
    pub fn table(&self, least: u64) -> Table {
        let rows = self.0.chunks(CODES).map(|counts| {
            let came = (0..CODES as u16).filter(|&code| counts[usize::from(code)] >= least.max(1));
            let mut row: Vec<u16> = came.collect();
            row.sort_by_key(|&code| (std::cmp::Reverse(counts[usize::from(code)]), code));
            row.truncate(SUCCESSORS);
            row
        });
        Table::new(rows.collect())
    }
}

/// The successors of each code, by rank.
pub struct Table {
    rows: Vec<Vec<u16>>,
    /// `[code * CODES + successor] -> rank`
    ranks: Vec<u8>,
}

impl Table {
    fn new(rows: Vec<Vec<u16>>) -> Table {
        let mut ranks = vec![NO_RANK; CODES * CODES];
        for (row, ranks) in rows.iter().zip(ranks.chunks_mut(CODES)) {
            for (rank, &successor) in (0..).zip(row) {
                ranks[usize::from(successor)] = rank;
            }
        }
        Table { rows, ranks }
    }

    /// The best table for one channel: a successor takes 10 bits and saves 8 at each occurrence, so
    /// it is listed if it occurs twice.
    pub fn of(samples: &[i16]) -> Table {
        let mut counts = Counts::default();
        counts.add(samples);
        counts.table(2)
    }

    /// The table in bits: for each code how many successors in 8 bits, then each in 10.
    pub fn to_bytes(&self) -> Vec<u8> {
        let mut out = BitWriter::default();
        for row in &self.rows {
            out.put(row.len() as u32, 8);
            row.iter().for_each(|&successor| out.put(successor.into(), 10));
        }
        out.finish()
    }

    /// Reads a table and its length in bytes; `None` if it is not valid.
    pub fn from_bytes(bytes: &[u8]) -> Option<(Table, usize)> {
        let mut reader = BitReader::new(bytes);
        let mut rows = Vec::with_capacity(CODES);
        let mut bits = 0;
        for _ in 0..CODES {
            let length = reader.take(8)? as usize;
            if length > SUCCESSORS {
                return None;
            }
            let row = (0..length).map(|_| reader.take(10).map(|code| code as u16));
            rows.push(row.collect::<Option<Vec<u16>>>()?);
            bits += 8 + 10 * length;
        }
        Some((Table::new(rows), bits.div_ceil(8)))
    }

    /// Compresses one channel.
    pub fn encode(&self, samples: &[i16]) -> Vec<u8> {
        let mut out = Vec::with_capacity(samples.len() * 5 / 4);
        let mut last = START;
        for &sample in samples {
            let Some(code) = lattice::code(sample) else {
                out.push(OFF);
                out.extend(sample.to_le_bytes());
                continue;
            };
            match self.ranks[usize::from(last) * CODES + usize::from(code)] {
                NO_RANK => out.extend([MISS | (code >> 8) as u8, code as u8]),
                rank => out.push(rank),
            }
            last = code;
        }
        out
    }

    /// Decodes `count` samples; `None` if the bytes are not a valid code.
    pub fn decode(&self, bytes: &[u8], count: usize) -> Option<Vec<i16>> {
        let mut bytes = bytes.iter().copied();
        let mut last = START;
        let mut samples = Vec::new();
        for _ in 0..count {
            let first = bytes.next()?;
            if first == OFF {
                samples.push(i16::from_le_bytes([bytes.next()?, bytes.next()?]));
                continue;
            }
            let code = if first < MISS {
                *self.rows[usize::from(last)].get(usize::from(first))?
            } else {
                u16::from_be_bytes([first - MISS, bytes.next()?])
            };
            if usize::from(code) >= CODES {
                return None;
            }
            samples.push(lattice::sample(code));
            last = code;
        }
        Some(samples)
    }
}
