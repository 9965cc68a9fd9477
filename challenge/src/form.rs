//! The form of a compressed file: the fewest bytes around the codec's bits.
//!
//! The last byte says which of three forms a file has:
//!
//! ```text
//! a recording    the codec's words without zero bytes at the end, samples    last byte not 0
//! other samples  44 bytes as they were, the same, [odd byte], kind           ... 1 or 2, then 0
//! anything else  the bytes as they were                                      ... 0, then 0
//! nothing        nothing
//! ```
//!
//! A *recording* begins with the 44 bytes that all recordings of the challenge begin with, which
//! follow from the file's length. How many samples it has, plus one, is read from the last byte back: 7 bits a
//! byte, the lowest first, and bit 7 in all but the first of them. There is no checksum: the challenge compares every file itself, and four bytes
//! a file would count. `tierwire compress` writes files that are checked when they are read.

use alloc::vec::Vec;

use golden_model::TableSet;
use golden_model::channel_state::ChannelStates;
use golden_model::decoder::SampleDecoder;
use golden_model::encoder::SampleEncoder;
use golden_model::words::{WordReader, WordWriter};

/// Bytes of the head of a WAV file without frills.
const HEAD: usize = 44;
const VERBATIM: u8 = 0;
const EVEN: u8 = 1;
const ODD: u8 = 2;

/// The compressed form of any file.
pub fn encode(file: &[u8], set: &TableSet) -> Vec<u8> {
    if file.is_empty() {
        return Vec::new();
    }
    let verbatim = || [file, &[VERBATIM, 0]].concat();
    let Some((head, samples)) = file.split_at_checked(HEAD) else { return verbatim() };
    let (pairs, odd) = samples.as_chunks();
    let bits = bits(pairs, set);
    if odd.is_empty() && head == standard_head(samples.len()) && bits.len() <= file.len() {
        return bits;
    }
    let kind = if odd.is_empty() { EVEN } else { ODD };
    let other = [head, &bits, odd, &[kind, 0]].concat();
    if other.len() < file.len() { other } else { verbatim() }
}

/// The file that was compressed; `None` for bytes that [`encode`] does not make.
pub fn decode(bytes: &[u8], set: &TableSet) -> Option<Vec<u8>> {
    let Some((&last, rest)) = bytes.split_last() else { return Some(Vec::new()) };
    if last != 0 {
        let samples = samples(bytes, set)?;
        return Some([&standard_head(samples.len())[..], &samples].concat());
    }
    let (&kind, rest) = rest.split_last()?;
    let odd = match kind {
        VERBATIM => return Some(rest.to_vec()),
        EVEN => 0,
        ODD => 1,
        _ => return None,
    };
    let (rest, odd) = rest.split_at_checked(rest.len().checked_sub(odd)?)?;
    let (head, bits) = rest.split_at_checked(HEAD)?;
    Some([head, &samples(bits, set)?, odd].concat())
}

/// The head of the challenge's recordings: mono, 16 bits, 19531 samples per second.
fn standard_head(data: usize) -> [u8; HEAD] {
    let mut head = *b"RIFF\0\0\0\0WAVEfmt \x10\0\0\0\x01\0\x01\0\x4b\x4c\0\0\x96\x98\0\0\x02\0\x10\0data\0\0\0\0";
    // A length that 32 bits do not hold makes a head that no such file has.
    head[4..8].copy_from_slice(&(data as u32).wrapping_add(36).to_le_bytes());
    head[40..].copy_from_slice(&(data as u32).to_le_bytes());
    head
}

/// The codec's bytes, then how many samples there are.
fn bits(samples: &[[u8; 2]], set: &TableSet) -> Vec<u8> {
    let mut bytes = Vec::with_capacity(samples.len());
    let encoder = SampleEncoder::new(set);
    let mut state = ChannelStates::initial(set, 1);
    let mut writer = WordWriter::new(set);
    for &sample in samples {
        if let Some(word) = encoder.write(&mut state, &mut writer, i16::from_le_bytes(sample)) {
            bytes.extend_from_slice(&word.to_be_bytes());
        }
    }
    for word in writer.flush() {
        bytes.extend_from_slice(&word.to_be_bytes());
    }
    let zeros = bytes.iter().rev().take(3).take_while(|&&byte| byte == 0).count();
    bytes.truncate(bytes.len() - zeros);
    let at = bytes.len();
    let mut count = samples.len() as u64 + 1;
    while count > 0x7f {
        bytes.push(count as u8 | 0x80);
        count >>= 7;
    }
    bytes.push(count as u8);
    bytes[at..].reverse();
    bytes
}

/// The samples of such bytes, as bytes.
fn samples(mut bits: &[u8], set: &TableSet) -> Option<Vec<u8>> {
    let (mut count, mut shift) = (0u64, 0);
    loop {
        let (&byte, rest) = bits.split_last()?;
        bits = rest;
        count |= u64::from(byte & 0x7f) << shift;
        shift += 7;
        if byte < 0x80 {
            break;
        }
        (shift < 63).then_some(())?;
    }
    let decoder = SampleDecoder::new(set);
    let mut state = ChannelStates::initial(set, 1);
    let mut reader = WordReader::new(set);
    let mut words = bits.chunks(4);
    let mut bytes = Vec::with_capacity(4 * bits.len());
    for _ in 0..count.checked_sub(1)? {
        while reader.wants_a_word()
            && let Some(chunk) = words.next()
        {
            // The zero bytes that were dropped.
            let mut word = [0; 4];
            word[..chunk.len()].copy_from_slice(chunk);
            reader.push(u32::from_be_bytes(word));
        }
        let sample = decoder.read(&mut state, &mut reader).ok()??;
        bytes.extend_from_slice(&sample.to_le_bytes());
    }
    (words.len() == 0 && reader.is_over()).then_some(bytes)
}

#[cfg(test)]
mod tests {
    use super::*;
    use crate::tables::tables;

    #[test]
    fn streams_that_no_encoder_makes_are_refused() {
        let set = tables().unwrap();
        let head = standard_head(2);
        let end = |bytes: &[u8]| decode(&[&head[..], bytes].concat(), &set);
        assert_eq!(end(&[1, EVEN, 0]).unwrap(), head);
        // No count, a word too many, none of a sample, a count without an end.
        assert_eq!(end(&[0, EVEN, 0]), None);
        assert_eq!(end(&[7, 0, 0, 0, 1, EVEN, 0]), None);
        assert_eq!(end(&[2, EVEN, 0]), None);
        assert_eq!(end(&[[0xff; 12].as_slice(), &[EVEN, 0]].concat()), None);
        assert_eq!(end(&[EVEN, 0]), None);
        assert_eq!(end(&[3, 0]), None);
        assert_eq!(decode(&[0], &set), None);
        assert_eq!(decode(&[ODD, 0], &set), None);
    }
}
