//! `brotli -q 11`.

use ::brotli::enc::BrotliEncoderParams;

/// Compresses.
pub fn compress(mut bytes: &[u8]) -> std::io::Result<Vec<u8>> {
    let mut out = Vec::new();
    let parameters = BrotliEncoderParams { quality: 11, ..Default::default() };
    ::brotli::BrotliCompress(&mut bytes, &mut out, &parameters)?;
    Ok(out)
}

/// Decompresses.
pub fn decompress(mut bytes: &[u8]) -> std::io::Result<Vec<u8>> {
    let mut out = Vec::new();
    ::brotli::BrotliDecompress(&mut bytes, &mut out)?;
    Ok(out)
}
