//! **Converter**: a 16-bit sample is a token of the recorder's converter, or off its lattice.
//!
//! A recorder's converter has few codes; the file holds each of them as a 16-bit sample. The codes
//! are the *tokens*, the samples that stand for them the *lattice*. Every other sample is legal
//! input too: it is off the lattice, and the tier coder sends it raw.
//!
//! | kind | the sample of token `c`, `n` bits | found in |
//! |---|---|---|
//! | stretched | `trunc(c * 65535 / (2^n - 1) - 32768)`, truncated toward zero | the challenge's recordings, 10 bits |
//! | direct | `c - 2^(n-1)` | Neuropixels 1.0 and 2.0, 10 and 14 bits; Intan, 16 bits |
//!
//! Of a stretched converter, `c = (s >> (16 - n)) + 2^(n-1)` is the one candidate for each sample. A direct
//! one's sample is the code itself, counted from the middle, so that a recorder's front end is joined to
//! the hardware without arithmetic.
//!
//! A [`TableSet`](crate::TableSet) owns its converter. Whatever depends on the number of tokens asks
//! it: nothing else in the codec knows how wide a token is.

use alloc::vec::Vec;
use core::fmt;

/// Bits of a sample.
pub const SAMPLE_BITS: u32 = i16::BITS;

/// Bits of a direct converter.
const DIRECT_BITS: core::ops::RangeInclusive<u8> = 8..=SAMPLE_BITS as u8;

/// One code of a converter, from 0.
#[derive(Clone, Copy, PartialEq, Eq, PartialOrd, Ord, Hash)]
pub struct Token(u16);

impl Token {
    /// The token with this number.
    pub const fn new(number: u16) -> Token {
        Token(number)
    }

    /// The number of the token.
    pub const fn number(self) -> u16 {
        self.0
    }
}

impl fmt::Debug for Token {
    fn fmt(&self, f: &mut fmt::Formatter<'_>) -> fmt::Result {
        write!(f, "token {}", self.0)
    }
}

/// How the codes of a converter were made samples.
#[derive(Clone, Copy, Debug, PartialEq, Eq)]
#[cfg_attr(feature = "files", derive(serde::Deserialize), serde(rename_all = "kebab-case"))]
#[non_exhaustive]
pub enum Kind {
    /// Stretched over all 16 bits.
    Stretched,
    /// The codes themselves, counted from the middle.
    Direct,
}

/// A converter before it is checked: what a table set's file says of it.
#[derive(Clone, Copy, Debug, PartialEq, Eq)]
#[cfg_attr(feature = "files", derive(serde::Deserialize), serde(deny_unknown_fields))]
pub struct ConverterParts {
    /// How samples are made of codes.
    pub kind: Kind,
    /// Bits of a code.
    pub bits: u8,
}

impl ConverterParts {
    /// The 10-bit converter of the Neuralink challenge's recordings, which a table set has that
    /// names none.
    pub const CHALLENGE: ConverterParts = ConverterParts { kind: Kind::Stretched, bits: 10 };
}

/// As an inline table of TOML, as a table set's file has it.
impl fmt::Display for ConverterParts {
    fn fmt(&self, f: &mut fmt::Formatter<'_>) -> fmt::Result {
        let kind = match self.kind {
            Kind::Stretched => "stretched",
            Kind::Direct => "direct",
        };
        write!(f, "{{ kind = \"{kind}\", bits = {} }}", self.bits)
    }
}

/// Why there is no such converter.
#[derive(Clone, Copy, Debug, PartialEq, Eq, thiserror::Error)]
#[non_exhaustive]
pub enum ConverterError {
    /// Bits of a code that the codec does not support.
    #[error("a converter of {0} bits is not supported: 10 bits are, and 8 to 16 of a direct one")]
    Bits(u8),
}

/// A converter: tokens, their samples, and how far they lie from one another.
#[derive(Clone, Debug, PartialEq, Eq)]
pub struct Converter {
    parts: ConverterParts,
    /// `[token] -> sample`, rising; of a direct one, nothing
    lattice: Vec<i16>,
    /// Bits of a sample beyond those of a token.
    unused: u32,
    middle: Token,
    last: Token,
}

impl Converter {
    /// The converter that these parts describe.
    ///
    /// # Errors
    /// [`ConverterError`], when there is no such converter.
    pub fn new(parts: ConverterParts) -> Result<Converter, ConverterError> {
        let ConverterParts { kind, bits } = parts;
        let supported = match kind {
            Kind::Stretched => bits == ConverterParts::CHALLENGE.bits,
            Kind::Direct => DIRECT_BITS.contains(&bits),
        };
        if !supported {
            return Err(ConverterError::Bits(bits));
        }
        let last = (1_i64 << bits) - 1;
        let all = i64::from(u16::MAX);
        // One fraction, so that the division truncates the exact value; Rust's goes toward zero.
        let sample = |token| (token * all + i64::from(i16::MIN) * last) / last;
        let lattice = match kind {
            Kind::Stretched => (0..=last).map(|token| sample(token) as i16).collect(),
            Kind::Direct => Vec::new(),
        };
        let [middle, last] = [(last + 1) / 2, last].map(|token| Token(token as u16));
        let unused = SAMPLE_BITS - u32::from(bits);
        Ok(Converter { parts, lattice, unused, middle, last })
    }

    /// The 10-bit converter of the Neuralink challenge's recordings.
    pub fn challenge() -> Converter {
        Converter::new(ConverterParts::CHALLENGE).expect("it is supported")
    }

    /// What describes it.
    pub fn parts(&self) -> ConverterParts {
        self.parts
    }

    /// Bits of a token.
    #[inline]
    pub fn token_bits(&self) -> u32 {
        self.parts.bits.into()
    }

    /// How many tokens there are: 2 to the power of [`token_bits`](Self::token_bits).
    #[inline]
    pub fn tokens(&self) -> usize {
        1 << self.token_bits()
    }

    /// The token with the largest number.
    #[inline]
    pub fn last_token(&self) -> Token {
        self.last
    }

    /// The middle of the alphabet: the last token before a channel's first sample.
    #[inline]
    pub fn middle(&self) -> Token {
        self.middle
    }

    /// The token of `sample`, or `None` when the sample lies off the lattice.
    #[inline]
    pub fn token(&self, sample: i16) -> Option<Token> {
        if self.parts.kind == Kind::Direct {
            let token = i32::from(sample) + i32::from(self.middle.0);
            return u16::try_from(token).ok().filter(|&t| t <= self.last.0).map(Token);
        }
        let upper = sample >> self.unused;
        // Two's complement counts from the middle of the tokens.
        let candidate = Token(upper.wrapping_add(self.middle.0 as i16) as u16);
        (self.sample(candidate) == sample).then_some(candidate)
    }

    /// Whether nearly all of these samples, at least 98 of 100, are tokens.
    pub fn made(&self, samples: &[i16]) -> bool {
        let strange = samples.iter().filter(|&&sample| self.token(sample).is_none()).count();
        strange * 50 <= samples.len()
    }

    /// The sample that `token` stands for.
    ///
    /// # Panics
    /// When the converter has no such token.
    #[inline]
    pub fn sample(&self, token: Token) -> i16 {
        if self.parts.kind == Kind::Direct {
            assert!(token <= self.last, "{token:?} of {}", self.parts);
            return token.0.wrapping_sub(self.middle.0) as i16;
        }
        self.lattice[usize::from(token.0)]
    }

    /// How far `token` lies from `prediction` around the circle of tokens: from minus half of them
    /// to half of them less one.
    ///
    /// Modulo arithmetic gives every pair of token and prediction an offset of the same width, and
    /// every offset a token, so no decoded stream can leave the alphabet.
    #[inline]
    pub fn offset(&self, token: Token, prediction: Token) -> i16 {
        // Sign-extend the low bits: plain form, ((t - p + half) mod tokens) - half.
        ((token.0.wrapping_sub(prediction.0) << self.unused) as i16) >> self.unused
    }

    /// The token `offset` steps from `prediction`, around the circle.
    #[inline]
    pub fn at_offset(&self, prediction: Token, offset: i16) -> Token {
        Token(prediction.0.wrapping_add(offset as u16) & self.last.0)
    }
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn every_one_of_the_65536_samples_is_on_the_lattice_or_off_it() {
        let converter = Converter::challenge();
        let mut on_the_lattice = 0;
        for s in i16::MIN..=i16::MAX {
            // The formula in floating point, as the design states it.
            let c = (s >> 6) as i32 + 512;
            let exact = (f64::from(c) * 65535.0 / 1023.0 - 32768.0).trunc();
            let expected = (exact == f64::from(s)).then(|| Token::new(c as u16));
            assert_eq!(converter.token(s), expected, "sample {s}");
            if let Some(t) = converter.token(s) {
                assert_eq!(converter.sample(t), s);
                on_the_lattice += 1;
            }
        }
        assert_eq!(on_the_lattice, 1024);
    }

    #[test]
    fn the_lattice_rises_and_ends_at_the_ends_of_16_bits() {
        let converter = Converter::challenge();
        assert_eq!(converter.sample(Token(0)), i16::MIN);
        assert_eq!(converter.sample(converter.last_token()), i16::MAX);
        assert!(converter.lattice.windows(2).all(|pair| pair[0] < pair[1]));
    }

    #[test]
    fn an_offset_leads_from_any_prediction_to_any_token_and_back() {
        let converter = Converter::challenge();
        for p in 0..1024 {
            for t in 0..1024 {
                let (p, t) = (Token::new(p), Token::new(t));
                let offset = converter.offset(t, p);
                assert!((-512..512).contains(&offset));
                assert_eq!(converter.at_offset(p, offset), t);
                let plain = (t.0 as i32 - p.0 as i32 + 512).rem_euclid(1024) - 512;
                assert_eq!(i32::from(offset), plain);
            }
        }
    }

    #[test]
    fn a_width_that_is_not_supported_is_refused() {
        for (kind, bits) in [
            (Kind::Stretched, 0),
            (Kind::Stretched, 9),
            (Kind::Stretched, 11),
            (Kind::Direct, 7),
            (Kind::Direct, 17),
        ] {
            let made = Converter::new(ConverterParts { kind, bits });
            assert_eq!(made, Err(ConverterError::Bits(bits)));
        }
    }

    #[test]
    fn a_direct_converters_samples_are_its_codes_and_no_others() {
        for bits in DIRECT_BITS {
            let converter = Converter::new(ConverterParts { kind: Kind::Direct, bits }).unwrap();
            let half = 1 << (bits - 1);
            for sample in i16::MIN..=i16::MAX {
                let code = i32::from(sample) + half;
                let expected = (0..2 * half).contains(&code).then_some(Token(code as u16));
                assert_eq!(converter.token(sample), expected);
                assert!(expected.is_none_or(|token| converter.sample(token) == sample));
            }
            let (first, last) = (Token(0), converter.last_token());
            assert_eq!(converter.offset(first, last), 1);
            assert_eq!(converter.offset(last, first), -1);
            assert_eq!(converter.at_offset(last, 1), first);
            assert_eq!(i32::from(converter.offset(converter.middle(), first)), -half);
        }
    }
}
