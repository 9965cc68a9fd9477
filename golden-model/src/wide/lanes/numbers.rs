//! One number for each lane, in vector registers.

use bytemuck::cast;
use simd::{i16x16, i32x8, u32x8};

/// Lanes.
pub const LANES: usize = 8;

/// A number for each lane.
pub type Numbers = i32x8;

/// Two 16-bit numbers for each lane, side by side: what a vector unit multiplies and adds at once.
pub type Pairs = i16x16;

/// `number / 2^shift`, to the nearest, for any number.
#[inline(always)]
pub fn rounded(number: Numbers, shift: u32) -> Numbers {
    // Plain form: (number + 2^(shift-1)) >> shift, which might not fit 32 bits.
    (number >> shift) + ((number >> (shift - 1)) & Numbers::ONE)
}

/// The low `bits` bits, the highest of them the sign.
#[inline(always)]
pub fn wrapped(number: Numbers, bits: u32) -> Numbers {
    (number << (32 - bits)) >> (32 - bits)
}

/// `step` times the sign of a number.
#[inline(always)]
pub fn signed(step: Numbers, number: Numbers) -> Numbers {
    (number.simd_gt(Numbers::ZERO) & step) - (number.simd_lt(Numbers::ZERO) & step)
}

/// Magnitudes.
#[inline(always)]
pub fn magnitudes(number: Numbers) -> Numbers {
    let sign = number >> 31u32;
    (number ^ sign) - sign
}

/// Residuals by nearness: 0, -1, 1, -2, 2 ...
#[inline(always)]
pub fn ranks_of(residuals: Numbers) -> Numbers {
    // Plain form: 2 r for r >= 0, else -2 r - 1.
    (residuals << 1u32) ^ (residuals >> 31u32)
}

/// The residuals of ranks.
#[inline(always)]
pub fn residuals_of(ranks: Numbers) -> Numbers {
    ((ranks >> 1u32) & Numbers::splat(i32::MAX)) ^ -(ranks & Numbers::ONE)
}

/// The low 16 bits of both, side by side.
#[inline(always)]
pub fn pairs(first: Numbers, second: Numbers) -> Pairs {
    cast((first & Numbers::splat(0xffff)) | (second << 16u32))
}

/// The same two numbers in every lane.
#[inline(always)]
pub fn pair(two: [i16; 2]) -> Pairs {
    let [first, second] = two.map(|number| Numbers::splat(number.into()));
    pairs(first, second)
}

/// The second of the pairs `newer`, and then the first of the pairs `older`: all move on by one.
#[inline(always)]
pub fn moved(newer: Pairs, older: Pairs) -> Pairs {
    let (newer, older): (u32x8, u32x8) = (cast(newer), cast(older));
    cast((newer >> 16u32) | (older << 16u32))
}

/// A lane's number, or its pair.
pub fn of<T: bytemuck::Pod>(numbers: T, lane: usize) -> i32 {
    let all: [i32; LANES] = cast(numbers);
    all[lane]
}

/// All ones in the lanes whose bit is set.
pub fn mask(lanes: u8) -> Numbers {
    Numbers::new(std::array::from_fn(|lane| -i32::from(lanes >> lane & 1)))
}
