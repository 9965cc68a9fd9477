//! The table set that the executables carry, `src/tables.bin`, in the form that `src/tables.rs`
//! describes. `TIERWIRE_REDRAW=1` writes it.

use std::{env, fs};

use challenge::tables::{NAME, RICE_BITS, WIDTH_BITS};
use golden_model::TableSet;
use golden_model::bit_packer::BitPacker;
use golden_model::rank_table::nearness_order;
use golden_model::shipped;
use golden_model::tier_coder::Code;

#[test]
fn the_executables_carry_the_shipped_set() {
    let file = concat!(env!("CARGO_MANIFEST_DIR"), "/src/tables.bin");
    let image = image(&shipped(NAME).unwrap());
    if env::var_os("TIERWIRE_REDRAW").is_some() {
        fs::write(file, &image).unwrap();
    }
    assert!(fs::read(file).unwrap_or_default() == image, "TIERWIRE_REDRAW=1 writes it");
}

/// Numbers in as many bits as each needs.
#[derive(Default)]
struct Image {
    packer: BitPacker,
    bytes: Vec<u8>,
}

impl Image {
    fn number(&mut self, value: u32, len: u8) {
        assert!(value >> len == 0, "{value} in {len} bits");
        if let Some(word) = self.packer.push(Code { bits: value, len }) {
            self.bytes.extend(word.to_be_bytes());
        }
    }

    fn rice(&mut self, value: u32) {
        (0..value >> RICE_BITS).for_each(|_| self.number(1, 1));
        self.number(0, 1);
        self.number(value & ((1 << RICE_BITS) - 1), RICE_BITS as u8);
    }

    /// A width is near the one before: how far above or below, in low bits by how wide that is.
    fn width(&mut self, before: u16, width: u16) {
        let change = i32::from(width) - i32::from(before);
        let folded = (change << 1 ^ change >> 31) as u32;
        let low_bits = (before | 1).ilog2().saturating_sub(WIDTH_BITS) as u8;
        let upper = (folded >> low_bits) + 1;
        let bits = upper.ilog2() as u8;
        (0..bits).for_each(|_| self.number(1, 1));
        self.number(0, 1);
        for (value, bits) in [(upper, bits), (folded, low_bits)] {
            if bits > 0 {
                self.number(value & ((1 << bits) - 1), bits);
            }
        }
    }

    fn finish(mut self) -> Vec<u8> {
        self.bytes.extend(self.packer.flush().into_iter().flat_map(u32::to_be_bytes));
        self.bytes
    }
}

fn image(set: &TableSet) -> Vec<u8> {
    let parts = set.parts();
    let mut image = Image::default();
    image.number(parts.differences.into(), 4);
    image.number(parts.means.into(), 4);
    parts.weights.iter().for_each(|&weight| image.number(u32::from(weight as u16), 16));
    image.number(parts.fold.into(), 11);
    image.number(parts.window.into(), 10);
    image.number(parts.activity.shift.into(), 4);
    image.number(parts.activity.start.into(), 16);
    image.number(parts.activity.thresholds.len() as u32, 8);
    parts.activity.thresholds.iter().for_each(|&level| image.number(level.into(), 8));
    let range = set.range_code().expect("a range coder").shape();
    for class in range.classes.concat() {
        image.number(class.into(), 8);
    }
    image.number(range.widths.len() as u32, 9);
    for widths in &range.widths {
        image.number(widths.len() as u32, 8);
        let mut before = 0;
        for &width in widths {
            image.width(before, width);
            before = width;
        }
    }
    for row in &parts.rows {
        let mut left: Vec<i16> = nearness_order(parts.window).collect();
        for offset in row {
            let place = left.iter().position(|o| o == offset).expect("each offset once");
            left.remove(place);
            image.rice(place as u32);
        }
    }
    image.finish()
}
