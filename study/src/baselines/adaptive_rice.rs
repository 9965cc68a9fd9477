//! Difference and adaptive Rice code: the simplest sample-by-sample hardware.
//!
//! Each 10-bit code is replaced by its difference from the one before, which is sent in an adaptive
//! Rice code. A channel with a sample that is not a 10-bit code is sent in the same way with 16
//! bits.

use crate::baselines::bits::{BitReader, BitWriter};
use crate::baselines::lattice::Scale;
use crate::baselines::rice::Rice;

/// Compresses one channel.
pub fn encode(samples: &[i16]) -> Vec<u8> {
    let scale = Scale::of(samples);
    let mut out = BitWriter::default();
    out.put(scale.byte().into(), 8);
    let (mut rice, mut last) = (Rice::default(), 0);
    for &sample in samples {
        let number = i32::from(scale.number(sample));
        rice.put(number - last, &mut out);
        last = number;
    }
    out.finish()
}

/// Decodes `count` samples; `None` if the bytes are not a valid code.
pub fn decode(bytes: &[u8], count: usize) -> Option<Vec<i16>> {
    let (&scale, bytes) = bytes.split_first()?;
    let scale = Scale::from_byte(scale)?;
    let mut bits = BitReader::new(bytes);
    let (mut rice, mut last) = (Rice::default(), 0);
    let mut samples = Vec::new();
    for _ in 0..count {
        last += rice.take(&mut bits)?;
        samples.push(scale.sample(last)?);
    }
    Some(samples)
}
