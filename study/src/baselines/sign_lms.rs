//! Sign LMS and adaptive Rice code: an adaptive predictor before the same code.
//!
//! The prediction is the last number plus a weighted sum of the last [`TAPS`] differences. After
//! each, every weight moves by its difference times a small step, in the direction that would have
//! been right: one multiplier per tap for the sum, a shift and an addition for learning.

use crate::baselines::bits::{BitReader, BitWriter};
use crate::baselines::lattice::Scale;
use crate::baselines::rice::Rice;

/// Differences that predict.
pub const TAPS: usize = 16;
/// Fraction bits of a weight.
const FRACTION: u32 = 16;

/// The state of both sides.
struct Predictor {
    last: i32,
    /// The latest first.
    differences: [i32; TAPS],
    weights: [i32; TAPS],
    /// Numbers saturate at `-limit` and `limit`.
    limit: i32,
    /// A weight moves by a difference times `2^step`.
    step: u32,
}

impl Predictor {
    fn new(scale: Scale) -> Predictor {
        let (limit, step) = match scale {
            Scale::TenBits => (512, 2),
            Scale::SixteenBits => (32768, 0),
        };
        Predictor { last: 0, differences: [0; TAPS], weights: [0; TAPS], limit, step }
    }

    #[inline]
    fn predict(&self) -> i32 {
        let terms = self.differences.iter().zip(&self.weights);
        let sum: i64 = terms.map(|(&x, &w)| i64::from(x) * i64::from(w)).sum();
        let moved = (sum + (1 << (FRACTION - 1))) >> FRACTION;
        (i64::from(self.last) + moved).clamp((-self.limit).into(), (self.limit - 1).into()) as i32
    }

    #[inline]
    fn learn(&mut self, predicted: i32, number: i32) {
        let toward = (number - predicted).signum() << self.step;
        for (weight, x) in self.weights.iter_mut().zip(&self.differences) {
            // Far above any weight that predicts; keeps 32 bits from overflowing.
            *weight = (*weight + toward * x).clamp(-(1 << 24), 1 << 24);
        }
        self.differences.copy_within(..TAPS - 1, 1);
        self.differences[0] = number - self.last;
        self.last = number;
    }
}

/// Compresses one channel.
pub fn encode(samples: &[i16]) -> Vec<u8> {
    let scale = Scale::of(samples);
    let mut out = BitWriter::default();
    out.put(scale.byte().into(), 8);
    let (mut rice, mut predictor) = (Rice::default(), Predictor::new(scale));
    for &sample in samples {
        let number = i32::from(scale.number(sample));
        let predicted = predictor.predict();
        rice.put(number - predicted, &mut out);
        predictor.learn(predicted, number);
    }
    out.finish()
}

/// Decodes `count` samples; `None` if the bytes are not a valid code.
pub fn decode(bytes: &[u8], count: usize) -> Option<Vec<i16>> {
    let (&scale, bytes) = bytes.split_first()?;
    let scale = Scale::from_byte(scale)?;
    let mut bits = BitReader::new(bytes);
    let (mut rice, mut predictor) = (Rice::default(), Predictor::new(scale));
    let mut samples = Vec::new();
    for _ in 0..count {
        let predicted = predictor.predict();
        let number = predicted + rice.take(&mut bits)?;
        samples.push(scale.sample(number)?);
        predictor.learn(predicted, number);
    }
    Some(samples)
}
