//! Damage on purpose: what a radio link does to what is sent, so that everything behind it can be tried.

use std::str::FromStr;

use rand::rngs::StdRng;
use rand::{RngExt as _, SeedableRng as _};

/// How far a late one can be behind.
const FARTHEST: u32 = 8;

/// How often each kind of damage happens, from 0 to 1.
#[derive(Clone, Copy, Debug, Default, PartialEq)]
pub struct DamageRates {
    /// Nothing arrives.
    pub drop: f64,
    /// A bit is flipped.
    pub flip: f64,
    /// The end is cut off.
    pub truncate: f64,
    /// It arrives after some of those behind it.
    pub reorder: f64,
    /// It arrives twice.
    pub duplicate: f64,
}

/// What rates of damage have to look like.
#[derive(Clone, Debug, PartialEq, Eq, thiserror::Error)]
#[error(
    "give drop, flip, truncate, reorder or duplicate, each with percent, such as drop=1,flip=0.1"
)]
pub struct DamageError;

impl FromStr for DamageRates {
    type Err = DamageError;

    fn from_str(text: &str) -> Result<DamageRates, DamageError> {
        let mut rates = DamageRates::default();
        for part in text.split(',') {
            let (kind, percent) = part.split_once('=').ok_or(DamageError)?;
            let percent: f64 = percent.trim_end_matches('%').parse().map_err(|_| DamageError)?;
            if !(0.0..=100.0).contains(&percent) {
                return Err(DamageError);
            }
            *match kind.trim() {
                "drop" => &mut rates.drop,
                "flip" => &mut rates.flip,
                "truncate" => &mut rates.truncate,
                "reorder" => &mut rates.reorder,
                "duplicate" => &mut rates.duplicate,
                _ => return Err(DamageError),
            } = percent / 100.0;
        }
        Ok(rates)
    }
}

/// Damages what passes: datagrams, or frames where there are none.
#[derive(Debug)]
pub struct Damage {
    rates: DamageRates,
    rng: StdRng,
    /// Those that come later, and how many go before them.
    held: Vec<(u32, Vec<u8>)>,
}

impl Damage {
    /// With the same seed the same damage.
    pub fn new(rates: DamageRates, seed: u64) -> Damage {
        Damage { rates, rng: StdRng::seed_from_u64(seed), held: Vec::new() }
    }

    /// Takes one, and passes on what arrives of it and of those before it.
    ///
    /// # Errors
    /// Those of `arrive`.
    pub fn pass<E>(
        &mut self,
        mut sent: Vec<u8>,
        arrive: &mut impl FnMut(&[u8]) -> Result<(), E>,
    ) -> Result<(), E> {
        let DamageRates { drop, flip, truncate, reorder, duplicate } = self.rates;
        if !self.rng.random_bool(drop) {
            if self.rng.random_bool(flip) && !sent.is_empty() {
                let bit = self.rng.random_range(0..8 * sent.len());
                sent[bit / 8] ^= 0x80 >> (bit % 8);
            }
            if self.rng.random_bool(truncate) {
                sent.truncate(self.rng.random_range(0..sent.len().max(1)));
            }
            if self.rng.random_bool(duplicate) {
                self.held.push((self.rng.random_range(1..=FARTHEST), sent.clone()));
            }
            match self.rng.random_bool(reorder) {
                true => self.held.push((self.rng.random_range(1..=FARTHEST), sent)),
                false => arrive(&sent)?,
            }
        }
        let mut index = 0;
        while index < self.held.len() {
            if self.held[index].0 == 0 {
                arrive(&self.held.remove(index).1)?;
            } else {
                self.held[index].0 -= 1;
                index += 1;
            }
        }
        Ok(())
    }

    /// Passes on what was held back.
    ///
    /// # Errors
    /// Those of `arrive`.
    pub fn finish<E>(&mut self, arrive: &mut impl FnMut(&[u8]) -> Result<(), E>) -> Result<(), E> {
        self.held.drain(..).try_for_each(|(_, sent)| arrive(&sent))
    }
}

#[cfg(test)]
mod tests {
    use super::*;

    fn arrived(rates: &str, seed: u64) -> Vec<Vec<u8>> {
        let mut damage = Damage::new(rates.parse().unwrap(), seed);
        let mut arrived = Vec::new();
        let mut arrive = |sent: &[u8]| {
            arrived.push(sent.to_vec());
            Ok::<(), ()>(())
        };
        for number in 0..1000_u32 {
            damage.pass(number.to_be_bytes().to_vec(), &mut arrive).unwrap();
        }
        damage.finish(&mut arrive).unwrap();
        arrived
    }

    #[test]
    fn each_kind_of_damage_happens_as_often_as_it_should() {
        let sent: Vec<Vec<u8>> = (0..1000_u32).map(|n| n.to_be_bytes().to_vec()).collect();
        assert_eq!(arrived("drop=0", 1), sent);
        assert!((850..950).contains(&arrived("drop=10", 1).len()));
        assert!((1050..1150).contains(&arrived("duplicate=10%", 1).len()));
        let short = arrived("truncate=10", 1).iter().filter(|sent| sent.len() < 4).count();
        assert!((50..150).contains(&short));
        let flipped = arrived("flip=10", 1);
        let flipped = flipped.iter().zip(&sent).filter(|(one, other)| one != other).count();
        assert!((50..150).contains(&flipped));
        let mut reordered = arrived("reorder=10", 1);
        assert_ne!(reordered, sent);
        assert_eq!(reordered, arrived("reorder=10", 1));
        assert_ne!(reordered, arrived("reorder=10", 2));
        reordered.sort();
        assert_eq!(reordered, sent);
    }

    #[test]
    fn what_is_no_damage_is_refused() {
        for wrong in ["", "drop", "drop=101", "melt=1", "drop=-1", "drop=x", "drop=NaN"] {
            assert_eq!(wrong.parse::<DamageRates>(), Err(DamageError), "{wrong}");
        }
    }
}
