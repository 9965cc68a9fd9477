//! What every processor has.

use bytemuck::cast;
use simd::{i16x16, i32x8, u32x8};

use super::{Vectors, Work};

/// Vectors of what width there is.
#[derive(Clone, Copy)]
pub struct Portable;

impl Vectors for Portable {
    type Numbers = i32x8;
    type Pairs = i16x16;

    #[inline(always)]
    fn run<W: Work>(self, work: W) -> W::Output {
        work.done()
    }

    #[inline(always)]
    fn splat(self, number: i32) -> i32x8 {
        i32x8::splat(number)
    }

    #[inline(always)]
    fn add(self, a: i32x8, b: i32x8) -> i32x8 {
        a + b
    }

    #[inline(always)]
    fn sub(self, a: i32x8, b: i32x8) -> i32x8 {
        a - b
    }

    #[inline(always)]
    fn and(self, a: i32x8, b: i32x8) -> i32x8 {
        a & b
    }

    #[inline(always)]
    fn or(self, a: i32x8, b: i32x8) -> i32x8 {
        a | b
    }

    #[inline(always)]
    fn xor(self, a: i32x8, b: i32x8) -> i32x8 {
        a ^ b
    }

    #[inline(always)]
    fn max(self, a: i32x8, b: i32x8) -> i32x8 {
        a.max(b)
    }

    #[inline(always)]
    fn min(self, a: i32x8, b: i32x8) -> i32x8 {
        a.min(b)
    }

    #[inline(always)]
    fn left(self, a: i32x8, shift: u32) -> i32x8 {
        a << shift
    }

    #[inline(always)]
    fn right(self, a: i32x8, shift: u32) -> i32x8 {
        a >> shift
    }

    #[inline(always)]
    fn right_of_bits(self, a: i32x8, shift: u32) -> i32x8 {
        cast(cast::<_, u32x8>(a) >> shift)
    }

    #[inline(always)]
    fn greater(self, a: i32x8, b: i32x8) -> i32x8 {
        a.simd_gt(b)
    }

    #[inline(always)]
    fn bits_of_floats(self, a: i32x8) -> i32x8 {
        cast(a.round_float())
    }

    #[inline(always)]
    fn dot(self, a: i16x16, b: i16x16) -> i32x8 {
        a.dot(b)
    }

    #[inline(always)]
    fn learned(
        self,
        weights: i16x16,
        features: i16x16,
        toward: i16x16,
        [low, high]: [i16x16; 2],
    ) -> i16x16 {
        let signs = features.max(i16x16::splat(-1)).min(i16x16::splat(1));
        (weights + toward * signs).max(low).min(high)
    }
}
