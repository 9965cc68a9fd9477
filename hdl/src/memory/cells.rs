//! What a memory holds in simulation.

use rust_hdl::prelude::*;

/// What a memory holds, as a block without signals: every field of a block has to be one.
#[derive(Clone, Debug, Default)]
pub(crate) struct Held<T>(pub(crate) T);

impl<T> Logic for Held<T> {
    fn update(&mut self) {}
}

impl<T> Block for Held<T> {
    fn connect_all(&mut self) {}
    fn update_all(&mut self) {}
    fn has_changed(&self) -> bool {
        false
    }
    fn accept(&self, _name: &str, _probe: &mut dyn Probe) {}
}

/// Marks a memory that is never written and read at the same clock, for [`asic`](crate::verilog::asic).
pub(crate) const ONE_PORT: &str = "one_port";

/// The words of a memory that is written.
#[derive(Clone, Debug, Default)]
pub(super) struct Cells<const DATA: usize> {
    words: Vec<Bits<DATA>>,
    /// Bits of a word.
    pub(super) bits: usize,
}

impl<const DATA: usize> Cells<DATA> {
    /// Words that nobody has written. In simulation they are ones, which no initial state is: whoever
    /// reads before writing is found out.
    ///
    /// # Panics
    /// When the ports have fewer bits.
    pub(super) fn unwritten(address_bits: usize, bits: usize) -> Self {
        assert!((1..=DATA).contains(&bits), "words of {bits} bits");
        Cells { words: vec![kept(Bits::mask(), bits); 1 << address_bits], bits }
    }

    /// Bits of an address.
    pub(super) fn address_bits(&self) -> usize {
        self.words.len().ilog2() as usize
    }

    /// Writes a word: address and word are cut to the bits that the memory has.
    pub(super) fn write<const N: usize>(&mut self, address: Bits<N>, word: Bits<DATA>) {
        let last = self.words.len() - 1;
        self.words[address.index() & last] = kept(word, self.bits);
    }

    /// The word at an address.
    pub(super) fn read<const N: usize>(&self, address: Bits<N>) -> Bits<DATA> {
        self.words[address.index() & (self.words.len() - 1)]
    }
}

/// The low bits of a word.
fn kept<const DATA: usize>(word: Bits<DATA>, bits: usize) -> Bits<DATA> {
    (word.index() & (usize::MAX >> (usize::BITS as usize - bits))).to_bits()
}

/// A port of `bits` bits in Verilog, of which a memory takes the `taken` low ones.
pub(super) fn low_bits(port: &str, bits: usize, taken: usize) -> String {
    if bits == taken { port.to_owned() } else { format!("{port}[{}:0]", taken - 1) }
}

/// What a memory of `taken` bits a word drives on a port of `bits` bits.
pub(super) fn filled_up(word: &str, bits: usize, taken: usize) -> String {
    if bits == taken { word.to_owned() } else { format!("{{{}'h0, {word}}}", bits - taken) }
}

/// Tells lint that the bits from `taken` up are not looked at, of ports given as (name, bits, taken).
/// Verilator passes over a signal of this name.
pub(super) fn unused(ports: &[(&str, usize, usize)]) -> String {
    let surplus = ports.iter().filter(|(_, bits, taken)| bits > taken);
    let surplus: Vec<String> =
        surplus.map(|(port, bits, taken)| format!("{port}[{}:{taken}]", bits - 1)).collect();
    if surplus.is_empty() {
        return String::new();
    }
    format!(
        "\n\n// The memory is smaller than its ports: it does not look at these bits.\n\
         wire unused = &{{1'b0, {}}};",
        surplus.join(", ")
    )
}
