//! `xz -9e`, with a dictionary no larger than the input. The output is the same, without clearing
//! hundreds of megabytes first.

use std::io::{Read, Write};

use liblzma::stream::{Check, Filters, LzmaOptions, Stream};

/// Preset 9, extreme.
const PRESET: u32 = 9 | 1 << 31;
/// The size of its dictionary, and the smallest allowed.
const DICTIONARY: std::ops::RangeInclusive<u32> = 1 << 12..=1 << 26;

/// Compresses.
pub fn compress(bytes: &[u8]) -> std::io::Result<Vec<u8>> {
    let mut options = LzmaOptions::new_preset(PRESET)?;
    let length = u32::try_from(bytes.len()).unwrap_or(u32::MAX);
    options.dict_size(length.clamp(*DICTIONARY.start(), *DICTIONARY.end()));
    let stream = Stream::new_stream_encoder(Filters::new().lzma2(&options), Check::Crc64)?;
    let mut out = liblzma::write::XzEncoder::new_stream(Vec::new(), stream);
    out.write_all(bytes)?;
    out.finish()
}

/// Decompresses.
pub fn decompress(bytes: &[u8]) -> std::io::Result<Vec<u8>> {
    let mut out = Vec::new();
    liblzma::read::XzDecoder::new(bytes).read_to_end(&mut out)?;
    Ok(out)
}
