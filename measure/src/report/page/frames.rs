//! Frames: their sizes, and the latency of their samples.

use maud::{Markup, html};
use study::page::{figure, table};
use study::plot::{Axis, Plot};

use crate::latency::OfLoad;
use crate::report::Report;

/// Bits of a frame as the plots count them.
fn kilo(bits: u64) -> f64 {
    bits as f64 / 1e3
}

/// How many bits the frames have.
pub fn sizes(r: &Report) -> Markup {
    let ms = r.latency.frame_us / 1e3;
    let loads = &r.latency.loads;
    let all: Vec<f64> =
        loads.iter().flat_map(|load| load.bits_per_frame.iter().map(|&bits| kilo(bits))).collect();
    let least = all.iter().copied().fold(f64::INFINITY, f64::min);
    let most = all.iter().copied().fold(0.0, f64::max);
    let raw = kilo((r.channels * r.frame_rounds * 10) as u64);
    html! {
        h2 { "Frames" }
        p {
            "A frame is " (r.frame_rounds) " rounds of " (r.channels) " channels, "
            (format!("{ms:.3}")) " ms. As the converter gives it, it has " (format!("{raw:.1}"))
            " kbit; sent it has " (format!("{least:.1}")) " to " (format!("{most:.1}"))
            ", header, filling and checksum included."
        }
        (figure(
            "Bits of each frame: busy (the upper line), typical and quiet (the lower). The first frame \
             is a keyframe.",
            over_time(loads, ms, most),
        ))
        (figure(
            "How many frames have so many bits, all three together.",
            distribution(&all, least, most),
        ))
    }
}

fn over_time(loads: &[OfLoad], ms: f64, most: f64) -> String {
    let line = |load: &OfLoad| -> Vec<(f64, f64)> {
        let points = load.bits_per_frame.iter().enumerate();
        points.map(|(frame, &bits)| (frame as f64 * ms, kilo(bits))).collect()
    };
    let count = loads.first().map_or(0, |load| load.bits_per_frame.len());
    let mut plot = Plot::new(
        Axis::linear("ms", 0.0, count as f64 * ms),
        Axis::linear("kbit a frame", 0.0, 1.15 * most),
    );
    if let [quiet, typical, busy] = loads {
        plot = plot.third_line(line(quiet)).line(line(typical)).second_line(line(busy));
    }
    plot.svg("Bits of each frame over time")
}

fn distribution(all: &[f64], least: f64, most: f64) -> String {
    const BINS: usize = 40;
    let step = (most - least).max(0.1) / BINS as f64;
    let mut bins = [0; BINS + 1];
    all.iter().for_each(|bits| bins[((bits - least) / step) as usize] += 1);
    let highest = bins.iter().copied().max().unwrap_or(1);
    let plot = Plot::new(
        Axis::linear("kbit a frame", least - step, most + 2.0 * step),
        Axis::linear("frames", 0.0, f64::from(highest)),
    );
    let middle = |at: usize| least + (at as f64 + 0.5) * step;
    let bars = bins.iter().enumerate().map(|(at, &frames)| (middle(at), f64::from(frames)));
    plot.bars(bars, 0.0, 0.9 * step).svg("Distribution of bits per frame")
}

/// How long samples take.
pub fn latencies(r: &Report) -> Markup {
    let l = &r.latency;
    let cell = |clocks: u32| format!("{clocks} ({:.1} \u{b5}s)", l.us(clocks.into()));
    let rows: Vec<Vec<String>> = l
        .loads
        .iter()
        .map(|load| {
            let cells = [load.min, load.median, load.p99, load.max, load.frame].map(cell);
            std::iter::once(load.load.to_string()).chain(cells).collect()
        })
        .collect();
    let head = ["clocks", "min", "median", "99 %", "max", "first sample to checksum"];
    html! {
        h2 { "Latency" }
        p {
            "From a sample\u{2019}s arrival at the input until the word leaves that holds the last bit \
             of its code, counted in Verilator at " (format!("{:.3}", l.mhz)) " MHz, the slowest clock \
             that keeps up; the sink takes every word at once. "
            b {
                "No sample takes longer than " (l.bound) " clocks, "
                (format!("{:.1}", l.us(l.bound as f64))) " \u{b5}s:"
            }
            " " (l.derivation) "."
        }
        p {
            "A receiver that waits for the frame\u{2019}s checksum has a sample at most one frame and \
             the way through the pipeline later: the last column."
        }
        (table(&head, &rows, &[0]))
        @if let Some(typical) = l.loads.get(1) {
            (figure("Latencies of typical signals.", histogram(typical)))
        }
    }
}

fn histogram(load: &OfLoad) -> String {
    let samples: u64 = load.histogram.iter().sum();
    let percent = |n: u64| 100.0 * n as f64 / samples.max(1) as f64;
    let highest = load.histogram.iter().copied().max().unwrap_or(1);
    let every = if load.histogram.len() > 50 { 10.0 } else { 4.0 };
    let plot = Plot::new(
        Axis::linear("clocks", 0.0, load.histogram.len() as f64).every(every),
        Axis::linear("% of samples", 0.0, percent(highest)),
    );
    let bars = load.histogram.iter().enumerate().map(|(at, &n)| (at as f64, percent(n)));
    plot.bars(bars, 0.0, 0.8).svg("Distribution of latencies")
}
