//! Registers of 256 bits: x86 processors since about 2013, asked for at run time.

use std::arch::x86_64::__m256i;

use bytemuck::cast;
use pulp::NullaryFnOnce;
use pulp::x86::V3;

use super::{Vectors, Work};

/// The unit of a processor that has it.
#[derive(Clone, Copy)]
pub struct Avx2(V3);

impl Avx2 {
    /// `None`: this processor has none.
    pub fn found() -> Option<Avx2> {
        V3::try_new().map(Avx2)
    }
}

/// Work, as pulp takes it.
struct Vectorized<W>(W);

impl<W: Work> NullaryFnOnce for Vectorized<W> {
    type Output = W::Output;

    #[inline(always)]
    fn call(self) -> W::Output {
        self.0.done()
    }
}

impl Vectors for Avx2 {
    type Numbers = __m256i;
    type Pairs = __m256i;

    #[inline(always)]
    fn run<W: Work>(self, work: W) -> W::Output {
        self.0.vectorize(Vectorized(work))
    }

    #[inline(always)]
    fn splat(self, number: i32) -> __m256i {
        self.0.avx._mm256_set1_epi32(number)
    }

    #[inline(always)]
    fn add(self, a: __m256i, b: __m256i) -> __m256i {
        self.0.avx2._mm256_add_epi32(a, b)
    }

    #[inline(always)]
    fn sub(self, a: __m256i, b: __m256i) -> __m256i {
        self.0.avx2._mm256_sub_epi32(a, b)
    }

    #[inline(always)]
    fn and(self, a: __m256i, b: __m256i) -> __m256i {
        self.0.avx2._mm256_and_si256(a, b)
    }

    #[inline(always)]
    fn or(self, a: __m256i, b: __m256i) -> __m256i {
        self.0.avx2._mm256_or_si256(a, b)
    }

    #[inline(always)]
    fn xor(self, a: __m256i, b: __m256i) -> __m256i {
        self.0.avx2._mm256_xor_si256(a, b)
    }

    #[inline(always)]
    fn max(self, a: __m256i, b: __m256i) -> __m256i {
        self.0.avx2._mm256_max_epi32(a, b)
    }

    #[inline(always)]
    fn min(self, a: __m256i, b: __m256i) -> __m256i {
        self.0.avx2._mm256_min_epi32(a, b)
    }

    #[inline(always)]
    fn left(self, a: __m256i, shift: u32) -> __m256i {
        self.0.avx2._mm256_sll_epi32(a, cast([u64::from(shift), 0]))
    }

    #[inline(always)]
    fn right(self, a: __m256i, shift: u32) -> __m256i {
        self.0.avx2._mm256_sra_epi32(a, cast([u64::from(shift), 0]))
    }

    #[inline(always)]
    fn right_of_bits(self, a: __m256i, shift: u32) -> __m256i {
        self.0.avx2._mm256_srl_epi32(a, cast([u64::from(shift), 0]))
    }

    #[inline(always)]
    fn greater(self, a: __m256i, b: __m256i) -> __m256i {
        self.0.avx2._mm256_cmpgt_epi32(a, b)
    }

    #[inline(always)]
    fn bits_of_floats(self, a: __m256i) -> __m256i {
        cast(self.0.avx._mm256_cvtepi32_ps(a))
    }

    #[inline(always)]
    fn dot(self, a: __m256i, b: __m256i) -> __m256i {
        self.0.avx2._mm256_madd_epi16(a, b)
    }

    #[inline(always)]
    fn learned(
        self,
        weights: __m256i,
        features: __m256i,
        toward: __m256i,
        [low, high]: [__m256i; 2],
    ) -> __m256i {
        let avx2 = self.0.avx2;
        let moved = avx2._mm256_add_epi16(weights, avx2._mm256_sign_epi16(toward, features));
        avx2._mm256_min_epi16(avx2._mm256_max_epi16(moved, low), high)
    }
}
