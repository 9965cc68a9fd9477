//! Frames: their sizes and the latency of their samples.

use super::Report;
use crate::latency::OfLoad;
use study::page::{figure, table};
use study::plot::{Axis, Plot, escape};

/// How many bits the frames have.
pub fn sizes(r: &Report) -> String {
    let ms = r.latency.frame_us / 1e3;
    let loads = &r.latency.loads;
    let all = || loads.iter().flat_map(|load| load.bits_per_frame.iter().copied());
    let (least, most) = (all().min().unwrap_or(0), all().max().unwrap_or(1));
    let kilo = |bits: u64| bits as f64 / 1e3;
    let line = |load: &OfLoad| -> Vec<(f64, f64)> {
        let points = load.bits_per_frame.iter().enumerate();
        points.map(|(frame, &bits)| (frame as f64 * ms, kilo(bits))).collect()
    };
    let count = loads.first().map_or(0, |load| load.bits_per_frame.len());
    let mut plot = Plot::new(
        Axis::linear("ms", 0.0, count as f64 * ms),
        Axis::linear("kbit a frame", 0.0, 1.15 * kilo(most)),
        None,
    );
    if let [quiet, typical, busy] = &loads[..] {
        plot = plot.third_line(line(quiet)).line(line(typical)).second_line(line(busy));
    }
    let raw = (r.channels * r.frame_rounds * 10) as f64 / 1e3;
    let mut html = format!(
        "<h2>Frames</h2>\n<p>A frame is {} rounds of {} channels, {ms:.3} ms. As the converter gives it, \
         it has {raw:.1} kbit; sent it has {:.1} to {:.1}, header, filling and checksum included.</p>\n",
        r.frame_rounds,
        r.channels,
        kilo(least),
        kilo(most),
    );
    html += &figure(
        "Bits of each frame: busy (the upper line), typical and quiet (the lower). The first frame is a keyframe.",
        &plot.svg("Bits of each frame over time"),
    );
    const BINS: usize = 40;
    let step = (kilo(most) - kilo(least)).max(0.1) / BINS as f64;
    let mut bins = [0; BINS + 1];
    all().for_each(|bits| bins[((kilo(bits) - kilo(least)) / step) as usize] += 1);
    let highest = bins.iter().copied().max().unwrap_or(1);
    let plot = Plot::new(
        Axis::linear("kbit a frame", kilo(least) - step, kilo(most) + 2.0 * step),
        Axis::linear("frames", 0.0, f64::from(highest)),
        None,
    );
    let bars = bins
        .iter()
        .enumerate()
        .map(|(at, &frames)| (kilo(least) + (at as f64 + 0.5) * step, f64::from(frames)));
    html + &figure(
        "How many frames have so many bits, all three together.",
        &plot.bars(bars, 0.0, 0.9 * step).svg("Distribution of bits per frame"),
    )
}

/// The latency of samples.
pub fn latencies(r: &Report) -> String {
    let l = &r.latency;
    let mut html = format!(
        "<h2>Latency</h2>\n<p>From a sample\u{2019}s arrival at the input to the leaving of the word that \
         holds the last bit of its code, counted in Verilator at {:.3} MHz, the slowest clock that keeps \
         up; the sink takes every word at once. <b>No sample takes longer than {} clocks, {:.1} \u{b5}s:</b> \
         {}.</p>\n<p>A receiver that waits for the frame\u{2019}s checksum has a sample at most one frame and \
         the way through the pipeline later: the last column.</p>\n",
        l.mhz,
        l.bound,
        l.us(l.bound as f64),
        escape(&l.derivation),
    );
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
    html += &table(&head, &rows, &[0]);
    let Some(typical) = l.loads.get(1) else { return html };
    let samples: u64 = typical.histogram.iter().sum();
    let percent = |n: u64| 100.0 * n as f64 / samples.max(1) as f64;
    let highest = typical.histogram.iter().copied().max().unwrap_or(1);
    let plot = Plot::new(
        Axis::linear("clocks", 0.0, typical.histogram.len() as f64),
        Axis::linear("% of samples", 0.0, percent(highest)),
        Some(if typical.histogram.len() > 50 { 10.0 } else { 4.0 }),
    );
    let bars = typical.histogram.iter().enumerate().map(|(at, &n)| (at as f64, percent(n)));
    let picture = plot.bars(bars, 0.0, 0.8).svg("Distribution of latencies");
    html + &figure("Latencies of typical signals.", &picture)
}
