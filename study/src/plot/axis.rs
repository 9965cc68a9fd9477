//! The axes of a plot, and their ticks.

use std::ops::Range;

use plotters::coord::ranged1d::{KeyPointHint, NoDefaultFormatting, Ranged, ValueFormatter};

/// One axis: its name, the values at its ends, its ticks.
#[derive(Clone, Debug)]
pub struct Axis {
    /// Its name.
    pub name: String,
    /// Value at the left or lower end.
    pub from: f64,
    /// Value at the right or upper end.
    pub to: f64,
    /// Equal lengths are equal factors, not equal differences.
    logarithmic: bool,
    ticks: Ticks,
}

/// Where the ticks are.
#[derive(Clone, Debug)]
enum Ticks {
    /// At about six round values.
    Round,
    /// At the multiples of a distance.
    Every(f64),
    /// At these values, with these names.
    Named(Vec<(f64, String)>),
}

impl Axis {
    /// An axis of equal differences.
    pub fn linear(name: &str, from: f64, to: f64) -> Axis {
        let to = if to > from { to } else { from + 1.0 };
        Axis { name: name.into(), from, to, logarithmic: false, ticks: Ticks::Round }
    }

    /// An axis of equal factors, from one power of ten to another.
    pub fn powers(name: &str, from: f64, to: f64) -> Axis {
        Axis::factors(name, from, 10f64.powf(to.max(from * 10.0).log10().ceil()))
    }

    /// An axis of equal factors between two values above zero.
    pub fn factors(name: &str, from: f64, to: f64) -> Axis {
        Axis { name: name.into(), from, to, logarithmic: true, ticks: Ticks::Round }
    }

    /// The same with a tick at every multiple of `distance`.
    pub fn every(self, distance: f64) -> Axis {
        Axis { ticks: Ticks::Every(distance), ..self }
    }

    /// The same with a name at each of these values, and no other ticks.
    pub fn named(self, ticks: Vec<(f64, String)>) -> Axis {
        Axis { ticks: Ticks::Named(ticks), ..self }
    }

    /// The same from right to left, or from top to bottom.
    pub fn reversed(self) -> Axis {
        Axis { from: self.to, to: self.from, ..self }
    }

    /// Where `value` lies, from 0 to 1; what lies outside is at the end.
    fn place(&self, value: f64) -> f64 {
        let least = self.from.min(self.to);
        let of = |v: f64| if self.logarithmic { v.max(least).log10() } else { v };
        ((of(value) - of(self.from)) / (of(self.to) - of(self.from))).clamp(0.0, 1.0)
    }

    fn ticks(&self) -> Vec<f64> {
        let (least, most) = (self.from.min(self.to), self.from.max(self.to));
        let multiples = |distance: f64| {
            let first = (least / distance - 1e-9).ceil() as i64;
            let last = (most / distance + 1e-9).floor() as i64;
            (first..=last).map(|n| n as f64 * distance).collect()
        };
        match &self.ticks {
            Ticks::Named(ticks) => ticks.iter().map(|(value, _)| *value).collect(),
            Ticks::Every(distance) => multiples(*distance),
            Ticks::Round if self.logarithmic => {
                let (first, last) = (least.log10().ceil() as i32, most.log10().floor() as i32);
                let step = ((last - first) / 6 + 1).max(1) as usize;
                (first..=last).step_by(step).map(|power| 10f64.powi(power)).collect()
            }
            Ticks::Round => {
                let rough = (most - least) / 6.0;
                let power = 10f64.powf(rough.log10().floor());
                let round = [1.0, 2.0, 5.0].into_iter().find(|f| f * power >= rough);
                multiples(round.unwrap_or(10.0) * power)
            }
        }
    }

    /// What stands at a tick: its name, or its number in few characters.
    fn label(&self, tick: f64) -> String {
        if let Ticks::Named(ticks) = &self.ticks {
            let named = ticks.iter().find(|(value, _)| *value == tick);
            return named.map(|(_, name)| name.clone()).unwrap_or_default();
        }
        let size = tick.abs();
        let text = match size {
            _ if size >= 1e6 => format!("{}M", tick / 1e6),
            _ if size >= 1e4 => format!("{}k", tick / 1e3),
            _ => format!("{}", (tick * 1e4).round() / 1e4),
        };
        text.replace('-', "\u{2212}")
    }
}

impl Ranged for Axis {
    type FormatOption = NoDefaultFormatting;
    type ValueType = f64;

    fn map(&self, value: &f64, (from, to): (i32, i32)) -> i32 {
        from + (self.place(*value) * f64::from(to - from)).round() as i32
    }

    fn key_points<Hint: KeyPointHint>(&self, _: Hint) -> Vec<f64> {
        self.ticks()
    }

    fn range(&self) -> Range<f64> {
        self.from..self.to
    }
}

impl ValueFormatter<f64> for Axis {
    fn format_ext(&self, value: &f64) -> String {
        self.label(*value)
    }
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn ticks_are_round_and_within_the_axis() {
        assert_eq!(Axis::linear("", 0.0, 5.0).ticks(), [0.0, 1.0, 2.0, 3.0, 4.0, 5.0]);
        assert_eq!(Axis::linear("", -37.0, 81.0).ticks(), [-20.0, 0.0, 20.0, 40.0, 60.0, 80.0]);
        assert_eq!(Axis::powers("", 1.0, 900.0).ticks(), [1.0, 10.0, 100.0, 1000.0]);
        assert_eq!(Axis::linear("", -3.0, 20.0).every(8.0).ticks(), [0.0, 8.0, 16.0]);
    }

    #[test]
    fn ticks_are_labelled_in_few_characters() {
        let axis = Axis::linear("", 0.0, 1.0);
        let labels = [0.30000000000000004, -20.0, 20_000.0, 3e6].map(|tick| axis.label(tick));
        assert_eq!(labels, ["0.3", "\u{2212}20", "20k", "3M"]);
        assert_eq!(axis.named(vec![(0.5, "half".into())]).label(0.5), "half");
    }

    #[test]
    fn values_outside_an_axis_are_at_its_end() {
        let axis = Axis::linear("", 0.0, 10.0);
        assert_eq!([-1.0, 0.0, 5.0, 11.0].map(|v| axis.place(v)), [0.0, 0.0, 0.5, 1.0]);
        assert_eq!([0.0, 2.0].map(|v| axis.clone().reversed().place(v)), [1.0, 0.8]);
        assert_eq!(Axis::powers("", 1.0, 100.0).place(0.0), 0.0);
    }
}
