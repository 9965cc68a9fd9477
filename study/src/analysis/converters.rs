//! Which converter made the samples of each channel.

use golden_model::wav::Recording;
use golden_model::wide::converter::{Converter, PHASE_FRACTION, STEP_FRACTION};
use golden_model::wide::detect::detect;

/// Bits of a sample.
const BITS: u32 = 16;

/// The converters of a recording's channels.
pub struct Converters(Vec<Converter>);

impl Converters {
    /// Finds them.
    pub fn of(recording: &Recording) -> Converters {
        let channels = usize::from(recording.channels);
        let rounds = recording.samples.len() / channels.max(1);
        Converters(detect(|at| recording.samples[at].into(), channels, rounds))
    }

    /// In words: which samples there can be.
    pub fn describe(&self) -> String {
        let linear: Vec<_> = self.linear().collect();
        let Some(&(step, first, truncated)) = linear.first() else {
            return "every whole number".into();
        };
        let step = step as f64 / (1u64 << STEP_FRACTION) as f64;
        let rounding = if truncated { "trunc" } else { "round" };
        let phase = |phase: i32| f64::from(phase) / f64::from(1 << PHASE_FRACTION);
        let phase = match self.have_own_phases() {
            true => "phase of the channel".to_owned(),
            false => format!("{:.2}", phase(first)),
        };
        let of = match linear.len() {
            all if all == self.0.len() => String::new(),
            some => format!(", {some} of {} channels", self.0.len()),
        };
        format!("{rounding}({step:.5} code + {phase}){of}")
    }

    /// The recording with each sample replaced by its code, where channels have phases of their own: only
    /// then do the codes of all channels lie in one place.
    pub fn codes(&self, recording: Recording) -> Recording {
        if !self.have_own_phases() {
            return recording;
        }
        let code = |(at, &sample): (usize, &i16)| {
            let converter = self.0[at % self.0.len()];
            converter.token(sample.into(), BITS).map_or(sample, |code| code as i16)
        };
        let samples = recording.samples.iter().enumerate().map(code).collect();
        Recording { samples, ..recording }
    }

    fn have_own_phases(&self) -> bool {
        let mut linear = self.linear();
        let first = linear.next();
        linear.any(|other| Some(other) != first)
    }

    fn linear(&self) -> impl Iterator<Item = (u64, i32, bool)> {
        self.0.iter().filter_map(|converter| match *converter {
            Converter::Direct => None,
            Converter::Linear { step, phase, truncated } => Some((step, phase, truncated)),
        })
    }
}

#[cfg(test)]
mod tests {
    use super::*;
    use golden_model::synthetic::Synthetic;

    #[test]
    fn each_channel_has_its_own_phase() {
        let codes = Synthetic::default().rounds(3, 4, 5000);
        let stretch = |(at, sample): (usize, &i16)| {
            let code = f64::from(sample >> 6);
            (12.01923 * code + 3.1 * (at % 4) as f64).round() as i16
        };
        let samples = codes.iter().enumerate().map(stretch).collect();
        let recording = Recording { rate: 30_000, channels: 4, samples };
        let converters = Converters::of(&recording);
        let text = converters.describe();
        assert!(
            text.starts_with("round(12.019") && text.contains("phase of the channel"),
            "{text}"
        );
        let found = converters.codes(recording).samples;
        // As the converter said it, but for where code 0 lies.
        let steps =
            |samples: &[i16]| samples.windows(2 * 4).map(|w| w[4] - w[0]).collect::<Vec<_>>();
        let codes: Vec<i16> = codes.iter().map(|sample| sample >> 6).collect();
        assert_eq!(steps(&found), steps(&codes));
    }

    #[test]
    fn samples_of_every_value_have_no_converter() {
        let samples = (0..20_000i32).map(|n| (n * n % 997) as i16).collect();
        let recording = Recording { rate: 1, channels: 1, samples };
        assert_eq!(Converters::of(&recording).describe(), "every whole number");
    }
}
