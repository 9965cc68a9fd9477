//! **Watch**: the link's state and a few channels, drawn in the terminal.

use std::time::{Duration, Instant};

use console::Term;

use crate::traces::{COLUMNS, Span, Traces};
use crate::{Event, Observer, State, StreamFormat};

/// How often it is drawn.
const EVERY: Duration = Duration::from_millis(100);
/// A character of Braille has 2 x 4 dots.
const DOTS: (usize, usize) = (2, 4);

/// The view.
pub struct Watch {
    term: Term,
    profile: String,
    traces: Traces,
    drawn: Option<Instant>,
    /// Lines of the last picture.
    lines: usize,
}

impl Watch {
    /// A view on standard error, which standard output's samples do not disturb.
    pub fn new(format: &StreamFormat) -> Watch {
        let term = Term::stderr();
        let profile = format.profile.clone();
        Watch { term, profile, traces: Traces::new(format), drawn: None, lines: 0 }
    }
}

impl Observer for Watch {
    fn event(&mut self, event: &Event<'_>) {
        self.traces.take(event);
    }

    fn state(&mut self, state: &State, last: bool) -> bool {
        if !last && self.drawn.is_some_and(|drawn| drawn.elapsed() < EVERY) {
            return true;
        }
        self.drawn = Some(Instant::now());
        let (height, width) = self.term.size();
        let picture = picture(&self.profile, state, &self.traces, width.into(), height.into());
        // Over the last picture; a terminal that is gone is not drawn on.
        let _ = self.term.move_cursor_up(self.lines);
        let text: String = picture.iter().map(|line| format!("\r\x1b[2K{line}\n")).collect();
        let _ = self.term.write_str(&format!("{text}\x1b[J"));
        self.lines = picture.len();
        true
    }
}

/// The picture's lines, for a terminal of this size.
fn picture(
    profile: &str,
    state: &State,
    traces: &Traces,
    width: usize,
    height: usize,
) -> Vec<String> {
    let counters = &state.counters;
    let percent =
        100.0 * counters.missing as f64 / (counters.frames + counters.missing).max(1) as f64;
    let mut lines = vec![
        format!("{profile}: {:.1} s, {:.3e} samples/s", state.seconds, state.samples_per_s),
        format!(
            "frames {}, missing {} ({percent:.2} %): {} lost, {} damaged, {} broken, {} awaiting a keyframe",
            counters.frames,
            counters.missing,
            counters.lost,
            counters.damaged,
            counters.broken,
            counters.undecodable
        ),
        format!(
            "repeated {}, late {}, restarts {}, delay {:.1} ms, backlog {} bytes",
            counters.repeated,
            counters.late,
            counters.restarts,
            state.delay_ms,
            state.backlog_bytes
        ),
    ];
    // A line stays free for the cursor.
    let room = height.saturating_sub(lines.len() + 1);
    let rows = (room / traces.channels.len().max(1)).clamp(1, 4);
    for (&channel, columns) in traces.channels.iter().zip(&traces.columns).take(room / rows) {
        let label = format!("{channel:>5} ");
        let columns: Vec<Span> = columns.iter().copied().collect();
        let plot = plot(&columns, width.saturating_sub(label.len() + 1), rows);
        lines.extend(plot.into_iter().enumerate().map(|(row, text)| match row {
            0 => format!("{label}{text}"),
            _ => format!("{:label$}{text}", "", label = label.len()),
        }));
    }
    let cut = |line: String| line.chars().take(width.saturating_sub(1)).collect();
    lines.into_iter().map(cut).collect()
}

/// A trace in dots of Braille, as high as its own range; nothing where samples are missing.
fn plot(columns: &[Span], width: usize, rows: usize) -> Vec<String> {
    let (across, down) = (width * DOTS.0, rows * DOTS.1);
    let spans = || columns.iter().flatten();
    let least = spans().map(|&(least, _)| i32::from(least)).min().unwrap_or(0);
    let greatest = spans().map(|&(_, greatest)| i32::from(greatest)).max().unwrap_or(0);
    let range = (greatest - least).max(1);
    let y = |sample: i16| ((greatest - i32::from(sample)) as usize * (down - 1)) / range as usize;
    let mut cells = vec![vec![0_u8; width]; rows];
    for x in 0..across {
        // The newest column is at the right, also while there are few.
        let from_end = (across - 1 - x) * COLUMNS / across;
        let column = columns.len().checked_sub(1 + from_end).and_then(|at| columns[at]);
        let Some((least, greatest)) = column else { continue };
        for dot in y(greatest)..=y(least) {
            cells[dot / DOTS.1][x / DOTS.0] |= braille(x % DOTS.0, dot % DOTS.1);
        }
    }
    let character = |cell: u8| char::from_u32(0x2800 + u32::from(cell)).unwrap_or(' ');
    cells.into_iter().map(|row| row.into_iter().map(character).collect()).collect()
}

/// The bit of a dot: the first three rows are counted column by column, the fourth comes last.
fn braille(x: usize, y: usize) -> u8 {
    1 << if y < 3 { 3 * x + y } else { 6 + x }
}

#[cfg(test)]
mod tests {
    use golden_model::frames::Layout;

    use super::*;
    use crate::Counters;

    #[test]
    fn a_rising_line_is_drawn_as_one_and_a_gap_is_empty() {
        let mut columns: Vec<Span> = (0..COLUMNS as i16).map(|n| Some((n, n))).collect();
        assert_eq!(plot(&columns, 4, 2), ["⠀⢀⠔⠉", "⠔⠁⠀⠀"]);
        columns[200..].fill(None);
        assert!(plot(&columns, 4, 2).iter().all(|row| row.ends_with("⠀⠀")));
    }

    #[test]
    fn a_picture_fits_any_terminal() {
        let format = StreamFormat {
            profile: "test".into(),
            set: golden_model::shipped("bigram-32").unwrap(),
            others: vec![],
            layout: Layout::new(16, 2, 1).unwrap(),
            samples_per_s: 400.0,
        };
        let mut traces = Traces::new(&format);
        let samples: Vec<i16> = (0..1600).collect();
        traces.take(&Event::Samples { round: 0, samples: &samples });
        let counters = Counters { frames: 75, missing: 25, lost: 25, ..Counters::default() };
        let state = State { seconds: 1.0, counters, ..State::default() };
        for (width, height) in [(80, 24), (200, 60), (20, 5), (1, 1), (0, 0)] {
            let picture = picture("test", &state, &traces, width, height);
            assert!(picture.len() <= height.max(3), "{width} x {height}");
            assert!(picture.iter().all(|line| line.chars().count() < width.max(1)));
        }
        let lines = picture("test", &state, &traces, 80, 24);
        assert!(lines[1].starts_with("frames 75, missing 25 (25.00 %): 25 lost"));
        assert_eq!(lines.len(), 3 + 8 * 2);
    }
}
