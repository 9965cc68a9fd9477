//! The method of Blosc with bit shuffling: of each block of samples first all lowest bits, then all next
//! ones, and so on; then zstd.
//!
//! Samples stay interleaved, as arrays of a recording are stored. The file's header is put before them.

use crate::baselines::wav::Form;
use std::io;

/// Bytes of a block; Blosc takes what fits into a cache.
const BLOCK: usize = 1 << 18;
/// What Blosc's default, 5, is to zstd.
const LEVEL: i32 = 9;

/// Compresses a WAV file.
pub fn compress(file: &[u8]) -> io::Result<Vec<u8>> {
    let form = Form::of(file).map_err(io::Error::other)?;
    let (head, samples) = file.split_at(form.head);
    let mut all = head.to_vec();
    for block in samples.chunks(BLOCK / usize::from(form.width) * usize::from(form.width)) {
        shuffle(block, form.width.into(), &mut all, |place| place);
    }
    zstd::bulk::compress(&all, LEVEL)
}

/// Decompresses it.
pub fn decompress(bytes: &[u8]) -> io::Result<Vec<u8>> {
    let all = zstd::decode_all(bytes)?;
    let form = Form::of(&all).map_err(io::Error::other)?;
    let (head, samples) = all.split_at(form.head);
    let mut file = head.to_vec();
    for block in samples.chunks(BLOCK / usize::from(form.width) * usize::from(form.width)) {
        shuffle(block, form.width.into(), &mut file, |(from, to)| (to, from));
    }
    Ok(file)
}

/// A bit: its byte, and its place in the byte.
type Place = (usize, usize);

/// Appends a block with its bits moved. `way` of the place of a bit in samples and its place in planes
/// says from where to where. What is left of a multiple of eight samples stays as it is.
fn shuffle(
    block: &[u8],
    width: usize,
    out: &mut Vec<u8>,
    way: impl Fn((Place, Place)) -> (Place, Place),
) {
    let samples = block.len() / width / 8 * 8;
    let start = out.len();
    out.resize(start + samples * width, 0);
    let moved = &mut out[start..];
    for plane in 0..8 * width {
        for sample in 0..samples {
            let in_samples = (sample * width + plane / 8, plane % 8);
            let in_planes = (plane * samples / 8 + sample / 8, sample % 8);
            let (from, to) = way((in_samples, in_planes));
            moved[to.0] |= (block[from.0] >> from.1 & 1) << to.1;
        }
    }
    out.extend(&block[samples * width..]);
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn bits_of_one_weight_stand_together_and_come_back() {
        let block: Vec<u8> = (0..17u8).flat_map(|n| [1, n, 0x80]).collect();
        let (mut planes, mut back) = (Vec::new(), Vec::new());
        shuffle(&block, 3, &mut planes, |place| place);
        // The lowest bit of each of 16 samples is set, the next one of none.
        assert_eq!(planes[..4], [0xff, 0xff, 0, 0]);
        assert_eq!(planes[46..], [0xff, 0xff, 1, 16, 0x80]);
        shuffle(&planes, 3, &mut back, |(from, to)| (to, from));
        assert_eq!(back, block);
    }
}
