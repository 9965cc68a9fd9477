use std::fmt;
use std::str::FromStr;

/// Rounds per second, exactly: a reduced fraction, so that 29999.4325 stays what it is.
#[derive(Clone, Copy, Debug, PartialEq, Eq, Hash)]
pub struct Rate {
    numerator: u64,
    denominator: u64,
}

/// A rate that is none.
#[derive(Clone, Debug, PartialEq, Eq, thiserror::Error)]
#[error("\"{0}\" is no rate; give a positive number such as 30000 or 29999.4325")]
pub struct RateError(String);

impl Rate {
    /// `numerator` rounds in `denominator` seconds; `None` if one of them is 0.
    pub fn new(numerator: u64, denominator: u64) -> Option<Rate> {
        let divisor = greatest_common_divisor(numerator, denominator);
        let known = numerator > 0 && denominator > 0;
        known.then(|| Rate { numerator: numerator / divisor, denominator: denominator / divisor })
    }

    /// So many times this rate; `None` if the result is 0 or cannot be held.
    pub fn times(self, numerator: u64, denominator: u64) -> Option<Rate> {
        // Reduced crosswise first: fewer products overflow.
        let across = Rate::new(self.numerator, denominator)?;
        let other = Rate::new(numerator, self.denominator)?;
        let numerator = across.numerator.checked_mul(other.numerator)?;
        Rate::new(numerator, across.denominator.checked_mul(other.denominator)?)
    }

    /// One over this rate: seconds per round.
    #[must_use]
    pub fn inverse(self) -> Rate {
        Rate { numerator: self.denominator, denominator: self.numerator }
    }

    /// Above the line of the reduced fraction.
    pub fn numerator(self) -> u64 {
        self.numerator
    }

    /// Below the line of the reduced fraction.
    pub fn denominator(self) -> u64 {
        self.denominator
    }

    /// The nearest floating-point number.
    pub fn as_f64(self) -> f64 {
        self.numerator as f64 / self.denominator as f64
    }
}

impl FromStr for Rate {
    type Err = RateError;

    /// A decimal number, or two whole numbers with `/` between them.
    fn from_str(text: &str) -> Result<Rate, RateError> {
        parse(text).ok_or_else(|| RateError(text.chars().take(40).collect()))
    }
}

fn parse(text: &str) -> Option<Rate> {
    let digits = |text: &str| text.bytes().all(|byte| byte.is_ascii_digit());
    if let Some((numerator, denominator)) = text.split_once('/') {
        let both = digits(numerator) && digits(denominator);
        return both.then(|| Rate::new(numerator.parse().ok()?, denominator.parse().ok()?))?;
    }
    let (whole, fraction) = text.split_once('.').unwrap_or((text, ""));
    if !digits(whole) || !digits(fraction) {
        return None;
    }
    let fraction = fraction.trim_end_matches('0');
    let denominator = 10u64.checked_pow(fraction.len().try_into().ok()?)?;
    Rate::new(format!("{whole}{fraction}").parse().ok()?, denominator)
}

impl fmt::Display for Rate {
    /// The decimal number, or the fraction where it has no end.
    fn fmt(&self, f: &mut fmt::Formatter<'_>) -> fmt::Result {
        let decimal = (0..=19).find_map(|places| {
            let unit = 10u64.pow(places);
            let exact = unit.is_multiple_of(self.denominator);
            exact.then(|| self.numerator.checked_mul(unit / self.denominator))?.map(|n| (n, places))
        });
        match decimal {
            Some((number, 0)) => f.pad(&number.to_string()),
            Some((number, places)) => {
                let (whole, fraction) = (number / 10u64.pow(places), number % 10u64.pow(places));
                f.pad(&format!("{whole}.{fraction:0width$}", width = places as usize))
            }
            None => f.pad(&format!("{}/{}", self.numerator, self.denominator)),
        }
    }
}

pub(crate) fn greatest_common_divisor(a: u64, b: u64) -> u64 {
    if b == 0 { a } else { greatest_common_divisor(b, a % b) }
}

#[cfg(test)]
mod tests {
    use super::*;
    use proptest::prelude::*;

    fn rate(text: &str) -> Rate {
        text.parse().unwrap()
    }

    #[test]
    fn a_rate_is_kept_as_it_was_written() {
        for text in ["30000", "29999.4325", "0.5", "19531.25", "18446744073709551615", "1/3", "2/3"]
        {
            assert_eq!(rate(text).to_string(), text);
        }
        for (text, shown) in
            [("30000.0", "30000"), ("007.50", "7.5"), ("100/50", "2"), (".5", "0.5")]
        {
            assert_eq!(rate(text).to_string(), shown);
        }
        assert_eq!(rate("29999.4325").as_f64(), 29999.4325);
    }

    #[test]
    fn what_is_no_rate_is_refused() {
        for text in [
            "",
            ".",
            "0",
            "0.0",
            "-1",
            "+1",
            "1e4",
            "1/0",
            "/",
            "1/+2",
            "nan",
            "18446744073709551616",
        ] {
            assert_eq!(text.parse::<Rate>(), Err(RateError(text.into())), "{text}");
        }
    }

    #[test]
    fn rates_are_multiplied_exactly() {
        // EDF: 3 samples in a record of 0.7 s. BrainVision: an interval of 1953.125 microseconds.
        assert_eq!(rate("0.7").inverse().times(3, 1), Some(rate("30/7")));
        assert_eq!(rate("1953.125").inverse().times(1_000_000, 1), Some(rate("512")));
        assert_eq!(rate("1").times(0, 1), None);
        assert_eq!(rate("18446744073709551615").times(2, 1), None);
    }

    proptest! {
        #[test]
        fn what_is_shown_is_read_back(numerator in 1u64.., denominator in 1u64..) {
            let rate = Rate::new(numerator, denominator).unwrap();
            prop_assert_eq!(rate.to_string().parse(), Ok(rate));
        }

        #[test]
        fn decimals_are_read_back(digits in 1u64.., places in 0u32..=19) {
            let rate = Rate::new(digits, 10u64.pow(places)).unwrap();
            prop_assert!(!rate.to_string().contains('/'));
            prop_assert_eq!(rate.to_string().parse(), Ok(rate));
        }
    }
}
