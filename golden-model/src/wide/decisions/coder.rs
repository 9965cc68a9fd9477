//! **Coder** of answers: a binary range coder without carries.
//!
//! ```text
//! interval  low ..= high, 64 bits each
//! yes       low ..= middle          middle = low + (high - low) / 2^16 * probability
//! no        middle + 1 ..= high
//! ```
//! A probability is 16 bits; that of a sum is the logistic function, in steps of 1/128 on straight lines
//! between its values at quarters, and flat from 8 on. Whenever the upper 32 bits of both ends agree, they are sent. At the end, as few bytes are sent as name a
//! number in the interval, zeros following.

/// Answers with a probability, into bits or out of them.
pub trait Coder: Default {
    /// The answer, where yes has this probability, 1 to 65,535 in 65,536. An encoder is told it.
    fn answer(&mut self, yes: u32, told: bool) -> bool;

    /// Whether there is nothing left to answer from.
    fn is_over(&self) -> bool {
        false
    }
}

/// The interval.
#[derive(Clone, Copy, Debug)]
struct Interval {
    low: u64,
    high: u64,
}

impl Default for Interval {
    fn default() -> Interval {
        Interval { low: 0, high: u64::MAX }
    }
}

impl Interval {
    #[inline(always)]
    fn middle(&self, yes: u32) -> u64 {
        self.low + ((self.high - self.low) >> 16) * u64::from(yes)
    }

    #[inline(always)]
    fn take(&mut self, middle: u64, answer: bool) {
        if answer {
            self.high = middle;
        } else {
            self.low = middle + 1;
        }
    }

    #[inline(always)]
    fn is_settled(&self) -> bool {
        (self.low ^ self.high) >> 32 == 0
    }

    #[inline(always)]
    fn shift(&mut self) {
        self.low <<= 32;
        self.high = self.high << 32 | u64::from(u32::MAX);
    }

    /// The shortest bytes that name a number in the interval, zeros following.
    fn last(&self) -> Vec<u8> {
        let named = |bytes: &u32| {
            let mask = u64::MAX.checked_shl(64 - 8 * bytes).unwrap_or(0);
            self.high & mask >= self.low
        };
        let bytes = (0..8).find(named).unwrap_or(8);
        self.high.to_be_bytes()[..bytes as usize].to_vec()
    }
}

/// Answers into bytes.
#[derive(Clone, Debug, Default)]
pub struct Writer {
    interval: Interval,
    bytes: Vec<u8>,
}

impl Writer {
    /// All bytes.
    pub fn finish(mut self) -> Vec<u8> {
        self.bytes.extend(self.interval.last());
        self.bytes
    }
}

impl Coder for Writer {
    #[inline(always)]
    fn answer(&mut self, yes: u32, told: bool) -> bool {
        let middle = self.interval.middle(yes);
        self.interval.take(middle, told);
        while self.interval.is_settled() {
            self.bytes.extend(((self.interval.high >> 32) as u32).to_be_bytes());
            self.interval.shift();
        }
        told
    }
}

/// Answers out of bytes; zeros follow them.
#[derive(Clone, Debug, Default)]
pub struct Reader<'b> {
    interval: Interval,
    /// The bytes from the interval's first on.
    number: u64,
    bytes: &'b [u8],
    /// Words taken, two of them at the beginning.
    words: usize,
}

impl<'b> Reader<'b> {
    /// Begins at the first byte.
    pub fn new(bytes: &'b [u8]) -> Reader<'b> {
        let mut reader = Reader { bytes, ..Reader::default() };
        reader.word();
        reader.word();
        reader
    }

    #[inline(always)]
    fn word(&mut self) {
        let rest = self.bytes.get(4 * self.words..).unwrap_or_default();
        let word = match rest.first_chunk() {
            Some(four) => u32::from_be_bytes(*four),
            None => {
                let mut four = [0; 4];
                four[..rest.len()].copy_from_slice(rest);
                u32::from_be_bytes(four)
            }
        };
        self.number = self.number << 32 | u64::from(word);
        self.words += 1;
    }

    /// Whether answers were made of zeros behind the last byte alone.
    pub fn overrun(&self) -> bool {
        4 * (self.words - 2) > self.bytes.len()
    }

    /// Whether a writer that gave these answers would have sent just these bytes.
    pub fn ends_here(&self) -> bool {
        let last = self.interval.last();
        self.bytes.get(4 * (self.words - 2)..) == Some(&last)
    }
}

impl Coder for Reader<'_> {
    #[inline(always)]
    fn answer(&mut self, yes: u32, _: bool) -> bool {
        let middle = self.interval.middle(yes);
        let answer = self.number <= middle;
        self.interval.take(middle, answer);
        while self.interval.is_settled() {
            self.interval.shift();
            self.word();
        }
        answer
    }

    fn is_over(&self) -> bool {
        self.overrun()
    }
}

/// Learns without writing.
#[derive(Clone, Copy, Debug, Default)]
pub struct Told;

impl Coder for Told {
    #[inline(always)]
    fn answer(&mut self, _: u32, told: bool) -> bool {
        told
    }
}

/// Steps of the logistic function to a natural unit.
const STEPS: usize = 128;
/// It is taken to be flat beyond so many units.
const UNITS: usize = 8;

/// 65,536 / (1 + e^-x) for x in quarters.
const LOGISTIC: [u16; 4 * UNITS + 1] = [
    32768, 36843, 40793, 44511, 47911, 50941, 53581, 55834, 57724, 59287, 60565, 61598, 62428,
    63090, 63615, 64030, 64357, 64614, 64816, 64974, 65097, 65194, 65269, 65328, 65374, 65410,
    65438, 65459, 65476, 65489, 65500, 65508, 65514,
];

/// `[x]` from -8 to 8 units, in 65,536ths.
static PROBABILITIES: [u16; 2 * STEPS * UNITS] = {
    let mut table = [0; 2 * STEPS * UNITS];
    let mut at = 0;
    while at < STEPS * UNITS {
        // Straight lines between the quarters.
        let (quarter, within) = (4 * at / STEPS, 4 * at % STEPS);
        let [here, next] = [LOGISTIC[quarter] as usize, LOGISTIC[quarter + 1] as usize];
        let share = here + (next - here) * within / STEPS;
        table[STEPS * UNITS + at] = share as u16;
        table[STEPS * UNITS - 1 - at] = (65536 - share) as u16;
        at += 1;
    }
    table
};

/// The probability of yes, where the weights have this sum, 8192 times the natural unit.
#[inline(always)]
pub fn probability(sum: i32) -> u32 {
    const LIMIT: i32 = (STEPS * UNITS) as i32;
    let x = (sum >> 6).clamp(-LIMIT, LIMIT - 1) + LIMIT;
    PROBABILITIES[x as usize & (2 * STEPS * UNITS - 1)].into()
}

#[cfg(test)]
mod tests {
    use super::*;
    use proptest::prelude::*;

    fn written(answers: &[(u16, bool)]) -> Vec<u8> {
        let mut writer = Writer::default();
        answers.iter().for_each(|&(yes, told)| {
            writer.answer(yes.max(1).into(), told);
        });
        writer.finish()
    }

    proptest! {
        #[test]
        fn answers_come_back(answers in prop::collection::vec((any::<u16>(), any::<bool>()), 0..3000)) {
            let bytes = written(&answers);
            let mut reader = Reader::new(&bytes);
            for &(yes, told) in &answers {
                prop_assert_eq!(reader.answer(yes.max(1).into(), false), told);
            }
            prop_assert!(!reader.overrun() && reader.ends_here());
            let longer = [&bytes[..], &[0]].concat();
            let mut reader = Reader::new(&longer);
            answers.iter().for_each(|&(yes, _)| { reader.answer(yes.max(1).into(), false); });
            prop_assert!(!reader.ends_here());
        }
    }

    #[test]
    fn bits_are_those_of_the_probabilities() {
        // Half a million answers of a tenth of a bit on average, rarely another one.
        let answers: Vec<(u16, bool)> = (0..500_000).map(|at| (64_700, at % 79 != 0)).collect();
        let one = |yes: bool| if yes { 64_700.0 } else { 836.0 } / 65_536.0;
        let bits: f64 = answers.iter().map(|&(_, yes)| -f64::log2(one(yes))).sum();
        let bytes = written(&answers).len() as f64;
        assert!((bytes - bits / 8.0).abs() < 0.001 * bytes, "{bytes} {bits}");
    }

    #[test]
    fn probabilities_are_logistic_and_never_change() {
        for sum in (-80_000..80_000).step_by(64) {
            let exact = 65_536.0 / (1.0 + (-f64::from(sum) / 8192.0).exp());
            let exact = exact.clamp(22.0, 65_514.0);
            let share = f64::from(probability(sum));
            assert!((share - exact).abs() < 160.0, "{sum}: {share} {exact}");
            assert!(probability(sum) <= probability(sum + 64));
        }
        assert_eq!((probability(i32::MIN), probability(i32::MAX)), (23, 65_513));
        let bytes: Vec<u8> = PROBABILITIES.iter().flat_map(|p| p.to_le_bytes()).collect();
        assert_eq!(crc32fast::hash(&bytes), 1_632_832_271);
    }
}
