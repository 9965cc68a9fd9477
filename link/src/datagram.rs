//! **Datagrams**: a frame, or a piece of one, with what is needed to put it in its place.
//!
//! ```text
//! bytes   field
//! 0..4    "TWD" and the version of this format, 1
//! 4..8    session: a number that differs from one start of a sender to the next
//! 8..16   number of the frame, counted from 0; its low 16 bits are the frame's sequence number
//! 16..20  bytes of the whole frame; 0 ends the session, and the number is that of all its frames
//! 20..24  where in the frame the piece begins
//! 24..28  CRC-32 (IEEE) of all other bytes of the datagram
//! 28..    the piece
//! ```
//!
//! Numbers have their most significant byte first, as frames do. A datagram that does not begin like
//! that is a bare frame. The CRC is here so that no damage to a header can put a frame where it does not
//! belong: UDP's own checksum is weak, and some senders leave it out.

/// How a datagram begins: the last byte is the version.
const MAGIC: [u8; 4] = *b"TWD\x01";
/// Bytes before the piece.
pub const HEADER_BYTES: usize = 28;

/// A datagram that begins as one of ours.
#[derive(Clone, Copy, Debug, PartialEq, Eq)]
pub struct Datagram<'a> {
    /// Which start of the sender.
    pub session: u32,
    /// Which frame.
    pub number: u64,
    /// Bytes of the whole frame; 0: the session ends before this number.
    pub length: u32,
    /// Where in it the piece begins.
    pub offset: u32,
    /// The piece.
    pub piece: &'a [u8],
}

/// A datagram of ours that cannot be used.
#[derive(Clone, Copy, Debug, PartialEq, Eq, thiserror::Error)]
pub enum DatagramError {
    /// Shorter than its header.
    #[error("a datagram that ends within its header")]
    Short,
    /// Its CRC is not right.
    #[error("a damaged datagram")]
    Damaged,
    /// A piece that does not lie within its frame.
    #[error("a piece outside its frame")]
    Outside,
}

impl<'a> Datagram<'a> {
    /// Reads one; `None`: it is a bare frame.
    ///
    /// # Errors
    /// [`DatagramError`].
    pub fn read(bytes: &'a [u8]) -> Result<Option<Datagram<'a>>, DatagramError> {
        if !bytes.starts_with(&MAGIC) {
            return Ok(None);
        }
        let (header, piece) = bytes.split_at_checked(HEADER_BYTES).ok_or(DatagramError::Short)?;
        let word = |at: usize| {
            u32::from_be_bytes([header[at], header[at + 1], header[at + 2], header[at + 3]])
        };
        if crc(header, piece) != word(24) {
            return Err(DatagramError::Damaged);
        }
        let (length, offset) = (word(16), word(20));
        if u64::from(offset) + piece.len() as u64 > u64::from(length)
            || piece.is_empty() && length > 0
        {
            return Err(DatagramError::Outside);
        }
        let number = u64::from(word(8)) << 32 | u64::from(word(12));
        Ok(Some(Datagram { session: word(4), number, length, offset, piece }))
    }

    /// Its bytes.
    pub fn to_bytes(&self) -> Vec<u8> {
        let mut bytes = Vec::with_capacity(HEADER_BYTES + self.piece.len());
        bytes.extend(MAGIC);
        bytes.extend(self.session.to_be_bytes());
        bytes.extend(self.number.to_be_bytes());
        bytes.extend(self.length.to_be_bytes());
        bytes.extend(self.offset.to_be_bytes());
        bytes.extend(crc(&bytes, self.piece).to_be_bytes());
        bytes.extend(self.piece);
        bytes
    }
}

/// Over all but the CRC itself.
fn crc(header: &[u8], piece: &[u8]) -> u32 {
    let mut hasher = crc32fast::Hasher::new();
    hasher.update(&header[..HEADER_BYTES - 4]);
    hasher.update(piece);
    hasher.finalize()
}

/// A frame as datagrams whose pieces have at most `most` bytes.
///
/// # Panics
/// When `most` is 0, or the frame is longer than any frame can be.
pub fn pieces(
    session: u32,
    number: u64,
    frame: &[u8],
    most: usize,
) -> impl Iterator<Item = Vec<u8>> {
    let length = u32::try_from(frame.len()).expect("a frame's bytes");
    frame.chunks(most).enumerate().map(move |(count, piece)| {
        let offset = (count * most) as u32;
        Datagram { session, number, length, offset, piece }.to_bytes()
    })
}

/// Says that a session ends after so many frames.
pub fn end_of_session(session: u32, frames: u64) -> Vec<u8> {
    Datagram { session, number: frames, length: 0, offset: 0, piece: &[] }.to_bytes()
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn a_frame_is_put_together_from_its_pieces() {
        let frame: Vec<u8> = (0..100).collect();
        let sent: Vec<Vec<u8>> = pieces(7, 1 << 40, &frame, 33).collect();
        let read = |bytes: &Vec<u8>| {
            let Datagram { session, number, length, offset, piece } =
                Datagram::read(bytes).unwrap().unwrap();
            assert_eq!((session, number, length), (7, 1 << 40, 100));
            (offset, piece.to_vec())
        };
        let back: Vec<(u32, Vec<u8>)> = sent.iter().map(read).collect();
        assert_eq!(back.iter().map(|(offset, _)| *offset).collect::<Vec<_>>(), [0, 33, 66, 99]);
        assert_eq!(back.into_iter().flat_map(|(_, piece)| piece).collect::<Vec<_>>(), frame);
    }

    #[test]
    fn every_damaged_bit_is_found() {
        let sent = pieces(1, 2, &[9; 20], 20).next().unwrap();
        for bit in 0..8 * sent.len() {
            let mut damaged = sent.clone();
            damaged[bit / 8] ^= 1 << (bit % 8);
            // One whose first four bytes are hit is no longer ours.
            let expected = if bit < 32 { Ok(None) } else { Err(DatagramError::Damaged) };
            assert_eq!(Datagram::read(&damaged), expected, "bit {bit}");
        }
        assert_eq!(Datagram::read(&sent[..27]), Err(DatagramError::Short));
        assert_eq!(Datagram::read(&sent[..40]), Err(DatagramError::Damaged));
    }

    #[test]
    fn the_bytes_of_version_1_stay_as_they_are() {
        let datagram =
            Datagram { session: 1, number: 2, length: 4, offset: 0, piece: &[5, 6, 7, 8] };
        let expected = [
            b"TWD\x01\0\0\0\x01\0\0\0\0\0\0\0\x02\0\0\0\x04\0\0\0\0".as_slice(),
            &[0x45, 0xe3, 0xc7, 0x94],
            &[5, 6, 7, 8],
        ];
        assert_eq!(datagram.to_bytes(), expected.concat());
    }

    #[test]
    fn a_piece_outside_its_frame_is_refused() {
        for (length, offset, piece) in
            [(4, 1, &[0; 4][..]), (3, 0, &[0; 4]), (4, u32::MAX, &[0; 4]), (4, 0, &[])]
        {
            let bytes = Datagram { session: 0, number: 0, length, offset, piece }.to_bytes();
            assert_eq!(Datagram::read(&bytes), Err(DatagramError::Outside));
        }
    }
}
