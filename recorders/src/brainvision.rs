//! **BrainVision**: samples in an `.eeg` file, described by a `.vhdr` file of `name=value` lines in
//! sections; a `.vmrk` file has the markers.
//!
//! Samples are interleaved (`MULTIPLEXED`) or stored one channel after the other (`VECTORIZED`): then
//! the whole file is one record. Samples of `INT_16`, `UINT_16` and `INT_32` are found; a file of
//! `IEEE_FLOAT_32` is plain bytes.
//!
//! Own reader: the crate `brainvision` reads live streams, not files.

use std::path::{Component, Path, PathBuf};

use golden_model::layout::{Channel, Field, Group, Layout, MAX_RECORD, Rate, SampleFormat};

use crate::header::{parse, required, text};
use crate::{Fault, Found, Kind, parent};

/// The recording that a file belongs to; `None`: to none.
pub(crate) fn find(path: &Path) -> Result<Option<Found>, Fault> {
    let header = path.with_extension("vhdr");
    if !header.is_file() {
        return Ok(None);
    }
    let text = text(&header)?;
    let first = text.lines().next().unwrap_or("").trim_start_matches('\u{feff}');
    if !first.starts_with("Brain Vision") && !first.starts_with("BrainVision") {
        return Ok(None);
    }
    let lines = Lines(&text);
    let name = required("DataFile", lines.get("common infos", "DataFile"))?;
    let samples = beside(&header, "DataFile", name)?;
    let is_description = path.extension().is_some_and(|e| e == "vhdr" || e == "vmrk");
    if !is_description && samples != path {
        return Ok(None);
    }
    let length = match samples.metadata() {
        Ok(file) if file.is_file() => file.len(),
        _ => return Err(Fault::NoSamples(samples)),
    };
    let mut sidecars = vec![header.clone()];
    if let Some(markers) = lines.get("common infos", "MarkerFile").filter(|name| !name.is_empty()) {
        sidecars.push(beside(&header, "MarkerFile", markers)?);
    }
    Ok(Some(Found {
        kind: Kind::BrainVision,
        layout: layout(&lines, length),
        samples,
        sidecars,
        cut: None,
    }))
}

/// A file that a header names: beside it. `$b` stands for the header's own name.
fn beside(header: &Path, field: &'static str, name: &str) -> Result<PathBuf, Fault> {
    let stem = header.file_stem().and_then(|stem| stem.to_str()).unwrap_or("");
    let name = name.replace("$b", stem);
    let mut components = Path::new(&name).components();
    match (components.next(), components.next()) {
        (Some(Component::Normal(_)), None) => Ok(parent(header).join(name)),
        _ => Err(Fault::value(field, &name)),
    }
}

/// The lines of a `.vhdr` file.
struct Lines<'t>(&'t str);

impl<'t> Lines<'t> {
    /// The lines of a section with a value. The section of comments holds free text.
    fn section(&self, wanted: &str) -> impl Iterator<Item = (&'t str, &'t str)> {
        let is_section = |line: &&str| line.starts_with('[') && line.ends_with(']');
        let mut lines = self.0.lines().map(str::trim);
        let begins = |line: &str| line[1..line.len() - 1].eq_ignore_ascii_case(wanted);
        let found = lines.any(|line| is_section(&line) && begins(line));
        let lines = lines.take_while(move |line| found && !is_section(line));
        lines.filter(|line| !line.starts_with(';')).filter_map(|line| line.split_once('='))
    }

    fn get(&self, section: &str, name: &str) -> Option<&'t str> {
        let mut lines = self.section(section);
        lines.find(|(its, _)| its.trim().eq_ignore_ascii_case(name)).map(|(_, value)| value.trim())
    }
}

fn layout(lines: &Lines, length: u64) -> Result<Layout, Fault> {
    let common = |name| lines.get("common infos", name);
    let unsupported = |what: &str, value: &str| Fault::Unsupported(format!("{what}={value}"));
    match common("DataFormat").unwrap_or("BINARY") {
        "BINARY" => {}
        other => return Err(unsupported("DataFormat", other)),
    }
    let format = match lines.get("binary infos", "BinaryFormat").unwrap_or("INT_16") {
        "INT_16" => SampleFormat::I16,
        "UINT_16" => SampleFormat::U16,
        "INT_32" => SampleFormat::I32,
        other => return Err(unsupported("BinaryFormat", other)),
    };
    match lines.get("binary infos", "UseBigEndianOrder").unwrap_or("NO") {
        "NO" => {}
        other => return Err(unsupported("UseBigEndianOrder", other)),
    }
    let count = required("NumberOfChannels", common("NumberOfChannels"))?;
    let count: u16 = parse("NumberOfChannels", count)?;
    let interval = required("SamplingInterval", common("SamplingInterval"))?;
    let microseconds: Rate = parse("SamplingInterval", interval)?;
    let rate = microseconds.inverse().times(1_000_000, 1);
    let rate = rate.ok_or_else(|| Fault::value("SamplingInterval", interval))?;

    let mut channels = vec![Channel::default(); count.into()];
    for (name, value) in lines.section("channel infos") {
        let number = name.trim().get(2..).and_then(|number| number.parse::<usize>().ok());
        let index = number.and_then(|number| number.checked_sub(1));
        if let Some(channel) = index.and_then(|index| channels.get_mut(index)) {
            *channel = described(value);
        }
    }
    let mut layout = Layout::interleaved(0, Group { format, rate, channels });
    match common("DataOrientation").unwrap_or("MULTIPLEXED") {
        "MULTIPLEXED" => {}
        "VECTORIZED" => {
            let round = layout.record_bytes() as u64;
            if length > MAX_RECORD {
                let limit = format!("VECTORIZED, longer than {MAX_RECORD} bytes");
                return Err(Fault::Unsupported(limit));
            }
            // A file without a whole round stays one of no records.
            let rounds = length.checked_div(round).unwrap_or(0).max(1) as u32;
            layout.record = vec![Field::Samples { group: 0, first: 0, channels: count, rounds }];
        }
        other => return Err(unsupported("DataOrientation", other)),
    }
    layout.validate()?;
    Ok(layout)
}

/// A channel: name, reference, resolution, unit. A comma in a name is `\1`.
fn described(value: &str) -> Channel {
    let fields: Vec<&str> = value.split(',').map(str::trim).collect();
    let field = |index| fields.get(index).copied().filter(|field: &&str| !field.is_empty());
    let unit = match field(3).unwrap_or("µV") {
        "nV" => Some(1e-3),
        // Two characters look the same; and some writers have none of them.
        "µV" | "μV" | "uV" => Some(1.0),
        "mV" => Some(1e3),
        "V" => Some(1e6),
        _ => None,
    };
    let resolution = field(2).unwrap_or("1").parse::<f64>().ok();
    let microvolts = unit.zip(resolution).map(|(unit, resolution)| unit * resolution);
    let microvolts = microvolts.filter(|step| step.is_finite() && *step != 0.0);
    Channel { name: field(0).unwrap_or("").replace("\\1", ","), microvolts }
}
