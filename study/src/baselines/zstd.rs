//! `zstd -19`.

/// Compresses.
pub fn compress(bytes: &[u8]) -> std::io::Result<Vec<u8>> {
    // At once, so that the tables fit what there is, as in zstd's own program.
    ::zstd::bulk::compress(bytes, 19)
}

/// Gives them back.
pub fn decompress(bytes: &[u8]) -> std::io::Result<Vec<u8>> {
    ::zstd::decode_all(bytes)
}
