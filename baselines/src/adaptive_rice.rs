//! Difference and adaptive Rice code: the simplest sample-by-sample hardware.
//!
//! Each 10-bit code is replaced by its difference from the one before, folded to an unsigned number
//! (0, -1, 1, -2 ... become 0, 1, 2, 3 ...), and sent as a quotient in unary and `k` bits of
//! remainder; `k` follows a running mean of the numbers. A recording with a sample that is no
//! 10-bit code is sent the same way in its 16 bits.

/// Longest unary quotient; beyond it the number follows in 17 bits.
const LONGEST_UNARY: u32 = 24;
/// The running mean is kept times `2^MEAN_SHIFT`, over as many samples.
const MEAN_SHIFT: u32 = 5;

/// How samples become the numbers whose differences are sent.
#[derive(Clone, Copy, PartialEq, Eq)]
enum Scale {
    /// `s = trunc(c * 65535 / 1023 - 32768)`, `c` in 0..=1023.
    TenBits,
    /// The sample itself.
    SixteenBits,
}

impl Scale {
    fn code(self, sample: i16) -> i32 {
        match self {
            Scale::TenBits => i32::from(sample >> 6) + 512,
            Scale::SixteenBits => sample.into(),
        }
    }

    fn sample(self, code: i32) -> i16 {
        match self {
            Scale::TenBits => ((code * 65535 - 32768 * 1023) / 1023) as i16,
            Scale::SixteenBits => code as i16,
        }
    }
}

/// What both sides remember.
struct State {
    last: i32,
    mean: u32,
}

impl State {
    fn new() -> State {
        State { last: 0, mean: 8 << MEAN_SHIFT }
    }

    /// Bits of remainder: about the logarithm of the mean.
    fn k(&self) -> u32 {
        let mean = self.mean >> MEAN_SHIFT;
        // A Rice code does best with half of the numbers below 2^k: at 0.69 of the mean.
        (mean - (mean >> 2)).checked_ilog2().unwrap_or(0)
    }

    fn update(&mut self, number: u32) {
        self.mean = self.mean + number - (self.mean >> MEAN_SHIFT);
    }
}

/// Compresses one channel.
pub fn encode(samples: &[i16]) -> Vec<u8> {
    let ten = Scale::TenBits;
    let on_ten = samples.iter().all(|&s| ten.sample(ten.code(s)) == s);
    let scale = if on_ten { ten } else { Scale::SixteenBits };
    let mut out = vec![u8::from(scale == Scale::SixteenBits)];
    let (mut bits, mut held) = (0u64, 0u32);
    let mut put = |value: u32, len: u32| {
        bits = bits << len | u64::from(value);
        held += len;
        while held >= 8 {
            held -= 8;
            out.push((bits >> held) as u8);
        }
    };
    let mut state = State::new();
    for &sample in samples {
        let code = scale.code(sample);
        let difference = code - state.last;
        let number = (difference << 1 ^ difference >> 31) as u32;
        let k = state.k();
        let quotient = number >> k;
        if quotient < LONGEST_UNARY {
            // `quotient` ones, a zero, then the remainder.
            put((1 << (quotient + 1)) - 2, quotient + 1);
            put(number & ((1 << k) - 1), k);
        } else {
            put((1 << LONGEST_UNARY) - 1, LONGEST_UNARY);
            put(number, 17);
        }
        state.update(number);
        state.last = code;
    }
    put(0, 7);
    out
}

/// Gives `count` samples back; `None` when the bytes do not hold them.
pub fn decode(bytes: &[u8], count: usize) -> Option<Vec<i16>> {
    let (&kind, mut bytes) = bytes.split_first()?;
    let scale = if kind == 0 { Scale::TenBits } else { Scale::SixteenBits };
    let (mut bits, mut held) = (0u64, 0u32);
    let mut state = State::new();
    let mut samples = Vec::new();
    for _ in 0..count {
        while held <= 56
            && let Some((&byte, rest)) = bytes.split_first()
        {
            bits |= u64::from(byte) << (56 - held);
            held += 8;
            bytes = rest;
        }
        let quotient = bits.leading_ones().min(LONGEST_UNARY);
        let k = state.k();
        let (skip, len) =
            if quotient < LONGEST_UNARY { (quotient + 1, k) } else { (LONGEST_UNARY, 17) };
        let tail = (bits << skip).checked_shr(64 - len).unwrap_or(0) as u32;
        let number = if quotient < LONGEST_UNARY { quotient << k | tail } else { tail };
        held = held.checked_sub(skip + len)?;
        bits <<= skip + len;
        state.update(number);
        let difference = (number >> 1) as i32 ^ -((number & 1) as i32);
        state.last += difference;
        samples.push(scale.sample(state.last));
    }
    Some(samples)
}

#[cfg(test)]
mod tests {
    use super::*;
    use proptest::prelude::*;

    proptest! {
        #[test]
        fn any_samples_come_back(samples in prop::collection::vec(any::<i16>(), 0..500)) {
            prop_assert_eq!(decode(&encode(&samples), samples.len()), Some(samples));
        }

        #[test]
        fn any_codes_of_ten_bits_come_back(codes in prop::collection::vec(0i32..1024, 0..500)) {
            let samples: Vec<i16> = codes.iter().map(|&c| Scale::TenBits.sample(c)).collect();
            prop_assert_eq!(decode(&encode(&samples), samples.len()), Some(samples));
        }
    }

    #[test]
    fn bytes_that_end_early_are_refused() {
        let bytes = encode(&[500; 100]);
        assert_eq!(decode(&bytes[..bytes.len() / 2], 100), None);
        assert_eq!(decode(&[], 0), None);
    }
}
