//! **Header** and trailer: the first word of a frame and its CRC.

/// The format version that is sent, and the only one that is accepted.
pub const VERSION: u32 = 1;
/// The first bits of every header.
pub const SYNC: u32 = 0xa5c;

/// The first word of a frame.
#[derive(Clone, Copy, Debug, PartialEq, Eq)]
pub struct Header {
    /// Whether channels start from their initial state.
    pub keyframe: bool,
    /// The frame's number modulo 65536.
    pub sequence: u16,
}

impl Header {
    /// As it is sent.
    pub fn word(self) -> u32 {
        SYNC << 20 | u32::from(self.keyframe) << 19 | VERSION << 16 | u32::from(self.sequence)
    }

    /// Reads it; `None` for any other word.
    pub fn read(word: u32) -> Option<Header> {
        let keyframe = word >> 19 & 1 == 1;
        (word >> 20 == SYNC && word >> 16 & 7 == VERSION)
            .then_some(Header { keyframe, sequence: word as u16 })
    }
}

/// The CRC-32 of all that `start` is the CRC of, and `words` after it.
pub fn crc(start: u32, words: &[u32]) -> u32 {
    const AT_ONCE: usize = 64;
    let mut hasher = crc32fast::Hasher::new_with_initial(start);
    let mut bytes = [0; 4 * AT_ONCE];
    for words in words.chunks(AT_ONCE) {
        for (place, word) in bytes.chunks_exact_mut(4).zip(words) {
            place.copy_from_slice(&word.to_be_bytes());
        }
        hasher.update(&bytes[..4 * words.len()]);
    }
    hasher.finalize()
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn the_crc_is_that_of_the_bytes() {
        let words: Vec<u32> = (0..200).map(|n: u32| n.wrapping_mul(0x9e37_79b9)).collect();
        let bytes: Vec<u8> = words.iter().flat_map(|word| word.to_be_bytes()).collect();
        assert_eq!(crc(0, &words), crc32fast::hash(&bytes));
        assert_eq!(crc(crc(0, &words[..77]), &words[77..]), crc(0, &words));
        // "1234" and "5678" are bytes in their order; the check value is that of any CRC-32.
        assert_eq!(crc(0, &[0x3132_3334, 0x3536_3738]), crc32fast::hash(b"12345678"));
    }

    #[test]
    fn headers_are_told_from_other_words() {
        for keyframe in [false, true] {
            for sequence in [0, 1, 0x8000, 0xffff] {
                let header = Header { keyframe, sequence };
                assert_eq!(Header::read(header.word()), Some(header));
                for bit in 16..32 {
                    let other = Header::read(header.word() ^ 1 << bit);
                    assert_eq!(other.is_some(), bit == 19, "bit {bit}");
                }
            }
        }
        assert_eq!(Header { keyframe: true, sequence: 0x1234 }.word(), 0xa5c9_1234);
    }
}
