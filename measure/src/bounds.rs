//! What a profile's hardware never exceeds, as figures and as a table.

use comfy_table::{Table, presets};
use hdl::{Bounds, Profile};
use serde::Serialize;

/// The bounds of one profile.
#[derive(Serialize)]
pub struct Figures {
    profile: String,
    /// Bits of the longest code.
    code_bits: usize,
    /// Bits of the longest code for each bit of a 16-bit sample.
    expansion: f64,
    /// Words of the longest frame, header and trailer counted.
    frame_words: Option<usize>,
    /// Words that the FIFO takes while the sink takes none.
    burst_words: usize,
    /// Clocks from a sample to its code at the packer.
    code_clocks: usize,
    /// Clocks from a sample to the word with the last bit of its code at the sink.
    sample_clocks: usize,
    /// Clocks from the last sample of a frame or packet to its last word at the sink.
    end_clocks: usize,
    /// Clocks from that sample to the next one.
    gap_clocks: usize,
    /// Clocks of a frame.
    frame_clocks: Option<usize>,
    /// The slowest clock that keeps up with the profile's sampling rate, in hertz.
    least_clock_hz: f64,
}

impl Figures {
    /// Those of a profile.
    pub fn of(profile: &Profile) -> Figures {
        let bounds = Bounds::of(profile);
        Figures {
            profile: profile.name().into(),
            code_bits: bounds.code_bits,
            expansion: bounds.code_bits as f64 / 16.0,
            frame_words: bounds.frame_words,
            burst_words: bounds.burst_words,
            code_clocks: bounds.code_clocks,
            sample_clocks: bounds.sample_clocks,
            end_clocks: bounds.end_clocks,
            gap_clocks: bounds.gap_clocks,
            frame_clocks: bounds.frame_clocks,
            least_clock_hz: bounds.least_clock(profile),
        }
    }
}

/// A row for each bound, a column for each profile.
pub fn table(figures: &[Figures]) -> String {
    let mut table = Table::new();
    table.load_style(presets::UTF8_FULL_CONDENSED);
    let mut header = vec!["at most".to_string()];
    header.extend(figures.iter().map(|figures| figures.profile.clone()));
    table.set_header(header);
    let mut row = |name: &str, cell: &dyn Fn(&Figures) -> String| {
        let mut cells = vec![name.to_string()];
        cells.extend(figures.iter().map(cell));
        table.add_row(cells);
    };
    let of_frames = |number: Option<usize>| number.map_or("packets".into(), |n| n.to_string());
    row("bits of a code", &|f| f.code_bits.to_string());
    row("of 16 bits a sample", &|f| format!("{:.0} %", 100.0 * f.expansion));
    row("words of a frame", &|f| of_frames(f.frame_words));
    row("words the FIFO takes from a sink that stalls", &|f| f.burst_words.to_string());
    row("clocks from sample to code", &|f| f.code_clocks.to_string());
    row("clocks from sample to its word at the sink", &|f| f.sample_clocks.to_string());
    row("clocks from last sample to last word at the sink", &|f| f.end_clocks.to_string());
    row("clocks from last sample to the next one", &|f| f.gap_clocks.to_string());
    row("clocks of a frame", &|f| of_frames(f.frame_clocks));
    row("slowest clock that keeps up, MHz", &|f| format!("{:.4}", f.least_clock_hz / 1e6));
    format!("{table}\n")
}
