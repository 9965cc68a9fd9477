//! Waveforms in plain text, one column per clock.

use std::fmt::Write as _;

/// What a signal is during one clock.
#[derive(Clone, Copy, Debug, PartialEq, Eq)]
pub enum Level {
    /// A single wire.
    Bit(bool),
    /// A number.
    Number(i64),
    /// A number in hexadecimal.
    Hex(u64),
    /// Of no meaning now.
    Nothing,
}

/// Signals over time.
#[derive(Clone, Debug)]
pub struct Waveform {
    names: Vec<&'static str>,
    clocks: Vec<Vec<Level>>,
}

impl Waveform {
    /// An empty waveform of signals with these names.
    pub fn new(names: &[&'static str]) -> Waveform {
        Waveform { names: names.to_vec(), clocks: Vec::new() }
    }

    /// Adds one clock: a level for each name.
    pub fn clock(&mut self, levels: &[Level]) {
        assert_eq!(levels.len(), self.names.len(), "a level for each signal");
        self.clocks.push(levels.to_vec());
    }

    /// Draws it. A number stands where it begins and holds until the next bar.
    pub fn draw(&self) -> String {
        let label = self.names.iter().map(|name| name.len()).max().unwrap_or(0).max(5);
        let numbers = self.clocks.iter().flatten().map(|level| text(*level).len());
        let width = numbers.max().unwrap_or(0).max(2) + 1;
        let mut heading = format!("{:label$} ", "clock");
        for clock in 0..self.clocks.len() {
            let _ = write!(heading, " {clock:<width$}");
        }
        let mut drawing = heading.trim_end().to_string();
        for (row, name) in self.names.iter().enumerate() {
            let mut line = format!("{name:label$} ");
            let mut before = None;
            for levels in &self.clocks {
                let level = levels[row];
                let same = before == Some(level);
                match level {
                    Level::Bit(high) => {
                        let edge = matches!(before, Some(Level::Bit(was)) if was != high);
                        let fill = if high { "▔" } else { "▁" };
                        line += if edge { "│" } else { fill };
                        line += &fill.repeat(width);
                    }
                    Level::Nothing => {
                        line += if same { " " } else { "│" };
                        line += &" ".repeat(width);
                    }
                    _ if same => line += &" ".repeat(width + 1),
                    _ => {
                        let _ = write!(line, "│{:<width$}", text(level));
                    }
                }
                before = Some(level);
            }
            let _ = write!(drawing, "\n{}", line.trim_end());
        }
        drawing + "\n"
    }
}

fn text(level: Level) -> String {
    match level {
        Level::Number(number) => number.to_string(),
        Level::Hex(number) => format!("{number:x}"),
        Level::Bit(_) | Level::Nothing => String::new(),
    }
}

#[cfg(test)]
mod tests {
    use super::Level::{Bit, Hex, Nothing, Number};
    use super::*;

    #[test]
    fn levels_hold_until_they_change() {
        let mut waveform = Waveform::new(&["valid", "data"]);
        waveform.clock(&[Bit(false), Nothing]);
        waveform.clock(&[Bit(true), Number(-12)]);
        waveform.clock(&[Bit(true), Number(-12)]);
        waveform.clock(&[Bit(false), Hex(255)]);
        let drawing = "\
clock  0    1    2    3
valid ▁▁▁▁▁│▔▔▔▔▔▔▔▔▔│▁▁▁▁
data  │    │-12      │ff
";
        assert_eq!(waveform.draw(), drawing);
    }
}
