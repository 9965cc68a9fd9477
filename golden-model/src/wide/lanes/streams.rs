//! The bits of eight lanes, read at eight places at once.

use super::vectors::LANES;
use crate::varint;
use crate::wide::bits::{BitReader, peek};

/// Puts eight streams behind each other.
pub fn joined(streams: &[Vec<u8>]) -> Vec<u8> {
    let mut bytes = Vec::with_capacity(streams.iter().map(|stream| stream.len() + 10).sum());
    for (lane, stream) in streams.iter().enumerate() {
        if lane + 1 < LANES {
            varint::put(&mut bytes, stream.len() as u64);
        }
        bytes.extend(stream);
    }
    bytes
}

/// Reads eight streams. Past the end of one there are the bits of the next, or zeros;
/// [`overrun`](Self::overrun) says when they were taken.
pub struct Streams<'b> {
    bytes: &'b [u8],
    /// In bits, from the first of the bytes.
    positions: [usize; LANES],
    ends: [usize; LANES],
}

impl<'b> Streams<'b> {
    /// `None`: the bytes end before the last stream.
    pub fn new(bytes: &'b [u8]) -> Option<Streams<'b>> {
        let mut streams = Streams { bytes, positions: [0; LANES], ends: [8 * bytes.len(); LANES] };
        let mut left = bytes;
        for lane in 0..LANES {
            let length = match lane + 1 {
                LANES => left.len(),
                _ => usize::try_from(varint::take(&mut left)?).ok()?,
            };
            streams.positions[lane] = 8 * (bytes.len() - left.len());
            varint::take_bytes(&mut left, length)?;
            streams.ends[lane] = 8 * (bytes.len() - left.len());
        }
        Some(streams)
    }

    /// A lane's next bits, left-aligned: at least 57.
    #[inline(always)]
    pub fn peek(&self, lane: usize) -> u64 {
        peek(self.bytes, self.positions[lane])
    }

    /// Takes `len` bits of a lane.
    #[inline(always)]
    pub fn consume(&mut self, lane: usize, len: u32) {
        self.positions[lane] += len as usize;
    }

    /// A lane's next `len` bits, 1 to 32.
    pub fn take(&mut self, lane: usize, len: u32) -> u32 {
        let bits = self.peek(lane) >> (64 - len);
        self.consume(lane, len);
        bits as u32
    }

    /// Whether more bits of a lane were taken than it has.
    pub fn overrun(&self) -> bool {
        self.positions.iter().zip(&self.ends).any(|(position, end)| position > end)
    }

    /// Whether less than a byte of zeros is left of every lane.
    pub fn end_here(&self) -> bool {
        self.positions.iter().zip(&self.ends).all(|(&position, &end)| {
            let mut reader = BitReader::new(&self.bytes[position / 8..end / 8]);
            reader.consume((position % 8) as u32);
            reader.ends_here()
        })
    }
}
