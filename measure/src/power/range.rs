//! A number with bounds.

use serde::Serialize;
use std::iter::Sum;
use std::ops::{Add, Mul};

/// Low, nominal, high.
#[derive(Clone, Copy, Debug, Default, PartialEq, Serialize)]
pub struct Range {
    /// The lower bound.
    pub low: f64,
    /// The best guess.
    pub nominal: f64,
    /// The upper bound.
    pub high: f64,
}

impl Range {
    /// `nominal`, up and down by a share of itself.
    pub const fn within(nominal: f64, share: f64) -> Range {
        Range { low: nominal * (1.0 - share), nominal, high: nominal * (1.0 + share) }
    }

    /// `nominal`, up and down by a factor.
    pub const fn by_factor(nominal: f64, factor: f64) -> Range {
        Range { low: nominal / factor, nominal, high: nominal * factor }
    }

    /// Low, nominal and high as text, of two digits each.
    pub fn two_digits(self) -> [String; 3] {
        [self.low, self.nominal, self.high].map(two_digits)
    }
}

/// Sums add bound to bound: the terms' errors may all point the same way.
impl Add for Range {
    type Output = Range;

    fn add(self, other: Range) -> Range {
        Range {
            low: self.low + other.low,
            nominal: self.nominal + other.nominal,
            high: self.high + other.high,
        }
    }
}

impl Mul<f64> for Range {
    type Output = Range;

    fn mul(self, factor: f64) -> Range {
        Range { low: self.low * factor, nominal: self.nominal * factor, high: self.high * factor }
    }
}

impl Sum for Range {
    fn sum<I: Iterator<Item = Range>>(ranges: I) -> Range {
        ranges.fold(Range::default(), Add::add)
    }
}

/// A number of two digits: an estimate has no more.
pub fn two_digits(number: f64) -> String {
    if number == 0.0 {
        return "0".into();
    }
    let digits = (1 - number.abs().log10().floor() as i32).max(0) as usize;
    let power = 10f64.powi(number.abs().log10().floor() as i32 - 1);
    format!("{:.digits$}", (number / power).round() * power)
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn bounds_add_and_scale() {
        let sum: Range = [Range::within(10.0, 0.1), Range::by_factor(4.0, 2.0)].into_iter().sum();
        assert_eq!(sum, Range { low: 11.0, nominal: 14.0, high: 19.0 });
        assert_eq!(sum * 2.0, Range { low: 22.0, nominal: 28.0, high: 38.0 });
    }

    #[test]
    fn numbers_have_two_digits() {
        let texts = [0.112, 1.0449, 12.34, 987.0, 0.0, 0.98].map(two_digits);
        assert_eq!(texts, ["0.11", "1.0", "12", "990", "0", "0.98"]);
    }
}
