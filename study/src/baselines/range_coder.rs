//! An adaptive range coder: symbols of 8 bits, each model's frequencies learned as it goes.
//!
//! The encoder keeps an interval `low..low + range` of 32 bits. A symbol narrows it to its share; when
//! the interval's top byte is settled that byte is sent. A carry out of `low` runs through the bytes
//! that wait, as in LZMA.

/// Symbols of a model.
pub const SYMBOLS: usize = 256;
/// Below it the interval is widened by a byte.
const NARROW: u32 = 1 << 24;

/// Frequencies of symbols.
#[derive(Clone)]
pub struct Model {
    counts: [u16; SYMBOLS],
    total: u32,
}

impl Model {
    /// What a symbol adds to its count; a new model has 1 for each.
    const STEP: u16 = 8;
    /// From this total on all counts are halved: older symbols count for less.
    const MOST: u32 = 1 << 16;

    fn learn(&mut self, symbol: usize) {
        self.counts[symbol] += Model::STEP;
        self.total += u32::from(Model::STEP);
        if self.total >= Model::MOST {
            self.counts.iter_mut().for_each(|count| *count -= *count / 2);
            self.total = self.counts.iter().map(|&count| u32::from(count)).sum();
        }
    }
}

impl Default for Model {
    fn default() -> Model {
        Model { counts: [1; SYMBOLS], total: SYMBOLS as u32 }
    }
}

/// Gathers symbols.
pub struct RangeEncoder {
    out: Vec<u8>,
    low: u64,
    range: u32,
    /// Bytes that a carry may still change: one, and 0xff as often as this says less one.
    waiting: usize,
    first: u8,
}

impl Default for RangeEncoder {
    fn default() -> RangeEncoder {
        RangeEncoder { out: Vec::new(), low: 0, range: u32::MAX, waiting: 0, first: 0 }
    }
}

impl RangeEncoder {
    /// Appends a symbol, and the model learns it.
    pub fn put(&mut self, symbol: u8, model: &mut Model) {
        let symbol = usize::from(symbol);
        let before: u32 = model.counts[..symbol].iter().map(|&count| u32::from(count)).sum();
        self.narrow(before, model.counts[symbol].into(), model.total);
        model.learn(symbol);
    }

    /// Appends the low 9 bits of a number, all as likely.
    pub fn put_bits(&mut self, bits: u32) {
        self.narrow(bits & 0x1ff, 1, 0x200);
    }

    fn narrow(&mut self, before: u32, count: u32, total: u32) {
        let share = self.range / total;
        self.low += u64::from(share) * u64::from(before);
        self.range = share * count;
        while self.range < NARROW {
            self.range <<= 8;
            self.shift();
        }
    }

    /// Sends the top byte of `low`, or lets it wait for a carry.
    fn shift(&mut self) {
        let (carry, byte) = ((self.low >> 32) as u8, (self.low >> 24) as u8);
        if carry == 1 || byte < 0xff {
            if self.waiting > 0 {
                self.out.push(self.first.wrapping_add(carry));
                let between = 0xffu8.wrapping_add(carry);
                self.out.extend(std::iter::repeat_n(between, self.waiting - 1));
            }
            (self.first, self.waiting) = (byte, 0);
        }
        self.waiting += 1;
        self.low = (self.low & 0x00ff_ffff) << 8;
    }

    /// All bytes.
    pub fn finish(mut self) -> Vec<u8> {
        (0..5).for_each(|_| self.shift());
        self.out
    }
}

/// Hands symbols out.
pub struct RangeDecoder<'b> {
    bytes: &'b [u8],
    value: u32,
    range: u32,
}

impl<'b> RangeDecoder<'b> {
    /// From the first byte; `None` when there are fewer than every encoder makes.
    pub fn new(bytes: &'b [u8]) -> Option<RangeDecoder<'b>> {
        let (first, rest) = bytes.split_first_chunk()?;
        Some(RangeDecoder { bytes: rest, value: u32::from_be_bytes(*first), range: u32::MAX })
    }

    /// The next symbol, which the model learns; `None` when its bytes are not there.
    pub fn take(&mut self, model: &mut Model) -> Option<u8> {
        let place = self.place(model.total);
        let (mut symbol, mut before) = (0, 0);
        while before + u32::from(model.counts[symbol]) <= place {
            before += u32::from(model.counts[symbol]);
            symbol += 1;
        }
        self.narrow(before, model.counts[symbol].into(), model.total)?;
        model.learn(symbol);
        Some(symbol as u8)
    }

    /// The next 9 bits, all as likely.
    pub fn take_bits(&mut self) -> Option<u32> {
        let bits = self.place(0x200);
        self.narrow(bits, 1, 0x200)?;
        Some(bits)
    }

    /// Where the value lies within the total.
    fn place(&self, total: u32) -> u32 {
        (self.value / (self.range / total)).min(total - 1)
    }

    fn narrow(&mut self, before: u32, count: u32, total: u32) -> Option<()> {
        let share = self.range / total;
        self.value = self.value.wrapping_sub(share * before);
        self.range = share * count;
        while self.range < NARROW {
            let (&byte, rest) = self.bytes.split_first()?;
            self.bytes = rest;
            self.value = self.value << 8 | u32::from(byte);
            self.range <<= 8;
        }
        Some(())
    }
}

#[cfg(test)]
mod tests {
    use super::*;
    use proptest::prelude::*;

    proptest! {
        #[test]
        fn symbols_come_back(symbols in prop::collection::vec(any::<u8>(), 0..2000)) {
            let (mut encoder, mut model) = (RangeEncoder::default(), Model::default());
            for &symbol in &symbols {
                encoder.put(symbol, &mut model);
                encoder.put_bits(u32::from(symbol) * 2);
            }
            let bytes = encoder.finish();
            let (mut decoder, mut model) = (RangeDecoder::new(&bytes).unwrap(), Model::default());
            for symbol in symbols {
                prop_assert_eq!(decoder.take(&mut model), Some(symbol));
                prop_assert_eq!(decoder.take_bits(), Some(u32::from(symbol) * 2));
            }
        }
    }
}
