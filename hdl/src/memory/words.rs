//! The words of a table: what it says, fixed or loaded, and its Verilog. [`Rom`](crate::memory::rom::Rom) is the block around them.

use crate::memory::cells::{ONE_PORT, filled_up, low_bits, unused};
use crate::tables::table::{ADDRESS, LOAD_AT, LOAD_WORD, LoadAt, TableLayout};
use golden_model::rank_class;
use std::fmt::Write as _;

/// The words of a table, in the order of their addresses.
#[derive(Clone, Debug, Default)]
pub(crate) struct Words {
    words: Vec<u32>,
    /// Bits of `high` that select a row.
    high_bits: usize,
    /// Bits that select a word of it: of `low`, or of its class.
    low_bits: usize,
    /// Bits of a word.
    bits: usize,
    by_class: bool,
    loaded: Option<Banks>,
}

/// The banks of a table that is loaded.
#[derive(Clone, Debug)]
struct Banks {
    /// The table's number.
    number: u8,
    words: [Vec<u32>; 2],
    /// What was read last of each.
    read: [u32; 2],
}

impl Words {
    /// The words of these rows, each of as many: a power of two. Missing rows are zeros.
    ///
    /// # Panics
    /// When the rows are of other lengths.
    pub(crate) fn new(rows: impl IntoIterator<Item = Vec<u32>>) -> Self {
        let mut rows = rows.into_iter().peekable();
        let length = rows.peek().map_or(0, Vec::len);
        assert!(length.is_power_of_two(), "rows of {length} words");
        let mut words = Vec::new();
        for row in rows {
            assert_eq!(row.len(), length, "all rows are of one length");
            words.extend(row);
        }
        let low_bits = length.ilog2() as usize;
        let high_bits = (words.len() / length).next_power_of_two().ilog2() as usize;
        words.resize(length << high_bits, 0);
        let largest = words.iter().max().map_or(0, |word| word.checked_ilog2().unwrap_or(0));
        let bits = largest as usize + 1;
        Words { words, high_bits, low_bits, bits, by_class: false, loaded: None }
    }

    /// The same without the rows that are missing up to a power of two.
    pub(crate) fn exact(rows: impl IntoIterator<Item = Vec<u32>>) -> Self {
        let rows: Vec<Vec<u32>> = rows.into_iter().collect();
        let count = rows.iter().map(Vec::len).sum();
        let mut words = Words::new(rows);
        words.words.truncate(count);
        words
    }

    /// The same with a word of a row for each class of `low`.
    pub(crate) fn by_class(rows: impl IntoIterator<Item = Vec<u32>>) -> Self {
        Words { by_class: true, ..Words::new(rows) }
    }

    /// Checks that they fit ports of so many bits: `high`, `low`, `data`.
    ///
    /// # Panics
    /// When they do not.
    pub(crate) fn assert_fit(&self, [high, low, data]: [usize; 3]) {
        let Words { high_bits, low_bits, bits, by_class, .. } = *self;
        let low = if by_class { rank_class::CLASS_BITS as usize } else { low };
        assert!(low_bits <= low, "rows of {low_bits} address bits");
        assert!(high_bits <= high, "{high_bits} bits of rows: over {high}");
        assert!(bits <= data, "a word over {data} bits");
    }

    /// The address of a word.
    fn address(&self, high: usize, low: usize) -> usize {
        let row = high & ((1 << self.high_bits) - 1);
        let place = if self.by_class { rank_class::class(low as u16) } else { low };
        row << self.low_bits | place & ((1 << self.low_bits) - 1)
    }

    /// What the memory says, with its clock at a rising edge or not; `None`: what it said before.
    pub(crate) fn clock(
        &mut self,
        rises: bool,
        read: Option<(usize, usize)>,
        load_at: usize,
        load_word: u32,
    ) -> Option<u32> {
        let address = read.map(|(high, low)| self.address(high, low));
        let Some(banks) = &mut self.loaded else {
            let read = address.filter(|_| rises)?;
            return Some(self.words.get(read).copied().unwrap_or(0));
        };
        let at = LoadAt::of(load_at);
        if rises {
            if let Some(read) = address {
                banks.read[at.bank] = banks.words[at.bank].get(read).copied().unwrap_or(0);
            }
            if at.write && at.table == banks.number {
                let word = load_word & (u32::MAX >> (LOAD_WORD - self.bits));
                if let Some(place) = banks.words[1 - at.bank].get_mut(at.address) {
                    *place = word;
                }
            }
        }
        Some(banks.read[at.bank])
    }

    /// How a table of these words is laid out, with words of so many bits whatever they are.
    pub(crate) fn layout_of(&self, bits: usize) -> TableLayout {
        TableLayout { row: 1 << self.low_bits, words: self.words.len(), bits }
    }

    /// Whether this is RAM.
    pub(crate) fn is_loaded(&self) -> bool {
        self.loaded.is_some()
    }

    /// Address bits of a row.
    pub(crate) fn low_bits(&self) -> usize {
        self.low_bits
    }

    /// The words themselves.
    pub(crate) fn fixed(&self) -> Vec<u32> {
        self.words.clone()
    }

    /// Makes RAM of it: the table of this number, its words of so many bits.
    pub(crate) fn load(&mut self, number: u8, bits: usize) {
        // Unwritten words are ones, which few words of a table are.
        let unwritten = vec![u32::MAX >> (LOAD_WORD - bits); self.words.len()];
        self.bits = bits;
        let words = [unwritten.clone(), unwritten];
        self.loaded = Some(Banks { number, words, read: [0; 2] });
    }

    /// The memory and its register in Verilog, behind ports of so many bits: `high`, `low`, `data`.
    pub(crate) fn verilog(&self, [high, low, data]: [usize; 3]) -> String {
        let (port, ports, class) = match self.by_class {
            true => {
                let class_bits = rank_class::CLASS_BITS as usize;
                ("place", (class_bits, self.low_bits), class_of_low(low))
            }
            false => ("low", (low, self.low_bits), String::new()),
        };
        let place = low_bits(port, ports.0, ports.1);
        let address = match self.high_bits {
            0 => place,
            bits => format!("{{{}, {place}}}", low_bits("high", high, bits)),
        };
        let unread = unused(&[("high", high, self.high_bits), (port, ports.0, ports.1)]);
        if let Some(banks) = &self.loaded {
            return class + &self.bank_verilog(banks.number, &address, data) + &unread;
        }
        let initial: Vec<String> = self
            .words
            .iter()
            .enumerate()
            .map(|(address, word)| format!("   mem[{address}] = {}'h{word:x};", self.bits))
            .collect();
        format!(
            "\
reg [{top}:0] mem [0:{last}];

initial begin
{initial}
end
{class}
always @(posedge clock) begin
   if (enable) begin
      data <= {word};
   end
end{unread}",
            top = self.bits - 1,
            last = self.words.len() - 1,
            initial = initial.join("\n"),
            word = filled_up(&format!("mem[{address}]"), data, self.bits),
        )
    }

    /// The two banks, read at an address.
    fn bank_verilog(&self, number: u8, address: &str, data: usize) -> String {
        let top = self.bits - 1;
        let address_bits = self.words.len().next_power_of_two().ilog2() as usize;
        let bank = |bank: usize| {
            let not = if bank == 0 { "~" } else { "" };
            format!(
                "\
(* no_rw_check, {ONE_PORT} *)
reg [{top}:0] mem_{bank} [0:{last}];
reg [{top}:0] word_{bank};

always @(posedge clock) begin
   if ({comes}) begin
      mem_{bank}[{to}] <= {written};
   end
end

always @(posedge clock) begin
   if (enable & {not}{bank_1}) begin
      word_{bank} <= mem_{bank}[{address}];
   end
end

",
                last = self.words.len() - 1,
                comes = LoadAt::comes(number, bank),
                to = low_bits("load_at", LOAD_AT, address_bits),
                written = low_bits("load_word", LOAD_WORD, self.bits),
                bank_1 = LoadAt::bank_1(),
            )
        };
        let word = |bank: usize| filled_up(&format!("word_{bank}"), data, self.bits);
        let mut spare = String::new();
        for (port, from, to) in
            [("load_at", address_bits, ADDRESS), ("load_word", self.bits, LOAD_WORD)]
        {
            if from < to {
                let _ = write!(spare, ", {port}[{}:{from}]", to - 1);
            }
        }
        if !spare.is_empty() {
            spare = format!(
                "\n\n// The table is smaller than the loader's words and addresses.\n\
                 wire unused_load = &{{1'b0{spare}}};"
            );
        }
        format!(
            "{}{}always @(*) begin\n   data = {} ? {} : {};\nend{spare}",
            bank(0),
            bank(1),
            LoadAt::bank_1(),
            word(1),
            word(0),
        )
    }
}

/// Bits of an iCE40's block RAM.
const BLOCK: usize = 4096;

impl Words {
    /// The same as [`verilog`](Self::verilog), of a table by row and column that takes several block RAMs
    /// of an iCE40. Words are cut into slices of four bits, the last one of what is left. Each slice has a
    /// bank for each block RAM that it fills, and only one bank is enabled. A table that fills one block RAM
    /// alone, or has more words than a block RAM has bits, stays whole.
    pub(crate) fn banked_verilog(&self, ports: [usize; 3]) -> String {
        if self.loaded.is_some()
            || self.by_class
            || self.words.len() > BLOCK
            || self.words.len() * self.bits <= BLOCK
        {
            return self.verilog(ports);
        }
        let [high, low, data] = ports;
        let row = low_bits("high", high, self.high_bits);
        let column = low_bits("low", low, self.low_bits);
        let address_bits = self.high_bits + self.low_bits;
        let mut text = format!("wire [{}:0] address = {{{row}, {column}}};\n", address_bits - 1);
        let mut slices = Vec::new();
        let mut memory = 0;
        for from in (0..self.bits).step_by(4) {
            let width = (self.bits - from).min(4);
            let bank_bits = (BLOCK / width.next_power_of_two().max(2)).ilog2() as usize;
            let banks: Vec<&[u32]> = self.words.chunks(1 << bank_bits).collect();
            let choice = address_bits.saturating_sub(bank_bits);
            let mut cases = String::new();
            for (bank, words) in banks.iter().enumerate() {
                let chosen = match choice {
                    0 => String::new(),
                    _ => format!(
                        " & (address[{}:{bank_bits}] == {choice}'d{bank})",
                        address_bits - 1
                    ),
                };
                let initial = words.iter().enumerate().map(|(at, word)| {
                    let slice = word >> from & ((1 << width) - 1);
                    format!("   mem_{memory}[{at}] = {width}'h{slice:x};\n")
                });
                let _ = write!(
                    text,
                    "\
reg [{top}:0] mem_{memory} [0:{last}];
reg [{top}:0] word_{memory};

initial begin
{initial}end

always @(posedge clock) begin
   if (enable{chosen}) begin
      word_{memory} <= mem_{memory}[address[{address_top}:0]];
   end
end

",
                    top = width - 1,
                    last = words.len() - 1,
                    initial = initial.collect::<String>(),
                    address_top = address_bits.min(bank_bits) - 1,
                );
                let _ = writeln!(cases, "      {choice}'d{bank}: slice_{from} = word_{memory};");
                memory += 1;
            }
            if choice == 0 {
                slices.push(format!("word_{}", memory - 1));
                continue;
            }
            slices.push(format!("slice_{from}"));
            let _ = write!(
                text,
                "\
reg [{last}:0] chosen_{from};
reg [{top}:0] slice_{from};

always @(posedge clock) begin
   if (enable) begin
      chosen_{from} <= address[{address_top}:{bank_bits}];
   end
end

always @(*) begin
   case (chosen_{from})
{cases}   endcase
end

",
                last = choice - 1,
                top = width - 1,
                address_top = address_bits - 1,
            );
        }
        slices.reverse();
        let word = filled_up(&format!("{{{}}}", slices.join(", ")), data, self.bits);
        let unused = unused(&[("high", high, self.high_bits), ("low", low, self.low_bits)]);
        format!("{text}always @(*) begin\n   data = {word};\nend{unused}")
    }
}

/// The class of `low` in Verilog, as `place`: the octave, and the four bits behind the leading one.
fn class_of_low(bits: usize) -> String {
    let octaves = (4..bits).map(|leading| {
        let (octave, top, bottom) = (leading - 3, leading - 1, leading - 4);
        format!("   if (low[{leading}]) begin\n      place = {{4'd{octave}, low[{top}:{bottom}]}};\n   end\n")
    });
    format!(
        "\nreg [7:0] place;\nalways @(*) begin\n   place = {{4'd0, low[3:0]}};\n{}end\n",
        octaves.collect::<String>()
    )
}
