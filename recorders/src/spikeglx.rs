//! **SpikeGLX**: a `.bin` file of interleaved 16-bit samples, and a `.meta` file of `name=value` lines
//! beside it.
//!
//! Saved channels are ordered by kind. Each kind is a group: spikes (AP), field potentials (LF) and
//! the sync word (SY) of a probe; multiplexed (MN, MA) and other analog inputs (XA) and digital words
//! (DW) of a National Instruments card; XA, DW and SY of a OneBox.
//!
//! Own reader: `openreadout-spikeglx` needs a later Rust and 30 000 lines more (see the crate's page)
//! for what are a few lines of text.

use std::path::Path;

use golden_model::layout::{Channel, Layout, Rate, SampleFormat};
use golden_model::wav::CutShort;

use crate::builder::interleaved;
use crate::header::{parse, required, text};
use crate::{Fault, Found, Kind};

/// A device: what its lines are called, and the kinds of its channels in order.
struct Device {
    rate: &'static str,
    counts: &'static str,
    range: &'static str,
    steps: &'static str,
    kinds: &'static [&'static str],
}

const PROBE: Device = Device {
    rate: "imSampRate",
    counts: "snsApLfSy",
    range: "imAiRangeMax",
    steps: "imMaxInt",
    kinds: &["AP", "LF", "SY"],
};
const CARD: Device = Device {
    rate: "niSampRate",
    counts: "snsMnMaXaDw",
    range: "niAiRangeMax",
    steps: "niMaxInt",
    kinds: &["MN", "MA", "XA", "DW"],
};
const ONE_BOX: Device = Device {
    rate: "obSampRate",
    counts: "snsXaDwSy",
    range: "obAiRangeMax",
    steps: "obMaxInt",
    kinds: &["XA", "DW", "SY"],
};

/// The recording that a `.bin` or a `.meta` file belongs to; `None`: to none.
pub(crate) fn find(path: &Path) -> Result<Option<Found>, Fault> {
    let (samples, meta) = (path.with_extension("bin"), path.with_extension("meta"));
    if !meta.is_file() {
        return Ok(None);
    }
    let text = text(&meta)?;
    let lines = Lines(&text);
    // Other programs write `.meta` files, too.
    if lines.get("typeThis").is_none() && lines.get("nSavedChans").is_none() {
        return Ok(None);
    }
    if !samples.is_file() {
        return Err(Fault::NoSamples(samples));
    }
    let layout = layout(&lines);
    let found = samples.metadata()?.len();
    let declared = lines.get("fileSizeBytes").and_then(|bytes| bytes.parse().ok());
    let cut = declared.filter(|&declared| declared > found);
    let cut = cut.map(|declared| CutShort { declared, found });
    Ok(Some(Found { kind: Kind::SpikeGlx, layout, samples, sidecars: vec![meta], cut }))
}

/// The lines of a `.meta` file.
struct Lines<'t>(&'t str);

impl<'t> Lines<'t> {
    /// The value of a name. Tables have a `~` before it.
    fn get(&self, name: &str) -> Option<&'t str> {
        let mut lines = self.0.lines().filter_map(|line| line.split_once('='));
        lines.find(|(its, _)| its.trim() == name).map(|(_, value)| value.trim())
    }

    fn number(&self, name: &str) -> Option<f64> {
        self.get(name)?.parse().ok()
    }

    /// The entries of a table: `(first)(second)...`.
    fn table(&self, name: &str) -> Vec<&'t str> {
        let entries = self.get(name).unwrap_or("").split('(').skip(1);
        entries.map(|entry| entry.split(')').next().unwrap_or("")).collect()
    }
}

fn layout(lines: &Lines) -> Result<Layout, Fault> {
    let device = match lines.get("typeThis").unwrap_or("imec") {
        "imec" => &PROBE,
        "nidq" => &CARD,
        "obx" => &ONE_BOX,
        other => return Err(Fault::Unsupported(format!("typeThis={other}"))),
    };
    let rate: Rate = parse(device.rate, required(device.rate, lines.get(device.rate))?)?;
    let saved = required("nSavedChans", lines.get("nSavedChans"))?;
    let saved = usize::from(parse::<u16>("nSavedChans", saved)?);
    let counts = required(device.counts, lines.get(device.counts))?;
    let mut kinds = Vec::new();
    for (kind, count) in device.kinds.iter().zip(counts.split(',')) {
        let count = parse::<u16>(device.counts, count)?;
        kinds.extend(std::iter::repeat_n(*kind, count.into()));
    }
    if kinds.len() != saved {
        return Err(Fault::Channels { declared: saved, found: kinds.len() });
    }
    // The first entry of the table counts the others.
    let names = lines.table("~snsChanMap");
    let gains = Gains::read(lines);
    let step = || Some(lines.number(device.range)? / lines.number(device.steps)? * 1e6);
    let step = step().filter(|step| step.is_finite() && *step != 0.0);
    let channels = kinds.iter().enumerate().map(|(index, kind)| {
        let entry = names.get(index + 1).and_then(|entry| entry.split(';').next());
        let name = entry.map_or_else(|| format!("{kind}{index}"), str::to_owned);
        let gain = match *kind {
            "SY" | "DW" => None,
            _ => gains.of(kind, index),
        };
        let microvolts = step.zip(gain).map(|(step, gain)| step / gain);
        (kind, Channel { name, microvolts })
    });
    interleaved(0, SampleFormat::I16, rate, channels)
}

/// How much each channel is amplified before it is converted.
struct Gains<'t> {
    lines: &'t Lines<'t>,
    /// Acquired channels of the first kind, and the acquired channel of each saved one.
    spikes: usize,
    saved: Option<Vec<usize>>,
    /// The probe's table, one entry for each of its channels.
    table: Vec<&'t str>,
}

impl<'t> Gains<'t> {
    fn read(lines: &'t Lines<'t>) -> Gains<'t> {
        let acquired = lines.get("acqApLfSy").unwrap_or("").split(',').next();
        let spikes = acquired.and_then(|count| count.parse().ok()).unwrap_or(0);
        let saved = subset(lines.get("snsSaveChanSubset").unwrap_or("all"));
        Gains { lines, spikes, saved, table: lines.table("~imroTbl") }
    }

    /// Of a saved channel; `None`: not known.
    fn of(&self, kind: &str, index: usize) -> Option<f64> {
        let (line, field) = match kind {
            "AP" => ("imChan0apGain", 3),
            "LF" => ("imChan0lfGain", 4),
            "MN" => return Some(self.lines.number("niMNGain").unwrap_or(1.0)),
            "MA" => return Some(self.lines.number("niMAGain").unwrap_or(1.0)),
            _ => return Some(1.0),
        };
        let probe = self.lines.get("imDatPrb_type").unwrap_or("0");
        match probe {
            // Probes whose table has a gain for each channel.
            "0" | "1020" | "1030" | "1100" | "1120" | "1121" | "1122" | "1123" | "1200"
            | "1300" => {
                let acquired = match &self.saved {
                    Some(saved) => *saved.get(index)?,
                    None => index,
                };
                let channel =
                    if kind == "LF" { acquired.checked_sub(self.spikes)? } else { acquired };
                self.table.get(1 + channel)?.split(' ').nth(field)?.parse().ok()
            }
            "1110" => self.table.first()?.split(',').nth(field)?.parse().ok(),
            "21" | "24" => Some(80.0),
            _ => self.lines.number(line).or(Some(100.0)),
        }
        .filter(|gain: &f64| gain.is_finite() && *gain != 0.0)
    }
}

/// Channels as in `0:3,7`; `None`: all, or not readable.
fn subset(text: &str) -> Option<Vec<usize>> {
    let mut channels = Vec::new();
    for part in text.split(',') {
        let (first, last) = part.split_once(':').unwrap_or((part, part));
        let range = first.trim().parse::<u16>().ok()?..=last.trim().parse::<u16>().ok()?;
        channels.extend(range.map(usize::from));
        if channels.len() > usize::from(u16::MAX) {
            return None;
        }
    }
    Some(channels)
}
