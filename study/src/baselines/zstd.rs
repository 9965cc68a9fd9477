//! `zstd -19`.

/// Compresses.
pub fn compress(bytes: &[u8]) -> std::io::Result<Vec<u8>> {
    // In one call, so that the tables fit the input, as in zstd's own program.
    ::zstd::bulk::compress(bytes, 19)
}

/// Decompresses.
pub fn decompress(bytes: &[u8]) -> std::io::Result<Vec<u8>> {
    ::zstd::decode_all(bytes)
}
