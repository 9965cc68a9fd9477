//! The host of an SPI slave: one message after the other, the levels of its pins over time.

/// The pins that a host drives.
#[derive(Clone, Copy, Debug, PartialEq, Eq)]
pub struct SpiPins {
    /// The clock.
    pub sck: bool,
    /// Chip select.
    pub cs_n: bool,
    /// The host's bits.
    pub mosi: bool,
}

/// How a host sends.
#[derive(Clone, Copy, Debug)]
pub struct SpiHabits {
    /// The level of the clock between messages: low in mode 0, high in mode 3.
    pub idle: bool,
    /// Deselects right after the last bit, the clock still high.
    pub abrupt: bool,
}

/// Sends bits as one message, and returns those that came back. `step` holds the pins for half a period, and
/// returns the slave's bit as it is at the end of that.
pub fn message(
    bits: &[bool],
    habits: SpiHabits,
    step: &mut impl FnMut(SpiPins) -> bool,
) -> Vec<bool> {
    let SpiHabits { idle, abrupt } = habits;
    let first = bits.first().copied().unwrap_or_default();
    step(SpiPins { sck: idle, cs_n: false, mosi: first });
    let mut back = Vec::with_capacity(bits.len());
    for &mosi in bits {
        back.push(step(SpiPins { sck: false, cs_n: false, mosi }));
        step(SpiPins { sck: true, cs_n: false, mosi });
    }
    if !abrupt {
        step(SpiPins { sck: idle, cs_n: false, mosi: false });
    }
    let sck = if abrupt { !bits.is_empty() || idle } else { idle };
    step(SpiPins { sck, cs_n: true, mosi: false });
    step(SpiPins { sck: idle, cs_n: true, mosi: false });
    back
}

/// Bytes as bits, the most significant one first.
pub fn bits_of(bytes: &[u8]) -> Vec<bool> {
    bytes.iter().flat_map(|byte| (0..8).rev().map(move |bit| byte >> bit & 1 == 1)).collect()
}

/// A number of up to 32 bits, the most significant one first.
pub fn number_of(bits: &[bool]) -> u32 {
    bits.iter().fold(0, |number, &bit| number << 1 | u32::from(bit))
}
