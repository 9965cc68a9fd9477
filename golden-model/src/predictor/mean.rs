//! The predictor *Mean*: the last token and one leaky mean, with fixed weights.
//!
//! The token expected next lies a quarter of the way from the last token to the mean of about eight
//! tokens. A channel holds that expected token, and the *lag*: how far the mean lies above it. Neither
//! needs a fraction, and no step needs a multiplier:
//!
//! ```text
//! behind    lag - offset, the offset held within the reach      how far the mean is above the token
//! ahead     behind - floor(behind / 8)                          the same, once the mean has moved
//! pull      floor(ahead / 4)
//! expected  token + pull, around the circle of tokens
//! lag       ahead - pull
//! ```
//!
//! The reach is one less than half the window.
//!
//! Why the lag and not the mean: it has 6 bits where the mean needs 13, and an offset is there already
//! when it is updated. Why rounded down: the rank table knows of it, and no rounding is cheaper. Why a
//! reach: beyond it the mean follows a jump, and token and lag share a word of 16 bits. (Measured: lag,
//! reach and rounding cost 0.002 in ratio, a pull of 7/32 would gain 0.0008.)

/// A mean over 8 tokens: it moves by an eighth.
pub const MEAN_SHIFT: u32 = 3;
/// The pull is a quarter of the way.
pub const PULL_SHIFT: u32 = 2;

/// The pull from the token towards the mean, and the new lag, after a token at `offset` from what was
/// expected.
#[inline]
pub fn step(lag: i16, offset: i16, window: u16) -> (i16, i16) {
    let reach = (window / 2).saturating_sub(1) as i16;
    let behind = lag - offset.clamp(-reach, reach);
    let ahead = behind - (behind >> MEAN_SHIFT);
    let pull = ahead >> PULL_SHIFT;
    (pull, ahead - pull)
}

/// Bits of a lag, with its sign.
pub fn lag_bits(window: u16) -> u32 {
    // The largest comes from the largest steps: it grows until they no longer raise it.
    let rise = |lag| step(lag, i16::MIN, window).1;
    let mut lag = 0;
    while rise(lag) > lag {
        lag = rise(lag);
    }
    lag.unsigned_abs().checked_ilog2().map_or(1, |bits| bits + 2)
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn the_lag_stays_within_its_bits() {
        for window in [1, 2, 5, 32, 64, 100, 256, 512] {
            let limit = 1 << (lag_bits(window) - 1);
            // The largest and the smallest lag come from the largest steps; those between lie between.
            for offset in [i16::MIN, i16::MAX] {
                let mut lag = 0;
                for _ in 0..100 {
                    lag = step(lag, offset, window).1;
                    assert!((-limit..limit).contains(&lag), "{lag} at a window of {window}");
                }
            }
        }
    }

    #[test]
    fn a_larger_lag_or_a_smaller_offset_never_lowers_the_new_lag() {
        for lag in -32..31 {
            for offset in -20..20 {
                let new = |lag, offset| step(lag, offset, 32).1;
                assert!(new(lag, offset) <= new(lag + 1, offset));
                assert!(new(lag, offset + 1) <= new(lag, offset));
            }
        }
    }

    #[test]
    fn a_step_is_what_the_formulas_say() {
        // Floating point, no shifts.
        for lag in -32i16..32 {
            for offset in -40i16..40 {
                let behind = f64::from(lag) - f64::from(offset).clamp(-15.0, 15.0);
                let ahead = behind - (behind / 8.0).floor();
                let pull = (ahead / 4.0).floor();
                let expected = (pull as i16, (ahead - pull) as i16);
                assert_eq!(step(lag, offset, 32), expected);
            }
        }
    }
}
