//! One number for each lane, in vector registers: what a processor's vector unit can do with eight at once.

#[cfg(target_arch = "x86_64")]
mod avx2;
mod portable;

#[cfg(target_arch = "x86_64")]
pub use avx2::Avx2;
use bytemuck::{Pod, cast};
pub use portable::Portable;

use crate::wide::activity;

/// Lanes.
pub const LANES: usize = 8;

/// Work for a vector unit. A closure would do, but could not be told to be compiled for the unit.
pub trait Work {
    /// What it gives.
    type Output;

    /// Does it; to be inlined, with all that it calls in its loops.
    fn done(self) -> Self::Output;
}

/// A vector unit.
pub trait Vectors: Copy {
    /// A 32-bit number for each lane.
    type Numbers: Pod;
    /// Two 16-bit numbers for each lane, the first one in the low half: what is multiplied and added at once.
    type Pairs: Pod;

    /// Does work with this unit.
    fn run<W: Work>(self, work: W) -> W::Output;

    fn splat(self, number: i32) -> Self::Numbers;
    fn add(self, a: Self::Numbers, b: Self::Numbers) -> Self::Numbers;
    fn sub(self, a: Self::Numbers, b: Self::Numbers) -> Self::Numbers;
    fn and(self, a: Self::Numbers, b: Self::Numbers) -> Self::Numbers;
    fn or(self, a: Self::Numbers, b: Self::Numbers) -> Self::Numbers;
    fn xor(self, a: Self::Numbers, b: Self::Numbers) -> Self::Numbers;
    fn max(self, a: Self::Numbers, b: Self::Numbers) -> Self::Numbers;
    fn min(self, a: Self::Numbers, b: Self::Numbers) -> Self::Numbers;
    fn left(self, a: Self::Numbers, shift: u32) -> Self::Numbers;
    /// To the right; the sign moves in.
    fn right(self, a: Self::Numbers, shift: u32) -> Self::Numbers;
    /// To the right; zeros move in.
    fn right_of_bits(self, a: Self::Numbers, shift: u32) -> Self::Numbers;
    /// All ones where `a > b`, else zeros.
    fn greater(self, a: Self::Numbers, b: Self::Numbers) -> Self::Numbers;
    /// The bits of the nearest floats.
    fn bits_of_floats(self, a: Self::Numbers) -> Self::Numbers;
    /// Sums of the products of pairs.
    fn dot(self, a: Self::Pairs, b: Self::Pairs) -> Self::Numbers;
    /// Moves weights by `toward` times the features' signs, within `low` and `high`.
    fn learned(
        self,
        weights: Self::Pairs,
        features: Self::Pairs,
        toward: Self::Pairs,
        limits: [Self::Pairs; 2],
    ) -> Self::Pairs;

    /// `a / 2^shift`, to the nearest, for any `a`.
    #[inline(always)]
    fn rounded(self, a: Self::Numbers, shift: u32) -> Self::Numbers {
        // Plain form: (a + 2^(shift-1)) >> shift, which might not fit 32 bits.
        let half = self.and(self.right(a, shift - 1), self.splat(1));
        self.add(self.right(a, shift), half)
    }

    /// The low `bits` bits, the highest of them the sign.
    #[inline(always)]
    fn wrapped(self, a: Self::Numbers, bits: u32) -> Self::Numbers {
        self.right(self.left(a, 32 - bits), 32 - bits)
    }

    /// `step` times the sign of `a`.
    #[inline(always)]
    fn signed(self, step: Self::Numbers, a: Self::Numbers) -> Self::Numbers {
        let zero = self.splat(0);
        let up = self.and(self.greater(a, zero), step);
        self.sub(up, self.and(self.greater(zero, a), step))
    }

    /// Magnitudes.
    #[inline(always)]
    fn magnitudes(self, a: Self::Numbers) -> Self::Numbers {
        let sign = self.right(a, 31);
        self.sub(self.xor(a, sign), sign)
    }

    /// Residuals by nearness: 0, -1, 1, -2, 2 ...
    #[inline(always)]
    fn ranks_of(self, residuals: Self::Numbers) -> Self::Numbers {
        // Plain form: 2 r for r >= 0, else -2 r - 1.
        self.xor(self.left(residuals, 1), self.right(residuals, 31))
    }

    /// The residuals of ranks.
    #[inline(always)]
    fn residuals_of(self, ranks: Self::Numbers) -> Self::Numbers {
        let is_odd = self.and(ranks, self.splat(1));
        self.xor(self.right_of_bits(ranks, 1), self.sub(self.splat(0), is_odd))
    }

    /// The low 16 bits of both, side by side.
    #[inline(always)]
    fn pairs(self, first: Self::Numbers, second: Self::Numbers) -> Self::Pairs {
        cast(self.or(self.and(first, self.splat(0xffff)), self.left(second, 16)))
    }

    /// The same two numbers in every lane.
    #[inline(always)]
    fn pair(self, [first, second]: [i16; 2]) -> Self::Pairs {
        self.pairs(self.splat(first.into()), self.splat(second.into()))
    }

    /// The second of the pairs `newer`, and then the first of the pairs `older`: all move on by one.
    #[inline(always)]
    fn moved(self, newer: Self::Pairs, older: Self::Pairs) -> Self::Pairs {
        cast(self.or(self.right_of_bits(cast(newer), 16), self.left(cast(older), 16)))
    }

    /// The running means of [`activity`] behind these residuals, which have at most 17 bits.
    #[inline(always)]
    fn next_activity(self, means: Self::Numbers, residuals: Self::Numbers) -> Self::Numbers {
        let quarters = self.left(self.magnitudes(residuals), activity::QUARTERS);
        self.sub(self.add(means, quarters), self.right(means, activity::SHIFT))
    }

    /// The levels of such means.
    #[inline(always)]
    fn level(self, means: Self::Numbers) -> Self::Numbers {
        // A float is made of what a level is: exponent, and the bits behind the leading one. Means of 21
        // bits are exact in its 24.
        let bits = self.bits_of_floats(self.add(means, self.splat(1)));
        self.sub(self.right(bits, 21), self.splat(127 << 2))
    }

    /// `a` in the lanes of a mask, else `b`.
    #[inline(always)]
    fn select<T: Pod>(self, mask: Self::Numbers, a: T, b: T) -> T {
        let (a, b): (Self::Numbers, Self::Numbers) = (cast(a), cast(b));
        cast(self.xor(b, self.and(mask, self.xor(a, b))))
    }

    /// All ones in the lanes whose bit is set.
    #[inline(always)]
    fn mask(self, lanes: u8) -> Self::Numbers {
        cast::<[i32; LANES], _>(std::array::from_fn(|lane| -i32::from(lanes >> lane & 1)))
    }
}

/// As an array; of pairs, both in one number.
#[inline(always)]
pub fn array<T: Pod>(vector: T) -> [i32; LANES] {
    cast(vector)
}
