//! The 10-bit codes behind 16-bit samples.
//!
//! The recordings' converter has 10 bits; its codes `c` were stretched to 16: `s = trunc(c * 65535
//! / 1023 - 32768)`, toward zero. A channel with only such samples can be sent as codes.

/// Codes of the converter.
pub const CODES: usize = 1024;

/// The code of a sample, if it has one.
#[inline]
pub fn code(sample: i16) -> Option<u16> {
    let candidate = (sample >> 6) + 512;
    (self::sample(candidate as u16) == sample).then_some(candidate as u16)
}

/// The sample of a code below [`CODES`].
#[inline]
pub fn sample(code: u16) -> i16 {
    ((i32::from(code) * 65535 - 32768 * 1023) / 1023) as i16
}

/// How the samples of a channel are represented as numbers.
#[derive(Clone, Copy, Debug, PartialEq, Eq)]
pub enum Scale {
    /// As codes around zero: -512..=511.
    TenBits,
    /// As they are.
    SixteenBits,
}

impl Scale {
    /// Ten bits when every sample has a code.
    pub fn of(samples: &[i16]) -> Scale {
        let ten = samples.iter().all(|&sample| code(sample).is_some());
        if ten { Scale::TenBits } else { Scale::SixteenBits }
    }

    /// Its byte in a compressed channel.
    pub fn byte(self) -> u8 {
        match self {
            Scale::TenBits => 10,
            Scale::SixteenBits => 16,
        }
    }

    /// The scale so named.
    pub fn from_byte(byte: u8) -> Option<Scale> {
        [Scale::TenBits, Scale::SixteenBits].into_iter().find(|scale| scale.byte() == byte)
    }

    /// The number of a sample.
    #[inline]
    pub fn number(self, sample: i16) -> i16 {
        match self {
            Scale::TenBits => sample >> 6,
            Scale::SixteenBits => sample,
        }
    }

    /// The sample of a number; `None` if there is none.
    #[inline]
    pub fn sample(self, number: i32) -> Option<i16> {
        match self {
            Scale::TenBits => (-512..512).contains(&number).then(|| sample((number + 512) as u16)),
            Scale::SixteenBits => number.try_into().ok(),
        }
    }
}

/// A channel as bytes, two for each number, low byte first, after one that names the scale.
pub fn to_bytes(samples: &[i16]) -> Vec<u8> {
    let scale = Scale::of(samples);
    let numbers = samples.iter().flat_map(|&sample| scale.number(sample).to_le_bytes());
    [scale.byte()].into_iter().chain(numbers).collect()
}

/// Decodes such a channel; `None` if the bytes are not valid.
pub fn from_bytes(bytes: &[u8]) -> Option<Vec<i16>> {
    let (&scale, numbers) = bytes.split_first()?;
    let scale = Scale::from_byte(scale)?;
    let (pairs, []) = numbers.as_chunks() else { return None };
    pairs.iter().map(|&pair| scale.sample(i16::from_le_bytes(pair).into())).collect()
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn codes_and_samples_convert_both_ways() {
        for c in 0..CODES as u16 {
            assert_eq!(code(sample(c)), Some(c));
        }
        assert_eq!((sample(0), sample(1023)), (i16::MIN, i16::MAX));
        let with_a_code = (i16::MIN..=i16::MAX).filter(|&s| code(s).is_some()).count();
        assert_eq!(with_a_code, CODES);
    }

    #[test]
    fn a_channel_is_stored_in_ten_bits_or_in_sixteen() {
        for samples in [vec![], vec![sample(7), sample(1000)], vec![sample(7), 1, -1, i16::MIN]] {
            assert_eq!(from_bytes(&to_bytes(&samples)), Some(samples));
        }
        assert_eq!(to_bytes(&[sample(513)]), [10, 1, 0]);
        for wrong in [&[][..], &[9], &[16, 1], &[10, 0, 2]] {
            assert_eq!(from_bytes(wrong), None);
        }
    }
}
