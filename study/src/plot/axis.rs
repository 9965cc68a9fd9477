//! The axes of a plot, and their ticks.

/// One axis: what it is called, and the values at its ends.
#[derive(Clone, Debug)]
pub struct Axis {
    /// What it is called.
    pub name: String,
    /// Value at the left or lower end.
    pub from: f64,
    /// Value at the right or upper end.
    pub to: f64,
    /// Equal lengths are equal factors, not equal differences.
    pub logarithmic: bool,
}

impl Axis {
    /// An axis of equal differences.
    pub fn linear(name: &str, from: f64, to: f64) -> Axis {
        let to = if to > from { to } else { from + 1.0 };
        Axis { name: name.into(), from, to, logarithmic: false }
    }

    /// An axis of equal factors, from one power of ten to another.
    pub fn powers(name: &str, from: f64, to: f64) -> Axis {
        let to = 10f64.powf(to.max(from * 10.0).log10().ceil());
        Axis { name: name.into(), from, to, logarithmic: true }
    }

    /// Where `value` lies, from 0 to 1; what lies outside is at the end.
    pub(super) fn place(&self, value: f64) -> f64 {
        let of = |v: f64| if self.logarithmic { v.max(self.from).log10() } else { v };
        ((of(value) - of(self.from)) / (of(self.to) - of(self.from))).clamp(0.0, 1.0)
    }

    /// Round values, about six of them.
    pub(super) fn ticks(&self) -> Vec<f64> {
        if self.logarithmic {
            let (first, last) = (self.from.log10().ceil() as i32, self.to.log10().floor() as i32);
            let step = ((last - first) / 6 + 1) as usize;
            return (first..=last).step_by(step).map(|power| 10f64.powi(power)).collect();
        }
        let rough = (self.to - self.from) / 6.0;
        let power = 10f64.powf(rough.log10().floor());
        let round = [1.0, 2.0, 5.0].into_iter().find(|f| f * power >= rough).unwrap_or(10.0);
        self.ticks_every(round * power)
    }

    pub(super) fn ticks_every(&self, step: f64) -> Vec<f64> {
        let first = (self.from / step - 1e-9).ceil() as i64;
        let last = (self.to / step + 1e-9).floor() as i64;
        (first..=last).map(|n| n as f64 * step).collect()
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
    }

    #[test]
    fn values_outside_an_axis_are_at_its_end() {
        let axis = Axis::linear("", 0.0, 10.0);
        assert_eq!([-1.0, 0.0, 5.0, 11.0].map(|v| axis.place(v)), [0.0, 0.0, 0.5, 1.0]);
        assert_eq!(Axis::powers("", 1.0, 100.0).place(0.0), 0.0);
    }
}
