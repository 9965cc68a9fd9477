//! **Converter** of a channel with wide tokens: which sample a token stands for.
//!
//! | kind | the sample of token `c` | found in |
//! |---|---|---|
//! | direct | `c` | most recorders |
//! | linear | `round(step * c + phase)` | Neuropixels 1.0 through Open Ephys, step 12.01923 |
//! | linear, truncated | `trunc(step * c + phase)`, toward zero | WAV files stretched over all 16 bits |
//!
//! Channels whose samples are far apart and not evenly so share a [list](super::list) instead.
//!
//! A step has 32 fraction bits, a phase 20. Samples that no token stands for are exceptions.

/// Fraction bits of a step.
pub const STEP_FRACTION: u32 = 32;
/// Fraction bits of a phase.
pub const PHASE_FRACTION: u32 = 20;

/// How the codes of a channel's converter were made samples.
#[derive(Clone, Copy, Debug, PartialEq, Eq)]
pub enum Converter {
    /// Every sample is its own token.
    Direct,
    /// Evenly spaced.
    Linear {
        /// The distance of two samples, times 2^32.
        step: u64,
        /// The sample of token 0, times 2^20.
        phase: i32,
        /// Rounded toward zero, not to the nearest.
        truncated: bool,
    },
}

impl Converter {
    /// The sample of `token`; `None` when it would have over `bits` bits.
    #[inline]
    pub fn sample(self, token: i64, bits: u32) -> Option<i32> {
        let Converter::Linear { step, phase, truncated } = self else { return Some(token as i32) };
        let phase = i128::from(phase) << (STEP_FRACTION - PHASE_FRACTION);
        let exact = i128::from(token) * i128::from(step) + phase;
        let sample = if truncated {
            exact / (1 << STEP_FRACTION)
        } else {
            (exact + (1 << (STEP_FRACTION - 1))) >> STEP_FRACTION
        };
        let sample = i64::try_from(sample).ok()?;
        (-1 << (bits - 1)..1 << (bits - 1)).contains(&sample).then_some(sample as i32)
    }

    /// The token that stands for `sample`, or else the one whose sample is the nearest.
    #[inline]
    pub fn nearest(self, sample: i32) -> i64 {
        let Converter::Linear { step, phase, .. } = self else { return sample.into() };
        let phase = i128::from(phase) << (STEP_FRACTION - PHASE_FRACTION);
        let distance = (i128::from(sample) << STEP_FRACTION) - phase;
        let step = i128::from(step);
        // To the nearest: half a step more, then down. Samples of 24 bits fit a division of 64.
        let (dividend, divisor) = (2 * distance + step, 2 * step);
        match (i64::try_from(dividend), i64::try_from(divisor)) {
            (Ok(dividend), Ok(divisor)) => dividend.div_euclid(divisor),
            _ => dividend.div_euclid(divisor) as i64,
        }
    }

    /// The token of `sample`, if there is one.
    pub fn token(self, sample: i32, bits: u32) -> Option<i64> {
        let near = self.nearest(sample);
        // A truncated sample may be closer to its neighbour's exact value.
        [near, near - 1, near + 1].into_iter().find(|&t| self.sample(t, bits) == Some(sample))
    }

    /// A linear converter of this step, whose token 0 is sample 0.
    pub fn every(step: u32) -> Converter {
        Converter::Linear { step: u64::from(step) << STEP_FRACTION, phase: 0, truncated: false }
    }
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn a_linear_converter_gives_every_token_back() {
        let step = (625u64 << STEP_FRACTION) / 52;
        for (phase, truncated) in
            [(0, false), (3_183_000, false), (-6_200_000, true), (12_000_000, true)]
        {
            let converter = Converter::Linear { step, phase, truncated };
            for token in -512..512 {
                let sample = converter.sample(token, 16).unwrap();
                assert_eq!(converter.token(sample, 16), Some(token));
                let exact =
                    step as f64 / 4_294_967_296.0 * token as f64 + f64::from(phase) / 1_048_576.0;
                let plain = if truncated { exact.trunc() } else { (exact + 0.5).floor() };
                assert!((f64::from(sample) - plain).abs() < 0.5, "{token} {sample} {plain}");
            }
            let between = converter.sample(100, 16).unwrap() + 5;
            assert_eq!(converter.token(between, 16), None);
        }
    }

    #[test]
    fn the_challenge_is_a_truncated_linear_converter() {
        let challenge = crate::Converter::challenge();
        // Token 512 of 1024 stands in the middle: 512 * 65535 / 1023 - 32768.
        let step = (65535u64 << STEP_FRACTION).div_ceil(1023);
        let phase = (512.0f64 * 65535.0 / 1023.0 - 32768.0) * 1_048_576.0;
        let converter = Converter::Linear { step, phase: phase.round() as i32, truncated: true };
        let is_same = |&token: &u16| {
            let sample = challenge.sample(crate::converter::Token::new(token));
            converter.sample(i64::from(token) - 512, 16) == Some(sample.into())
        };
        // Four exact values are whole numbers, and 20 fraction bits may fall just below one.
        assert!((0..1024).filter(is_same).count() >= 1020);
    }

    #[test]
    fn a_sample_out_of_range_has_no_token() {
        let converter = Converter::every(3);
        assert_eq!(converter.nearest(-32768), -10923);
        assert_eq!(converter.sample(-10923, 16), None);
        assert_eq!(Converter::every(7).token(21, 16), Some(3));
        assert_eq!(Converter::Direct.token(-5, 16), Some(-5));
    }
}
