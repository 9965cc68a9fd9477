//! `bzip2 -9`.

use std::io::{Read, Write};

/// Compresses.
pub fn compress(bytes: &[u8]) -> std::io::Result<Vec<u8>> {
    let mut out = ::bzip2::write::BzEncoder::new(Vec::new(), ::bzip2::Compression::best());
    out.write_all(bytes)?;
    out.finish()
}

/// Decompresses.
pub fn decompress(bytes: &[u8]) -> std::io::Result<Vec<u8>> {
    let mut out = Vec::new();
    ::bzip2::read::BzDecoder::new(bytes).read_to_end(&mut out)?;
    Ok(out)
}
