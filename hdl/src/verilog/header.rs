//! What an exported core says about itself: all of it from [`Profile`] and [`Bounds`].

use crate::bounds::Bounds;
use crate::profile::Profile;
use golden_model::converter::{ConverterParts, Kind};

/// Name of the top module of a profile: `tierwire_bigram_32`.
pub fn top_name(profile: &Profile) -> String {
    format!("tierwire_{}", profile.name().replace('-', "_"))
}

/// The header of a core.
pub(super) fn core_header(profile: &Profile) -> String {
    let set = profile.table_set();
    let table = set.rank_table();
    let channels = match profile.channels() {
        1 => "one channel".to_owned(),
        many => format!("{many} channels"),
    };
    let frames = profile.frames().map_or(String::new(), |frames| {
        format!(
            "\n// Frames     {} rounds, a keyframe every {}",
            frames.rounds,
            match frames.keyframe_interval {
                1 => "frame".to_owned(),
                interval => format!("{interval} frames"),
            }
        )
    });
    let ranks = match table.is_by_nearness() {
        true => "ranks by nearness".to_owned(),
        false => format!("{} rows, window +-{}", table.fold(), table.window()),
    };
    let tables = match profile.is_loaded() {
        true => format!("loaded at run time, any that fits a core made for {}", set.name()),
        false => format!("{}, digest {:08x}", set.name(), set.digest()),
    };
    format!(
        "\
// {top}: lossless compressor for {channels} of a neural recording.
//
// Written by tierwire {version} from its rust-hdl description; do not edit.
// License: {license}.
//
// Profile    {name}
// Table set  {tables}: {ranks}, {contexts} contexts{frames}
//
{ports}//
{clocks}",
        top = top_name(profile),
        version = env!("CARGO_PKG_VERSION"),
        license = env!("CARGO_PKG_LICENSE"),
        name = profile.name(),
        contexts = set.activity().contexts(),
        ports = ports(profile),
        clocks = clocks(profile),
    )
}

/// What a sample is.
fn samples(profile: &Profile) -> String {
    let ConverterParts { kind, bits } = profile.table_set().converter().parts();
    match kind {
        Kind::Direct => format!("a sample: a code of {bits} bits, two's complement"),
        _ => "a sample, two's complement".into(),
    }
}

/// Each port and its meaning.
fn ports(profile: &Profile) -> String {
    let is_framed = profile.frames().is_some();
    let packet = if is_framed { "frame" } else { "packet" };
    let mut rows = vec![
        ("aclk", "everything happens at its rising edge".to_owned()),
        ("aresetn", "low at a rising edge: back to the initial state".to_owned()),
        ("s_axis_tdata", samples(profile)),
        (
            "s_axis_tlast",
            format!(
                "the sample is the last one of its {}",
                if is_framed { "round" } else { packet }
            ),
        ),
        ("s_axis_tvalid", "a sample is offered".to_owned()),
        ("s_axis_tready", "the core takes it".to_owned()),
        (
            "m_axis_tdata",
            "four bytes of the compressed stream, the first one in bits 7:0".to_owned(),
        ),
        (
            "m_axis_tkeep",
            match is_framed {
                true => "always 4'hf".to_owned(),
                false => "the bytes that count: all, except in a packet's last word".to_owned(),
            },
        ),
        ("m_axis_tlast", format!("the word is the last one of its {packet}")),
        ("m_axis_tvalid", "a word is offered".to_owned()),
        ("m_axis_tready", "the sink takes it".to_owned()),
    ];
    if profile.shape().channel.is_some() {
        let counts = |text: &str| match is_framed {
            true => format!("{text}, modulo 65536"),
            false => "always 0: there are no frames".to_owned(),
        };
        rows.extend([
            ("frames", counts("frames since reset, lost ones included")),
            ("broken_frames", counts("frames that ended early, with the broken mark")),
            ("overruns", counts("frames dropped before any of it was sent")),
            ("misaligned", counts("rounds with too few or too many samples")),
        ]);
    }
    if profile.is_loaded() {
        let row = |(port, meaning): (&'static str, &str)| (port, format!("registers: {meaning}"));
        rows.extend(AXI_LITE.map(row));
    }
    rows.iter().map(|(port, meaning)| format!("// {port:<15} {meaning}\n")).collect()
}

/// The port of the registers, AXI4-Lite, and what stands on it.
const AXI_LITE: [(&str, &str); 17] = [
    ("s_axil_awaddr", "byte address of a write"),
    ("s_axil_awvalid", "it is offered"),
    ("s_axil_awready", "the core takes it, together with the word"),
    ("s_axil_wdata", "the word to be written"),
    ("s_axil_wstrb", "its bytes: 4'hf, anything else is refused"),
    ("s_axil_wvalid", "it is offered"),
    ("s_axil_wready", "the core takes it"),
    ("s_axil_bresp", "how the write ended: 0, or 2 if it was refused"),
    ("s_axil_bvalid", "that is offered"),
    ("s_axil_bready", "the driver takes it"),
    ("s_axil_araddr", "byte address of a read"),
    ("s_axil_arvalid", "it is offered"),
    ("s_axil_arready", "the core takes it"),
    ("s_axil_rdata", "the word that was read"),
    ("s_axil_rresp", "how the read ended: 0, or 2 if it was refused"),
    ("s_axil_rvalid", "that is offered"),
    ("s_axil_rready", "the driver takes it"),
];

/// The samples' order, and what happens how fast.
fn clocks(profile: &Profile) -> String {
    let bounds = Bounds::of(profile);
    let mut lines = Vec::new();
    let packet = if profile.frames().is_some() { "frame" } else { "packet" };
    if profile.shape().channel.is_some() {
        lines.push("Samples come in rounds: one of every channel, in channel order.".to_owned());
        if profile.frames().is_none() {
            lines.push("A packet starts with the first channel.".to_owned());
        }
    }
    let state_loop = profile.state_loop();
    lines.push(match profile.channels() < state_loop {
        true => format!("One sample of each channel every {state_loop} clocks."),
        false => "One sample per clock.".to_owned(),
    });
    lines.push(format!(
        "From a {packet}'s last sample to the next {packet}'s first: at most {} clocks.",
        bounds.gap_clocks
    ));
    lines.push(format!(
        "From a sample to the word with the last bit of its code: at most {} clocks.",
        bounds.sample_clocks
    ));
    lines.push(match profile.frames() {
        Some(_) => format!(
            "The input never waits for the sink: {} words may wait in the core, then a frame is dropped.",
            bounds.burst_words
        ),
        None => "The input waits as long as the sink does; nothing is ever lost.".to_owned(),
    });
    lines.iter().map(|line| format!("// {line}\n")).collect()
}

#[cfg(test)]
mod tests {
    use super::*;
    use crate::circuit::Inputs;
    use crate::stream::framer::Frames;
    use golden_model::synthetic::Synthetic;
    use std::collections::BTreeSet;

    /// What a core did with rounds of samples, its source and its sink never idle.
    #[derive(Debug, Default, PartialEq, Eq)]
    struct Seen {
        /// Most clocks from a frame's or packet's last sample to the next one's first.
        gap: usize,
        /// Ends at the output.
        ends: usize,
        /// Words with fewer than four bytes.
        short_words: usize,
        /// Rounds that the core found too long or too short.
        misaligned: usize,
    }

    /// Sends so many units of `rounds` rounds; the input's `tlast` closes a round or a unit.
    fn simulate(profile: &Profile, units: usize, rounds: usize, last_is_round: bool) -> Seen {
        let channels = profile.channels();
        let samples = Synthetic::default().rounds(7, channels, units * rounds);
        let unit = rounds * channels;
        let mut circuit = profile.circuit();
        let mut seen = Seen::default();
        let (mut taken, mut last_end) = (0, None);
        let mut quiet = 0;
        let mut clock = 0_usize;
        while quiet < 100 {
            let sample = samples.get(taken).copied();
            let inputs = Inputs {
                aresetn: clock > 0,
                s_axis_tdata: sample.unwrap_or(0),
                s_axis_tlast: (taken + 1).is_multiple_of(if last_is_round {
                    channels
                } else {
                    unit
                }),
                s_axis_tvalid: sample.is_some(),
                m_axis_tready: true,
                ..Inputs::default()
            };
            let outputs = circuit.settle(&inputs);
            quiet += 1;
            if outputs.s_axis_tready && inputs.s_axis_tvalid {
                if let Some(end) = last_end.take() {
                    seen.gap = seen.gap.max(clock - end);
                }
                taken += 1;
                if taken.is_multiple_of(unit) {
                    last_end = Some(clock);
                }
                quiet = 0;
            }
            if outputs.m_axis_tvalid {
                seen.ends += usize::from(outputs.m_axis_tlast);
                seen.short_words += usize::from(outputs.m_axis_tkeep != 0xf);
                quiet = 0;
            }
            seen.misaligned = outputs.status.misaligned.into();
            circuit.rise();
            clock += 1;
        }
        seen
    }

    /// The number in the header's line that begins with `line`.
    fn number(header: &str, line: &str) -> usize {
        let found = header.lines().find_map(|l| l.strip_prefix("// ")?.strip_prefix(line));
        let found = found.unwrap_or_else(|| panic!("`{line}` is not in\n{header}"));
        found.split_whitespace().find_map(|word| word.parse().ok()).expect("a number")
    }

    #[test]
    fn a_header_of_frames_says_what_the_core_does() {
        for name in ["nano", "tile256-lms"] {
            let frames = Frames { rounds: 1, keyframe_interval: 2 };
            let profile = Profile::named(name).unwrap().with_frames(frames).unwrap();
            let header = core_header(&profile);
            let seen = simulate(&profile, 60, frames.rounds, true);
            let gap =
                number(&header, "From a frame's last sample to the next frame's first: at most");
            // Every frame ended, no round was wrong: tlast is what the header says.
            assert_eq!(seen, Seen { gap, ends: 60, short_words: 0, misaligned: 0 }, "{name}");
            assert!(header.contains("s_axis_tlast    the sample is the last one of its round\n"));
            assert!(header.contains("m_axis_tlast    the word is the last one of its frame\n"));
            assert!(header.contains("m_axis_tkeep    always 4'hf\n"));
            // Where a round is of another length than the header says, the core notices.
            assert!(simulate(&profile, 4, 2, false).misaligned > 0);
        }
    }

    #[test]
    fn a_header_of_packets_says_what_the_core_does() {
        for profile in
            [Profile::named("bigram-32"), Profile::named("nano").map(Profile::in_packets)]
        {
            let profile = profile.unwrap();
            let header = core_header(&profile);
            let seen = simulate(&profile, 60, 3, false);
            let gap =
                number(&header, "From a packet's last sample to the next packet's first: at most");
            assert_eq!((seen.gap, seen.ends), (gap, 60), "{}", profile.name());
            assert!(seen.short_words > 0);
            assert!(header.contains("s_axis_tlast    the sample is the last one of its packet\n"));
            assert!(header.contains("m_axis_tlast    the word is the last one of its packet\n"));
            assert!(header.contains("m_axis_tkeep    the bytes that count: all, except"));
        }
    }

    #[test]
    fn a_header_names_the_ports_that_there_are() {
        let packets = Profile::named("nano").unwrap().in_packets();
        for profile in Profile::all().chain([packets]) {
            let text = super::super::export::verilog(&profile);
            let (header, rest) = text.split_once("\nmodule ").unwrap();
            let declared = rest.lines().skip(1).take_while(|line| *line != ");");
            let declared: BTreeSet<&str> = declared
                .map(|line| line.trim_end_matches(',').split_whitespace().next_back().unwrap())
                .collect();
            let row = |line: &&str| line.get(3..18).is_some_and(|name| name.ends_with(' '));
            let is_port = |name: &&str| name.chars().all(|c| c.is_ascii_lowercase() || c == '_');
            let rows = header.lines().skip_while(|line| !line.starts_with("// aclk"));
            let rows = rows.take_while(|line| *line != "//");
            let named: BTreeSet<&str> = rows
                .filter(row)
                .filter_map(|line| line.split_whitespace().nth(1))
                .filter(is_port)
                .collect();
            assert_eq!(named, declared, "{}", profile.name());
        }
    }
}
