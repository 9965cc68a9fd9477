//! **List** of the samples that a group's channels have: tokens count its places, from the middle.
//!
//! For converters whose codes are far apart and not evenly so: companded ones, tables of calibration.
//! As bytes: a varint of the packed length, then deflated varints: the first sample, signed, and what each
//! next one is more.

use super::predictor::Width;
use crate::{deflate, varint};

/// Longest list.
pub const LONGEST: usize = 4096;
/// A list is tried when its samples came this often on average: then few that it lacks will come.
const LEAST_TIMES: usize = 8;

/// Rising samples, at least one.
#[derive(Clone, Debug, PartialEq, Eq)]
pub struct List {
    samples: Vec<i32>,
}

impl List {
    /// The list of these samples; `None` where there are many, or no gaps between them.
    pub fn of<T: Width>(samples: &[T]) -> Option<List> {
        let mut seen = std::collections::BTreeSet::new();
        for sample in samples {
            if seen.insert(sample.number() as i32) && seen.len() > LONGEST {
                return None;
            }
        }
        let span = i64::from(*seen.last()?) - i64::from(*seen.first()?) + 1;
        let is_sparse = 2 * span >= 3 * seen.len() as i64;
        let is_sure = samples.len() >= LEAST_TIMES * seen.len();
        (is_sparse && is_sure).then(|| List { samples: seen.into_iter().collect() })
    }

    /// The samples of the challenge's converter.
    pub fn of_the_challenge() -> List {
        let converter = crate::Converter::challenge();
        let tokens = 0..converter.tokens() as u16;
        let sample = |token| converter.sample(crate::converter::Token::new(token)).into();
        List { samples: tokens.map(sample).collect() }
    }

    /// The token of place 0.
    fn first(&self) -> i64 {
        -(self.samples.len() as i64 / 2)
    }

    /// The token of a sample, if it is in the list.
    #[inline]
    pub fn token(&self, sample: i32) -> Option<i64> {
        self.samples.binary_search(&sample).ok().map(|place| place as i64 + self.first())
    }

    /// The sample of a token.
    #[inline]
    pub fn sample(&self, token: i64) -> Option<i32> {
        let place = usize::try_from(token - self.first()).ok()?;
        self.samples.get(place).copied()
    }

    /// How many samples it has.
    pub fn count(&self) -> usize {
        self.samples.len()
    }

    /// As bytes.
    pub fn to_bytes(&self) -> Vec<u8> {
        let mut plain = Vec::new();
        varint::put_signed(&mut plain, self.samples[0].into());
        for two in self.samples.windows(2) {
            varint::put(&mut plain, (i64::from(two[1]) - i64::from(two[0])) as u64);
        }
        let packed = deflate::pack(&plain);
        let mut bytes = Vec::new();
        varint::put(&mut bytes, packed.len() as u64);
        bytes.extend(packed);
        bytes
    }

    /// From the beginning of `bytes`, which then begin behind it; `None`: there is no list of samples
    /// with so many bits.
    pub fn from_bytes(bytes: &mut &[u8], bits: u32) -> Option<List> {
        let length = usize::try_from(varint::take(bytes)?).ok()?;
        let plain = deflate::unpack(varint::take_bytes(bytes, length)?, 5 * LONGEST)?;
        let mut rest = &plain[..];
        let (least, most) = (-1i64 << (bits - 1), (1i64 << (bits - 1)) - 1);
        let mut next = varint::take_signed(&mut rest)?;
        let mut samples = Vec::new();
        loop {
            let sample = Some(next).filter(|next| (least..=most).contains(next))?;
            samples.push(sample as i32);
            if rest.is_empty() {
                break;
            }
            let more = i64::try_from(varint::take(&mut rest)?).ok().filter(|more| *more > 0)?;
            next = sample.checked_add(more)?;
        }
        (samples.len() <= LONGEST).then_some(List { samples })
    }
}

#[cfg(test)]
mod tests {
    use super::*;

    fn bytes_of(numbers: &[u64]) -> Vec<u8> {
        let mut plain = Vec::new();
        numbers.iter().for_each(|&number| varint::put(&mut plain, number));
        let packed = deflate::pack(&plain);
        [&[packed.len() as u8][..], &packed].concat()
    }

    #[test]
    fn every_sample_of_a_list_has_its_token() {
        let samples: Vec<i16> = (0..8000).map(|i| ((i % 100) * (i % 100) - 3000) as i16).collect();
        let list = List::of(&samples).unwrap();
        assert_eq!(list.count(), 100);
        for token in -50..50 {
            assert_eq!(list.token(list.sample(token).unwrap()), Some(token));
        }
        assert_eq!((list.token(-2998), list.sample(50), list.sample(-51)), (None, None, None));
        let stored = list.to_bytes();
        let mut rest = &stored[..];
        assert_eq!(List::from_bytes(&mut rest, 16), Some(list));
        assert!(rest.is_empty());
    }

    #[test]
    fn many_samples_or_close_ones_or_rare_ones_are_no_list() {
        assert_eq!(List::of::<i16>(&[]), None);
        assert_eq!(List::of(&(0..30_000).collect::<Vec<i16>>()), None);
        assert_eq!(List::of(&(0..8000).map(|i| i % 100).collect::<Vec<i16>>()), None);
        assert_eq!(List::of(&(0..700).map(|i| (i % 100) * 3).collect::<Vec<i16>>()), None);
    }

    #[test]
    fn bytes_that_are_no_list_are_refused() {
        let read = |numbers: &[u64]| List::from_bytes(&mut &bytes_of(numbers)[..], 16);
        assert!(read(&[4, 1, 7]).is_some());
        // Two samples that are the same, one out of range, a length that is none.
        assert!(read(&[4, 0]).is_none() && read(&[4, 32_766]).is_none());
        assert!(read(&[4, u64::MAX]).is_none() && read(&[]).is_none());
        assert!(read(&vec![2; LONGEST + 1]).is_none());
        assert_eq!(List::from_bytes(&mut &[9, 1][..], 16), None);
    }
}
