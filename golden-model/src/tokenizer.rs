//! **Tokenizer**: maps a 16-bit sample to a token of the converter's lattice, or finds it off the
//! lattice.
//!
//! The recordings come from a 10-bit converter whose codes were stretched to 16 bits:
//! `s = trunc(c * 65535 / 1023 - 32768)` for `c` in 0..=1023, truncated toward zero. So only 1024
//! of the 65,536 sample values lie on the lattice, and `c = (s >> 6) + 512` finds the one
//! candidate for each. Every other value is legal input too: it is off the lattice, and the
//! tier coder sends it raw.

use core::fmt;

/// Tokens of the lattice: 10 bits.
pub const TOKENS: usize = 1024;
/// Width of a token in bits.
pub const TOKEN_BITS: u32 = 10;

/// One code of the 10-bit converter, 0..=1023.
#[derive(Clone, Copy, PartialEq, Eq, PartialOrd, Ord, Hash)]
pub struct Token(u16);

impl Token {
    /// The middle of the alphabet: the last token before a channel's first sample.
    pub const MIDDLE: Token = Token(512);

    /// The token with this number; only its low 10 bits count.
    pub const fn new(number: u16) -> Token {
        Token(number & (TOKENS as u16 - 1))
    }

    /// The number of the token, 0..=1023.
    pub const fn number(self) -> u16 {
        self.0
    }

    /// How far this token lies from `prediction`, around the circle of 1024 tokens: -512..=511.
    ///
    /// Modulo arithmetic gives every pair of token and prediction an offset of the same width, and
    /// every offset a token, so no decoded stream can leave the alphabet.
    pub const fn offset_from(self, prediction: Token) -> i16 {
        // Sign-extend the low 10 bits: plain form, ((t - p + 512) mod 1024) - 512.
        ((self.0.wrapping_sub(prediction.0) << 6) as i16) >> 6
    }

    /// The token `offset` steps from this one, around the circle.
    pub const fn at_offset(self, offset: i16) -> Token {
        Token::new(self.0.wrapping_add(offset as u16))
    }
}

impl fmt::Debug for Token {
    fn fmt(&self, f: &mut fmt::Formatter<'_>) -> fmt::Result {
        write!(f, "token {}", self.0)
    }
}

/// The sample of every token, in the order of the tokens.
const LATTICE: [i16; TOKENS] = {
    let mut lattice = [0; TOKENS];
    let mut token = 0;
    while token < TOKENS {
        // One fraction, so that the division truncates the exact value; Rust's goes toward zero.
        lattice[token] = ((token as i32 * 65535 - 32768 * 1023) / 1023) as i16;
        token += 1;
    }
    lattice
};

/// The token of `sample`, or `None` when the sample lies off the lattice.
#[inline]
pub fn token(sample: i16) -> Option<Token> {
    let candidate = Token::new(((sample >> 6) + 512) as u16);
    (self::sample(candidate) == sample).then_some(candidate)
}

/// The sample that `token` stands for.
#[inline]
pub fn sample(token: Token) -> i16 {
    LATTICE[token.0 as usize & (TOKENS - 1)]
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn every_one_of_the_65536_samples_is_on_the_lattice_or_off_it() {
        let mut on_the_lattice = 0;
        for s in i16::MIN..=i16::MAX {
            // The formula in floating point, as the design states it.
            let c = (s >> 6) as i32 + 512;
            let exact = (f64::from(c) * 65535.0 / 1023.0 - 32768.0).trunc();
            let expected = (exact == f64::from(s)).then(|| Token::new(c as u16));
            assert_eq!(token(s), expected, "sample {s}");
            if let Some(t) = token(s) {
                assert_eq!(sample(t), s);
                on_the_lattice += 1;
            }
        }
        assert_eq!(on_the_lattice, TOKENS);
    }

    #[test]
    fn the_lattice_rises_and_ends_at_the_ends_of_16_bits() {
        assert_eq!(sample(Token(0)), i16::MIN);
        assert_eq!(sample(Token(1023)), i16::MAX);
        assert!(LATTICE.windows(2).all(|pair| pair[0] < pair[1]));
    }

    #[test]
    fn an_offset_leads_from_any_prediction_to_any_token_and_back() {
        for p in 0..1024 {
            for t in 0..1024 {
                let (p, t) = (Token::new(p), Token::new(t));
                let offset = t.offset_from(p);
                assert!((-512..512).contains(&offset));
                assert_eq!(p.at_offset(offset), t);
                let plain = (t.0 as i32 - p.0 as i32 + 512).rem_euclid(1024) - 512;
                assert_eq!(i32::from(offset), plain);
            }
        }
    }
}
