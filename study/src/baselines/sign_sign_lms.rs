//! Sign-sign LMS and an adaptive range coder: the method of hx, the smallest published entry to the
//! Neuralink compression challenge, written anew.
//!
//! The next number is expected at the last one plus a weighted sum of the last `TAPS` differences;
//! each weight then moves by one step, up or down. The residual is folded to an unsigned number and
//! coded by one of four models, chosen by a running mean of the numbers before.

use crate::baselines::lattice::Scale;
use crate::baselines::range_coder::{Model, RangeDecoder, RangeEncoder};

/// Differences that predict.
const TAPS: usize = 8;
/// Fraction bits of a weight.
const FRACTION: u32 = 12;
/// The step of a weight.
const STEP: i32 = 1;
/// Every weight at first: recordings tend to undo what the last differences did.
const FIRST_WEIGHT: i32 = -300;
/// The symbol before a number that no symbol stands for.
const ESCAPE: u32 = 255;
/// The running mean is kept times `2^MEAN_SHIFT`, over as many samples.
const MEAN_SHIFT: u32 = 2;

/// The state of both sides.
struct Channel {
    last: i32,
    /// The latest first.
    differences: [i32; TAPS],
    weights: [i32; TAPS],
    mean: u32,
    models: [Model; 4],
}

impl Channel {
    fn new() -> Channel {
        Channel {
            last: 0,
            differences: [0; TAPS],
            weights: [FIRST_WEIGHT; TAPS],
            mean: 0,
            models: Default::default(),
        }
    }

    fn predict(&self) -> i32 {
        let terms = self.differences.iter().zip(&self.weights);
        let sum: i64 = terms.map(|(&x, &w)| i64::from(x) * i64::from(w)).sum();
        let predicted = i64::from(self.last) + ((sum + (1 << (FRACTION - 1))) >> FRACTION);
        predicted.clamp(i16::MIN.into(), i16::MAX.into()) as i32
    }

    /// The model of the next residual.
    fn model(&mut self) -> &mut Model {
        const LIMITS: [u32; 3] = [20, 32, 52];
        let mean = self.mean >> MEAN_SHIFT;
        &mut self.models[LIMITS.iter().filter(|&&limit| mean >= limit).count()]
    }

    fn learn(&mut self, folded: u32, residual: i32, number: i32) {
        self.mean = self.mean + folded - (self.mean >> MEAN_SHIFT);
        for (weight, x) in self.weights.iter_mut().zip(&self.differences) {
            *weight += residual.signum() * x.signum() * STEP;
        }
        self.differences.copy_within(..TAPS - 1, 1);
        self.differences[0] = number - self.last;
        self.last = number;
    }
}

/// Compresses one channel.
pub fn encode(samples: &[i16]) -> Vec<u8> {
    let scale = Scale::of(samples);
    let (mut encoder, mut channel) = (RangeEncoder::default(), Channel::new());
    for &sample in samples {
        let number = i32::from(scale.number(sample));
        let residual = number - channel.predict();
        let folded = (residual << 1 ^ residual >> 31) as u32;
        encoder.put(folded.min(ESCAPE) as u8, channel.model());
        if folded >= ESCAPE {
            encoder.put_bits(folded >> 9);
            encoder.put_bits(folded);
        }
        channel.learn(folded, residual, number);
    }
    let mut bytes = vec![scale.byte()];
    bytes.extend(encoder.finish());
    bytes
}

/// Restores `count` samples; `None` when the bytes do not hold them.
pub fn decode(bytes: &[u8], count: usize) -> Option<Vec<i16>> {
    let (&scale, bytes) = bytes.split_first()?;
    let scale = Scale::from_byte(scale)?;
    let (mut decoder, mut channel) = (RangeDecoder::new(bytes)?, Channel::new());
    let mut samples = Vec::new();
    for _ in 0..count {
        let folded = match u32::from(decoder.take(channel.model())?) {
            ESCAPE => decoder.take_bits()? << 9 | decoder.take_bits()?,
            folded => folded,
        };
        let residual = (folded >> 1) as i32 ^ -((folded & 1) as i32);
        let number = channel.predict() + residual;
        samples.push(scale.sample(number)?);
        channel.learn(folded, residual, number);
    }
    Some(samples)
}
