//! What is neither samples nor codes (heads, sidecars, lists of holds), deflated.

use flate2::Compression;
use flate2::read::{ZlibDecoder, ZlibEncoder};
use std::io::Read;

/// Packs bytes.
pub fn pack(bytes: &[u8]) -> Vec<u8> {
    let mut packed = Vec::new();
    let read = ZlibEncoder::new(bytes, Compression::best()).read_to_end(&mut packed);
    read.expect("memory can be read");
    packed
}

/// Unpacks at most `limit` bytes; `None`: they are damaged, or there are more.
pub fn unpack(packed: &[u8], limit: usize) -> Option<Vec<u8>> {
    let mut bytes = Vec::new();
    let mut decoder = ZlibDecoder::new(packed).take(limit as u64 + 1);
    decoder.read_to_end(&mut bytes).ok()?;
    (bytes.len() <= limit).then_some(bytes)
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn bytes_come_back_within_the_limit() {
        let bytes = [7; 1000];
        let packed = pack(&bytes);
        assert!(packed.len() < 50);
        assert_eq!(unpack(&packed, 1000).as_deref(), Some(&bytes[..]));
        assert_eq!(unpack(&packed, 999), None);
        assert_eq!(unpack(&packed[..10], 1000), None);
        assert_eq!(unpack(&[1, 2, 3], 1000), None);
    }
}
