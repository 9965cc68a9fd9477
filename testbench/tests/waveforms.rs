//! Draws the waveform on each block's page from a simulation, and compares it with the page.
//!
//! After a change: `TIERWIRE_REDRAW=1 cargo test -p testbench waveforms`, and look at the
//! difference.

mod blocks;
mod coders;
mod models;
mod parts;
mod pipelines;
mod ports;
mod tables;

use hdl::Profile;
use hdl::shape::{CHALLENGE, feature_bits, leaky_bits, sum_bits};
use rust_hdl::prelude::*;
use std::path::Path;
use testbench::waveform::Level::{Nothing, Number};
use testbench::waveform::{Level, Waveform};

const FEATURE: usize = feature_bits(CHALLENGE);
const LEAKY: usize = leaky_bits(CHALLENGE);
const SUM: usize = sum_bits(CHALLENGE);

/// Compares with the page, or redraws it.
fn hold(block: &str, waveform: &Waveform) {
    let folder = Path::new(env!("CARGO_MANIFEST_DIR")).join("../hdl/waveforms");
    let file = folder.join(format!("{block}.txt"));
    let drawing = waveform.draw();
    if std::env::var_os("TIERWIRE_REDRAW").is_some() {
        std::fs::write(&file, &drawing).expect("a writable page");
    }
    let page = std::fs::read_to_string(&file).expect("a page to compare with");
    assert_eq!(page, drawing, "{block}: the page shows something else; see the head of this test");
}

fn number<const N: usize>(bits: Bits<N>) -> Level {
    Number(bits.to_u32().into())
}

/// A number of 10 bits with a sign.
fn signed(bits: Bits<10>) -> Level {
    Number(i64::from((bits.to_u16() << 6) as i16 >> 6))
}

fn when(valid: bool, level: Level) -> Level {
    if valid { level } else { Nothing }
}

fn bigram_32() -> Profile {
    Profile::named("bigram-32").unwrap()
}
